"""The private caucus: who is in it, that it is never recorded, and that nothing of it is heard or read elsewhere."""

import hashlib
import json
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.db import IntegrityError, transaction

from court.cases.models import DocketEntry
from court.rooms.models import ChatMessage, Piece, Recorded, Recording, RoomEvent, Take, Track
from court.rooms.page import tools_of
from court.rooms.routing import websocket_urlpatterns
from mediation.models import Caucus
from mediation.queries import sides


@pytest.fixture
def live(cast, agreed, sit, come_in):
    """The session goes on, with everybody in the room."""
    come_in(agreed, cast.mediator, cast.claimant, cast.respondent)
    sit(agreed)
    return agreed


def aside(person, session, role: str = "claimant", **kwargs):
    side = session.case.parties.get(role=role)
    return person.post(f"/mediation/{session.pk}/caucus/", {"side": f"{side.pk}"}, **kwargs)


def test_the_mediator_and_one_side_are_alone_in_a_room_never_recorded(door, cast, live):
    assert aside(door.mediator, live).status_code == 302
    room = Caucus.objects.get().room
    assert (room.inside, room.recorded) == (live.room, Recorded.NEVER)
    assert {seat.user for seat in room.seats.all()} == {cast.mediator, cast.claimant}
    assert door.claimant.get(f"/rooms/{room.pk}/").status_code == 200
    for person in (door.respondent, door.judge, door.clerk, door.stranger):
        assert person.get(f"/rooms/{room.pk}/").status_code == 404


def test_the_other_side_is_not_told_where_the_private_room_is(door, cast, live):
    from court.rooms.queries import events_after

    aside(door.mediator, live)
    room = Caucus.objects.get().room
    assert str(room.pk) in json.dumps(events_after(live.room.seats.get(user=cast.claimant), 0))
    assert str(room.pk) not in json.dumps(events_after(live.room.seats.get(user=cast.respondent), 0))


@pytest.mark.parametrize("who", ["claimant", "respondent", "judge", "clerk", "stranger"])
def test_only_the_mediator_opens_and_closes_it(door, live, who):
    assert aside(getattr(door, who), live).status_code == 404
    aside(door.mediator, live)
    assert getattr(door, who).post(f"/mediation/{live.pk}/caucus/", {"close": "1"}).status_code == 404
    assert Caucus.objects.get().closed_at is None


def test_there_is_one_private_talk_at_a_time(door, live):
    aside(door.mediator, live)
    answer = aside(door.mediator, live, "respondent", headers={"Accept": "application/json"})
    assert answer.status_code == 409 and "Close it first" in answer.json()["message"]
    assert Caucus.objects.count() == 1
    assert live.room.side_rooms.count() == 1


def test_the_database_itself_allows_one_at_a_time(door, live):
    aside(door.mediator, live)
    first = Caucus.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Caucus.objects.create(session=live, side=first.side, room=live.room)


def test_closing_brings_everybody_back_and_the_other_side_can_be_next(door, live):
    aside(door.mediator, live)
    first = Caucus.objects.get()
    for _ in range(2):
        door.mediator.post(f"/mediation/{live.pk}/caucus/", {"close": "1"})
    first.refresh_from_db()
    assert first.closed_at and first.room.ended_at
    assert aside(door.mediator, live, "respondent").status_code == 302
    assert Caucus.objects.filter(closed_at=None).get().side.role == "respondent"


def test_ending_the_session_ends_the_private_talk(door, live, sit):
    aside(door.mediator, live)
    sit(live, end=True)
    caucus = Caucus.objects.get()
    assert caucus.closed_at and caucus.room.ended_at


