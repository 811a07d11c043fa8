"""What hearings show on the case page and at home, and how they read in the docket."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from court.accounts.models import Office, User
from court.cases import stages
from court.cases.access import cases_for
from court.cases.docket import sentences
from court.cases.models import Case, Role
from court.cases.page import Duty, Section, duties, section
from court.evidence.queries import in_order
from court.rooms.models import Room, Seat
from court.rooms.page import Panel, Place, Tool, facts, panel, place, tools
from court.wording import write_when

from . import presenting
from .access import RUN, hearings_for
from .models import Hearing, HearingState
from .queries import can_list, state_shown

ATTENDS = (Role.CLAIMANT, Role.RESPONDENT, Role.REPRESENTATIVE, Role.JUDGE, Role.INTERPRETER, Role.WITNESS)
AT_MOST = 50  # cases to list that one clerk is reminded of at a time


def _moment(details: dict[str, object], name: str = "at") -> str:
    return write_when(datetime.fromisoformat(str(details[name])))


def _listed(details: dict[str, object]) -> str:
    return _("Hearing listed for %(when)s before Judge %(judge)s") % {
        "when": _moment(details),
        "judge": details["judge"],
    }


def _moved(details: dict[str, object]) -> str:
    return _("Hearing moved from %(before)s to %(when)s") % {
        "before": _moment(details, "before"),
        "when": _moment(details),
    }


def _cancelled(details: dict[str, object]) -> str:
    return _("Hearing of %(when)s cancelled: %(reason)s") % {"when": _moment(details), "reason": details["reason"]}


def _opened(details: dict[str, object]) -> str:
    present = details["present"]
    if not isinstance(present, list) or not present:
        return _("Hearing opened")
    return _("Hearing opened. Present: %(names)s") % {"names": ", ".join(map(str, present))}


def _held(details: dict[str, object]) -> str:
    minutes = int(str(details["minutes"]))
    return ngettext("Hearing ended after %(minutes)d minute", "Hearing ended after %(minutes)d minutes", minutes) % {
        "minutes": minutes
    }


sentences(
    hearing_listed=_listed,
    hearing_moved=_moved,
    hearing_cancelled=_cancelled,
    hearing_opened=_opened,
    hearing_held=_held,
)


@section(50)
def hearings_section(case: Case, user: User, may: frozenset[str]) -> Section | None:
    """The case's hearings, and for those who list them the way to list one."""
    found = list(hearings_for(user).filter(case=case).order_by("starts_at"))
    lists = bool(may & set(RUN)) and can_list(case)
    if not found and not lists and case.stage not in (stages.ANSWERED, stages.LISTED, stages.HEARD):
        return None
    return Section(
        "hearings",
        _("Hearings"),
        "hearings/section.html",
        {"hearings": [state_shown(hearing) for hearing in found], "lists": lists},
    )


@duties
def attend(user: User, case: Case | None) -> Iterable[Duty]:
    """Those with a seat attend the hearings to come, and those in session."""
    seat = Seat.objects.filter(room=OuterRef("room"), user=user, removed_at=None, role__in=ATTENDS)
    found = Hearing.objects.filter(Exists(seat), state__in=[HearingState.LISTED, HearingState.LIVE])
    if case is not None:
        found = found.filter(case=case)
    for hearing in found.select_related("case", "room").order_by("starts_at"):
        shown = state_shown(hearing)
        if hearing.state == HearingState.LISTED and shown.tone == "wait":
            continue  # nobody opened it in its time
        now = hearing.state == HearingState.LIVE or timezone.now() >= hearing.starts_at
        if hearing.state == HearingState.LIVE:
            label = _("The hearing is in session")
        elif now:
            label = _("The hearing is about to begin")
        else:
            label = _("Attend the hearing on %(when)s") % {"when": write_when(hearing.starts_at)}
        yield Duty(
            label,
            reverse("room", args=[hearing.room_id]),
            case=hearing.case,
            action=_("Enter the room") if now else _("See the room"),
            due_at=None if now else hearing.starts_at,
            detail="" if now else _("By live video. You can test your camera and microphone there before."),
            now=now,
        )


@duties
def list_a_hearing(user: User, case: Case | None) -> Iterable[Duty]:
    """Clerks list a hearing once a case is answered, and again where one was not held."""
    if user.office != Office.CLERK:
        return
    waiting = cases_for(user, can="manage_case")
    if case is not None:
        waiting = waiting.filter(pk=case.pk)
    for answered in waiting.filter(stage=stages.ANSWERED).order_by("stage_since")[:AT_MOST]:
        yield Duty(
            _("List a hearing"), reverse("hearing_new", args=[answered.label]), case=answered, action=_("List it")
        )
    past = Hearing.objects.filter(case__in=waiting, state=HearingState.LISTED).select_related("case")
    for hearing in past.order_by("starts_at")[:AT_MOST]:
        if state_shown(hearing).tone == "wait":
            yield Duty(
                _("The hearing on %(when)s was not held: give it a new time")
                % {"when": write_when(hearing.starts_at)},
                reverse("hearing_move", args=[hearing.pk]),
                case=hearing.case,
                action=_("New time"),
            )


@place
def hearing_place(room: Room) -> Place | None:
    """What a hearing's room belongs to."""
    hearing = Hearing.objects.filter(room=room).select_related("case").first()
    if hearing is None:
        return None
    return Place(
        _("Hearing %(case)s") % {"case": hearing.case.label},
        reverse("hearing", args=[hearing.pk]),
        _("Back to the hearing"),
    )


@tools
def log_notes(room: Room, seat: Seat) -> Iterable[Tool]:
    """The judge and the clerk write log notes beside the room."""
    hearing = Hearing.objects.filter(room=room).first()
    if hearing is not None and seat.role in (Role.JUDGE, Role.CLERK):
        url = reverse("hearing", args=[hearing.pk]) + "#notes"
        yield Tool(_("Log notes"), url, icon="notebook-pen", link=True)


@panel(20)
def exhibits_shown(room: Room, seat: Seat) -> Panel | None:
    """What is shown to everybody, and for those who may the exhibits to show."""
    hearing = Hearing.objects.filter(room=room).select_related("case").first()
    if hearing is None:
        return None
    offered = in_order(presenting.presentable(seat.user, hearing))
    return Panel("exhibits", _("Exhibits"), "hearings/presenting.html", {"hearing": hearing, "offered": offered})


@facts
def exhibit_shown(room: Room, seat: Seat) -> dict[str, object]:
    """What is shown at this moment."""
    shown = presenting.shown_now(room)
    return {"presented": presenting.told(shown, seat.user) if shown else None}
