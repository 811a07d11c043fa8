"""Taking the record away in the forms other programs read."""

import logging
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from court.accounts.access import PersonRequest

from ..access import clearance_of, may_edit, readers, transcript_for
from ..exports import FORMATS, export
from ..models import Transcript, TranscriptState, Version, VersionKind
from ..pages.index import version_to_cite
from ..text import Damaged

log = logging.getLogger(__name__)

NOW = "now"


def _named() -> list[tuple[str, str, str]]:
    """Each form with its name and what it is good for, in the reader's language."""
    told = {
        "docx": (_("Document (DOCX)"), _("To read, mark and quote in a word processor.")),
        "text": (_("Plain text"), _("Who said what, with the time of each turn.")),
        "numbered": (_("Plain text with page and line"), _("The numbered pages, as they are cited.")),
        "webvtt": (_("Captions (WebVTT)"), _("To show with sound or picture on the web.")),
        "ttml": (_("Captions (TTML)"), _("To show with sound or picture in broadcast players.")),
        "json": (_("Data (JSON)"), _("Every word with its number and its times, for other programs.")),
        "akoma-ntoso": (_("Legal document (Akoma Ntoso)"), _("For archives and other courts' systems.")),
    }
    return [(name, *told[name]) for name in FORMATS]


@require_safe
@readers
def exports(request: PersonRequest, number: int) -> HttpResponse:
    """The forms the record can be taken away in."""
    transcript = transcript_for(request.user, number)
    context: dict[str, Any] = {
        "transcript": transcript,
        "case": transcript.case,
        "ready": transcript.utterances.exists(),
        "versions": _offered(request, transcript),
        "asked": request.GET.get("version") or _first(transcript),
        "forms": _named(),
    }
    return render(request, "transcripts/exports.html", context)


def _first(transcript: Transcript) -> str:
    """The version that is offered first: the certified one; without any, the text as it stands."""
    version = version_to_cite(transcript)
    return str(version.number) if version and version.kind == VersionKind.CERTIFIED else NOW


def _offered(request: PersonRequest, transcript: Transcript) -> list[Version]:
    """The versions this reader may choose from: the certified ones; the court, every one that was kept."""
    kept = Version.objects.filter(transcript=transcript).order_by("-number")
    return list(kept if may_edit(request.user, transcript) else kept.filter(certificate__isnull=False))


@require_safe
@never_cache
@readers
def export_file(request: PersonRequest, number: int, format: str) -> HttpResponse:
    """The record in one form, without what is hidden from this reader."""
    transcript = transcript_for(request.user, number)
    if format not in FORMATS or transcript.state != TranscriptState.READY:
        raise Http404
    asked = request.GET.get("version") or _first(transcript)
    version = next((one for one in _offered(request, transcript) if str(one.number) == asked), None)
    if version is None and asked != NOW:
        raise Http404
    try:
        made = export(transcript, format, clearance=clearance_of(request.user, transcript), version=version)
    except Damaged as fault:
        log.error("A version of transcript %s is damaged.", transcript.pk)
        raise Http404 from fault
    return HttpResponse(
        made.content,
        content_type=made.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{made.name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
