"""The day from which anybody may read a transcript, without what is hidden."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from court.accounts.models import User
from court.cases.deadlines import deadline, explain
from court.cases.models import Case, Deadline
from court.cases.procedure import rule
from court.cases.services import record
from court.work.models import Job, State

from .. import leaks, renditions
from ..models import Redaction, RedactionState, Transcript, TranscriptState


class NotReleasable(Exception):
    """The transcript cannot be released now. The message tells why."""


def limit_of(transcript: Transcript, key: str) -> Deadline | None:
    """A time limit under a rule that counts from the day the transcript was ready; None before. It is not saved."""
    if transcript.ready_at is None:
        return None
    found = rule(key)
    return Deadline(
        case=transcript.case,
        kind=key,
        rule=found.number,
        days=found.days or 0,
        counted_from=transcript.ready_at,
        due_at=deadline(found, transcript.ready_at),
    )


def explained(limit: Deadline | None) -> str:
    """The rule and the arithmetic of a limit, in the active language."""
    return explain(limit) if limit else ""


def obstacles(transcript: Transcript) -> list[str]:
    """Why the transcript cannot be released now, each as a sentence; empty if it can."""
    found: list[str] = []
    if Case.objects.filter(pk=transcript.case_id, sealed=True).exists():
        found.append(_("The case is sealed. Its record is never released."))
    if transcript.state != TranscriptState.READY:
        found.append(_("The transcript is not ready."))
    asked = Redaction.objects.filter(transcript=transcript, state=RedactionState.ASKED)
    if number := asked.values("batch").distinct().count():
        found.append(
            ngettext(
                "%(number)d redaction that was asked for is not decided.",
                "%(number)d redactions that were asked for are not decided.",
                number,
            )
            % {"number": number}
        )
    if number := leaks.open_leaks(transcript):
        found.append(
            ngettext(
                "Hidden words still stand in %(number)d place.",
                "Hidden words still stand in %(number)d places.",
                number,
            )
            % {"number": number}
        )
    if being_looked_at(transcript):
        found.append(_("The court's server is still looking for places where hidden words stand. Try again soon."))
    return found


def being_looked_at(transcript: Transcript) -> bool:
    """Whether a look for leaks is queued, goes on, or did not come to its end: then nobody knows."""
    return Job.objects.filter(key=f"look_for_leaks:{transcript.case_id}").exclude(state=State.DONE).exists()


def set_release(transcript: Transcript, at: datetime, *, by: User) -> None:
    """Have anybody read the transcript from an aware moment on. Raises NotReleasable."""
    with transaction.atomic():
        Transcript.objects.select_for_update().get(pk=transcript.pk)
        if reasons := obstacles(transcript):
            raise NotReleasable(" ".join(reasons))
        changed = Transcript.objects.filter(pk=transcript.pk, case__sealed=False, state=TranscriptState.READY).update(
            release_at=at
        )
        if not changed:
            raise NotReleasable(_("The transcript cannot be released now."))
        record(
            transcript.case,
            "transcript_release",
            by=by,
            transcript=transcript.pk,
            hearing=transcript.hearing_id,
            at=at.isoformat(),
        )
        renditions.queue(transcript)
    transcript.refresh_from_db()


def withdraw_release(transcript: Transcript, *, by: User) -> bool:
    """Take the release back; False if there was none."""
    with transaction.atomic():
        changed = Transcript.objects.filter(pk=transcript.pk, release_at__isnull=False).update(release_at=None)
        if changed:
            record(
                transcript.case,
                "transcript_release_withdrawn",
                by=by,
                transcript=transcript.pk,
                hearing=transcript.hearing_id,
            )
            renditions.queue(transcript)
    transcript.refresh_from_db()
    return bool(changed)


def is_public(transcript: Transcript) -> bool:
    """Whether the release has begun."""
    return transcript.release_at is not None and transcript.release_at <= timezone.now() and not transcript.case.sealed
