"""Writing to a case: moves, the docket, numbers."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from court.accounts.models import User
from court.ledger.services import append

from . import stages
from .models import Audience, Case, CaseCounter, DocketEntry


class NotNow(Exception):
    """The move is not allowed where the case stands now, or somebody else was faster."""

    def __init__(self, verb: str, case: Case) -> None:
        super().__init__(f"{verb} is not possible while the case is {case.stage}")
        self.verb = verb
        self.case = case


def record(
    case: Case, kind: str, /, *, by: User | None, audience: Audience | str = Audience.ALL, **details: Any
) -> DocketEntry:
    """Write a docket entry and its ledger leaf. ``details`` must be JSON; call inside the deed's transaction."""
    now = timezone.now()
    name = by.name if by else ""
    with transaction.atomic():
        leaf = append(
            {
                "case": case.label,
                "at": now.isoformat(),
                "kind": kind,
                "by": name,
                "by_id": by.pk if by else None,
                "details": details,
            }
        )
        return DocketEntry.objects.create(
            case=case,
            at=now,
            kind=kind,
            details=details,
            actor=by,
            actor_name=name,
            audience=audience,
            leaf=leaf.number,
        )


def move(case: Case, verb: str, *, by: User | None, kind: str | None = None, **details: Any) -> DocketEntry:
    """Move the case and write it down, or raise NotNow. The only function that changes a stage.

    The UPDATE is conditional on the stage the caller saw, so that of two writers one is refused. ``kind`` names the
    docket entry and is the verb unless given.
    """
    target = stages.after(verb, case.stage)
    if target is None:
        raise NotNow(verb, case)
    with transaction.atomic():
        now = timezone.now()
        changed = Case.objects.filter(pk=case.pk, stage=case.stage).update(stage=target, stage_since=now)
        if not changed:
            raise NotNow(verb, case)
        case.stage, case.stage_since = target, now
        return record(case, kind or verb, by=by, **details)


def next_number() -> str:
    """The next case number of the year, such as C-2026-0012. Call inside the transaction that uses it."""
    year = timezone.localdate().year
    CaseCounter.objects.get_or_create(year=year)
    CaseCounter.objects.filter(year=year).update(last=F("last") + 1)  # locks the row until commit
    return f"C-{year}-{CaseCounter.objects.get(year=year).last:04d}"
