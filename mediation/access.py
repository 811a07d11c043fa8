"""Who may see a mediation. The judge of the case never does: for them there is none."""

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from court.accounts.models import User
from court.cases.access import cases_for
from court.cases.models import Appointment, Case, Party, Role

from .models import Session

# Either of these arranges mediation, but for the case's judge.
ARRANGE: Final = ("manage_case", "mediate_case")


def _judges(user: User, case: str) -> Q:
    return Q(Exists(Appointment.objects.filter(case=OuterRef(case), user=user, role=Role.JUDGE)))


def cases_to_mediate(user: User) -> QuerySet[Case]:
    """The cases in which this person may arrange mediation: their mediator and clerks, never their judge."""
    return cases_for(user, can=ARRANGE).exclude(_judges(user, "pk"))


def case_to_mediate(user: User, number: str) -> Case:
    """The case in which mediation is to be arranged, or Http404."""
    case = cases_to_mediate(user).filter(Q(number=number) | Q(reference=number)).first()
    if case is None:
        raise Http404
    return case


def sessions_for(user: User) -> QuerySet[Session]:
    """The sessions this person may see: as mediator, as party, or as a clerk who manages the case."""
    party = Q(Exists(Party.objects.filter(case=OuterRef("case"), user=user)))
    found = Session.objects.filter(Q(mediator=user) | party | Q(case__in=cases_for(user, can="manage_case")))
    return found.exclude(_judges(user, "case")).select_related("case", "mediator", "room")


def session_for(user: User, number: int) -> Session:
    """The session, or Http404."""
    session = sessions_for(user).filter(pk=number).first()
    if session is None:
        raise Http404
    return session


def session_to_run(user: User, number: int) -> Session:
    """The session for those who may move or cancel it, its mediator and clerks; or Http404."""
    session = session_for(user, number)
    if session.mediator_id != user.pk and not cases_to_mediate(user).filter(pk=session.case_id).exists():
        raise Http404
    return session


def session_to_mediate(user: User, number: int) -> Session:
    """The session for its mediator alone, or Http404."""
    session = session_for(user, number)
    if session.mediator_id != user.pk:
        raise Http404
    return session


def session_to_answer(user: User, number: int) -> tuple[Session, Party]:
    """The session and the party who is asked to agree to it, or Http404."""
    session = session_for(user, number)
    party = session.case.parties.filter(user=user).first()
    if party is None:
        raise Http404
    return session, party


def _negotiated(user: User) -> QuerySet[Case]:
    """The cases whose offers this person may see: the parties and the mediator, neither clerks nor the judge."""
    party = Q(Exists(Party.objects.filter(case=OuterRef("pk"), user=user)))
    mediator = Q(Exists(Appointment.objects.filter(case=OuterRef("pk"), user=user, role=Role.MEDIATOR)))
    return cases_for(user).filter(party | mediator).exclude(_judges(user, "pk"))


def sees_offers(user: User, case: Case) -> bool:
    """Whether this person may see what was offered in a case that was fetched already."""
    return _negotiated(user).filter(pk=case.pk).exists()


def case_to_negotiate(user: User, number: str) -> tuple[Case, Party | None]:
    """The case whose offers this person may see, and the party they are in it; or Http404."""
    case = _negotiated(user).filter(Q(number=number) | Q(reference=number)).first()
    if case is None:
        raise Http404
    return case, case.parties.filter(user=user).first()
