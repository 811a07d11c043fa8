"""Which units of the record meet which units of what was heard.

Runs that occur once in each are anchors; between anchors shorter runs are sought, and in the gaps that remain the
least edit distance decides. Lone matches in the midst of much that differs are chance and are dropped. What is left
on both sides is then compared regardless of order, to find text that was moved.
"""

import math
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import Levenshtein

from transcripts.alignment.anchors import Ids, Pair, rising, unique_runs
from transcripts.alignment.sliding import slid
from transcripts.alignment.spelling import FUNCTION

WORD_RUNS, CHARACTER_RUNS = (5, 4, 3, 2), (12, 8, 6, 4)
FIT = 25_000_000
"""Gaps of at most so many cells (units of one times units of the other: half an hour of speech on either side) go to
the edit distance at once. It weighs all words, where anchors weigh whole runs: of two passages that changed places
the longer one would lose by a few words misheard in it."""

BACKGROUND = 2_000
"""Units of everyday text added to what was heard when the rarity of a word is judged."""

SURE = 1.0
"""Bits a run must tell beyond what chance would."""

COMMON = 8
"""What was heard in more places than this cannot be told to have been moved from one of them."""

SMALL_GAP = 64
"""Cells of a gap in which as many words before (or after) a match on both sides speak for it."""

OPPOSED = 3.0
"""More bits are asked of a run that stands aslant between text left out and text put in."""

LARGEST = 60_000_000
"""Larger gaps in which no anchor was found have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Units `first` to `last` (inclusive) of the record, heard elsewhere: at `heard_first` to `heard_last`."""

    first: int
    last: int
    heard_first: int
    heard_last: int


@dataclass(slots=True)
class Match:
    """`pairs` of equal units (record, heard), rising in both; `moved` blocks with pairs of their own."""

    pairs: list[Pair]
    moved: list[Moved] = field(default_factory=list)
    moved_pairs: list[Pair] = field(default_factory=list)


def match(
    record: Sequence[str],
    heard: Sequence[str],
    *,
    characters: bool = False,
    parted: tuple[Set[int], Set[int]] = (frozenset(), frozenset()),
) -> Match:
    """Match two sequences of plain forms. `characters`: each form is one character or syllable.

    `parted`: the units before which each side parts (see `sliding`).
    """
    known: dict[str, int] = {}
    one = np.array([known.setdefault(form, len(known)) for form in record], dtype=np.int64)
    other = np.array([known.setdefault(form, len(known)) for form in heard], dtype=np.int64)
    pairs = _aligned(one, other, CHARACTER_RUNS if characters else WORD_RUNS)
    pairs = slid(pairs, one.tolist(), other.tolist(), *parted)
    weights = _weights(record, heard, characters)
    pairs = _without_islands(pairs, len(one), len(other), weights)
    found = Match(pairs)
    _find_moved(found, one.tolist(), other.tolist(), weights, characters)
    return found


def _aligned(one: Ids, other: Ids, sizes: Sequence[int]) -> list[Pair]:
    """Equal units in rising order."""
    pairs: list[Pair] = []
    work = [(0, len(one), 0, len(other), 0)]
    while work:
        low, high, left, right, level = work.pop()
        while low < high and left < right and one[low] == other[left]:
            pairs.append((low, left))
            low, left = low + 1, left + 1
        while low < high and left < right and one[high - 1] == other[right - 1]:
            high, right = high - 1, right - 1
            pairs.append((high, right))
        if low == high or left == right:
            continue
        if (high - low) * (right - left) <= FIT or level >= len(sizes):
            pairs += _edited(one[low:high], other[left:right], low, left)
            continue
        size = sizes[level]
        found = [(a + low, b + left) for a, b in rising(unique_runs(one[low:high], other[left:right], size))]
        found = [(a, b) for a, b in found if (one[a : a + size] == other[b : b + size]).all()]
        if not found:
            work.append((low, high, left, right, level + 1))
            continue
        done_a, done_b = low, left
        for a, b in found:
            if a < done_a or b < done_b:
                if a - done_a == b - done_b and a + size > done_a:  # runs that overlap on one diagonal
                    steps = range(done_a - a, size)
                    pairs += [(a + step, b + step) for step in steps]
                    done_a, done_b = a + size, b + size
                continue
            if a > done_a or b > done_b:
                work.append((done_a, a, done_b, b, level))
            pairs += [(a + step, b + step) for step in range(size)]
            done_a, done_b = a + size, b + size
        work.append((done_a, high, done_b, right, level))
    return sorted(pairs)


def _edited(one: Ids, other: Ids, low: int, left: int) -> list[Pair]:
    """The equal units of the least edit distance, bit-parallel; nothing for gaps too large to have much in common."""
    if len(one) * len(other) > LARGEST:
        return []
    names: dict[int, str] = {}
    first = "".join(names.setdefault(value, chr(0x10000 + len(names))) for value in one.tolist())
    second = "".join(names.setdefault(value, chr(0x10000 + len(names))) for value in other.tolist())
    return [
        (low + block.a + step, left + block.b + step)
        for block in Levenshtein.editops(first, second).as_matching_blocks()
        for step in range(block.size)
    ]


