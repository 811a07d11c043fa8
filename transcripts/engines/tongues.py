"""Which language is spoken where on a track: found a phrase at a time, so that an interpreter is heard in both.

Whisper is asked about chunks of a few seconds; where it hesitates, about each phrase. A phrase counts as another
language than the speaker's own only if it is long enough and hardly anything else is possible.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from transcripts.engines.silence import Span
from transcripts.engines.sound import RATE, Samples

PHRASE = 0.5
"""A silence of so many seconds parts phrases, at which the language may change."""

CHUNK = 10.0
"""Seconds of speech that Whisper is asked about at once."""

CLEAR = 0.95
"""At this probability a chunk is all in one language."""

SURE, SHORTEST = 0.8, 1.0
"""A phrase of so many seconds is believed to be in another language than the speaker's at this probability."""

UNEXPECTED = 0.1
"""What a language that nobody is expected to speak counts beside one that is."""

Odds = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """Speech in one language without a long silence; seconds in its passage."""

    start: float
    end: float
    language: str


class Tongues:
    """What is known of the languages of one track. `detect` gives the odds of some speech."""

    def __init__(self, detect: Callable[[Samples], Odds], *, expected: Collection[str] = ()) -> None:
        self._detect = detect
        self._expected = frozenset(expected)
        self._evidence: dict[str, float] = {}

    @property
    def own(self) -> str | None:
        """The language that most was said in so far."""
        return max(self._evidence, key=lambda code: self._evidence[code]) if self._evidence else None

    def known(self, seconds: Mapping[str, float]) -> None:
        """Go on from what was found before: seconds of speech in each language."""
        for code, length in seconds.items():
            self._evidence[code] = self._evidence.get(code, 0.0) + length

    def evidence(self) -> dict[str, float]:
        """Seconds of speech in each language, by how sure it was."""
        return {code: round(seconds, 3) for code, seconds in self._evidence.items()}

    def runs(self, samples: Samples, turns: list[Span], close: list[Span]) -> list[Run]:
        """The turns of a passage parted where the language changes."""
        found = [(turn, [*self._chunks(samples, _phrases(turn, close))]) for turn in turns]
        own = self.own
        return [run for turn, spoken in found for run in _joined(turn, spoken, own or "")]

    def _chunks(self, samples: Samples, phrases: list[Span]) -> Iterator[tuple[Span, str | None]]:
        """Stretches of a turn with the language each is surely in, or None."""
        chunk: list[Span] = []
        for phrase in [*phrases, None]:
            if chunk and (phrase is None or phrase.end - chunk[0].start > CHUNK):
                yield from self._told(samples, chunk)
                chunk = []
            if phrase is not None:
                chunk.append(phrase)

    def _told(self, samples: Samples, phrases: list[Span]) -> Iterator[tuple[Span, str | None]]:
        whole = Span(phrases[0].start, phrases[-1].end)
        code, odds = self._likeliest(samples, whole)
        clear = odds >= CLEAR or (len(phrases) == 1 and (odds >= SURE or code == self.own))
        if clear or len(phrases) == 1:
            sure = clear and whole.end - whole.start >= SHORTEST
            if sure or not self._evidence:
                self._evidence[code] = self._evidence.get(code, 0.0) + odds * (whole.end - whole.start)
            yield whole, code if sure else None
            return
        for phrase in phrases:
            yield from self._told(samples, [phrase])

    def _likeliest(self, samples: Samples, span: Span) -> tuple[str, float]:
        end = min(span.end, span.start + CHUNK)
        odds = self._detect(samples[round(span.start * RATE) : round(end * RATE)])
        if self._expected:
            odds = {code: share * (1 if code in self._expected else UNEXPECTED) for code, share in odds.items()}
        whole = math.fsum(odds.values()) or 1.0
        code = max(odds, key=lambda code: odds[code])
        return code, odds[code] / whole


def _phrases(turn: Span, close: list[Span]) -> list[Span]:
    """The phrases of a turn: closely bounded speech, joined over short silences. The whole turn if there is none."""
    found: list[Span] = []
    for span in close:
        if span.end <= turn.start or span.start >= turn.end:
            continue
        if found and span.start - found[-1].end < PHRASE:
            found[-1] = Span(found[-1].start, min(span.end, turn.end))
        else:
            found.append(Span(max(span.start, turn.start), min(span.end, turn.end)))
    return found or [turn]


def _joined(turn: Span, spoken: list[tuple[Span, str | None]], own: str) -> list[Run]:
    """A turn's stretches as runs that fill it: unsure ones go with the one before, or after at the beginning."""
    first = next((code for _span, code in spoken if code), own)
    runs: list[Run] = []
    ended = turn.start
    for span, sure in spoken:
        code = sure or (runs[-1].language if runs else first)
        if not runs:
            runs.append(Run(turn.start, turn.end, code))
        elif code != runs[-1].language:
            cut = (ended + span.start) / 2
            runs[-1] = Run(runs[-1].start, cut, runs[-1].language)
            runs.append(Run(cut, turn.end, code))
        ended = span.end
    return runs
