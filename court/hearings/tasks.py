"""Work of this room."""

from court.evidence.drawing import draw_page
from court.evidence.models import Exhibit
from court.rooms.models import Room
from court.work.services import Lease, sweep, work

from .models import Hearing, HearingState
from .presenting import clear_table, page_drawn
from .services import close_hearing, open_hearing


@work("draw_presented", attempts=2)
def draw_presented(lease: Lease, *, exhibit: int, page: int) -> None:
    """Draw the page of a document that is shown in a hearing."""
    found = Exhibit.objects.get(pk=exhibit)
    if draw_page(found, page):
        page_drawn(found)


@sweep
def catch_up_with_rooms() -> None:
    """Note openings and closings whose signal was lost because the server died at that moment."""
    for hearing in Hearing.objects.filter(state=HearingState.LISTED).exclude(room__started_at=None):
        open_hearing(Room.objects.get(pk=hearing.room_id), hearing.judge)
    for hearing in Hearing.objects.filter(state=HearingState.LIVE).exclude(room__ended_at=None):
        close_hearing(Room.objects.get(pk=hearing.room_id), hearing.judge)
        clear_table(hearing)
