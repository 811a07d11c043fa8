"""A text as what a search compares: its words, and every character of Han, Hangul and Kana by itself.

A text with numbers is also read with one atom for each number, so that either spelling is found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..tokenizer import kinds, plain_text
from .figures import figures

_STRETCH = re.compile("w+|r+")
_HANGUL = ("\u1100", "\u11ff"), ("\u3130", "\u318f"), ("\uac00", "\ud7ff")

Atom = tuple[str, bool]  # a word or one character of a run; whether it touches the atom before it


@dataclass(slots=True)
class Atoms:
    """The atoms of a text: what they are, their characters, the number of the word each belongs to.

    ``joined`` tells whether an atom touches the one before it in a run of characters. In Korean what stands between
    two spaces is one word; in Chinese every character counts as one.
    """

    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    joined: list[bool] = field(default_factory=list)


def atoms_of(text: str) -> tuple[Atoms, Atoms | None]:
    """A text's atoms as it is written, and with its numbers as one atom each (None: it has none)."""
    plain, places = plain_text(text)
    written = _atoms(plain, places, [])
    found = figures(plain)
    return written, _atoms(plain, places, found) if found else None


def _atoms(plain: str, places: list[tuple[int, int]] | None, numbers: Sequence[tuple[int, int, str]]) -> Atoms:
    made = Atoms()
    word = 0
    at = 0
    for start, end, form in numbers:
        word = _add(made, plain, places, at, start, word)
        _put(made, form, places, start, end, word, joined=False)
        word += 1
        at = end
    _add(made, plain, places, at, len(plain), word)
    return made


def _put(
    made: Atoms, text: str, places: list[tuple[int, int]] | None, start: int, end: int, word: int, *, joined: bool
) -> None:
    made.texts.append(text)
    made.starts.append(places[start][0] if places else start)
    made.ends.append(places[end - 1][1] if places else end)
    made.words.append(word)
    made.joined.append(joined)


def _add(made: Atoms, plain: str, places: list[tuple[int, int]] | None, first: int, last: int, word: int) -> int:
    part = plain[first:last]
    for stretch in _STRETCH.finditer(kinds(part)):
        start, end = stretch.start() + first, stretch.end() + first
        if stretch.group()[0] == "w":
            _put(made, plain[start:end], places, start, end, word, joined=False)
            word += 1
            continue
        for at in range(start, end):
            if at > start and not (_hangul(plain[at]) and _hangul(plain[at - 1])):
                word += 1
            _put(made, plain[at], places, at, at + 1, word, joined=at > start)
        word += 1
    return word


def _hangul(character: str) -> bool:
    return any(first <= character <= last for first, last in _HANGUL)


def read_term(text: str) -> tuple[tuple[Atom, ...], tuple[Atom, ...]]:
    """What a query's words ask for as (atom, joined to the one before) pairs: as written, and with numbers as one."""
    written, counted = atoms_of(text)
    plain = tuple(zip(written.texts, written.joined, strict=True))
    return plain, tuple(zip(counted.texts, counted.joined, strict=True)) if counted else ()
