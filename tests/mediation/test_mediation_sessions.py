"""Arranging mediation, consenting to it, its outcome; and that the judge never learns of it."""

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from court.accounts.models import Office, User
from court.cases.access import appoint
from court.cases.models import Case, Role
from court.cases.page import duties_of
from court.rooms.models import Recorded, Room
from court.rooms.signals import session_ended, session_started
from mediation.models import Session, SessionState
from mediation.tasks import catch_up_with_rooms
from tests.stages_of_a_case import issued


def docket(person, case) -> str:
    return person.get(f"/cases/{case.label}/docket/").content.decode()


def test_a_clerk_arranges_mediation_and_the_case_stays_where_it_stands(cast, session, judged_case):
    assert session.mediator == cast.mediator
    assert session.room.recorded == Recorded.IF_ALL_AGREE
    assert Case.objects.get(pk=judged_case.pk).stage == "answered"
    assert {seat.user: seat.host for seat in session.room.seats.all()} == {cast.mediator: True}


def test_a_mediator_of_the_case_arranges_it_too(door, cast, judged_case, typed):
    assert door.mediator.get(f"/cases/{judged_case.label}/mediation/new/").status_code == 404
    appoint(judged_case, cast.mediator, Role.MEDIATOR)
    assert door.mediator.post(f"/cases/{judged_case.label}/mediation/new/", typed()).status_code == 302


def test_the_judge_finds_nothing_of_a_mediation(door, cast, agreed, judged_case, sit):
    sit(agreed)
    judge = door.judge
    base = f"/mediation/{agreed.pk}/"
    for path in (base, f"{base}move/", f"{base}cancel/", f"{base}mediation.ics", f"/rooms/{agreed.room_id}/"):
        assert judge.get(path).status_code == 404, path
    for path in (f"{base}answer/", f"{base}caucus/", f"{base}outcome/", f"{base}move/", f"{base}cancel/"):
        assert judge.post(path, {"answer": "agreed", "outcome": "settled"}).status_code == 404, path
    assert judge.get(f"/cases/{judged_case.label}/mediation/new/").status_code == 404
    assert not judge.get("/mediations/").context["rows"]
    for page in (docket(judge, judged_case), judge.get(f"/cases/{judged_case.label}/").content.decode()):
        assert "ediation arranged" not in page and "agreed to mediate" not in page and base not in page
    assert not [duty for duty in duties_of(cast.judge) if "mediat" in duty.label.lower()]
    assert not agreed.room.seats.filter(user=cast.judge).exists()


def test_a_judge_who_is_clerk_by_office_is_still_the_judge(door, cast, session, judged_case):
    appoint(judged_case, cast.clerk, Role.JUDGE)
    assert door.clerk.get(f"/mediation/{session.pk}/").status_code == 404


def test_listing_a_hearing_at_that_time_does_not_tell_of_the_mediation(door, cast, session, judged_case):
    moment = timezone.localtime(session.starts_at, timezone.get_default_timezone())
    typed = {"date": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}", "minutes": "30", "judge": f"{cast.judge.pk}"}
    answer = door.judge.post(f"/cases/{judged_case.label}/hearings/new/", typed)
    assert answer.status_code == 400 and "time" in answer.context["form"].errors
    assert "ediation" not in str(answer.context["form"].errors)


@pytest.mark.parametrize("who", ["stranger", "interpreter", "observer", "administrator"])
def test_a_stranger_cannot_learn_that_there_is_a_mediation(door, session, who):
    person = getattr(door, who)
    assert person.get(f"/mediation/{session.pk}/").status_code == 404
    assert person.post(f"/mediation/{session.pk}/answer/", {"answer": "agreed"}).status_code == 404
    assert not person.get("/mediations/").context["rows"]


def test_another_mediator_does_not_find_it(session, client):
    other = User.objects.create_user("med2@example.org", name="Ivy Cole", office=Office.MEDIATOR)
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/mediation/{session.pk}/").status_code == 404


def test_who_is_not_signed_in_is_asked_to_sign_in(door, session):
    assert door.nobody.get(f"/mediation/{session.pk}/").status_code == 302
    assert door.nobody.get("/mediations/").status_code == 302


