"""Where a person may look: the transcripts whose record they may read, the cases whose papers they may see.

The newest come first, and no more are fetched than a search needs: one that finds enough in the newest hearings of a
court never learns of the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.utils import timezone

from court.accounts.models import User
from court.cases.access import allowed, cases_for
from court.cases.models import Case

from ..access import transcripts_for
from ..models import Transcript

AT_ONCE = (2048, 8192)  # sources fetched at first, and then each time
NIGHT = timedelta(days=1)  # around a period, for clocks that differ; the moment of each passage decides

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

    chosen: QuerySet[Any]  # of (number, whether notes may be seen)
    _fetched: Iterator[Source] = field(init=False)

    def __post_init__(self) -> None:
        self._fetched = self._fetch()

    def take(self, most: int) -> list[Source]:
        """The next newest; an empty list when all were taken."""
        return list(islice(self._fetched, most))

    def _fetch(self) -> Iterator[Source]:
        first, later = AT_ONCE
        some = list(self.chosen.order_by("-pk")[:first])
        yield from some
        while len(some) == first:
            some = list(self.chosen.filter(pk__lt=some[-1][0]).order_by("-pk")[:later])
            yield from some
            first = later


def heard(user: User | None, filters: Filters) -> Sources:
    """The transcripts this person may read: of their cases, and those released to everybody. ``user`` None: all."""
    found = Transcript.objects.all() if user is None else transcripts_for(user)
    if filters.case:
        label = filters.case.strip().upper()
        found = found.filter(Q(case__number=label) | Q(case__reference=label))
    if filters.since:
        begun = Q(recording__ended_at__isnull=True) | Q(recording__ended_at__gte=day_begins(filters.since) - NIGHT)
        found = found.filter(begun)
    if filters.until:
        found = found.filter(recording__started_at__lt=day_begins(filters.until) + 2 * NIGHT)
    return Sources(found.values_list("pk", Value(False)))


def seen(user: User | None, filters: Filters) -> Sources:
    """The cases whose papers this person may see; of those they decide or manage, the log notes too."""
    if user is None:
        found = Case.objects.all()
        noted: Any = Value(True)
    else:
        found = cases_for(user, can="view_case")
        managed = allowed(user, "manage_case") | allowed(user, "decide_case")
        noted = ExpressionWrapper(managed, output_field=BooleanField())
    if filters.case:
        label = filters.case.strip().upper()
        found = found.filter(Q(number=label) | Q(reference=label))
    return Sources(found.values_list("pk", noted))
