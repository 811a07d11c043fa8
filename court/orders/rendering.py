"""The order as a PDF: PDF/A-3a and PDF/UA-1, made by WeasyPrint from the same document as the page shows.

Nothing is fetched while it is made: the one picture is a data: address, and every other address is refused.
"""

import base64
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from court.wording import write_when

from .glyphs import fit_to_print
from .models import Order
from .tagging import margins_as_artifacts
from .wording import names_of

HERE = Path(__file__).resolve().parent
EMBLEM = HERE.parent / "static" / "court" / "emblem.svg"

# PDF/UA-1 beside PDF/A: the identifier, and its schema declared as PDF/A demands (ISO 19005-3, 6.6.2.3).
UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description></rdf:li></rdf:Seq>
</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""

_OWN_NUMBER = re.compile(r"^\s*(?:\d{1,3}\s*[.)、．]|\(\d{1,3}\))\s+")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, parted by empty lines; a number the judge typed before one is left to the list."""
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return [_OWN_NUMBER.sub("", part) for part in parts if part]


def emblem() -> str:
    """The court's emblem as a data: address."""
    return "data:image/svg+xml;base64," + base64.b64encode(EMBLEM.read_bytes()).decode()


def document(order: Order) -> dict[str, Any]:
    """What the order's document is rendered with, on the page and on paper."""
    background, findings = paragraphs(order.background), paragraphs(order.findings)
    with translation.override(order.language):
        claimant, respondent = names_of(order.case, "claimant"), names_of(order.case, "respondent")
        signed_words = write_when(order.signed_at) if order.signed_at else ""
    return {
        "order": order,
        "court_name": settings.COURT_NAME,
        "claimant": claimant,
        "respondent": respondent,
        "background": background,
        "findings": findings,
        "findings_start": len(background) + 1,
        "ordered": paragraphs(order.ordered),
        "verify_at": settings.COURT_ORIGIN + reverse("verify"),
        "signed_words": signed_words,
    }


def _printed(value: Any) -> Any:
    if isinstance(value, str):
        return fit_to_print(value)
    return [fit_to_print(part) for part in value] if isinstance(value, list) else value


def css_string(text: str) -> str:
    """A CSS string literal (CSS Syntax 3, section 4.3.5)."""
    return '"' + "".join(c if c.isalnum() or c in " .-/·" else f"\\{ord(c):x} " for c in text) + '"'


def _footer(order: Order) -> str:
    """The margin boxes: case and order number, page x of y, in the order's language."""
    left = css_string(" · ".join(part for part in (settings.COURT_NAME, order.number or order.case.label) if part))
    # Translators: the foot of each page of an order. Keep {page} and {pages}.
    words = _("Page {page} of {pages}")
    parts = re.split(r"\{(page|pages)\}", words)
    right = " ".join(f"counter({part})" if place % 2 else css_string(part) for place, part in enumerate(parts) if part)
    face = '"Noto Serif", "Noto Serif CJK KR", serif' if order.language != "zh-hans" else '"Noto Serif CJK SC", serif'
    box = f"font: 8.5pt {face}; color: #333; vertical-align: top; padding-top: 6mm; white-space: nowrap;"
    return f"@page {{ @bottom-left {{ content: {left}; {box} }} @bottom-right {{ content: {right}; {box} }} }}"


def declare_ua(_document: Any, pdf: Any) -> None:
    """Make a PDF that is PDF/UA-1 as well, and say so in it: a finisher for WeasyPrint."""
    margins_as_artifacts(pdf)
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    written = b"".join(part if isinstance(part, bytes) else str(part).encode() for part in stream.stream)
    stream.stream = [written.replace(b"</rdf:RDF>", UA, 1)]
    pdf.catalog["ViewerPreferences"] = "<< /DisplayDocTitle true >>"


def render_order(order: Order) -> bytes:
    """The order's PDF, unsigned. Raises FatalURLFetchingError if it refers to anything outside itself."""
    # WeasyPrint is slow to load; a process that prints nothing starts without it.
    from weasyprint import CSS, HTML

    from .fetching import NothingFetched

    with translation.override(order.language), timezone.override(settings.TIME_ZONE):
        parts = {name: _printed(value) for name, value in document(order).items()}
        parts.update(
            emblem=emblem(),
            title=fit_to_print(order.title),
            judge=fit_to_print(order.written_by.name),
            made_at=_iso(order.signed_at),
            paper=True,
        )
        text = render_to_string("orders/paper.html", parts)
        styles = [CSS(string=(HERE / "pdf" / "order.css").read_text()), CSS(string=_footer(order))]
    made: bytes = HTML(string=text, url_fetcher=NothingFetched()).write_pdf(
        stylesheets=styles,
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
        presentational_hints=True,  # the numbers at which lists start
        finisher=declare_ua,
    )
    return made


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
