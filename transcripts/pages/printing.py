"""Numbered pages as a PDF: PDF/A-3a and PDF/UA-1, in volumes if they are many, signed if the record is certified.

What is hidden from a clearance is taken out of the lines before anything is made of them: the text, the word index,
the attached index and the bookmarks have nothing else to take words from.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from court.orders.glyphs import fit_to_print
from court.orders.rendering import css_string, declare_ua
from court.wording import write_day

from ..lacking import as_certified
from ..models import Certificate, Clearance, Pagination, RecordSignature, Transcript, Version
from ..text import hidden_from
from .back import Veil, certificate_of, certificate_page, decided_corrections, errata, lacked, standing
from .breaking import Broken
from .concordance import concordance
from .layout import paged
from .masking import blocked, hidden_words
from .profiles import Profile, profile_of

HERE = Path(__file__).resolve().parent
VOLUME = 320  # pages; a volume is made in memory: about 1 MB a page
INDEX_ROWS = 42  # lines of a column of the word index, in its smaller type
FACES = ("Noto Sans Mono CJK KR", "Noto Sans Mono CJK SC", "DejaVu Sans Mono")
MINUTE = 60


@dataclass
class Page:
    """A page to be printed: its lines, or the word index's entries."""

    number: int
    lines: list[Broken]
    entries: list[str] | None = None
    opens: str = ""  # the name of the part that begins on it


class Book:
    """All pages of a pagination as readers of one clearance have them, in the pagination's language."""

    def __init__(self, pagination: Pagination, clearance: Clearance | int) -> None:
        self.pagination = pagination
        self.version = pagination.version
        self.transcript: Transcript = self.version.transcript
        self.clearance = clearance
        self.profile: Profile = profile_of(pagination.format)
        self.hidden: Collection[int] = hidden_words(self.version, clearance)

    @cached_property
    def said(self) -> list[Page]:
        """The stored pages, without what is hidden."""
        pages: dict[int, Page] = {}
        veil = self.veil
        for number, text, words, heading, second in self._stored:
            if words:
                text, words = blocked(text, words, self.hidden, self.profile.columns)
            elif number < self.pagination.first_page:
                text = veil.line(text)
            pages.setdefault(number, Page(number, [])).lines.append(Broken(text, words, second, heading))
        return list(pages.values())

    @cached_property
    def _stored(self) -> list[tuple]:
        lines = self.pagination.page_lines.order_by("page", "line")
        return list(lines.values_list("page", "text", "words", "heading", "second"))

    @cached_property
    def veil(self) -> Veil:
        """Keeps hidden words out of what people wrote beside the record."""
        hidden: list[str] = []
        seen: list[str] = []
        if self.hidden:
            for _page, text, words, _heading, _second in self._stored:
                for number, first, last in words:
                    (hidden if number in self.hidden else seen).append(text[first:last])
        return Veil(hidden, seen)

    @cached_property
    def pages(self) -> list[Page]:
        """All pages. Those after what was said are made now and numbered on."""
        with self.spoken():
            pages = list(self.said)
            corrections = errata(self.pagination, self.profile, self.hidden, self.veil)
            pages += self._more(len(pages), corrections)
            pages += self._word_index(len(pages))
            pages += self._more(
                len(pages),
                certificate_page(self.version, self.profile, len(self.said), self.veil, whole=not self.hidden),
            )
        return pages

    def spoken(self) -> translation.override:
        """The language of the headings, while they are made."""
        return translation.override(self.pagination.language)

    def _more(self, before: int, lines: Sequence[Broken]) -> list[Page]:
        pages, _places = paged(lines, self.profile)
        return [Page(before + number, page) for number, page in enumerate(pages, 1)]

    def _word_index(self, before: int) -> list[Page]:
        lines = (
            ((page.number, at), line.text, line.words)
            for page in self.said[self.pagination.first_page - 1 :]
            for at, line in enumerate(page.lines, 1)
            if line.words
        )
        entries: list[str] = []
        for term, places, more in concordance(lines):
            told = ", ".join(f"{page}:{line}" for page, line in places)
            if more:
                told += " " + _("and %(count)s more") % {"count": more}
            entries.append(f"{term}  {told}")
        return [
            Page(before + number, [], part, opens=_("WORD INDEX") if number == 1 else "")
            for number, part in enumerate(_columns(entries, self.profile), 1)
        ]

    @cached_property
    def volumes(self) -> list[list[Page]]:
        """The pages by volumes."""
        return [self.pages[at : at + VOLUME] for at in range(0, len(self.pages), VOLUME)]


