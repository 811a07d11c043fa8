"""From the opened session to the heard case, and what each person sees of it."""

import pytest
from django.utils import timezone
from icalendar import Calendar

from court.cases.models import Case
from court.cases.page import duties_of
from court.hearings.models import Hearing, HearingState
from court.hearings.tasks import catch_up_with_rooms
from court.rooms.models import Room
from court.rooms.signals import session_ended, session_started


def docket(door, case) -> str:
    return door.claimant.get(f"/cases/{case.label}/docket/").content.decode()


def present(hearing, *people) -> None:
    for person in people:
        seat = hearing.room.seats.get(user=person)
        seat.connection, seat.seen_at = f"socket-{person.pk}", timezone.now()
        seat.save()


def test_an_opened_session_is_in_the_docket_with_who_was_there(door, cast, answered_case, soon_hearing, sit):
    present(soon_hearing, cast.judge, cast.claimant)
    sit(soon_hearing)
    soon_hearing.refresh_from_db()
    assert soon_hearing.state == HearingState.LIVE
    assert "Hearing opened. Present: Ada Park, Kim Jiwoo" in docket(door, answered_case)


def test_a_closed_session_leaves_the_case_heard(door, answered_case, soon_hearing, sit):
    sit(soon_hearing)
    sit(soon_hearing, end=True)
    soon_hearing.refresh_from_db()
    assert soon_hearing.state == HearingState.ENDED
    assert Case.objects.get(pk=answered_case.pk).stage == "heard"
    assert "Hearing ended after 1 minute" in docket(door, answered_case)


def test_a_signal_that_comes_twice_is_written_once(cast, answered_case, soon_hearing, sit):
    sit(soon_hearing)
    seat = soon_hearing.room.seats.get(host=True)
    session_started.send(Room, room=soon_hearing.room, seat=seat)
    sit(soon_hearing, end=True)
    session_ended.send(Room, room=Room.objects.get(pk=soon_hearing.room_id), seat=seat)
    kinds = [entry.kind for entry in answered_case.docket.all()]
    assert kinds.count("hearing_opened") == kinds.count("hearing_held") == 1


def test_a_signal_lost_with_the_server_is_made_up_for(answered_case, soon_hearing):
    now = timezone.now()
    Room.objects.filter(pk=soon_hearing.room_id).update(started_at=now, ended_at=now)
    catch_up_with_rooms()
    catch_up_with_rooms()
    soon_hearing.refresh_from_db()
    assert soon_hearing.state == HearingState.ENDED
    assert Case.objects.get(pk=answered_case.pk).stage == "heard"
    assert answered_case.docket.filter(kind="hearing_held").count() == 1


def test_an_adjourned_case_is_listed_again(answered_case, soon_hearing, sit, list_hearing):
    sit(soon_hearing)
    sit(soon_hearing, end=True)
    list_hearing(Case.objects.get(pk=answered_case.pk))
    assert Case.objects.get(pk=answered_case.pk).stage == "listed"


def test_a_case_heard_once_is_heard_after_its_second_date_is_cancelled(
    door, answered_case, soon_hearing, sit, list_hearing
):
    sit(soon_hearing)
    sit(soon_hearing, end=True)
    second = list_hearing(answered_case)
    door.clerk.post(f"/hearings/{second.pk}/cancel/", {"reason": "Not needed"})
    assert Case.objects.get(pk=answered_case.pk).stage == "heard"


def test_the_way_into_the_room_is_on_the_page_of_each_who_has_a_place(door, soon_hearing):
    for person in (door.claimant, door.respondent, door.judge, door.clerk):
        page = person.get(f"/hearings/{soon_hearing.pk}/").content.decode()
        assert "Enter the room" in page and f"/rooms/{soon_hearing.room_id}/" in page


@pytest.mark.parametrize("who", ["mediator", "interpreter", "stranger", "administrator"])
def test_a_stranger_cannot_learn_that_there_is_a_hearing(door, soon_hearing, who):
    person = getattr(door, who)
    for path in ("", "hearing.ics"):
        assert person.get(f"/hearings/{soon_hearing.pk}/{path}").status_code == 404
    assert "Kim Jiwoo" not in person.get("/hearings/").content.decode()


def test_who_is_not_signed_in_is_asked_to_sign_in(door, soon_hearing):
    for path in ("/hearings/", f"/hearings/{soon_hearing.pk}/"):
        assert door.nobody.get(path).status_code == 302


