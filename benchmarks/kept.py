"""What models said of a stretch of sound, kept between runs: no question is asked twice. Used by alignment.py.

Records made of one recording with other seeds ask much the same of it. A question is known by the samples themselves,
so that what is kept is never that of another sound, window or text.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Unheard:
    """A stretch of sound that is encoded only if something new is asked of it."""

    known_as: str
    encoded: Callable[[], Any]


class Answers:
    """What was answered to each question, in a file."""

    def __init__(self, folder: Path) -> None:
        self._file = sqlite3.connect(folder / "answers.sqlite3", timeout=60, isolation_level=None)
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute("CREATE TABLE IF NOT EXISTS answers (question TEXT PRIMARY KEY, answer TEXT)")

    def known(self, *question: Any) -> Any:
        """[the answer], or nothing."""
        rows = self._file.execute("SELECT answer FROM answers WHERE question = ?", [_key(question)])
        return [json.loads(answer) for (answer,) in rows]

    def keep(self, answer: Any, *question: Any) -> Any:
        """Keep an answer and give it back."""
        self._file.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", [_key(question), json.dumps(answer)])
        return answer


def _key(question: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()


def _sum(samples: Any) -> str:
    return hashlib.sha256(samples.tobytes()).hexdigest()


def remember(folder: Path) -> None:
    """From now on, in this process, keep what the aligner's judges say and do not ask them the same again."""
    from transcripts.alignment.phones import Phonetic, Said
    from transcripts.engines.forcing import Forcer

    answers = Answers(folder)
    encode, likely, times = Forcer.encode, Forcer.log_likelihoods, Forcer.times
    weigh, lay, lay_phones = Phonetic.weigh, Phonetic.lay, Phonetic.lay_phones

    def later(self: Forcer, samples: Any) -> Any:
        found: list[Any] = []

        def now() -> Any:
            found[:] = found or [encode(self, samples)]
            return found[0]

        return Unheard(_sum(samples), now)

    def likelihoods(self: Forcer, sound: Any, texts: Sequence[str], language: str) -> list[float]:
        about = ("likely", sound.known_as, self.model, language)
        missing = [text for text in dict.fromkeys(texts) if not answers.known(*about, text)]
        if missing:
            for text, value in zip(missing, likely(self, sound.encoded(), missing, language), strict=True):
                answers.keep(value, *about, text)
        return [float(answers.known(*about, text)[0]) for text in texts]

    def weighed(self: Phonetic, samples: Any, words: Sequence[str]) -> float | None:
        about = ("weigh", _sum(samples), *words)
        found = answers.known(*about) or [answers.keep(weigh(self, samples, words), *about)]
        return found[0]  # type: ignore[no-any-return]

    def laid(how: Callable[..., Any]) -> Callable[..., Any]:
        def lay_once(self: Phonetic, samples: Any, words: Sequence[Any]) -> Any:
            about = ("laid", how.__name__, _sum(samples), *words)
            found = answers.known(*about)
            if not found:
                said = how(self, samples, words)
                found = [answers.keep([one and (one.start, one.end) for one in said], *about)]
            return [one and Said(*one) for one in found[0]]

        return lay_once

    Forcer.encode = later  # type: ignore[method-assign]
    Forcer.log_likelihoods = likelihoods  # type: ignore[method-assign]
    Forcer.times = lambda self, sound, *given: times(self, sound.encoded(), *given)  # type: ignore[method-assign]
    Phonetic.weigh = weighed  # type: ignore[method-assign]
    Phonetic.lay = laid(lay)  # type: ignore[method-assign]
    Phonetic.lay_phones = laid(lay_phones)  # type: ignore[method-assign]
