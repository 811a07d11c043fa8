"""What people are told by e-mail of a hearing, each with a calendar file in their own language."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.accounts.post import write_letter
from court.wording import write_when

from .calendar import CANCEL, REQUEST, calendar_file, calendar_uid
from .models import Hearing

METHODS = {"hearing_listed": REQUEST, "hearing_moved": REQUEST, "hearing_cancelled": CANCEL}


@dataclass(frozen=True)
class Addressee:
    """One who gets a letter; ``seated`` False for a party who has not joined the case yet."""

    name: str
    email: str
    language: str
    seated: bool


def addressees(hearing: Hearing) -> list[Addressee]:
    """Everybody with a seat, and the parties who have not joined yet at the address the claim gives."""
    found = [
        Addressee(user.get_full_name() or user.email, user.email, user.language, True)
        for user in User.objects.filter(seats__room=hearing.room, seats__removed_at=None, is_active=True).order_by(
            "pk"
        )
    ]
    found += [
        Addressee(party.name, party.email, settings.LANGUAGE_CODE, False)
        for party in hearing.case.parties.filter(user=None).exclude(email="")
    ]
    return found


def tell_all(hearing: Hearing, letter: str, *, reason: str = "") -> None:
    """Queue a letter of this kind to everybody whom the hearing concerns. Call in the deed's transaction."""
    for addressee in addressees(hearing):
        tell(hearing, letter, addressee, reason=reason)


def tell(hearing: Hearing, letter: str, addressee: Addressee, *, reason: str = "") -> None:
    """Queue one letter; asked twice for the same letter, it is sent once."""
    page = settings.COURT_ORIGIN + reverse("hearing", args=[hearing.pk])
    room = settings.COURT_ORIGIN + reverse("room", args=[hearing.room_id])
    write_letter(
        letter,
        to=addressee.email,
        key=f"{letter}:{hearing.pk}:{hearing.sequence}:{addressee.email}:{'seat' if addressee.seated else 'party'}",
        language=addressee.language,
        calendar=hearing_calendar(hearing, addressee=addressee, method=METHODS[letter]),
        name=addressee.name,
        case=hearing.case.label,
        title=hearing.case.title,
        when=_when(hearing, addressee.language),
        minutes=hearing.minutes,
        judge=hearing.judge.get_full_name(),
        seated=addressee.seated,
        page=page,
        room=room,
        home=settings.COURT_ORIGIN + reverse("home"),
        reason=reason,
    )


def _when(hearing: Hearing, language: str) -> str:
    with translation.override(language):
        return write_when(hearing.starts_at)


def hearing_calendar(hearing: Hearing, *, addressee: Addressee, method: str = REQUEST) -> str:
    """The hearing as an .ics file for one person, in their language."""
    with translation.override(addressee.language):
        return calendar_file(
            uid=calendar_uid("hearing", hearing.pk),
            sequence=hearing.sequence,
            starts_at=hearing.starts_at,
            minutes=hearing.minutes,
            summary=_("Hearing %(case)s %(title)s") % {"case": hearing.case.label, "title": hearing.case.title},
            description=_(
                "A hearing by live video before Judge %(judge)s. Test your camera and microphone beforehand."
            )
            % {"judge": hearing.judge.get_full_name()},
            url=settings.COURT_ORIGIN
            + (reverse("room", args=[hearing.room_id]) if addressee.seated else reverse("home")),
            method=method,
            attendees=[(addressee.name, addressee.email)],
        )
