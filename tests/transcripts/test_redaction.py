"""Words are hidden everywhere at once; the court decides; what is hidden is shown again only by the court."""

import re

import pytest

from court.cases.access import appoint
from court.cases.models import DocketEntry, Role
from court.work.models import Job
from tests.transcripts.hearings import a_case, heard
from tests.transcripts.test_certification import certify
from transcripts.models import Leak, Redaction, RedactionState
from transcripts.text import BLOCK

LINES = [
    ("Ada Park", "judge", 1.0, "Where do you live please"),
    ("Kim Jiwoo", "claimant", 5.0, "I live at Quuxley Road with my son Zorblatt since May"),
    ("Li Wei", "respondent", 15.0, "I know nothing of that"),
]


@pytest.fixture
def transcript(cast):
    case = a_case(cast)
    appoint(case, cast.clerk, Role.CLERK)
    made = heard(case, LINES, judge=cast.judge)
    Job.objects.all().delete()  # it is merged already
    return made


def number_of(transcript, word):
    return next(w[4] for one in transcript.utterances.all() for w in one.words if w[0] == word)


def hide(door, transcript, *words, level="redacted", reason="A home address."):
    numbers = [number_of(transcript, word) for word in words]
    form = {"first": numbers[0], "last": numbers[-1], "level": level, "reason": reason}
    answer = door.post(f"/transcripts/{transcript.pk}/redact", form)
    assert answer.status_code == 302, re.findall(r"error[^<]*<[^<]*", answer.content.decode())
    return Redaction.objects.order_by("-pk")[0]


def text_for(door, transcript):
    return " ".join(re.findall(r"data-text>([^<]*)</p>", door.get(f"/transcripts/{transcript.pk}/").content.decode()))


def decide(door, transcript, redaction, verb, **more):
    form = {"verb": verb, "level": redaction.level, **more}
    return door.post(f"/transcripts/{transcript.pk}/redactions/{redaction.batch}/", form)


def found_by(door, word):
    return "/transcripts/" in door.get("/search/", {"q": word}).content.decode()


def test_what_is_asked_for_is_found_by_nobody_until_it_is_decided(transcript, door):
    assert found_by(door.respondent, "Quuxley")
    hide(door.claimant, transcript, "Quuxley", "Road")
    assert not found_by(door.respondent, "Quuxley")
    assert "Quuxley Road" in text_for(door.respondent, transcript)


def test_a_refusal_shows_the_words_again_and_needs_reasons(transcript, door):
    redaction = hide(door.claimant, transcript, "Quuxley")
    assert decide(door.clerk, transcript, redaction, "refuse").status_code == 400
    assert decide(door.clerk, transcript, redaction, "refuse", answer="It is in the claim.").status_code == 302
    assert found_by(door.respondent, "Quuxley")
    page = door.claimant.get(f"/transcripts/{transcript.pk}/redactions/{redaction.batch}/").content.decode()
    assert "It is in the claim." in page
    assert Job.objects.filter(name="send_letter", key__startswith="send_letter:redaction_decided").count() == 1


def test_the_second_of_two_who_decide_is_told(transcript, door):
    redaction = hide(door.claimant, transcript, "Quuxley")
    decide(door.clerk, transcript, redaction, "apply")
    answer = door.judge.post(
        f"/transcripts/{transcript.pk}/redactions/{redaction.batch}/",
        {"verb": "refuse", "answer": "No."},
        follow=True,
    )
    assert "Somebody else has decided meanwhile." in answer.content.decode()
    redaction.refresh_from_db()
    assert redaction.state == RedactionState.APPLIED


def test_what_is_sealed_is_read_by_the_court_alone(transcript, door):
    hide(door.clerk, transcript, "Zorblatt", level="sealed")
    for reader in (door.claimant, door.respondent):
        text = text_for(reader, transcript)
        assert "Zorblatt" not in text
        assert f"my son {BLOCK} since" in text
    assert "my son Zorblatt since" in text_for(door.judge, transcript)


def test_an_objection_beside_a_signature_tells_nobody_a_hidden_word_and_the_alarm_hears_of_it(transcript, door, work):
    made = certify(door, transcript, work)
    hide(door.clerk, transcript, "Zorblatt", level="sealed")
    work()
    told = {"certificate": made.pk, "name": "Li Wei", "read": "on", "objection": "His name is not Zorblatt."}
    page = f"/transcripts/{transcript.pk}/certificate"
    assert door.respondent.post(page, told).status_code == 302
    work()
    for reader in (door.claimant, door.respondent):
        text = reader.get(page).content.decode()
        assert "Zorblatt" not in text and "Signed with an objection" in text
    assert "His name is not Zorblatt." in door.judge.get(page).content.decode()
    assert Leak.objects.filter(redaction__transcript=transcript, place__startswith="objection|").exists()


def test_what_is_lifted_is_shown_again(transcript, door):
    redaction = hide(door.clerk, transcript, "Zorblatt", level="sealed")
    assert decide(door.judge, transcript, redaction, "lift", answer="He is of age.").status_code == 302
    assert "Zorblatt" in text_for(door.claimant, transcript)
    assert found_by(door.claimant, "Zorblatt")


def test_seconds_are_sealed_for_everybody_who_spoke_in_them(transcript, door):
    form = {"time_from": "0:04", "time_to": "0:20", "level": "sealed", "reason": "A minor speaks."}
    assert door.clerk.post(f"/transcripts/{transcript.pk}/redact", form).status_code == 302
    text = text_for(door.claimant, transcript)
    assert text == f"Where do you live please {BLOCK}"  # one mark, whoever and however many spoke


