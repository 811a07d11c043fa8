"""Moving and cancelling: who may, when it is too late, and what people's calendars are told."""

import pytest
from django.core import mail
from icalendar import Calendar

from court.cases.models import Case
from court.hearings.models import Hearing, HearingState
from court.hearings.services import TooLate, cancel_hearing, move_hearing
from tests.stages_of_a_case import answered, served


def move(door, hearing, day, clock="14:00", **changes):
    typed = {"date": f"{day}", "time": clock, "minutes": "60", **changes}
    return door.clerk.post(f"/hearings/{hearing.pk}/move/", typed)


def last_event(person: str):
    letter = [one for one in mail.outbox if one.to == [person] and one.attachments][-1]
    _name, content, kind = letter.attachments[0]
    calendar = Calendar.from_ical(content)
    return kind, str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


def test_a_moved_hearing_keeps_its_name_in_everybodys_calendar(door, cast, answered_case, list_hearing, work, day, at):
    hearing = list_hearing(answered_case)
    work()
    _kind, _method, before = last_event(cast.claimant.email)
    assert move(door, hearing, day).status_code == 302
    work()
    kind, method, after = last_event(cast.claimant.email)
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before["UID"] == after["UID"] and method == "REQUEST" and "method=REQUEST" in kind
    assert after["DTSTART"].dt == at(day, "14:00")
    hearing.refresh_from_db()
    assert hearing.room.opens_at == at(day, "14:00")
    page = door.respondent.get(f"/cases/{answered_case.label}/docket/").content.decode()
    assert "Hearing moved from" in page


def test_a_hearing_can_be_moved_within_its_own_time(door, answered_case, list_hearing, day):
    hearing = list_hearing(answered_case)
    assert move(door, hearing, day, "10:30").status_code == 302


def test_a_hearing_is_not_moved_to_a_taken_time(door, cast, answered_case, list_hearing, day):
    list_hearing(answered_case)
    second = list_hearing(answered(cast), time="12:00")
    answer = move(door, second, day, "10:30")
    assert answer.status_code == 400 and answer.context["slots"]
    second.refresh_from_db()
    assert second.sequence == 0


def test_a_hearing_is_not_moved_into_the_past(door, answered_case, list_hearing):
    hearing = list_hearing(answered_case)
    answer = move(door, hearing, "2021-05-05")
    assert answer.status_code == 400 and "date" in answer.context["form"].errors


def test_of_two_who_move_a_hearing_one_is_told_to_look_again(cast, answered_case, list_hearing, day, at):
    hearing = list_hearing(answered_case)
    stale = Hearing.objects.select_related("case", "room", "judge").get(pk=hearing.pk)
    move_hearing(hearing, starts_at=at(day, "14:00"), minutes=60, by=cast.clerk)
    with pytest.raises(TooLate):
        move_hearing(stale, starts_at=at(day, "15:00"), minutes=60, by=cast.clerk)
    with pytest.raises(TooLate):
        cancel_hearing(stale, reason="Too late", by=cast.clerk)


def test_a_cancelled_hearing_leaves_everybodys_calendar(door, cast, answered_case, list_hearing, work):
    hearing = list_hearing(answered_case)
    reason = "The judge is ill & can't sit."
    assert door.clerk.post(f"/hearings/{hearing.pk}/cancel/", {"reason": reason}).status_code == 302
    work()
    kind, method, event = last_event(cast.respondent.email)
    assert method == "CANCEL" and "method=CANCEL" in kind
    assert event["STATUS"] == "CANCELLED" and event["SEQUENCE"] == 1
    letter = [one for one in mail.outbox if one.to == [cast.respondent.email]][-1]
    assert reason in letter.body
    assert "cancelled" in door.claimant.get(f"/cases/{answered_case.label}/docket/").content.decode()


def test_a_hearing_is_not_cancelled_without_a_reason(door, answered_case, list_hearing):
    hearing = list_hearing(answered_case)
    assert door.clerk.post(f"/hearings/{hearing.pk}/cancel/", {"reason": " "}).status_code == 400
    hearing.refresh_from_db()
    assert hearing.state == HearingState.LISTED


@pytest.mark.parametrize("stood", [served, answered])
def test_a_case_whose_only_hearing_is_cancelled_stands_where_it_stood(door, cast, list_hearing, stood):
    case = stood(cast)
    before = Case.objects.get(pk=case.pk).stage
    hearing = list_hearing(case)
    door.clerk.post(f"/hearings/{hearing.pk}/cancel/", {"reason": "No longer needed"})
    assert Case.objects.get(pk=case.pk).stage == before


def test_a_case_with_another_date_stays_listed(door, answered_case, list_hearing):
    first = list_hearing(answered_case)
    list_hearing(answered_case, time="14:00")
    door.clerk.post(f"/hearings/{first.pk}/cancel/", {"reason": "One is enough"})
    assert Case.objects.get(pk=answered_case.pk).stage == "listed"


def test_a_cancelled_time_can_be_given_to_another_hearing(door, answered_case, list_hearing):
    first = list_hearing(answered_case)
    door.clerk.post(f"/hearings/{first.pk}/cancel/", {"reason": "A mistake"})
    assert list_hearing(answered_case).starts_at == first.starts_at


def test_a_hearing_in_session_is_neither_moved_nor_cancelled(door, soon_hearing, sit, day):
    sit(soon_hearing)
    for answer in (
        move(door, soon_hearing, day),
        door.clerk.post(f"/hearings/{soon_hearing.pk}/cancel/", {"reason": "Too late"}),
        door.clerk.get(f"/hearings/{soon_hearing.pk}/move/"),
    ):
        assert answer.status_code == 302
    assert "has begun" in door.clerk.get(f"/hearings/{soon_hearing.pk}/").content.decode()
    soon_hearing.refresh_from_db()
    assert (soon_hearing.state, soon_hearing.sequence) == (HearingState.LIVE, 0)


@pytest.mark.parametrize("who", ["claimant", "respondent", "mediator", "stranger", "administrator"])
@pytest.mark.parametrize("what", ["move", "cancel"])
def test_only_clerks_and_the_judge_change_a_hearing(door, answered_case, list_hearing, who, what):
    hearing = list_hearing(answered_case)
    assert getattr(door, who).get(f"/hearings/{hearing.pk}/{what}/").status_code == 404
    assert getattr(door, who).post(f"/hearings/{hearing.pk}/{what}/", {"reason": "No"}).status_code == 404
    assert door.judge.get(f"/hearings/{hearing.pk}/{what}/").status_code == 200