def _weights(record: Sequence[str], heard: Sequence[str], characters: bool) -> list[float]:
    """How many bits it tells that a unit of the record was heard: few for "the", many for a rare word."""
    counts = Counter(heard)
    whole = len(heard) + BACKGROUND

    def bits(form: str) -> float:
        usual = 6.5 if characters else (5.0 if form in FUNCTION else 9.0)
        return -math.log2((counts[form] + BACKGROUND * 2.0**-usual) / whole)

    known = {form: bits(form) for form in set(record)}
    return [known[form] for form in record]


def _without_islands(pairs: list[Pair], size: int, heard: int, weights: Sequence[float]) -> list[Pair]:
    """Drop runs that chance explains: they tell fewer bits than it takes to find a place in the gap around them.

    Repeated, as gaps then grow.
    """
    while True:
        runs = _runs(pairs)
        starts = [*[run[0] for run in runs], (size, heard)]
        ends = [(-1, -1), *[run[-1] for run in runs]]
        kept: list[Pair] = []
        for at, run in enumerate(runs):
            (a, b), (c, d) = ends[at], starts[at + 1]
            told = sum(weights[here] for here, _ in run)
            (e, f), (g, h) = run[0], run[-1]
            area = (c - a - 1) * (d - b - 1)
            needed = math.log2(area) + SURE
            if area <= SMALL_GAP and (e - a == f - b or c - g == d - h):
                needed = math.log2(area) / 2 + SURE  # as many words on both sides: it stands where it should
            # Only one side has words before it and only the other after it: "in simpler" heard as "and simple in".
            opposed = (e - a == 1) != (f - b == 1) and (c - g == 1) != (d - h == 1) and (e - a == 1) != (c - g == 1)
            if told >= needed + (OPPOSED if opposed else 0.0):
                kept += run
        if len(kept) == len(pairs):
            return kept
        pairs = kept


def _runs(pairs: Sequence[Pair]) -> list[list[Pair]]:
    runs: list[list[Pair]] = []
    for pair in pairs:
        if runs and pair[0] == runs[-1][-1][0] + 1 and pair[1] == runs[-1][-1][1] + 1:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


def _find_moved(
    found: Match, one: Sequence[int], other: Sequence[int], weights: Sequence[float], characters: bool
) -> None:
    """Runs left over on both sides that are the same: text the record has in another place.

    A lone pair between unmatched text may belong to such a run, and is then given up.
    """
    seed, shortest = (6, 8) if characters else (3, 4)
    weak = {pair for run in _runs(found.pairs) if len(run) < seed for pair in run}
    free_a, free_b = bytearray(b"\1" * len(one)), bytearray(b"\1" * len(other))
    for a, b in found.pairs:
        if (a, b) not in weak:
            free_a[a] = free_b[b] = 0
    spans = [(low, high) for low, high in _free(free_a) if high - low >= shortest]
    places: dict[tuple[int, ...], list[int]] = {}
    for low, high in _free(free_b):
        for at in range(low, high - seed + 1):
            places.setdefault(tuple(other[at : at + seed]), []).append(at)
    if not places or not spans:
        return
    least = math.log2(sum(free_a) * sum(free_b)) + 4 * SURE
    taken_a, taken_b = set[int](), set[int]()
    for low, high in spans:
        at = low
        while at + seed <= high:
            here = places.get(tuple(one[at : at + seed]), [])
            runs = [_extended(one, other, free_a, free_b, at, there) for there in here] if len(here) <= COMMON else []
            best = max(runs, key=len, default=[])
            fresh = [pair for pair in best if pair not in weak]
            if len(best) >= shortest and 2 * len(fresh) > len(best) and sum(weights[a] for a, _ in best) >= least:
                for a, b in best:
                    free_a[a] = free_b[b] = 0
                    taken_a.add(a)
                    taken_b.add(b)
                found.moved_pairs += best
                found.moved.append(Moved(best[0][0], best[-1][0], best[0][1], best[-1][1]))
                at = best[-1][0] + 1
            else:
                at += 1
    if found.moved:
        found.pairs = [(a, b) for a, b in found.pairs if a not in taken_a and b not in taken_b]


def _free(mask: bytearray) -> list[tuple[int, int]]:
    """Stretches [low, high) where the mask is set."""
    flags = np.frombuffer(mask, dtype=np.int8)
    edges = np.flatnonzero(np.diff(flags, prepend=0, append=0))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


SKIPS = ((1, 1), (1, 0), (0, 1), (2, 2), (2, 1), (1, 2), (2, 0), (0, 2))


def _extended(
    one: Sequence[int], other: Sequence[int], free_a: bytearray, free_b: bytearray, a: int, b: int
) -> list[Pair]:
    """Equal units from here on while both sides are free, over up to two units that differ."""
    run: list[Pair] = []
    while a < len(one) and b < len(other) and free_a[a] and free_b[b]:
        if one[a] == other[b]:
            run.append((a, b))
            a, b = a + 1, b + 1
            continue
        for skip_a, skip_b in SKIPS:
            x, y = a + skip_a, b + skip_b
            if (
                tuple(one[x : x + 2]) == tuple(other[y : y + 2])
                and x + 1 < len(one)
                and all(free_a[a : x + 2])
                and all(free_b[b : y + 2])
            ):
                a, b = x, y
                break
        else:
            break
    return run
