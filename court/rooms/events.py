"""What happened in a room: written down first, told to the open browsers after commit.

A message that is lost on the way costs nothing: browsers fetch what they missed by the number of the last event.
"""

import functools
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from .models import Room, RoomEvent, Seat


def group_of(room: Room | UUID | str) -> str:
    """The name of a room's group in the channel layer."""
    return f"room.{room.pk if isinstance(room, Room) else room}"


def tell(room: Room, kind: str, seat: Seat | None = None, **details: Any) -> RoomEvent:
    """Write an event down and, after commit, tell everybody in the room that there is news."""
    event = RoomEvent.objects.create(room=room, kind=kind, seat=seat, details=details)
    news(room)
    return event


def news(room: Room) -> None:
    """After commit, let every browser in the room fetch what is new."""
    transaction.on_commit(functools.partial(_send_group, group_of(room)))


def drop(channel: str, reason: str) -> None:
    """After commit, tell one connection that it has lost its place, and why."""
    if channel:
        transaction.on_commit(functools.partial(_send, channel, {"type": "place.lost", "reason": reason}))


def _send_group(group: str) -> None:
    async_to_sync(get_channel_layer().group_send)(group, {"type": "room.news"})


def _send(channel: str, message: dict[str, Any]) -> None:
    async_to_sync(get_channel_layer().send)(channel, message)
