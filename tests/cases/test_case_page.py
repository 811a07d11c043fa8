"""The case page, its docket, and that no stranger learns that a case exists."""

import pytest

from court.cases.models import Audience, Stage
from court.cases.services import record
from court.cases.standing import STANDS

pytestmark = pytest.mark.django_db


def test_the_page_answers_where_it_stands_and_what_one_must_do(case, door):
    page = door.claimant.get(f"/cases/{case.number}/").content.decode()
    assert "<h1>Kim v Li</h1>" in page
    assert "The court waits for the answer." in page
    assert "Since" in page
    assert page.index("Where it stands") < page.index("What you must do") < page.index('id="people"')
    assert page.index('id="people"') < page.index('id="docket"')
    assert "Your part: Claimant" in page


def test_every_stage_says_where_a_case_stands():
    assert set(STANDS) == set(Stage.values)


def test_a_case_is_found_by_its_reference_too(case, door):
    assert door.claimant.get(f"/cases/{case.reference}/").status_code == 200


def test_a_settled_case_says_that_it_is_closed(a_case, door):
    page = door.claimant.get(f"/cases/{a_case('settled').number}/").content.decode()
    assert "The parties settled. The case is closed." in page
    assert "Nothing. The case is closed." in page
    assert "stepper" not in page.split('id="must"')[0].split('id="standing"')[1]


@pytest.mark.parametrize("path", ["", "docket/", "people/"])
def test_a_stranger_cannot_learn_that_a_case_exists(case, door, path):
    for part in ("stranger", "administrator", "judge", "mediator", "interpreter"):
        there = getattr(door, part).get(f"/cases/{case.number}/{path}")
        nowhere = getattr(door, part).get(f"/cases/C-2026-9999/{path}")
        assert there.status_code == nowhere.status_code == 404, part
        assert case.number not in there.content.decode().replace(f"/cases/{case.number}/", "")


@pytest.mark.parametrize("path", ["people/", "people/1/release/", "seal/"])
def test_nobody_but_a_clerk_changes_who_is_in_a_case(case, door, path):
    for part in ("stranger", "judge", "claimant", "respondent"):
        answer = getattr(door, part).post(f"/cases/{case.number}/{path}", {"reason": "x", "email": "a@b.org"})
        assert answer.status_code == 404, part
    case.refresh_from_db()
    assert not case.sealed


def test_somebody_unknown_signs_in_first_whether_or_not_the_case_exists(case, door):
    for number in (case.number, "C-2026-9999"):
        assert door.nobody.get(f"/cases/{number}/")["Location"] == f"/account/login/?next=/cases/{number}/"


def test_a_draft_is_seen_by_its_author_alone(a_case, door):
    draft = a_case("draft")
    assert door.claimant.get(f"/cases/{draft.reference}/").status_code == 200
    assert door.clerk.get(f"/cases/{draft.reference}/").status_code == 404
    assert draft.reference not in door.clerk.get("/cases/").content.decode()


def test_addresses_are_shown_to_the_registry_and_to_oneself_only(case, door):
    assert "020 7946 0000" in door.clerk.get(f"/cases/{case.number}/").content.decode()
    assert "020 7946 0000" in door.claimant.get(f"/cases/{case.number}/").content.decode()
    other = door.respondent.get(f"/cases/{case.number}/").content.decode()
    assert "Kim Jiwoo" in other
    assert "020 7946 0000" not in other


def test_the_docket_tells_what_was_done_by_whom_and_when(case, door):
    page = door.claimant.get(f"/cases/{case.number}/docket/").content.decode()
    for words in (
        "The claim was sent to the court.",
        "The court accepted the claim.",
        "The claim was served on the respondent.",
        "Tom Reed",
        "GMT",
    ):
        assert words in page


def test_a_long_docket_has_pages(case, cast, door):
    for number in range(60):
        record(case, "appoint", by=cast.clerk, name=f"Person {number}.", role="observer")
    first = door.clerk.get(f"/cases/{case.number}/docket/").content.decode()
    last = door.clerk.get(f"/cases/{case.number}/docket/?page=3").content.decode()
    assert "Person 59." in first
    assert "The claim was sent to the court." not in first
    assert "The claim was sent to the court." in last
    assert door.clerk.get(f"/cases/{case.number}/docket/?page=nonsense").status_code == 200


def test_what_the_mediation_wrote_is_not_in_the_clerks_docket(case, cast, door):
    record(case, "settle", by=cast.claimant, audience=Audience.MEDIATION)
    assert "settled the case" not in door.clerk.get(f"/cases/{case.number}/docket/").content.decode()
    assert "settled the case" in door.respondent.get(f"/cases/{case.number}/docket/").content.decode()
    assert "settled the case" not in door.clerk.get(f"/cases/{case.number}/").content.decode()


def test_a_name_with_markup_is_shown_as_text(a_case, door):
    nasty = a_case(title="<script>alert(1)</script> v 100% of them")
    page = door.clerk.get(f"/cases/{nasty.number}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
