"""Every place where words of a case stand that readers below the court can reach, one after the other.

What the court alone reads (written records, versions that nobody certified) is no such place. Files to take away of an
older certified version have the words of its numbered pages, and are not made for this.
"""

import io
import logging
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from court.cases.docket import sentence
from court.cases.models import Audience, Case
from court.evidence.models import Exhibit
from court.hearings.models import LogNote
from court.orders.models import Order, OrderState

from .exports import FORMATS, export
from .extracts import paged
from .models import (
    Clearance,
    Correction,
    PagesFile,
    Pagination,
    RecordSignature,
    Transcript,
    TranscriptState,
    Version,
    Writing,
    WritingKind,
)
from .pages.index import paginated
from .pages.printing import Book
from .pages.services import is_true
from .reading import clock
from .text import Damaged, Row, rows_of

log = logging.getLogger(__name__)

_TAGS = re.compile(r"<[^>]*>")


# What stands before the bar in the name of a place, as a person reads it.
KINDS = {
    "transcript": _("Transcript"),
    "page": _("Numbered page"),
    "pdf": _("PDF of the record"),
    "file": _("File to take away"),
    "file-name": _("Name of a file to take away"),
    "case-title": _("Title of the case"),
    "note": _("Log note"),
    "correction": _("Request for a correction"),
    "objection": _("Objection to the record"),
    "docket": _("Docket entry"),
    "order": _("Order"),
    "order-pdf": _("PDF of the order"),
    "exhibit": _("Exhibit"),
    "exhibit-name": _("File name of the exhibit"),
    "exhibit-text": _("Text of the exhibit"),
    "index": _("Search index"),
    "sound": _("Heard in the sound made for others, at"),
}


def named(place: str) -> str:
    """The name of a place in the active language."""
    kind, _bar, which = place.partition("|")
    return f"{KINDS[kind]} {which}".strip() if kind in KINDS else place


@dataclass(frozen=True, slots=True)
class Place:
    """A text and where it stands. ``row`` and ``transcript`` are set for a passage of a transcript.

    ``made_of`` is the number of the transcript a file is made of: what stands in its passages already is told there.
    """

    text: str
    name: str
    address: str
    transcript: Transcript | None = None
    row: Row | None = None
    made_of: int = 0


def passages(case: Case, clearance: Clearance) -> Iterator[Place]:
    """What readers of this clearance may read of every transcript of the case."""
    for transcript in Transcript.objects.filter(case=case, state=TranscriptState.READY).select_related("recording"):
        began = timezone.localtime(transcript.recording.started_at, timezone.get_default_timezone())
        page = reverse("transcript", args=[transcript.pk])
        for row in rows_of(transcript, clearance=clearance):
            name = f"transcript|{began:%Y-%m-%d %H:%M}, {clock(row['start'], hours=True)}, {row['speaker']}"
            yield Place(row["text"], name, f"{page}?t={row['start']:.2f}", transcript, row)


def printed(case: Case, clearance: Clearance) -> Iterator[Place]:
    """The numbered pages as they are made today for readers of this clearance, and the PDFs they are given."""
    for transcript in Transcript.objects.filter(case=case, state=TranscriptState.READY):
        address = reverse("transcript_pages", args=[transcript.pk])
        for pagination, of_version in _paginations(transcript):
            of = f"{transcript.pk}, v{of_version}" if of_version else str(transcript.pk)
            there = f"{address}?v={of_version}" if of_version else address
            for page in Book(pagination, clearance).pages:
                text = "\n".join([*(line.text for line in page.lines), *(page.entries or [])])
                yield Place(text, f"page|{page.number} ({of})", there, made_of=transcript.pk)
    files = PagesFile.objects.filter(pagination__version__transcript__case=case, clearance__lte=clearance)
    for file in files.select_related("pagination__version__transcript__case"):
        if not is_true(file) or not file.file.storage.exists(str(file.file.name)):
            continue
        transcript = file.pagination.version.transcript
        address = reverse("transcript_pages", args=[transcript.pk])
        for number, text in enumerate(text_of_pdf(file.file.path), start=1):
            yield Place(text, f"pdf|{file.pk}, {number} ({transcript.pk})", address, made_of=transcript.pk)


