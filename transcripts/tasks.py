"""Background work of the record: hear a track, mix the sound to be played, merge the tracks to one text."""

import logging
from typing import Any

from django.core.files import File
from django.db import transaction

from court.rooms.models import Track
from court.work.services import Cancelled, GiveUp, Lease, sweep, work

from . import clips, engines, services, sounds
from .certification import tasks as certification_tasks  # noqa: F401 - as the next line
from .finding import tasks as finding_tasks  # noqa: F401 - as the next line
from .listening import hear
from .models import Clip, Fault, Transcript
from .moments import tasks as moments_tasks  # noqa: F401 - a worker knows this work by it
from .pages import tasks as pages_tasks  # noqa: F401 - as the next line
from .queries import heard_in_time, recordings_without_transcript, sound_tracks, unfinished_transcripts
from .redaction import tasks as redaction_tasks  # noqa: F401 - as the next line
from .written import tasks as written_tasks  # noqa: F401 - a worker knows this work by it

log = logging.getLogger(__name__)


def _hear_failed(*, track: int, **_details: Any) -> None:
    found = Track.objects.get(pk=track)
    if not heard_in_time(found.recording.transcript, found):
        services.save_fault(found, Fault.UNEXPECTED)


@work("transcribe_track", attempts=4, failed=_hear_failed)
def transcribe_track(lease: Lease, *, track: int) -> None:
    """Hear one person's sound. Faults of file or installation are noted at the track and not tried again."""
    found = Track.objects.select_related("recording__transcript__case", "recording__transcript__hearing__judge").get(
        pk=track
    )
    transcript = found.recording.transcript
    services.mark_running(transcript)
    if not found.file:
        services.save_silence(found, lost=lease.lost)
        return
    try:
        heard = hear(found, transcript, progress=lease.renew, cancelled=lease.lost)
        spans = [(word.start, word.end) for segment in heard.speech.segments for word in segment.words]
        levels = sounds.levels(found.file.path, spans)
    except engines.Cancelled as stopped:
        raise Cancelled from stopped
    except engines.NoSound:
        services.save_silence(found, lost=lease.lost)
        return
    except (engines.ModelMissing, engines.UnknownLanguage) as fault:
        services.save_fault(found, Fault.NO_MODEL, lost=lease.lost)
        raise GiveUp(str(fault)) from fault
    except engines.BrokenFile as fault:
        gone = not found.file.storage.exists(str(found.file.name))
        services.save_fault(found, Fault.NO_FILE if gone else Fault.BROKEN, lost=lease.lost)
        raise GiveUp(f"The sound of track {track} cannot be read.") from fault
    services.save_text(found, heard, levels, lost=lease.lost)


@work("merge_transcript", attempts=5)
def merge_transcript(lease: Lease, *, transcript: int) -> None:
    """Make one text of what was heard on each track."""
    services.merge_transcript(Transcript.objects.select_related("recording", "case").get(pk=transcript))


@work("mix_sound")
def mix_sound(lease: Lease, *, transcript: int) -> None:
    """Make the one file that the transcript's page plays. Tracks that cannot be read are left out."""
    found = Transcript.objects.get(pk=transcript)
    tracks = list(sound_tracks(found))
    latest = max((track.assembled_at.timestamp() for track in tracks if track.assembled_at), default=0.0)
    name = f"transcripts/sound/{found.pk}-{latest * 1000:.0f}.m4a"
    if found.sound.name == name:
        return
    paths = []
    for track in tracks:
        try:
            if track.file and sounds.length(track.file.path):
                paths.append(track.file.path)
        except engines.SpeechError:
            log.warning("Track %s is left out of the sound of transcript %s.", track.pk, transcript)
        lease.renew()
    before = found.sound.name
    if not paths:
        return
    with sounds.mixed(paths, goes_on=lease.renew) as made:
        seconds = sounds.playing_time(made)
        found.sound.storage.delete(name)  # what a worker left that died before it could say so
        with made.open("rb") as file:
            name = found.sound.storage.save(name, File(file))
    with transaction.atomic():
        Transcript.objects.filter(pk=found.pk).update(sound=name, sound_seconds=seconds)
        if before and before != name:
            transaction.on_commit(lambda: found.sound.storage.delete(before))


@work("cut_clip", failed=clips.give_up)
def cut_clip(lease: Lease, *, clip: str) -> None:
    """Cut the sound and picture of some words."""
    found = Clip.objects.select_related("transcript__case", "transcript__recording", "asked_by", "picture")
    one = found.filter(pk=clip).first()  # None: deleted before it was cut
    if one is not None:
        clips.cut(one, goes_on=lease.renew)


@sweep
def delete_old_clips() -> None:
    """Clips are kept for a while only."""
    clips.delete_old()


@sweep
def open_what_is_missing() -> None:
    """Begin transcripts that no signal began, and go on with those that a lost message left behind."""
    for recording in recordings_without_transcript().select_related("room__hearing__case"):
        services.open_transcript(recording)
    for transcript in unfinished_transcripts():
        services.queue_what_is_left(transcript)
