"""From a recording to its text: opened, each track heard, merged. Every step bears being done again.

Nothing slow is done inside a transaction. A worker that dies at any line leaves a state from which the next one goes
on: a track's text is saved whole or not at all, and merging replaces all utterances at once.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from court.cases.services import record
from court.rooms.models import Recording, Track
from court.work.models import Job
from court.work.services import Cancelled, again, enqueue

from . import versions
from .listening import Heard
from .merging import Said, Stretch, Voice, merged
from .models import (
    STEP,
    Fault,
    HeardAnew,
    HeardPassage,
    Rehearing,
    Timing,
    TrackText,
    Transcript,
    TranscriptState,
    Utterance,
    Version,
    VersionKind,
)
from .queries import all_heard, heard_in_time, never_to_come, rehearing_of, sound_tracks
from .redaction import following
from .text import row_of

IN_THE_MAKING = (TranscriptState.WAITING, TranscriptState.RUNNING)


def open_transcript(recording: Recording) -> Transcript | None:
    """Begin the transcript of a hearing's complete recording; None for a recording that is not a hearing's."""
    hearing = getattr(recording.room, "hearing", None)
    if hearing is None or recording.ready_at is None:
        return None
    with transaction.atomic():
        transcript, _new = Transcript.objects.get_or_create(
            recording=recording, defaults={"hearing": hearing, "case": hearing.case}
        )
        queue_what_is_left(transcript)
    return transcript


def queue_what_is_left(transcript: Transcript) -> None:
    """Queue hearing the tracks that are whole and not heard yet; when all are heard, mixing and merging."""
    with transaction.atomic():
        waiting = changed = False
        for track in sound_tracks(transcript).select_related("recording"):
            if heard_in_time(transcript, track):
                continue
            if track.assembled_at is not None:
                changed = True
                _queue("transcribe_track", str(track.pk), track=track.pk)
            elif never_to_come(track):
                _save_text(transcript, track, fault=Fault.NO_FILE)
            waiting = waiting or not heard_in_time(transcript, track)
        if changed and transcript.state not in IN_THE_MAKING:
            _begin_again(transcript)
        if not waiting:
            _go_on(transcript)


def _queue(name: str, key: str, *, delay: timedelta = timedelta(0), **details: Any) -> None:
    """Queue work, once more if it was done before."""
    job: Job = enqueue(name, key=key, delay=delay, **details)
    again(job)


def _queue_merging(transcript: Transcript) -> None:
    _queue("mix_sound", str(transcript.pk), transcript=transcript.pk)
    _queue("merge_transcript", str(transcript.pk), transcript=transcript.pk)


def _begin_again(transcript: Transcript) -> None:
    Transcript.objects.filter(pk=transcript.pk).update(state=TranscriptState.WAITING, fault="", ready_at=None)
    transcript.refresh_from_db()


def mark_running(transcript: Transcript) -> None:
    """Note that a worker has begun to listen."""
    Transcript.objects.filter(pk=transcript.pk, state=TranscriptState.WAITING).update(state=TranscriptState.RUNNING)


def save_text(track: Track, heard: Heard, levels: list[float], *, lost: Callable[[], bool]) -> None:
    """Keep what was heard on a track, with the loudness of each word, and go on when it was the last.

    Raises Cancelled if by then the work is somebody else's (``lost``).
    """
    loudness = iter(levels)
    speech = heard.speech
    segments = [
        {
            "text": segment.text,
            "words": [
                [word.text, round(word.start, 3), round(word.end, 3), round(word.probability, 3), next(loudness)]
                for word in segment.words
            ],
        }
        | ({"language": segment.language} if segment.language not in ("", speech.language) else {})
        for segment in speech.segments
    ]
    _settle(
        track,
        lost,
        engine=speech.engine,
        model=speech.model,
        language="" if speech.language == "und" else speech.language,
        seconds=speech.duration,
        segments=segments,
        notes=heard.notes,
    )


def save_silence(track: Track, *, lost: Callable[[], bool]) -> None:
    """Note that a track holds no sound at all: its person's microphone was never on."""
    _settle(track, lost)


def save_fault(track: Track, fault: Fault, *, lost: Callable[[], bool] | None = None) -> None:
    """Note that a track could not be turned into text. The other tracks are not held up by it."""
    _settle(track, lost, fault=fault)


def _settle(track: Track, lost: Callable[[], bool] | None, **found: Any) -> None:
    with transaction.atomic():
        # The row is the lock under which two workers cannot both believe that the other has still to finish, and
        # under which the staff stop them.
        transcript = Transcript.objects.select_for_update().get(recording=track.recording_id)
        if lost is not None and lost():
            raise Cancelled
        _save_text(transcript, track, **found)
        HeardPassage.objects.filter(track=track).delete()
        if all_heard(transcript):
            _go_on(transcript)


