"""Letters about redactions. None of them tells what is hidden."""

from django.conf import settings
from django.urls import reverse

from court.accounts.models import User
from court.accounts.post import write_letter
from court.cases.models import Appointment, Case, Role

from ..models import Redaction, RedactionState, Transcript


def keepers(case: Case) -> list[User]:
    """Who keeps the case's record: its judges and the clerks who have a part in it."""
    parts = Appointment.objects.filter(case=case, role__in=[Role.JUDGE, Role.CLERK])
    return list(User.objects.filter(pk__in=parts.values("user"), is_active=True).order_by("pk"))


def _page(transcript: Transcript) -> str:
    return settings.COURT_ORIGIN + reverse("redactions", args=[transcript.pk])


def tell_court(redaction: Redaction) -> None:
    """Somebody asks for words to be hidden."""
    _tell_keepers("redaction_asked", redaction)


def tell_court_of_withdrawal(redaction: Redaction) -> None:
    """Who asked for words to be hidden has taken it back."""
    _tell_keepers("redaction_withdrawn", redaction)


def _tell_keepers(letter: str, redaction: Redaction) -> None:
    transcript = redaction.transcript
    for person in keepers(transcript.case):
        write_letter(
            letter,
            to=person.email,
            key=f"{letter}:{redaction.batch}:{person.pk}",
            language=person.language,
            name=person.get_full_name() or person.email,
            case=transcript.case,
            asked_by=redaction.asked_by.get_full_name(),
            url=_page(transcript),
        )


def tell_who_asked(redaction: Redaction) -> None:
    """The court has decided on what somebody asked for."""
    person, transcript = redaction.asked_by, redaction.transcript
    if person == redaction.decided_by:
        return
    write_letter(
        "redaction_decided",
        to=person.email,
        key=f"redaction_decided:{redaction.batch}:{redaction.state}",
        language=person.language,
        name=person.get_full_name() or person.email,
        case=transcript.case,
        allowed=redaction.state == RedactionState.APPLIED,
        lifted=redaction.state == RedactionState.LIFTED,
        url=_page(transcript),
    )


def tell_of_leaks(transcript: Transcript, *, key: str, places: int) -> None:
    """Words that are hidden still stand somewhere."""
    for person in keepers(transcript.case):
        write_letter(
            "redaction_leak",
            to=person.email,
            key=f"redaction_leak:{transcript.pk}:{key}:{person.pk}",
            language=person.language,
            name=person.get_full_name() or person.email,
            case=transcript.case,
            places=places,
            url=_page(transcript),
        )
