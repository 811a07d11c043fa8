"""The socket of a room, spoken to as a browser would."""

import asyncio
import json
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.utils import timezone

from court.asgi import application
from court.rooms import services
from court.rooms.consumers import FAULTS_BORNE, LONGEST
from court.rooms.models import Absence, ChatMessage, Recorded, Room, RoomEvent, Seat
from tests.conftest import PEOPLE

pytestmark = [pytest.mark.django_db(transaction=True)]


class Browser:
    """A signed-in person's socket."""

    def __init__(self, client, room: Room, origin: bytes = b"http://testserver") -> None:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        self.socket = ApplicationCommunicator(
            application,
            {
                "type": "websocket",
                "path": f"/ws/rooms/{room.pk}/",
                "query_string": b"",
                "headers": [(b"origin", origin), (b"host", b"testserver"), (b"cookie", cookies.encode())],
                "subprotocols": [],
            },
        )
        self.state = None
        self.chat = []
        self.events = []
        self.kinds = []

    async def connect(self):
        """Whether one is let in, and the code with which one is not."""
        await self.socket.send_input({"type": "websocket.connect"})
        answer = await self.socket.receive_output(timeout=5)
        return answer["type"] == "websocket.accept", answer.get("code")

    async def send(self, text: str | None = None, binary: bytes | None = None):
        await self.socket.send_input({"type": "websocket.receive", "text": text, "bytes": binary})

    async def receive(self) -> dict:
        output = await self.socket.receive_output(timeout=5)
        assert output["type"] == "websocket.send", output
        return self._noted(output)

    def _noted(self, output) -> dict:
        message = json.loads(output["text"])
        self.kinds.append(message["type"])
        return message

    async def say(self, **message):
        await self.send(json.dumps(message))

    async def hear(self, kind: str, when=lambda message: True):
        """Wait for a message of this kind; what else comes in between is taken note of."""
        while True:
            message = await self.receive()
            if message["type"] == "news":
                self.state = message["state"]
                self.chat += [line["text"] for line in message["chat"]]
                self.events += [event["kind"] for event in message["events"]]
            if message["type"] == kind and when(message):
                return message

    async def enter(self, tab: str = "tab", **more):
        assert (await self.connect())[0]
        await self.say(type="enter", tab=tab, sound=True, event=None, **more)
        await self.hear("entered")
        await self.hear("news")
        return self

    async def closed_with(self) -> int:
        while True:
            output = await self.socket.receive_output(timeout=5)
            if output["type"] == "websocket.close":
                return output["code"]
            self._noted(output)

    async def quiet(self, *kinds: str) -> bool:
        """Whether nothing of these kinds has come; one's own answered ping marks the place."""
        await self.say(type="ping", t=1)
        while True:
            message = await self.receive()
            if message["type"] in kinds:
                return False
            if message["type"] == "pong":
                return True

    async def leave(self):
        await self.socket.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.socket.wait(timeout=5)


@pytest.fixture
def door(door):
    """Everybody is signed in beforehand: inside a running event loop the database cannot be asked."""
    for part in (*PEOPLE, "nobody"):
        getattr(door, part)
    return door


@pytest.fixture
def browser(door):
    opened = []

    def open_(part: str, room: Room) -> Browser:
        made = Browser(getattr(door, part), room)
        opened.append(made)
        return made

    return open_


def agree(meeting) -> None:
    for seat in (meeting.judge, meeting.claimant, meeting.respondent):
        services.agree_to_recording(seat)


def in_house(deed, *args, **kwargs):
    return sync_to_async(deed)(*args, **kwargs)


@pytest.mark.parametrize("part", ["stranger", "clerk", "administrator", "nobody"])
async def test_who_has_no_seat_is_denied_before_anything_is_said(browser, meeting, part):
    connected, code = await browser(part, meeting.room).connect()
    assert (connected, code) == (False, 4404)


