"""The comparison itself: the transcript as it stands, and its sound, against a written record."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from court.cases.models import Party
from transcripts.alignment import Alignment, SpokenWord, align
from transcripts.alignment import Discrepancy as Found
from transcripts.alignment.result import INTERPOLATED, MATCHED
from transcripts.models import (
    Clearance,
    Decision,
    Discrepancy,
    DiscrepancyKind,
    Transcript,
    WrittenRecord,
    WrittenState,
)
from transcripts.text import Line, lines_of

A_HAIR = 0.0001  # seconds; marks a start that no engine gave, and keeps the words' order


def heard_in(lines: list[Line]) -> tuple[list[SpokenWord], set[float]]:
    """Everything that was heard, with who said it; and the starts that were only put between two others.

    A word a person wrote into the transcript may not have been found in the sound. It is compared at the place where
    it stands, and what matches it is never said to have been heard at that time.
    """
    words: list[SpokenWord] = []
    between: set[float] = set()
    for line in lines:
        at = line.start
        for word in line.words:
            if word.start is None or word.end is None:
                words.append(SpokenWord(word.text, at - A_HAIR, at, line.speaker, word.probability))
                between.add(round(at - A_HAIR, 4))
            else:
                at = word.end
                words.append(SpokenWord(word.text, word.start, word.end, line.speaker, word.probability))
    return words, between


def language_of(written: WrittenRecord, lines: list[Line]) -> str:
    """The language told for the record, or the one most of the hearing was in; empty if nobody knows."""
    if written.language:
        return written.language
    spoken: dict[str, int] = {}
    for line in lines:
        if line.language:
            spoken[line.language] = spoken.get(line.language, 0) + len(line.words)
    return max(spoken, key=lambda code: spoken[code], default="")


def compare(
    written: WrittenRecord, *, progress: Callable[[float], None], cancelled: Callable[[], bool]
) -> tuple[Alignment, str]:
    """Lay the record on the sound. Slow; call outside any transaction. Raises what ``align`` raises."""
    transcript = written.transcript
    lines = lines_of(transcript, clearance=Clearance.COURT)
    words, between = heard_in(lines)
    language = language_of(written, lines)
    found = align(
        written.text,
        words,
        path=_sound(transcript),
        language=language or None,
        names=[*Party.objects.filter(case=transcript.case_id).values_list("name", flat=True)],
        progress=progress,
        cancelled=cancelled,
    )
    told = [
        replace(word, status=INTERPOLATED)
        if word.status == MATCHED and word.start is not None and round(word.start, 4) in between
        else word
        for word in found.words
    ]
    return replace(found, words=told), language


def _sound(transcript: Transcript) -> str | None:
    sound = transcript.sound
    return sound.path if sound and sound.storage.exists(str(sound.name)) else None


def save(written: WrittenRecord, found: Alignment) -> None:
    """Keep what was found. A decision stays with the difference it was taken on, if that was found again."""
    ordered = [(one, False) for one in found.discrepancies] + [(one, True) for one in found.set_aside]
    with transaction.atomic():
        held = WrittenRecord.objects.select_for_update().get(pk=written.pk)
        decided = {_same(one): one for one in Discrepancy.objects.filter(written=held).exclude(decision=Decision.OPEN)}
        Discrepancy.objects.filter(written=held).delete()
        rows = [_row(held, at, one, aside) for at, (one, aside) in enumerate(ordered)]
        for row in rows:
            before = decided.get(_same(row))
            if before is not None:
                row.decision, row.note = before.decision, before.note
                row.decided_by_id, row.decided_at = before.decided_by_id, before.decided_at
        Discrepancy.objects.bulk_create(rows, batch_size=500)
        told = found.as_json()
        WrittenRecord.objects.filter(pk=held.pk).update(
            alignment={name: told[name] for name in ("language", "words", "sentences")},
            state=WrittenState.READY,
            compared_at=timezone.now(),
        )


def _row(written: WrittenRecord, at: int, one: Found, aside: bool) -> Discrepancy:
    return Discrepancy(
        written=written,
        position=at,
        kind=DiscrepancyKind(one.kind),
        record=one.record,
        spoken=one.spoken,
        char_start=one.char_start,
        char_end=one.char_end,
        start=one.start,
        end=one.end,
        score=one.score,
        for_person=one.needs_person,
        concerns=list(one.concerns),
        record_speaker=one.record_speaker[:150],
        spoken_speaker=one.spoken_speaker[:150],
        set_aside=aside,
    )


def _same(one: Discrepancy) -> tuple[Any, ...]:
    """By what a difference is known again when the record is compared anew."""
    return one.kind, one.char_start, one.char_end, one.record, one.spoken
