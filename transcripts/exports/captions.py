"""Captions: at most two lines of 42 columns, with the times of their words."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..pages.breaking import Broken, broken
from ..text import Line, Word
from .told import Person, Told

COLUMNS = 42
LINES = 2
PAUSE = 2.0  # seconds of silence after which a new caption begins
LEAST = 0.4  # seconds a caption stays at least, where nothing else is said


@dataclass(frozen=True, slots=True)
class Caption:
    """What is shown from one second to another."""

    word: int  # the number of its first word
    person: Person
    start: float
    end: float
    lines: tuple[str, ...]
    language: str


def captions(told: Told) -> list[Caption]:
    """The captions of a record, in the order they begin."""
    found = [one for line in told.lines for one in _of(line, told.who(line))]
    return sorted(found, key=lambda one: (one.start, one.end))


def _of(line: Line, person: Person) -> Iterator[Caption]:
    words = {word.number: word for word in line.words}
    for first, last in _stretches(line):
        text = line.text[first:last]
        marks = [
            (word.number, word.first - first, word.last - first, word.start)
            for word in line.words
            if first <= word.first and word.last <= last
        ]
        rows = broken("", text, marks, COLUMNS)
        for at in range(0, len(rows), LINES):
            some = rows[at : at + LINES]
            start, end = _times(some, words, line)
            word = next((row.words[0][0] for row in some if row.words), 0)
            yield Caption(word, person, start, max(end, start + LEAST), tuple(row.text for row in some), line.language)


def _stretches(line: Line) -> Iterator[tuple[int, int]]:
    """First and past-the-last character of what is said without a long pause."""
    begun = 0
    before: float | None = None
    for word in line.words:
        if before is not None and word.start is not None and word.start - before >= PAUSE and word.first > begun:
            yield begun, word.first
            begun = word.first
        before = word.end if word.end is not None else before
    if line.text[begun:].strip():
        yield begun, len(line.text)


def _times(rows: list[Broken], words: dict[int, Word], line: Line) -> tuple[float, float]:
    """When the words of a caption are said. What has no time stands with what is said around it."""
    numbers = [number for row in rows for number, _first, _last in row.words]
    shown = [words[number] for number in numbers]
    starts = [word.start for word in shown if word.start is not None]
    ends = [word.end for word in shown if word.end is not None]
    if starts and ends:
        return min(starts), max(ends)
    held = set(numbers)
    order = list(words.values())
    at = next((place for place, word in enumerate(order) if word.number in held), 0)
    earlier = [word.end for word in order[:at] if word.end is not None]
    later = [word.start for word in order[at:] if word.start is not None]
    start = earlier[-1] if earlier else line.start
    return start, max(later[0] if later else line.end, start)
