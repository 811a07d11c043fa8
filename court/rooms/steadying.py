"""Times a browser told by a clock it came to know better: what it learnt later holds for what it told before.

A person who comes in over a slow line, on a busy machine, knows the room's clock badly at first. Every piece of a take
tells what the browser knows by then and how far it may be off, so that the whole take can be put in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

DRIFT = 50e-6  # what two clocks may go apart in the time between: what is known of one moment fades for others
ROUNDED = 1.0  # ms


@dataclass(frozen=True)
class Reading:
    """What a browser knew of the room's clock at one moment, in ms.

    Its time as the browser told it; how far the browser's idea of it had moved since the take began; and how far that
    idea may be off (None: it did not say).
    """

    told_ms: float
    moved_ms: float
    error_ms: float | None


@dataclass(frozen=True)
class Steadied:
    """A moment on the room's clock, in ms, and by how much that may be off (infinite: nobody ever said)."""

    ms: float
    error_ms: float


def steadied(readings: Sequence[Reading]) -> list[Steadied]:
    """The times of these readings, in order, each by the best that was known of the clock before or after it."""
    raw = [one.told_ms - one.moved_ms for one in readings]
    ahead = _carried(readings, raw, range(len(raw)))
    back = _carried(readings, raw, range(len(raw) - 1, -1, -1))
    best = (min(one, other) for one, other in zip(ahead, back, strict=True))
    return [Steadied(at + moved, error) for at, (error, moved) in zip(raw, best, strict=True)]


def _carried(readings: Sequence[Reading], raw: Sequence[float], order: range) -> list[tuple[float, float]]:
    """For each reading (how far it may be off, moved), the best of it and of those before it in this order."""
    found = [(float("inf"), one.moved_ms) for one in readings]
    best, last = (float("inf"), 0.0), 0.0
    for n in order:
        best = (best[0] + abs(raw[n] - last) * DRIFT, best[1])
        last = raw[n]
        error, moved = readings[n].error_ms, readings[n].moved_ms
        # What cannot both be true tells of a device that slept, or a clock set anew: what was known ends there.
        if error is not None and (error <= best[0] or abs(moved - best[1]) > error + best[0] + ROUNDED):
            best = (error, moved)
        if best[0] < float("inf"):
            found[n] = best
    return found
