"""An exhibit shown to everybody in a hearing: by whom, to whom, and what is kept of it."""

import hashlib

import pikepdf
import pytest
from django.utils import timezone
from PIL import Image

from court.cases.access import appoint
from court.cases.models import Role
from court.evidence.drawing import page_file
from court.evidence.receiving import Received, incoming
from court.evidence.services import admit_exhibit
from court.hearings.models import Presentation
from court.rooms.models import RoomEvent, Seat
from court.rooms.queries import state_of
from court.rooms.services import seat

PAGES = 5


@pytest.fixture
def exhibit(answered_case, tmp_path):
    """``exhibit(person, "pdf")`` is an exhibit this person put in."""

    def make(person, kind="png"):
        path = tmp_path / f"{person.pk}.{kind}"
        if kind == "pdf":
            with pikepdf.new() as document:
                for _ in range(PAGES):
                    document.add_blank_page(page_size=(300, 400))
                document.save(path)
        else:
            Image.new("RGB", (64, 48), "steelblue").save(path)
        content = path.read_bytes()
        arrived = incoming() / path.name
        arrived.write_bytes(content)
        received = Received(arrived, len(content), hashlib.sha256(content).hexdigest(), path.name)
        return admit_exhibit(answered_case, received, title="The frame", shows="It broke.", by=person)

    return make


@pytest.fixture
def live(soon_hearing, sit):
    """A hearing in session."""
    sit(soon_hearing)
    soon_hearing.refresh_from_db()
    return soon_hearing


def show(door, person, hearing, exhibit, page=""):
    return getattr(door, person).post(f"/hearings/{hearing.pk}/exhibits/", {"exhibit": exhibit.pk, "page": page})


def presented(hearing, user):
    """What this person's room is told."""
    return state_of(Seat.objects.get(room=hearing.room_id, user=user))["more"]["presented"]


def test_everybody_in_the_room_sees_what_the_judge_shows(door, cast, live, exhibit):
    found = exhibit(cast.claimant)
    assert presented(live, cast.respondent) is None
    answer = show(door, "judge", live, found)
    assert (answer.status_code, answer.json()["message"]) == (200, "Everybody sees exhibit C1 now.")
    assert RoomEvent.objects.filter(room=live.room_id, kind="exhibit_shown").exists()
    for person in (cast.claimant, cast.respondent, cast.judge, cast.clerk):
        told = presented(live, person)
        assert (told["label"], told["title"], told["kind"]) == ("C1", "The frame", "image")
        assert bool(told["away"]) == (person in (cast.judge, cast.clerk))
    picture = door.respondent.get(told["url"])
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")


@pytest.mark.parametrize(
    ("person", "own", "others"),
    [
        ("judge", 200, 200),
        ("clerk", 200, 200),
        ("claimant", 200, 404),
        ("interpreter", 404, 404),
        ("stranger", 404, 404),
        ("nobody", 302, 302),
    ],
)
def test_a_party_shows_their_own_exhibits_and_the_court_any(door, cast, live, exhibit, person, own, others):
    assert show(door, person, live, exhibit(cast.claimant)).status_code == own
    assert show(door, person, live, exhibit(cast.respondent)).status_code == others


def test_a_page_that_was_not_drawn_yet_is_drawn_and_then_shown(door, cast, live, exhibit, work):
    found = exhibit(cast.claimant, "pdf")
    assert show(door, "claimant", live, found, page="5").status_code == 200
    told = presented(live, cast.respondent)
    assert (told["page"], told["pages"], told["url"]) == (5, PAGES, None)
    work()
    assert page_file(found, 5)
    told = presented(live, cast.respondent)
    assert door.respondent.get(told["url"])["Content-Type"] == "image/png"


@pytest.mark.parametrize("page", ["6", "0", "-1", "x", "99999999999999999999"])
def test_a_page_that_is_not_there_is_refused_in_words(door, cast, live, exhibit, page):
    answer = show(door, "claimant", live, exhibit(cast.claimant, "pdf"), page=page)
    assert answer.status_code == 400
    assert "page" in answer.json()["message"]
    assert not Presentation.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "0", "999999", "99999999999999999999"])
def test_an_exhibit_that_is_not_there_is_not_shown(door, cast, live, exhibit, number):
    exhibit(cast.claimant)
    answer = door.claimant.post(f"/hearings/{live.pk}/exhibits/", {"exhibit": number})
    assert answer.status_code in (400, 404)
    assert not Presentation.objects.exists()


def test_showing_the_next_one_puts_the_first_away(door, cast, live, exhibit):
    show(door, "claimant", live, exhibit(cast.claimant, "pdf"))
    show(door, "respondent", live, exhibit(cast.respondent))
    first, second = Presentation.objects.order_by("pk")
    assert (first.until, second.until) == (second.at, None)
    assert presented(live, cast.claimant)["label"] == "R1"
    assert door.judge.get(f"/hearings/{live.pk}/exhibits/{first.pk}/file").status_code == 404


def test_what_is_shown_is_put_away_once_by_those_who_may(door, cast, live, exhibit):
    show(door, "claimant", live, exhibit(cast.claimant))
    shown = Presentation.objects.get()
    away = f"/hearings/{live.pk}/exhibits/{shown.pk}/away"
    assert door.respondent.post(away).status_code == 404
    assert door.claimant.post(away).status_code == 200
    assert door.claimant.post(away).status_code == 404
    assert presented(live, cast.judge) is None
    assert door.judge.get(f"/hearings/{live.pk}/exhibits/{shown.pk}/file").status_code == 404


def test_a_witness_sees_what_is_shown_and_nothing_else(door, cast, live, exhibit):
    appoint(live.case, cast.stranger, Role.WITNESS)
    seat(live.room, cast.stranger, role=Role.WITNESS)
    found = exhibit(cast.claimant)
    show(door, "judge", live, found)
    url = presented(live, cast.stranger)["url"]
    assert door.stranger.get(url).status_code == 200
    assert door.stranger.get(f"/exhibits/{found.pk}/").status_code == 404
    assert door.interpreter.get(url).status_code == 404  # has no place in this hearing


def test_nothing_is_shown_before_the_session_or_after_it(door, cast, soon_hearing, sit, exhibit):
    found = exhibit(cast.claimant)
    assert show(door, "judge", soon_hearing, found).status_code == 409
    sit(soon_hearing)
    show(door, "judge", soon_hearing, found)
    url = presented(soon_hearing, cast.claimant)["url"]
    sit(soon_hearing, end=True)
    assert Presentation.objects.get().until <= timezone.now()
    assert presented(soon_hearing, cast.claimant) is None
    assert door.claimant.get(url).status_code == 404
    assert show(door, "judge", soon_hearing, found).status_code == 409


def test_the_room_offers_the_exhibits_a_person_may_show(door, cast, live, exhibit):
    exhibit(cast.claimant), exhibit(cast.respondent)
    judge = door.judge.get(f"/rooms/{live.room_id}/").content.decode()
    claimant = door.claimant.get(f"/rooms/{live.room_id}/").content.decode()
    assert "C1 The frame" in judge and "R1 The frame" in judge
    assert "C1 The frame" in claimant and "R1 The frame" not in claimant