def test_no_private_talk_before_the_session_or_after_it(door, agreed, cast, sit, come_in):
    come_in(agreed, cast.mediator, cast.claimant)
    answer = aside(door.mediator, agreed, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    sit(agreed)
    sit(agreed, end=True)
    assert aside(door.mediator, agreed, headers={"Accept": "application/json"}).status_code == 409
    assert not Caucus.objects.exists()


def test_nobody_is_taken_aside_who_is_not_there(door, cast, agreed, sit, come_in):
    come_in(agreed, cast.mediator, cast.claimant)
    sit(agreed)
    answer = aside(door.mediator, agreed, "respondent", headers={"Accept": "application/json"})
    assert answer.status_code == 409 and "Nobody of this side" in answer.json()["message"]
    assert not agreed.room.side_rooms.exists()


@pytest.mark.parametrize("side", ["", "0", "x", "999999999999999999999"])
def test_a_side_that_is_none_is_not_found(door, live, side):
    assert door.mediator.post(f"/mediation/{live.pk}/caucus/", {"side": side}).status_code == 404


def test_the_mediator_finds_the_controls_in_the_room(door, cast, live):
    def offered(user, room=None):
        room = room or live.room
        return [tool.fields for tool in tools_of(room, room.seats.get(user=user))]

    assert offered(cast.mediator) == [{"side": str(side.pk)} for side in sides(live)]
    assert offered(cast.claimant) == []
    aside(door.mediator, live)
    assert offered(cast.mediator) == offered(cast.mediator, Caucus.objects.get().room) == [{"close": "1"}]


def test_nothing_recorded_is_taken_in_from_a_private_talk(door, live):
    for person in (door.mediator, door.claimant, door.respondent):
        person.post(f"/rooms/{live.room_id}/consent/", '{"agree": true}', content_type="application/json")
    recording = Recording.objects.get(room=live.room)
    aside(door.mediator, live)
    room = Caucus.objects.get().room
    take = {
        "id": str(uuid4()),
        "recording": recording.pk,
        "kind": "sound",
        "media_type": "audio/webm;codecs=opus",
        "begins_ms": 0,
        "clock_error_ms": 1,
    }
    answer = door.claimant.post(f"/rooms/{room.pk}/takes/", json.dumps(take), content_type="application/json")
    assert answer.status_code in (403, 404)
    body = b"what was said in private"
    piece = door.claimant.post(
        f"/rooms/{room.pk}/takes/{take['id']}/0",
        body,
        content_type="application/octet-stream",
        headers={"X-Piece-SHA256": hashlib.sha256(body).hexdigest(), "X-Until-Ms": "1000"},
    )
    assert piece.status_code in (403, 404)
    assert not Recording.objects.filter(room=room).exists()
    assert not Track.objects.filter(recording__room=room).exists()
    assert not Take.objects.exists() and not Piece.objects.exists()


def test_the_docket_says_nothing_of_a_private_talk(door, live):
    before = DocketEntry.objects.count()
    aside(door.mediator, live)
    door.mediator.post(f"/mediation/{live.pk}/caucus/", {"close": "1"})
    assert DocketEntry.objects.count() == before


class Socket:
    """One person's page in a room, over the real consumer."""

    def __init__(self, user, room) -> None:
        path = f"/ws/rooms/{room}/"
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": [],
            "subprotocols": [],
            "user": user,
        }
        self.talk = ApplicationCommunicator(URLRouter(websocket_urlpatterns), scope)

    async def enter(self) -> bool:
        await self.talk.send_input({"type": "websocket.connect"})
        if (await self.talk.receive_output(5))["type"] != "websocket.accept":
            return False
        await self.say({"type": "enter", "tab": "one", "sound": True, "camera": True})
        assert json.loads((await self.talk.receive_output(5))["text"])["type"] == "entered"
        return True

    async def say(self, message: dict) -> None:
        await self.talk.send_input({"type": "websocket.receive", "text": json.dumps(message)})

    async def heard(self) -> str:
        """All that came until now."""
        parts = []
        while not await self.talk.receive_nothing(timeout=0.3):
            parts.append((await self.talk.receive_output(5)).get("text", ""))
        return "".join(parts)

    async def leave(self) -> None:
        await self.talk.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.talk.wait(5)


@pytest.mark.django_db(transaction=True)
async def test_what_is_written_in_a_private_talk_reaches_its_people_only(door, cast, live):
    from court.rooms.services import refuse_recording

    secret = "Our lowest is five hundred"
    people = {"mediator": cast.mediator, "claimant": cast.claimant, "respondent": cast.respondent}
    for user in people.values():
        await sync_to_async(lambda user=user: refuse_recording(live.room.seats.get(user=user)))()
    main = {name: Socket(user, live.room_id) for name, user in people.items()}
    for socket in main.values():
        assert await socket.enter()
    assert (await sync_to_async(lambda: aside(door.mediator, live))()).status_code == 302
    caucus = await Caucus.objects.select_related("room").aget()
    private = {name: Socket(people[name], caucus.room_id) for name in ("mediator", "claimant")}
    for socket in private.values():
        assert await socket.enter()
    for uninvited in (cast.respondent, cast.judge, cast.clerk):
        assert not await Socket(uninvited, caucus.room_id).enter()
    await private["claimant"].say({"type": "chat", "text": secret})
    assert secret in await private["mediator"].heard()
    assert secret in await private["claimant"].heard()
    await main["respondent"].say({"type": "chat", "text": "Are you still there?"})
    heard = await main["respondent"].heard()
    assert "Are you still there?" in heard and secret not in heard
    assert secret not in await main["mediator"].heard()
    line = await ChatMessage.objects.select_related("seat").aget(text=secret)
    assert line.room_id == line.seat.room_id == caucus.room_id
    assert not await RoomEvent.objects.filter(details__icontains=secret).aexists()
    assert not await Recording.objects.aexists()
    await sync_to_async(door.mediator.post)(f"/mediation/{live.pk}/caucus/", {"close": "1"})
    assert "lost" in await private["claimant"].heard()
    back = Socket(cast.respondent, live.room_id)
    assert await back.enter()
    assert secret not in await back.heard()
    for socket in (*main.values(), *private.values(), back):
        await socket.leave()
