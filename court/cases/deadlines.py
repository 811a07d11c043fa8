"""Time limits: how they are counted, kept and explained. The counting follows rule R-2 of the model rules.

Working days are those of the country in ``COURT_COUNTRY`` (``GB``, or ``GB-ENG`` for a part of it). Days are days of
the court's own zone; what is stored is aware UTC.
"""

import functools
from datetime import date, datetime, timedelta
from typing import Any, Final

import holidays
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from court.wording import write_day

from .models import Case, Deadline, Party
from .procedure import Rule, rule

# What each kind of deadline asks for, as a person reads it.
DUTIES: Final[dict[str, str | Promise]] = {
    "review": gettext_lazy("Review the claim"),
    "correct": gettext_lazy("Correct your claim"),
    "answer": gettext_lazy("Answer the claim"),
}


@functools.cache
def _calendar(country: str) -> Any:
    name, _dash, part = country.partition("-")
    return holidays.country_holidays(name, subdiv=part or None)


def is_working_day(day: date) -> bool:
    """Tell whether the court works on this day: no weekend, no public holiday; worked weekends of China count."""
    return bool(_calendar(settings.COURT_COUNTRY).is_working_day(day))


def next_working_day(day: date) -> date:
    """The first working day after ``day``."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def counted_day(counted_from: datetime, cut_off: Rule) -> date:
    """The day on which something that happened at ``counted_from`` counts as happening (rule R-2).

    After the cut-off hour, or on a day without work, it counts as the next working day.
    """
    local = timezone.localtime(counted_from, timezone.get_default_timezone())
    if is_working_day(local.date()) and local.time() <= cut_off.cut_off:
        return local.date()
    return next_working_day(local.date())


def last_day(start: date, limit: Rule) -> tuple[date, date]:
    """The day a limit ends by arithmetic alone, and the working day it really ends on, counted from ``start``."""
    if limit.days is None:
        raise ValueError(f"Rule {limit.number} sets no time limit.")
    if limit.working:
        day = start
        for _n in range(limit.days):
            day = next_working_day(day)
        return day, day
    end = start + timedelta(days=limit.days)
    return end, end if is_working_day(end) else next_working_day(end)


def deadline(limit: Rule | str, counted_from: datetime) -> datetime:
    """When a time limit ends: an aware moment, at the rule's cut-off hour in the court's zone.

    ``limit`` is a rule, its key or its number; ``counted_from`` the aware moment that sets time running. Raises
    ValueError for a rule without a number of days, KeyError for an unknown rule.
    """
    limit = rule(limit) if isinstance(limit, str) else limit
    _end, day = last_day(counted_day(counted_from, limit), limit)
    return datetime.combine(day, limit.cut_off, tzinfo=timezone.get_default_timezone())


def set_deadline(
    case: Case, kind: str, *, counted_from: datetime, party: Party | None = None, limit: Rule | str | None = None
) -> Deadline:
    """Set time running for a duty (a key of DUTIES), under the rule of the same key unless another is given."""
    limit = limit or kind
    limit = rule(limit) if isinstance(limit, str) else limit
    return Deadline.objects.create(
        case=case,
        party=party,
        kind=kind,
        rule=limit.number,
        days=limit.days or 0,
        counted_from=counted_from,
        due_at=deadline(limit, counted_from),
    )


def meet(case: Case, kind: str) -> bool:
    """Write down that a duty of the case is done. True if it was done in time; also if none was running."""
    now = timezone.now()
    running = Deadline.objects.filter(case=case, kind=kind, met_at=None)
    late = running.filter(due_at__lt=now).exists()
    running.update(met_at=now)
    return not late


def running(case: Case, kind: str) -> Deadline | None:
    """The deadline of this kind that still runs in the case, if any."""
    return case.deadlines.filter(kind=kind, met_at=None).order_by("-pk").first()


def explain(limit: Deadline) -> str:
    """The arithmetic of a deadline as one sentence in the active language, with its rule.

    Such as: 28 days from Thursday 26 November 2026; rule R-12.
    """
    local_zone = timezone.get_default_timezone()
    due = timezone.localtime(limit.due_at, local_zone).date()
    happened = timezone.localtime(limit.counted_from, local_zone).date()
    try:
        found = rule(limit.rule)
    except KeyError:  # the court changed its procedure file since
        found = Rule(limit.rule, limit.rule, {}, {}, timezone.localtime(limit.due_at, local_zone).time(), limit.days)
    counted = Rule(found.key, found.number, found.titles, found.texts, found.cut_off, limit.days, found.working)
    start = counted_day(limit.counted_from, counted)
    end, _rolled = last_day(start, counted)
    words = {"days": limit.days, "start": write_day(start), "rule": limit.rule, "end": write_day(end)}
    words |= {"due": write_day(due), "happened": write_day(happened)}
    if counted.working:
        sentence = ngettext(
            "%(days)d working day from %(start)s; rule %(rule)s.",
            "%(days)d working days from %(start)s; rule %(rule)s.",
            limit.days,
        )
    elif end != due:
        sentence = ngettext(
            "%(days)d day from %(start)s, moved from %(end)s to the next working day; rule %(rule)s.",
            "%(days)d days from %(start)s, moved from %(end)s to the next working day; rule %(rule)s.",
            limit.days,
        )
    else:
        sentence = ngettext(
            "%(days)d day from %(start)s; rule %(rule)s.", "%(days)d days from %(start)s; rule %(rule)s.", limit.days
        )
    text = sentence % words
    if start != happened:
        text += (
            " "
            + _("It happened on %(happened)s outside working hours, so it counts from the next working day.") % words
        )
    return text
