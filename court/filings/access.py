"""Who may fetch what of the filings. Raises Http404 for everybody else: a draft belongs to its author alone."""

from django.db.models import QuerySet
from django.http import Http404

from court.accounts.models import User
from court.cases import stages
from court.cases.access import Person, case_for, cases_for
from court.cases.models import Case, Party, Role

from .models import Answer, Claim

EDITABLE = (stages.DRAFT, stages.RETURNED)


def claim_for(user: Person, number: str) -> Claim:
    """The claim of this case, for the person who wrote it; whether it may still be edited is for the caller to ask."""
    case = case_for(user, number, can="file_in_case")
    if not isinstance(user, User) or case.opened_by_id != user.pk:
        raise Http404
    claim = Claim.objects.select_related("case__opened_by").filter(case=case).first()
    if claim is None:
        raise Http404
    return claim


def claims_to_review(user: Person) -> QuerySet[Case]:
    """The filed claims this person may review, the oldest first. Nobody reviews a case of their own."""
    if not isinstance(user, User):
        return Case.objects.none()
    return (
        cases_for(user, can="manage_case")
        .filter(stage=stages.SUBMITTED)
        .exclude(parties__user=user)
        .order_by("stage_since", "pk")
    )


def case_to_review(user: Person, number: str) -> Case:
    """The case whose filed claim this person may review, or may have reviewed."""
    case = case_to_serve(user, number)
    if case.stage == stages.DRAFT or not hasattr(case, "claim"):
        raise Http404
    return case


def case_to_serve(user: Person, number: str) -> Case:
    """The case whose service on the respondent this person may look after: a clerk's, but no case of their own."""
    case = case_for(user, number, can="manage_case")
    if case.parties.filter(user=user).exists():  # type: ignore[misc]
        raise Http404
    return case


def respondent_of(case: Case) -> Party | None:
    """Who is sued."""
    return case.parties.filter(role=Role.RESPONDENT).order_by("pk").first()


def answer_for(user: Person, number: str) -> Answer:
    """The respondent's answer, for the respondent who joined; not saved yet if nothing was written so far."""
    case = case_for(user, number, can="answer_claim")
    party = case.parties.filter(role=Role.RESPONDENT, user=user).first()  # type: ignore[misc]
    if party is None or not Claim.objects.filter(case=case).exists():
        raise Http404
    return Answer.objects.filter(case=case).first() or Answer(case=case, party=party)
