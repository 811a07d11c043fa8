"""Asking the database for passages that may answer a query, in the sources a person may look through, newest first.

The permission is part of each statement: it names the sources (transcripts, or cases) and finds nothing elsewhere.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from .. import index
from ..asking import Query
from .keys import needed
from .sources import Source, Sources

AT_ONCE = 4096  # sources asked for in one statement
NARROW = 100  # SQLite's index is narrowed to so few of them by their scopes
KEYED = 2048  # sources are asked for in one statement by keys
FIRST = 128  # of more: so many at first, then as many as will do; where KEYED will not, the rest by the words alone

Row = tuple[Any, ...]
Statement = tuple[str, list[Any]]
Ask = Callable[[Row | None, int], Statement]  # given the last row of the page before, and how many rows are wanted


@dataclass(frozen=True, slots=True)
class Table:
    """What is asked: the index, the table of the passages, its column of the source, and how a source is a scope."""

    index: tuple[str, str]
    columns: str  # the first is the passage's number; {at} stands for its moment as text
    moment: str
    source: str
    place: int  # of the source among the columns
    scope: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query for one table: what the filters ask of the scopes, and more conditions with their values.

    In the last condition ``{noted}`` may stand for whether the source's log notes may be seen.
    """

    table: Table
    query: Query
    narrowed: Sequence[Sequence[str]]
    conditions: Sequence[str] = ()
    values: Sequence[Any] = ()


SAID = Table(
    index.SAID,
    "p.id, p.case_id, p.transcript_id, p.speaker, p.role, p.language, {at}, p.text, p.start",
    "p.spoken_at",
    "transcript_id",
    2,
    index.scope_of_transcript,
)
WRITTEN = Table(
    index.WRITTEN,
    "p.id, p.case_id, p.kind, p.source, p.page, p.part, p.language, {at}, p.text",
    "p.at",
    "case_id",
    1,
    index.scope_of_case,
)