def test_the_hearings_of_a_person_stand_by_day(door, answered_case, list_hearing, day):
    first = list_hearing(answered_case)
    second = list_hearing(answered_case, time="14:00")
    for person in (door.claimant, door.respondent, door.judge, door.clerk):
        answer = person.get("/hearings/")
        assert [(d, len(rows)) for d, rows in answer.context["days"]] == [(day, 2)]
        page = answer.content.decode()
        assert page.index(f"/hearings/{first.pk}/") < page.index(f"/hearings/{second.pk}/")


def test_hearings_gone_by_stand_apart_page_by_page(door, cast, answered_case, list_hearing):
    hearing = list_hearing(answered_case)
    Hearing.objects.filter(pk=hearing.pk).update(
        starts_at=timezone.now() - timezone.timedelta(days=3), state=HearingState.ENDED
    )
    assert not door.judge.get("/hearings/").context["days"]
    assert len(door.judge.get("/hearings/?show=past").context["days"]) == 1
    assert door.judge.get("/hearings/?show=past&page=nonsense").status_code == 200


def test_a_sealed_cases_hearing_is_not_in_other_clerks_list(door, answered_case, list_hearing):
    list_hearing(answered_case)
    Hearing.objects.get().room.seats.filter(role="clerk").delete()
    Case.objects.filter(pk=answered_case.pk).update(sealed=True)
    assert not door.clerk.get("/hearings/").context["days"]


def test_the_calendar_file_can_be_downloaded(door, answered_case, list_hearing, day, at):
    hearing = list_hearing(answered_case)
    answer = door.claimant.get(f"/hearings/{hearing.pk}/hearing.ics")
    assert answer["Content-Type"] == "text/calendar"
    assert f"{day}.ics" in answer["Content-Disposition"]
    assert Calendar.from_ical(answer.content).walk("VEVENT")[0]["DTSTART"].dt == at(day, "10:00")


def test_log_notes_keep_their_time_and_are_for_the_court_only(door, soon_hearing):
    door.judge.post(f"/hearings/{soon_hearing.pk}/notes/", {"text": "Claimant shows exhibit C2."})
    door.clerk.post(f"/hearings/{soon_hearing.pk}/notes/", {"text": "Sound of respondent broken."})
    page = door.clerk.get(f"/hearings/{soon_hearing.pk}/").content.decode()
    assert page.index("exhibit C2") < page.index("Sound of respondent")
    assert soon_hearing.notes.first().clock in page
    assert "exhibit C2" not in door.claimant.get(f"/hearings/{soon_hearing.pk}/").content.decode()
    assert door.claimant.post(f"/hearings/{soon_hearing.pk}/notes/", {"text": "Mine"}).status_code == 404


@pytest.mark.parametrize("text", ["", "x" * 501])
def test_a_note_too_long_or_empty_is_refused_and_kept(door, soon_hearing, text):
    answer = door.judge.post(f"/hearings/{soon_hearing.pk}/notes/", {"text": text})
    assert answer.status_code == 400
    assert answer.context["form"]["text"].value() == text
    assert not soon_hearing.notes.exists()


def test_each_is_told_at_home_what_to_do_next(cast, answered_case, list_hearing):
    assert [d.action for d in duties_of(cast.clerk) if d.case == answered_case] == ["List it"]
    hearing = list_hearing(answered_case)
    for person in (cast.claimant, cast.respondent, cast.judge):
        duty = next(d for d in duties_of(person) if d.url == f"/rooms/{hearing.room_id}/")
        assert duty.due_at == hearing.starts_at and "Attend the hearing on" in duty.label
    assert not [d for d in duties_of(cast.clerk) if d.case == answered_case]
    assert not list(duties_of(cast.stranger))


def test_a_clerk_is_reminded_of_a_hearing_that_nobody_opened(cast, answered_case, list_hearing):
    hearing = list_hearing(answered_case)
    Hearing.objects.filter(pk=hearing.pk).update(starts_at=timezone.now() - timezone.timedelta(hours=5))
    duty = next(d for d in duties_of(cast.clerk) if d.case == answered_case)
    assert "was not held" in duty.label and duty.url == f"/hearings/{hearing.pk}/move/"
    assert not [d for d in duties_of(cast.claimant) if "/rooms/" in d.url]


def test_a_hearing_that_goes_on_stands_first_and_is_never_late(cast, answered_case, soon_hearing, sit, list_hearing):
    sit(soon_hearing)
    Hearing.objects.filter(pk=soon_hearing.pk).update(starts_at=timezone.now() - timezone.timedelta(hours=5))
    list_hearing(answered_case, time="15:00")
    first, second = (d for d in duties_of(cast.judge) if "/rooms/" in d.url)
    assert (first.label, first.due_at, first.action) == ("The hearing is in session", None, "Enter the room")
    assert second.due_at
