"""The respondent joins with the code of the court's letter; service follows."""

import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from court.cases.access import abilities
from court.cases.deadlines import deadline
from court.cases.models import Case, Role
from court.cases.page import duties_of
from court.filings.models import Invitation
from court.filings.services import code_of, deem_served, invite_again, join_case
from court.work.models import Job

CODE = re.compile(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}")


@pytest.fixture(autouse=True)
def no_wrong_codes_yet():
    cache.clear()
    yield
    cache.clear()


def text_of(answer):
    return answer.content.decode()


def the_code(case):
    return code_of(Invitation.objects.get(party__case=case, revoked_at=None))


def enter(client, code):
    return client.post(reverse("join"), {"code": code}, follow=True)


def test_the_respondent_sees_the_claim_first_then_joins_and_is_served(cast, door, issued_case, work):
    work()
    (letter,) = [letter for letter in mail.outbox if letter.to == ["respondent@example.org"]]
    code = CODE.search(letter.body)[0]
    shown = text_of(enter(door.nobody, code))
    for words in (issued_case.number, "Kim Jiwoo", "A bicycle that broke", "£1,250.50", "28 days", "R-12", "Sign in"):
        assert words in shown
    assert "1 Mill Lane" not in shown
    assert Case.objects.get(pk=issued_case.pk).stage == "issued", "looking is not joining"
    door.nobody.force_login(cast.respondent, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "You are signed in as Li Wei" in text_of(door.nobody.get(reverse("join"))), "the code was kept"
    joined = door.nobody.post(reverse("join"), {"do": "join"})
    assert joined.url == reverse("answer", args=[issued_case.number])
    case = Case.objects.get(pk=issued_case.pk)
    party = case.parties.get(role=Role.RESPONDENT)
    assert case.stage == "served"
    assert party.user == cast.respondent
    assert "answer_claim" in abilities(cast.respondent, case)
    limit = case.deadlines.get(kind="answer")
    assert (limit.rule, limit.days, limit.party) == ("R-12", 28, party)
    assert limit.due_at == deadline("answer", limit.counted_from)
    (duty,) = duties_of(cast.respondent)
    assert (duty.label, duty.due_at) == ("Answer the claim", limit.due_at)
    assert "28 days from" in duty.rule
    assert [e.kind for e in case.docket.order_by("id")][-2:] == ["claim_served", "answer_due"]
    work()
    assert [letter.to for letter in mail.outbox[-2:]] == [["claimant@example.org"], ["respondent@example.org"]]


def test_the_code_lies_nowhere_but_in_the_letter(cast, issued_case, work):
    code = the_code(issued_case)
    assert CODE.fullmatch(code)
    work()
    assert code in mail.outbox[-1].body or code in mail.outbox[-2].body
    written = [str(job.details) + job.error for job in Job.objects.all()]
    written += [str(entry.details) for entry in issued_case.docket.all()]
    written += [str(vars(invitation)) for invitation in Invitation.objects.all()]
    assert not any(code in text or code.replace("-", "") in text for text in written)


@pytest.mark.parametrize(
    "written",
    [str.lower, lambda c: c.replace("-", " "), lambda c: f"  {c.replace('-', '')} ", lambda c: c.replace("-", "–")],
)
def test_capitals_spaces_and_dashes_do_not_matter(door, issued_case, written):
    assert issued_case.number in text_of(enter(door.nobody, written(the_code(issued_case))))


def test_full_width_letters_of_an_east_asian_keyboard_are_read(door, issued_case):
    wide = "".join(chr(ord(c) + 0xFEE0) for c in the_code(issued_case))
    assert issued_case.number in text_of(enter(door.nobody, wide))


def test_a_wrong_code_gets_one_clear_message_and_leaves_no_trace_of_itself(door, issued_case, caplog):
    with caplog.at_level(logging.INFO):
        answer = enter(door.nobody, "WRNG-2345-6789-ABCD")
    assert answer.status_code == 400
    assert "This code opens no case" in text_of(answer)
    assert "WRNG-2345-6789-ABCD" in text_of(answer), "what was typed stays in the field"
    assert "refused: wrong" in caplog.text
    assert "WRNG" not in caplog.text


@pytest.mark.parametrize("typed", ["", "   ", "x" * 500, "\x00", "🙂"])
def test_what_is_no_code_is_no_fault(door, typed):
    assert enter(door.nobody, typed).status_code == 400


def test_an_expired_code_says_so(door, issued_case):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = enter(door.nobody, the_code(issued_case))
    assert answer.status_code == 410
    assert "has expired" in text_of(answer)


def test_a_used_code_says_so_and_leads_the_one_who_used_it_home(cast, door, served_case):
    code = the_code(served_case)
    answer = enter(door.stranger, code)
    assert answer.status_code == 410
    assert "used already" in text_of(answer)
    assert served_case.number not in text_of(answer)
    assert enter(door.respondent, code).redirect_chain == [(reverse("case", args=[served_case.number]), 302)]


def test_a_new_code_revokes_the_old_one(cast, door, issued_case):
    old = the_code(issued_case)
    answer = door.clerk.post(reverse("service", args=[issued_case.label]), {"do": "invite"}, follow=True)
    assert "A new code is on its way" in text_of(answer)
    new = the_code(issued_case)
    assert new != old
    refused = enter(door.nobody, old)
    assert refused.status_code == 410
    assert "newer code" in text_of(refused)
    assert issued_case.number in text_of(enter(door.nobody, new))
    assert issued_case.docket.filter(kind="respondent_invited_again").count() == 1


def test_a_code_revoked_between_looking_and_joining_does_not_join(cast, door, issued_case):
    enter(door.respondent, the_code(issued_case))
    invite_again(issued_case, by=cast.clerk)
    answer = door.respondent.post(reverse("join"), {"do": "join"})
    assert answer.status_code == 410
    assert Case.objects.get(pk=issued_case.pk).stage == "issued"


def test_joining_twice_leads_to_the_case_and_serves_once(cast, door, issued_case):
    enter(door.respondent, the_code(issued_case))
    door.respondent.post(reverse("join"), {"do": "join"})
    again = door.respondent.post(reverse("join"), {"do": "join"})
    assert again.status_code == 302
    assert issued_case.docket.filter(kind="claim_served").count() == 1
    assert issued_case.deadlines.filter(kind="answer").count() == 1


def test_nobody_joins_with_a_code_that_another_has_just_used(cast, issued_case):
    from court.filings.services import CodeRefused

    invitation = Invitation.objects.get()
    join_case(invitation, by=cast.respondent)
    with pytest.raises(CodeRefused, match="used"):
        join_case(invitation, by=cast.stranger)
    assert abilities(cast.stranger, issued_case) == frozenset()


def test_the_claimant_cannot_join_as_respondent_of_their_own_case(cast, door, issued_case):
    enter(door.claimant, the_code(issued_case))
    answer = door.claimant.post(reverse("join"), {"do": "join"})
    assert answer.status_code == 400
    assert "party to this case already" in text_of(answer)
    assert Invitation.objects.get().used_at is None


def test_staff_do_not_join_with_the_courts_account(door, issued_case):
    enter(door.judge, the_code(issued_case))
    answer = door.judge.post(reverse("join"), {"do": "join"})
    assert answer.status_code == 400
    assert "personal account" in text_of(answer)


def test_joining_without_being_signed_in_leads_to_signing_in(door, issued_case):
    enter(door.nobody, the_code(issued_case))
    answer = door.nobody.post(reverse("join"), {"do": "join"})
    assert answer.url.startswith(reverse("account_login"))


def test_joining_without_a_code_asks_for_one(door, issued_case):
    assert door.stranger.post(reverse("join"), {"do": "join"}).url == reverse("join")


def test_who_is_not_meant_can_put_the_code_away(door, issued_case):
    enter(door.nobody, the_code(issued_case))
    door.nobody.post(reverse("join"), {"do": "forget"})
    assert issued_case.number not in text_of(door.nobody.get(reverse("join")))


def test_after_ten_wrong_codes_even_a_right_one_waits(door, issued_case):
    for n in range(10):
        assert enter(door.nobody, f"WRNG-2345-6789-ABC{n}").status_code == 400
    answer = enter(door.nobody, the_code(issued_case))
    assert answer.status_code == 429
    assert "Too many wrong codes" in text_of(answer)


def test_deemed_service_is_recorded_after_its_time_and_starts_the_clock(cast, door, issued_case, work):
    page, button = reverse("case", args=[issued_case.label]), "Record deemed service"
    assert button not in text_of(door.clerk.get(page))
    early = door.clerk.post(reverse("service", args=[issued_case.label]), {"do": "deem"}, follow=True)
    assert "too early" in text_of(early)
    assert duties_of(cast.clerk) == []
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=16))
    assert button in text_of(door.clerk.get(page))
    assert [duty.label[:24] for duty in duties_of(cast.clerk)] == ["1 respondent has not joi"]
    assert len(duties_of(cast.clerk, issued_case)) == 1
    assert "Possible now" in text_of(door.clerk.get(reverse("review_queue") + "?show=service"))
    door.clerk.post(reverse("service", args=[issued_case.label]), {"do": "deem"})
    case = Case.objects.get(pk=issued_case.pk)
    assert case.stage == "served"
    limit = case.deadlines.get(kind="answer")
    assert limit.due_at > timezone.now() + timedelta(days=27)
    work()
    letter = [letter for letter in mail.outbox if letter.to == ["respondent@example.org"]][-1]
    code = CODE.search(letter.body)[0]
    assert Invitation.objects.get(revoked_at=None).expires_at >= limit.due_at
    shown = text_of(enter(door.respondent, code))
    assert "Answer the claim by" in shown
    joined = door.respondent.post(reverse("join"), {"do": "join"})
    assert joined.url == reverse("answer", args=[case.number])
    assert case.deadlines.filter(kind="answer").get().due_at == limit.due_at, "joining late gives no more time"
    assert [e.kind for e in case.docket.order_by("id")][-3:] == ["service_deemed", "answer_due", "respondent_joined"]


