"""The record cited in orders: what a citation says, where it leads, and what of it a reader may hear."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.cases.models import Case
from court.orders.citing import Cited, Record, citation, citations
from court.wording import write_when

from . import renditions
from .access import clearance_of, transcripts_for
from .earlier import earlier
from .extracts import NoSuchPassage, TooLong, passage
from .models import Clearance, Transcript, TranscriptState
from .quoting import link_to, quotation


def cited_text(transcript: Transcript, first: int, last: int, *, language: str) -> str:
    """A quotation with its citation, for an order in this language. Raises NoSuchPassage or TooLong.

    The people of the case read the order: what is sealed from them is not in it, whoever inserts it.
    """
    with translation.override(language):
        found = quotation(transcript, first, last, clearance=Clearance.PARTY)
        words = " ".join(found.quoted.split())  # one paragraph of the order
        return f"{words} ({found.source}) {citation(transcript.pk, first, last)}"


def follow(case: Case, record: int, first: int, last: int, reader: User | None) -> Cited | None:
    """Where a citation leads: only to a record of the order's own case. Sound for a reader who may hear it."""
    transcript = Transcript.objects.filter(pk=record, case=case).select_related("case", "recording").first()
    if transcript is None:
        return None
    url = settings.COURT_ORIGIN + link_to(transcript, first, last)
    if reader is None or not transcripts_for(reader).filter(pk=record).exists():
        return Cited(url)
    clearance = clearance_of(reader, transcript)
    if renditions.sound_for(transcript, clearance) is None:
        return Cited(url)
    try:
        found = passage(transcript, first, last, clearance=clearance)
    except TooLong:
        return Cited(url)
    except NoSuchPassage:  # heard anew since: the page says so, and the seconds that were cited are played
        was = earlier(transcript, first, last)
        return Cited(url, reverse("transcript_sound", args=[record]), was.start, was.end) if was else Cited(url)
    return Cited(url, reverse("transcript_sound", args=[record]), found.start, found.end)


def records(case: Case) -> list[Record]:
    """The transcripts of a case that can be cited."""
    ready = Transcript.objects.filter(case=case, state=TranscriptState.READY).select_related("recording")
    return [
        Record(
            _("Transcript of the hearing, %(when)s") % {"when": write_when(one.recording.started_at, style="short")},
            reverse("transcript", args=[one.pk]),
            reverse("transcript_quote", args=[one.pk]),
        )
        for one in ready.order_by("-created_at")
    ]


citations(follow, records)
