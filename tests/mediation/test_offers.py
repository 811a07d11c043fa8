"""Negotiation: offers, counter-offers, and the settlement that both sides confirm."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from court.cases.access import appoint
from court.cases.models import Case, Role
from court.cases.page import duties_of
from court.hearings.models import HearingState
from court.hearings.services import list_hearing
from mediation.models import Offer
from mediation.tasks import close_offers_run_out
from tests.stages_of_a_case import issued

SECRET = "I keep the bicycle and you pay half"


@pytest.fixture
def offers(judged_case):
    return f"/cases/{judged_case.label}/offers/"


@pytest.fixture
def make(door, offers):
    """A party makes an offer; gives the answer of the page."""

    def do(person, **changes):
        return person.post(offers, {"amount": "600", "terms": SECRET, "days": "7", **changes})

    return do


@pytest.fixture
def answer(offers):
    def do(person, deed: str):
        return person.post(f"{offers}{Offer.objects.first().pk}/", {"do": deed})

    return do


def states() -> list[str]:
    return list(Offer.objects.order_by("pk").values_list("state", flat=True))


def test_an_offer_reaches_the_other_side_by_letter_without_its_terms(door, cast, offers, make, work):
    assert make(door.respondent).status_code == 302
    offer = Offer.objects.get()
    assert (offer.amount, offer.currency) == (60000, "GBP")
    mail.outbox.clear()
    work()
    letter = next(one for one in mail.outbox if "offer" in one.subject)
    assert letter.to == [cast.claimant.email]
    assert SECRET not in letter.body and "600" not in letter.body and offers in letter.body
    assert SECRET in door.claimant.get(offers).content.decode()
    assert next(d for d in duties_of(cast.claimant) if d.url == offers).due_at == offer.open_until
    assert not [d for d in duties_of(cast.respondent) if d.url == offers]


@pytest.mark.parametrize("who", ["judge", "clerk", "stranger", "administrator", "mediator"])
def test_offers_are_not_there_for_others(door, offers, make, answer, who):
    make(door.respondent)
    person = getattr(door, who)
    assert person.get(offers).status_code == 404
    assert make(person).status_code == 404
    assert answer(person, "accept").status_code == 404
    assert states() == ["open"]


def test_the_judge_learns_nothing_of_offers(door, cast, judged_case, make, answer):
    make(door.respondent)
    answer(door.claimant, "accept")
    for path in ("", "docket/"):
        page = door.judge.get(f"/cases/{judged_case.label}/{path}").content.decode()
        assert "offer" not in page.lower() and SECRET not in page
    claimant = door.claimant.get(f"/cases/{judged_case.label}/docket/").content.decode()
    assert "Li Wei made an offer" in claimant and SECRET not in claimant


def test_the_mediator_reads_offers_and_makes_none(door, cast, judged_case, offers, make, answer):
    appoint(judged_case, cast.mediator, Role.MEDIATOR)
    make(door.respondent)
    assert SECRET in door.mediator.get(offers).content.decode()
    assert make(door.mediator).status_code == 404
    assert answer(door.mediator, "accept").status_code == 404


def test_an_offer_is_answered_by_another(door, make, answer):
    make(door.respondent)
    first = Offer.objects.get()
    assert make(door.claimant, amount="900").status_code == 302
    assert states() == ["countered", "open"]
    assert Offer.objects.last() == first and Offer.objects.first().counters == first
    assert answer(door.respondent, "decline").status_code == 302
    assert states() == ["countered", "declined"]


def test_a_side_has_one_open_offer_and_may_withdraw_it(door, make, answer):
    make(door.respondent)
    again = make(door.respondent, amount="700")
    assert again.status_code == 400 and again.context["form"]["amount"].value() == "700"
    answer(door.respondent, "withdraw")
    assert make(door.respondent, amount="700").status_code == 302
    assert states() == ["withdrawn", "open"]


@pytest.mark.parametrize(
    ("who", "deed"), [("respondent", "accept"), ("respondent", "decline"), ("claimant", "withdraw")]
)
def test_nobody_answers_for_the_other_side(door, make, answer, who, deed):
    make(door.respondent)
    answer(getattr(door, who), deed)
    assert states() == ["open"]


def test_an_offer_that_ran_out_is_not_accepted(door, cast, judged_case, offers, make, answer):
    make(door.respondent)
    Offer.objects.update(open_until=timezone.now() - timedelta(minutes=1))
    answer(door.claimant, "accept")
    assert states() == ["open"]
    assert "Expired" in door.claimant.get(offers).content.decode()
    assert not [d for d in duties_of(cast.claimant) if d.url == offers]
    close_offers_run_out()
    close_offers_run_out()
    assert states() == ["expired"]
    assert judged_case.docket.filter(kind="offer_expired").count() == 1


def test_a_new_offer_can_follow_one_that_ran_out(door, make):
    make(door.respondent)
    Offer.objects.update(open_until=timezone.now() - timedelta(minutes=1))
    assert make(door.respondent).status_code == 302
    assert states() == ["expired", "open"]


def test_the_case_is_settled_when_both_have_confirmed_and_not_before(door, cast, judged_case, make, answer, work):
    appoint(judged_case, cast.mediator, Role.MEDIATOR)
    hearing = list_hearing(
        judged_case, judge=cast.judge, starts_at=timezone.now() + timedelta(days=20), minutes=60, by=cast.clerk
    )
    make(door.respondent)
    answer(door.claimant, "confirm")
    assert Case.objects.get(pk=judged_case.pk).stage == "listed"
    mail.outbox.clear()
    answer(door.claimant, "accept")
    work()
    told = {one.to[0] for one in mail.outbox if "accepted" in one.subject}
    assert told == {cast.claimant.email, cast.respondent.email, cast.mediator.email}
    for _ in range(2):
        answer(door.claimant, "confirm")
    assert Case.objects.get(pk=judged_case.pk).stage == "listed"
    assert [d.action for d in duties_of(cast.respondent) if "offers" in d.url] == ["Read and confirm"]
    page = answer(door.respondent, "confirm")
    assert page.status_code == 302
    assert Case.objects.get(pk=judged_case.pk).stage == "settled"
    hearing.refresh_from_db()
    assert hearing.state == HearingState.CANCELLED
    judge = door.judge.get(f"/cases/{judged_case.label}/docket/").content.decode()
    assert "settled" in judge and SECRET not in judge and "£600" not in judge


def test_nothing_more_is_offered_once_an_offer_was_accepted(door, make, answer):
    make(door.respondent)
    answer(door.claimant, "accept")
    assert make(door.claimant).status_code == 400
    assert states() == ["accepted"]


def test_the_database_itself_allows_one_open_offer(door, judged_case, make):
    make(door.respondent)
    first = Offer.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(
            case=judged_case, party=first.party, currency="GBP", terms="Twice", open_until=first.open_until
        )


@pytest.mark.parametrize(
    ("field", "wrong"), [("amount", "-5"), ("amount", "1.234"), ("amount", "lots"), ("terms", ""), ("days", "9999")]
)
def test_what_cannot_be_read_is_refused_at_its_field_and_kept(door, make, field, wrong):
    page = make(door.respondent, **{field: wrong})
    assert page.status_code == 400 and field in page.context["form"].errors
    assert page.context["form"][field].value() == wrong
    assert not Offer.objects.exists()


def test_an_offer_need_not_be_about_money(door, offers, make):
    assert make(door.respondent, amount="").status_code == 302
    assert Offer.objects.get().amount is None


def test_no_offers_before_the_other_side_has_joined(door, cast):
    case = issued(cast)
    page = door.claimant.post(f"/cases/{case.label}/offers/", {"amount": "1", "terms": "x", "days": "7"})
    assert page.status_code == 400 and not Offer.objects.exists()


def test_an_offer_or_a_deed_that_is_none_is_not_found(door, offers, make):
    make(door.respondent)
    assert door.claimant.post(f"{offers}999999/", {"do": "accept"}).status_code == 404
    assert door.claimant.post(f"{offers}{Offer.objects.get().pk}/", {"do": "burn"}).status_code == 404
