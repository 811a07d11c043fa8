"""Coming into a room and leaving it: one live connection for each seat, the newest one.

A server that was killed leaves connections behind; they are cleared when they have shown no life for a while.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from .events import drop, tell
from .models import Absence, Recorded, Room, Seat
from .recording import reconsider_recording
from .refusals import Refused

LOST_AFTER = timedelta(seconds=20)  # without a sign of life
WITH_PICTURE = 4  # a mesh of more pictures overloads an ordinary laptop
WITH_SOUND = 6

SAME_PAGE = "same_page"
"""Why a connection has no place any more, if that is nothing to the person: their page only has to come in anew."""


def in_room(room: Room) -> QuerySet[Seat]:
    """The seats whose people are in the room now."""
    return Seat.objects.filter(room=room, removed_at=None, seen_at__gt=timezone.now() - LOST_AFTER).exclude(
        connection=""
    )


def may_enter(seat: Seat) -> None:
    """Tell whether the person may come in now. Raises Refused: ended, not_open, not_agreed."""
    room = seat.room
    if room.ended_at is not None:
        raise Refused("ended")
    if timezone.now() < room.open_from:
        raise Refused("not_open")
    if room.recorded == Recorded.ALWAYS and seat.agreed_at is None:
        raise Refused("not_agreed")
    if room.recorded == Recorded.IF_ALL_AGREE and seat.agreed_at is None and seat.refused_at is None:
        raise Refused("not_agreed")


@transaction.atomic
def connect_seat(seat: Seat, channel_name: str, *, tab: str = "", sound: bool = True) -> Seat:
    """Let a person into the room through this connection; an older one, here or in a side room, loses its place.

    ``tab`` names the page, so that a page which lost its socket and comes back is not taken for a second one.
    ``sound``: whether it has a microphone. Raises Refused: ended, not_open, not_agreed, full.
    """
    room = Room.objects.select_for_update().get(pk=seat.room_id)
    seat = Seat.objects.select_related("room", "user").get(pk=seat.pk)
    if seat.removed_at is not None:
        raise Refused("unseated")
    may_enter(seat)
    clear_lost(room)
    others = in_room(room).exclude(pk=seat.pk)
    if others.count() >= WITH_SOUND:
        raise Refused("full")
    same_page = bool(tab) and seat.tab == tab
    if seat.connection and seat.connection != channel_name:
        # On a bad line or a busy machine, sockets that a page has given up already may come in after its newest.
        drop(seat.connection, SAME_PAGE if same_page else "taken_over")
    _leave_elsewhere(seat, room)
    now = timezone.now()
    pictures = others.filter(sound_only=False).count()
    changes = {
        "connection": channel_name,
        "connected_at": now,
        "seen_at": now,
        "tab": tab,
        "sound": sound,
        "sound_only": pictures >= WITH_PICTURE,
        "hand_up": seat.hand_up and same_page,
    }
    Seat.objects.filter(pk=seat.pk).update(**changes)
    seat = Seat.objects.select_related("room", "room__inside", "user").get(pk=seat.pk)
    if room.inside is not None:
        main = Seat.objects.filter(room=room.inside, user=seat.user, removed_at=None).first()
        if main is not None:
            Absence.objects.get_or_create(seat=main, ended_at=None, defaults={"side_room": room})
            tell(room.inside, "away", main)
    elif Absence.objects.filter(seat=seat, ended_at=None).update(ended_at=now):
        tell(room, "back", seat)
    tell(room, "returned" if same_page else "came", seat)
    if room.inside is None:
        reconsider_recording(room)
    return seat


def _leave_elsewhere(seat: Seat, room: Room) -> None:
    """A person is in the main room or in one of its side rooms, never in two of them."""
    for other in _elsewhere(seat, room):
        channel = other.connection
        if Seat.objects.filter(pk=other.pk, connection=channel).update(connection="", tab=""):
            drop(channel, "elsewhere")
            _gone(other, "elsewhere")


def _elsewhere(seat: Seat, room: Room) -> QuerySet[Seat]:
    """The same person's seats in the other rooms of this session in which they are."""
    main = room.inside_id or room.pk
    others = Seat.objects.filter(Q(room=main) | Q(room__inside=main), user_id=seat.user_id).exclude(room=room)
    return others.exclude(connection="").select_related("room")


def disconnect_seat(seat: Seat, channel_name: str, *, reason: str = "left") -> bool:
    """Note that this connection is closed. False if a newer one has the seat already."""
    with transaction.atomic():
        left = Seat.objects.filter(pk=seat.pk, connection=channel_name).update(connection="")
        if left:
            _gone(seat, reason)
    return bool(left)


def _gone(seat: Seat, reason: str) -> None:
    room = Room.objects.get(pk=seat.room_id)
    if room.inside is not None:
        for absence in Absence.objects.filter(side_room=room, seat__user=seat.user_id, ended_at=None):
            absence.ended_at = timezone.now()
            absence.save(update_fields=["ended_at"])
            tell(room.inside, "back_soon", absence.seat)
    tell(room, "left", seat, reason=reason)


def keep_seat(seat: Seat, channel_name: str) -> bool:
    """A sign of life from this connection. False if it does not have the seat (any more)."""
    return bool(
        Seat.objects.filter(pk=seat.pk, connection=channel_name, removed_at=None).update(seen_at=timezone.now())
    )


def why_lost(seat: Seat) -> str:
    """Why a connection that came in with this seat has it no more, as what a page is told, or SAME_PAGE.

    A connection that was cleared because it had shown no life, and whose seat no other page took, comes in anew.
    """
    now = Seat.objects.select_related("room").get(pk=seat.pk)
    if now.removed_at is not None:
        return "unseated"
    if now.room.inside_id is not None and now.room.ended_at is not None:
        return "called_back"
    if now.room.recorded == Recorded.ALWAYS and now.agreed_at is None:
        return "not_agreed"
    if now.tab and now.tab != seat.tab:
        return "taken_over"
    return "elsewhere" if not now.connection and _elsewhere(now, now.room).exists() else SAME_PAGE


def clear_lost(room: Room) -> int:
    """Empty the seats whose connection shows no life: a killed server could not do it. Returns how many."""
    cleared = 0
    before = timezone.now() - LOST_AFTER
    for seat in Seat.objects.filter(room=room, seen_at__lte=before).exclude(connection=""):
        with transaction.atomic():
            if Seat.objects.filter(pk=seat.pk, connection=seat.connection, seen_at__lte=before).update(connection=""):
                _gone(seat, "lost")
                cleared += 1
    return cleared
