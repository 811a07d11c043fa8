"""What the aligner takes and gives. Plain data; times in seconds from the beginning of the sound."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

MATCHED, INTERPOLATED, UNALIGNED, PARTIAL = "matched", "interpolated", "unaligned", "partial"

FORMAT, DISFLUENCY, WORDING, SUBSTITUTION = "format", "disfluency", "wording", "substitution"
OMISSION, ADDITION, MOVED, WRONG_SPEAKER = "omission", "addition", "moved", "wrong_speaker"
KINDS = (FORMAT, DISFLUENCY, WORDING, SUBSTITUTION, OMISSION, ADDITION, MOVED, WRONG_SPEAKER)


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as it was heard. `speaker` is a name or a track's, empty if nobody knows."""

    text: str
    start: float
    end: float
    speaker: str = ""
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """Who speaks from when to when."""

    start: float
    end: float
    speaker: str


@dataclass(frozen=True, slots=True)
class AlignedWord:
    """A word of the record: `text` is exactly `record[char_start:char_end]`.

    matched: it was heard there; interpolated: it stands between two matched neighbours where something else was
    heard; unaligned: it was not heard, and has no times.
    """

    text: str
    char_start: int
    char_end: int
    start: float | None
    end: float | None
    status: str

    def as_json(self) -> dict[str, Any]:
        """The stable public form."""
        return {
            "text": self.text,
            "char_start": self.char_start,
            "char_end": self.char_end,
            "start": _rounded(self.start),
            "end": _rounded(self.end),
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class AlignedSentence:
    """A sentence of the record. `similarity` is the share of it that was heard, 0 to 1; `speaker` its label's."""

    text: str
    char_start: int
    char_end: int
    start: float | None
    end: float | None
    status: str
    similarity: float
    speaker: str = ""

    def as_json(self) -> dict[str, Any]:
        """The stable public form."""
        return {
            "text": self.text,
            "start": _rounded(self.start),
            "end": _rounded(self.end),
            "status": self.status,
            "similarity": round(self.similarity, 3),
            "char_start": self.char_start,
            "char_end": self.char_end,
            "speaker": self.speaker,
        }


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A place where record and sound differ.

    `record` is `record_text[char_start:char_end]` (empty where the record leaves something out; the offsets then are
    the place it would stand), `spoken` what was heard (empty where nothing was). `score` is the natural logarithm of
    how much more likely the sound makes the spoken reading than the record's; None if it was not judged by sound.
    `weight` takes together all that the sound tells against the record; the list is ranked by it.
    `needs_person`: a number, name, date, negation or speaker is concerned, whatever the score.
    `likely` is False where the sound rather bears the record out.
    """

    kind: str
    record: str
    spoken: str
    start: float | None
    end: float | None
    char_start: int
    char_end: int
    score: float | None = None
    weight: float | None = None
    needs_person: bool = False
    likely: bool = True
    concerns: tuple[str, ...] = ()
    record_speaker: str = ""
    spoken_speaker: str = ""

    def as_json(self) -> dict[str, Any]:
        """The stable public form."""
        return {
            "kind": self.kind,
            "record": self.record,
            "spoken": self.spoken,
            "start": _rounded(self.start),
            "end": _rounded(self.end),
            "char_start": self.char_start,
            "char_end": self.char_end,
            "score": None if self.score is None else round(self.score, 2),
            "weight": None if self.weight is None else round(self.weight, 2),
            "needs_person": self.needs_person,
            "concerns": list(self.concerns),
            "record_speaker": self.record_speaker,
            "spoken_speaker": self.spoken_speaker,
        }


@dataclass(frozen=True, slots=True)
class Alignment:
    """The record on the sound's clock. `discrepancies` are ranked: what a person should look at first comes first.

    `set_aside` are differences where the sound bears the record out: most likely the recogniser misheard.
    """

    language: str
    words: Sequence[AlignedWord]
    sentences: Sequence[AlignedSentence]
    discrepancies: Sequence[Discrepancy]
    set_aside: Sequence[Discrepancy] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """All that was found, in plain data. `agreed()` is the shorter form that other programs rely on."""
        return {
            "language": self.language,
            "words": [word.as_json() for word in self.words],
            "sentences": [sentence.as_json() for sentence in self.sentences],
            "discrepancies": [found.as_json() for found in self.discrepancies],
            "set_aside": [found.as_json() for found in self.set_aside],
        }

    def agreed(self) -> dict[str, Any]:
        """The stable public form printed by `manage.py align --json`."""
        told = self.as_json()
        short = ("text", "start", "end", "status", "similarity")
        return {
            "words": told["words"],
            "sentences": [{name: sentence[name] for name in short} for sentence in told["sentences"]],
            "discrepancies": told["discrepancies"],
        }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
