"""Listing, moving and cancelling hearings; what happens when their room opens and closes; log notes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from court.accounts.models import User
from court.cases import stages
from court.cases.access import appoint
from court.cases.models import Case, Party, Role
from court.cases.services import NotNow, move, record
from court.rooms.models import Recorded, Room
from court.rooms.services import make_room, postpone, seat

from .diary import NOT_ENGAGED, Wanted, check_free, hold_diaries
from .letters import Addressee, tell, tell_all
from .models import Hearing, HearingState, LogNote

# To which stage a case goes back when its only hearing is cancelled, and by which move.
UNLIST = {stages.SERVED: "unlist_unanswered", stages.ANSWERED: "unlist", stages.HEARD: "unlist_heard"}


class TooLate(Exception):
    """The hearing has begun, has ended or was cancelled: it cannot be changed any more."""


@dataclass(frozen=True)
class Guest:
    """Somebody besides the parties and the court who is to attend."""

    user: User
    role: Role


def wanted_for(case: Case, judge: User, guests: Iterable[Guest] = ()) -> Wanted:
    """Whose time a hearing of this case takes."""
    parties = set(case.parties.exclude(user=None).values_list("user_id", flat=True))
    counsel = set(
        case.appointments.filter(role__in=[Role.REPRESENTATIVE, Role.INTERPRETER]).values_list("user_id", flat=True)
    )
    invited = {guest.user.pk for guest in guests if guest.role != Role.OBSERVER}
    return Wanted(case, judge, frozenset(parties | counsel | invited))


def wanted_again(hearing: Hearing) -> Wanted:
    """Whose time a hearing that was listed already takes."""
    seated = hearing.room.seats.filter(removed_at=None).exclude(role__in=NOT_ENGAGED).values_list("user_id", flat=True)
    return Wanted(hearing.case, hearing.judge, frozenset(seated))


def _details(hearing: Hearing) -> dict[str, Any]:
    return {
        "hearing": hearing.pk,
        "at": hearing.starts_at.isoformat(),
        "minutes": hearing.minutes,
        "judge": hearing.judge.get_full_name(),
    }


def list_hearing(
    case: Case, *, judge: User, starts_at: datetime, minutes: int, by: User, guests: Iterable[Guest] = ()
) -> Hearing:
    """List a hearing, appoint its judge, make its room with everybody's seat and tell them all.

    Raises InThePast, Taken (see ``diary``), or NotNow if no hearing can be listed where the case stands.
    """
    guests = list(guests)
    wanted = wanted_for(case, judge, guests)
    with transaction.atomic():
        hold_diaries(wanted)
        check_free(wanted, starts_at, minutes)
        came_from = case.stage
        appoint(case, judge, Role.JUDGE)
        for guest in guests:
            appoint(case, guest.user, guest.role)
        room = make_room(name=case.title or case.label, recorded=Recorded.ALWAYS, opens_at=starts_at)
        hearing = Hearing.objects.create(
            case=case, room=room, judge=judge, starts_at=starts_at, minutes=minutes, listed_by=by
        )
        _seat_everybody(hearing, guests)
        move(case, "list", by=by, kind="hearing_listed", came_from=came_from, **_details(hearing))
        tell_all(hearing, "hearing_listed")
    return hearing


def _seat_everybody(hearing: Hearing, guests: Iterable[Guest]) -> None:
    """The judge as host, the parties, those who act for them, the clerk who listed, and the guests; each once."""
    case, room = hearing.case, hearing.room
    places: dict[int, tuple[User, str]] = {hearing.judge_id: (hearing.judge, Role.JUDGE)}
    for party in case.parties.exclude(user=None).select_related("user"):
        if party.user is not None:
            places.setdefault(party.user.pk, (party.user, party.role))
    for appointment in case.appointments.filter(role__in=[Role.REPRESENTATIVE, Role.INTERPRETER]).select_related(
        "user"
    ):
        places.setdefault(appointment.user_id, (appointment.user, appointment.role))
    for guest in guests:
        places.setdefault(guest.user.pk, (guest.user, guest.role))
    places.setdefault(hearing.listed_by_id, (hearing.listed_by, Role.CLERK))
    for user, role in places.values():
        seat(room, user, role=role, host=role == Role.JUDGE and user.pk == hearing.judge_id)


def seat_late_party(party: Party) -> None:
    """Give a party who has just joined a seat in each hearing still to come, and the letter about it."""
    user = party.user
    if user is None:
        return
    coming = Hearing.objects.filter(case=party.case, state__in=[HearingState.LISTED, HearingState.LIVE])
    for hearing in coming.select_related("case", "judge", "room"):
        if hearing.room.seats.filter(user=user).exists():
            continue
        seat(hearing.room, user, role=party.role)
        tell(hearing, "hearing_listed", Addressee(user.get_full_name(), user.email, user.language, True))


def move_hearing(hearing: Hearing, *, starts_at: datetime, minutes: int, by: User) -> Hearing:
    """Move a hearing to another time and tell everybody. Raises InThePast, Taken, or TooLate once it has begun."""
    wanted = wanted_again(hearing)
    with transaction.atomic():
        hold_diaries(wanted)
        check_free(wanted, starts_at, minutes, but=f"hearing:{hearing.pk}")
        before = hearing.starts_at
        changed = Hearing.objects.filter(pk=hearing.pk, state=HearingState.LISTED, sequence=hearing.sequence).update(
            starts_at=starts_at, minutes=minutes, sequence=F("sequence") + 1
        )
        if not changed:
            raise TooLate
        postpone(hearing.room, opens_at=starts_at)
        hearing.refresh_from_db()
        record(hearing.case, "hearing_moved", by=by, before=before.isoformat(), **_details(hearing))
        tell_all(hearing, "hearing_moved")
    return hearing


def cancel_hearing(hearing: Hearing, *, reason: str, by: User) -> None:
    """Cancel a hearing that has not begun and tell everybody why. Raises TooLate otherwise.

    A case with no other hearing to come goes back to where it stood before.
    """
    with transaction.atomic():
        changed = Hearing.objects.filter(pk=hearing.pk, state=HearingState.LISTED, sequence=hearing.sequence).update(
            state=HearingState.CANCELLED, sequence=F("sequence") + 1
        )
        if not changed:
            raise TooLate
        hearing.refresh_from_db()
        details = {**_details(hearing), "reason": reason}
        case = Case.objects.get(pk=hearing.case_id)
        coming = case.hearings.filter(state__in=[HearingState.LISTED, HearingState.LIVE]).exists()
        if case.stage == stages.LISTED and not coming:
            move(case, UNLIST[_stood_before(case)], by=by, kind="hearing_cancelled", **details)
        else:
            record(case, "hearing_cancelled", by=by, **details)
        tell_all(hearing, "hearing_cancelled", reason=reason)


def _stood_before(case: Case) -> str:
    """Where the case stood before the hearings that were listed without one being held."""
    if case.hearings.filter(state=HearingState.ENDED).exists():
        return stages.HEARD
    came_from = [
        entry.details.get("came_from") for entry in case.docket.filter(kind="hearing_listed").order_by("-at", "-id")
    ]
    return next((stage for stage in came_from if stage in UNLIST), stages.ANSWERED)


def open_hearing(room: Room, by: User) -> None:
    """The hearing of this room, if it is one, is in session. Asked again, nothing happens."""
    with transaction.atomic():
        changed = Hearing.objects.filter(room=room, state=HearingState.LISTED).update(state=HearingState.LIVE)
        if not changed:
            return
        hearing = Hearing.objects.select_related("case").get(room=room)
        present = list(room.seats.exclude(connection="").order_by("-host", "pk").values_list("name", flat=True))
        record(hearing.case, "hearing_opened", by=by, hearing=hearing.pk, present=present)


def close_hearing(room: Room, by: User | None) -> None:
    """The hearing of this room, if it is one, has ended and the case was heard. Asked again, nothing happens."""
    with transaction.atomic():
        changed = Hearing.objects.filter(room=room, state__in=[HearingState.LISTED, HearingState.LIVE]).update(
            state=HearingState.ENDED
        )
        if not changed:
            return
        hearing = Hearing.objects.select_related("case", "room").get(room=room)
        started, ended = hearing.room.started_at, hearing.room.ended_at or timezone.now()
        lasted = max(1, round((ended - (started or ended)).total_seconds() / 60))
        try:
            move(hearing.case, "hear", by=by, kind="hearing_held", hearing=hearing.pk, minutes=lasted)
        except NotNow:  # heard before, or decided or settled meanwhile
            record(hearing.case, "hearing_held", by=by, hearing=hearing.pk, minutes=lasted)


def note(hearing: Hearing, text: str, *, by: User) -> LogNote:
    """Write a log note at this moment."""
    return LogNote.objects.create(hearing=hearing, by=by, text=text)
