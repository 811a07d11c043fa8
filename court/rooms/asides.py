"""Private side rooms: calling people aside out of a room, and bringing them back.

A side room is never recorded. While somebody is in it they are away from the main room, where the server relays and
stores nothing of them.
"""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from . import signals
from .events import drop, tell
from .models import Absence, Room, Seat
from .refusals import Refused


@transaction.atomic
def call_aside(room: Room, side_room: Room, seats: Iterable[Seat]) -> None:
    """Move people from the room into a side room: they get a seat there and their open pages go to it.

    ``seats`` are their seats in ``room``. Raises Refused: not_here (a seat of another room), ended.
    """
    if side_room.inside_id != room.pk:
        raise Refused("not_here")
    if room.ended_at is not None or side_room.ended_at is not None:
        raise Refused("ended")
    called = list(seats)
    if any(seat.room_id != room.pk for seat in called):
        raise Refused("not_here")
    now = timezone.now()
    for seat in called:
        Seat.objects.update_or_create(
            room=side_room,
            user_id=seat.user_id,
            defaults={"name": seat.name, "role": seat.role, "host": seat.host, "removed_at": None},
        )
    Room.objects.filter(pk=side_room.pk, started_at=None).update(started_at=now)
    tell(
        room,
        "called_aside",
        seats=[seat.pk for seat in called],
        url=reverse("room", args=[side_room.pk]),
    )


@transaction.atomic
def bring_back(side_room: Room) -> None:
    """Close a side room for good and send the pages open in it back to the main room. Twice is the same as once."""
    main = side_room.inside
    if main is None:
        raise Refused("not_here")
    now = timezone.now()
    if not Room.objects.filter(pk=side_room.pk, ended_at=None).update(ended_at=now):
        return
    side_room.refresh_from_db()
    tell(side_room, "called_back", url=reverse("room", args=[main.pk]))
    Absence.objects.filter(side_room=side_room, ended_at=None).update(ended_at=now)
    for seat in side_room.seats.exclude(connection=""):
        drop(seat.connection, "called_back")
    side_room.seats.update(connection="", tab="")
    host = side_room.seats.filter(host=True).first()
    transaction.on_commit(lambda: signals.session_ended.send(Room, room=side_room, seat=host))
