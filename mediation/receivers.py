"""What mediation does when a room opens or closes, or when a party joins a case."""

from typing import Any

from django.dispatch import receiver

from court.cases.models import Party
from court.cases.signals import party_seated
from court.rooms.models import Room, Seat
from court.rooms.signals import session_ended, session_started

from .caucus import close_with_room
from .services import close_session, invite_late_party, open_session


@receiver(session_started)
def room_opened(sender: object, *, room: Room, seat: Seat | None, **kwargs: Any) -> None:
    """The mediator opened the session."""
    if seat is not None:
        open_session(room, seat.user)


@receiver(session_ended)
def room_closed(sender: object, *, room: Room, seat: Seat | None, **kwargs: Any) -> None:
    """The mediator closed the session, or the caucus."""
    close_with_room(room)
    close_session(room, seat.user if seat else None)


@receiver(party_seated)
def party_joined(sender: object, *, party: Party, **kwargs: Any) -> None:
    """A party may be asked to mediate from now on."""
    invite_late_party(party)
