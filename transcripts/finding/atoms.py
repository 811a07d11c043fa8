"""A text as what a search compares: its words, and every character of Han, Hangul and Kana by itself.

A text with numbers is also read with one atom for each number, so that either spelling is found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..tokenizer import kinds, plain_text
from .figures import figures

_STRETCH = re.compile("w+|r+")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff]+")

Atom = tuple[str, bool]  # a word or one character of a run; whether it touches the atom before it
Places = list[tuple[int, int]] | None


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


Read = tuple[Atoms, Atoms | None]


def atoms_of(text: str, *, numbers: bool = True) -> Read:
    """A text's atoms as it is written, and with its numbers as one atom each (None: it has none, or unless asked)."""
    plain, places = plain_text(text)
    written = _atoms(plain, places, [])
    found = figures(plain) if numbers else []
    return written, _atoms(plain, places, found) if found else None


def _atoms(plain: str, places: Places, numbers: Sequence[tuple[int, int, str]]) -> Atoms:
    made = Atoms()
    word = at = 0
    for start, end, form in numbers:
        word = _add(made, plain, at, start, word)
        made.texts.append(form)
        made.starts.append(start)
        made.ends.append(end)
        made.words.append(word)
        made.joined.append(False)
        word += 1
        at = end
    _add(made, plain, at, len(plain), word)
    if places is not None:
        made.starts = [places[start][0] for start in made.starts]
        made.ends = [places[end - 1][1] for end in made.ends]
    return made


def _add(made: Atoms, plain: str, first: int, last: int, word: int) -> int:
    """Add the atoms of a part of a plain text; the number of the next word."""
    for stretch in _STRETCH.finditer(kinds(plain[first:last])):
        start, end = stretch.start() + first, stretch.end() + first
        text = plain[start:end]
        if stretch.group()[0] == "w":
            made.texts.append(text)
            made.starts.append(start)
            made.ends.append(end)
            made.words.append(word)
            made.joined.append(False)
            word += 1
            continue
        length = end - start
        made.texts += text
        made.starts += range(start, end)
        made.ends += range(start + 1, end + 1)
        made.joined += [False, *[True] * (length - 1)]
        if _HANGUL.fullmatch(text):
            made.words += [word] * length
            word += 1
        elif not _HANGUL.search(text):
            made.words += range(word, word + length)
            word += length
        else:
            for at, character in enumerate(text):
                if at and not (_HANGUL.match(character) and _HANGUL.match(text[at - 1])):
                    word += 1
                made.words.append(word)
            word += 1
    return word


def read_term(text: str) -> tuple[tuple[Atom, ...], tuple[Atom, ...]]:
    """What a query's words ask for as (atom, joined to the one before) pairs: as written, and with numbers as one."""
    written, counted = atoms_of(text)
    plain = tuple(zip(written.texts, written.joined, strict=True))
    return plain, tuple(zip(counted.texts, counted.joined, strict=True)) if counted else ()
