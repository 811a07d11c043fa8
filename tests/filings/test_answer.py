"""The respondent answers step by step, in time or late, once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from court.cases.models import Case
from court.cases.page import duties_of
from court.filings.models import Answer

STEPS = ("position", "facts", "story", "exhibits", "check", "truth")


def url(case, step):
    return reverse("answer_step", args=[case.label, step])


def text_of(answer):
    return answer.content.decode()


def replies(case, *said, **more):
    data = dict(more)
    for fact, (reply, text) in zip(case.claim.facts.all(), said, strict=True):
        data |= {f"fact-{fact.pk}-reply": reply, f"fact-{fact.pk}-text": text}
    return data


def test_the_respondent_answers_from_first_page_to_receipt(cast, door, served_case, work):
    me, case = door.respondent, served_case
    start = text_of(me.get(reverse("answer", args=[case.label])))
    assert "28 days from" in start
    assert "rule R-12" in start
    assert me.post(url(case, "position"), {"stance": "part", "admitted_amount": "250.50"}).url == url(case, "facts")
    told = replies(case, ("agreed", ""), ("disputed", "It was ridden down steps."))
    assert "I paid £1,250.50 for the bicycle." in text_of(me.get(url(case, "facts")))
    assert me.post(url(case, "facts"), told).url == url(case, "story")
    assert me.post(url(case, "story"), {"text": "It was sound."}).url == url(case, "exhibits")
    assert me.post(url(case, "exhibits"), {"do": "continue"}).url == url(case, "check")
    check = text_of(me.get(url(case, "check")))
    for words in ("I admit part of the claim", "£250.50", "It was ridden down steps.", "It was sound."):
        assert words in check
    assert "It was sound." not in text_of(door.claimant.get(reverse("case", args=[case.label]))), "a draft is private"
    sent = me.post(url(case, "truth"), {"name": "Li Wei", "agree": "on", "do": "send"}, follow=True)
    assert "Your answer was sent" in text_of(sent)
    case = Case.objects.get(pk=case.pk)
    assert case.stage == "answered"
    filed = case.filed.get(paper="answer")
    assert case.docket.get(kind="answer_filed").details["sha256"] == filed.sha256
    assert case.deadlines.get(kind="answer").met_at is not None
    work()
    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert "We have your answer" in subjects["respondent@example.org"]
    assert "Li Wei answered your claim" in subjects["claimant@example.org"]
    assert case.label in text_of(door.clerk.get(reverse("review_queue") + "?show=answers"))


def test_claim_and_answer_stand_side_by_side_on_the_case_page(door, answered_case):
    for reader in (door.claimant, door.respondent, door.clerk):
        shown = text_of(reader.get(reverse("case", args=[answered_case.label])))
        for words in (
            "The frame broke on the first ride.",
            "It was ridden down a flight of steps.",
            "Agreed",
            "Disputed",
        ):
            assert words in shown
        assert answered_case.filed.get(paper="answer").sha256 in shown


@pytest.mark.parametrize("do", ["continue", "later"])
def test_each_step_is_saved_whichever_button_is_pressed(door, served_case, do):
    me, case = door.respondent, served_case
    me.post(url(case, "position"), {"stance": "dispute", "do": do})
    me.post(url(case, "facts"), replies(case, ("agreed", ""), ("unknown", "I was not there."), do=do))
    me.post(url(case, "story"), {"text": "It was sound.", "do": do})
    answer = Answer.objects.get(case=case)
    assert (answer.stance, answer.text) == ("dispute", "It was sound.")
    assert [reply.reply for reply in answer.replies.order_by("fact__position")] == ["agreed", "unknown"]
    assert "I was not there." in text_of(me.get(url(case, "facts")))
    assert text_of(me.get(reverse("answer", args=[case.label]))).count("Done") == 3


@pytest.mark.parametrize("do", ["continue", "later"])
def test_what_cannot_be_used_yet_is_never_lost(door, served_case, do):
    me, case = door.respondent, served_case
    tries = [
        ("position", {"stance": "part", "admitted_amount": "some"}, "some"),
        ("position", {"stance": "part", "admitted_amount": "9,999.00"}, "9,999.00"),
        ("facts", replies(case, ("", "Half a reply."), ("nonsense", "")), "Half a reply."),
        ("facts", replies(case, ("disputed", "z" * 4001), ("agreed", "")), "z" * 4001),
        ("story", {"text": "w" * 20001}, "w" * 20001),
    ]
    for step, data, typed in tries:
        answer = me.post(url(case, step), data | {"do": do})
        assert answer.status_code == (422 if do == "continue" else 302)
        if do == "continue":
            assert "There is a problem" in text_of(answer)
            assert typed in text_of(answer)
        assert typed in text_of(me.get(url(case, step)))


def test_disputing_a_fact_needs_a_word_why(door, served_case):
    answer = door.respondent.post(url(served_case, "facts"), replies(served_case, ("disputed", ""), ("agreed", "")))
    assert answer.status_code == 422
    assert "Say why you dispute fact 1." in text_of(answer)


def test_who_admits_all_has_nothing_more_to_tell(door, served_case):
    me, case = door.respondent, served_case
    assert me.post(url(case, "position"), {"stance": "admit"}).url == url(case, "exhibits")
    assert me.get(url(case, "story")).url == reverse("answer", args=[case.label])
    me.post(url(case, "truth"), {"name": "Li Wei", "agree": "on"})
    assert Case.objects.get(pk=case.pk).stage == "answered"
    assert "Admitted" in text_of(door.claimant.get(reverse("case", args=[case.label])))


def test_an_answer_that_lacks_something_is_not_sent(door, served_case):
    answer = door.respondent.post(url(served_case, "truth"), {"name": "Li Wei", "agree": "on"}, follow=True)
    assert answer.redirect_chain[-1][0] == url(served_case, "check")
    for words in ("Something is still missing", "Reply to fact 1.", "Tell your side"):
        assert words in text_of(answer)
    assert Case.objects.get(pk=served_case.pk).stage == "served"


def test_another_name_does_not_sign(door, served_case):
    me = door.respondent
    me.post(url(served_case, "position"), {"stance": "admit"})
    answer = me.post(url(served_case, "truth"), {"name": "Kim Jiwoo", "agree": "on"})
    assert answer.status_code == 422
    assert Case.objects.get(pk=served_case.pk).stage == "served"


def test_an_answer_sent_twice_is_filed_once_and_cannot_be_changed(door, answered_case):
    me = door.respondent
    for step in STEPS:
        answer = me.post(
            url(answered_case, step), {"name": "Li Wei", "agree": "on", "text": "New.", "stance": "admit"}
        )
        assert answer.url == reverse("case", args=[answered_case.label])
    assert Answer.objects.get().text == "The bicycle was sound when I sold it."
    assert answered_case.docket.filter(kind="answer_filed").count() == 1


def test_a_late_answer_is_taken_and_marked_as_late(cast, door, served_case, work):
    served_case.deadlines.update(due_at=timezone.now() - timedelta(hours=1))
    me = door.respondent
    assert "The time to answer is over" in text_of(me.get(reverse("answer", args=[served_case.label])))
    assert "Late" in text_of(me.get(reverse("home")))
    me.post(url(served_case, "position"), {"stance": "admit"})
    me.post(url(served_case, "truth"), {"name": "Li Wei", "agree": "on"})
    assert served_case.docket.filter(kind="answer_filed_late").exists()
    assert "after the time limit" in text_of(door.claimant.get(reverse("docket", args=[served_case.label])))
    work()
    assert "after the time limit" in mail.outbox[-1].body


def test_the_duty_to_answer_ends_with_the_answer(cast, answered_case):
    assert duties_of(cast.respondent) == []


def test_a_case_that_went_on_can_no_longer_be_answered_here(door, served_case):
    Case.objects.filter(pk=served_case.pk).update(stage="listed")
    answer = door.respondent.post(url(served_case, "position"), {"stance": "admit"}, follow=True)
    assert "can no longer be answered here" in text_of(answer)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("person", ["claimant", "judge", "mediator", "clerk", "administrator", "observer", "stranger"])
def test_only_the_respondent_answers(cast, door, served_case, person):
    client = getattr(door, person)
    assert client.get(reverse("answer", args=[served_case.label])).status_code == 404
    for step in STEPS:
        assert client.get(url(served_case, step)).status_code == 404
        assert client.post(url(served_case, step), {"stance": "admit"}).status_code == 404


def test_an_unknown_step_is_not_found(door, served_case):
    assert door.respondent.get(url(served_case, "nonsense")).status_code == 404


def test_words_typed_after_the_sign_in_ran_out_come_back(cast, door, served_case):
    from django.conf import settings

    me, page = door.respondent, url(served_case, "facts")
    me.get(page)
    me.cookies.pop(settings.SESSION_COOKIE_NAME)
    told = replies(served_case, ("disputed", "It was ridden hard."), ("agreed", ""))
    me.post(page, told, headers={"origin": "http://testserver"})
    me.force_login(cast.respondent, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert "It was ridden hard." in text_of(me.get(page))
