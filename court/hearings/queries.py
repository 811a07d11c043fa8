"""What the pages of hearings show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from court.accounts.models import User
from court.cases import stages
from court.cases.access import abilities
from court.cases.models import Case, Role
from court.cases.procedure import rule

from .access import RUN, own_hearings
from .models import Hearing, HearingState

TONES = {
    HearingState.LISTED: ("info", "calendar"),
    HearingState.LIVE: ("good", "radio"),
    HearingState.ENDED: ("neutral", "check"),
    HearingState.CANCELLED: ("bad", "calendar-x"),
}
NOTICE = "hearing-notice"  # the procedure's key for the least notice of a hearing


@dataclass(frozen=True)
class Shown:
    """A hearing in a list."""

    hearing: Hearing
    state: str
    tone: str
    icon: str


def state_shown(hearing: Hearing) -> Shown:
    """How a hearing stands, in a word, a tone and an icon. One that nobody opened in its time was not held."""
    if hearing.state == HearingState.LISTED and hearing.ends_at < timezone.now():
        return Shown(hearing, _("Not held"), "wait", "clock-alert")
    state = HearingState(hearing.state)
    return Shown(hearing, str(state.label), *TONES[state])


def can_list(case: Case) -> bool:
    """Whether a hearing can be listed where the case stands."""
    return stages.after("list", case.stage) is not None


def listed(user: User, *, past: bool) -> QuerySet[Hearing]:
    """This person's hearings: those of today and to come, the nearest first; or those gone by, the last first."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    coming = Q(starts_at__gte=today, state__in=[HearingState.LISTED, HearingState.ENDED, HearingState.CANCELLED]) | Q(
        state=HearingState.LIVE
    )
    if past:
        return own_hearings(user).exclude(coming).order_by("-starts_at", "-pk")
    return own_hearings(user).filter(coming).order_by("starts_at", "pk")


def by_day(hearings: Iterable[Hearing]) -> list[tuple[date, list[Shown]]]:
    """Hearings grouped by the court's day."""
    zone = timezone.get_default_timezone()
    return [
        (day, [state_shown(hearing) for hearing in group])
        for day, group in groupby(hearings, key=lambda h: timezone.localtime(h.starts_at, zone).date())
    ]


def short_notice(hearing: Hearing) -> str:
    """A warning if people are told later than the procedure wants; empty if in time, or where no rule asks it."""
    try:
        wanted = rule(NOTICE)
    except KeyError:
        return ""
    days = wanted.days or 0
    if (hearing.starts_at - timezone.now()).total_seconds() >= days * 86400:
        return ""
    return ngettext(
        "This is less than %(days)d day’s notice (rule %(rule)s). The judge may shorten the notice.",
        "This is less than %(days)d days’ notice (rule %(rule)s). The judge may shorten the notice.",
        days,
    ) % {"days": days, "rule": wanted.number}


def shown(hearing: Hearing, user: User) -> dict[str, Any]:
    """The context of a hearing's page."""
    may = abilities(user, hearing.case)
    seats = list(hearing.room.seats.filter(removed_at=None).order_by(F("host").desc(), "pk"))
    seat = next((seat for seat in seats if seat.user_id == user.pk), None)
    runs = bool(may & set(RUN))
    begun = hearing.state in (HearingState.LISTED, HearingState.LIVE)
    return {
        "hearing": hearing,
        "case": hearing.case,
        "shown": state_shown(hearing),
        "people": [(place.name, Role(place.role).label) for place in seats],
        "missing": hearing.case.parties.filter(user=None) if runs else [],
        "seat": seat,
        "open_now": begun and timezone.now() >= hearing.room.open_from,
        "to_come": begun,
        "can_change": runs and hearing.state == HearingState.LISTED,
        "can_list_again": runs
        and hearing.state in (HearingState.ENDED, HearingState.CANCELLED)
        and can_list(hearing.case),
        "runs": runs,
        "notes": hearing.notes.select_related("by") if runs else [],
        "sees_case": "view_case" in may,
        "transcripts": hearing.transcripts.order_by("created_at") if "view_case" in may else [],
    }
