"""Exact word times for English: a text laid on the sound by the phones of its words, with pocketsphinx.

Its model and pronouncing dictionary are shipped in its package. A word of several pronunciations ("2026") is given
all of them, and the sound chooses.
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

HISS = 1e-4
"""The noise added to all sound: 80 dB below the loudest there can be."""

REST = RATE // 2
"""Samples of near silence added at the end: without them the last word often finds no end."""

SCORE = 0.1024
"""The decoder counts in steps of ln(1.0001) times 1,024."""

FEWEST = 4
"""A window whose text does not fit is parted in two, down to so many words."""


@dataclass(frozen=True, slots=True)
class Said:
    """Where a word was found: seconds from the beginning of the samples."""

    start: float
    end: float


class Phonetic:
    """Lays English words on sound. One text at a time. `weighing` makes it slower, and its scores comparable."""

    def __init__(self, *, weighing: bool = False) -> None:
        import pocketsphinx

        thorough = {"compallsen": True, "beam": 1e-100, "wbeam": 1e-80, "pbeam": 1e-100} if weighing else {}
        self._decoder: Any = pocketsphinx.Decoder(lm=None, loglevel="FATAL", samprate=RATE, **thorough)
        self._known: dict[str, str] = {}
        self._busy = threading.Lock()

    def lay(self, samples: Samples, words: Sequence[str]) -> list[Said | None]:
        """Where each English word is, in order; None for one that cannot be pronounced or found."""
        with self._busy:
            return self._lay(samples, [self._name(word) for word in words])

    def lay_phones(self, samples: Samples, words: Sequence[Phones]) -> list[Said | None]:
        """Where each word is, given as its phones; None for one that has none or cannot be found."""
        with self._busy:
            return self._lay(samples, [self._named(" ".join(phones), [phones]) if phones else "" for phones in words])

    def weigh(self, samples: Samples, words: Sequence[str]) -> float | None:
        """The natural logarithm of how well these words fit the sound, but for a constant; None if not at all."""
        with self._busy:
            names = [name for word in words if (name := self._name(word))]
            if len(samples) < RATE // 10 or len(self._decoded(samples, names)) != len(names):
                return None
            try:
                self._decoder.set_alignment()
                self._run(samples)
                return sum(entry.score for entry in self._decoder.get_alignment()) * SCORE
            except (RuntimeError, ValueError, TypeError):
                return None

    def _run(self, samples: Samples) -> None:
        # A muted microphone gives exact silence, of which the decoder can make nothing.
        hiss = np.random.default_rng(len(samples)).standard_normal(len(samples) + REST).astype(np.float32) * HISS
        hiss[: len(samples)] += samples
        sound = (np.clip(hiss, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        self._decoder.start_utt()
        try:
            self._decoder.process_raw(sound, full_utt=True)
        finally:
            self._decoder.end_utt()

    def _lay(self, samples: Samples, names: Sequence[str]) -> list[Said | None]:
        found: list[Said | None] = [None] * len(names)
        named = [(at, name) for at, name in enumerate(names) if name]
        if not named or len(samples) < RATE // 10:
            return found
        spoken = self._decoded(samples, [name for _, name in named])
        if len(spoken) == len(named):
            for (at, _), said in zip(named, spoken, strict=True):
                found[at] = said
        return found

    def _decoded(self, samples: Samples, names: Sequence[str]) -> list[Said]:
        """The words as the decoder found them; none if the text does not fit the sound."""
        try:
            self._decoder.set_align_text(" ".join(names))
            self._run(samples)
            segments = list(self._decoder.seg() or [])
        except (RuntimeError, ValueError):
            return []
        spoken: list[Said] = []
        for segment in segments:
            if segment.word.startswith(("<", "[")):
                continue
            spoken.append(Said(segment.start_frame * FRAME + LATE, (segment.end_frame + 1) * FRAME + LATE))
        return spoken

    def _name(self, word: str) -> str:
        """The decoder's name for a word; empty if it cannot be pronounced."""
        if word not in self._known:
            plain = word.lower()
            if plain in dictionary() and plain.isalpha() and not word.isupper():
                self._known[word] = plain
            else:
                self._known[word] = self._named(f"word {word}", pronunciations(word))
        return self._known[word]

    def _named(self, key: str, ways: Sequence[Phones]) -> str:
        """The decoder's name for what has these pronunciations; empty if there is none."""
        if key not in self._known:
            name = f"word{len(self._known)}" if ways else ""
            for number, way in enumerate(ways, start=1):
                self._decoder.add_word(name if number == 1 else f"{name}({number})", " ".join(way), False)
            self._known[key] = name
        return self._known[key]
