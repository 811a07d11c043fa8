"""The private caucus: the mediator alone with one side, never recorded, heard and read by nobody else."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from court.cases.models import Party
from court.rooms.models import Recorded, Room
from court.rooms.presence import in_room
from court.rooms.services import bring_back, call_aside, make_room

from .models import Caucus, Session, SessionState


class NotPossible(Exception):
    """A caucus cannot be opened. ``reason``: "not_live", "nobody_here" or "one_at_a_time"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def open_caucus(session: Session, side: Party) -> Caucus:
    """Take one side aside: the mediator and that side's people in the room go to a side room of their own.

    Raises NotPossible. Of two asked for at once, the database lets one be.
    """
    try:
        with transaction.atomic():
            room = Room.objects.get(pk=session.room_id)
            if not Session.objects.filter(pk=session.pk, state=SessionState.LIVE).exists() or room.ended_at:
                raise NotPossible("not_live")
            people = list(
                session.case.parties.filter(role=side.role).exclude(user=None).values_list("user_id", flat=True)
            )
            present = list(in_room(room).filter(user__in=people))
            if not present:
                raise NotPossible("nobody_here")
            aside = make_room(name=room.name, recorded=Recorded.NEVER, opens_at=timezone.now(), inside=room)
            caucus = Caucus.objects.create(session=session, side=side, room=aside)
            call_aside(room, aside, [room.seats.get(user=session.mediator_id), *present])
    except IntegrityError as fault:
        raise NotPossible("one_at_a_time") from fault
    return caucus


def close_caucus(caucus: Caucus) -> None:
    """Bring everybody back to the main room. Twice is the same as once."""
    with transaction.atomic():
        if Caucus.objects.filter(pk=caucus.pk, closed_at=None).update(closed_at=timezone.now()):
            bring_back(caucus.room)


def close_with_room(room: Room) -> None:
    """A side room was closed from within: so is its caucus, if it was one."""
    Caucus.objects.filter(room=room, closed_at=None).update(closed_at=timezone.now())