def _save_text(transcript: Transcript, track: Track, **found: Any) -> None:
    """Keep what was found on a track: beside the old text while it is heard anew, else as its text."""
    blank = {"engine": "", "model": "", "language": "", "seconds": track.seconds or 0.0, "segments": [], "fault": ""}
    found = {**blank, "notes": {}, **found}
    chosen = rehearing_of(transcript)
    if chosen is None:
        TrackText.objects.update_or_create(
            track=track, defaults={**found, "transcript": transcript, "made_at": timezone.now()}
        )
    else:
        kept = {"rehearing": chosen, "found": found, "fault": found["fault"], "made_at": timezone.now()}
        HeardAnew.objects.update_or_create(track=track, defaults=kept)


def _go_on(transcript: Transcript) -> None:
    """All tracks are heard: what was heard anew takes the old text's place, and the tracks are merged."""
    for anew in HeardAnew.objects.filter(rehearing__transcript=transcript):
        TrackText.objects.update_or_create(
            track_id=anew.track_id, defaults={**anew.found, "transcript": transcript, "made_at": anew.made_at}
        )
    Rehearing.objects.filter(transcript=transcript).delete()
    _queue_merging(transcript)


def outcome(transcript: Transcript) -> tuple[str, str]:
    """The state and fault of a transcript whose tracks are all heard: failed only if every one is faulty."""
    faults = list(TrackText.objects.filter(transcript=transcript).values_list("fault", flat=True))
    if faults and all(faults):
        return TranscriptState.FAILED, faults[0]
    return TranscriptState.READY, ""


def merge_transcript(transcript: Transcript) -> None:
    """Write the utterances and their index anew from what was heard on every track, in one transaction."""
    if not all_heard(transcript):
        return
    texts = list(TrackText.objects.filter(transcript=transcript).select_related("track").order_by("track"))
    stretches = merged([_voice(text) for text in texts])
    tracks = {text.track_id: text.track for text in texts}
    utterances = [
        _utterance(transcript, position * STEP, stretch, tracks[stretch.track])
        for position, stretch in enumerate(stretches)
    ]
    _number(transcript, utterances)
    made = versions.rows_for_index(transcript, utterances)
    rows = [row_of(one) for one in utterances]
    following.carry_ahead(transcript, rows)
    version = versions.keep(transcript, VersionKind.MACHINE, by=None, rows=rows)
    state, fault = outcome(transcript)
    failed = state == TranscriptState.FAILED
    with transaction.atomic():
        now = Transcript.objects.select_for_update().get(pk=transcript.pk)
        if {(t.track_id, t.made_at) for t in texts} != set(
            TrackText.objects.filter(transcript=transcript).values_list("track_id", "made_at")
        ):
            return  # a track was heard anew meanwhile; that has queued another merging
        if not now.edits:  # a person's work on the text is never overwritten: they may take the version themselves
            versions.replace_text(transcript, utterances, made)
        else:  # their first edit may have come while it was kept: it never was the text
            Version.objects.filter(pk=version.pk, through_edit=0).update(through_edit=now.edits)
        Transcript.objects.filter(pk=transcript.pk).update(
            state=state,
            fault=fault,
            ready_at=None if failed else timezone.now(),
        )
        if not failed and now.state in IN_THE_MAKING:
            record(
                transcript.case,
                "transcript_ready",
                by=None,
                transcript=transcript.pk,
                hearing=transcript.hearing_id,
                version=version.number,
                sha256=version.sha256,
            )
    transcript.refresh_from_db()


def _number(transcript: Transcript, utterances: list[Utterance]) -> None:
    """Give every word a number nobody had before."""
    words = [word for utterance in utterances for word in utterance.words]
    for number, word in enumerate(words, start=take_numbers(transcript, len(words))):
        word[4] = number


def take_numbers(transcript: Transcript, how_many: int) -> int:
    """Reserve numbers for so many words; the first of them."""
    with transaction.atomic():
        first = Transcript.objects.select_for_update().values_list("next_word", flat=True).get(pk=transcript.pk)
        Transcript.objects.filter(pk=transcript.pk).update(next_word=first + how_many)
    return first


def _voice(text: TrackText) -> Voice:
    voice = Voice(text.track_id, text.language)
    for number, segment in enumerate(text.segments):
        at = 0
        language = segment.get("language", text.language)
        for word, start, end, probability, level in segment["words"]:
            found = segment["text"].find(word, at)
            spaced = found != at
            at = found + len(word) if found >= 0 else at
            voice.words.append(Said(word, start, end, probability, level, number, spaced, language=language))
    return voice


def _utterance(transcript: Transcript, position: int, stretch: Stretch, track: Track) -> Utterance:
    return Utterance(
        transcript=transcript,
        case_id=transcript.case_id,
        hearing_id=transcript.hearing_id,
        track=track,
        position=position,
        speaker=track.name,
        role=track.role,
        language=stretch.language,
        start=stretch.start,
        end=stretch.end,
        spoken_at=transcript.recording.started_at + timedelta(seconds=stretch.start),
        text=stretch.text,
        words=[[word.text, word.start, word.end, word.probability, 0, Timing.HEARD.value] for word in stretch.words],
    )
