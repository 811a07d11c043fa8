"""The newest passages that may answer a query, of what was said and of what was written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from court.accounts.models import User

from .. import index
from ..asking import Query
from ..models import WritingKind
from ..tokenizer import tokens
from .sources import Filters, day_begins, heard, seen
from .statements import SAID, WRITTEN, Asked, Row, Rows

MONTHS = 40  # a period of at most so many months is looked up in the index
OF_SPEECH = "said"  # the kind of a passage that was said


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


@dataclass(slots=True)
class Proposed:
    """Candidates, the newest first. Nothing is asked of the database before they are taken."""

    rows: Rows | None  # None: there can be none
    made: Callable[[Row], Candidate]

    def take(self, most: int) -> list[Candidate]:
        """The next; fewer than ``most`` only if there are no more."""
        return [self.made(row) for row in self.rows.take(most)] if self.rows else []


def said(query: Query, user: User | None, filters: Filters) -> Proposed:
    """What was said, of the newest hearings first. ``user`` None: in every case."""
    if filters.kind not in ("", OF_SPEECH):
        return Proposed(None, _of_speech)
    asked = Asked(SAID, query, _narrowed(filters), *_days("p.spoken_at", filters))
    return Proposed(Rows(asked, heard(user, filters)), _of_speech)


def written(query: Query, user: User | None, filters: Filters) -> Proposed:
    """What stands in log notes, exhibits and decisions, of the newest cases first.

    Notes: of the cases this person decides or manages. Exhibits and decisions: of all they may view.
    """
    if filters.of_speech or filters.kind not in ("", *WritingKind.values):
        return Proposed(None, _of_writing)
    days, values = _days("p.at", filters)
    conditions = [*days, "(p.kind <> 'note' OR {noted})"]
    if filters.kind:
        conditions, values = ["p.kind = %s", *conditions], [filters.kind, *values]
    asked = Asked(WRITTEN, query, _narrowed(filters), conditions, values)
    return Proposed(Rows(asked, seen(user, filters)), _of_writing)


def _of_speech(row: Row) -> Candidate:
    pk, case, transcript, speaker, role, language, at, text, start = row
    return Candidate(OF_SPEECH, pk, case, transcript, speaker, role, language, at, text, start)


def _of_writing(row: Row) -> Candidate:
    pk, case, kind, source, page, part, language, at, text = row
    return Candidate(kind, pk, case, 0, "", "", language, at, text, f"{source}:{page}:{part}")


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
