"""The words of a record as one reader may have them: of a version, without what is redacted or sealed for them.

Pages, captions, exports, quotations and the search index all take their words from here, so that what is hidden is
hidden everywhere. What hides it is a redaction: by the numbers of its words, and by the time they take on their track,
so that neither a later edit nor a new hearing of the sound brings them back.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from .models import LIVE, Clearance, Level, Redaction, RedactionState, Timing, Transcript, Utterance, Version
from .wordplaces import word_places

BLOCK = "█████"  # stands for any number of hidden words in a row: not even their length is told
SEEN_FIELDS = ("pk", "position", "revision", "track", "speaker", "role", "language", "start", "end", "text", "words")

Heard = list[Any]  # [text, start, end, probability, number, timing], as Utterance.words keeps it
Row = dict[str, Any]  # SEEN_FIELDS of an utterance


@dataclass(frozen=True, slots=True)
class Word:
    """A word: seconds on the recording's clock (None if unaligned), and its characters in the line's text."""

    number: int
    text: str
    start: float | None
    end: float | None
    probability: float
    timing: str
    first: int
    last: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An utterance as a reader may have it. ``pk`` is the utterance's number, ``track`` the sound track's."""

    pk: int
    position: int
    revision: int
    track: int
    speaker: str
    role: str
    language: str
    start: float
    end: float
    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is hidden from a clearance: numbers of words, and for each track the seconds they take."""

    numbers: frozenset[int] = frozenset()
    spans: dict[int, list[tuple[float, float]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.numbers or self.spans)

    @property
    def digest(self) -> str:
        """SHA-256 of what is hidden: names the renditions and files made without it."""
        told = [sorted(self.numbers), sorted((track, sorted(spans)) for track, spans in self.spans.items())]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def seconds(self) -> list[tuple[float, float]]:
        """The seconds to be taken out of sound and picture, of all tracks together, joined, without margin."""
        joined: list[tuple[float, float]] = []
        for start, end in sorted(span for spans in self.spans.values() for span in spans):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        return joined

    def hides(self, word: Heard, track: int) -> bool:
        """Whether a word of a track is hidden."""
        if number_of(word) in self.numbers:
            return True
        start, end = word[1], word[2]
        return start is not None and any(start < until and end > since for since, until in self.spans.get(track, ()))


def number_of(word: Heard) -> int:
    """The number of a word."""
    return int(word[4])


def hidden_from(clearance: Clearance | int, transcript: Transcript | int) -> Hidden:
    """What readers of this clearance may not have.

    What is only asked for is hidden from the public already; the parties lose nothing before it is decided.
    """
    if clearance >= Clearance.COURT:
        return Hidden()
    found = Redaction.objects.filter(transcript=transcript)
    if clearance >= Clearance.PARTY:
        found = found.filter(level=Level.SEALED, state=RedactionState.APPLIED)
    else:
        found = found.filter(state__in=LIVE)
    numbers: set[int] = set()
    spans: dict[int, list[tuple[float, float]]] = {}
    for redaction in found:
        numbers.update(redaction.words)
        if redaction.start is not None and redaction.end is not None:
            spans.setdefault(redaction.track_id, []).append((redaction.start, redaction.end))
    return Hidden(frozenset(numbers), spans)


def masked(text: str, words: Sequence[Heard], track: int, hidden: Hidden) -> tuple[str, list[Heard]]:
    """A text and its words with a BLOCK for each run of hidden words. What has no time between two is one."""
    if not hidden:
        return text, list(words)
    kept = [hidden.hides(word, track) for word in words]
    known = [at for at, word in enumerate(words) if kept[at] or word[1] is not None]
    for one, other in pairwise(known):
        if kept[one] and kept[other]:
            kept[one:other] = [True] * (other - one)
    if not any(kept):
        return text, list(words)
    written: list[str] = []
    left: list[Heard] = []
    at = 0
    before = False
    for (first, last), word, hide in zip(word_places(text, words), words, kept, strict=True):
        if hide and before:
            left[-1][2] = word[2] if word[2] is not None else left[-1][2]
            at = max(at, last)
        elif hide:
            written += [text[at:first], BLOCK]
            left.append([BLOCK, word[1], word[2], 1.0, number_of(word), word[5] if len(word) > 5 else Timing.HEARD])
            at = max(at, last)
        else:
            written.append(text[at:last])
            left.append(word)
            at = max(at, last)
        before = hide
    written.append(text[at:])
    return "".join(written), left


def rows_of(transcript: Transcript, *, clearance: Clearance | int, version: Version | None = None) -> Iterator[Row]:
    """The utterances in order as plain values, for this clearance: as they stand now, or of a version.

    A hidden stretch is one mark, over however many passages it goes.
    """
    hidden = hidden_from(clearance, transcript)
    rows = kept_rows(version) if version else transcript.utterances.order_by("position").values(*SEEN_FIELDS)
    yield from one_mark(_masked(row, hidden) for row in rows) if hidden else rows


def _masked(row: Row, hidden: Hidden) -> Row:
    row["text"], row["words"] = masked(row["text"], row["words"], row["track"], hidden)
    return row


def one_mark(rows: Iterable[Row]) -> Iterator[Row]:
    """Masked rows without those that would only tell how long a hidden stretch is, or how often the speaker changes.

    Of passages in a row that are hidden whole one is left, and none beside a passage that ends or begins with a block.
    """
    waiting: Row | None = None
    marked = False  # what was given last ends with a block
    for row in rows:
        words = row["words"]
        if shut(words):
            waiting = waiting or (None if marked else {**row, "text": BLOCK})
            continue
        if waiting is not None and not (words and words[0][0] == BLOCK):
            yield waiting
        waiting = None
        marked = bool(words) and words[-1][0] == BLOCK
        yield row
    if waiting is not None:
        yield waiting


def shut(words: Sequence[Heard]) -> bool:
    """Whether masked words are nothing but a block."""
    return len(words) == 1 and bool(words[0][0] == BLOCK)


def lines_of(transcript: Transcript, *, clearance: Clearance | int, version: Version | None = None) -> list[Line]:
    """The utterances in order, for this clearance: as they stand now, or of a version."""
    return [line(row) for row in rows_of(transcript, clearance=clearance, version=version)]


def line(row: Row) -> Line:
    """A row as a Line, each word with its characters."""
    places = word_places(row["text"], row["words"])
    words = tuple(
        Word(number, text, start, end, sure, timing, first, last, hidden=text == BLOCK)
        for (text, start, end, sure, number, timing), (first, last) in zip(row["words"], places, strict=True)
    )
    return Line(**{**row, "words": words})


def canonical(rows: Iterable[Row]) -> bytes:
    """The one way a text is written down to be kept and hashed: JSON in UTF-8, sorted keys, no spaces."""
    kept = [{name: row[name] for name in SEEN_FIELDS} for row in rows]
    told = {"form": "court-transcript-1", "utterances": kept}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def kept_rows(version: Version) -> list[Row]:
    """The utterances of a version, whole. Raises Damaged if its file is not what was kept."""
    with version.file.open("rb") as file:
        written = gzip.decompress(file.read())
    if hashlib.sha256(written).hexdigest() != version.sha256:
        raise Damaged(f"The file of version {version.pk} is not what was kept.")
    rows: list[Row] = json.loads(written)["utterances"]
    return rows


class Damaged(Exception):
    """The kept file of a version was changed or cannot be read."""


def row_of(utterance: Utterance) -> Row:
    """An utterance, saved or not, as plain values."""
    row = {name: getattr(utterance, name) for name in SEEN_FIELDS if name != "track"}
    return {**row, "track": utterance.track_id}
