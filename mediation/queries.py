"""What the pages of mediation show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.cases.models import Case, Party
from court.rooms.models import Room, Seat

from .access import cases_to_mediate, sessions_for
from .models import Answer, Caucus, Consent, Outcome, Session, SessionState
from .services import MEDIATED

TONES = {
    SessionState.LISTED: ("info", "calendar"),
    SessionState.LIVE: ("good", "radio"),
    SessionState.ENDED: ("neutral", "check"),
    SessionState.CANCELLED: ("bad", "calendar-x"),
}
ANSWER_TONES = {Answer.AGREED: "good", Answer.DECLINED: "bad", Answer.WITHDRAWN: "bad"}


@dataclass(frozen=True)
class Shown:
    """A session in a list."""

    session: Session
    state: str
    tone: str
    icon: str


@dataclass(frozen=True)
class Answered:
    """A party and what they said, if anything."""

    party: Party
    consent: Consent | None

    @property
    def words(self) -> str:
        """Their answer in words."""
        if self.consent is not None:
            return str(Answer(self.consent.answer).label)
        return _("Has not answered yet") if self.party.user_id else _("Has not joined the case yet")

    @property
    def tone(self) -> str:
        """The colour that goes with it."""
        return ANSWER_TONES[Answer(self.consent.answer)] if self.consent is not None else "wait"


def state_shown(session: Session) -> Shown:
    """How a session stands, in a word, a tone and an icon."""
    if session.outcome:
        settled = session.outcome == Outcome.SETTLED
        tone, icon = ("good", "handshake") if settled else ("neutral", "check")
        return Shown(session, str(Outcome(session.outcome).label), tone, icon)
    if session.state == SessionState.LISTED and session.ends_at < timezone.now():
        return Shown(session, _("Not held"), "wait", "clock-alert")
    state = SessionState(session.state)
    return Shown(session, str(state.label), *TONES[state])


def listed(user: User, *, past: bool) -> QuerySet[Session]:
    """This person's sessions: those of today and to come, the nearest first; or those gone by, the last first."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    coming = Q(starts_at__gte=today) | Q(state=SessionState.LIVE)
    if past:
        return sessions_for(user).exclude(coming).order_by("-starts_at", "-pk")
    return sessions_for(user).filter(coming).order_by("starts_at", "pk")


def answers(session: Session) -> list[Answered]:
    """What each party of the case said."""
    given = {consent.party_id: consent for consent in session.consents.all()}
    return [Answered(party, given.get(party.pk)) for party in session.case.parties.order_by("pk")]


def open_caucus_of(session: Session) -> Caucus | None:
    """The private talk going on, if any."""
    return session.caucuses.filter(closed_at=None).select_related("side", "room").first()


def sides(session: Session) -> list[Party]:
    """One party for each side that has somebody with a place in the room."""
    seated = Seat.objects.filter(room=session.room_id, removed_at=None).values("user")
    found: dict[str, Party] = {}
    for party in session.case.parties.filter(user__in=seated).order_by("pk"):
        found.setdefault(party.role, party)
    return list(found.values())


def can_arrange(case: Case) -> bool:
    """Whether mediation can be arranged where the case stands."""
    return case.stage in MEDIATED


def shown(session: Session, user: User) -> dict[str, Any]:
    """The context of a session's page."""
    seat = session.room.seats.filter(user=user, removed_at=None).first()
    own = next((one for one in answers(session) if one.party.user_id == user.pk), None)
    to_come = session.state in (SessionState.LISTED, SessionState.LIVE)
    mediates = session.mediator_id == user.pk
    runs = mediates or cases_to_mediate(user).filter(pk=session.case_id).exists()
    begun = session.state in (SessionState.LIVE, SessionState.ENDED)
    return {
        "session": session,
        "case": session.case,
        "shown": state_shown(session),
        "answers": answers(session),
        "own": own,
        "asks": own is not None and session.state == SessionState.LISTED,
        "seat": seat,
        "to_come": to_come,
        "open_now": to_come and timezone.now() >= session.room.open_from,
        "mediates": mediates,
        "can_change": runs and session.state == SessionState.LISTED,
        "asks_outcome": mediates and begun and not session.outcome,
    }


def session_of(room: Room) -> Session | None:
    """The session that a room, or the room it is a side room of, belongs to."""
    return (
        Session.objects.filter(room=room.inside_id or room.pk)
        .select_related("case", "room")
        .prefetch_related(Prefetch("caucuses", Caucus.objects.filter(closed_at=None)))
        .first()
    )
