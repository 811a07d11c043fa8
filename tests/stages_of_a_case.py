"""A dispute at each stage, made by the court's own services: what other tests start from.

Kim Jiwoo bought a bicycle from Li Wei that broke; the clerk Tom Reed looks after the case.
"""

from datetime import date

from court.cases.models import Case, Party, Role
from court.filings.models import Answer, Fact, FactAnswer, FactReply, Invitation, Stance
from court.filings.services import (
    accept_claim,
    change_answer,
    change_claim,
    file_answer,
    file_claim,
    join_case,
    start_claim,
)


def draft_claim(cast) -> Case:
    """A complete draft of the claimant's, not filed yet."""
    case = start_claim(by=cast.claimant)
    with change_claim(case) as claim:
        Party.objects.filter(case=case, role=Role.CLAIMANT).update(address="1 Mill Lane, Ashford")
        Party.objects.create(
            case=case,
            role=Role.RESPONDENT,
            name=cast.respondent.name,
            email=cast.respondent.email,
            address="9 Dock Road, Ashford",
        )
        claim.summary = "A bicycle that broke on its first ride"
        claim.remedy = "Pay back the price of the bicycle."
        claim.asks_money, claim.amount, claim.currency = True, 125_050, "GBP"
        claim.save()
        Fact.objects.create(
            claim=claim, position=1, happened_on=date(2026, 3, 3), text="I paid £1,250.50 for the bicycle."
        )
        Fact.objects.create(claim=claim, position=2, date_unknown=True, text="The frame broke on the first ride.")
    Case.objects.filter(pk=case.pk).update(title=f"{cast.claimant.name} v {cast.respondent.name}")
    return Case.objects.get(pk=case.pk)


def submitted_claim(cast) -> Case:
    """The claim filed, waiting for a clerk."""
    return file_claim(draft_claim(cast), by=cast.claimant, signature=cast.claimant.name)


def issued(cast) -> Case:
    """The claim accepted, the respondent invited; nobody has joined yet."""
    return accept_claim(submitted_claim(cast), by=cast.clerk)


def served(cast) -> Case:
    """The respondent joined; the time to answer runs."""
    case = issued(cast)
    return join_case(Invitation.objects.get(party__case=case, revoked_at=None), by=cast.respondent)


def answered(cast) -> Case:
    """The respondent disputed the claim and filed the answer."""
    case = served(cast)
    party = case.parties.get(role=Role.RESPONDENT)
    with change_answer(Answer(case=case, party=party)) as answer:
        answer.stance = Stance.DISPUTE
        answer.text = "The bicycle was sound when I sold it."
        answer.save()
        for fact, reply, text in zip(
            case.claim.facts.all(),
            (FactReply.AGREED, FactReply.DISPUTED),
            ("", "It was ridden down a flight of steps."),
            strict=True,
        ):
            FactAnswer.objects.create(answer=answer, fact=fact, reply=reply, text=text)
    return file_answer(answer, by=cast.respondent, signature=cast.respondent.name)
