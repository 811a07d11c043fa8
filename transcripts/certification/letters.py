"""Letters about the record. None of them repeats a word of it."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from court.accounts.models import User
from court.accounts.post import write_letter
from court.cases.models import Appointment, Case, Role
from court.wording import write_when

from ..models import Certificate, Correction, CorrectionState
from .limits import signing_limit
from .listed import page_with


def keepers(case: Case) -> list[User]:
    """Who keeps the case's record: its judges and the clerks who have a part in it."""
    parts = Appointment.objects.filter(case=case, role__in=[Role.JUDGE, Role.CLERK])
    return list(User.objects.filter(pk__in=parts.values("user"), is_active=True).order_by("pk"))


def asked(correction: Correction, others: Iterable[User]) -> None:
    """Somebody asks for a correction: the court decides, and the other people may want to look."""
    case, there = correction.transcript.case, page_with(correction)
    for person in {*keepers(case), *others}:
        write_letter(
            "correction_asked",
            to=person.email,
            key=f"correction_asked:{correction.pk}:{person.pk}",
            language=person.language,
            name=person.name,
            case=case,
            asked_by=correction.asked_by.name,
            url=settings.COURT_ORIGIN + there,
        )


def decided(correction: Correction, people: Iterable[User]) -> None:
    """The court decided on a correction."""
    case, there = correction.transcript.case, page_with(correction)
    for person in people:
        write_letter(
            "correction_decided",
            to=person.email,
            key=f"correction_decided:{correction.pk}:{person.pk}",
            language=person.language,
            name=person.name,
            case=case,
            allowed=correction.state == CorrectionState.ALLOWED,
            url=settings.COURT_ORIGIN + there,
        )


def certified(certificate: Certificate, people: Iterable[User]) -> None:
    """The record was certified; the parties are to sign it."""
    limit = signing_limit(certificate)
    for person in people:
        with translation.override(person.language):
            due_at = write_when(limit.due_at) if limit else ""
        write_letter(
            "record_certified",
            to=person.email,
            key=f"record_certified:{certificate.pk}:{person.pk}",
            language=person.language,
            name=person.name,
            case=certificate.transcript.case,
            due_at=due_at,
            url=settings.COURT_ORIGIN + reverse("certificate_page", args=[certificate.transcript_id]),
        )
