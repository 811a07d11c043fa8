"""Listing: who may, at what time, and who is told."""

from datetime import UTC, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from court.accounts.models import Office, User
from court.cases.access import appoint
from court.cases.models import Case, Role
from court.hearings.models import Hearing
from court.rooms.models import Recorded
from tests.stages_of_a_case import answered, issued


def letters_to(person: str):
    return [letter for letter in mail.outbox if letter.to == [person]]


def calendar_of(letter) -> Calendar:
    name, content, kind = letter.attachments[0]
    assert name.endswith(".ics") and kind.startswith("text/calendar")
    return Calendar.from_ical(content)


def test_a_clerk_lists_a_hearing_and_the_case_says_so(door, cast, answered_case, list_hearing, day, at):
    hearing = list_hearing(answered_case)
    assert hearing.starts_at == at(day, "10:00")
    assert hearing.room.recorded == Recorded.ALWAYS
    assert Case.objects.get(pk=answered_case.pk).stage == "listed"
    page = door.claimant.get(f"/cases/{answered_case.label}/docket/").content.decode()
    assert "Hearing listed for" in page and "before Judge Ada Park" in page
    section = door.respondent.get(f"/cases/{answered_case.label}/").content.decode()
    assert f"/hearings/{hearing.pk}/" in section


def test_the_judge_hosts_and_each_side_has_a_place(cast, answered_case, list_hearing):
    hearing = list_hearing(answered_case)
    seats = {seat.user: (seat.role, seat.host) for seat in hearing.room.seats.all()}
    assert seats == {
        cast.judge: ("judge", True),
        cast.claimant: ("claimant", False),
        cast.respondent: ("respondent", False),
        cast.clerk: ("clerk", False),
    }


def test_the_judge_of_the_hearing_may_decide_the_case_from_then_on(door, answered_case, list_hearing):
    assert door.judge.get(f"/cases/{answered_case.label}/").status_code == 404
    list_hearing(answered_case)
    assert door.judge.get(f"/cases/{answered_case.label}/").status_code == 200


def test_the_cases_judge_may_list_a_hearing_themselves(door, cast, answered_case, typed):
    appoint(answered_case, cast.judge, Role.JUDGE)
    page = door.judge.get(f"/cases/{answered_case.label}/hearings/new/")
    assert page.context["form"].initial["judge"] == cast.judge
    assert door.judge.post(f"/cases/{answered_case.label}/hearings/new/", typed()).status_code == 302
    assert Hearing.objects.get().listed_by == cast.judge


@pytest.mark.parametrize("who", ["claimant", "respondent", "judge", "mediator", "stranger", "administrator"])
def test_nobody_else_finds_the_page_to_list_a_hearing(door, answered_case, typed, who):
    person = getattr(door, who)
    assert person.get(f"/cases/{answered_case.label}/hearings/new/").status_code == 404
    assert person.post(f"/cases/{answered_case.label}/hearings/new/", typed()).status_code == 404
    assert not Hearing.objects.exists()


def test_everybody_gets_one_letter_with_a_calendar_file(cast, answered_case, list_hearing, work, day, at):
    hearing = list_hearing(answered_case)
    mail.outbox.clear()
    work()
    for person in (cast.claimant, cast.respondent, cast.judge, cast.clerk):
        letters = [letter for letter in letters_to(person.email) if letter.attachments]
        assert len(letters) == 1
        assert answered_case.label in letters[0].subject and "10:00" in letters[0].subject
        calendar = calendar_of(letters[0])
        event = calendar.walk("VEVENT")[0]
        assert calendar["METHOD"] == "REQUEST"
        assert event["DTSTART"].dt == at(day, "10:00").astimezone(UTC)
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=60)
        assert event["SEQUENCE"] == 0
        assert str(hearing.room_id) in event["URL"]
        assert event["ORGANIZER"] == "mailto:registry@court.example"
        assert event["ATTENDEE"] == f"mailto:{person.email}"
    assert (
        len({str(calendar_of(letter).walk("VEVENT")[0]["UID"]) for letter in mail.outbox if letter.attachments}) == 1
    )


