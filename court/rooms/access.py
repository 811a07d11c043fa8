"""Who finds a room: those who have a seat in it, and nobody by office alone."""

from typing import Any
from uuid import UUID

from django.http import Http404

from court.accounts.models import User

from .models import Seat


def seat_for(user: Any, id: UUID | str) -> Seat:
    """The person's seat in this room. Raises Http404 without one, as for a room that does not exist."""
    seat = past_seat_for(user, id)
    if seat.removed_at is not None:
        raise Http404
    return seat


def past_seat_for(user: Any, id: UUID | str) -> Seat:
    """The person's seat, even if it was taken away since: what was recorded in it may still be handed in."""
    if not isinstance(user, User) or not user.is_active:
        raise Http404
    seat = Seat.objects.filter(room_id=id, user=user).select_related("room", "room__inside", "user").first()
    if seat is None:
        raise Http404
    return seat
