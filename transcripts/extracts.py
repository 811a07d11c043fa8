"""A passage: the words between two words of the record, as one reader may have them.

The first and the last word are named by their numbers, or by page and line, or by seconds. What is hidden from the
reader is hidden in the passage: it is cut from the masked text, never from what was said.
"""

import functools
import json
import operator
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from .models import Clearance, PageLine, Pagination, Transcript, Version
from .pages.index import cited_pages
from .text import BLOCK, SEEN_FIELDS, Heard, Hidden, Row, hidden_from, kept_rows, masked, number_of, shut
from .wordplaces import word_places

LONGEST = 3000  # words; a longer passage is read on its page
READ_TOGETHER = 50  # passages

Span = tuple[int, int]  # the numbers of the first and the last word of a passage

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,3}))?")
_PLACE = re.compile(r"(\d{1,5})\s*[:：]\s*(\d{1,3})")


class NoSuchPassage(Exception):
    """These words are not in the record, or not in this order."""


class TooLong(Exception):
    """The passage holds more than LONGEST words."""


@dataclass(frozen=True, slots=True)
class Part:
    """What the passage holds of one utterance. Seconds are None where no word of it was found in the sound."""

    utterance: int
    position: int
    track: int
    speaker: str
    role: str
    language: str
    text: str
    words: tuple[Heard, ...]
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Passage:
    """The words from ``first`` to ``last``, by number. ``start`` and ``end`` are seconds on the recording's clock."""

    transcript: Transcript
    first: int
    last: int
    parts: tuple[Part, ...]
    start: float
    end: float
    hidden: bool  # something in it is kept from the reader

    @property
    def speakers(self) -> list[str]:
        """Who speaks in it, in the order of speaking."""
        return list(dict.fromkeys(part.speaker for part in self.parts))

    @property
    def numbers(self) -> list[int]:
        """The numbers of its words; one for each run of hidden words."""
        return [number_of(word) for part in self.parts for word in part.words]

    @property
    def text(self) -> str:
        """All its words, one line an utterance."""
        return "\n".join(part.text for part in self.parts)


def passage(
    transcript: Transcript, first: int, last: int, *, clearance: Clearance | int, version: Version | None = None
) -> Passage:
    """The words from the one numbered ``first`` to the one numbered ``last``. Raises NoSuchPassage or TooLong."""
    hidden = hidden_from(clearance, transcript)
    rows = kept_rows(version) if version else _rows_between(transcript, first, last)
    return _passage(transcript, first, last, rows, hidden)


def passages(
    transcript: Transcript, wanted: Collection[Span], *, clearance: Clearance | int
) -> dict[Span, Passage | None]:
    """Several passages of the text as it stands now; None for one that is not there, or is too long.

    The text is gone through once, and what is hidden looked up once, however many are wanted.
    """
    found: dict[Span, Passage | None] = dict.fromkeys(wanted)
    hidden = hidden_from(clearance, transcript)
    where = list(_where(transcript, found).items())
    for at in range(0, len(where), READ_TOGETHER):
        some = where[at : at + READ_TOGETHER]
        between = (Q(position__gte=since, position__lte=until) for _span, (since, until) in some)
        said = transcript.utterances.filter(functools.reduce(operator.or_, between)).order_by("position")
        rows = list(said.values(*SEEN_FIELDS))
        for span, (since, until) in some:
            with suppress(NoSuchPassage, TooLong):
                held = (row for row in rows if since <= row["position"] <= until)
                found[span] = _passage(transcript, *span, held, hidden)
    return found


def _passage(transcript: Transcript, first: int, last: int, rows: Iterable[Row], hidden: Hidden) -> Passage:
    """The passage from the utterances it stands in, whole and in order. Raises NoSuchPassage or TooLong."""
    parts: list[Part] = []
    bounds: list[tuple[float, float]] = []  # of the utterances themselves
    held = 0
    inside = ended = False
    for row in rows:
        bare = row["words"]
        begin = 0 if inside else _place(bare, first)
        if begin is None:
            continue
        stop = _place(bare, last, since=begin)
        inside, ended = True, stop is not None
        cut = _cut(row, begin, len(bare) - 1 if stop is None else stop, hidden)
        held += len(cut.words)
        if held > LONGEST:
            raise TooLong
        if not (parts and shut(cut.words) and parts[-1].words[-1][0] == BLOCK):  # a hidden stretch is one mark
            parts.append(cut)
            bounds.append((row["start"], row["end"]))
        if ended:
            break
    if not ended:
        raise NoSuchPassage
    starts = [part.start for part in parts if part.start is not None]
    ends = [part.end for part in parts if part.end is not None]
    return Passage(
        transcript,
        first,
        last,
        tuple(parts),
        min(starts) if starts else min(start for start, _end in bounds),
        max(ends) if ends else max(end for _start, end in bounds),
        any(word[0] == BLOCK for part in parts for word in part.words),
    )


def _rows_between(transcript: Transcript, first: int, last: int) -> Iterator[Row]:
    """The utterances from the one that holds the first word to the one that holds the last, and no others."""
    for since, until in _where(transcript, [(first, last)]).values():
        said = transcript.utterances.filter(position__gte=since, position__lte=until)
        yield from said.order_by("position").values(*SEEN_FIELDS)