def test_the_parties_and_the_mediator_get_letters_with_a_calendar_file(cast, session, work):
    mail.outbox.clear()
    work()
    told = {letter.to[0]: letter for letter in mail.outbox if "Mediation" in letter.subject}
    assert set(told) == {cast.claimant.email, cast.respondent.email, cast.mediator.email}
    calendar = Calendar.from_ical(told[cast.claimant.email].attachments[0][1])
    assert calendar.walk("VEVENT")[0]["DTSTART"].dt == session.starts_at
    assert f"/mediation/{session.pk}/" in told[cast.claimant.email].body


def test_only_who_agrees_has_a_place_in_the_room(door, cast, session):
    door.claimant.post(f"/mediation/{session.pk}/answer/", {"answer": "agreed"})
    door.respondent.post(f"/mediation/{session.pk}/answer/", {"answer": "declined"})
    assert door.claimant.get(f"/rooms/{session.room_id}/").status_code == 200
    assert door.respondent.get(f"/rooms/{session.room_id}/").status_code == 404
    page = door.mediator.get(f"/mediation/{session.pk}/").content.decode()
    assert "Agreed" in page and "Declined" in page


def test_agreement_may_be_withdrawn_before_it_begins_and_each_answer_is_kept(door, judged_case, session):
    for answer in ("agreed", "withdrawn"):
        door.claimant.post(f"/mediation/{session.pk}/answer/", {"answer": answer})
    assert door.claimant.get(f"/rooms/{session.room_id}/").status_code == 404
    page = docket(door.respondent, judged_case)
    assert "Kim Jiwoo agreed to mediate" in page and "Kim Jiwoo withdrew the agreement to mediate" in page
    door.claimant.post(f"/mediation/{session.pk}/answer/", {"answer": "agreed"})
    assert door.claimant.get(f"/rooms/{session.room_id}/").status_code == 200


def test_the_same_answer_twice_is_written_once(door, judged_case, session):
    for _ in range(2):
        door.claimant.post(f"/mediation/{session.pk}/answer/", {"answer": "agreed"})
    assert judged_case.docket.filter(kind="mediation_agreed").count() == 1


def test_no_answer_is_changed_once_the_session_began(door, agreed, sit):
    sit(agreed)
    door.claimant.post(f"/mediation/{agreed.pk}/answer/", {"answer": "withdrawn"})
    assert agreed.consents.get(party__role="claimant").answer == "agreed"
    assert "has begun" in door.claimant.get(f"/mediation/{agreed.pk}/").content.decode()


@pytest.mark.parametrize("answer", ["", "perhaps", "withdrawn"])
def test_an_answer_that_is_none_changes_nothing(door, session, answer):
    assert door.claimant.post(f"/mediation/{session.pk}/answer/", {"answer": answer}).status_code == 302
    assert not session.consents.exists()


@pytest.mark.parametrize("who", ["mediator", "clerk"])
def test_nobody_answers_for_a_party(door, session, who):
    assert getattr(door, who).post(f"/mediation/{session.pk}/answer/", {"answer": "agreed"}).status_code == 404


def test_a_party_is_asked_at_home_and_then_reminded(door, cast, session):
    asked = next(duty for duty in duties_of(cast.claimant) if f"/mediation/{session.pk}/" in duty.url)
    assert asked.action == "Answer" and asked.due_at == session.starts_at
    door.claimant.post(f"/mediation/{session.pk}/answer/", {"answer": "agreed"})
    assert (
        next(d for d in duties_of(cast.claimant) if f"/mediation/{session.pk}/" in d.url).action == "See the session"
    )
    door.respondent.post(f"/mediation/{session.pk}/answer/", {"answer": "declined"})
    assert not [duty for duty in duties_of(cast.respondent) if f"/mediation/{session.pk}/" in duty.url]


def test_the_opened_and_the_ended_session_are_in_the_docket_once(cast, judged_case, agreed, sit):
    sit(agreed)
    assert agreed.state == SessionState.LIVE
    seat = agreed.room.seats.get(host=True)
    session_started.send(Room, room=agreed.room, seat=seat)
    sit(agreed, end=True)
    session_ended.send(Room, room=agreed.room, seat=seat)
    assert agreed.state == SessionState.ENDED
    kinds = list(judged_case.docket.filter(audience="mediation").values_list("kind", flat=True))
    assert kinds.count("mediation_opened") == kinds.count("mediation_ended") == 1
    assert Case.objects.get(pk=judged_case.pk).stage == "answered"


