"""Quotations: words of the record with who said them, where they stand, when they were said, and a link to them."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from court.wording import write_day

from .extracts import Passage, passage, place_of
from .models import Clearance, Transcript, Version
from .reading import clock


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage as it is quoted, in the language that was active when it was made."""

    passage: Passage
    place: str  # "3:14–3:16"; empty where the text stands on no pages
    source: str  # "Kim Jiwoo, C-2026-0012, hearing of 3 March 2026, 3:14–3:16, 0:04:12"
    address: str  # absolute

    @property
    def words(self) -> str:
        """The words alone. Of several speakers, each with their name, a line each."""
        parts = self.passage.parts
        if len(self.passage.speakers) == 1:
            return " ".join(part.text for part in parts)
        lines: list[str] = []
        before = ""
        for part in parts:
            lines += [f"{part.speaker}: {part.text}"] if part.speaker != before else [part.text]
            before = part.speaker
        return "\n".join(lines)

    @property
    def quoted(self) -> str:
        """The words in quotation marks."""
        # Translators: a quotation between quotation marks; the marks of the language.
        return pgettext("quotation", "“%(words)s”") % {"words": self.words}

    def written(self, style: str = "full") -> str:
        """The quotation in a style: ``full`` with source and link, ``words`` alone, ``citation``: source and link."""
        if style == "words":
            return self.words
        told = f"({self.source}, {self.address})"
        return told if style == "citation" else f"{self.quoted} {told}"

    def as_json(self) -> dict[str, object]:
        """What the page's script and other programs read."""
        found = self.passage
        return {
            "first": found.first,
            "last": found.last,
            "text": self.words,
            "quotation": self.written(),
            "speakers": found.speakers,
            "place": self.place,
            "source": self.source,
            "start": round(found.start, 3),
            "end": round(found.end, 3),
            "link": self.address,
            "hidden": found.hidden,
        }


def link_to(transcript: Transcript | int, first: int, last: int) -> str:
    """The path of the transcript's page opened at these words."""
    number = transcript if isinstance(transcript, int) else transcript.pk
    words = str(first) if first == last else f"{first}-{last}"
    return f"{reverse('transcript', args=[number])}?w={words}"


def quotation(
    transcript: Transcript, first: int, last: int, *, clearance: Clearance | int, version: Version | None = None
) -> Quotation:
    """Quote the words from one number to another for a reader. Raises NoSuchPassage or TooLong."""
    return quote(passage(transcript, first, last, clearance=clearance, version=version))


def quote(found: Passage) -> Quotation:
    """A passage as it is quoted."""
    transcript = found.transcript
    places = place_of(found)
    place = ""
    if places:
        first, last = (f"{page}:{line}" for page, line in places)
        place = first if first == last else f"{first}–{last}"
    began = timezone.localtime(transcript.recording.started_at, timezone.get_default_timezone())
    parts = [
        ", ".join(found.speakers),
        transcript.case.label,
        _("hearing of %(day)s") % {"day": write_day(began.date())},
        place,
        clock(found.start, hours=True),
    ]
    address = settings.COURT_ORIGIN + link_to(transcript, found.first, found.last)
    return Quotation(found, place, ", ".join(part for part in parts if part), address)
