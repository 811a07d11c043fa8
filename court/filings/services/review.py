"""The court's review of a filed claim: accept, return once, or refuse (rules R-5 to R-7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from court.accounts.models import User
from court.cases import stages
from court.cases.deadlines import meet, set_deadline
from court.cases.models import Case
from court.cases.services import NotNow, move, next_number
from court.filings.access import respondent_of
from court.filings.models import Claim, Review, Verdict
from court.filings.queries import claimant_of

from .invitation import serve_claim
from .letters import write


class AlreadyReturned(Exception):
    """The claim was returned for correction once before; rule R-6 allows no second return."""


@contextmanager
def _reviewed(case: Case, seen: datetime | None) -> Iterator[Case]:
    """Hold the case while it is decided. Raises NotNow unless the claim is the very one the clerk has read."""
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).select_related("claim", "opened_by").get(pk=case.pk)
        claim: Claim = locked.claim
        if locked.stage != stages.SUBMITTED or (seen is not None and claim.submitted_at != seen):
            raise NotNow("review", locked)
        yield locked
        meet(locked, "review")


def accept_claim(case: Case, *, by: User, seen: datetime | None = None) -> Case:
    """Accept the claim: it gets its number, and the other side is invited at once.

    ``seen`` is the time at which the version the clerk has read was filed. Raises NotNow if somebody decided already.
    """
    with _reviewed(case, seen) as held:
        claimant, respondent = claimant_of(held), respondent_of(held)
        held.number = next_number()
        held.title = f"{claimant} v {respondent}"[:200]
        move(held, "accept", by=by, kind="claim_accepted", number=held.number)
        Case.objects.filter(pk=held.pk).update(number=held.number, title=held.title)
        Review.objects.create(case=held, verdict=Verdict.ACCEPT, by=by)
        if claimant is not None:
            write(
                "claim_accepted",
                to=claimant.email,
                key=held.pk,
                language=held.opened_by.language,
                case=held,
                name=claimant.name,
                respondent=str(respondent),
            )
        serve_claim(held, by=by)
    return held


def return_claim(case: Case, *, by: User, reasons: str, seen: datetime | None = None) -> Case:
    """Return the claim with one complete list of corrections (rule R-6). Raises AlreadyReturned at a second time."""
    with _reviewed(case, seen) as held:
        if held.reviews.filter(verdict=Verdict.RETURN).exists():
            raise AlreadyReturned
        move(held, "return", by=by, kind="claim_returned")
        review = Review.objects.create(case=held, verdict=Verdict.RETURN, reasons=reasons.strip(), by=by)
        claimant = claimant_of(held)
        limit = set_deadline(held, "correct", counted_from=timezone.now(), party=claimant)
        if claimant is not None:
            write(
                "claim_returned",
                to=claimant.email,
                key=review.pk,
                language=held.opened_by.language,
                case=held,
                name=claimant.name,
                reasons=review.reasons,
                due_at=limit.due_at,
                rule=limit.rule,
            )
    return held


def refuse_claim(case: Case, *, by: User, reasons: str, seen: datetime | None = None) -> Case:
    """Refuse the claim with reasons."""
    with _reviewed(case, seen) as held:
        move(held, "refuse", by=by, kind="claim_refused")
        review = Review.objects.create(case=held, verdict=Verdict.REFUSE, reasons=reasons.strip(), by=by)
        claimant = claimant_of(held)
        if claimant is not None:
            write(
                "claim_refused",
                to=claimant.email,
                key=held.pk,
                language=held.opened_by.language,
                case=held,
                name=claimant.name,
                reasons=review.reasons,
            )
    return held