def test_a_signal_lost_with_the_server_is_made_up_for(agreed):
    now = timezone.now()
    Room.objects.filter(pk=agreed.room_id).update(started_at=now, ended_at=now)
    catch_up_with_rooms()
    agreed.refresh_from_db()
    assert agreed.state == SessionState.ENDED


def test_the_mediator_records_the_outcome_once(door, judged_case, agreed, sit):
    early = door.mediator.post(f"/mediation/{agreed.pk}/outcome/", {"outcome": "settled"})
    assert early.status_code == 302
    agreed.refresh_from_db()
    assert not agreed.outcome
    sit(agreed)
    sit(agreed, end=True)
    assert door.mediator.post(f"/mediation/{agreed.pk}/outcome/", {"outcome": "won"}).status_code == 400
    assert door.claimant.post(f"/mediation/{agreed.pk}/outcome/", {"outcome": "settled"}).status_code == 404
    for outcome in ("settled", "not_settled"):
        door.mediator.post(f"/mediation/{agreed.pk}/outcome/", {"outcome": outcome})
    agreed.refresh_from_db()
    assert agreed.outcome == "settled"
    assert "Outcome of the mediation: settled" in docket(door.claimant, judged_case)
    assert "Outcome of the mediation" not in docket(door.judge, judged_case)


def test_a_time_that_is_taken_is_refused_with_free_times(door, cast, session, judged_case, typed):
    answer = door.clerk.post(f"/cases/{judged_case.label}/mediation/new/", typed())
    assert answer.status_code == 400
    assert "The mediator has another sitting" in str(answer.context["form"].errors["time"])
    slot = answer.context["slots"][0]["value"]
    assert door.clerk.post(f"/cases/{judged_case.label}/mediation/new/", typed(slot=slot)).status_code == 302


def test_a_time_gone_by_is_refused(door, judged_case, typed):
    answer = door.clerk.post(f"/cases/{judged_case.label}/mediation/new/", typed(date="2020-02-03"))
    assert answer.status_code == 400 and "date" in answer.context["form"].errors
    assert not Session.objects.exists()


def test_the_judge_of_the_case_cannot_be_its_mediator(door, cast, judged_case, typed):
    both = User.objects.create_user("both@example.org", name="Bea Otis", office=Office.MEDIATOR)
    appoint(judged_case, both, Role.JUDGE)
    answer = door.clerk.post(f"/cases/{judged_case.label}/mediation/new/", typed(mediator=f"{both.pk}"))
    assert answer.status_code == 400 and "mediator" in answer.context["form"].errors


def test_no_mediation_before_the_claim_is_served(door, cast, typed):
    case = issued(cast)
    assert "No mediation can be arranged now" in door.clerk.get(f"/cases/{case.label}/mediation/new/").content.decode()
    assert door.clerk.post(f"/cases/{case.label}/mediation/new/", typed()).status_code == 400


def test_a_moved_session_keeps_its_name_and_its_answers(door, cast, agreed, work, typed):
    mail.outbox.clear()
    answer = door.mediator.post(f"/mediation/{agreed.pk}/move/", typed(date=f"{timezone.localdate().year + 1}-03-02"))
    assert answer.status_code == 302
    work()
    letter = [one for one in mail.outbox if one.to == [cast.claimant.email]][-1]
    event = Calendar.from_ical(letter.attachments[0][1]).walk("VEVENT")[0]
    assert event["SEQUENCE"] == 1 and str(event["UID"]).startswith(f"mediation-{agreed.pk}@")
    assert agreed.consents.filter(answer="agreed").count() == 2


def test_a_cancelled_session_is_told_with_its_reason(door, cast, judged_case, agreed, work):
    mail.outbox.clear()
    door.clerk.post(f"/mediation/{agreed.pk}/cancel/", {"reason": "The mediator is ill."})
    work()
    letter = [one for one in mail.outbox if one.to == [cast.respondent.email]][-1]
    assert "The mediator is ill." in letter.body and "METHOD:CANCEL" in letter.attachments[0][1]
    assert "The mediator is ill." in docket(door.claimant, judged_case)
    assert door.clerk.get(f"/mediation/{agreed.pk}/move/").status_code == 302


def test_the_calendar_file_can_be_downloaded(door, session):
    answer = door.claimant.get(f"/mediation/{session.pk}/mediation.ics")
    assert answer["Content-Type"] == "text/calendar"
    assert Calendar.from_ical(answer.content).walk("VEVENT")[0]["DTSTART"].dt == session.starts_at
