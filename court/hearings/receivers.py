"""What hearings do when a room opens or closes, or when a party joins a case."""

from typing import Any

from django.dispatch import receiver

from court.cases.models import Party
from court.cases.signals import party_seated
from court.rooms.models import Room, Seat
from court.rooms.signals import session_ended, session_started

from .models import Hearing
from .presenting import clear_table
from .services import close_hearing, open_hearing, seat_late_party


@receiver(session_started)
def room_opened(sender: object, *, room: Room, seat: Seat | None, **kwargs: Any) -> None:
    """The judge opened the session."""
    if seat is not None:
        open_hearing(room, seat.user)


@receiver(session_ended)
def room_closed(sender: object, *, room: Room, seat: Seat | None, **kwargs: Any) -> None:
    """The judge closed the session."""
    close_hearing(room, seat.user if seat else None)
    for hearing in Hearing.objects.filter(room=room):
        clear_table(hearing)


@receiver(party_seated)
def party_joined(sender: object, *, party: Party, **kwargs: Any) -> None:
    """A party may attend the case's hearings from now on."""
    seat_late_party(party)
