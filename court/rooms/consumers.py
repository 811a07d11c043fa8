"""The socket of a live room: thin. It lets people in, carries signals between them, and tells what is new."""

import json
import logging
import time
from collections import deque
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import Http404

from . import queries, services
from .access import seat_for
from .events import group_of
from .models import Absence, Seat
from .presence import SAME_PAGE, clear_lost, in_room, keep_seat, why_lost
from .recording import watch_tracks
from .refusals import Refused

log = logging.getLogger(__name__)

LONGEST = 64 * 1024  # bytes of one message
FAULTS_BORNE = 10
BURST, BURST_SECONDS = 600, 10.0  # messages; the candidates of five peers come in bursts
HEARTBEAT = 2.0  # seconds between looks at the database, at most

NO_SEAT, REFUSED, LOST_PLACE, COME_BACK, MISBEHAVED = 4404, 4403, 4409, 4410, 4400


class BadMessage(Exception):
    """A message that is not what it should be. The text is a short code, told to its sender."""


def _need(message: dict[str, Any], name: str, kind: type | tuple[type, ...]) -> Any:
    value = message.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise BadMessage("bad_field")
    return value


class RoomConsumer(AsyncWebsocketConsumer):
    """One person's connection to one room."""

    seat: Seat
    let_in = False
    closing = False

    async def connect(self) -> None:
        """Deny who has no seat; tell others why they may not come in yet, or let them in."""
        self.events, self.lines, self.faults, self.looked = 0, 0, 0, 0.0
        self.times: deque[float] = deque()
        try:
            self.seat = await database_sync_to_async(seat_for)(
                self.scope.get("user"), self.scope["url_route"]["kwargs"]["id"]
            )
        except Http404:
            await self.close(code=NO_SEAT)
            return
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Read one message and do it; a bad one gets one answer, too many close the connection."""
        if self.closing:
            return  # what was under way when this side closed
        try:
            self._count()
            message = self._read(text_data)
            kind = message["type"]
            if not self.let_in and kind not in ("enter", "ping"):
                raise BadMessage("enter_first")
            await getattr(self, f"do_{kind}")(message)
        except BadMessage as fault:
            await self._fault(str(fault))
        except Refused as refusal:
            await self._tell({"type": "refused", "reason": refusal.reason})

    def _count(self) -> None:
        now = time.monotonic()
        self.times.append(now)
        while self.times and self.times[0] < now - BURST_SECONDS:
            self.times.popleft()
        if len(self.times) > BURST:
            raise BadMessage("too_many")

    def _read(self, text: str | None) -> dict[str, Any]:
        if text is None:
            raise BadMessage("not_text")
        if len(text) > LONGEST or len(text.encode()) > LONGEST:
            raise BadMessage("too_long")
        try:
            message = json.loads(text)
        except ValueError as fault:
            raise BadMessage("not_json") from fault
        if not isinstance(message, dict):
            raise BadMessage("not_json")
        if not isinstance(message.get("type"), str) or message["type"] not in MESSAGES:
            raise BadMessage("unknown_type")
        return message

    async def _fault(self, code: str) -> None:
        self.faults += 1
        log.warning("A message in room %s from seat %s was refused: %s.", self.seat.room_id, self.seat.pk, code)
        if self.faults > FAULTS_BORNE or code == "too_many":
            await self._end(MISBEHAVED)
            return
        await self._tell({"type": "error", "code": code})

    async def _tell(self, message: dict[str, Any]) -> None:
        if not self.closing:
            await self.send(text_data=json.dumps(message))

    async def _end(self, code: int) -> None:
        """Close the socket; nothing is said or heard any more."""
        self.closing = True
        await self.close(code=code)

    # What a browser may say.

    async def do_enter(self, message: dict[str, Any]) -> None:
        """Come in: {tab, sound, camera, event}. ``event`` is the last one the page knows."""
        tab = _need(message, "tab", str)[:40]
        sound = _need(message, "sound", bool)
        try:
            self.seat = await database_sync_to_async(services.connect_seat)(
                self.seat, self.channel_name, tab=tab, sound=sound
            )
        except Refused as refusal:
            await self._tell({"type": "refused", "reason": refusal.reason})
            await self._end(REFUSED)
            return
        self.let_in = True
        await self.channel_layer.group_add(group_of(self.seat.room_id), self.channel_name)
        known = message.get("event")
        self.events = known if isinstance(known, int) else await database_sync_to_async(queries.last_event)(self.seat)
        await self._tell({"type": "entered", "seat": self.seat.pk, "event": self.events})
        await self._news()

    async def do_ping(self, message: dict[str, Any]) -> None:
        """Tell the room's time at once; now and then also look after the room."""
        sent = _need(message, "t", (int, float))
        await self._tell({"type": "pong", "t": sent, "server": time.time() * 1000})
        if self.let_in and time.monotonic() - self.looked > HEARTBEAT:
            self.looked = time.monotonic()
            await self._look_after()

    async def _look_after(self) -> None:
        if not await database_sync_to_async(keep_seat)(self.seat, self.channel_name):
            await self.place_lost({"reason": await database_sync_to_async(why_lost)(self.seat)})
            return
        arrived = await database_sync_to_async(self._inspect)()
        await self._tell({"type": "arrival", "at": arrived})
        await self._news(only_if_new=True)

    def _inspect(self) -> float | None:
        clear_lost(self.seat.room)
        watch_tracks(self.seat.room)
        return queries.last_arrival(self.seat.room)

    async def do_signal(self, message: dict[str, Any]) -> None:
        """Carry a WebRTC description or candidate to one person in this room, as {to, link, to_link, data}."""
        to = _need(message, "to", int)
        link = _need(message, "link", str)
        data = _need(message, "data", dict)
        peer_link = message.get("to_link")
        if peer_link is not None and not isinstance(peer_link, str):
            raise BadMessage("bad_field")
        channel = await database_sync_to_async(self._channel_of)(to)
        if channel is None:
            await self._tell({"type": "unreachable", "seat": to})
            return
        await self.channel_layer.send(
            channel,
            {"type": "peer.signal", "from": self.seat.pk, "link": link, "to_link": peer_link, "data": data},
        )

    def _channel_of(self, to: int) -> str | None:
        """The live connection of somebody in this very room, if both are in it and neither is in a side room."""
        room = self.seat.room
        here = dict(in_room(room).filter(pk__in=[to, self.seat.pk]).values_list("pk", "connection"))
        away = Absence.objects.filter(seat__in=[to, self.seat.pk], ended_at=None).exists()
        if away or here.get(self.seat.pk) != self.channel_name or to == self.seat.pk:
            return None
        return here.get(to)

    async def do_state(self, message: dict[str, Any]) -> None:
        """Show one's own microphone, camera or hand: {muted?, camera_off?, hand_up?, sound?}."""
        asked = {name: message[name] for name in ("muted", "camera_off", "hand_up", "sound") if name in message}
        if not asked or not all(isinstance(value, bool) for value in asked.values()):
            raise BadMessage("bad_field")
        await database_sync_to_async(services.show_state)(self.seat, **asked)

    async def do_chat(self, message: dict[str, Any]) -> None:
        """Write a line: {text}."""
        await database_sync_to_async(services.say)(self.seat, _need(message, "text", str))

    async def do_consent(self, message: dict[str, Any]) -> None:
        """Agree to being recorded, or not: {agree}."""
        deed = services.agree_to_recording if _need(message, "agree", bool) else services.refuse_recording
        await database_sync_to_async(deed)(self.seat)

    async def do_start(self, message: dict[str, Any]) -> None:
        """Open the session (host)."""
        await database_sync_to_async(services.start_session)(self.seat.room, by=self.seat)

    async def do_end(self, message: dict[str, Any]) -> None:
        """Close the session (host)."""
        await database_sync_to_async(services.end_session)(self.seat.room, by=self.seat)

    async def do_mute(self, message: dict[str, Any]) -> None:
        """Mute somebody (host): {seat}."""
        await database_sync_to_async(self._mute)(_need(message, "seat", int))

    def _mute(self, number: int) -> None:
        other = Seat.objects.filter(pk=number, room=self.seat.room_id).first()
        if other is None:
            raise Refused("not_here")
        services.mute_seat(self.seat.room, other, by=self.seat)

    async def do_leave(self, message: dict[str, Any]) -> None:
        """Go out, and say so before the socket closes."""
        await self._end(1000)

    # What the house says.

    async def room_news(self, message: dict[str, Any]) -> None:
        """Something was written down: fetch it and pass it on."""
        await self._news()

    async def _news(self, only_if_new: bool = False) -> None:
        if not self.let_in:
            return
        events, lines, state = await database_sync_to_async(self._what_is_new)(only_if_new)
        if state is not None:
            await self._tell({"type": "news", "events": events, "chat": lines, "state": state})

    def _what_is_new(self, only_if_new: bool) -> tuple[list[Any], list[Any], dict[str, Any] | None]:
        events = queries.events_after(self.seat, self.events)
        lines = queries.chat_after(self.seat, self.lines)
        if only_if_new and not events and not lines:
            return events, lines, None
        self.events = max([self.events, *(event["id"] for event in events)])
        self.lines = max([self.lines, *(line["id"] for line in lines)])
        return events, lines, queries.state_of(self.seat)

    async def peer_signal(self, message: dict[str, Any]) -> None:
        """Pass a signal on to this browser."""
        if self.let_in:
            await self._tell({**message, "type": "signal"})

    async def place_lost(self, message: dict[str, Any]) -> None:
        """This connection does not have the seat any more. If that is nothing to the person, the page comes back."""
        self.let_in = False
        await self.channel_layer.group_discard(group_of(self.seat.room_id), self.channel_name)
        if message["reason"] == SAME_PAGE:
            await self._end(COME_BACK)
            return
        await self._tell({"type": "lost", "reason": message["reason"]})
        await self._end(LOST_PLACE)

    async def disconnect(self, code: int) -> None:
        """The socket is closed, whoever closed it: that is a departure."""
        if self.let_in:
            self.let_in = False
            self.closing = True
            await self.channel_layer.group_discard(group_of(self.seat.room_id), self.channel_name)
            await database_sync_to_async(services.disconnect_seat)(self.seat, self.channel_name)


MESSAGES = frozenset(name[3:] for name in vars(RoomConsumer) if name.startswith("do_"))
