"""Arranging mediation, the parties' consent to it, its opening, end and outcome.

All of it is in the docket for the parties and the mediator only: without prejudice, unseen by the judge.
"""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from court.accounts.models import User
from court.cases import stages
from court.cases.access import appoint
from court.cases.models import Audience, Case, DocketEntry, Party, Role
from court.cases.services import NotNow, record
from court.hearings.diary import Wanted, check_free, hold_diaries
from court.rooms.models import Recorded, Room
from court.rooms.services import make_room, postpone, seat, unseat

from .letters import tell, tell_all
from .models import Answer, Consent, Outcome, Session, SessionState

MEDIATED: Final = frozenset({stages.SERVED, stages.ANSWERED, stages.LISTED, stages.HEARD})


class TooLate(Exception):
    """The session has begun, has ended or was cancelled: this cannot be done any more."""


class NotFit(Exception):
    """This person cannot mediate the case: they judge it or are a party to it."""


def note(session: Session, kind: str, *, by: User | None, **details: Any) -> DocketEntry:
    """Write to the docket what the parties and the mediator may read, and the judge may not."""
    return record(session.case, kind, by=by, audience=Audience.MEDIATION, session=session.pk, **details)


def wanted_for(case: Case, mediator: User) -> Wanted:
    """Whose time a mediation of this case takes."""
    parties = case.parties.exclude(user=None).values_list("user_id", flat=True)
    return Wanted(case, mediator, frozenset(parties))


def arrange(case: Case, *, mediator: User, starts_at: datetime, minutes: int, by: User) -> Session:
    """Arrange a session, appoint its mediator, and ask the parties. The case stays where it stands.

    Raises InThePast, Taken (see ``court.hearings.diary``), NotFit, or NotNow where the case stands.
    """
    wanted = wanted_for(case, mediator)
    with transaction.atomic():
        hold_diaries(wanted)
        case.refresh_from_db()
        if case.stage not in MEDIATED:
            raise NotNow("mediate", case)
        judges = case.appointments.filter(user=mediator, role=Role.JUDGE)
        if judges.exists() or mediator.pk in wanted.people:
            raise NotFit
        check_free(wanted, starts_at, minutes)
        appoint(case, mediator, Role.MEDIATOR)
        room = make_room(name=case.title or case.label, recorded=Recorded.IF_ALL_AGREE, opens_at=starts_at)
        seat(room, mediator, role=Role.MEDIATOR, host=True)
        session = Session.objects.create(
            case=case, room=room, mediator=mediator, starts_at=starts_at, minutes=minutes, arranged_by=by
        )
        note(session, "mediation_arranged", by=by, at=starts_at.isoformat(), mediator=mediator.get_full_name())
        tell_all(session, "mediation_arranged")
    return session


def invite_late_party(party: Party) -> None:
    """Ask a party who has just joined the case about each session still to come."""
    if party.user is None:
        return
    for session in Session.objects.filter(case=party.case, state=SessionState.LISTED).select_related("case", "room"):
        tell(session, "mediation_arranged", party.user)


def move_session(session: Session, *, starts_at: datetime, minutes: int, by: User) -> Session:
    """Move a session to another time and tell everybody. Raises InThePast, Taken, or TooLate once it has begun."""
    wanted = wanted_for(session.case, session.mediator)
    with transaction.atomic():
        hold_diaries(wanted)
        check_free(wanted, starts_at, minutes, but=f"mediation:{session.pk}")
        before = session.starts_at
        _change(session, starts_at=starts_at, minutes=minutes)
        postpone(session.room, opens_at=starts_at)
        note(session, "mediation_moved", by=by, at=starts_at.isoformat(), before=before.isoformat())
        tell_all(session, "mediation_moved")
    return session


def cancel_session(session: Session, *, reason: str, by: User) -> None:
    """Cancel a session that has not begun and tell everybody why. Raises TooLate otherwise."""
    with transaction.atomic():
        _change(session, state=SessionState.CANCELLED)
        note(session, "mediation_cancelled", by=by, at=session.starts_at.isoformat(), reason=reason)
        tell_all(session, "mediation_cancelled", reason=reason)


def _change(session: Session, **changes: Any) -> None:
    """Change a session nobody has opened or changed since it was read. Raises TooLate."""
    unchanged = Session.objects.filter(pk=session.pk, state=SessionState.LISTED, sequence=session.sequence)
    if not unchanged.update(**changes, sequence=F("sequence") + 1):
        raise TooLate
    session.refresh_from_db()


def answer(session: Session, party: Party, given: Answer | str, *, by: User) -> Consent:
    """Keep a party's answer: agreed, declined, or agreement withdrawn. Only who agreed has a place in the room.

    Each answer is written to the docket; the same answer twice is kept once. Raises TooLate once the session began.
    """
    with transaction.atomic():
        # Taking the row keeps the session from being opened between the question and the answer.
        state = Session.objects.select_for_update().filter(pk=session.pk).values_list("state", flat=True).get()
        if state != SessionState.LISTED:
            raise TooLate
        consent = Consent.objects.filter(session=session, party=party).first()
        if consent is not None and consent.answer == given:
            return consent
        if given == Answer.WITHDRAWN and (consent is None or consent.answer != Answer.AGREED):
            raise TooLate
        consent, _created = Consent.objects.update_or_create(
            session=session, party=party, defaults={"answer": given, "answered_at": timezone.now()}
        )
        if given == Answer.AGREED:
            seat(session.room, by, role=party.role)
        else:
            unseat(session.room, by)
        note(session, f"mediation_{given}", by=by, party=party.name)
    return consent


def open_session(room: Room, by: User) -> None:
    """The mediation of this room, if it is one, is in session. Asked again, nothing happens."""
    with transaction.atomic():
        if not Session.objects.filter(room=room, state=SessionState.LISTED).update(state=SessionState.LIVE):
            return
        session = Session.objects.select_related("case").get(room=room)
        present = list(room.seats.exclude(connection="").order_by("-host", "pk").values_list("name", flat=True))
        note(session, "mediation_opened", by=by, present=present)


def close_session(room: Room, by: User | None) -> None:
    """The mediation of this room, if it is one, has ended. Asked again, nothing happens."""
    with transaction.atomic():
        still = Session.objects.filter(room=room, state__in=[SessionState.LISTED, SessionState.LIVE])
        if not still.update(state=SessionState.ENDED):
            return
        session = Session.objects.select_related("case").get(room=room)
        note(session, "mediation_ended", by=by)


def record_outcome(session: Session, outcome: Outcome | str, *, by: User) -> None:
    """Record what the mediation came to, once. Only the outcome is kept, never what was said.

    Raises TooLate before it began, or if an outcome was recorded already.
    """
    with transaction.atomic():
        begun = Session.objects.filter(
            pk=session.pk, state__in=[SessionState.LIVE, SessionState.ENDED], outcome=Outcome.OPEN
        )
        if not begun.update(outcome=outcome):
            raise TooLate
        session.refresh_from_db()
        note(session, f"mediation_{outcome}", by=by)
