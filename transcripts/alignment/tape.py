"""Going through a recording once, from window to window, with only a few minutes of it in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike

import numpy as np

from transcripts.engines.sound import RATE, Samples, Sound

LONGEST, SHORTEST = 27.0, 12.0
"""Seconds of a window: at most, and at least before a short pause is good enough to cut at."""

KEPT = 60
"""Seconds of sound before the window last asked for that are kept, as windows may overlap."""

MARGIN = 0.4
"""Seconds of sound kept before the first word and after the last one of a window, where there is room."""


@dataclass(frozen=True, slots=True)
class Window:
    """Words `first` to `last` (inclusive) and the stretch of sound they lie in, in seconds."""

    first: int
    last: int
    start: float
    end: float


class Tape:
    """The samples of a recording. Asking forwards is cheap; asking backwards begins again. Raises SpeechError."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self._path = path
        self._sound: Sound | None = None
        self._open()

    def _open(self) -> None:
        self.close()
        self._sound = Sound(self._path)
        self._stretches: Iterator[Samples] = self._sound.stretches()
        self._held: Samples = np.zeros(0, dtype=np.float32)
        self._from = 0

    def close(self) -> None:
        """Let go of the file."""
        if self._sound is not None:
            self._sound.close()
            self._sound = None

    def __enter__(self) -> "Tape":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def between(self, start: float, end: float) -> Samples:
        """The samples from `start` to `end` seconds; fewer where the recording has ended."""
        low, high = max(0, round(start * RATE)), max(0, round(end * RATE))
        if low < self._from:
            self._open()
        while self._from + len(self._held) < high:
            stretch = next(self._stretches, None)
            if stretch is None:
                break
            drop = min(max(0, low - self._from - KEPT * RATE), len(self._held))
            self._held = np.concatenate([self._held[drop:], stretch])
            self._from += drop
        return self._held[max(0, low - self._from) : max(0, high - self._from)]


def windows(words: Sequence[tuple[float, float]], longest: float = LONGEST) -> list[Window]:
    """Words in the order of their starts, parted into windows at their longest pauses."""
    done: list[Window] = []
    first, after = 0, 0.0
    while first < len(words):
        last = _cut(words, first, longest)
        start = max(after, words[first][0] - MARGIN, 0.0)
        stop = max(end for _, end in words[first : last + 1])
        following = words[last + 1][0] if last + 1 < len(words) else stop + 2 * MARGIN
        end = min(stop + MARGIN, max(stop, (stop + following) / 2) if following > stop else stop)
        after = min(end, following)
        done.append(Window(first, last, min(start, words[first][0]), min(end, start + longest + 2 * MARGIN)))
        first = last + 1
    return done


def _cut(words: Sequence[tuple[float, float]], first: int, longest: float) -> int:
    """The last word of a window that begins with this one."""
    begins = words[first][0]
    best, widest = first, -1.0
    stop = words[first][1]
    at = first
    while at < len(words) and words[at][0] - begins <= longest:
        stop = max(stop, words[at][1])
        if stop - begins > longest and at > first:
            break
        pause = words[at + 1][0] - stop if at + 1 < len(words) else 1e9
        if pause >= 5.0:
            return at
        worth = min(pause, 1.0) + (0.3 if stop - begins >= SHORTEST else 0.0)
        if worth >= widest:
            best, widest = at, worth
        at += 1
    return len(words) - 1 if at == len(words) and stop - begins <= longest else best