def test_the_letter_is_whole_as_a_mail_program_reads_it(cast, answered_case, list_hearing, work):
    list_hearing(answered_case)
    mail.outbox.clear()
    work()
    letter = next(one for one in letters_to(cast.claimant.email) if one.attachments)
    read = message_from_bytes(letter.message().as_bytes(), policy=default)
    part = next(part for part in read.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert Calendar.from_ical(part.get_content()).walk("VEVENT")
    assert "&#" not in letter.body and "&amp;" not in letter.body


def test_letters_and_calendar_files_speak_the_readers_language(cast, answered_case, list_hearing, work):
    User.objects.filter(pk=cast.claimant.pk).update(language="ko")
    hearing = list_hearing(answered_case)
    mail.outbox.clear()
    work()
    letter = next(one for one in letters_to(cast.claimant.email) if one.attachments)
    written = timezone.localtime(hearing.starts_at)
    assert f"{written.year}년 {written.month}월" in letter.subject
    other = next(one for one in letters_to(cast.respondent.email) if one.attachments)
    assert "년" not in other.subject


def test_a_time_gone_by_is_refused_at_the_date_with_free_times(door, answered_case, typed):
    answer = door.clerk.post(f"/cases/{answered_case.label}/hearings/new/", typed(date="2020-01-06"))
    assert answer.status_code == 400
    assert "This time has gone by" in str(answer.context["form"].errors["date"])
    assert len(answer.context["slots"]) == 3
    assert not Hearing.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("date", "9999-12-31"),
        ("date", "0001-01-01"),
        ("date", "yesterday"),
        ("date", ""),
        ("time", "25:00"),
        ("minutes", "100000"),
        ("judge", "0"),
        ("interpreters", "not an address"),
        ("witnesses", "nobody-has-this@example.org"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field_and_kept(door, answered_case, typed, field, wrong):
    answer = door.clerk.post(f"/cases/{answered_case.label}/hearings/new/", typed(**{field: wrong}))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert answer.context["form"][field].value() == wrong


def test_an_hour_that_the_clocks_skip_is_refused(door, answered_case, typed, settings):
    year = timezone.localdate().year + 1
    last = max(d for d in range(25, 32) if timezone.datetime(year, 3, d).weekday() == 6)
    answer = door.clerk.post(
        f"/cases/{answered_case.label}/hearings/new/", typed(date=f"{year}-03-{last}", time="01:30")
    )
    assert "does not exist" in str(answer.context["form"].errors["time"])


@pytest.mark.parametrize("clock", ["10:00", "10:30", "09:30"])
def test_the_judge_sits_in_one_place_at_a_time(door, cast, answered_case, list_hearing, typed, clock):
    list_hearing(answered_case)
    other = other_case(cast)
    answer = door.clerk.post(f"/cases/{other.label}/hearings/new/", typed(time=clock))
    assert answer.status_code == 400
    assert "The judge sits in another hearing" in str(answer.context["form"].errors["time"])
    assert Hearing.objects.count() == 1
    assert Case.objects.get(pk=other.pk).stage == "answered"


def other_case(cast) -> Case:
    """Another dispute, between other people, with the same court."""
    from dataclasses import replace

    make = get_user_model().objects.create_user
    people = {
        "claimant": make("other-claimant@example.org", name="Olu Ade"),
        "respondent": make("other-respondent@example.org", name="Pat Ray"),
    }
    return answered(replace(cast, **people))


def test_a_hearing_may_begin_when_another_ends(cast, answered_case, list_hearing):
    list_hearing(answered_case)
    list_hearing(other_case(cast), time="11:00")
    assert Hearing.objects.count() == 2


def test_a_party_is_not_asked_to_be_in_two_hearings(door, cast, answered_case, list_hearing, typed):
    list_hearing(answered_case)
    second = answered(cast)
    judge = User.objects.create_user("judge2@example.org", name="Bo Lind", office=Office.JUDGE)
    answer = door.clerk.post(f"/cases/{second.label}/hearings/new/", typed(judge=f"{judge.pk}"))
    assert "One of the people who must attend is not free" in str(answer.context["form"].errors["time"])


def test_a_case_is_not_heard_twice_at_once(door, answered_case, list_hearing, typed):
    list_hearing(answered_case)
    judge = User.objects.create_user("judge2@example.org", name="Bo Lind", office=Office.JUDGE)
    answer = door.clerk.post(f"/cases/{answered_case.label}/hearings/new/", typed(judge=f"{judge.pk}"))
    assert "This case has another sitting" in str(answer.context["form"].errors["time"])


def test_a_free_time_that_was_offered_can_be_taken_at_once(door, cast, answered_case, list_hearing, typed):
    first = list_hearing(answered_case)
    other = other_case(cast)
    refused = door.clerk.post(f"/cases/{other.label}/hearings/new/", typed())
    slot = refused.context["slots"][0]
    assert slot["words"] in refused.content.decode()
    assert door.clerk.post(f"/cases/{other.label}/hearings/new/", typed(slot=slot["value"])).status_code == 302
    second = Hearing.objects.get(case=other)
    assert second.starts_at >= first.ends_at or second.ends_at <= first.starts_at


def test_free_times_are_on_days_on_which_the_court_sits(door, answered_case, list_hearing, typed):
    from court.cases.deadlines import is_working_day

    list_hearing(answered_case)
    refused = door.clerk.post(f"/cases/{answered_case.label}/hearings/new/", typed(minutes="360"))
    slots = [timezone.datetime.fromisoformat(slot["value"]) for slot in refused.context["slots"]]
    assert len(slots) == 3
    assert all(is_working_day(slot.date()) and 9 <= slot.hour < 17 for slot in slots)


def test_a_witness_sees_the_hearing_and_nothing_of_the_case(door, cast, answered_case, list_hearing):
    hearing = list_hearing(answered_case, witnesses=cast.stranger.email)
    assert hearing.room.seats.get(user=cast.stranger).role == Role.WITNESS
    assert door.stranger.get(f"/hearings/{hearing.pk}/").status_code == 200
    assert door.stranger.get(f"/cases/{answered_case.label}/").status_code == 404


def test_interpreters_and_observers_get_a_place(cast, answered_case, list_hearing):
    hearing = list_hearing(
        answered_case, interpreters=cast.interpreter.email.upper(), observers=f"{cast.observer.email}, "
    )
    roles = dict(hearing.room.seats.values_list("user__name", "role"))
    assert roles[cast.interpreter.name] == "interpreter"
    assert roles[cast.observer.name] == "observer"


@pytest.mark.parametrize("taken", ["claimant", "judge"])
def test_nobody_attends_in_two_parts(door, cast, answered_case, typed, taken):
    person = getattr(cast, taken)
    answer = door.clerk.post(f"/cases/{answered_case.label}/hearings/new/", typed(witnesses=person.email))
    assert "another part" in str(answer.context["form"].errors["witnesses"])


def test_the_mediator_of_a_case_cannot_be_its_judge(door, cast, answered_case, typed):
    both = User.objects.create_user("both@example.org", name="Bea Otis", office=Office.JUDGE)
    appoint(answered_case, both, Role.MEDIATOR)
    answer = door.clerk.post(f"/cases/{answered_case.label}/hearings/new/", typed(judge=f"{both.pk}"))
    assert "judge" in answer.context["form"].errors


def test_no_hearing_is_listed_before_the_claim_is_served(door, cast, typed):
    case = issued(cast)
    page = door.clerk.get(f"/cases/{case.label}/hearings/new/")
    assert "No hearing can be listed now" in page.content.decode()
    answer = door.clerk.post(f"/cases/{case.label}/hearings/new/", typed())
    assert answer.status_code == 400
    assert not Hearing.objects.exists()


def test_a_respondent_who_has_not_joined_is_told_and_gets_a_place_on_joining(door, cast, list_hearing, work):
    from court.cases.services import move
    from court.filings.models import Invitation
    from court.filings.services import join_case

    case = issued(cast)
    move(case, "serve", by=cast.clerk)
    hearing = list_hearing(case)
    work()
    told = [letter for letter in letters_to(cast.respondent.email) if letter.attachments]
    assert len(told) == 1 and "have not joined the case yet" in told[0].body
    assert str(hearing.room_id) not in told[0].body
    mail.outbox.clear()
    join_case(Invitation.objects.get(party__case=case, revoked_at=None), by=cast.respondent)
    work()
    assert hearing.room.seats.get(user=cast.respondent).role == "respondent"
    again = [letter for letter in letters_to(cast.respondent.email) if letter.attachments]
    assert len(again) == 1 and str(hearing.room_id) in again[0].body


@pytest.mark.parametrize(("ahead", "warned"), [(3, True), (40, False)])
def test_short_notice_is_pointed_out_with_its_rule_and_allowed(door, answered_case, typed, day, ahead, warned):
    path = f"/cases/{answered_case.label}/hearings/new/"
    page = door.clerk.post(path, typed(date=f"{day + timedelta(days=ahead - 30)}"), follow=True).content.decode()
    assert ("rule R-20" in page) is warned
    assert Hearing.objects.count() == 1