def _columns(entries: list[str], profile: Profile) -> list[list[str]]:
    """The entries of the word index by pages: as many as surely fit three columns of INDEX_ROWS lines."""
    pages: list[list[str]] = []
    room = 0
    wide = profile.columns * 10 // 3 // 7  # characters of a column in the smaller type, less its indent
    for entry in entries:
        taken = -(-len(entry) // max(wide - 4, 12)) + (1 if len(entry) > wide else 0)
        if taken > room:
            pages.append([])
            room = INDEX_ROWS * 3 - 6
        pages[-1].append(entry)
        room -= taken
    return pages


def digest_of(version: Version, clearance: Clearance | int) -> str:
    """SHA-256 of what a file shows beside the version: what is hidden, corrections, certificate, signatures."""
    certificate = Certificate.objects.filter(version=version).first()
    signed = RecordSignature.objects.filter(certificate=certificate).order_by("pk") if certificate else ()
    told = [
        hidden_from(clearance, version.transcript_id).digest,
        [(one.pk, one.state, one.answer) for one in decided_corrections(version)],
        certificate.sha256 if certificate else "",
        [(one.pk, one.objection) for one in signed],
    ]
    if lacks := as_certified(lacked(version, certificate)):
        told.append(lacks)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def render(book: Book, volume: int) -> bytes:
    """One volume's PDF, unsigned; ``volume`` counts from 1."""
    # WeasyPrint is slow to load; a process that prints nothing starts without it.
    from weasyprint import CSS, HTML, Attachment

    from court.orders.fetching import NothingFetched

    with book.spoken(), timezone.override(timezone.get_default_timezone()):
        pages = book.volumes[volume - 1]
        text = _document(book, volume, pages)
        styles = [
            CSS(string=(HERE / "pdf" / "pages.css").read_text()),
            CSS(string=_paper(book, volume)),
        ]
        attached = Attachment(
            string=json.dumps(line_index(book, pages), ensure_ascii=False, separators=(",", ":")),
            name="page-line-index.json",
            description=_("The time of each numbered line"),
            relationship="Supplement",
        )
        made: bytes = HTML(string=text, url_fetcher=NothingFetched()).write_pdf(
            stylesheets=styles,
            pdf_variant="pdf/a-3a",
            pdf_tags=True,
            attachments=[attached],
            finisher=declare_ua,
        )
    return made


def line_index(book: Book, pages: Sequence[Page]) -> dict[str, object]:
    """What is attached to a volume: for each line the second it begins at and its words' numbers."""
    version = book.version
    return {
        "form": "court-pages-1",
        "case": book.transcript.case.label,
        "transcript": book.transcript.pk,
        "version": version.number,
        "sha256": version.sha256 if not book.hidden else "",
        "format": book.pagination.format,
        "recording_started_at": book.transcript.recording.started_at.isoformat(),
        "lines": [
            {
                "page": page.number,
                "line": at,
                "second": line.second,
                "words": [number for number, *_rest in line.words],
            }
            for page in pages
            for at, line in enumerate(page.lines, 1)
            if line.words
        ],
    }


def title_of(book: Book, volume: int = 1) -> str:
    """The name of a file, in the active language."""
    day = timezone.localtime(book.transcript.recording.started_at, timezone.get_default_timezone()).date()
    title = _("Transcript of the hearing, %(case)s, %(day)s") % {
        "case": book.transcript.case.label,
        "day": write_day(day),
    }
    if len(book.volumes) > 1:
        title += " · " + _("volume %(volume)s of %(volumes)s") % {"volume": volume, "volumes": len(book.volumes)}
    return title


def _document(book: Book, volume: int, pages: Sequence[Page]) -> str:
    made = timezone.localtime(book.version.made_at).isoformat(timespec="seconds")
    title = escape(fit_to_print(title_of(book, volume), FACES))
    court = escape(fit_to_print(settings.COURT_NAME, FACES))
    head = (
        f'<!doctype html><html lang="{book.pagination.language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="author" content="{court}"><meta name="generator" content="{court}">'
        f'<meta name="dcterms.created" content="{made}"><meta name="dcterms.modified" content="{made}"></head><body>'
    )
    parts = [head]
    for place, page in enumerate(pages):
        parts.append(_section(page, book.profile, title if not place else ""))
    parts.append("</body></html>")
    return "".join(parts)


def _section(page: Page, profile: Profile, title: str) -> str:
    """A page. Lines of a paragraph stand in one element, so that they are read as one."""
    numbers = "" if page.entries is not None else "\n".join(map(str, range(1, profile.lines + 1)))
    parts = [
        f'<section data-page="{page.number}" data-numbers="{numbers}" data-times="{_times(page)}">',
        f'<h1 class="volume">{title}</h1>' if title else "",
    ]
    if page.entries is not None:
        if page.opens:
            parts.append(f'<h2 title="{escape(page.opens)}">{escape(page.opens)}</h2>')
        entries = (f"<p>{escape(fit_to_print(entry, FACES))}</p>" for entry in page.entries)
        return f'{"".join(parts)}<div class="index">{"".join(entries)}</div></section>'
    paragraph: list[str] = []
    for line in page.lines:
        text = escape(fit_to_print(line.text, FACES))
        if line.heading or (text.startswith("     ") and paragraph):
            parts.append(f"<p>{chr(10).join(paragraph)}</p>" if paragraph else "")
            paragraph = []
        if line.heading:
            parts.append(f'<h2 title="{text.strip()}">{text}</h2>')
        else:
            paragraph.append(text or " ")
    parts.append(f"<p>{chr(10).join(paragraph)}</p></section>" if paragraph else "</section>")
    return "".join(parts)


def _times(page: Page) -> str:
    """The times in the margin: at each line on which a passage begins, and at the first line that has one."""
    written: list[str] = []
    before = -1.0
    for line in page.lines:
        shown = line.second is not None and (before < 0 or line.text.startswith("     "))
        if shown and line.second is not None:
            before = line.second
            hours, rest = divmod(int(line.second), MINUTE * MINUTE)
            written.append(f"{hours}:{rest // MINUTE:02d}:{rest % MINUTE:02d}")
        else:
            written.append("\u00a0")
    return "\n".join(written)


def _paper(book: Book, volume: int) -> str:
    """The page's size, its grid and its margin boxes, for the format and in the language."""
    profile = book.profile
    version = book.version
    face = "Noto Sans Mono CJK SC" if book.pagination.language == "zh-hans" else "Noto Sans Mono CJK KR"
    high, wide = profile.lines * profile.leading, profile.columns * profile.font / 2 + 1
    top, left = (72.0, 90.0) if profile.paper.endswith("in") else (80.0, 84.0)
    right = (612.0 if profile.paper.endswith("in") else 595.28) - left - wide
    foot = (792.0 if profile.paper.endswith("in") else 841.89) - top - high - 6
    small = f'font: 8pt "{face}"; white-space: pre; color: #000;'
    beside = f"vertical-align: top; white-space: pre; height: {high}pt;"
    column = f'font: {profile.font * 0.75:.2f}pt/{profile.leading}pt "{face}"; {beside}'
    case = css_string(fit_to_print(f"{settings.COURT_NAME} · {book.transcript.case.label}", FACES))
    status = standing(version) + (
        " · " + _("volume %(volume)s of %(volumes)s") % {"volume": volume, "volumes": len(book.volumes)}
        if len(book.volumes) > 1
        else ""
    )
    if book.hidden:
        status += " · " + _("some words are left out")
    status_box = css_string(fit_to_print(status, FACES))
    certified = "bold" if certificate_of(version) is None else "normal"
    return f"""
    @page {{ size: {profile.paper}; margin: {top}pt {right:.2f}pt {foot:.2f}pt {left}pt;
      @top-left {{ content: {case}; {small} vertical-align: middle; }}
      @top-right {{ content: string(page, first); {small} vertical-align: middle; text-align: right; }}
      @bottom-center {{ content: {status_box}; {small} font-weight: {certified}; vertical-align: middle; }}
      @left-middle {{ content: string(numbers, first); {column} text-align: right;
        padding-right: 14pt; border-right: 0.6pt solid #000; margin-right: 8pt; }}
      @right-middle {{ content: string(times, first); {column} text-align: left;
        color: #444; font-size: 7pt; padding-left: 8pt; }} }}
    html {{ font-size: {profile.font}pt; line-height: {profile.leading}pt; }}
    .index {{ font-size: {profile.font * 0.62:.2f}pt; line-height: {(high - profile.leading) / (INDEX_ROWS + 1):.3f}pt;
      height: {high - profile.leading - 2:.2f}pt; }}
    """
