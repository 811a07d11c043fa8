"""Asking the database for the newest passages that may answer a query, in what this person may read and nowhere else.

The permission is part of the statement. Nothing is counted or compared before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from court.accounts.models import User
from court.cases.access import cases_for
from court.cases.models import Case
from court.hearings.access import cases_to_list

from .. import index
from ..access import readable_cases, released
from ..asking import Query
from ..models import Transcript, WritingKind
from ..tokenizer import tokens

NARROW = 100  # a person of at most so many cases has the index searched in those alone
DIRECT = 5  # of so few cases PostgreSQL is asked at once
STRETCHES = (2, 6, 24)  # of the newest rows, asked one after the other
MONTHS = 40  # a period of at most so many months is looked up in the index
SAID = "said"  # the kind of a passage that was said


@dataclass(frozen=True, slots=True)
class Filters:
    """Whose words, in which role, case and language, on which days (of the court's zone, both included), what kind."""

    speaker: str = ""
    case: str = ""
    since: date | None = None
    until: date | None = None
    role: str = ""
    language: str = ""
    kind: str = ""  # "said" or a WritingKind; empty for all

    @property
    def of_speech(self) -> bool:
        """Whether only what was said can pass: writings have no speaker."""
        return bool(self.speaker or self.role)


@dataclass(slots=True)
class Candidate:
    """A passage the index proposes, with what is counted in the facets. ``at`` is in UTC, to be sorted by."""

    kind: str
    pk: int
    case: int
    transcript: int  # 0 for a writing
    speaker: str
    role: str
    language: str
    at: str
    text: str
    place: str | float  # where it stands in its source: seconds, or source, page and part

    @property
    def key(self) -> str:
        """Names it in a saved search, also when the record was written anew."""
        return f"s{self.transcript}:{float(self.place):.0f}" if self.transcript else f"{self.kind[0]}{self.place}"


@dataclass
class _Allowed:
    """Where a person may look: conditions on the passage's row, and the scopes to narrow the index by, if few."""

    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    scopes: list[str] | None = None


def day_begins(day: date) -> datetime:
    """The first moment of a day of the court's zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def said(query: Query, user: User | None, filters: Filters, *, most: int) -> Iterator[Candidate]:
    """What was said, the newest first. ``user`` None: in every case. They come in batches of ``most``."""
    if filters.kind not in ("", SAID):
        return
    allowed = _allowed_to_hear(user, filters)
    if allowed is None:
        return
    narrowed = _narrowed(filters) + ([allowed.scopes] if allowed.scopes is not None else [])
    conditions, values = _days("p.spoken_at", filters)
    asked = index.expression(query, narrowed)
    columns = "u.id, u.case_id, u.transcript_id, u.speaker, u.role, u.language, u.spoken_at, u.text, u.start"
    for row in _batches(
        index.SAID,
        columns,
        asked,
        [*allowed.conditions, *conditions],
        [*allowed.values, *values],
        most,
        allowed.scopes,
    ):
        pk, case, transcript, speaker, role, language, at, text, start = row
        yield Candidate(SAID, pk, case, transcript, speaker, role, language, _written_at(at), text, start)


def written(query: Query, user: User | None, filters: Filters, *, most: int) -> Iterator[Candidate]:
    """What stands in log notes, exhibits and decisions, the newest first."""
    if filters.of_speech or filters.kind == SAID:
        return
    allowed = _allowed_to_see(user, filters)
    if allowed is None:
        return
    narrowed = _narrowed(filters) + ([allowed.scopes] if allowed.scopes is not None else [])
    conditions, values = _days("p.at", filters)
    asked = index.expression(query, narrowed)
    columns = "u.id, u.case_id, u.kind, u.source, u.page, u.part, u.language, u.at, u.text"
    for row in _batches(
        index.WRITTEN,
        columns,
        asked,
        [*allowed.conditions, *conditions],
        [*allowed.values, *values],
        most,
        allowed.scopes,
    ):
        pk, case, kind, source, page, part, language, at, text = row
        yield Candidate(kind, pk, case, 0, "", "", language, _written_at(at), text, f"{source}:{page}:{part}")


def _written_at(at: datetime | str) -> str:
    """A moment of the database as SQLite writes it: in UTC, without a zone."""
    return at if isinstance(at, str) else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _batches(
    where: tuple[str, str],
    columns: str,
    asked: str,
    conditions: list[str],
    values: list[Any],
    most: int,
    scopes: list[str] | None,
) -> Iterator[tuple[Any, ...]]:
    """The rows, newest first, asked for ``most`` at a time."""
    if connection.vendor != "postgresql" or (scopes is not None and len(scopes) <= DIRECT):
        yield from _batches_before(None, where, columns, asked, conditions, values, most)
        return
    # PostgreSQL's index gives all that match, and sorts them then: a common word has hundreds of thousands. The newest
    # stretches are asked first, and the rest only if they do not have enough.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {where[1]}")  # noqa: S608
        newest = cursor.fetchone()[0] or 0
    before = newest + 1
    for stretches in STRETCHES:
        last = (before - 1) // index.STRETCH
        first = max(0, last - stretches + 1)
        numbers = [index.scope_of_stretch(number * index.STRETCH) for number in range(first, last + 1)]
        here = index.narrowed_to(asked, numbers)
        yield from _batches_before(before, where, columns, here, conditions, values, most)
        before = first * index.STRETCH
        if before <= 0:
            return
    yield from _batches_before(before, where, columns, asked, conditions, values, most)


def _batches_before(
    before: int | None,
    where: tuple[str, str],
    columns: str,
    asked: str,
    conditions: list[str],
    values: list[Any],
    most: int,
) -> Iterator[tuple[Any, ...]]:
    """The rows whose number is less than ``before``, newest first."""
    fts, table = where
    while True:
        older, limit = (" AND p.id < %s", [before]) if before is not None else ("", [])
        also = "".join(f" AND {condition}" for condition in conditions)
        if connection.vendor == "postgresql":
            sql = (
                f"SELECT {columns} FROM (SELECT p.id FROM {table} p WHERE p.said @@ %s::tsquery{also}{older}"  # noqa: S608
                f" ORDER BY p.id DESC LIMIT {most}) found JOIN {table} u ON u.id = found.id ORDER BY u.id DESC"
            )
        else:
            name = table.removeprefix("transcripts_")
            sql = (
                f"SELECT {columns} FROM (SELECT f.rowid AS id FROM {fts} f"  # noqa: S608
                f" CROSS JOIN {table} p INDEXED BY {name}_permission ON p.id = f.rowid"
                f" WHERE {fts} MATCH %s{also}{older.replace('p.id', 'f.rowid')} ORDER BY f.rowid DESC LIMIT {most}"
                f") found CROSS JOIN {table} u ON u.id = found.id"
            )
        with connection.cursor() as cursor:
            cursor.execute(sql, [asked, *values, *limit])
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < most:
            return
        before = rows[-1][0]


def _in(column: str, chosen: QuerySet[Any]) -> tuple[str, list[Any]] | None:
    """The condition that a column's value is among the chosen rows' numbers; None if there can be none.

    The database's planner must not try every allowed case on every passage: the plus has SQLite look the passage's up,
    and with NULLIF PostgreSQL looks it up in a hash made once, and expects most to pass.
    """
    try:
        sql, values = chosen.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    if connection.vendor == "postgresql":
        return f"NULLIF({column} IN ({sql}), FALSE) IS NOT NULL", list(values)
    return f"+{column} IN ({sql})", list(values)


def _either(parts: list[tuple[str, list[Any]] | None]) -> tuple[str, list[Any]] | None:
    there = [part for part in parts if part is not None]
    if not there:
        return None
    return "(" + " OR ".join(sql for sql, _values in there) + ")", [
        value for _sql, values in there for value in values
    ]


def _labelled(cases: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    label = filters.case.strip().upper()
    return cases.filter(Q(number=label) | Q(reference=label)) if label else cases


def _allowed_to_hear(user: User | None, filters: Filters) -> _Allowed | None:
    """The cases whose record this person may read, and the transcripts released to everybody."""
    if user is None:
        if not filters.case:
            return _Allowed()
        numbers = list(_labelled(Case.objects.all(), filters).values_list("pk", flat=True))
        return _Allowed(scopes=[index.scope_of_case(pk) for pk in numbers]) if numbers else None
    cases = _labelled(readable_cases(user), filters)
    public = released()
    if filters.case:
        public = public.filter(case__in=_labelled(Case.objects.all(), filters))
    condition = _either([_in("p.case_id", cases), _in("p.transcript_id", public)])
    if condition is None:
        return None
    scopes = _few(cases, public)
    return None if scopes == [] else _Allowed([condition[0]], condition[1], scopes)


def _few(cases: QuerySet[Case], public: QuerySet[Transcript] | None) -> list[str] | None:
    """The scopes of where a person may look, if they are few enough to look there alone."""
    numbers = list(cases.order_by().values_list("pk", flat=True)[: NARROW + 1])
    scopes = [index.scope_of_case(pk) for pk in numbers]
    if public is not None and len(scopes) <= NARROW:
        free = public.order_by().exclude(case__in=numbers).values_list("pk", flat=True)
        scopes += [index.scope_of_transcript(pk) for pk in free[: NARROW + 1 - len(scopes)]]
    return scopes if len(scopes) <= NARROW else None


def _allowed_to_see(user: User | None, filters: Filters) -> _Allowed | None:
    """Notes: of the cases this person decides or manages. Exhibits and decisions: of all they may view."""
    kinds = [WritingKind(filters.kind)] if filters.kind in WritingKind.values else list(WritingKind)
    if user is None:
        cases = _labelled(Case.objects.all(), filters)
        numbers = list(cases.values_list("pk", flat=True)[:1]) if filters.case else []
        if filters.case and not numbers:
            return None
        scopes = [index.scope_of_case(pk) for pk in numbers] if numbers else None
        return _Allowed(["p.kind IN (%s, %s, %s)"], [*kinds, *kinds, *kinds][:3], scopes)
    viewed = _labelled(cases_for(user, can="view_case"), filters)
    parts: list[tuple[str, list[Any]] | None] = []
    for kind in kinds:
        cases = _labelled(cases_to_list(user), filters) if kind == WritingKind.NOTE else viewed
        condition = _in("p.case_id", cases)
        parts.append((f"(p.kind = %s AND {condition[0]})", [kind.value, *condition[1]]) if condition else None)
    either = _either(parts)
    scopes = _few(viewed, None)
    return None if either is None or scopes == [] else _Allowed([either[0]], either[1], scopes)


def _days(column: str, filters: Filters) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for sign, day in ((">=", filters.since), ("<", filters.until + timedelta(days=1) if filters.until else None)):
        if day:
            conditions.append(f"{column} {sign} %s")
            values.append(connection.ops.adapt_datetimefield_value(day_begins(day)))
    return conditions, values


def _narrowed(filters: Filters) -> list[list[str]]:
    """What the filters ask of a passage's scope: each name of the speaker, as far as it was typed; the month; more."""
    narrowed = [
        [f"by{token.text}" if token.run else f"by{token.text}*"] for token in tokens(filters.speaker) if token.text
    ]
    if filters.role:
        narrowed.append([index.scope_of_role(filters.role)])
    if filters.language:
        narrowed.append([index.scope_of_language(filters.language)])
    if filters.since and filters.until:
        # A day of the court's zone may begin in the UTC month before, or end in the next.
        first, last = day_begins(filters.since) - timedelta(days=1), day_begins(filters.until) + timedelta(days=2)
        days = range(0, (last - first).days + 28, 28)
        if len(days) <= MONTHS:
            months = {index.scope_of_month(min(first + timedelta(days=at), last)) for at in days}
            narrowed.append(sorted(months))
    return narrowed