async def test_a_page_of_another_site_is_denied(meeting, door):
    made = Browser(door.claimant, meeting.room, origin=b"https://evil.example")
    assert (await made.connect())[0] is False


async def test_nobody_comes_in_without_accepting_the_recording(browser, meeting):
    claimant = browser("claimant", meeting.room)
    await claimant.connect()
    await claimant.say(type="enter", tab="t", sound=True)
    assert (await claimant.hear("refused"))["reason"] == "not_agreed"
    assert await claimant.closed_with() == 4403


async def test_people_see_each_other_come_go_mute_and_write(browser, meeting):
    await in_house(agree, meeting)
    judge = await browser("judge", meeting.room).enter()
    claimant = await browser("claimant", meeting.room).enter()
    await judge.hear("news", lambda m: any(s["id"] == meeting.claimant.pk and s["here"] for s in m["state"]["seats"]))
    await claimant.say(type="state", muted=True, hand_up=True)
    seen = lambda m: any(s["id"] == meeting.claimant.pk and s["muted"] and s["hand_up"] for s in m["state"]["seats"])  # noqa: E731
    await judge.hear("news", seen)
    await claimant.say(type="chat", text="Can you hear me?")
    await judge.hear("news", lambda m: m["chat"] and m["chat"][-1]["text"] == "Can you hear me?")
    await judge.say(type="mute", seat=meeting.respondent.pk)
    await claimant.leave()
    await judge.hear("news", lambda m: any(e["kind"] == "left" for e in m["events"]))
    here = await in_house(lambda: list(Seat.objects.exclude(connection="").values_list("pk", flat=True)))
    assert here == [meeting.judge.pk]
    await judge.leave()


async def test_the_host_starts_and_ends_and_nobody_else_can(browser, meeting):
    await in_house(agree, meeting)
    judge = await browser("judge", meeting.room).enter()
    claimant = await browser("claimant", meeting.room).enter()
    await claimant.say(type="start")
    assert (await claimant.hear("refused"))["reason"] == "not_host"
    await judge.say(type="start")
    await claimant.hear("news", lambda m: m["state"]["recording"] is not None)
    await in_house(lambda: Seat.objects.filter(pk=meeting.judge.pk).update(host=False))
    await judge.say(type="end")
    assert (await judge.hear("refused"))["reason"] == "not_host"
    await in_house(lambda: Seat.objects.filter(pk=meeting.judge.pk).update(host=True))
    await judge.say(type="end")
    await claimant.hear("news", lambda m: m["state"]["room"]["ended"] is not None)
    await judge.leave()
    await claimant.leave()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not json", "not_json"),
        ("[1]", "not_json"),
        ('{"type": "dance"}', "unknown_type"),
        ('{"type": ["enter"]}', "unknown_type"),
        ('{"type": "signal", "to": "everybody", "link": "x", "data": {}}', "bad_field"),
        ('{"type": "chat", "text": 7}', "bad_field"),
        ('{"type": "state", "muted": "yes"}', "bad_field"),
        ('{"type": "chat", "text": "' + "x" * LONGEST + '"}', "too_long"),
        ('{"type": "ping", "t": "now"}', "bad_field"),
    ],
)
async def test_a_bad_message_gets_one_answer_and_is_logged_without_its_content(browser, meeting, caplog, text, code):
    await in_house(agree, meeting)
    claimant = await browser("claimant", meeting.room).enter()
    await claimant.send(text)
    assert (await claimant.hear("error"))["code"] == code
    assert await claimant.quiet("error")
    assert code in caplog.text and "xxx" not in caplog.text
    await claimant.leave()


async def test_too_many_bad_messages_close_the_socket(browser, meeting):
    await in_house(agree, meeting)
    claimant = await browser("claimant", meeting.room).enter()
    for _ in range(FAULTS_BORNE + 1):
        await claimant.send(binary=b"\0\1")
    assert await claimant.closed_with() == 4400


