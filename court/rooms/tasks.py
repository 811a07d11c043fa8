"""Background work of the rooms: closing a recording and putting its tracks together."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from court.work.models import Job
from court.work.services import Lease, again, enqueue, sweep, work

from . import signals
from .assembly import assemble
from .events import tell
from .models import Recording, Room, Seat, Track
from .recording import close_recording, end_recording

log = logging.getLogger(__name__)

LEFT_OPEN = timedelta(hours=2)  # nobody seen in the room for so long: its host forgot to end the session
LATE_PIECE_WAIT = timedelta(seconds=20)  # late pieces come in bunches


@work("close_recording")
def close(lease: Lease, *, recording: int) -> None:
    """Take a recording as it is when its browsers were waited for long enough; missing pieces become noted gaps."""
    if close_recording(recording):
        log.info("Recording %s was closed without having told all its pieces.", recording)


@work("assemble_track")
def assemble_track(lease: Lease, *, track: int) -> None:
    """Put one person's takes together into one file on the recording's clock."""
    found = Track.objects.select_related("recording").get(pk=track)
    made = assemble(found, lease.renew)
    with transaction.atomic():
        Track.objects.filter(pk=track).update(
            file=made.name,
            seconds=made.seconds,
            gaps=made.gaps,
            clock_error_ms=made.clock_error_ms,
            assembled_at=timezone.now(),
        )
        found.refresh_from_db()
        transaction.on_commit(lambda: signals.track_assembled.send(Track, track=found))


def assemble_again(track: Track) -> None:
    """Put a track together once more, because a piece came after it was closed."""
    job = Job.objects.filter(key=f"assemble_track:{track.pk}").first()
    if job is None:
        enqueue("assemble_track", key=str(track.pk), delay=LATE_PIECE_WAIT, track=track.pk)
    elif again(job):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now() + LATE_PIECE_WAIT)


@sweep
def end_what_was_left_open() -> None:
    """End recordings that run in rooms where nobody has been for hours, so that they are not lost from sight."""
    before = timezone.now() - LEFT_OPEN
    for recording in Recording.objects.filter(ended_at=None, started_at__lt=before).select_related("room"):
        room: Room = recording.room
        if Seat.objects.filter(room=room, seen_at__gt=before).exists():
            continue
        with transaction.atomic():
            if Room.objects.filter(pk=room.pk, ended_at=None).update(ended_at=timezone.now()):
                room.refresh_from_db()
                tell(room, "ended", None, reason="left_open")
            end_recording(room, None)
            transaction.on_commit(lambda room=room: signals.session_ended.send(Room, room=room, seat=None))  # type: ignore[misc]
        log.warning("The session in room %s was left open and has been ended.", room.pk)
