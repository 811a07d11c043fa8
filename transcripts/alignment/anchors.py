"""Where two long sequences surely meet: runs that occur once in each, in rising order."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Pair = tuple[int, int]

SMALL = 3_000
"""Below so many positions a plain dictionary is quicker than sorting arrays."""


def unique_runs(one: Ids, other: Ids, size: int) -> list[Pair]:
    """Positions (in one, in other) of runs of `size` that occur exactly once in each."""
    if len(one) < size or len(other) < size:
        return []
    if len(one) + len(other) < SMALL:
        return _unique_runs_small(one.tolist(), other.tolist(), size)
    left, at_left = _once(_hashed(one, size))
    right, at_right = _once(_hashed(other, size))
    _, in_left, in_right = np.intersect1d(left, right, assume_unique=True, return_indices=True)
    pairs = np.stack([at_left[in_left], at_right[in_right]], axis=1)
    return [(int(a), int(b)) for a, b in pairs[np.argsort(pairs[:, 0], kind="stable")]]


def _hashed(ids: Ids, size: int) -> Ids:
    """One number for each run; 61-bit arithmetic wraps, and a chance meeting is caught when the run is compared."""
    count = len(ids) - size + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for step in range(size):
        mixed = (mixed ^ ids[step : step + count].astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed.view(np.int64)


def _once(values: Ids) -> tuple[Ids, Ids]:
    found, first, counts = np.unique(values, return_index=True, return_counts=True)
    only = counts == 1
    return found[only], first[only]


def _unique_runs_small(one: Sequence[int], other: Sequence[int], size: int) -> list[Pair]:
    left, right = _places(one, size), _places(other, size)
    return sorted((at, there) for run, at in left.items() if at >= 0 and (there := right.get(run, -1)) >= 0)


def _places(ids: Sequence[int], size: int) -> dict[tuple[int, ...], int]:
    """Each run and where it is; -1 if it is in more than one place."""
    found: dict[tuple[int, ...], int] = {}
    for at in range(len(ids) - size + 1):
        run = tuple(ids[at : at + size])
        found[run] = -1 if run in found else at
    return found


def rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest part of pairs, sorted by their first number, whose second numbers rise too."""
    tails: list[int] = []
    ends: list[int] = []
    before = [-1] * len(pairs)
    for at, (_, there) in enumerate(pairs):
        place = bisect_left(tails, there)
        if place:
            before[at] = ends[place - 1]
        if place == len(tails):
            tails.append(there)
            ends.append(at)
        else:
            tails[place], ends[place] = there, at
    chain: list[Pair] = []
    here = ends[-1] if ends else -1
    while here >= 0:
        chain.append(pairs[here])
        here = before[here]
    return chain[::-1]
