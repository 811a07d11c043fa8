"""Who sits where and when, so that nobody is asked to be in two places at once.

A room above that engages people's time as well (a mediation) registers a source; this room knows none by name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Prefetch, Q
from django.utils import timezone

from court.accounts.models import User
from court.cases.deadlines import is_working_day
from court.cases.models import Case, Role
from court.rooms.models import Seat

from .models import Hearing, HearingState

LONGEST = timedelta(hours=8)  # nothing is listed for longer, so what began earlier is over
FIRST, LAST, STEP = time(9, 30), time(16, 30), timedelta(minutes=30)  # the court's sitting hours, in its zone
LOOK_AHEAD = timedelta(days=60)

# These sit for a while or only listen: they may be expected in two rooms.
NOT_ENGAGED = (Role.CLERK, Role.OBSERVER)


@dataclass(frozen=True)
class Engagement:
    """A stretch of time for which people, and a case, are taken. ``key`` tells one from another."""

    key: str
    case: int
    people: frozenset[int]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Wanted:
    """Whom a sitting needs: the case, the one who leads it and the others."""

    case: Case
    leader: User
    people: frozenset[int]

    @property
    def everyone(self) -> frozenset[int]:
        """All whose time is asked for, by primary key."""
        return self.people | {self.leader.pk}


Source = Callable[[Wanted, datetime, datetime], Iterable[Engagement]]
_sources: list[Source] = []


class Taken(Exception):
    """The time is taken. ``whom``: "leader", "case" or "people"."""

    def __init__(self, whom: str) -> None:
        super().__init__(f"The time is taken: {whom}.")
        self.whom = whom


class InThePast(Exception):
    """The time has gone by."""


def engagements(source: Source) -> Source:
    """Register ``source(wanted, after, before)``, which gives what overlaps that time for the case or its people."""
    _sources.append(source)
    return source


@engagements
def hearings(wanted: Wanted, after: datetime, before: datetime) -> Iterable[Engagement]:
    """The hearings listed or in session."""
    rows = (
        Hearing.objects.filter(
            Q(case=wanted.case)
            | Q(judge__in=wanted.everyone)
            | Q(
                pk__in=Hearing.objects.filter(
                    room__seats__in=Seat.objects.filter(user__in=wanted.everyone, removed_at=None).exclude(
                        role__in=NOT_ENGAGED
                    )
                )
            ),
            state__in=[HearingState.LISTED, HearingState.LIVE],
            starts_at__lt=before,
            starts_at__gt=after - LONGEST,
        )
        .select_related("room")
        .prefetch_related(Prefetch("room__seats", Seat.objects.filter(removed_at=None).exclude(role__in=NOT_ENGAGED)))
    )
    for row in rows:
        people = frozenset(seat.user_id for seat in row.room.seats.all()) | {row.judge_id}
        yield Engagement(f"hearing:{row.pk}", row.case_id, people, row.starts_at, row.ends_at)


def _taken(wanted: Wanted, after: datetime, before: datetime, but: str) -> list[Engagement]:
    return [
        found
        for source in _sources
        for found in source(wanted, after, before)
        if found.key != but and found.ends_at > after and found.starts_at < before
    ]


def hold_diaries(wanted: Wanted) -> None:
    """Make others who want the same people or case wait until this transaction ends.

    On SQLite writing transactions follow one another anyway. Rows are locked in one order: no deadlock.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk__in=wanted.everyone).order_by("pk").values_list("pk"))
    list(Case.objects.select_for_update(no_key=True).filter(pk=wanted.case.pk).values_list("pk"))


def check_free(wanted: Wanted, starts_at: datetime, minutes: int, *, but: str = "") -> None:
    """Raise Taken if somebody sits elsewhere then, InThePast if it has begun. ``but``: the engagement that moves.

    Call after ``hold_diaries`` in the transaction that takes the time.
    """
    if starts_at <= timezone.now():
        raise InThePast
    for found in _taken(wanted, starts_at, starts_at + timedelta(minutes=minutes), but):
        if wanted.leader.pk in found.people:
            raise Taken("leader")
        raise Taken("case" if found.case == wanted.case.pk else "people")


def free_slots(wanted: Wanted, minutes: int, *, after: datetime, count: int = 3, but: str = "") -> list[datetime]:
    """The next times at which all wanted are free, in the court's sitting hours. Fewer if the diary is full."""
    zone = timezone.get_default_timezone()
    after = max(after, timezone.now() + STEP)
    taken = _taken(wanted, after, after + LOOK_AHEAD, but)
    length = timedelta(minutes=minutes)
    slots: list[datetime] = []
    for ahead in range(LOOK_AHEAD.days):
        day = timezone.localdate(after, zone) + timedelta(days=ahead)
        if not is_working_day(day):
            continue
        slot = timezone.make_aware(datetime.combine(day, FIRST), zone)
        last = timezone.make_aware(datetime.combine(day, LAST), zone)
        while slot + length <= last or slot.time() == FIRST:
            end = slot + length
            if slot >= after and not any(one.starts_at < end and one.ends_at > slot for one in taken):
                slots.append(slot)
                if len(slots) == count:
                    return slots
            slot += STEP
    return slots
