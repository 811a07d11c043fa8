"""What both engines share: reading the sound in passages, leaving silence out, and cleaning what was heard.

An engine only has to say which language it hears and what words are in a few minutes of pure speech.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from os import PathLike

import numpy as np
import numpy.typing as npt

from transcripts.engines import silence
from transcripts.engines.again import heard_again
from transcripts.engines.cleaning import Heard, cleaned
from transcripts.engines.silence import Span
from transcripts.engines.sound import RATE, Samples, Sound
from transcripts.engines.speech import Begun, Cancelled, Segment, Speech, UnknownLanguage, Word
from transcripts.engines.together import heard_together
from transcripts.engines.tongues import Odds, Run, Tongues

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

PROMPT_TOKENS = 120
"""Of what Whisper is told before it listens, so much at most: half of what it can take, and every half minute anew."""

UNKNOWN = "und"

SEED = 20
"""Whisper draws at random when it is unsure; the same recording should give the same text each time."""

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""How much is left to chance, step by step, while Whisper is unsure of its words."""


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

    places = False
    """Whether the engine can say where given words lie in some speech; only then are turns heard together."""

    languages: frozenset[str]
    """Codes of the languages the model knows."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()

    @abstractmethod
    def detect(self, speech: Samples) -> Odds:
        """The probability of each language in up to half a minute of speech."""

    @abstractmethod
    def hear(self, speech: Samples, *, language: str, prompt: str | None, once: bool = False) -> Iterator[Heard]:
        """What is said in this speech, piece by piece, timed from its start.

        `once`: an engine that is unsure of its words does not try others at random.
        """

    def placed(self, words: Sequence[Word], speech: Samples, *, language: str) -> list[Word] | None:
        """These words with the times and probabilities they have in this speech alone; None if that cannot be told."""
        return None

    def transcribe(
        self,
        path: str | PathLike[str],
        *,
        language: str | None = None,
        prompt: str | None = None,
        expected: Collection[str] = (),
        length: float | None = None,
        second: "Listener | None" = None,
        begun: Begun | None = None,
        keep: Callable[[Begun], None] | None = None,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Speech:
        """See `speech.Engine.transcribe`."""
        forced = self._known(language) or (next(iter(self.languages)) if len(self.languages) == 1 else None)
        tongues = Tongues(self.detect, expected=expected)
        done = begun or Begun()
        tongues.known(done.languages)
        reached = done.reached

        def step(second: float, whole: float | None) -> None:
            if cancelled is not None and cancelled():
                raise Cancelled("The transcription was stopped.")
            if progress is not None and whole:
                progress(min(second / max(whole, second), 0.99))

        with Sound(path) as sound, self._one_at_a_time:
            whole = sound.claimed_length or length
            for passage in passages(sound, begin=done.reached):
                step(passage.start, whole)
                reached = passage.start + len(passage.samples) / RATE
                if passage.rough:
                    runs = self._runs(passage, forced, tongues)
                    segments, spent = self._heard(passage, runs, prompt, second, lambda at: step(at, whole))
                    done = replace(
                        done,
                        segments=(*done.segments, *segments),
                        languages=tongues.evidence(),
                        heard_again=done.heard_again + spent,
                    )
                done = replace(done, reached=reached)
                if keep is not None:
                    keep(done)
        if progress is not None:
            progress(1.0)
        spoken = forced or tongues.own or UNKNOWN
        if not done.segments and language is None:
            spoken = UNKNOWN
        return Speech(
            spoken,
            reached,
            self.name,
            self.model,
            done.segments,
            second=second.model if second else "",
            heard_again=round(done.heard_again, 3),
        )

    def _runs(self, passage: "Passage", forced: str | None, tongues: Tongues) -> list[Run]:
        """What is to be heard of a passage, each run in one language."""
        if forced:
            return [Run(turn.start, turn.end, forced) for turn in passage.rough]
        return tongues.runs(passage.samples, passage.rough, passage.close)

    def _heard(
        self,
        passage: "Passage",
        runs: list[Run],
        prompt: str | None,
        second: "Listener | None",
        step: Callable[[float], None],
    ) -> tuple[list[Segment], float]:
        """The segments of a passage on the file's clock, and the seconds that the second model heard."""

        def by(listener: Listener, runs: list[Run]) -> list[Heard]:
            found: list[Heard] = []
            reached = runs[0].start

            def hear(speech: Samples, language: str, once: bool) -> Iterator[Heard]:
                told = listener.prompt_for(language, prompt)
                for piece in listener.hear(speech, language=language, prompt=told, once=once):
                    step(passage.start + reached)
                    yield piece

            def place(words: Sequence[Word], speech: Samples, language: str) -> list[Word] | None:
                return listener.placed(words, speech, language=language)

            groups = [runs] if listener.places else [[run] for run in runs]
            for group in groups:
                for piece in heard_together(group, passage.samples, passage.close, hear=hear, place=place):
                    found.append(piece)
                    reached = max(reached, piece.end)
                    step(passage.start + reached)
            return sorted(found, key=lambda piece: piece.start)

        def clean(listener: Listener, heard: list[Heard]) -> list[Segment]:
            length = len(passage.samples) / RATE
            told = [SIMPLIFIED, *([prompt] if prompt else [])]
            return cleaned(heard, passage.close, length=length, lateness=listener.lateness, told=told)

        segments = clean(self, by(self, runs))
        other = second if second is not None else self

        def better(span: Span, language: str) -> list[Segment]:
            if language not in other.languages:
                return []
            return clean(other, by(other, [Run(span.start, span.end, language)]))

        def language(span: Span) -> str:
            return min(runs, key=lambda run: abs(run.start + run.end - span.start - span.end)).language

        segments, spent = heard_again(segments, passage.close, better, weak=other is not self, language=language)
        return [_moved(segment, passage.start) for segment in segments], spent

    def tokens(self, text: str) -> int:
        """How many of the model's tokens a text takes. Too many if in doubt."""
        return len(text.encode())

    def prompt_for(self, language: str, prompt: str | None) -> str | None:
        """What the model is told before it listens: how to write Chinese, and as many names as there is room for."""
        told = SIMPLIFIED if language == "zh" else ""
        for name in (part.strip() for part in (prompt or "").split(",")):
            longer = f"{told}, {name}" if told and not told.endswith("。") else f"{told}{name}"
            if name and self.tokens(longer) <= PROMPT_TOKENS:
                told = longer
        return told or None

    def _known(self, language: str | None) -> str | None:
        """The model's code for a language tag: "zh-hans" is "zh", "en-GB" is "en"; None stays None."""
        code = language.replace("_", "-").split("-")[0].strip().lower() if language else None
        if code and code not in self.languages:
            only = "English only" if self.languages == {"en"} else f"{len(self.languages)} languages, not this one"
            raise UnknownLanguage(f"The model {self.model} cannot hear {language!r}: it knows {only}.")
        return code


def _moved(segment: Segment, by: float) -> Segment:
    words = tuple(replace(word, start=by + word.start, end=by + word.end) for word in segment.words)
    return replace(segment, start=by + segment.start, end=by + segment.end, words=words)


def passages(sound: Sound, *, begin: float = 0.0) -> Iterator[Passage]:
    """The sound in passages of at most PASSAGE seconds and a stretch, cut where nobody speaks.

    `begin` is the second at which an earlier passage ended: the sound before is passed over.
    """
    held: Samples = np.zeros(0, dtype=np.float32)
    start = begin
    skip = round(begin * RATE)
    for stretch in sound.stretches():
        if skip >= len(stretch):
            skip -= len(stretch)
            continue
        stretch, skip = stretch[skip:], 0
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
