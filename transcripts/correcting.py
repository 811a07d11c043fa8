"""The words of a corrected passage: what was not touched keeps its number, time and certainty.

What replaces a word takes over its time and number. What is added gets a time only where the two words beside it leave
room for it; otherwise it has none, for none is known.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from .models import Timing
from .text import Heard, number_of

FRESH = 0  # stands for the number of a word that needs a new one
ROOM = 0.06  # seconds the shortest spoken word takes
UNSPACED = ("zh", "yue", "ja")  # languages written without spaces
ALIKE = 0.5  # two words more alike than this are taken for one, misheard
# Han and Kana, which stand without spaces; what follows them up to the next such character or space goes with them.
_UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
ATOM = re.compile(rf"[{_UNSPACED}][^\s\w]*|[^\s{_UNSPACED}]+|\S")
_SPACED = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of the corrected passage, and the numbers of the words it stands for (its own, if it was kept)."""

    word: Heard
    instead_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Atom:
    """The least that is compared: a word, or a character of a script without spaces. ``first``: its place."""

    text: str
    first: int


def tidied(text: str) -> str:
    """A typed text as the record keeps it: single spaces, no line ends, no control characters."""
    return " ".join("".join(" " if c.isspace() else c for c in text if c.isspace() or c.isprintable()).split())


def joined(text: str, rest: str, language: str) -> str:
    """Two texts put on one line, as their language does it."""
    return f"{text}{rest}" if language in UNSPACED else f"{text} {rest}"


def atoms(text: str, language: str) -> list[tuple[str, int]]:
    """The words of a text with their places; the characters of Chinese one by one. Korean is parted by its spaces."""
    parted = _SPACED if language == "ko" else ATOM
    return [(found[0], found.start()) for found in parted.finditer(text)]


def replaced(words: Sequence[Heard], text: str, language: str) -> list[Placed]:
    """The words of ``text``, which a person made of ``words``, each with what it stands for.

    A word that needs a new number has FRESH for it. Unchanged words are found first. Of those between them, as many
    new as old take each other's place one for one; otherwise those that are alike do, and the rest shares the time
    that the rest took.
    """
    new = [_Atom(*atom) for atom in atoms(text, language)]
    kept = _kept(words, new, text, language)
    made: list[Placed] = []
    at_old = at_new = 0
    for old, first, past in [*kept, (len(words), len(new), len(new))]:
        run = _regrouped(words[at_old:old], new[at_new:first], text)
        made += _run(words[at_old:old], run)
        if old < len(words):
            made.append(Placed(list(words[old]), (number_of(words[old]),)))
        at_old, at_new = old + 1, past
    return _timed(made)


def _kept(words: Sequence[Heard], new: list[_Atom], text: str, language: str) -> list[tuple[int, int, int]]:
    """The words that stand unchanged: (word, first atom, past its last atom), in order."""
    old: list[str] = []
    starts: list[int] = []
    for word in words:
        starts.append(len(old))
        old += [atom for atom, _first in atoms(word[0], language)] or [word[0]]
    same = {
        block.src_start + n: block.dest_start + n
        for block in Indel.opcodes(old, [atom.text for atom in new])
        if block.tag == "equal"
        for n in range(block.src_end - block.src_start)
    }
    found: list[tuple[int, int, int]] = []
    for number, word in enumerate(words):
        first, past = starts[number], starts[number + 1] if number + 1 < len(starts) else len(old)
        places = [same.get(atom) for atom in range(first, past)]
        if places[0] is None or places != list(range(places[0], places[0] + len(places))):
            continue
        begins = new[places[0]].first
        if text[begins : begins + len(word[0])] == word[0]:
            found.append((number, places[0], places[0] + len(places)))
    return found


def _regrouped(old: Sequence[Heard], new: list[_Atom], text: str) -> list[str]:
    """The new words of a run. Characters without spaces are put together as the words were that they replace."""
    if not new:
        return []
    lengths = [len(atoms(word[0], "")) for word in old]
    if len(old) != len(new) and sum(lengths) == len(new):
        grouped: list[str] = []
        at = 0
        for length in lengths:
            part = new[at : at + length]
            grouped.append(text[part[0].first : part[-1].first + len(part[-1].text)])
            at += length
        if not any(re.search(r"\s", word) for word in grouped):
            return grouped
    return [atom.text for atom in new]


