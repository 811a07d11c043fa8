"""Who has a part in a case besides its parties, and whether it is sealed. Writes; each change is in the docket."""

from django.db import transaction

from court.accounts.models import Office, User
from court.accounts.post import write_letter

from .access import appoint, dismiss
from .models import Appointment, Case, Role
from .services import NotNow, record

# The office one must hold to be given a part; parts not named here are open to anybody with an account.
OFFICE_FOR = {Role.JUDGE: Office.JUDGE, Role.MEDIATOR: Office.MEDIATOR, Role.CLERK: Office.CLERK}
# Who mediates hears what the judge must not: never one person for both.
APART = {Role.JUDGE: Role.MEDIATOR, Role.MEDIATOR: Role.JUDGE}
GIVEN = (Role.JUDGE, Role.MEDIATOR, Role.INTERPRETER, Role.OBSERVER, Role.CLERK)


class Unfit(Exception):
    """This person cannot have that part in this case. ``reason``: office, party, apart, already or last."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def appoint_person(case: Case, person: User, role: Role, *, by: User) -> Appointment:
    """Give a person a part in the case and tell them by letter. Raises Unfit."""
    if role in OFFICE_FOR and person.office != OFFICE_FOR[role]:
        raise Unfit("office")
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)  # two clerks at once: one after the other
        if case.parties.filter(user=person).exists() or case.parties.filter(email__iexact=person.email).exists():
            raise Unfit("party")
        parts = set(case.appointments.filter(user=person).values_list("role", flat=True))
        if role in parts:
            raise Unfit("already")
        if APART.get(role) in parts:
            raise Unfit("apart")
        appointment = appoint(case, person, role)
        record(case, "appoint", by=by, name=person.name, role=role.value)
        write_letter(
            "appointed",
            to=person.email,
            key=f"appointed:{appointment.pk}",
            language=person.language,
            person=person,
            case=case,
            role=role,
        )
    return appointment


def release_person(appointment: Appointment, *, by: User) -> None:
    """Take a part in the case away. Raises Unfit ("last": the last clerk of a sealed case) or NotNow."""
    case, role = appointment.case, Role(appointment.role)
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if role == Role.CLERK and locked.sealed and case.appointments.filter(role=Role.CLERK).count() < 2:
            raise Unfit("last")
        if not case.appointments.filter(pk=appointment.pk).exists():
            raise NotNow("release", case)
        dismiss(case, appointment.user, role)
        record(case, "release", by=by, name=appointment.user.name, role=role.value)


def seal(case: Case, *, reason: str, by: User) -> None:
    """Close the case to all clerks but the one who seals it. Raises NotNow if it is sealed already."""
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, sealed=False).update(sealed=True):
            raise NotNow("seal", case)
        case.sealed = True
        appoint(case, by, Role.CLERK)
        record(case, "seal", by=by, reason=reason)


def unseal(case: Case, *, reason: str, by: User) -> None:
    """Open the case to the registry again. Raises NotNow if it is not sealed."""
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, sealed=True).update(sealed=False):
            raise NotNow("unseal", case)
        case.sealed = False
        record(case, "unseal", by=by, reason=reason)
