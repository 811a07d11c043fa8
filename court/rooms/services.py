"""What is done in a room: making it, giving seats, opening and closing the session, speaking and writing.

Coming and going is in ``presence``, the recording in ``recording``, private side rooms in ``asides``; what the rooms
above need of them is offered here too.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from court.accounts.models import User

from . import signals
from .asides import bring_back, call_aside
from .events import drop, news, tell
from .models import Absence, ChatMessage, Recorded, Room, Seat
from .presence import connect_seat, disconnect_seat, in_room
from .recording import accept_piece, agree_to_recording, end_recording, reconsider_recording, refuse_recording
from .refusals import Refused

__all__ = [
    "Refused",
    "accept_piece",
    "agree_to_recording",
    "bring_back",
    "call_aside",
    "connect_seat",
    "disconnect_seat",
    "end_session",
    "make_room",
    "mute_seat",
    "postpone",
    "refuse_recording",
    "say",
    "seat",
    "show_state",
    "start_session",
    "unseat",
]

CHAT_LONGEST = 2000

SHOWN = {  # the events that tell of a change to true, and to false
    "muted": ("muted", "unmuted"),
    "camera_off": ("camera_off", "camera_on"),
    "hand_up": ("hand_up", "hand_down"),
    "sound": ("microphone_on", "microphone_gone"),
}


def make_room(*, name: str, recorded: Recorded | str, opens_at: datetime, inside: Room | None = None) -> Room:
    """Make a room. People may come in 30 minutes before ``opens_at``. A side room (``inside``) is never recorded."""
    return Room.objects.create(
        name=name, recorded=Recorded.NEVER if inside else recorded, opens_at=opens_at, inside=inside
    )


def postpone(room: Room, *, opens_at: datetime) -> None:
    """Move a room that was not used yet to another time."""
    Room.objects.filter(pk=room.pk, started_at=None).update(opens_at=opens_at)
    room.refresh_from_db()


def seat(room: Room, user: User, *, role: str, host: bool = False) -> Seat:
    """Give a person a place in the room, or change the place they have. A host starts, ends and mutes."""
    place, _ = Seat.objects.update_or_create(
        room=room, user=user, defaults={"name": user.name, "role": role, "host": host, "removed_at": None}
    )
    news(room)
    return place


@transaction.atomic
def unseat(room: Room, user: User) -> None:
    """Take a person's place away; if they are in the room they are shown out. What was recorded of them stays."""
    place = Seat.objects.filter(room=room, user=user, removed_at=None).first()
    if place is None:
        return
    channel = place.connection
    Seat.objects.filter(pk=place.pk).update(removed_at=timezone.now(), connection="", tab="")
    tell(room, "left", place, reason="unseated")
    drop(channel, "unseated")


def _host(room: Room, by: Seat) -> None:
    """Ask the database, not the caller's copy: the place may have been taken away since."""
    if not Seat.objects.filter(pk=by.pk, room=room, host=True, removed_at=None).exists():
        raise Refused("not_host")


@transaction.atomic
def start_session(room: Room, *, by: Seat) -> None:
    """Open the session; where the room is recorded and the people agree, the recording begins.

    Doing it twice is the same as once. Raises Refused: not_host, not_open, ended.
    """
    _host(room, by)
    now = timezone.now()
    if now < room.open_from:
        raise Refused("not_open")
    if not Room.objects.filter(pk=room.pk, started_at=None, ended_at=None).update(started_at=now):
        room.refresh_from_db()
        if room.ended_at:
            raise Refused("ended")
        return
    room.refresh_from_db()
    tell(room, "started", by)
    reconsider_recording(room)
    transaction.on_commit(lambda: signals.session_started.send(Room, room=room, seat=by))


@transaction.atomic
def end_session(room: Room, *, by: Seat) -> None:
    """Close the session for good: its recording, if any, has its end, and those in side rooms are brought back.

    In a side room this brings everybody back. Doing it twice is the same as once. Raises Refused: not_host.
    """
    _host(room, by)
    if room.inside is not None:
        bring_back(room)
        return
    for side in room.side_rooms.filter(ended_at=None):
        bring_back(side)
    if not Room.objects.filter(pk=room.pk, ended_at=None).update(ended_at=timezone.now()):
        return
    room.refresh_from_db()
    end_recording(room, by)
    tell(room, "ended", by)
    transaction.on_commit(lambda: signals.session_ended.send(Room, room=room, seat=by))


@transaction.atomic
def mute_seat(room: Room, seat: Seat, *, by: Seat) -> None:
    """Mute somebody; they can unmute themselves. Raises Refused: not_host, not_here."""
    _host(room, by)
    if seat.room_id != room.pk:
        raise Refused("not_here")
    if Seat.objects.filter(pk=seat.pk, muted=False).update(muted=True):
        tell(room, "muted", seat, by=by.name)


@transaction.atomic
def show_state(
    seat: Seat,
    *,
    muted: bool | None = None,
    camera_off: bool | None = None,
    hand_up: bool | None = None,
    sound: bool | None = None,
) -> None:
    """Keep what a person did to their own microphone, camera or hand, for all to see. None: as it was.

    ``sound``: whether there is a microphone at all.
    """
    asked = {"muted": muted, "camera_off": camera_off, "hand_up": hand_up, "sound": sound}
    for name, value in asked.items():
        if value is None or not Seat.objects.filter(~Q(**{name: value}), pk=seat.pk).update(**{name: value}):
            continue
        tell(seat.room, SHOWN[name][0 if value else 1], seat)


@transaction.atomic
def say(seat: Seat, text: str) -> ChatMessage:
    """Write a line in the room's chat; a side room's chat is its own. Raises Refused: empty, too_long, not_here."""
    text = text.strip()
    if not text:
        raise Refused("empty")
    if len(text) > CHAT_LONGEST:
        raise Refused("too_long")
    if not in_room(seat.room).filter(pk=seat.pk).exists() or Absence.objects.filter(seat=seat, ended_at=None).exists():
        raise Refused("not_here")
    line = ChatMessage.objects.create(room=seat.room, seat=seat, text=text)
    news(seat.room)
    return line