def _run(old: Sequence[Heard], new: Sequence[str]) -> Iterator[Placed]:
    """What stands for the words of a run in which none was kept."""
    if len(old) == len(new):
        for word, text in zip(old, new, strict=True):
            yield Placed([text, word[1], word[2], 1.0, number_of(word), _timing(word)], (number_of(word),))
        return
    pairs = _alike(old, new) if old and new else []
    if not pairs:
        yield from _shared(old, new)
        return
    at_old = at_new = 0
    for one, other in [*pairs, (len(old), len(new))]:
        if one - at_old == other - at_new:
            yield from _run(old[at_old:one], new[at_new:other])
        else:
            yield from _shared(old[at_old:one], new[at_new:other])
        if one < len(old):
            yield from _run(old[one : one + 1], new[other : other + 1])
        at_old, at_new = one + 1, other + 1


def _alike(old: Sequence[Heard], new: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of words, in order, that are most alike in all."""
    if len(old) * len(new) > 10_000:
        return []
    width = len(new) + 1
    best = [[0.0] * width for _ in range(len(old) + 1)]
    likeness = [[Indel.normalized_similarity(word[0].lower(), text.lower()) for text in new] for word in old]
    for one in range(len(old) - 1, -1, -1):
        for other in range(len(new) - 1, -1, -1):
            with_it = likeness[one][other] + best[one + 1][other + 1] if likeness[one][other] > ALIKE else 0.0
            best[one][other] = max(with_it, best[one + 1][other], best[one][other + 1])
    pairs: list[tuple[int, int]] = []
    one = other = 0
    while one < len(old) and other < len(new):
        if best[one][other] == best[one + 1][other]:
            one += 1
        elif best[one][other] == best[one][other + 1]:
            other += 1
        else:
            pairs.append((one, other))
            one, other = one + 1, other + 1
    return pairs


def _shared(old: Sequence[Heard], new: Sequence[str]) -> Iterator[Placed]:
    """More or fewer words than there were: they share the time of the old ones, and the first and last numbers."""
    if not new:
        return
    instead = tuple(number_of(word) for word in old)
    timed = [word for word in old if word[1] is not None]
    numbers = [FRESH] * len(new)
    if old:
        numbers[0] = instead[0]
        if len(new) > 1 and len(old) > 1:
            numbers[-1] = instead[-1]
    spans: list[tuple[float | None, float | None]] = [(None, None)] * len(new)
    if timed:
        spans = list(_parts(min(word[1] for word in timed), max(word[2] for word in timed), new))
    for text, number, (start, end) in zip(new, numbers, spans, strict=True):
        timing = Timing.UNALIGNED if start is None else Timing.INTERPOLATED
        yield Placed([text, start, end, 1.0, number, timing.value], instead)


def _parts(start: float, end: float, texts: Sequence[str]) -> Iterator[tuple[float, float]]:
    """A stretch of time for each text, by its length."""
    whole = sum(len(text) for text in texts)
    at = 0
    for text in texts:
        since = start + (end - start) * at / whole
        at += len(text)
        yield round(since, 3), round(start + (end - start) * at / whole, 3)


def _timed(made: list[Placed]) -> list[Placed]:
    """Give words that replace nothing a time where those beside them have one and leave room."""
    at = 0
    while at < len(made):
        past = at
        while past < len(made) and not made[past].instead_of:
            past += 1
        if past > at > 0 and past < len(made):
            since, until = made[at - 1].word[2], made[past].word[1]
            if since is not None and until is not None and until - since >= ROOM * (past - at):
                for placed, (start, end) in zip(
                    made[at:past], _parts(since, until, [placed.word[0] for placed in made[at:past]]), strict=True
                ):
                    placed.word[1:3] = [start, end]
                    placed.word[5] = Timing.INTERPOLATED.value
        at = past + 1
    return made


def _timing(word: Heard) -> str:
    return str(word[5]) if len(word) > 5 else Timing.HEARD.value