async def test_nothing_is_relayed_before_coming_in(browser, meeting):
    await in_house(agree, meeting)
    judge = await browser("judge", meeting.room).enter()
    claimant = browser("claimant", meeting.room)
    await claimant.connect()
    await claimant.say(type="signal", to=meeting.judge.pk, link="l", data={})
    assert (await claimant.hear("error"))["code"] == "enter_first"
    assert await judge.quiet("signal")
    await judge.leave()
    await claimant.leave()


async def test_signals_reach_one_person_in_the_same_room_and_nobody_else(browser, meeting, hold):
    await in_house(agree, meeting)
    other = await in_house(hold, Recorded.NEVER)
    judge = await browser("judge", meeting.room).enter()
    claimant = await browser("claimant", meeting.room).enter()
    respondent = await browser("respondent", other.room).enter()
    await claimant.say(type="signal", to=meeting.judge.pk, link="one", to_link=None, data={"hello": True})
    got = await judge.hear("signal")
    assert (got["from"], got["link"], got["data"]) == (meeting.claimant.pk, "one", {"hello": True})
    await claimant.say(type="signal", to=other.respondent.pk, link="one", data={"hello": True})
    assert (await claimant.hear("unreachable"))["seat"] == other.respondent.pk
    assert await respondent.quiet("signal")
    for person in (judge, claimant, respondent):
        await person.leave()


async def test_a_second_tab_takes_the_seat_and_the_first_is_told_once(browser, meeting):
    await in_house(agree, meeting)
    judge = await browser("judge", meeting.room).enter()
    first = await browser("claimant", meeting.room).enter(tab="first")
    second = await browser("claimant", meeting.room).enter(tab="second")
    assert (await first.hear("lost"))["reason"] == "taken_over"
    assert await first.closed_with() == 4409
    await judge.say(type="signal", to=meeting.claimant.pk, link="l", data={"hello": True})
    assert (await second.hear("signal"))["from"] == meeting.judge.pk
    await judge.leave()
    await second.leave()


async def test_a_page_whose_socket_was_lost_catches_up_by_the_last_event_it_knows(browser, meeting):
    await in_house(agree, meeting)
    judge = await browser("judge", meeting.room).enter()
    claimant = await browser("claimant", meeting.room).enter(tab="same")
    known = await in_house(lambda: RoomEvent.objects.filter(room=meeting.room).latest("pk").pk)
    await claimant.leave()
    await judge.say(type="start")
    await judge.hear("news", lambda m: m["state"]["room"]["started"])
    back = browser("claimant", meeting.room)
    await back.connect()
    await back.say(type="enter", tab="same", sound=True, event=known)
    while "returned" not in back.events:
        await back.hear("news")
    assert [k for k in back.events if k != "came"] == ["left", "started", "recording_started", "returned"]
    await judge.leave()
    await back.leave()


async def test_lost_notices_are_healed_by_the_next_heartbeat(browser, meeting):
    await in_house(agree, meeting)
    judge = await browser("judge", meeting.room).enter()
    await in_house(lambda: RoomEvent.objects.create(room=meeting.room, kind="started"))
    await judge.say(type="ping", t=1)
    await judge.hear("news", lambda m: any(e["kind"] == "started" for e in m["events"]))
    await judge.leave()


async def clear(seat) -> None:
    """What the house does with a connection that shows no life for a while."""
    long_ago = timezone.now() - timedelta(minutes=1)
    await in_house(lambda: Seat.objects.filter(pk=seat.pk).update(connection="", seen_at=long_ago))


async def test_a_connection_taken_for_dead_comes_in_anew_and_nobody_is_told_of_another_page(browser, meeting):
    await in_house(agree, meeting)
    claimant = await browser("claimant", meeting.room).enter()
    await clear(meeting.claimant)
    await claimant.say(type="ping", t=1)
    assert await claimant.closed_with() == 4410
    assert "pong" in claimant.kinds
    again = await browser("claimant", meeting.room).enter()
    assert "lost" not in claimant.kinds + again.kinds
    await again.leave()


