"""A clerk reviews each filed claim once, on the version they have read."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from court.accounts.models import Office, User
from court.cases.access import may
from court.cases.models import Case
from court.cases.page import duties_of
from court.filings.models import Claim, Invitation, Review
from court.filings.services import file_claim, return_claim


def page(case):
    return reverse("review", args=[case.label])


def decision(case, verdict, **more):
    return {"verdict": verdict, "seen": Claim.objects.get(case=case).submitted_at.isoformat(), **more}


def text_of(answer):
    return answer.content.decode()


def letters_to(address):
    return [letter for letter in mail.outbox if letter.to == [address]]


def test_a_clerk_finds_the_claim_in_the_queue_reads_and_accepts_it(cast, door, submitted_case, work):
    queue = text_of(door.clerk.get(reverse("review_queue")))
    assert page(submitted_case) in queue
    assert "Kim Jiwoo v Li Wei" in queue
    read = text_of(door.clerk.get(page(submitted_case)))
    for words in ("I paid £1,250.50 for the bicycle.", "£1,250.50", "1 Mill Lane", "respondent@example.org"):
        assert words in read
    answer = door.clerk.post(page(submitted_case), decision(submitted_case, "accept"))
    case = Case.objects.get(pk=submitted_case.pk)
    assert case.stage == "issued"
    assert case.number == f"C-{timezone.localdate().year}-0001"
    assert case.title == "Kim Jiwoo v Li Wei"
    assert answer.url == reverse("case", args=[case.number])
    assert page(submitted_case) not in text_of(door.clerk.get(reverse("review_queue")))
    work()
    assert case.number in letters_to("claimant@example.org")[-1].subject
    invitation = letters_to("respondent@example.org")[-1]
    assert "http://127.0.0.1:8000/join/" in invitation.body
    assert "A bicycle that broke on its first ride" in invitation.body
    kinds = [entry.kind for entry in case.docket.order_by("id")]
    assert kinds == ["claim_filed", "claim_accepted", "respondent_invited"]


def test_the_oldest_claim_stands_first_and_the_list_has_pages(cast, door):
    from tests.stages_of_a_case import submitted_claim

    cases = [submitted_claim(cast) for _n in range(21)]
    for n, case in enumerate(cases):
        Case.objects.filter(pk=case.pk).update(stage_since=timezone.now() - timedelta(days=30 - n))
    first = text_of(door.clerk.get(reverse("review_queue")))
    assert first.index(cases[0].label) < first.index(cases[1].label)
    assert cases[20].label not in first
    assert cases[20].label in text_of(door.clerk.get(reverse("review_queue") + "?page=2"))
    assert "30 days" in first


def test_a_claim_is_returned_with_a_list_corrected_and_filed_again(cast, door, submitted_case, work):
    answer = door.clerk.post(
        page(submitted_case), decision(submitted_case, "return", reasons="Name the seller's shop.")
    )
    assert answer.url == reverse("review_queue")
    work()
    assert "Name the seller's shop." in letters_to("claimant@example.org")[-1].body
    case = Case.objects.get(pk=submitted_case.pk)
    assert case.stage == "returned"
    (duty,) = duties_of(cast.claimant)
    assert (duty.label, duty.due_at) == ("Correct your claim", case.deadlines.get(kind="correct").due_at)
    assert "Name the seller&#x27;s shop." in text_of(door.claimant.get(reverse("claim", args=[case.label])))
    step = reverse("claim_step", args=[case.label, "remedy"])
    door.claimant.post(step, {"remedy": "Pay, shop at Dock Road.", "asks_money": "yes", "amount": "9"})
    assert "Pay, shop at Dock Road." not in text_of(door.clerk.get(reverse("case", args=[case.label])))
    door.claimant.post(reverse("claim_step", args=[case.label, "truth"]), {"name": "Kim Jiwoo", "agree": "on"})
    case.refresh_from_db()
    assert case.stage == "submitted"
    assert case.filed.count() == 2
    assert "Corrected" in text_of(door.clerk.get(reverse("review_queue")))
    assert "Pay, shop at Dock Road." in text_of(door.clerk.get(page(case)))
    assert case.docket.filter(kind="claim_corrected").exists()


def test_a_second_return_is_refused_under_its_rule(cast, door, submitted_case):
    return_claim(submitted_case, by=cast.clerk, reasons="More.")
    file_claim(submitted_case, by=cast.claimant, signature="Kim Jiwoo")
    assert 'value="return"' not in text_of(door.clerk.get(page(submitted_case)))
    answer = door.clerk.post(page(submitted_case), decision(submitted_case, "return", reasons="And more."))
    assert answer.status_code == 422
    assert "rule R-6" in text_of(answer)
    assert "And more." in text_of(answer)
    assert Case.objects.get(pk=submitted_case.pk).stage == "submitted"


def test_a_claim_is_refused_with_reasons(cast, door, submitted_case, work):
    door.clerk.post(page(submitted_case), decision(submitted_case, "refuse", reasons="Another court decides this."))
    case = Case.objects.get(pk=submitted_case.pk)
    assert case.stage == "refused"
    work()
    assert "Another court decides this." in letters_to("claimant@example.org")[-1].body
    assert letters_to("respondent@example.org") == []
    assert "Another court decides this." in text_of(door.claimant.get(reverse("case", args=[case.label])))


@pytest.mark.parametrize("verdict", ["return", "refuse", "", "nonsense"])
def test_a_decision_without_a_word_why_is_asked_for_again(door, submitted_case, verdict):
    answer = door.clerk.post(page(submitted_case), decision(submitted_case, verdict, reasons="  "))
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    assert Case.objects.get(pk=submitted_case.pk).stage == "submitted"


def test_the_second_of_two_clerks_learns_who_decided_and_loses_nothing(cast, door, submitted_case):
    late = decision(submitted_case, "refuse", reasons="My long reasons.")
    door.clerk.post(page(submitted_case), decision(submitted_case, "accept"))
    ann = User.objects.create(email="ann@example.org", name="Ann Other", office=Office.CLERK)
    door.nobody.force_login(ann, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = door.nobody.post(page(submitted_case), late)
    assert answer.status_code == 409
    for words in ("Tom Reed has decided about this claim already", "Accepted", "no effect", "My long reasons."):
        assert words in text_of(answer)
    assert Case.objects.get(pk=submitted_case.pk).stage == "issued"
    assert Review.objects.count() == 1
    assert Invitation.objects.count() == 1


def test_a_decision_about_a_version_that_was_replaced_changes_nothing(cast, door, submitted_case):
    stale = decision(submitted_case, "accept")
    return_claim(submitted_case, by=cast.clerk, reasons="More.")
    file_claim(submitted_case, by=cast.claimant, signature="Kim Jiwoo")
    answer = door.clerk.post(page(submitted_case), stale)
    assert answer.status_code == 409
    assert "sent anew since you opened it" in text_of(answer)
    assert Case.objects.get(pk=submitted_case.pk).stage == "submitted"


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-99-99T00:00:00+00:00", "2026-01-01"])
def test_a_decision_that_does_not_say_which_version_it_is_about_changes_nothing(door, submitted_case, seen):
    assert door.clerk.post(page(submitted_case), {"verdict": "accept", "seen": seen}).status_code == 409
    assert Case.objects.get(pk=submitted_case.pk).stage == "submitted"


def test_a_clerk_does_not_review_a_claim_of_their_own(cast, door):
    from tests.stages_of_a_case import submitted_claim

    cast.claimant.office = Office.CLERK
    cast.claimant.save()
    case = submitted_claim(cast)
    assert door.claimant.get(page(case)).status_code == 404
    assert door.claimant.post(page(case), decision(case, "accept")).status_code == 404
    assert case.label not in text_of(door.claimant.get(reverse("review_queue")))


@pytest.mark.parametrize("person", ["claimant", "respondent", "judge", "mediator", "administrator", "stranger"])
def test_only_clerks_review(cast, door, submitted_case, person):
    client = getattr(door, person)
    assert client.get(reverse("review_queue")).status_code == 404
    assert client.get(page(submitted_case)).status_code == 404
    assert client.post(page(submitted_case), decision(submitted_case, "accept")).status_code == 404
    assert client.post(reverse("service", args=[submitted_case.label]), {"do": "deem"}).status_code == 404
    assert not may(getattr(cast, person), submitted_case, "manage_case")


def test_the_clerks_home_tells_how_many_wait(cast, door, submitted_case):
    (duty,) = duties_of(cast.clerk)
    assert duty.label == "1 claim to review"
    assert duty.due_at == submitted_case.deadlines.get(kind="review").due_at
    assert "1 claim to review" in text_of(door.clerk.get(reverse("home")))
    (duty,) = duties_of(cast.clerk, submitted_case)
    assert duty.url == page(submitted_case)


def test_empty_lists_say_what_will_appear(door):
    for shown in ("claims", "service", "answers", "nonsense"):
        assert "appears here" in text_of(door.clerk.get(reverse("review_queue"), {"show": shown}))


def test_numbers_have_no_gaps_when_a_decision_fails(cast, door, submitted_case):
    stale = {"verdict": "accept", "seen": "2020-01-01T00:00:00+00:00"}
    assert door.clerk.post(page(submitted_case), stale).status_code == 409
    door.clerk.post(page(submitted_case), decision(submitted_case, "accept"))
    assert Case.objects.get(pk=submitted_case.pk).number.endswith("-0001")
