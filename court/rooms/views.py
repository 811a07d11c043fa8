"""The page of a room, and the doors through which browsers hand in what they recorded."""

import json
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from court.accounts.access import PersonRequest, signed_in

from . import page, services
from .access import past_seat_for, seat_for
from .models import Recorded
from .recording import LONGEST_MS, NewTake, finish_take, open_take
from .refusals import Refused
from .words import words

STATUS = {
    "never_recorded": 403,
    "away": 403,
    "after_the_end": 403,
    "not_agreed": 403,
    "no_take": 404,
    "no_recording": 404,
    "conflict": 409,
    "too_late": 410,
    "too_large": 413,
    "damaged": 422,
    "disk_full": 507,
}
TRY_AGAIN = frozenset({"damaged", "disk_full"})  # the browser keeps the piece and tries again; others are final
LATEST_MS = 2**53


@signed_in
@never_cache
@ensure_csrf_cookie
@require_GET
def room(request: PersonRequest, id: UUID) -> HttpResponse:
    """The room: first the check of one's devices and the notice of recording, then the meeting itself."""
    seat = seat_for(request.user, id)
    room = seat.room
    main = room.inside or room
    place = page.place_of(room)
    now = timezone.now()
    details = {
        "socket": f"/ws/rooms/{room.pk}/",
        "room": str(room.pk),
        "seat": seat.pk,
        "user": request.user.pk,
        "host": seat.host,
        "recorded": room.recorded,
        "agreed": seat.agreed_at is not None,
        "refused": seat.refused_at is not None,
        "ended": room.ended_at is not None,
        "opensIn": max(0, round((room.open_from - now).total_seconds() * 1000)),
        "consent": reverse("room_consent", args=[room.pk]),
        "main": reverse("room", args=[main.pk]) if room.inside_id else "",
        "ice": settings.COURT_ICE_SERVERS,
        "pieceMax": settings.COURT_PIECE_MAX_BYTES,
    }
    context = {
        "room": room,
        "seat": seat,
        "place": place,
        "details": details,
        "words": words(),
        "needs_answer": room.recorded != Recorded.NEVER,
        "may_choose": room.recorded == Recorded.IF_ALL_AGREE,
        "early": now < room.open_from,
        "ended": room.ended_at is not None,
        "tools": page.tools_of(room, seat),
        "panels": page.panels_of(room, seat),
    }
    return render(request, "rooms/room.html", context)


def _refusal(refusal: Refused) -> JsonResponse:
    reason = refusal.reason
    return JsonResponse({"error": reason, "final": reason not in TRY_AGAIN}, status=STATUS.get(reason, 400))


def _sent(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent. Raises Refused: bad_request."""
    try:
        sent = json.loads(request.body)
    except (ValueError, RequestDataTooBig) as fault:
        raise Refused("bad_request") from fault
    if not isinstance(sent, dict):
        raise Refused("bad_request")
    return sent


def _number(value: object, *, at_most: int = LATEST_MS) -> int:
    """A whole number within bounds. Raises Refused: bad_request."""
    try:
        number = int(float(str(value)))
    except (ValueError, OverflowError) as fault:
        raise Refused("bad_request") from fault
    if not -LATEST_MS <= number <= at_most:
        raise Refused("bad_request")
    return number


class Learnt(TypedDict, total=False):
    """What a browser has learnt of the room's clock since a take began, in ms."""

    clock_moved_ms: float
    clock_error_ms: float


def _learnt(request: HttpRequest) -> Learnt:
    """Raises Refused: bad_request."""
    moved, error = (request.headers.get(name) for name in ("X-Clock-Moved-Ms", "X-Clock-Error-Ms"))
    if moved is None and error is None:
        return {}
    try:
        told = Learnt(clock_moved_ms=float(moved or ""), clock_error_ms=float(error or ""))
    except ValueError as fault:
        raise Refused("bad_request") from fault
    if not (abs(told["clock_moved_ms"]) <= LONGEST_MS and 0 <= told["clock_error_ms"] <= LATEST_MS):
        raise Refused("bad_request")
    return told


@signed_in
@require_POST
def consent(request: PersonRequest, id: UUID) -> HttpResponse:
    """The answer to the notice of recording, given before coming in: {"agree": true}."""
    seat = seat_for(request.user, id)
    try:
        answer = _sent(request).get("agree")
        if not isinstance(answer, bool) or seat.room.recorded == Recorded.NEVER:
            raise Refused("bad_request")
        (services.agree_to_recording if answer else services.refuse_recording)(seat)
    except Refused as refusal:
        return _refusal(refusal)
    return JsonResponse({"agreed": answer})


@signed_in
@require_POST
def takes(request: PersonRequest, id: UUID) -> HttpResponse:
    """Open a take: {id, recording, kind, media_type, begins_ms, clock_error_ms}. Sent again it is the same take."""
    seat = past_seat_for(request.user, id)
    try:
        sent = _sent(request)
        try:
            new = NewTake(
                id=UUID(str(sent["id"])),
                recording=_number(sent["recording"]),
                kind=str(sent["kind"]),
                media_type=str(sent["media_type"]),
                begins_ms=_number(sent["begins_ms"]),
                clock_error_ms=float(abs(_number(sent.get("clock_error_ms", 0), at_most=60_000))),
            )
        except (KeyError, ValueError, TypeError) as fault:
            raise Refused("bad_request") from fault
        take = open_take(seat, new)
    except Refused as refusal:
        return _refusal(refusal)
    return JsonResponse({"take": str(take.pk)}, status=201)


@signed_in
@require_POST
def take_end(request: PersonRequest, id: UUID, take: UUID) -> HttpResponse:
    """Tell how many pieces the court should have of a take, once its recorder has stopped: {"pieces": 12}."""
    seat = past_seat_for(request.user, id)
    try:
        finish_take(seat, take, pieces=max(0, _number(_sent(request).get("pieces"), at_most=10_000_000)))
    except Refused as refusal:
        return _refusal(refusal)
    return JsonResponse({"take": str(take)})


@signed_in
@require_POST
def piece(request: PersonRequest, id: UUID, take: UUID, number: int) -> HttpResponse:
    """Take in one piece: the raw bytes, with headers X-Piece-SHA256 and X-Until-Ms. 201 new, 200 known already.

    X-Clock-Moved-Ms and X-Clock-Error-Ms, both or neither, tell what the browser has learnt of the room's clock.
    """
    seat = past_seat_for(request.user, id)
    try:
        if number > 10_000_000:
            raise Refused("bad_request")
        if int(request.headers.get("Content-Length") or 0) > settings.COURT_PIECE_MAX_BYTES:
            raise Refused("too_large")
        try:
            body = request.body
        except RequestDataTooBig as fault:
            raise Refused("too_large") from fault
        new = services.accept_piece(
            seat,
            take=take,
            number=number,
            body=body,
            sha256=request.headers.get("X-Piece-SHA256", ""),
            until_ms=_number(request.headers.get("X-Until-Ms")),
            **_learnt(request),
        )
    except Refused as refusal:
        return _refusal(refusal)
    return JsonResponse({"number": number}, status=201 if new else 200)
