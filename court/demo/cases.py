"""Fills an empty court with the demo's disputes, by the same services a person's clicks would call."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from court.accounts.models import User
from court.cases.access import appoint
from court.cases.models import Case, Party, Role
from court.filings.models import Answer, Fact, FactAnswer, FactReply, Invitation, Stance
from court.filings.services import (
    accept_claim,
    change_answer,
    change_claim,
    file_answer,
    file_claim,
    join_case,
    refuse_claim,
    return_claim,
    start_claim,
)
from court.hearings.diary import Taken
from court.hearings.services import list_hearing
from court.orders.models import OrderKind
from court.orders.services import TEXT_FIELDS, save_draft, sign_order, start_order
from court.orders.wording import GAP

from .stories import STORIES, Story

ADDRESSES = ("1 Mill Lane, Ashford", "9 Dock Road, Ashford", "22 High Street, Ashford", "4 Church Row, Ashford")
# How far each last stage of a story goes beyond filing.
JOINED = {"served", "answered", "listed", "heard", "decided", "settled"}
ANSWERED = JOINED - {"served"}


def make_cases(people: dict[str, User]) -> list[tuple[Case, Story]]:
    """Make every story's case up to its stage; a heard case is listed here and heard by ``demo.hearing``."""
    return [(_make(story, people, number), story) for number, story in enumerate(STORIES)]


def _make(story: Story, people: dict[str, User], number: int) -> Case:
    claimant, respondent, clerk = people[story.claimant], people[story.respondent], people["clerk"]
    case = _draft(story, claimant, respondent, number)
    if story.stage == "draft":
        return case
    case = file_claim(case, by=claimant, signature=claimant.name)
    if story.stage == "returned":
        return return_claim(case, by=clerk, reasons=story.reasons)
    if story.stage == "refused":
        return refuse_claim(case, by=clerk, reasons=story.reasons)
    if story.stage == "submitted":
        return case
    case = accept_claim(case, by=clerk)
    if story.stage in JOINED:
        case = join_case(Invitation.objects.get(party__case=case, revoked_at=None), by=respondent)
    if story.stage in ANSWERED:
        case = _answer(case, story, respondent)
    judge = people["judge" if number % 2 == 0 else "judge2"]
    if story.stage in {"decided", "settled"}:
        appoint(case, judge, Role.JUDGE)
        _decide(case, judge, story)
    if story.stage == "listed":
        _list(case, judge, clerk, number)
    return Case.objects.get(pk=case.pk)


def _draft(story: Story, claimant: User, respondent: User, number: int) -> Case:
    case = start_claim(by=claimant)
    with change_claim(case) as claim:
        Party.objects.filter(case=case, role=Role.CLAIMANT).update(address=ADDRESSES[number % 4])
        Party.objects.create(
            case=case,
            role=Role.RESPONDENT,
            name=respondent.name,
            email=respondent.email,
            address=ADDRESSES[(number + 1) % 4],
        )
        claim.summary, claim.remedy = story.summary, story.remedy
        claim.asks_money, claim.amount = story.amount is not None, story.amount
        claim.currency = settings.COURT_CURRENCY
        claim.save()
        for position, (ago, text) in enumerate(story.facts, start=1):
            day = timezone.localdate() - timedelta(days=ago)
            Fact.objects.create(claim=claim, position=position, happened_on=day, text=text)
    return case


def _answer(case: Case, story: Story, respondent: User) -> Case:
    party = case.parties.get(role=Role.RESPONDENT)
    with change_answer(Answer(case=case, party=party)) as answer:
        answer.stance, answer.text = Stance.DISPUTE, story.defence
        answer.save()
        for fact in case.claim.facts.all():
            reply = FactReply.AGREED if fact.position == 1 else FactReply.DISPUTED
            text = "" if reply == FactReply.AGREED else story.defence
            FactAnswer.objects.create(answer=answer, fact=fact, reply=reply, text=text)
    return file_answer(answer, by=respondent, signature=respondent.name)


def _list(case: Case, judge: User, clerk: User, number: int) -> None:
    """At ten in the morning of the first day three weeks off that is free."""
    zone = ZoneInfo(settings.TIME_ZONE)
    day = timezone.localdate() + timedelta(days=21 + number % 5)
    for _ in range(30):
        starts_at = datetime.combine(day, time(10), tzinfo=zone)
        try:
            if day.weekday() < 5:
                list_hearing(case, judge=judge, starts_at=starts_at, minutes=60, by=clerk)
                return
        except Taken:
            pass
        day += timedelta(days=1)


def _decide(case: Case, judge: User, story: Story) -> None:
    """The judge writes the order from its starting text, fills its blanks and signs; the worker makes the PDF."""
    kind = OrderKind.JUDGMENT if story.stage == "decided" else OrderKind.CONSENT
    order = start_order(case, kind=kind, language="en", by=judge)
    texts = {name: getattr(order, name) for name in TEXT_FIELDS}
    if kind == OrderKind.JUDGMENT:
        texts["findings"] = (
            "The court has read what both parties filed.\n\n"
            "The court finds that what the claimant says is borne out by the papers. "
            f"The respondent's reason does not answer the claim: {story.defence}"
        )
    else:
        texts["ordered"] = (
            "The respondent must pay the claimant half of the amount claimed within 14 days of this order."
            "\n\nEach party bears their own costs."
        )
    texts = {name: text.replace(GAP, "—") for name, text in texts.items()}
    order = save_draft(order, version=order.version, by=judge, **texts)
    sign_order(order, by=judge)
