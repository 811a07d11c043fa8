"""The list of corrections, in pages: oldest first, and none is ever taken away, so that each keeps its place."""

from django.db.models import Q, QuerySet
from django.urls import reverse

from ..models import Correction, CorrectionState, Transcript

PER_PAGE = 20


def corrections(transcript: Transcript | int) -> QuerySet[Correction]:
    """All that was asked for, oldest first."""
    found = Correction.objects.filter(transcript=transcript).order_by("asked_at", "pk")
    return found.select_related("asked_by", "decided_by", "edit")


def page_of(number: int) -> int:
    """The page on which the correction with this number stands, of those that begin with 1."""
    return (number - 1) // PER_PAGE + 1


def number_of(correction: Correction) -> int:
    """The number by which the list calls a correction."""
    before = Q(asked_at__lt=correction.asked_at) | Q(asked_at=correction.asked_at, pk__lt=correction.pk)
    return corrections(correction.transcript_id).filter(before).count() + 1


def page_with(correction: Correction) -> str:
    """The address of the page on which a correction stands."""
    return f"{reverse('errata', args=[correction.transcript_id])}?page={page_of(number_of(correction))}"


def waiting_page(transcript: Transcript) -> int:
    """The page with the first correction that waits for a decision; the first page if none does."""
    states = corrections(transcript).values_list("state", flat=True)
    return next((page_of(number) for number, state in enumerate(states, 1) if state == CorrectionState.ASKED), 1)
