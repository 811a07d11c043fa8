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
from court.cases.models import Case
from court.cases.services import record

from .. import index, leaks, renditions
from ..extracts import NoSuchPassage
from ..models import Leak, Level, Redaction, RedactionState, Transcript, Utterance
from ..text import number_of
from . import letters
from .shown import hidden_by
from .stretches import OVERLAP, Stretch, between_words

LIVE = (RedactionState.ASKED, RedactionState.APPLIED)


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
    touched = _touched(transcript, made)
    with transaction.atomic():
        Redaction.objects.bulk_create(made)
        _follow(transcript, touched)
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
    together = list(Redaction.objects.filter(batch=batch).select_related("transcript__case", "asked_by"))
    if not together:
        raise TooLate
    transcript = together[0].transcript
    touched = _touched(transcript, together)
    with transaction.atomic():
        changed = Redaction.objects.filter(batch=batch, state=before).update(
            state=after, decided_by=by, decided_at=timezone.now(), answer=answer, **more
        )
        if changed != len(together):
            transaction.set_rollback(True)
            raise TooLate
        for one in together:
            one.refresh_from_db()
        _follow(transcript, touched)
        _write(together, kind, by)
        letters.tell_who_asked(together[0])


def _write(together: Sequence[Redaction], kind: str, by: User) -> None:
    transcript = together[0].transcript
    record(transcript.case, kind, by=by, transcript=transcript.pk, hearing=transcript.hearing_id)


def _touched(transcript: Transcript, redactions: Sequence[Redaction]) -> list[int]:
    """The utterances whose words these redactions hide."""
    hidden = hidden_by(redactions)
    said = transcript.utterances.values_list("pk", "track", "words").iterator()
    return [pk for pk, track, words in said if any(hidden.hides(word, track) for word in words)]


def _follow(transcript: Transcript, touched: list[int]) -> None:
    """All that follows when something is hidden or shown: the search index at once; sound and a look for leaks."""
    utterances = list(Utterance.objects.select_for_update().filter(pk__in=touched))
    index.write(utterances, index.rows(utterances))
    renditions.queue(transcript)
    leaks.queue(transcript.case_id)


def widen(case: Case) -> None:
    """Let every redaction hide the seconds its words take now: an edit or another version may have moved them."""
    for transcript in Transcript.objects.filter(case=case, redactions__state__in=LIVE).distinct():
        live = list(Redaction.objects.filter(transcript=transcript, state__in=LIVE, start__isnull=False))
        owners: dict[int, list[Redaction]] = {}
        for one in live:
            for number in one.words:
                owners.setdefault(number, []).append(one)
        for words in transcript.utterances.values_list("words", flat=True).iterator():
            for word in words:
                if word[1] is not None:
                    for one in owners.get(number_of(word), ()):
                        one.start, one.end = min(one.start or 0.0, word[1]), max(one.end or 0.0, word[2])
        _widened(transcript, live)


def _widened(transcript: Transcript, live: list[Redaction]) -> None:
    before = {one.pk: one for one in Redaction.objects.filter(pk__in=[one.pk for one in live])}
    moved = [
        one
        for one in live
        if (one.start or 0.0) < (before[one.pk].start or 0.0) - OVERLAP
        or (one.end or 0.0) > (before[one.pk].end or 0.0) + OVERLAP
    ]
    if moved:
        with transaction.atomic():
            for one in moved:
                Redaction.objects.filter(pk=one.pk).update(start=one.start, end=one.end)
            _follow(transcript, _touched(transcript, moved))


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
