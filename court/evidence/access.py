"""Who may see and add exhibits. Fetching is the permission check."""

from django.db.models import Q, QuerySet
from django.http import Http404

from court.accounts.models import User
from court.cases import stages
from court.cases.access import cases_for, may, party_of
from court.cases.models import Case, Party

from .models import Exhibit

BEFORE_SUBMISSION = frozenset({stages.DRAFT, stages.RETURNED})


def exhibits_for(user: User) -> QuerySet[Exhibit]:
    """The exhibits this person may open: those of cases they may view; withdrawn ones only who put them in."""
    shown = Q(withdrawn_at=None) | Q(uploaded_by=user)
    return Exhibit.objects.filter(shown, case__in=cases_for(user, can="view_case"))


def exhibit_for(user: User, pk: int) -> Exhibit:
    """The exhibit, or Http404 unless this person may open it."""
    exhibit = exhibits_for(user).select_related("case", "party", "uploaded_by").filter(pk=pk).first()
    if exhibit is None:
        raise Http404
    return exhibit


def filing_party(user: User, case: Case) -> Party | None:
    """The party for whom this person may put in exhibits now; None when they may not."""
    if case.stage in stages.CLOSED or not may(user, case, "file_in_case"):
        return None
    return party_of(user, case)


def may_withdraw(user: User, exhibit: Exhibit) -> bool:
    """Before the claim is sent, who put an exhibit in may take it out again."""
    return (
        exhibit.withdrawn_at is None
        and exhibit.uploaded_by_id == user.pk
        and exhibit.case.stage in BEFORE_SUBMISSION
        and may(user, exhibit.case, "file_in_case")
    )
