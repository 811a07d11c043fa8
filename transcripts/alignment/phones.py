"""Exact word times for English: a text laid on the sound by the phones of its words, with pocketsphinx.

Its model and pronouncing dictionary are shipped in its package. A word of several pronunciations (or readings) is
given all of them, and the sound chooses.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from transcripts.alignment.pronouncing import Phones, dictionary, pronunciations
from transcripts.engines.sound import RATE, Samples

FRAME = 0.01
"""Seconds between the model's frames."""

LATE = 0.008
"""Seconds added to every boundary: a frame stands for the 25 ms around its middle, not for its first sample."""

FEWEST = 4
"""A window whose text does not fit is parted in two, down to so many words."""


@dataclass(frozen=True, slots=True)
class Said:
    """Where a word was found: seconds from the beginning of the samples, and which of its readings fits best."""

    start: float
    end: float
    reading: int = 0


class Phonetic:
    """Lays English words on sound. One text at a time."""

    def __init__(self) -> None:
        import pocketsphinx

        self._decoder: Any = pocketsphinx.Decoder(lm=None, loglevel="FATAL", samprate=RATE)
        self._known: dict[tuple[str, ...], str] = {}
        self._reading: dict[str, list[int]] = {}
        self._busy = threading.Lock()

    def lay(self, samples: Samples, words: Sequence[Sequence[str]]) -> list[Said | None]:
        """Where each word is, in order. A word is given as its readings; None if it cannot be pronounced or found."""
        with self._busy:
            return self._lay(samples, words)

    def _lay(self, samples: Samples, words: Sequence[Sequence[str]]) -> list[Said | None]:
        found: list[Said | None] = [None] * len(words)
        named = [(at, name) for at, word in enumerate(words) if (name := self._name(tuple(word)))]
        if not named or len(samples) < RATE // 10:
            return found
        spoken = self._decoded(samples, [name for _, name in named])
        if len(spoken) == len(named):
            for (at, _), said in zip(named, spoken, strict=True):
                found[at] = said
        return found

    def _decoded(self, samples: Samples, names: Sequence[str]) -> list[Said]:
        """The words as the decoder found them; none if the text does not fit the sound."""
        sound = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        try:
            self._decoder.set_align_text(" ".join(names))
            self._decoder.start_utt()
            try:
                self._decoder.process_raw(sound, full_utt=True)
            finally:
                self._decoder.end_utt()
            segments = list(self._decoder.seg() or [])
        except (RuntimeError, ValueError):
            return []
        spoken: list[Said] = []
        for segment in segments:
            name, _, variant = segment.word.partition("(")
            if not name or name.startswith("<") or segment.word.startswith("["):
                continue
            readings = self._reading.get(name, [0])
            which = int(variant.rstrip(")")) - 1 if variant[:1].isdigit() else 0
            start, end = segment.start_frame * FRAME + LATE, (segment.end_frame + 1) * FRAME + LATE
            spoken.append(Said(start, end, readings[min(which, len(readings) - 1)]))
        return spoken

    def _name(self, readings: tuple[str, ...]) -> str:
        """The decoder's name for a word with these readings; empty if none of them can be pronounced."""
        if readings in self._known:
            return self._known[readings]
        plain = readings[0].lower()
        if len(readings) == 1 and plain in dictionary() and plain.isalpha():
            self._known[readings] = plain
            return plain
        ways: dict[Phones, int] = {}
        for number, reading in enumerate(readings):
            for way in pronunciations(reading):
                ways.setdefault(way, number)
        name = f"word{len(self._known)}" if ways else ""
        for number, way in enumerate(ways, start=1):
            self._decoder.add_word(name if number == 1 else f"{name}({number})", " ".join(way), False)
        self._reading[name] = list(ways.values())
        self._known[readings] = name
        return name
