"""Background work: taking stills of the pictures of a recording."""

from django.db.models import Exists, OuterRef

from court.rooms.models import Track, TrackKind
from court.work.services import GiveUp, Lease, sweep, work
from transcripts.models import Frame

from . import frames

AT_ONCE = 100  # tracks looked after at a time


@work("take_frames", attempts=2)
def take_frames(lease: Lease, *, track: int) -> None:
    """Take the stills of one person's picture."""
    found = Track.objects.get(pk=track)
    try:
        frames.take_frames(found, lease.renew)
    except frames.Unseen as fault:
        raise GiveUp(f"The picture of track {track} cannot be read ({fault}).") from fault


@sweep
def take_what_is_missing() -> None:
    """Queue stills of pictures that have none; what was tried before is not tried again."""
    waiting = Track.objects.filter(
        kind=TrackKind.PICTURE, assembled_at__isnull=False, recording__transcript__isnull=False
    ).exclude(file="")
    for track in waiting.exclude(Exists(Frame.objects.filter(track=OuterRef("pk")))).order_by("-pk")[:AT_ONCE]:
        frames.queue_frames(track)
