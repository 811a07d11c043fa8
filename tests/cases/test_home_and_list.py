"""Home for everybody, and the list of cases."""

import pytest

from court.cases.models import Case
from court.cases.services import move

pytestmark = pytest.mark.django_db


def test_somebody_unknown_reads_what_the_court_does(door):
    page = door.nobody.get("/").content.decode()
    assert "How it goes" in page
    assert "/account/login/" in page
    assert "What you must do" not in page


def test_a_litigant_sees_what_to_do_and_their_cases(case, door):
    page = door.claimant.get("/").content.decode()
    assert page.index("What you must do") < page.index("Your cases</h2>")
    assert "Kim v Li" in page
    assert f"/cases/{case.number}/" in page
    assert "Waiting for answer" in page


def test_a_stranger_with_no_case_is_told_the_next_step(case, door):
    page = door.stranger.get("/").content.decode()
    assert "You have no cases yet" in page
    assert "Kim v Li" not in page


def test_a_clerk_sees_how_many_cases_stand_where(a_case, door):
    a_case("submitted", "One v Two")
    a_case("served", "Three v Four")
    page = door.clerk.get("/")
    assert {(item.stage, item.count) for item in page.context["stages"]} == {("submitted", 1), ("served", 1)}


def test_the_last_moved_case_stands_first_at_home(a_case, cast, door):
    first, second = a_case("issued", "First v Moved"), a_case("issued", "Second v Made")
    move(first, "serve", by=cast.clerk)
    assert [row.case for row in door.claimant.get("/").context["rows"]] == [first, second]


def test_many_cases_leave_home_short_and_the_list_in_pages(a_case, door):
    for number in range(24):
        a_case("submitted", f"Case number {number:02}")
    home = door.claimant.get("/")
    assert len(home.context["rows"]) == 10
    assert "14 more cases" in home.content.decode()
    assert len(door.clerk.get("/cases/").context["rows"]) == 20
    assert len(door.clerk.get("/cases/?page=2").context["rows"]) == 4


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?stage=submitted", {"Green v Brown"}),
        ("?q=brown", {"Green v Brown"}),
        ("?q=C-20", {"Kim v Li"}),
        ("?q=li wei", {"Kim v Li", "Green v Brown"}),
        ("?q=li brown", {"Green v Brown"}),
        ("?q=nothing+fits", set()),
        ("?stage=nonsense", {"Kim v Li", "Green v Brown"}),
        ("?page=-4&q=", {"Kim v Li", "Green v Brown"}),
    ],
)
def test_cases_are_found_by_stage_title_number_and_party(a_case, door, query, titles):
    a_case("served", "Kim v Li")
    a_case("submitted", "Green v Brown")
    page = door.clerk.get(f"/cases/{query}")
    assert {row.case.title for row in page.context["rows"]} == titles
    if not titles:
        assert "No case fits" in page.content.decode()


def test_the_list_has_only_what_one_may_see(case, cast, door):
    assert door.stranger.get("/cases/").context["page"].paginator.count == 0
    assert door.administrator.get("/cases/").context["page"].paginator.count == 0
    assert door.respondent.get("/cases/").context["page"].paginator.count == 1
    Case.objects.filter(pk=case.pk).update(sealed=True)
    assert door.clerk.get("/cases/").context["page"].paginator.count == 0
