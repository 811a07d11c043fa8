"""What both engines share: reading the sound in passages, leaving silence out, and cleaning what was heard.

An engine only has to say which language it hears and what words are in a few minutes of pure speech.
"""

import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from os import PathLike

import numpy as np
import numpy.typing as npt

from transcripts.engines import silence
from transcripts.engines.cleaning import Heard, cleaned
from transcripts.engines.silence import Span
from transcripts.engines.sound import RATE, Samples, Sound
from transcripts.engines.speech import Cancelled, Segment, Speech, UnknownLanguage

PASSAGE = 300.0
"""Seconds heard at a time: bounds memory, whatever the length of the hearing."""

CUT_WITHIN = 60.0
"""A passage is cut in the longest silence of its last so many seconds."""

LONG_SILENCE, PAD = 2.0, 0.4
"""Silences of so many seconds part turns and are left out; so much sound is kept on each side of speech."""

BREATH = 0.1
"""Silences of so many seconds bound words."""

SIMPLIFIED = "以下是普通话的句子，使用简体中文。"
"""Said before Chinese, it makes Whisper punctuate and lean to simplified characters."""

UNKNOWN = "und"

SEED = 20
"""Whisper draws at random when it is unsure; the same recording should give the same text each time."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Some minutes of sound: where it begins in the file, its speech roughly (to hear) and closely (to time words)."""

    start: float
    samples: Samples
    rough: list[Span]
    close: list[Span]


class Listener(ABC):
    """An engine with its model. Subclasses listen to pure speech; this class does the rest."""

    name: str
    model: str
    lateness: float
    """Seconds by which this model's word starts come early; added to every time."""

    languages: frozenset[str]
    """Codes of the languages the model knows."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()

    @abstractmethod
    def detect(self, speech: Samples) -> str:
        """The code of the language spoken in up to half a minute of speech."""

    @abstractmethod
    def hear(self, speech: Samples, *, language: str, prompt: str | None) -> Iterator[Heard]:
        """What is said in this speech, piece by piece, timed from its start."""

    def transcribe(
        self,
        path: str | PathLike[str],
        *,
        language: str | None = None,
        prompt: str | None = None,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Speech:
        """See `speech.Engine.transcribe`."""
        spoken = self._known(language)
        segments: list[Segment] = []
        length = 0.0

        def step(reached: float, whole: float | None) -> None:
            if cancelled is not None and cancelled():
                raise Cancelled("The transcription was stopped.")
            if progress is not None and whole:
                progress(min(reached / max(whole, reached), 0.99))

        with Sound(path) as sound, self._one_at_a_time:
            for passage in passages(sound):
                length = passage.start + len(passage.samples) / RATE
                step(passage.start, sound.claimed_length)
                if not passage.rough:
                    continue
                turns = [passage.samples[round(t.start * RATE) : round(t.end * RATE)] for t in passage.rough]
                spoken = spoken or self._language(np.concatenate(turns))
                told = prompt_for(spoken, prompt)
                heard: list[Heard] = []
                # Each turn is heard by itself: put end to end, words slip over the silence between.
                for turn, speech in zip(passage.rough, turns, strict=True):
                    for piece in self.hear(speech, language=spoken, prompt=told):
                        heard.append(piece.moved(turn.start))
                        step(passage.start + heard[-1].end, sound.claimed_length)
                segments += cleaned(
                    heard,
                    passage.close,
                    start=passage.start,
                    length=length - passage.start,
                    lateness=self.lateness,
                    told=told,
                )
        if progress is not None:
            progress(1.0)
        return Speech(spoken or UNKNOWN, length, self.name, self.model, tuple(segments))

    def _known(self, language: str | None) -> str | None:
        """The model's code for a language tag: "zh-hans" is "zh", "en-GB" is "en"; None stays None."""
        code = language.replace("_", "-").split("-")[0].strip().lower() if language else None
        if code and code not in self.languages:
            only = "English only" if self.languages == {"en"} else f"{len(self.languages)} languages, not this one"
            raise UnknownLanguage(f"The model {self.model} cannot hear {language!r}: it knows {only}.")
        return code

    def _language(self, speech: Samples) -> str:
        """What most half minutes among the first three are spoken in; the first decides a draw."""
        half = 30 * RATE
        votes = Counter(self.detect(speech[at : at + half]) for at in range(0, min(len(speech), 3 * half), half))
        return votes.most_common(1)[0][0]


def prompt_for(language: str, prompt: str | None) -> str | None:
    """What Whisper is told before it listens: names to expect, and how to write Chinese."""
    told = [part for part in (SIMPLIFIED if language == "zh" else None, prompt) if part]
    return " ".join(told) or None


def passages(sound: Sound) -> Iterator[Passage]:
    """The sound in passages of at most PASSAGE seconds and a stretch, cut where nobody speaks."""
    held: Samples = np.zeros(0, dtype=np.float32)
    start = 0.0
    for stretch in sound.stretches():
        held = np.concatenate([held, stretch])
        if len(held) < PASSAGE * RATE:
            continue
        heard = silence.voice(held)
        earliest = len(heard) - int(CUT_WITHIN * RATE / silence.FRAME)
        cut = silence.quiet_cut(heard, earliest)
        yield _passage(held[: cut * silence.FRAME], heard[:cut], start)
        held = held[cut * silence.FRAME :]
        start += cut * silence.FRAME / RATE
    if len(held):
        yield _passage(held, silence.voice(held), start)


def _passage(samples: Samples, heard: npt.NDArray[np.float32], start: float) -> Passage:
    length = len(samples) / RATE
    return Passage(
        start=start,
        samples=samples,
        rough=silence.spans(heard, silence=LONG_SILENCE, pad=PAD, length=length),
        close=silence.spans(heard, silence=BREATH, pad=0.0, length=length),
    )
