"""Finding what was said and written, in what a person may read: permission is part of the query itself.

A stranger therefore gets no hit, no count and no hint. Of a query that finds more than DEPTH passages the newest DEPTH
are ranked and counted; the person is told to narrow it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db import connection

from court.accounts.models import User

from .asking import understand
from .finding import candidates, passages
from .finding.atoms import atoms_of
from .finding.candidates import Candidate, Proposed
from .finding.matching import ask_places, joined_spans
from .finding.ranking import Answer, counted, month_of
from .finding.sources import Filters, day_begins
from .models import LIVE, Clearance, Utterance, Writing
from .text import Hidden, hidden_from, masked
from .wordplaces import word_places

__all__ = ["DEPTH", "Facet", "Filters", "Found", "Hit", "day_begins", "search"]

DEPTH = 300  # passages said that are ranked at most
WRITTEN_DEPTH = 100  # passages written: they are longer
LOOKS = 6  # times as many are looked at, where the index proposes what the text does not have
SOME = 25  # more than are thought to be needed
CONTEXT = 160  # characters shown on each side of the words found
FACET_VALUES = 12  # of a facet shown at most


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage: what was said or written, the words found in it, the text around them as (text, found) pieces."""

    utterance: Utterance | None
    writing: Writing | None
    start: float  # seconds on the recording's clock, of the first word found
    end: float  # of the last
    words: list[dict[str, Any]]
    pieces: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow: the filter's name, and its values with how many of the ranked passages have each."""

    name: str
    values: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, of how many. ``more``: there are more than were ranked, or were looked at."""

    hits: list[Hit]
    total: int
    more: bool = False
    facets: list[Facet] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)  # of all that were ranked, the best first


def search(
    typed: str, *, user: User | None, filters: Filters | None = None, offset: int = 0, limit: int = 20
) -> Found:
    """What this person may find. ``user`` None searches every case: for an operator at the server's command line.

    Raises NothingToFind, with a message for the person, when there is no word to look for.
    """
    query = understand(typed)
    filters = filters or Filters()
    answer, hiding = Answer(query), _Hiding()
    said, more_said = _best(answer, candidates.said(query, user, filters), DEPTH, hiding)
    written, more_written = _best(answer, candidates.written(query, user, filters), WRITTEN_DEPTH, hiding)
    ranked = sorted([*said, *written], key=_order, reverse=True)
    found = [candidate for _worth, candidate in ranked]
    return Found(
        _hits(answer, found[offset : offset + limit], hiding),
        len(found),
        more_said or more_written,
        _facets(found),
        [candidate.key for candidate in found],
    )


def _order(ranked: tuple[float, Candidate]) -> tuple[float, str, int]:
    value, one = ranked
    return value, one.at, one.pk


class _Hiding:
    """What is kept from the public, of the transcripts that have such words: looked up once for each."""

    def __init__(self) -> None:
        self.asked: set[int] = set()
        self.of: dict[int, Hidden] = {}

    def look_up(self, transcripts: set[int]) -> None:
        """Make ``of`` true of these too."""
        asked = transcripts - self.asked
        if not asked:
            return
        self.asked |= asked
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT transcript_id FROM transcripts_redaction WHERE state IN (%s, %s)"  # noqa: S608
                f" AND transcript_id IN ({', '.join(map(str, asked))})",
                [*LIVE],
            )
            redacted = cursor.fetchall()
        self.of |= {transcript: hidden_from(Clearance.PUBLIC, transcript) for (transcript,) in redacted}


def _best(
    answer: Answer, proposed: Proposed, depth: int, hiding: _Hiding
) -> tuple[list[tuple[float, Candidate]], bool]:
    """Those of the newest that answer the query, with what they are worth; and whether there are more."""
    kept: list[tuple[float, Candidate]] = []
    looked, wanted = 0, depth + 1
    while newest := proposed.take(wanted):
        texts = _masked_texts(newest, hiding)
        for one in newest:
            looked += 1
            value = answer.worth(texts.get(one.pk, one.text) if one.transcript else one.text)
            if value is None:
                continue
            if len(kept) == depth:
                return kept, True
            kept.append((value, one))
        if len(newest) < wanted:
            return kept, False
        if looked >= LOOKS * depth:
            return kept, True
        # As many more as will do, if no fewer of them answer.
        lacking = depth + 1 - len(kept)
        wanted = min(depth + 1, SOME + lacking * looked // max(1, len(kept)))
    return kept, False


def _masked_texts(some: Iterable[Candidate], hiding: _Hiding) -> dict[int, str]:
    """The texts without hidden words, of what was said in transcripts that have any."""
    said = [one for one in some if one.transcript]
    hiding.look_up({one.transcript for one in said})
    masks = [one.pk for one in said if one.transcript in hiding.of]
    if not masks:
        return {}
    rows = Utterance.objects.filter(pk__in=masks).values_list("pk", "text", "words", "track", "transcript")
    return {pk: masked(text, words, track, hiding.of[transcript])[0] for pk, text, words, track, transcript in rows}


def _facets(found: list[Candidate]) -> list[Facet]:
    """How many of the ranked passages have each value; only what this person may read is among them."""
    facets = [
        Facet(name, counted(map(attrgetter(name), found), FACET_VALUES))
        for name in ("kind", "speaker", "role", "language")
    ]
    facets.append(Facet("case", counted((str(one.case) for one in found), FACET_VALUES)))
    facets.append(Facet("month", counted((month_of(one.at[:13]) for one in found), FACET_VALUES)))
    return facets


def _hits(answer: Answer, shown: list[Candidate], hiding: _Hiding) -> list[Hit]:
    said = [one.pk for one in shown if one.transcript]
    written = [one.pk for one in shown if not one.transcript]
    utterances, writings = passages.utterances(said), passages.writings(written)
    hits: list[Hit] = []
    for one in shown:
        if not one.transcript:
            if one.pk in writings:
                hits.append(_written_hit(answer, writings[one.pk]))
        elif one.pk in utterances:
            hits.append(_said_hit(answer, utterances[one.pk], hiding.of.get(one.transcript, Hidden())))
    return hits


def _said_hit(answer: Answer, utterance: Utterance, hidden: Hidden) -> Hit:
    text, words = masked(utterance.text, utterance.words, utterance.track_id, hidden)
    spans = _spans(answer, text)
    found: list[dict[str, Any]] = []
    for (first, last), (word, start, end, *_rest) in zip(word_places(text, words), words, strict=True):
        if start is not None and any(first < until and last > since for since, until in spans):
            found.append({"word": word, "start": start, "end": end})
    return Hit(
        utterance,
        None,
        found[0]["start"] if found else utterance.start,
        max(word["end"] for word in found) if found else utterance.end,
        found,
        _pieces(text, spans),
    )


def _written_hit(answer: Answer, writing: Writing) -> Hit:
    return Hit(None, writing, 0.0, 0.0, [], _pieces(writing.text, _spans(answer, writing.text)))


def _spans(answer: Answer, text: str) -> list[tuple[int, int]]:
    """Where anything asked for stands in the text, what touches joined."""
    read = atoms_of(text, numbers=answer.counts)
    return joined_spans([place for ask in answer.query.asks for place in ask_places(ask, read)])


def _pieces(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text around the words found, cut at spaces where it is long."""
    first, last = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    last = min(last, first + 4 * CONTEXT)
    low, high = 0, len(text)
    if first > CONTEXT:
        low = text.find(" ", first - CONTEXT, first) + 1 or first - CONTEXT
    if high - last > CONTEXT:
        high = text.rfind(" ", last, last + CONTEXT)
        high = high if high > last else last + CONTEXT
    pieces = [("… ", False)] if low else []
    at = low
    for start, end in spans:
        if start >= high:
            break
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:end], True))
        at = end
    if at < high:
        pieces.append((text[at:high], False))
    return [*pieces, (" …", False)] if high < len(text) else pieces
