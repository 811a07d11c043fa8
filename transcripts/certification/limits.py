"""The time limits of the record. They count from what is written down already, and are saved nowhere else."""

from datetime import datetime

from django.db.models import Max

from court.cases.deadlines import deadline, explain
from court.cases.models import Case, Deadline, DocketEntry
from court.cases.procedure import rule

from ..models import Certificate, Transcript


def limit(case: Case, key: str, counted_from: datetime | None) -> Deadline | None:
    """A limit under the rule with this key; None before time runs, or in a court whose procedure has no such rule."""
    if counted_from is None:
        return None
    try:
        found = rule(key)
    except KeyError:
        return None
    if found.days is None:
        return None
    return Deadline(
        case=case,
        kind=key,
        rule=found.number,
        days=found.days,
        counted_from=counted_from,
        due_at=deadline(found, counted_from),
    )


def ready_since(transcript: Transcript) -> datetime | None:
    """Since when the present text has been there to be checked; None before.

    The docket told it. ``ready_at`` alone may be later: merging again what was heard leaves a person's text as it is.
    """
    told = DocketEntry.objects.filter(
        case=transcript.case_id, kind="transcript_ready", details__transcript=transcript.pk
    ).aggregate(last=Max("at"))["last"]
    if transcript.ready_at is None or told is None:
        return transcript.ready_at
    return min(transcript.ready_at, told)


def errata_limit(transcript: Transcript, *, since: datetime | None = None) -> Deadline | None:
    """Until when corrections of a transcript are asked for. ``since``: what ``ready_since`` says, if it is known."""
    return limit(transcript.case, "errata", since or ready_since(transcript))


def signing_limit(certificate: Certificate) -> Deadline | None:
    """Until when the parties sign a certified record."""
    return limit(certificate.transcript.case, "sign-record", certificate.certified_at)


def explained(found: Deadline | None) -> str:
    """The rule and the arithmetic of a limit, in the active language."""
    return explain(found) if found else ""
