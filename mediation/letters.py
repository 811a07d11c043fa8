"""What people are told by e-mail of a mediation. The judge is told nothing."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.accounts.post import write_letter
from court.hearings.calendar import CANCEL, REQUEST, calendar_file, calendar_uid
from court.wording import write_when

from .models import Session

METHODS = {"mediation_arranged": REQUEST, "mediation_moved": REQUEST, "mediation_cancelled": CANCEL}


def concerned(session: Session) -> list[User]:
    """The mediator and the parties who joined the case."""
    parties = User.objects.filter(parties__case=session.case, is_active=True)
    return [session.mediator, *parties.exclude(pk=session.mediator_id).distinct().order_by("pk")]


def tell_all(session: Session, letter: str, *, reason: str = "") -> None:
    """Queue a letter of this kind to everybody concerned. Call in the deed's transaction."""
    for person in concerned(session):
        tell(session, letter, person, reason=reason)


def tell(session: Session, letter: str, person: User, *, reason: str = "") -> None:
    """Queue one letter; asked twice for the same letter, it is sent once."""
    with translation.override(person.language):
        when = write_when(session.starts_at)
    write_letter(
        letter,
        to=person.email,
        key=f"{letter}:{session.pk}:{session.sequence}:{person.pk}",
        language=person.language,
        calendar=session_calendar(session, person, method=METHODS[letter]),
        name=person.get_full_name(),
        mediates=person.pk == session.mediator_id,
        case=session.case.label,
        title=session.case.title,
        mediator=session.mediator.get_full_name(),
        when=when,
        minutes=session.minutes,
        page=settings.COURT_ORIGIN + reverse("mediation", args=[session.pk]),
        reason=reason,
    )


def session_calendar(session: Session, person: User, *, method: str = REQUEST) -> str:
    """The session as an .ics file for one person, in their language."""
    with translation.override(person.language):
        return calendar_file(
            uid=calendar_uid("mediation", session.pk),
            sequence=session.sequence,
            starts_at=session.starts_at,
            minutes=session.minutes,
            summary=_("Mediation %(case)s") % {"case": session.case.label},
            description=_("A talk by live video with the mediator %(mediator)s. Without prejudice.")
            % {"mediator": session.mediator.get_full_name()},
            url=settings.COURT_ORIGIN + reverse("mediation", args=[session.pk]),
            method=method,
            attendees=[(person.get_full_name(), person.email)],
        )
