"""The respondent's answer: changed while it is a draft, then filed."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from court.accounts.models import User
from court.cases import stages
from court.cases.deadlines import meet
from court.cases.models import Case
from court.cases.services import NotNow, move
from court.filings.models import Answer, Filed
from court.filings.queries import answer_problems, answer_text, claimant_of, same_name

from .claim import Incomplete
from .letters import write


@contextmanager
def change_answer(answer: Answer) -> Iterator[Answer]:
    """Hold the draft while it is changed, making it at the first change. Raises NotNow if it cannot be changed now."""
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=answer.case_id)
        if locked.stage != stages.SERVED:
            raise NotNow("answer", locked)
        draft, _made = Answer.objects.select_related("case__claim", "party").get_or_create(
            case=locked, defaults={"party": answer.party}
        )
        yield draft


def file_answer(answer: Answer, *, by: User, signature: str) -> Case:
    """File the answer with its statement of truth (rule R-14); after the time limit it is marked as late (rule R-12).

    Raises Incomplete while something is missing or the signature is neither the party's nor the person's name; NotNow
    if it was filed, or the case went on without it.
    """
    with change_answer(answer) as draft:
        case = Case.objects.select_related("opened_by", "claim").get(pk=draft.case_id)
        problems = answer_problems(draft)
        if problems or not (same_name(signature, draft.party.name) or same_name(signature, by.name)):
            raise Incomplete(problems)
        draft.truth_name = signature.strip()
        draft.truth_at = draft.submitted_at = timezone.now()
        draft.save()
        body = answer_text(draft)
        sha256 = hashlib.sha256(body.encode()).hexdigest()
        Filed.objects.create(case=case, paper="answer", body=body, sha256=sha256, by=by)
        in_time = meet(case, "answer")
        move(case, "answer", by=by, kind="answer_filed" if in_time else "answer_filed_late", sha256=sha256)
        claimant = claimant_of(case)
        for name, template, to, language in (
            (draft.party.name, "answer_received", by.email, by.language),
            (str(claimant), "answer_filed", claimant.email if claimant else "", case.opened_by.language),
        ):
            if to:
                write(
                    template,
                    to=to,
                    key=draft.pk,
                    language=language,
                    case=case,
                    name=name,
                    respondent=draft.party.name,
                    sha256=sha256,
                    at=draft.submitted_at,
                    late=not in_time,
                )
    return case
