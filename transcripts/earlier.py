"""Where words stood that the record has no more: heard anew, another version taken, a passage corrected.

A word's number is never given twice, so an old link, citation or request still names one word. The version that has
it, or the edit that took it out, tells the seconds it was said in; no word of that state is shown for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import TextField
from django.db.models.functions import Cast

from .extracts import NoSuchPassage, between_seconds, holds
from .models import Edit, EditKind, Transcript
from .reading import clock
from .text import SEEN_FIELDS, Damaged, Row, kept_rows, number_of

KEPT = 600  # seconds for which an answer is kept


@dataclass(frozen=True, slots=True)
class Earlier:
    """The seconds of the recording in which words were said that were cited, and the version that last had them.

    ``version`` 0: none was kept with them.
    """

    start: float
    end: float
    version: int

    @property
    def clocks(self) -> str:
        """The seconds as the player writes them: 4:12, or 4:12–4:20."""
        since, until = clock(self.start), clock(self.end)
        return since if since == until else f"{since}–{until}"

    def words(self, transcript: Transcript) -> tuple[int, int]:
        """The first and the last word heard in these seconds now. Raises NoSuchPassage."""
        return between_seconds(transcript, self.start, self.end)


def stands(transcript: Transcript, number: int) -> bool:
    """Whether the text as it stands has the word with this number."""
    written = transcript.utterances.annotate(written_words=Cast("words", TextField()))
    found = written.values_list("written_words", flat=True).iterator(chunk_size=500)
    return any(holds(words, number) for words in found)


def earlier(transcript: Transcript, first: int, last: int) -> Earlier | None:
    """When the words from one number to another were said; None if the record never had them."""
    if not 0 < min(first, last) <= max(first, last) < transcript.next_word:
        return None
    key = f"earlier:{transcript.pk}:{transcript.ready_at}:{transcript.edits}:{first}-{last}".replace(" ", "_")
    found: tuple[float, float, int] | None = cache.get(key)
    if found is None:
        found = _found(transcript, first, last)
        cache.set(key, found, KEPT)
    return Earlier(*found) if found else None


def _found(transcript: Transcript, first: int, last: int) -> Any:
    """(start, end, version), or an empty tuple."""
    start: float | None = None
    end: float | None = None
    version = 0
    for number, rows in _states(transcript):
        for row in rows:
            for word in row["words"]:
                if start is None and number_of(word) == first:
                    start, version = word[1] if word[1] is not None else row["start"], max(version, number)
                if end is None and number_of(word) == last:
                    end, version = word[2] if word[2] is not None else row["end"], max(version, number)
        if start is not None and end is not None:
            return (start, end, version) if start <= end else ()
    return ()


def _states(transcript: Transcript) -> Iterator[tuple[int, list[Row]]]:
    """The text as it stands, the versions from the newest, and what edits took out: each with its version's number."""
    yield 0, list(transcript.utterances.order_by("position").values(*SEEN_FIELDS))
    for version in transcript.versions.order_by("-number"):
        try:
            yield version.number, kept_rows(version)
        except (Damaged, OSError):
            continue
    edits = Edit.objects.filter(transcript=transcript).exclude(kind=EditKind.ADOPT).order_by("-number")
    for before in edits.values_list("before", flat=True).iterator():
        yield 0, before


def now_heard(transcript: Transcript, first: int, last: int) -> tuple[Earlier, int, int]:
    """For words that stand no more: when they were said, and the first and last word heard then now.

    Raises NoSuchPassage if the record never had them, or nothing is heard there now.
    """
    was = earlier(transcript, first, last)
    if was is None:
        raise NoSuchPassage
    return was, *was.words(transcript)
