"""Finding what was said, in the cases a person may read and in no other: permission is part of the query itself.

A stranger therefore gets no hit, no count and no hint. Of a query that finds more than DEPTH passages the newest DEPTH
are ranked; the person is told to narrow it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from court.accounts.models import User
from court.cases.models import Case

from . import index
from .access import readable_cases
from .asking import Query, Term, places, understand
from .models import Clearance, Utterance
from .text import hidden_from, masked
from .tokenizer import singles, tokens
from .wordplaces import word_places

DEPTH = 500  # passages ranked at most
NARROW = 50  # a person of at most so many cases has the index searched in those alone
NAMED = 1000  # a person of at most so many has them named to PostgreSQL, whose planner then knows how few they are
MONTHS = 40  # a period of at most so many months is looked up in the index
CONTEXT = 160  # characters shown on each side of the words found


@dataclass(frozen=True, slots=True)
class Filters:
    """Whose words, in which case, on which days (of the court's zone, both included)."""

    speaker: str = ""
    case: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage: the utterance, the words found in it, and the text around them as (text, found) pieces."""

    utterance: Utterance
    start: float  # seconds on the recording's clock, of the first word found
    end: float  # of the last
    words: list[dict[str, Any]]
    pieces: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, of how many. ``more``: there are more than were ranked."""

    hits: list[Hit]
    total: int
    more: bool = False


def search(
    typed: str, *, user: User | None, filters: Filters | None = None, offset: int = 0, limit: int = 20
) -> Found:
    """What this person may find. ``user`` None searches every case: for an operator at the server's command line.

    Raises NothingToFind, with a message for the person, when there is no word to look for.
    """
    query = understand(typed)
    filters = filters or Filters()
    cases = Case.objects.all() if user is None else readable_cases(user)
    if filters.case:
        label = filters.case.strip().upper()
        cases = cases.filter(Q(number=label) | Q(reference=label))
    numbers = _matching(query, cases, filters, everything=user is None and not filters.case)
    if _doubtful(query):
        texts = dict(Utterance.objects.filter(pk__in=numbers).values_list("pk", "text"))
        numbers = [number for number in numbers if _all_there(query, texts.get(number, ""))]
    more = len(numbers) > DEPTH
    numbers = numbers[:DEPTH]
    shown = Utterance.objects.select_related("case", "hearing", "transcript").in_bulk(numbers[offset : offset + limit])
    hits = [_hit(query, shown[number]) for number in numbers[offset : offset + limit] if number in shown]
    return Found(hits, len(numbers), more)


def day_begins(day: date) -> datetime:
    """The first moment of a day of the court's zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def _matching(query: Query, cases: QuerySet[Case], filters: Filters, *, everything: bool) -> list[int]:
    """The numbers of the newest matching utterances, the best first; one more than DEPTH when there are more."""
    postgresql = connection.vendor == "postgresql"
    narrowed = _narrowed(filters)
    conditions: list[str] = []
    values: list[Any] = []
    if not everything:
        most = NAMED if postgresql else NARROW
        few = list(cases.order_by().values_list("pk", flat=True)[: most + 1])
        if not few:
            return []
        if len(few) <= NARROW:
            narrowed.append([index.scope_of_case(pk) for pk in few])
        elif len(few) <= most:
            conditions.append("u.case_id = ANY(%s::bigint[])")
            values.append(few)
    try:
        allowed, parameters = cases.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    # The database's planner must not try every allowed case on every passage. The plus has SQLite look the passage's
    # case up. With NULLIF PostgreSQL looks it up in a hash of the allowed cases, made once, and expects most to pass.
    is_allowed = f"NULLIF(u.case_id IN ({allowed}), FALSE) IS NOT NULL" if postgresql else f"+u.case_id IN ({allowed})"
    conditions.append(is_allowed)
    values += parameters
    for sign, day in ((">=", filters.since), ("<", filters.until + timedelta(days=1) if filters.until else None)):
        if day:
            conditions.append(f"u.spoken_at {sign} %s")
            values.append(connection.ops.adapt_datetimefield_value(day_begins(day)))
    asked = index.expression(query, narrowed)
    which = " AND ".join(conditions)
    if postgresql:
        sql = f"""
            SELECT id FROM (
              SELECT u.id, u.said FROM transcripts_utterance u
              WHERE u.said @@ %s::tsquery AND {which} ORDER BY u.id DESC LIMIT {DEPTH + 1}
            ) newest ORDER BY round(ts_rank(said, %s::tsquery)::numeric, 2) DESC, id DESC"""  # noqa: S608
        values = [asked, *values, asked]
    else:
        sql = f"""
            SELECT id FROM (
              SELECT f.rowid AS id, bm25(transcripts_search, 1.0, 1.0, 0.0) AS worth
              FROM transcripts_search f
              CROSS JOIN transcripts_utterance u INDEXED BY utterance_permission ON u.id = f.rowid
              WHERE transcripts_search MATCH %s AND {which} ORDER BY f.rowid DESC LIMIT {DEPTH + 1}
            ) ORDER BY round(worth, 1), id DESC"""  # noqa: S608
        values = [asked, *values]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _narrowed(filters: Filters) -> list[list[str]]:
    """What the filters ask of an utterance's scope: each name of the speaker, as far as it was typed; the month."""
    narrowed = [
        [f"by{token.text}" if token.run else f"by{token.text}*"] for token in tokens(filters.speaker) if token.text
    ]
    if filters.since and filters.until:
        # A day of the court's zone may begin in the UTC month before, or end in the next.
        first, last = day_begins(filters.since) - timedelta(days=1), day_begins(filters.until) + timedelta(days=2)
        days = range(0, (last - first).days + 28, 28)
        if len(days) <= MONTHS:
            months = {index.scope_of_month(min(first + timedelta(days=at), last)) for at in days}
            narrowed.append(sorted(months))
    return narrowed


def _doubtful(query: Query) -> bool:
    """Whether the index may take two words of a phrase for one: pairs of characters lie side by side either way."""
    return any(
        one.run and two.run and one.end <= two.start
        for term in (*query.terms, *query.unwanted)
        for one, two in zip(term.tokens, term.tokens[1:], strict=False)
    )


def _all_there(query: Query, text: str) -> bool:
    said, alone = tokens(text), singles(text)
    return all(any(places(term, said, alone) for term in choice) for choice in query.wanted)


def _hit(query: Query, utterance: Utterance) -> Hit:
    hidden = hidden_from(Clearance.PUBLIC, utterance.transcript_id)
    text, words = masked(utterance.text, utterance.words, utterance.track_id, hidden)
    spans = _spans(query.terms, text)
    found: list[dict[str, Any]] = []
    for (first, last), (word, start, end, *_rest) in zip(word_places(text, words), words, strict=True):
        if start is not None and any(first < until and last > since for since, until in spans):
            found.append({"word": word, "start": start, "end": end})
    return Hit(
        utterance,
        found[0]["start"] if found else utterance.start,
        max(word["end"] for word in found) if found else utterance.end,
        found,
        _pieces(text, spans),
    )


def _spans(terms: Iterable[Term], text: str) -> list[tuple[int, int]]:
    """Where any of the terms stands in the text, what touches joined."""
    said, alone = tokens(text), singles(text)
    spans: list[tuple[int, int]] = []
    for start, end in sorted(place for term in terms for place in places(term, said, alone)):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _pieces(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text around the words found, cut at spaces where it is long."""
    first, last = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    low, high = 0, len(text)
    if first > CONTEXT:
        low = text.find(" ", first - CONTEXT, first) + 1 or first - CONTEXT
    if high - last > CONTEXT:
        high = text.rfind(" ", last, last + CONTEXT)
        high = high if high > last else last + CONTEXT
    pieces = [("… ", False)] if low else []
    at = low
    for start, end in spans:
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:end], True))
        at = end
    if at < high:
        pieces.append((text[at:high], False))
    return [*pieces, (" …", False)] if high < len(text) else pieces
