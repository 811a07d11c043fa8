"""Work of this room."""

from court.rooms.models import Room
from court.work.services import sweep

from .caucus import close_with_room
from .models import Caucus, Session, SessionState
from .offers import expire_offers
from .services import close_session, open_session


@sweep
def catch_up_with_rooms() -> None:
    """Note openings and closings whose signal was lost because the server died at that moment."""
    for session in Session.objects.filter(state=SessionState.LISTED).exclude(room__started_at=None):
        open_session(Room.objects.get(pk=session.room_id), session.mediator)
    for session in Session.objects.filter(state=SessionState.LIVE).exclude(room__ended_at=None):
        close_session(Room.objects.get(pk=session.room_id), session.mediator)
    for caucus in Caucus.objects.filter(closed_at=None).exclude(room__ended_at=None).select_related("room"):
        close_with_room(caucus.room)


@sweep
def close_offers_run_out() -> None:
    """Close the offers whose time has run out."""
    expire_offers()
