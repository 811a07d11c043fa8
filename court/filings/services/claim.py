"""The claim: started, changed while it is a draft, filed, withdrawn."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from court.accounts.models import User
from court.cases import stages
from court.cases.access import seat_party
from court.cases.deadlines import meet, set_deadline
from court.cases.models import Case, Party, Role
from court.cases.services import NotNow, move
from court.filings.access import EDITABLE
from court.filings.models import Claim, Filed
from court.filings.queries import Problem, claim_problems, claim_text, claimant_of, same_name

from .letters import write


class Incomplete(Exception):
    """A paper cannot be filed yet. ``problems`` says what it lacks; empty if the signature is another name."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} things are missing")
        self.problems = problems


def start_claim(*, by: User) -> Case:
    """Open a draft for somebody who wants to sue; one they opened and left untouched is taken up again."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # a form sent twice at once opens one draft
        untouched = (
            Case.objects.filter(opened_by=by, stage=stages.DRAFT, title="", claim__summary="", claim__remedy="")
            .filter(claim__facts=None, claim__unfinished={})
            .exclude(parties__role=Role.RESPONDENT)
            .first()
        )
        if untouched is not None:
            return untouched
        case = Case.objects.create(opened_by=by)
        Claim.objects.create(case=case)
        party = Party.objects.create(
            case=case, role=Role.CLAIMANT, name=by.name, email=by.email, user=by, joined_at=timezone.now()
        )
        seat_party(party)
        return case


@contextmanager
def change_claim(case: Case) -> Iterator[Claim]:
    """Hold the draft while it is changed. Raises NotNow if it was filed meanwhile: a filed claim is never edited."""
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if locked.stage not in EDITABLE:
            raise NotNow("change", locked)
        yield Claim.objects.select_related("case").get(case=locked)


def file_claim(case: Case, *, by: User, signature: str) -> Case:
    """File the claim with its statement of truth (rule R-14) and send the claimant a receipt.

    The SHA-256 of the claim's text goes into docket and ledger, so that what was filed can be proved.
    Raises Incomplete while something is missing or the signature is not the claimant's name; NotNow if it was filed.
    """
    with change_claim(case) as claim:
        case = claim.case
        claimant = claimant_of(case)
        problems = claim_problems(claim)
        if problems or claimant is None or not same_name(signature, claimant.name):
            raise Incomplete(problems)
        claim.truth_name = signature.strip()
        claim.truth_at = claim.submitted_at = timezone.now()
        claim.save()
        body = claim_text(claim)
        sha256 = hashlib.sha256(body.encode()).hexdigest()
        filed = Filed.objects.create(case=case, paper="claim", body=body, sha256=sha256, by=by)
        again = case.stage == stages.RETURNED
        move(case, "submit", by=by, kind="claim_corrected" if again else "claim_filed", sha256=sha256)
        meet(case, "correct")
        limit = set_deadline(case, "review", counted_from=claim.submitted_at)
        write(
            "claim_received",
            to=claimant.email,
            key=filed.pk,
            language=by.language,
            case=case,
            name=claimant.name,
            sha256=sha256,
            at=claim.submitted_at,
            review_by=limit.due_at,
        )
    return case


def withdraw_claim(case: Case, *, by: User) -> None:
    """Give up a draft or a claim that the court has not accepted. Raises NotNow once it is accepted.

    A draft that was never filed stays its author's alone: the case is sealed, so that no clerk comes to see it.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        never_filed = locked.stage == stages.DRAFT
        move(locked, "withdraw", by=by, kind="claim_withdrawn")
        meet(locked, "review")
        meet(locked, "correct")
        if never_filed:
            Case.objects.filter(pk=case.pk).update(sealed=True)
