"""What the sound itself says of a record: a verdict on each difference, and exact times for the words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from os import PathLike

from transcripts.alignment import forced
from transcripts.alignment.discrepancies import Difference
from transcripts.alignment.forced import Wanted
from transcripts.alignment.judging import Place, Verdict, places, verdicts
from transcripts.alignment.phones import Phonetic
from transcripts.alignment.reading import Heard, Record
from transcripts.alignment.tape import Tape
from transcripts.alignment.timing import Times
from transcripts.engines.forcing import Forcer, forcer
from transcripts.engines.speech import ModelMissing

SECOND = {"en": ("tiny.en", "base")}
"""A second judge for these languages: the first of these models that is not the court's own."""

FEW = 12
"""A reading of the record's of more words than this is not laid on the sound in place of what was heard."""


@dataclass(frozen=True, slots=True)
class Sounded:
    """A verdict on differences, by number, and times of tokens of the record that the recogniser misheard."""

    verdicts: dict[int, Verdict]
    borne_out: dict[int, Times]


def by_sound(
    record: Record,
    heard: Heard,
    gaps: Sequence[Difference],
    path: str | PathLike[str] | None,
    language: str,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool] | None = None,
) -> Sounded:
    """Sharpen the times of what was heard (in place), judge the differences, and time what the sound bears out.

    Raises SpeechError or Cancelled.
    """
    if path is None or not heard.words:
        return Sounded({}, {})
    _sharpen(heard, path, language, lambda share: progress(0.3 * share), cancelled)
    found = places(record, heard, gaps, language)
    if not found:
        return Sounded({}, {})
    with Tape(path) as tape:
        phonetic = Phonetic(weighing=True) if language == "en" else None
        ruled = verdicts(
            heard, found, tape, _judges(language), phonetic, language, lambda share: progress(0.3 + 0.5 * share)
        )
    kept = [place for place in found if place.number in ruled and not ruled[place.number].against_record]
    times = _time_record(
        record, heard, gaps, kept, path, language, lambda share: progress(0.8 + 0.2 * share), cancelled
    )
    return Sounded(ruled, times)


def _judges(language: str) -> list[Forcer]:
    judges = [forcer(language)]
    for model in SECOND.get(language, ()):
        if model != judges[0].model:
            try:
                judges.append(forcer(language, model))
            except ModelMissing:
                continue
            break
    return judges


def _sharpen(
    heard: Heard,
    path: str | PathLike[str],
    language: str,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool] | None,
) -> None:
    words = [(word.text, word.start, word.end) for word in heard.words]
    better = forced.sharpened(path, words, language=language, progress=progress, cancelled=cancelled)
    heard.words = [
        replace(word, start=start, end=end) for word, (start, end, _) in zip(heard.words, better, strict=True)
    ]


def _time_record(
    record: Record,
    heard: Heard,
    gaps: Sequence[Difference],
    kept: Sequence[Place],
    path: str | PathLike[str],
    language: str,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool] | None,
) -> dict[int, Times]:
    """Lay the record's own words on the sound wherever it bears them out against what was heard."""
    wanted: list[Wanted] = []
    tokens: list[int | None] = []
    at = 0
    for place in sorted(kept, key=lambda place: (place.first, place.last)):
        gap = gaps[place.number]
        mine = sorted({token for unit in record.units[gap.a : gap.b] for token in range(unit.first, unit.last + 1)})
        if not mine or len(mine) > FEW or place.first < at:
            continue
        _take(heard, at, place.first, wanted, tokens)
        start, end = place.start, place.end
        for token in mine:
            wanted.append(Wanted(record.tokens[token].text, start, end, slack=True))
            tokens.append(token)
        at = place.last
    if not any(token is not None for token in tokens):
        return {}
    _take(heard, at, len(heard.words), wanted, tokens)
    found = forced.laid(path, wanted, language=language, progress=progress, cancelled=cancelled)
    return {
        token: (start, end)
        for token, (start, end, how) in zip(tokens, forced.in_order(wanted, found), strict=True)
        if token is not None and how == forced.MATCHED
    }


def _take(heard: Heard, first: int, last: int, wanted: list[Wanted], tokens: list[int | None]) -> None:
    for word in heard.words[first:last]:
        wanted.append(Wanted(word.text, word.start, word.end))
        tokens.append(None)
