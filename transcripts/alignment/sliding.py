"""Where a stretch that only one side has begins, when several places fit the words equally well.

The record has "I offered to pay. I have heard enough.", and "I have heard enough" was heard: by the words alone
"I offered to pay" was put in, or "offered to pay. I". The least edit distance cannot tell; where sentences, speakers
and pauses part the text can. (The same is done for differences of source code: Git's --indent-heuristic.)
"""

from collections.abc import Callable, Sequence, Set

from transcripts.alignment.anchors import Pair
from transcripts.alignment.reading import Heard, Record

PAUSE = 0.3
"""Seconds of silence between two words that part what was heard."""

ENDINGS = frozenset(".?!…。？！")


def seams(record: Record) -> set[int]:
    """The units with which a sentence of the record begins, and the end."""
    firsts = {sentence.first for sentence in record.sentences}
    return {at for at, unit in enumerate(record.units) if unit.first in firsts} | {len(record.units)}


def heard_seams(heard: Heard) -> set[int]:
    """The units before which somebody else speaks, a sentence ended, or it was silent for a moment; and the end."""
    found = {0, len(heard.units)}
    for at, unit in enumerate(heard.units[1:], 1):
        before, here = heard.words[unit.first - 1], heard.words[unit.first]
        ended = heard.shown[unit.first - 1][-1:] in ENDINGS if heard.shown[unit.first - 1] else False
        if ended or before.speaker != here.speaker or here.start - before.end >= PAUSE:
            found.add(at)
    return found


def slid(
    pairs: Sequence[Pair], one: Sequence[int], other: Sequence[int], parted: Set[int], heard_parted: Set[int]
) -> list[Pair]:
    """The pairs, with each stretch that only one side has moved to where the text parts. As many pairs as before.

    `one` and `other` are the forms compared; `parted` and `heard_parted` the units before which each side parts.
    """
    done = [(-1, -1), *pairs, (len(one), len(other))]
    for at in range(len(done) - 1):
        (a, b), (c, d) = done[at], done[at + 1]
        if c - a > 1 and d - b == 1:
            _slide(done, at, 0, one, lambda low, high, there: _count(parted, low, high) + (there in heard_parted))
        elif c - a == 1 and d - b > 1:
            _slide(done, at, 1, other, lambda low, high, there: _count(heard_parted, low, high) + (there in parted))
    return done[1:-1]


def _count(parted: Set[int], low: int, high: int) -> int:
    return (low in parted) + (high in parted)


def _slide(pairs: list[Pair], at: int, side: int, forms: Sequence[int], fit: Callable[[int, int, int], int]) -> None:
    """Move the stretch of `side` between pairs `at` and `at` + 1 to where it fits best; the nearest, of equal ones."""
    low, high, there = pairs[at][side] + 1, pairs[at + 1][side], pairs[at + 1][1 - side]
    best, chosen = fit(low, high, there), 0
    for way in (-1, 1):
        by = 0
        while _free(pairs, at + by + (way > 0), way, side, forms, low + by, high + by):
            by += way
            told = fit(low + by, high + by, there + by)
            if told > best or (told == best and chosen and abs(by) < abs(chosen)):
                best, chosen = told, by
    for step in range(abs(chosen)):
        if chosen < 0:
            pairs[at - step] = _put(pairs[at - step], side, high - 1 - step)
        else:
            pairs[at + 1 + step] = _put(pairs[at + 1 + step], side, low + step)


def _free(pairs: Sequence[Pair], at: int, way: int, side: int, forms: Sequence[int], low: int, high: int) -> bool:
    """Whether pair `at`, beside the stretch [low, high), can change places with the stretch's other end.

    It cannot if the stretch would then touch another one.
    """
    if not 0 < at < len(pairs) - 1 or (pairs[at][0] + way, pairs[at][1] + way) != pairs[at + way]:
        return False
    beside, other_end = (low - 1, high - 1) if way < 0 else (high, low)
    return forms[beside] == forms[other_end]


def _put(pair: Pair, side: int, unit: int) -> Pair:
    return (unit, pair[1]) if side == 0 else (pair[0], unit)