class Rows:
    """The rows of the newest sources first, as many at a time as are wanted. A moment is UTC text, to be sorted by."""

    def __init__(self, asked: Asked, sources: Sources) -> None:
        self._asked, self._sources = asked, sources
        self._ask: Ask | None = None  # for the sources that are gone through now
        self._last: Row | None = None  # of what was taken of them
        self._rest = self._batches() if connection.vendor == "postgresql" else self._batches_of_sqlite()
        self._wanted = self._found = 0

    def take(self, most: int) -> list[Row]:
        """The next rows: fewer than ``most`` only if there are no more."""
        self._wanted = self._wanted or most
        taken: list[Row] = []
        while len(taken) < most:
            if self._ask is None:
                self._ask, self._last = next(self._rest, None), None
                if self._ask is None:
                    break
            wanted = most - len(taken)
            with connection.cursor() as cursor:
                cursor.execute(*self._ask(self._last, wanted))
                page: list[Row] = cursor.fetchall()
            self._found += len(page)
            taken += page
            if len(page) < wanted:
                self._ask = None
            else:
                self._last = page[-1]
        return taken

    def _batches_of_sqlite(self) -> Iterator[Ask]:
        while some := self._sources.take(AT_ONCE):
            yield _sqlite(self._asked, some)

    def _batches(self) -> Iterator[Ask]:
        """By keys; of many sources as many as will likely do, and where those are too many, by the words alone."""
        if not self._sources.more_than(KEYED):
            if some := self._sources.take(KEYED):
                yield _by_keys(self._asked, some)
            return
        asked, wanted = 0, FIRST
        while wanted <= KEYED or not self._sources.more_than(KEYED):
            some = self._sources.take(min(wanted, AT_ONCE))
            if not some:
                return
            yield _by_keys(self._asked, some)
            asked += len(some)
            wanted = self._likely(asked)
        while some := self._sources.take(AT_ONCE):
            yield (_by_words if len(some) > KEYED else _by_keys)(self._asked, some)

    def _likely(self, asked: int) -> int:
        """How many more sources are likely to have what is still wanted, if so many had what was found."""
        return max(FIRST, asked * self._wanted * 5 // (4 * max(1, self._found)) - asked)


def _by_keys(asked: Asked, sources: Sequence[Source]) -> Ask:
    """PostgreSQL, by keys: one source after the other, in their order, until there are enough.

    What others said takes no time, and cannot be told by it. Of one source little matches: it does not matter that
    GIN gives all of it before any is sorted. Nothing but the keys may be looked up in an index, so that the planner,
    who cannot know how many there are, has no choice to get wrong.
    """
    table = asked.table
    # What was said in a month was said in transcripts that were chosen by it already; cases know no month.
    narrowed = [group for group in asked.narrowed if table is WRITTEN or not group[0].startswith("month")]
    lexemes = needed(asked.query, narrowed)
    keys = [f"ARRAY[{', '.join(['transcripts_key(%s, source.number)'] * len(group))}]" for group in lexemes]
    conditions = [
        *(f"transcripts_keys(p.{table.source}, p.said) && {some}" for some in keys),
        f"(p.{table.source} = source.number) IS TRUE" if keys else f"p.{table.source} = source.number",
        "(p.said @@ %s::tsquery) IS TRUE",
        *(f"({condition.format(noted='source.noted')}) IS TRUE" for condition in asked.conditions),
    ]
    said = [*(lexeme for group in lexemes for lexeme in group), index.expression(asked.query, asked.narrowed)]

    numbers, noted = [str(number) for number, _noted in sources], [str(may) for _number, may in sources]

    def ask(last: Row | None, most: int) -> Statement:
        at = bisect_left(sources, -last[table.place], key=lambda source: -source[0]) if last else 0
        older = [f"(p.{table.source}, p.id) < (%s, %s)"] if last else []
        return (
            (
                f"SELECT found.* FROM unnest(%s::bigint[], %s::boolean[]) source(number, noted) CROSS JOIN LATERAL ("  # noqa: S608
                f"SELECT {_columns(table)} FROM {table.index[1]} p WHERE {' AND '.join([*conditions, *older])}"
                f" ORDER BY p.id DESC LIMIT {most}) found LIMIT {most}"
            ),
            [
                _array(numbers[at:]),
                _array(noted[at:]),
                *said,
                *asked.values,
                *([last[table.place], last[0]] if last else []),
            ],
        )

    return ask


def _array(values: Iterable[str]) -> str:
    """Numbers or truths as PostgreSQL writes an array: a list of thousands would be dumped one by one."""
    return "{" + ",".join(values) + "}"


def _by_words(asked: Asked, sources: Sequence[Source]) -> Ask:
    """PostgreSQL, by the words alone, for words so rare that more sources would have to be asked than match.

    How far apart they stand is asked of the passages: GIN would look every distance up in the list of every word.
    """
    table = asked.table
    more, more_values = _conditions(asked, sources, f"p.{table.source} = ANY(%s::bigint[])")
    conditions = [
        "p.said @@ %s::tsquery",
        "(p.said @@ %s::tsquery) IS TRUE",
        f"(p.{table.source} = ANY(%s::bigint[])) IS TRUE",
        *more,
    ]
    values = [
        index.expression(asked.query, asked.narrowed, apart=False),
        index.expression(asked.query, asked.narrowed),
        _array(str(number) for number, _noted in sources),
    ]
    values += [_array(map(str, value)) if isinstance(value, list) else value for value in more_values]

    def ask(last: Row | None, most: int) -> Statement:
        older = [f"(p.{table.source}, p.id) < (%s, %s)"] if last else []
        return (
            f"SELECT {_columns(table)} FROM {table.index[1]} p WHERE {' AND '.join([*conditions, *older])}"  # noqa: S608
            f" ORDER BY p.{table.source} DESC, p.id DESC LIMIT {most}"
        ), [*values, *([last[table.place], last[0]] if last else [])]

    return ask


def _columns(table: Table) -> str:
    return table.columns.format(at=f"({table.moment} AT TIME ZONE 'UTC')::text")


def _sqlite(asked: Asked, sources: Sequence[Source]) -> Ask:
    """SQLite's FTS5, which reads its index from the newest row on, and stops when it has enough.

    With the plus its planner looks each passage's source up, and does not try each source on it.
    """
    table = asked.table
    fts, passages = table.index
    numbers = [number for number, _noted in sources]
    few = [[table.scope(number) for number in numbers]] if len(numbers) <= NARROW else []
    chosen = "(SELECT value FROM json_each(%s))"
    more, more_values = _conditions(asked, sources, f"p.{table.source} IN {chosen}")
    conditions = [f"{fts} MATCH %s", f"+p.{table.source} IN {chosen}", *more]
    values = [index.expression(asked.query, [*asked.narrowed, *few]), json.dumps(numbers)]
    values += [json.dumps(value) if isinstance(value, list) else value for value in more_values]
    covering = f"{passages.removeprefix('transcripts_')}_permission"
    columns = table.columns.format(at=f"{table.moment} || ''")

    def ask(last: Row | None, most: int) -> Statement:
        older = ["f.rowid < %s"] if last else []
        return (
            f"SELECT {columns} FROM (SELECT f.rowid AS id FROM {fts} f"  # noqa: S608
            f" CROSS JOIN {passages} p INDEXED BY {covering} ON p.id = f.rowid"
            f" WHERE {' AND '.join([*conditions, *older])} ORDER BY f.rowid DESC LIMIT {most}"
            f") found CROSS JOIN {passages} p ON p.id = found.id"
        ), [*values, *([last[0]] if last else [])]

    return ask


def _conditions(asked: Asked, sources: Sequence[Source], noted: str) -> tuple[list[str], list[Any]]:
    """The query's own conditions and their values. ``noted`` asks whether the source is in a list of numbers."""
    conditions = [condition.format(noted=noted) for condition in asked.conditions]
    values = [*asked.values]
    if any("{noted}" in condition for condition in asked.conditions):
        values.append([number for number, may in sources if may])
    return conditions, values