def _where(transcript: Transcript, wanted: Iterable[Span]) -> dict[Span, tuple[int, int]]:
    """The positions of the utterances that hold the first and the last word of each span; no span that has not both.

    Only the words' own column is read until the last is found: a day's hearing has thousands of utterances.
    """
    said = transcript.utterances.order_by("position")
    written_words = said.annotate(written_words=Cast("words", TextField())).values_list("position", "written_words")
    left = list(dict.fromkeys(wanted))
    if not left:
        return {}
    begun: dict[Span, int] = {}
    found: dict[Span, tuple[int, int]] = {}
    for position, written in written_words.iterator(chunk_size=500):
        for span in left:
            if span not in begun and holds(written, span[0]):
                begun[span] = position
            if span in begun and holds(written, span[1]):
                found[span] = (begun[span], position)
        left = [span for span in left if span not in found]
        if not left:
            break
    return found


def holds(written: str, number: int) -> bool:
    """Whether words, as JSON that is taken apart only if it may be so, hold the one with this number."""
    return str(number) in written and _place(json.loads(written), number) is not None


def _place(words: list[Heard], number: int, *, since: int = 0) -> int | None:
    return next((at for at in range(since, len(words)) if number_of(words[at]) == number), None)


def _cut(row: Row, begin: int, stop: int, hidden: Hidden) -> Part:
    """The words of an utterance from one to another, masked as the whole utterance is."""
    text, words = row["text"], row["words"]
    if hidden:
        text, words = masked(text, words, row["track"], hidden)
        begin, stop = _masked_place(row["words"], words, begin), _masked_place(row["words"], words, stop)
    kept = tuple(words[begin : stop + 1])
    since, until = characters(text, words, begin, stop)
    shown = text[since:until]
    starts = [word[1] for word in kept if word[1] is not None]
    ends = [word[2] for word in kept if word[2] is not None]
    return Part(
        row["pk"],
        row["position"],
        row["track"],
        row["speaker"],
        row["role"],
        row["language"],
        shown.strip(),
        kept,
        min(starts, default=None),
        max(ends, default=None),
    )


def characters(text: str, words: list[Heard], begin: int, stop: int) -> tuple[int, int]:
    """The characters of a text from one word to another. A full stop after the last word belongs to it."""
    places = word_places(text, words)
    until = places[stop][1]
    after = text[until : places[stop + 1][0]] if stop + 1 < len(words) else text[until:]
    return places[begin][0], until + len(re.split(r"[\s(\[«“「『]", after, maxsplit=1)[0])


def _masked_place(bare: list[Heard], words: list[Heard], place: int) -> int:
    """Where a word of the utterance stands among the masked ones: in its block, if it is hidden."""
    left = {number_of(word): at for at, word in enumerate(words)}
    while place >= 0:
        if (number := number_of(bare[place])) in left:
            return left[number]
        place -= 1
    return 0


def between_seconds(transcript: Transcript, start: float, end: float) -> tuple[int, int]:
    """The numbers of the first and the last word spoken in these seconds. Raises NoSuchPassage if there is none."""
    found: list[int] = []
    near = transcript.utterances.filter(start__lt=max(end, start + 0.01), end__gt=start - 0.01).order_by("position")
    for words in near.values_list("words", flat=True):
        found += [
            number_of(word)
            for word in words
            if word[1] is not None and word[1] < max(end, start + 0.01) and word[2] > start
        ]
    if not found:
        raise NoSuchPassage
    return found[0], found[-1]


def paged(transcript: Transcript) -> Pagination | None:
    """The pages a citation speaks of; None if they were not laid out yet."""
    return cited_pages(transcript)


def between_places(transcript: Transcript, first: tuple[int, int], last: tuple[int, int]) -> tuple[int, int]:
    """The numbers of the first and the last word on these lines, each (page, line). Raises NoSuchPassage."""
    pagination = paged(transcript)
    if pagination is None or last < first:
        raise NoSuchPassage
    lines = PageLine.objects.filter(
        pagination=pagination, page__gte=first[0], page__lte=last[0], first_word__isnull=False
    ).order_by("page", "line")
    found = [
        (one.first_word, one.last_word) for one in lines if first <= (one.page, one.line) <= last and one.first_word
    ]
    if not found or found[-1][1] is None:
        raise NoSuchPassage
    return int(found[0][0] or 0), int(found[-1][1])


def place_of(found: Passage) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The (page, line) of the first and the last word of a passage; None if they stand on no page yet."""
    pagination = paged(found.transcript)
    if pagination is None:
        return None
    wanted = {found.first: None, found.last: None, **dict.fromkeys(found.numbers)}
    lines = PageLine.objects.filter(pagination=pagination, first_word__isnull=False).order_by("page", "line")
    around = lines.filter(second__gte=found.start - 120, second__lte=found.end + 120)
    for some in (around, lines):
        places: dict[int, list[tuple[int, int]]] = {}
        for page, line, words in some.values_list("page", "line", "words"):
            for word in words:
                if word[0] in wanted:
                    places.setdefault(word[0], []).append((page, line))
        if found.first in places and found.last in places:
            return places[found.first][0], places[found.last][-1]
    return None


def read_clock(typed: str) -> float:
    """Seconds from 4:12, 1:04:12, 4:12.5 or plain seconds. Raises ValueError."""
    typed = typed.strip()
    told = _CLOCK.fullmatch(typed)
    if told is None:
        seconds = float(typed.replace(",", "."))
        if not 0 <= seconds < 10**6:
            raise ValueError("no such second")
        return seconds
    hours, minutes, seconds_told, part = told.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds_told) + float(f"0.{part or 0}")


def read_place(typed: str) -> tuple[int, int]:
    """A page and a line from 3:14. Raises ValueError."""
    told = _PLACE.fullmatch(typed.strip())
    if told is None:
        raise ValueError("no page and line")
    return int(told[1]), int(told[2])
