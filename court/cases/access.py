"""Who may see and do what in a case. Fetching is the permission check; grants are made here and nowhere else."""

import functools
from typing import Final

from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import Q, QuerySet
from django.http import Http404
from guardian.shortcuts import remove_perm

from court.accounts.models import Office, User

from . import stages
from .models import Appointment, Case, CaseUserObjectPermission, Party, Role
from .signals import party_seated

Person = User | AnonymousUser

# What each part in a case may do.
GRANTS: Final[dict[str, tuple[str, ...]]] = {
    Role.CLAIMANT: ("view_case", "file_in_case", "attend_case"),
    Role.RESPONDENT: ("view_case", "file_in_case", "answer_claim", "attend_case"),
    Role.REPRESENTATIVE: ("view_case", "file_in_case", "attend_case"),
    Role.JUDGE: ("view_case", "attend_case", "decide_case"),
    Role.MEDIATOR: ("view_case", "mediate_case"),
    Role.CLERK: ("view_case", "attend_case", "manage_case"),
    Role.INTERPRETER: ("view_case", "attend_case"),
    Role.OBSERVER: ("view_case",),
    Role.WITNESS: (),  # a witness is seated in a hearing and sees no file
}

# What a clerk may do in every case that was filed and is not sealed.
CLERKS_MAY: Final = frozenset({"view_case", "attend_case", "manage_case"})


@functools.cache
def _grants(*can: str) -> QuerySet[CaseUserObjectPermission]:
    """Everybody's grants for one of these. Made once, for a statement is put together more slowly than it is answered.

    It is never asked itself: what ``filter`` makes of it is.
    """
    return CaseUserObjectPermission.objects.filter(
        permission__codename__in=can, permission__content_type__app_label="cases"
    )


def allowed(user: User, *can: str, case: str = "") -> Q:
    """What is true of the cases in which an active person may do one of ``can``: for statements asking several things.

    ``case`` is the way from what is asked for to its case, such as ``case__``.
    """
    # Not Exists: the database then looks up this person's grants once, not every case of the court for them.
    there = Q((f"{case}pk__in", _grants(*can).filter(user=user).values("content_object")))
    if user.office == Office.CLERK and not CLERKS_MAY.isdisjoint(can):
        there |= Q((f"{case}sealed", False)) & ~Q((f"{case}stage", stages.DRAFT))
    return there


def cases_for(user: Person, *, can: str | tuple[str, ...] = "view_case") -> QuerySet[Case]:
    """The cases in which this person may do ``can``, of several things one at least.

    None for a stranger; an administrator has no more than others.
    """
    if not isinstance(user, User) or not user.is_active:
        return Case.objects.none()
    return Case.objects.filter(allowed(user, *([can] if isinstance(can, str) else can)))


def case_for(user: Person, number: str, *, can: str = "view_case") -> Case:
    """The case with this number or filing reference. Raises Http404 unless the person may do ``can`` in it."""
    case = None
    if number.isprintable():  # a NUL character is a fault to PostgreSQL, and no number holds one
        case = cases_for(user, can=can).filter(Q(number=number) | Q(reference=number)).first()
    if case is None:
        raise Http404
    return case


def may(user: Person, case: Case, *can: str) -> bool:
    """Tell whether this person may do one of these in a case that was fetched already; for what a page offers."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.office == Office.CLERK and not CLERKS_MAY.isdisjoint(can):
        return cases_for(user, can=can).filter(pk=case.pk).exists()
    return _grants(*can).filter(user=user, content_object=case.pk).exists()


def abilities(user: Person, case: Case) -> frozenset[str]:
    """All this person may do in a case, in one query."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    names = set(
        CaseUserObjectPermission.objects.filter(content_object=case, user=user).values_list(
            "permission__codename", flat=True
        )
    )
    if user.office == Office.CLERK and not case.sealed and case.stage != stages.DRAFT:
        names |= CLERKS_MAY
    return frozenset(names)


def party_of(user: Person, case: Case) -> Party | None:
    """The party this person is in the case, if any."""
    if not isinstance(user, User):
        return None
    return case.parties.filter(user=user).first()


def seat_party(party: Party) -> None:
    """Grant a party who joined what their side may do. Raises ValueError for one who has not joined."""
    if party.user is None:
        raise ValueError("Only a party who joined the case is seated.")
    _grant(party.case, party.user, party.role)
    party_seated.send(sender=Party, party=party)


def appoint(case: Case, user: User, role: Role | str) -> Appointment:
    """Give somebody a part in the case and the grants that go with it."""
    appointment, _ = Appointment.objects.get_or_create(case=case, user=user, role=role)
    _grant(case, user, role)
    return appointment


def _grant(case: Case, user: User, role: Role | str) -> None:
    """Give a person all that goes with a role: two statements, where guardian's own word makes six for each grant."""
    permissions = Permission.objects.filter(
        content_type__app_label="cases", content_type__model="case", codename__in=GRANTS[role]
    )
    grants = [CaseUserObjectPermission(permission=one, user=user, content_object=case) for one in permissions]
    if len(grants) != len(GRANTS[role]):
        raise Permission.DoesNotExist(f"Not everything a {role} may do is known; is the database migrated?")
    CaseUserObjectPermission.objects.bulk_create(grants, ignore_conflicts=True)  # what they have already they keep


def dismiss(case: Case, user: User, role: Role | str) -> None:
    """Take a part in the case away again, with its grants, but for those another part of theirs gives."""
    Appointment.objects.filter(case=case, user=user, role=role).delete()
    kept = {
        codename
        for other in Appointment.objects.filter(case=case, user=user).values_list("role", flat=True)
        for codename in GRANTS[other]
    }
    if party := party_of(user, case):
        kept |= set(GRANTS[party.role])
    for codename in GRANTS[role]:
        if codename not in kept:
            remove_perm(codename, user, case)