def _paginations(transcript: Transcript) -> Iterator[tuple[Pagination, int]]:
    """The pages of the version to cite (0), and of each certified before it, by its number."""
    if cited := paged(transcript):
        yield cited, 0
    older = Version.objects.filter(transcript=transcript, certificate__isnull=False).order_by("-number")
    for version in older.exclude(pk=cited.version_id) if cited else older:
        try:
            yield paginated(version), version.number
        except Damaged:
            log.error("Version %s of transcript %s is damaged.", version.number, transcript.pk)


def exported(case: Case, clearance: Clearance) -> Iterator[Place]:
    """The files readers of this clearance can take away, made anew: captions, data and the rest."""
    for transcript in Transcript.objects.filter(case=case, state=TranscriptState.READY).select_related("case"):
        address = reverse("transcript_exports", args=[transcript.pk])
        for form in FORMATS:
            made = export(transcript, form, clearance=clearance)
            text = _readable(made.content)
            yield Place(text, f"file|{form} ({transcript.pk})", address, made_of=transcript.pk)
            yield Place(made.name.replace("_", " "), f"file-name|{form} ({transcript.pk})", address)


def _readable(content: bytes) -> str:
    """The text of a file, without the tags; of an archive, of all that is packed in it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(_readable(packed.read(name)) for name in packed.namelist())
    return unescape(_TAGS.sub(" ", content.decode("utf-8", "replace")))


def papers(case: Case) -> Iterator[Place]:
    """All else that the people of the case read: notes, orders, exhibits, requests for correction, the docket."""
    yield Place(case.title, "case-title|", reverse("case", args=[case.label]))
    for note in LogNote.objects.filter(hearing__case=case):
        yield Place(note.text, f"note|{note.at:%Y-%m-%d} {note.clock}", reverse("hearing", args=[note.hearing_id]))
    yield from _orders(case)
    yield from _exhibits(case)
    for one in Correction.objects.filter(transcript__case=case):
        page = reverse("transcript", args=[one.transcript_id])
        yield Place("\n".join([one.stands, one.proposed, one.reason, one.answer]), f"correction|{one.pk}", page)
    for signature in RecordSignature.objects.filter(certificate__transcript__case=case).exclude(objection=""):
        page = reverse("transcript", args=[signature.certificate.transcript_id])
        yield Place(signature.objection, f"objection|{signature.name}", page)
    for entry in case.docket.filter(audience=Audience.ALL):
        text = "\n".join([sentence(entry), *map(str, entry.details.values())])
        yield Place(text, f"docket|{entry.leaf}", reverse("docket", args=[case.label]))


def _orders(case: Case) -> Iterator[Place]:
    for order in Order.objects.filter(case=case, state__in=[OrderState.SIGNED, OrderState.ISSUED]):
        page = reverse("order", args=[order.pk])
        text = "\n".join([order.title, order.background, order.findings, order.ordered])
        yield Place(text, f"order|{order.number}", page)
        if order.file and order.file.storage.exists(str(order.file.name)):
            yield Place("\n".join(text_of_pdf(order.file.path)), f"order-pdf|{order.number}", page)


def _exhibits(case: Case) -> Iterator[Place]:
    for exhibit in Exhibit.objects.filter(case=case, withdrawn_at=None):
        page = reverse("exhibit", args=[exhibit.pk])
        yield Place(f"{exhibit.title}\n{exhibit.shows}", f"exhibit|{exhibit.label}", page)
        yield Place(exhibit.original_name.replace("_", " "), f"exhibit-name|{exhibit.label}", page)
    for writing in Writing.objects.filter(case=case, kind=WritingKind.EXHIBIT):
        name = f"{writing.title}, p. {writing.page}" if writing.page else writing.title
        yield Place(writing.text, f"exhibit-text|{name}", reverse("exhibit", args=[writing.source]))


def text_of_pdf(path: str) -> list[str]:
    """The text of each page of a PDF, as poppler reads it; nothing of one that cannot be read."""
    command = ["pdftotext", "-q", "-enc", "UTF-8", path, "-"]
    read = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=300)
    return read.stdout.decode("utf-8", "replace").split("\f") if read.returncode == 0 else []
