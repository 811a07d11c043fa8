"""Clerks give and take parts in a case, and seal it."""

import pytest
from django.core import mail

from court.accounts.models import Office, User
from court.cases.models import Appointment

pytestmark = pytest.mark.django_db


def appoint(door, case, email, role):
    return door.clerk.post(f"/cases/{case.number}/people/", {"email": email, "role": role}, follow=True)


def seal(browser, case, to="sealed", reason="A child is named."):
    return browser.post(f"/cases/{case.number}/seal/", {"reason": reason, "to": to}, follow=True)


@pytest.mark.parametrize("role", ["judge", "mediator", "interpreter", "observer"])
def test_whoever_is_appointed_sees_the_case_and_gets_a_letter(case, cast, door, work, role):
    browser = getattr(door, role)
    assert browser.get(f"/cases/{case.number}/").status_code == 404
    page = appoint(door, case, f"{role}@example.org", role).content.decode()
    assert "was appointed and gets a letter" in page
    assert browser.get(f"/cases/{case.number}/").status_code == 200
    work()
    assert [letter.to for letter in mail.outbox] == [[f"{role}@example.org"]]
    assert case.number in mail.outbox[0].subject
    docket = door.claimant.get(f"/cases/{case.number}/docket/").content.decode()
    assert f"{getattr(cast, role).name} was appointed." in docket


@pytest.mark.parametrize(
    ("email", "role", "told"),
    [
        ("nobody@example.org", "judge", "Nobody has an account"),
        ("not an address", "judge", "valid email"),
        ("", "judge", "required"),
        ("clerk@example.org", "judge", "does not hold the office"),
        ("stranger@example.org", "mediator", "does not hold the office"),
        ("claimant@example.org", "observer", "party of the case"),
        ("judge@example.org", "king", "valid choice"),
    ],
)
def test_who_cannot_have_a_part_is_told_where_it_was_typed(case, door, email, role, told):
    page = appoint(door, case, email, role)
    assert page.status_code == 422
    assert told in page.content.decode()
    assert not Appointment.objects.exists()


def test_a_party_who_has_not_joined_cannot_be_appointed_either(a_case, cast, door):
    case = a_case("issued")
    assert "party of the case" in appoint(door, case, cast.respondent.email, "observer").content.decode()


def test_the_mediator_of_a_case_never_judges_it(case, cast, door):
    appoint(door, case, cast.mediator.email, "mediator")
    User.objects.filter(pk=cast.mediator.pk).update(office=Office.JUDGE)
    assert "cannot also be its mediator" in appoint(door, case, cast.mediator.email, "judge").content.decode()


def test_the_same_part_is_not_given_twice(case, cast, door):
    appoint(door, case, cast.judge.email, "judge")
    assert "has that part already" in appoint(door, case, cast.judge.email.upper(), "judge").content.decode()
    assert case.docket.filter(kind="appoint").count() == 1


def test_a_part_taken_away_closes_the_case_to_that_person(case, cast, door):
    appoint(door, case, cast.observer.email, "observer")
    number = case.appointments.get().pk
    door.clerk.post(f"/cases/{case.number}/people/{number}/release/")
    assert door.observer.get(f"/cases/{case.number}/").status_code == 404
    assert "Sam Blake was released." in door.claimant.get(f"/cases/{case.number}/docket/").content.decode()
    assert door.clerk.post(f"/cases/{case.number}/people/{number}/release/").status_code == 404


def test_a_part_in_another_case_cannot_be_taken_away_through_this_one(a_case, cast, door):
    one, other = a_case(), a_case()
    appoint(door, one, cast.judge.email, "judge")
    number = one.appointments.get().pk
    assert door.clerk.post(f"/cases/{other.number}/people/{number}/release/").status_code == 404
    assert one.appointments.count() == 1


def test_a_sealed_case_is_gone_for_other_clerks_and_there_for_who_sealed_it(case, cast, door):
    other = User.objects.create_user("second@example.org", "x" * 12, name="Second Clerk", office=Office.CLERK)
    browser = type(door.clerk)()
    browser.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get(f"/cases/{case.number}/").status_code == 200
    assert "The case is sealed." in seal(door.clerk, case).content.decode()
    assert browser.get(f"/cases/{case.number}/").status_code == 404
    assert case.number not in browser.get("/cases/").content.decode()
    assert browser.post(f"/cases/{case.number}/seal/", {"reason": "x", "to": "open"}).status_code == 404
    page = door.clerk.get(f"/cases/{case.number}/").content.decode()
    assert "Sealed" in page
    assert "A child is named." in page
    assert door.claimant.get(f"/cases/{case.number}/").status_code == 200
    seal(door.clerk, case, to="open", reason="The child came of age.")
    assert browser.get(f"/cases/{case.number}/").status_code == 200


def test_sealing_needs_a_reason_and_happens_once(case, door):
    assert seal(door.clerk, case, reason=" ").status_code == 422
    seal(door.clerk, case)
    assert "done already" in seal(door.clerk, case).content.decode()
    assert case.docket.filter(kind="seal").count() == 1


def test_the_last_clerk_of_a_sealed_case_stays(case, cast, door):
    seal(door.clerk, case)
    number = case.appointments.get().pk
    page = door.clerk.post(f"/cases/{case.number}/people/{number}/release/", follow=True)
    assert "Appoint another one first" in page.content.decode()
    assert door.clerk.get(f"/cases/{case.number}/").status_code == 200
