"""Who may see a hearing, and who may run it."""

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from court.accounts.models import Office, User
from court.cases.access import cases_for
from court.cases.models import Case
from court.rooms.models import Seat

from .models import Hearing

# Either of these lists, moves and cancels hearings, and writes log notes.
RUN: Final = ("manage_case", "decide_case")


def _seated(user: User) -> Q:
    return Q(Exists(Seat.objects.filter(room=OuterRef("room"), user=user, removed_at=None)))


def hearings_for(user: User) -> QuerySet[Hearing]:
    """The hearings this person may see: of the cases they may view, and those they have a seat in."""
    return Hearing.objects.filter(Q(case__in=cases_for(user)) | _seated(user)).select_related("case", "judge", "room")


def own_hearings(user: User) -> QuerySet[Hearing]:
    """What the list of hearings shows: a judge sees their own, everybody else all they may see."""
    if user.office == Office.JUDGE:
        return hearings_for(user).filter(Q(judge=user) | _seated(user))
    return hearings_for(user)


def hearing_for(user: User, number: int, *, to_run: bool = False) -> Hearing:
    """The hearing, or Http404. ``to_run``: only for those who may list, move and cancel it."""
    found = hearings_for(user).filter(pk=number)
    if to_run:
        found = found.filter(case__in=cases_to_list(user))
    hearing = found.first()
    if hearing is None:
        raise Http404
    return hearing


def cases_to_list(user: User) -> QuerySet[Case]:
    """The cases in which this person may list hearings: clerks and the case's judge."""
    return cases_for(user, can=RUN)


def case_to_list(user: User, number: str) -> Case:
    """The case in which a hearing is to be listed, or Http404."""
    case = cases_to_list(user).filter(Q(number=number) | Q(reference=number)).first()
    if case is None:
        raise Http404
    return case