def test_deemed_service_counts_from_the_first_letter_though_a_code_was_sent_again(cast, issued_case):
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=16))
    invite_again(issued_case, by=cast.clerk)
    assert deem_served(issued_case, by=cast.clerk).stage == "served"


def test_a_clerk_who_comes_after_the_respondent_joined_changes_nothing(cast, door, served_case):
    for do in ("deem", "invite", "nonsense"):
        answer = door.clerk.post(reverse("service", args=[served_case.label]), {"do": do}, follow=True)
        assert answer.status_code == 200
    assert served_case.deadlines.filter(kind="answer").count() == 1
    assert Invitation.objects.count() == 1


def test_the_section_on_service_is_the_clerks_alone(door, issued_case):
    page = reverse("case", args=[issued_case.label])
    assert "Send a new code" in text_of(door.clerk.get(page))
    assert "Send a new code" not in text_of(door.claimant.get(page))


def test_who_has_no_account_signs_up_and_comes_back_to_the_claim(client, issued_case, work):
    enter(client, the_code(issued_case))
    password = "a-long-and-quiet-password"
    details = {"email": "new@example.org", "password1": password, "password2": password, "name": "Li Wei"}
    client.post(reverse("account_signup") + "?next=" + reverse("join"), details)
    work()
    (letter,) = [letter for letter in mail.outbox if letter.to == ["new@example.org"]]
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", letter.body, re.MULTILINE)[0]
    back = client.post(reverse("account_email_verification_sent"), {"code": code}, follow=True)
    assert back.redirect_chain[-1][0] == reverse("join")
    assert "You are signed in as Li Wei (new@example.org)" in text_of(back)
    client.post(reverse("join"), {"do": "join"})
    assert Case.objects.get(pk=issued_case.pk).stage == "served"
