"""What the record does when a room has news. Lost news is found by the worker's sweep (``tasks``)."""

from typing import Any

from django.dispatch import receiver

from court.rooms.models import Recording, Track
from court.rooms.signals import recording_ready, track_assembled

from . import services
from .models import Transcript
from .moments.frames import queue_frames


@receiver(recording_ready)
def begin(sender: object, *, recording: Recording, **_more: Any) -> None:
    """A hearing's recording is complete: begin its transcript."""
    services.open_transcript(recording)


@receiver(track_assembled)
def hear(sender: object, *, track: Track, **_more: Any) -> None:
    """A track is whole, or whole anew: have it heard."""
    transcript = Transcript.objects.filter(recording=track.recording_id).first()
    if transcript is None:
        services.open_transcript(track.recording)
    else:
        services.queue_what_is_left(transcript)
        queue_frames(track)
