"""Hiding words of the record, and showing them again. Each deed is one conditional UPDATE, in docket and ledger.

What is asked for is hidden from the public in the same transaction; the court decides. Neither the docket nor the
ledger tells what was hidden, where, or why: they are read by more people, and are never changed.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from court.accounts.models import User
from court.cases.services import record

from .. import leaks
from ..extracts import NoSuchPassage
from ..models import LIVE, Leak, Level, Redaction, RedactionState, Transcript
from ..text import SEEN_FIELDS, Row, number_of
from . import following, letters
from .stretches import Stretch, between_words


class HiddenAlready(Exception):
    """All of these words are hidden already, at this level or a stricter one."""


class TooLate(Exception):
    """Somebody else has decided meanwhile."""


def hide(
    transcript: Transcript,
    stretches: Sequence[Stretch],
    *,
    level: Level,
    reason: str,
    by: User,
    decided: bool,
    page_line: str = "",
) -> uuid.UUID:
    """Ask for stretches to be hidden, or hide them at once if the court itself does (``decided``); their batch.

    Raises HiddenAlready.
    """
    if _covered(transcript, stretches, level):
        raise HiddenAlready
    now = timezone.now()
    batch = uuid.uuid4()
    made = [
        Redaction(
            transcript=transcript,
            batch=batch,
            track_id=one.track,
            words=one.numbers,
            start=round(one.start, 3),
            end=round(one.end, 3),
            level=level,
            reason=reason,
            page_line=page_line,
            asked_by=by,
            asked_at=now,
            state=RedactionState.APPLIED if decided else RedactionState.ASKED,
            decided_by=by if decided else None,
            decided_at=now if decided else None,
        )
        for one in stretches
    ]
    with transaction.atomic():
        # The lock editing takes too: were the words moved since they were chosen, they are hidden where they are now.
        Transcript.objects.select_for_update().get(pk=transcript.pk)
        Redaction.objects.bulk_create(made)
        following.widen(transcript, _rows_with(transcript, made), made)
        following.carry_to_versions(transcript, made)
        following.follow(transcript, following.touched(transcript, made))
        _write(made, _kind(level) if decided else "redaction_asked", by)
        if not decided:
            letters.tell_court(made[0])
    return batch


def apply(batch: uuid.UUID, *, level: Level, answer: str, by: User) -> None:
    """Allow what was asked for, at this level. Raises TooLate if it was decided meanwhile."""
    _decide(batch, RedactionState.ASKED, RedactionState.APPLIED, _kind(level), by=by, answer=answer, level=level)


def refuse(batch: uuid.UUID, *, answer: str, by: User) -> None:
    """Refuse what was asked for: the words are shown again. Raises TooLate."""
    _decide(batch, RedactionState.ASKED, RedactionState.REFUSED, "redaction_refused", by=by, answer=answer)


def withdraw(batch: uuid.UUID, *, by: User) -> None:
    """Take back what one asked for oneself: the words are shown again. Raises TooLate if it was decided meanwhile,
    PermissionError if it was asked for by somebody else.
    """
    with transaction.atomic():
        if not Redaction.objects.filter(batch=batch, asked_by=by).exists():
            raise PermissionError
        together = _change(batch, RedactionState.ASKED, RedactionState.WITHDRAWN)
        _write(together, "redaction_withdrawn", by)
        letters.tell_court_of_withdrawal(together[0])


def lift(batch: uuid.UUID, *, answer: str, by: User) -> None:
    """Show again what was hidden. Raises TooLate if it is not hidden any more."""
    _decide(batch, RedactionState.APPLIED, RedactionState.LIFTED, "redaction_lifted", by=by, answer=answer)


def hide_there_too(leak: Leak, *, by: User) -> uuid.UUID:
    """Hide the words at a leak as the redaction hides them it belongs to. Raises NoSuchPassage or HiddenAlready."""
    there = leaks.words_at(leak)
    if there is None:
        raise NoSuchPassage
    transcript, first, last = there
    redaction = leak.redaction
    return hide(
        transcript,
        between_words(transcript, first, last),
        level=Level(redaction.level),
        reason=redaction.reason,
        by=by,
        decided=True,
    )


def _kind(level: Level | str) -> str:
    return "redaction_sealed" if level == Level.SEALED else "redaction_applied"


def _decide(
    batch: uuid.UUID,
    before: RedactionState,
    after: RedactionState,
    kind: str,
    *,
    by: User,
    answer: str,
    **more: Any,
) -> None:
    with transaction.atomic():
        told = {"decided_by": by, "decided_at": timezone.now(), "answer": answer, **more}
        together = _change(batch, before, after, **told)
        _write(together, kind, by)
        letters.tell_who_asked(together[0])


def _change(batch: uuid.UUID, before: RedactionState, after: RedactionState, **told: Any) -> list[Redaction]:
    """Change the state of all that was asked for as one, in a transaction, with all that follows. Raises TooLate."""
    together = list(Redaction.objects.filter(batch=batch).select_related("transcript__case", "asked_by"))
    if not together:
        raise TooLate
    transcript = together[0].transcript
    Transcript.objects.select_for_update().get(pk=transcript.pk)
    changed = Redaction.objects.filter(batch=batch, state=before).update(state=after, **told)
    if changed != len(together):
        transaction.set_rollback(True)
        raise TooLate
    for one in together:
        one.refresh_from_db()
    following.follow(transcript, following.touched(transcript, together))
    return together


def _write(together: Sequence[Redaction], kind: str, by: User) -> None:
    transcript = together[0].transcript
    record(transcript.case, kind, by=by, transcript=transcript.pk, hearing=transcript.hearing_id)


def _rows_with(transcript: Transcript, made: Sequence[Redaction]) -> list[Row]:
    """The utterances that have words of these redactions, as they stand now."""
    numbers = {number for one in made for number in one.words}
    said = transcript.utterances.values(*SEEN_FIELDS).iterator()
    return [row for row in said if any(number_of(word) in numbers for word in row["words"])]


def _covered(transcript: Transcript, stretches: Sequence[Stretch], level: Level) -> bool:
    """Whether all is hidden already, at this level or a stricter one."""
    live = Redaction.objects.filter(transcript=transcript, state__in=LIVE)
    if level == Level.SEALED:
        live = live.filter(level=Level.SEALED)
    held = list(live)
    return all(
        any(
            one.track_id == stretch.track
            and set(stretch.numbers) <= set(one.words)
            and one.start is not None
            and one.end is not None
            and one.start <= stretch.start + 0.001
            and one.end >= stretch.end - 0.001
            for one in held
        )
        for stretch in stretches
    )
