"""Turns of one track that follow each other, heard together in one window instead of each by itself.

On a track of one's own a turn is a few seconds between long silences. Heard alone, each costs a window of its own,
and Whisper errs more without the voice and the words around. So turns are put end to end with a short pause between
them, as in conversation, and what was heard is given back to its turn: words keep the time at which they were said,
and none slips over a silence into another turn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from transcripts.engines.cleaning import Heard
from transcripts.engines.sound import RATE, Samples
from transcripts.engines.speech import Word
from transcripts.engines.tongues import Run

LONGEST = 28.0
"""Seconds of turns heard together at most: what Whisper hears at once."""

ROOM = 0.2
"""Seconds of the silence around a turn that are kept on each side, beyond what the turn has of it already."""

EDGE = 0.3
"""Seconds of silence at both ends of a turn that a word lying there may be drawn out over."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Turns in one language and the sound of them put end to end: turn `n` begins at `begins[n]` in `samples`."""

    runs: tuple[Run, ...]
    begins: tuple[float, ...]
    samples: Samples

    def parted(self, piece: Heard) -> Iterator[Heard]:
        """What was heard, on the passage's clock: a piece for each turn it lies in."""
        if len(self.runs) == 1 or not piece.words:
            yield piece.moved(self.runs[0].start - self.begins[0])
            return
        held: list[list[Word]] = [[] for _ in self.runs]
        at = 0
        for word in piece.words:
            at = max(at, self._turn(word))
            held[at].append(word)
        for run, begin, words in zip(self.runs, self.begins, held, strict=True):
            if words:
                inside = tuple(
                    replace(word, start=_within(word.start - begin, run), end=_within(word.end - begin, run))
                    for word in words
                )
                yield replace(piece, start=inside[0].start, end=inside[-1].end, words=inside)

    def _turn(self, word: Word) -> int:
        """The turn that holds most of a word, else the nearest: a word may be drawn out over the pause beside it."""

        def apart(at: int) -> float:
            begin = self.begins[at] + EDGE
            end = self.begins[at] + self.runs[at].end - self.runs[at].start - EDGE
            return max(begin, word.start) - min(end, word.end)

        return min(range(len(self.runs)), key=apart)


def _within(second: float, run: Run) -> float:
    return run.start + min(max(second, 0.0), run.end - run.start)


def packed(runs: Sequence[Run], samples: Samples) -> Iterator[Pack]:
    """The turns of a passage in packs, in order; each pack in one language and of LONGEST seconds at most."""
    whole = len(samples) / RATE
    group: list[Run] = []
    lasts = 0.0
    for run in runs:
        length = run.end - run.start + 2 * ROOM
        if group and (group[-1].language != run.language or lasts + length > LONGEST):
            yield _pack(group, samples, whole)
            group, lasts = [], 0.0
        group.append(run)
        lasts += length
    if group:
        yield _pack(group, samples, whole)


def _pack(runs: Sequence[Run], samples: Samples, whole: float) -> Pack:
    parts: list[Samples] = []
    begins: list[float] = []
    filled = 0
    for at, run in enumerate(runs):
        before = ROOM if at == 0 else min(ROOM, max(0.0, (run.start - runs[at - 1].end) / 2))
        after = ROOM if at + 1 == len(runs) else min(ROOM, max(0.0, (runs[at + 1].start - run.end) / 2))
        if len(runs) == 1:
            before = after = 0.0
        low, high = max(0.0, run.start - before), min(whole, run.end + after)
        part = samples[round(low * RATE) : round(high * RATE)]
        begins.append(filled / RATE + run.start - low)
        filled += len(part)
        parts.append(part)
    return Pack(tuple(runs), tuple(begins), np.concatenate(parts))
