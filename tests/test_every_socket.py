"""Every live connection of the court and whom it lets in: one table, held to the code as the addresses are."""

import asyncio
import json

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator

from court.asgi import application
from court.rooms.routing import websocket_urlpatterns
from tests.conftest import PEOPLE

pytestmark = pytest.mark.django_db

EVERYBODY = ("nobody", *PEOPLE)
HERE = "http://testserver"

# The route, which room, and who is let in. Everybody else is refused before the connection is accepted.
TABLE = {
    ("ws/rooms/<uuid:id>/", "listed.room"): {"claimant", "respondent", "judge", "clerk", "interpreter"},
    ("ws/rooms/<uuid:id>/", "ended.room"): {"claimant", "respondent", "judge"},
    ("ws/rooms/<uuid:id>/", "live.room"): {"claimant", "respondent", "mediator"},
    ("ws/rooms/<uuid:id>/", "caucus"): {"claimant", "mediator"},
    ("ws/rooms/<uuid:id>/", "sealed_hearing.room"): {"claimant", "respondent"},
}


def knock(path: str, cookies: dict[str, str], origin: str = HERE, message: object = None) -> tuple[bool, object]:
    """Whether the connection is accepted, and what the first message of the browser is answered with."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = {"origin": origin, "host": "testserver", "cookie": cookie}
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": [],
    }

    async def do() -> tuple[bool, object]:
        browser = ApplicationCommunicator(application, scope)
        await browser.send_input({"type": "websocket.connect"})
        let_in = (await browser.receive_output(10))["type"] == "websocket.accept"
        answer = None
        if let_in and message is not None:
            await browser.send_input({"type": "websocket.receive", "text": json.dumps(message)})
            answer = json.loads((await browser.receive_output(10))["text"])
        await browser.send_input({"type": "websocket.disconnect", "code": 1001})
        left, _ = await asyncio.wait([browser.future], timeout=10)
        assert left, "The court's side of the socket lives on after the browser has gone."
        browser.future.result()
        return let_in, answer

    return async_to_sync(do)()


def path_of(of: str, world) -> str:
    room = world
    for part in of.split("."):
        room = getattr(room, part)
    return f"/ws/rooms/{room.pk}/"


def test_the_table_knows_every_socket_and_no_other():
    there = {str(pattern.pattern) for pattern in websocket_urlpatterns}
    assert {route for route, _ in TABLE} == there


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize(("route", "of"), TABLE)
def test_a_socket_is_opened_for_who_has_a_seat_and_for_nobody_else(route, of, person, at_court):
    let_in, _ = knock(path_of(of, at_court.world), at_court.cookies.get(person, {}))
    assert let_in == (person in TABLE[route, of])


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "http://testserver.elsewhere.example"])
def test_a_page_of_another_site_cannot_open_a_socket(origin, at_court):
    path = path_of("listed.room", at_court.world)
    assert knock(path, at_court.cookies["judge"], origin=origin)[0] is False
    assert knock(path, at_court.cookies["judge"], origin=HERE)[0] is True


@pytest.mark.parametrize("person", EVERYBODY)
def test_a_room_that_does_not_exist_is_as_closed_as_one_without_a_seat(person, at_court):
    path = "/ws/rooms/11111111-2222-4333-8444-555555555555/"
    assert knock(path, at_court.cookies.get(person, {}))[0] is False


def test_staff_without_a_second_factor_are_refused_where_it_is_demanded(at_court, settings):
    path = path_of("listed.room", at_court.world)
    settings.COURT_STAFF_NEED_SECOND_FACTOR = True
    assert knock(path, at_court.cookies["judge"])[0] is False
    assert knock(path, at_court.cookies["claimant"])[0] is True


def test_nothing_is_done_for_a_socket_that_has_not_come_in(at_court):
    for deed in ({"type": "start"}, {"type": "end"}, {"type": "chat", "text": "Hello"}, {"type": "mute", "seat": 1}):
        _, answer = knock(path_of("ended.room", at_court.world), at_court.cookies["judge"], message=deed)
        assert answer == {"type": "error", "code": "enter_first"}


def test_a_signed_out_browser_cannot_open_a_socket(at_court, client):
    path, cookies = path_of("listed.room", at_court.world), at_court.cookies["claimant"]
    assert knock(path, cookies)[0] is True
    client.cookies.load(cookies)
    client.post("/account/logout/")
    assert knock(path, cookies)[0] is False
