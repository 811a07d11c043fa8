"""What a browser is told of a room: its state now, and what happened since it last looked."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from .models import Absence, ChatMessage, Room, RoomEvent, Seat, Track
from .page import facts_of
from .presence import LOST_AFTER
from .recording import live_recording

EVENTS_AT_ONCE = 200


def ms(moment: datetime | None) -> float | None:
    """A time as milliseconds since 1970, as browsers count."""
    return None if moment is None else moment.timestamp() * 1000


def state_of(seat: Seat) -> dict[str, Any]:
    """The room as this person may see it."""
    room = Room.objects.get(pk=seat.room_id)
    seats = list(Seat.objects.filter(room=room, removed_at=None).order_by("-host", "pk"))
    away = set(Absence.objects.filter(seat__room=room, ended_at=None).values_list("seat", flat=True))
    alive = timezone.now() - LOST_AFTER
    recording = live_recording(room)
    stopped: dict[int, list[str]] = {}
    if recording is not None:
        for track in Track.objects.filter(recording=recording, stopped_at__isnull=False).exclude(seat=None):
            stopped.setdefault(track.seat_id or 0, []).append(track.kind)
    called = room.side_rooms.filter(ended_at=None, seats__user=seat.user_id, seats__removed_at=None).first()
    return {
        "me": seat.pk,
        "room": {
            "started": ms(room.started_at),
            "ended": ms(room.ended_at),
            "recorded": room.recorded,
            "aside": reverse("room", args=[called.pk]) if called else None,
        },
        "seats": [
            {
                "id": each.pk,
                "name": each.name,
                "role": each.role,
                "host": each.host,
                "here": bool(each.connection) and each.seen_at is not None and each.seen_at > alive,
                "away": each.pk in away,
                "tab": each.tab,
                "since": ms(each.connected_at),
                "muted": each.muted,
                "camera_off": each.camera_off,
                "hand_up": each.hand_up,
                "sound": each.sound,
                "sound_only": each.sound_only,
                "agreed": each.agreed_at is not None,
                "refused": each.refused_at is not None,
                "stopped": stopped.get(each.pk, []),
            }
            for each in seats
        ],
        "recording": recording and {"id": recording.pk, "started": ms(recording.started_at)},
        "more": facts_of(room, seat),
    }


def events_after(seat: Seat, number: int) -> list[dict[str, Any]]:
    """What happened in the room after the event with this number, the oldest first. A call aside tells its address
    only to those who are called."""
    found = RoomEvent.objects.filter(room=seat.room_id, pk__gt=number).order_by("pk")[:EVENTS_AT_ONCE]
    return [
        {
            "id": event.pk,
            "kind": event.kind,
            "seat": event.seat_id,
            "at": ms(event.at),
            "details": _meant_for(seat, event),
        }
        for event in found
    ]


def _meant_for(seat: Seat, event: RoomEvent) -> dict[str, Any]:
    details = dict(event.details)
    if event.kind == "called_aside" and seat.pk not in details.get("seats", []):
        details.pop("url", None)
    return details


def last_event(seat: Seat) -> int:
    """The number of the room's newest event."""
    return RoomEvent.objects.filter(room=seat.room_id).order_by("-pk").values_list("pk", flat=True).first() or 0


def chat_after(seat: Seat, number: int) -> list[dict[str, Any]]:
    """The lines of the room's chat after this one, the oldest first."""
    lines = ChatMessage.objects.filter(room=seat.room_id, pk__gt=number).select_related("seat").order_by("-pk")
    return [
        {"id": line.pk, "seat": line.seat_id, "name": line.seat.name, "at": ms(line.at), "text": line.text}
        for line in reversed(lines[:EVENTS_AT_ONCE])
    ]


def last_arrival(room: Room) -> float | None:
    """When the newest piece of sound or picture reached the disk, in ms since 1970: what the recording sign shows."""
    recording = live_recording(room)
    if recording is None:
        return None
    newest = (
        Track.objects.filter(recording=recording, takes__pieces__isnull=False)
        .order_by("-last_arrival_at")
        .values_list("last_arrival_at", flat=True)
        .first()
    )
    return ms(newest)