def test_the_docket_and_the_ledger_tell_no_hidden_word(transcript, door):
    redaction = hide(door.claimant, transcript, "Quuxley", reason="Quuxley is my street.")
    decide(door.clerk, transcript, redaction, "apply", level="sealed", answer="Quuxley is private.")
    decide(door.clerk, transcript, redaction, "lift", answer="Quuxley is known.")
    written = " ".join(str(entry.details) for entry in DocketEntry.objects.all())
    assert "Quuxley" not in written
    page = door.respondent.get(f"/cases/{transcript.case.label}/docket/").content.decode()
    assert "A part of the transcript was sealed." in page
    assert "Quuxley" not in page


def test_those_without_a_side_may_not_ask(transcript, cast, door):
    appoint(transcript.case, cast.observer, Role.OBSERVER)
    assert door.observer.get(f"/transcripts/{transcript.pk}/").status_code == 200
    for path in ("redact", "redactions/"):
        assert door.observer.get(f"/transcripts/{transcript.pk}/{path}").status_code == 404
        assert door.stranger.get(f"/transcripts/{transcript.pk}/{path}").status_code == 404


def test_a_party_decides_nothing(transcript, door):
    redaction = hide(door.claimant, transcript, "Quuxley")
    assert decide(door.claimant, transcript, redaction, "apply").status_code == 404
    assert decide(door.respondent, transcript, redaction, "refuse", answer="No.").status_code == 404
    assert door.claimant.post(f"/transcripts/{transcript.pk}/release", {}).status_code == 404


def test_a_request_that_cannot_be_understood_says_so_at_its_field(transcript, door):
    form = {"time_from": "4", "time_to": "x", "level": "sealed", "reason": "A minor."}
    page = door.clerk.post(f"/transcripts/{transcript.pk}/redact", form)
    assert page.status_code == 400
    assert "Write a time of the recording" in page.content.decode()
    form = {"first": 1, "last": 999999, "level": "sealed", "reason": "A minor."}
    page = door.clerk.post(f"/transcripts/{transcript.pk}/redact", form)
    assert "The record has no such words." in page.content.decode()
    assert not Redaction.objects.exists()


def test_the_clerk_is_reminded_until_it_is_decided(transcript, door):
    redaction = hide(door.claimant, transcript, "Quuxley")
    assert "Decide on a redaction of the transcript" in door.clerk.get("/").content.decode()
    decide(door.clerk, transcript, redaction, "apply")
    assert "Decide on a redaction of the transcript" not in door.clerk.get("/").content.decode()


def test_words_written_later_for_hidden_seconds_are_hidden_too(transcript, door):
    hide(door.clerk, transcript, "Zorblatt", level="sealed")
    said = transcript.utterances.get(speaker="Kim Jiwoo")
    said.text = said.text.replace("Zorblatt", "Zorblad")
    for word in said.words:
        if word[0] == "Zorblatt":
            word[0], word[4] = "Zorblad", 99999
    said.save()
    assert "Zorblad" not in text_for(door.claimant, transcript)


def withdraw(client, transcript, redaction):
    address = f"/transcripts/{transcript.pk}/redactions/{redaction.batch}/"
    return client.post(address, {"verb": "withdraw"}, follow=True)


def test_who_asked_takes_it_back_while_the_court_has_not_decided(transcript, door):
    redaction = hide(door.claimant, transcript, "Quuxley")
    page = door.claimant.get(f"/transcripts/{transcript.pk}/redactions/{redaction.batch}/").content.decode()
    assert "Withdraw the request" in page
    assert "Withdrawn. The words are shown again." in withdraw(door.claimant, transcript, redaction).content.decode()
    assert found_by(door.respondent, "Quuxley")
    assert DocketEntry.objects.filter(kind="redaction_withdrawn").count() == 1
    letters = Job.objects.filter(name="send_letter", key__startswith="send_letter:redaction_withdrawn")
    assert letters.count() == 2  # the judge and the clerk of the case
    page = door.clerk.get(f"/transcripts/{transcript.pk}/redactions/{redaction.batch}/").content.decode()
    assert "Withdrawn" in page and "Hide it" not in page


def test_what_was_decided_meanwhile_is_not_taken_back(transcript, door):
    redaction = hide(door.claimant, transcript, "Quuxley")
    decide(door.clerk, transcript, redaction, "apply")
    page = withdraw(door.claimant, transcript, redaction).content.decode()
    assert "The court has decided meanwhile." in page
    redaction.refresh_from_db()
    assert redaction.state == RedactionState.APPLIED
    assert not found_by(door.respondent, "Quuxley")
    redaction = hide(door.claimant, transcript, "Zorblatt")
    withdraw(door.claimant, transcript, redaction)
    answer = decide(door.clerk, transcript, redaction, "apply")
    assert answer.status_code == 302
    redaction.refresh_from_db()
    assert redaction.state == RedactionState.WITHDRAWN


def test_nobody_takes_back_what_somebody_else_asked_for(transcript, door):
    redaction = hide(door.claimant, transcript, "Quuxley")
    for client in (door.respondent, door.stranger):
        assert withdraw(client, transcript, redaction).status_code == 404
    assert withdraw(door.clerk, transcript, redaction).status_code == 400
    for client in (door.respondent, door.clerk):
        page = client.get(f"/transcripts/{transcript.pk}/redactions/{redaction.batch}/").content.decode()
        assert "Withdraw the request" not in page
    redaction.refresh_from_db()
    assert redaction.state == RedactionState.ASKED