async def test_a_socket_its_page_gave_up_does_not_drive_the_page_out_by_coming_in_late(browser, meeting):
    await in_house(agree, meeting)
    newest = await browser("claimant", meeting.room).enter(tab="one page")
    late = await browser("claimant", meeting.room).enter(tab="one page")
    assert await newest.closed_with() == 4410 and "lost" not in newest.kinds
    back = await browser("claimant", meeting.room).enter(tab="one page")
    await late.leave()
    assert await back.quiet("lost")
    await back.leave()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"tab": "other", "connection": "other"}, "taken_over"),
        ({"removed_at": timezone.now(), "connection": ""}, "unseated"),
        ({"tab": "another that left", "connection": ""}, "taken_over"),
        ({"agreed_at": None, "connection": ""}, "not_agreed"),
    ],
)
async def test_a_page_that_missed_the_news_of_its_place_hears_it_by_the_next_heartbeat(
    browser, meeting, change, reason
):
    await in_house(agree, meeting)
    claimant = await browser("claimant", meeting.room).enter()
    await in_house(lambda: Seat.objects.filter(pk=meeting.claimant.pk).update(**change))
    await claimant.say(type="ping", t=1)
    assert (await claimant.hear("lost"))["reason"] == reason
    assert await claimant.closed_with() == 4409


async def test_a_private_talk_is_closed_to_everybody_else(browser, hold):
    held = await in_house(hold, Recorded.IF_ALL_AGREE)
    await in_house(agree, held)
    judge = await browser("judge", held.room).enter()
    claimant = await browser("claimant", held.room).enter()
    respondent = await browser("respondent", held.room).enter()
    side = await in_house(
        lambda: services.make_room(name="Private", recorded="never", opens_at=timezone.now(), inside=held.room)
    )
    await in_house(services.call_aside, held.room, side, [held.judge, held.claimant])

    def called(message):
        return [event["details"].get("url") for event in message["events"] if event["kind"] == "called_aside"]

    assert called(await claimant.hear("news", called)) == [f"/rooms/{side.pk}/"]
    assert called(await respondent.hear("news", called)) == [None]
    denied = browser("respondent", side)
    assert (await denied.connect())[0] is False

    # Going aside takes the seat in the main room, even from a page that stayed open.
    judge_aside = await browser("judge", side).enter()
    claimant_aside = await browser("claimant", side).enter()
    assert (await claimant.hear("lost"))["reason"] == "elsewhere"
    assert (await judge.hear("lost"))["reason"] == "elsewhere"
    await respondent.say(type="signal", to=held.claimant.pk, link="l", data={"hello": True})
    await respondent.hear("unreachable")
    own = await in_house(lambda: Seat.objects.get(room=side, user=held.judge.user).pk)
    await claimant_aside.say(type="signal", to=own, link="l", data={"hello": True})
    await judge_aside.hear("signal")
    await claimant_aside.say(type="signal", to=held.respondent.pk, link="l", data={"hello": True})
    await claimant_aside.hear("unreachable")
    await claimant_aside.say(type="chat", text="between us")
    await judge_aside.hear("news", lambda m: m["chat"])
    assert await respondent.quiet("signal")
    assert "between us" not in respondent.chat
    assert await in_house(lambda: ChatMessage.objects.filter(room=held.room).count()) == 0
    assert await in_house(lambda: Absence.objects.filter(ended_at=None).count()) == 2

    await in_house(services.bring_back, side)
    assert (await judge_aside.hear("lost"))["reason"] == "called_back"
    assert (await claimant_aside.hear("lost"))["reason"] == "called_back"
    back = await browser("claimant", held.room).enter()
    await respondent.say(type="signal", to=held.claimant.pk, link="l", data={"hello": True})
    await back.hear("signal")
    await respondent.leave()
    await back.leave()
    await asyncio.sleep(0)
