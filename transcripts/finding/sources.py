"""Where a person may look: the transcripts whose record they may read, the cases whose papers they may see.

The newest come first, and no more are fetched than a search needs: one that finds enough in the newest hearings of a
court never learns of the others.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from court.accounts.models import User
from court.cases.access import allowed, cases_for
from court.cases.models import Case

from ..access import transcripts_for
from ..models import Transcript, Writing

EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)  # days that can be asked for
NIGHT = timedelta(days=1)  # around a period, for clocks that differ; the moment of each passage decides

FETCHED, LATER = 4096, 8192  # sources fetched at first, and then each time: most people have fewer
PERSON = -7_264_153_908_441  # stand in a statement for whoever asks, and for when they ask
MOMENT = datetime(1, 2, 3, 4, 5, 6, 789, tzinfo=UTC)

Statement = tuple[str, tuple[Any, ...]]  # gives the number of each source as ``place``, and ``noted``
Source = tuple[int, bool]  # its number; whether the log notes of a case may be seen too


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

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            if day := getattr(self, name):  # no court has a record from elsewhen, and clocks end somewhere
                object.__setattr__(self, name, min(max(day, EARLIEST), LATEST))

    @property
    def of_speech(self) -> bool:
        """Whether only what was said can pass: writings have no speaker."""
        return bool(self.speaker or self.role)


def day_begins(day: date) -> datetime:
    """The first moment of a day of the court's zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


@dataclass
class Sources:
    """Sources a person may look through, the newest first, taken as many at a time as are wanted."""

    chosen: Statement | None  # None: nothing
    _held: list[Source] = field(init=False, default_factory=list)  # fetched, and not taken yet
    _last: int | None = field(init=False, default=None)  # the number of the last that was fetched
    _size: int = field(init=False, default_factory=lambda: FETCHED)
    _more: bool = field(init=False, default=True)

    def take(self, most: int) -> list[Source]:
        """The next newest; an empty list when all were taken."""
        while len(self._held) < most and self._more:
            self._fetch()
        taken, self._held = self._held[:most], self._held[most:]
        return taken

    def more_than(self, most: int) -> bool:
        """Whether more than so many were not taken yet."""
        while len(self._held) <= most and self._more:
            self._fetch()
        return len(self._held) > most

    def _fetch(self) -> None:
        self._more = False
        if self.chosen is None:
            return
        sql, values = self.chosen
        older, more = ("WHERE place < %s", [self._last]) if self._last is not None else ("", [])
        listed = "array_agg" if connection.vendor == "postgresql" else "json_group_array"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {listed}(place), {listed}(noted) FROM (SELECT place, noted FROM ({sql}) every {older}"  # noqa: S608
                f" ORDER BY place DESC LIMIT {self._size}) newest",
                [*values, *more],
            )
            numbers, noted = cursor.fetchone()
        if connection.vendor != "postgresql":
            numbers, noted = json.loads(numbers), json.loads(noted)
        if not numbers:
            return
        self._held += zip(numbers, map(bool, noted), strict=True)
        self._last, self._more, self._size = numbers[-1], len(numbers) == self._size, LATER


def heard(user: User | None, filters: Filters) -> Sources:
    """The transcripts this person may read: of their cases, and those released to everybody. ``user`` None: all."""
    if user is not None and not (filters.case or filters.since or filters.until):
        return Sources(_filled(_records, user))
    found = Transcript.objects.annotate(noted=Value(False)) if user is None else _records(user, timezone.now())
    if filters.case:
        label = filters.case.strip().upper()
        found = found.filter(Q(case__number=label) | Q(case__reference=label))
    if filters.since:
        begun = Q(recording__ended_at__isnull=True) | Q(recording__ended_at__gte=day_begins(filters.since) - NIGHT)
        found = found.filter(begun)
    if filters.until:
        found = found.filter(recording__started_at__lt=day_begins(filters.until) + 2 * NIGHT)
    return Sources(_written(found))


def seen(user: User | None, filters: Filters) -> Sources:
    """The cases whose papers this person may see; of those they decide or manage, the log notes too."""
    if user is not None and not (filters.case or filters.since or filters.until):
        return Sources(_filled(_papers, user))
    found = Case.objects.annotate(noted=Value(True)) if user is None else _papers(user, timezone.now())
    if filters.case:
        label = filters.case.strip().upper()
        found = found.filter(Q(number=label) | Q(reference=label))
    if filters.since or filters.until:
        then = Writing.objects.filter(case=OuterRef("pk"))
        if filters.since:
            then = then.filter(at__gte=day_begins(filters.since))
        if filters.until:
            then = then.filter(at__lt=day_begins(filters.until + timedelta(days=1)))
        found = found.filter(Exists(then))
    return Sources(_written(found))


def _records(user: User, at: datetime) -> QuerySet[Any]:
    return transcripts_for(user, at=at).annotate(noted=Value(False))


def _papers(user: User, _at: datetime) -> QuerySet[Any]:
    managed = allowed(user, "manage_case", "decide_case")
    return cases_for(user, can="view_case").annotate(noted=ExpressionWrapper(managed, output_field=BooleanField()))


def _written(found: QuerySet[Any]) -> Statement | None:
    """What is to be looked through as SQL; None if that is nothing at all."""
    try:
        sql, values = found.order_by().annotate(place=F("pk")).values_list("place", "noted").query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(values)


def _filled(chosen: Callable[[User, datetime], QuerySet[Any]], user: User) -> Statement | None:
    """The same for this person now, of a statement that was made ready before for everybody of their office."""
    found = _made_ready(chosen, connection.vendor, str(user.office), user.is_active)
    if found is None:
        return None
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    moment = connection.ops.adapt_datetimefield_value(MOMENT)
    sql, values = found
    return sql, tuple(user.pk if value == PERSON else now if value == moment else value for value in values)


@cache
def _made_ready(
    chosen: Callable[[User, datetime], QuerySet[Any]], _vendor: str, office: str, active: bool
) -> Statement | None:
    """The rules of permission as SQL, with PERSON and MOMENT for whoever asks, and when.

    To write it anew for each search took a third of a search's time. The rules may depend on nothing but what the
    statement itself looks up and the person's office: they are given a person of whom nothing else is known. A rule
    that reads more of the person, or asks the database while it is written, fails here, and not by saying too much.
    """
    known = {"id": PERSON, "office": office, "is_active": active}
    names = [field.attname for field in User._meta.concrete_fields if field.attname in known]
    person = User.from_db(connection.alias, names, [known[name] for name in names])
    with connection.execute_wrapper(_ask_nothing):
        return _written(chosen(person, MOMENT))


def _ask_nothing(*_asked: Any) -> Any:
    raise RuntimeError("A rule of permission asked the database while it was made ready for everybody.")
