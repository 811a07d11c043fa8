"""Work of this room."""

from court.rooms.models import Room
from court.work.services import sweep

from .models import Hearing, HearingState
from .services import close_hearing, open_hearing


@sweep
def catch_up_with_rooms() -> None:
    """Note openings and closings whose signal was lost because the server died at that moment."""
    for hearing in Hearing.objects.filter(state=HearingState.LISTED).exclude(room__started_at=None):
        open_hearing(Room.objects.get(pk=hearing.room_id), hearing.judge)
    for hearing in Hearing.objects.filter(state=HearingState.LIVE).exclude(room__ended_at=None):
        close_hearing(Room.objects.get(pk=hearing.room_id), hearing.judge)
