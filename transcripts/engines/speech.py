"""What an engine hears: words with times, and the ways it can fail. No Django and no models here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import Any, Protocol


class SpeechError(Exception):
    """Sound could not be turned into text. The message is one line, fit to be shown."""


class NoSound(SpeechError):
    """The file can be read but holds no sound."""


class BrokenFile(SpeechError):
    """The file is missing, empty, or not a recording FFmpeg can read."""


class ModelMissing(SpeechError):
    """The engine or its weights are not installed, or not what they should be. The message says what to do."""


class UnknownLanguage(SpeechError):
    """The model does not know the language asked for."""


class Cancelled(SpeechError):
    """The caller asked to stop."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as heard, with its punctuation and no surrounding space. Times in seconds from the file's start."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """Words spoken in one breath. `text` is the words in order, spaced as the language spaces them.

    Never empty; never spans a pause of `cleaning.PAUSE` seconds or more.
    """

    start: float
    end: float
    text: str
    words: tuple[Word, ...]
    language: str = ""
    """The language it was heard in, where that is known for each segment."""


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a file was heard, to go on from there: `reached` is the second up to which nothing is left to hear.

    `languages` holds seconds of speech in each language found so far.
    """

    reached: float = 0.0
    segments: tuple[Segment, ...] = ()
    languages: Mapping[str, float] = field(default_factory=dict)
    heard_again: float = 0.0


@dataclass(frozen=True, slots=True)
class Speech:
    """All that was heard in one file. `language` is a Whisper code (en, ko, zh ...), or "und" if nothing was said.

    `duration` is the length of the sound in seconds; `engine` and `model` name what listened. `heard_again` are the
    seconds that the larger model `second` listened to.
    """

    language: str
    duration: float
    engine: str
    model: str
    segments: tuple[Segment, ...]
    second: str = ""
    heard_again: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The stable public form printed by `manage.py transcribe --json`. Times in seconds.

        A segment tells its language only where it is not that of the whole.
        """
        return {
            "language": self.language,
            "duration": round(self.duration, 3),
            "engine": self.engine,
            "model": self.model,
            "segments": [
                {
                    "start": round(segment.start, 3),
                    "end": round(segment.end, 3),
                    "text": segment.text,
                    "words": [
                        {
                            "word": word.text,
                            "start": round(word.start, 3),
                            "end": round(word.end, 3),
                            "probability": round(word.probability, 4),
                        }
                        for word in segment.words
                    ],
                }
                | ({"language": segment.language} if segment.language not in ("", self.language) else {})
                for segment in self.segments
            ],
        }


class Engine(Protocol):
    """A speech to text engine with its model loaded."""

    name: str
    model: str

    def transcribe(
        self,
        path: str | PathLike[str],
        *,
        language: str | None = None,
        prompt: str | None = None,
        expected: Collection[str] = (),
        length: float | None = None,
        second: Any = None,
        begun: Begun | None = None,
        keep: Callable[[Begun], None] | None = None,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Speech:
        """Turn a recording into words with times.

        `language` is a Whisper code ("zh-hans" and "en-GB" are understood too); None finds it, phrase by phrase, and
        leans to those `expected`. `prompt` holds names and terms to expect, parted by commas, the likeliest first.
        `length` is the file's in seconds, if it does not say. `second` is another engine, loaded, that hears weak
        stretches again. `keep` is given what was heard after every passage; with that as `begun` the work goes on
        where it stood. `progress` is told the share done, 0 to 1. `cancelled` is asked now and then; when it says
        yes, Cancelled is raised. Raises NoSound, BrokenFile, UnknownLanguage or Cancelled.
        """
        ...
