"""The court's staff have a recording heard anew, by another model or in other languages, or stop that.

The text that stands is left alone until the new one is whole; what a person corrected is not overwritten even then
(see ``services.merge_transcript``).
"""

from collections.abc import Mapping

from django.db import transaction

from court.accounts.models import User
from court.cases.services import record
from court.rooms.models import Track
from court.work.models import Job
from court.work.services import cancel

from .models import Fault, HeardPassage, Rehearing, SpokenLanguage, Transcript, TranscriptState
from .queries import all_heard, sound_tracks
from .services import IN_THE_MAKING, outcome, queue_what_is_left


def transcribe_again(
    transcript: Transcript,
    *,
    by: User,
    engine: str = "",
    model: str = "",
    languages: Mapping[int, str] | None = None,
) -> bool:
    """Have every track heard anew. False if the transcript is being made already. The old text stands until then.

    ``engine`` and ``model`` are names that were offered; empty: as the court is set up. ``languages`` gives the code
    of the language spoken on a track (by its number), empty: to be found by listening; None leaves them as they are.
    """
    with transaction.atomic():
        changed = (
            Transcript.objects.filter(pk=transcript.pk)
            .exclude(state__in=IN_THE_MAKING)
            .update(state=TranscriptState.WAITING, fault="")
        )
        if not changed:
            return False
        transcript.refresh_from_db()
        if languages is not None:
            _set_languages(transcript, languages, by=by)
        Rehearing.objects.create(transcript=transcript, engine=engine, model=model, asked_by=by)
        record(
            transcript.case,
            "transcript_again",
            by=by,
            transcript=transcript.pk,
            hearing=transcript.hearing_id,
            engine=engine,
            model=model.rsplit("/", 1)[-1],
        )
        queue_what_is_left(transcript)
    return True


def _set_languages(transcript: Transcript, languages: Mapping[int, str], *, by: User) -> None:
    for track in sound_tracks(transcript):
        code = languages.get(track.pk)
        if code:
            SpokenLanguage.objects.update_or_create(track=track, defaults={"language": code, "set_by": by})
        elif code is not None:
            SpokenLanguage.objects.filter(track=track).delete()


def stop_transcription(transcript: Transcript, *, by: User) -> bool:
    """Stop the workers that listen to a recording. False if none does. The text that stood before stands."""
    with transaction.atomic():
        # The row is the lock under which a worker that has just finished saves what it heard, or finds itself stopped.
        held = Transcript.objects.select_for_update().get(pk=transcript.pk)
        if held.state not in IN_THE_MAKING:
            return False
        tracks = list(sound_tracks(held))
        for job in Job.objects.filter(key__in=[*(_job_of(track) for track in tracks), f"merge_transcript:{held.pk}"]):
            cancel(job)
        Rehearing.objects.filter(transcript=held).delete()
        HeardPassage.objects.filter(track__in=tracks).delete()
        state, fault = outcome(held) if all_heard(held) else (TranscriptState.FAILED, Fault.STOPPED)
        Transcript.objects.filter(pk=held.pk).update(state=state, fault=fault)
        record(held.case, "transcript_stopped", by=by, transcript=held.pk, hearing=held.hearing_id)
    transcript.refresh_from_db()
    return True


def _job_of(track: Track) -> str:
    return f"transcribe_track:{track.pk}"
