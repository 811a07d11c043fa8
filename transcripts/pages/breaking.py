"""Breaking a paragraph into lines on a grid of half-width columns (Unicode Standard Annex 11, East Asian width)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

Mark = tuple[int, int, int, float | None]  # number of a word, its first and past-the-last character, its second

_PIECES = re.compile(r"\S+")
_SPACES = re.compile(r"[\t\n\r\f\v\u0085\u00a0\u2028\u2029]")
# What may not begin a line, and what may not end one (JIS X 4051; GB/T 15834 asks the same).
_CLOSING = frozenset("、。，．・：；？！…‥ー々〻”’）］｝〕〉》」』】〗〙%‰℃,.:;?!)]}»›%")
_OPENING = frozenset("“‘（［｛〔〈《「『【〖〘([{«‹")


@dataclass(slots=True)
class Broken:
    """A line of a paragraph: its text, and [number, first character, past the last] of each word on it."""

    text: str
    words: list[list[int]] = field(default_factory=list)
    second: float | None = None
    heading: bool = False
    kept_with_next: bool = False


@lru_cache(maxsize=20_000)
def width_of(character: str) -> int:
    """Half-width columns a character takes: 2 for wide ones, 0 for marks that stand over another."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def width(text: str) -> int:
    """Half-width columns a text takes."""
    return len(text) if text.isascii() else sum(map(width_of, text))


def fitted(text: str, columns: int) -> str:
    """The text in at most so many columns, with an ellipsis where it was cut."""
    if width(text) <= columns:
        return text
    kept, taken = [], 1
    for character in text:
        taken += width_of(character)
        if taken > columns:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _breaks_alone(character: str) -> bool:
    """Whether lines may break on both sides of it: Han and Kana, and wide punctuation. Hangul keeps to its word."""
    return width_of(character) == 2 and not ("가" <= character <= "힣" or "ᄀ" <= character <= "ᇿ")


def _units(text: str) -> Iterator[tuple[int, int, int]]:
    """What may not be broken: first and past-the-last character, and columns."""
    for piece in _PIECES.finditer(text):
        first, last = piece.span()
        if piece.group().isascii():
            yield first, last, last - first
            continue
        start, taken = first, 0
        for at in range(first, last):
            character = text[at]
            before = text[at - 1] if at > start else ""
            apart = before and (_breaks_alone(character) or _breaks_alone(before))
            if apart and character not in _CLOSING and before not in _OPENING:
                yield start, at, taken
                start, taken = at, 0
            taken += width_of(character)
        yield start, last, taken


def _hard(text: str, unit: tuple[int, int, int], columns: int) -> Iterator[tuple[int, int, int]]:
    """A unit wider than a line, cut where the line is full."""
    first, last, _columns = unit
    start, taken = first, 0
    for at in range(first, last):
        more = width_of(text[at])
        if taken + more > columns:
            yield start, at, taken
            start, taken = at, 0
        taken += more
    yield start, last, taken


def _spans(text: str, columns: int) -> list[tuple[int, int]]:
    """First and past-the-last character of each line. What stands before the first unit stays on the first line."""
    lines: list[tuple[int, int]] = []
    begun, ended, taken = 0, 0, 0
    for unit in _units(text):
        parts = [unit] if unit[2] <= columns else _hard(text, unit, columns)
        for first, last, wide in parts:
            gap = width(text[ended:first])
            if ended and taken + gap + wide > columns:
                lines.append((begun, ended))
                begun, taken, gap = first, 0, 0
            taken += gap + wide
            ended = last
    if ended:
        lines.append((begun, ended))
    return lines


def broken(before: str, text: str, marks: Sequence[Mark], columns: int) -> list[Broken]:
    """A paragraph in lines of at most so many columns.

    ``before`` (spaces, a name) stands before the text on the first line and belongs to no word; ``marks`` are the
    words' characters in ``text``. A word cut by the end of a line stands on both; one the text does not have stands,
    with no character, where it would be.
    """
    whole = before + _SPACES.sub(" ", text)
    shift = len(before)
    spans = _spans(whole, columns)
    lines = [Broken(whole[first:last]) for first, last in spans]
    at = 0
    for number, first, last, second in marks:
        first, last = first + shift, last + shift
        while at + 1 < len(spans) and first >= spans[at + 1][0]:
            at += 1
        here = at
        while here < len(spans) and (here == at or spans[here][0] < last):
            begun, ended = spans[here]
            line = lines[here]
            line.words.append([number, min(max(first, begun), ended) - begun, min(last, ended) - begun])
            if line.second is None:
                line.second = second
            here += 1
    return lines


def centred(text: str, columns: int, *, heading: bool = False) -> list[Broken]:
    """A text set in the middle, on as many lines as it needs."""
    lines = broken("", text, (), columns)
    for line in lines:
        line.text = " " * ((columns - width(line.text)) // 2) + line.text
        line.heading = heading
    return lines


def led(text: str, end: str, columns: int) -> Broken:
    """A line of a table of contents: a text, dots, and a place."""
    left = fitted(text, columns - width(end) - 5)
    return Broken(f"{left} {'.' * (columns - width(left) - width(end) - 2)} {end}")
