"""The record on numbered pages: reading them beside the sound, going to a line, taking the PDF."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in
from court.evidence.ranges import ranged
from court.work.models import Job, State

from .. import renditions
from ..access import clearance_of, readers, transcript_for
from ..earlier import earlier
from ..models import Clearance, PageFormat, PagesFile, Pagination, Transcript, Version
from ..pages import index, services
from ..pages.back import standing
from ..pages.masking import blocked, hidden_words
from ..pages.printing import Book
from ..pages.profiles import court_format, profile_of
from ..reading import Length, clock, tongue
from .reading import SPEEDS

AT_WORK = (State.WAITING, State.RUNNING)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line as the page shows it; ``second`` and ``clock`` are empty where nothing on it was said."""

    line: int
    text: str
    heading: bool
    second: float | None
    clock: str


@require_safe
@readers
def pages(request: PersonRequest, number: int) -> HttpResponse:
    """One numbered page of the record, as this reader may have it, beside its sound."""
    transcript = transcript_for(request.user, number)
    clearance = clearance_of(request.user, transcript)
    certified = _certified(transcript)
    version = _version(request, transcript, certified)
    format = _format(request)
    kept = {"v": version.number} if version and certified and version != certified[0] else {}
    context: dict[str, Any] = {
        "certified": certified,
        "older": bool(kept),
        "kept": f"&v={version.number}" if kept and version else "",
        "transcript": transcript,
        "case": transcript.case,
        "version": version,
        "format": format,
        "formats": PageFormat.choices,
        "court_format": court_format().label,
        "asked": request.GET.get("at", "").strip(),
    }
    if version is None:
        return render(request, "transcripts/pages.html", context)
    pagination = services.laid_out(version, format)
    context |= {
        "standing": standing(version),
        "changes": transcript.edits - version.through_edit,
        "progress_url": _address("transcript_pages_progress", transcript, format=format, **kept),
    }
    if pagination is None:
        return render(request, "transcripts/pages.html", {**context, "laying_out": True})
    status = 200
    if asked := _asked(request, pagination):
        page, anchor = asked
        if anchor:
            return redirect(f"{_address('transcript_pages', transcript, format=format, page=page, **kept)}#{anchor}")
    else:
        page, status = 1, 400
        context["problem"] = _("There is no such page and line. Pages go from 1 to %(pages)s.") % {
            "pages": pagination.pages
        }
    context |= _page(pagination, page, clearance) | _files(version, format, clearance) | _player(transcript, clearance)
    return render(request, "transcripts/pages.html", context, status=status)


def _certified(transcript: Transcript) -> list[Version]:
    """The certified versions, the newest first: pages and lines of each stay what they were."""
    return list(Version.objects.filter(transcript=transcript, certificate__isnull=False).order_by("-number"))


def _version(request: PersonRequest, transcript: Transcript, certified: list[Version]) -> Version | None:
    """The version to show: the one to cite, or the certified one that is asked for. Raises Http404."""
    asked = request.POST.get("v") or request.GET.get("v", "")
    if not asked:
        return index.version_to_cite(transcript)
    for one in certified:
        if str(one.number) == asked:
            return one
    raise Http404


def _format(request: PersonRequest) -> str:
    asked = request.POST.get("format") or request.GET.get("format", "")
    return asked if asked in PageFormat.values else court_format()


def _address(name: str, transcript: Transcript, **asked: object) -> str:
    return f"{reverse(name, args=[transcript.pk])}?{urlencode(asked)}"


def _asked(request: PersonRequest, pagination: Pagination) -> tuple[int, str] | None:
    """The page that is asked for, and the line on it; None if there is none such."""
    if at := request.GET.get("at", "").strip():
        found = index.read_citation(at if ":" in at else f"{at}:1")
        if found is None:
            return None
        page, line = found[0]
        if not (1 <= page <= pagination.pages and 1 <= line <= profile_of(pagination.format).lines):
            return None
        return page, f"p{page}l{line}"
    word = request.GET.get("w", "").partition("-")[0]
    if word.isdecimal():
        place = index.places_of(pagination).of.get(int(word[:9])) or _by_seconds(pagination, int(word[:9]))
        return (place[0], f"p{place[0]}l{place[1]}") if place else None
    page_asked = request.GET.get("page", "")
    if not page_asked:
        return 1, ""
    if not (page_asked.isdecimal() and len(page_asked) < 10 and 1 <= int(page_asked) <= pagination.pages):
        return None
    return int(page_asked), ""


def _by_seconds(pagination: Pagination, word: int) -> index.Place | None:
    """The line that was being said when a word was that these pages do not have, for it was heard anew."""
    was = earlier(pagination.version.transcript, word, word)
    lines = pagination.page_lines.filter(second__lte=was.start + 0.005) if was else pagination.page_lines.none()
    return lines.order_by("-second", "page", "line").values_list("page", "line").first()


def _page(pagination: Pagination, page: int, clearance: Clearance) -> dict[str, Any]:
    """The lines of a page without what is hidden, and its neighbours."""
    profile = profile_of(pagination.format)
    hidden = hidden_words(pagination.version, clearance)
    veil = Book(pagination, clearance).veil if hidden and page < pagination.first_page else None
    there: dict[int, Numbered] = {}
    for line in pagination.page_lines.filter(page=page):
        text, _words = blocked(line.text, line.words, hidden, profile.columns)
        text = veil.line(text) if veil else text
        at = line.second
        there[line.line] = Numbered(line.line, text, line.heading, at, clock(at) if at is not None else "")
    lines = [there.get(at) or Numbered(at, "", False, None, "") for at in range(1, profile.lines + 1)]
    return {
        "pagination": pagination,
        "page": page,
        "lines": lines,
        "earlier": page - 1,
        "later": page + 1 if page < pagination.pages else 0,
        "language": tongue(pagination.language.split("-")[0]),
        "some_hidden": bool(hidden),
    }


def _files(version: Version, format: str, clearance: Clearance) -> dict[str, Any]:
    """The PDF's volumes, or how far its printing is."""
    files = list(services.files_of(version, format, clearance))
    job = services.printing_of(version, format, clearance)
    printing = job is not None and job.state in AT_WORK
    return {
        "files": [] if printing else files,
        "printing": printing,
        "share": job.progress if job else 0.0,
        "not_printed": job is not None and job.state == State.FAILED,
    }


def _player(transcript: Transcript, clearance: Clearance) -> dict[str, Any]:
    return {
        "hears": renditions.sound_for(transcript, clearance) is not None,
        "reading": Length(transcript.sound_seconds or 0.0),
        "speeds": SPEEDS,
    }


@require_GET
@never_cache
@readers
def progress(request: PersonRequest, number: int) -> JsonResponse:
    """How far the pages are: laid out, or printed."""
    transcript = transcript_for(request.user, number)
    version = _version(request, transcript, _certified(transcript))
    if version is None:
        raise Http404
    format = _format(request)
    clearance = clearance_of(request.user, transcript)
    job: Job | None = services.printing_of(version, format, clearance)
    laying = services.laying_of(version, format)
    # A version kept meanwhile has work of its own: the page that waits for the older one is loaded again.
    making = any(one is not None and one.state in AT_WORK for one in (job, laying))
    share = job.progress if job else 0.0
    return JsonResponse({"state": "running" if making else "ready", "share": round(share, 3), "tracks": []})


@require_POST
@signed_in
def print_pages(request: PersonRequest, number: int) -> HttpResponse:
    """Have the PDF made for this reader."""
    transcript = transcript_for(request.user, number)
    version = _version(request, transcript, _certified(transcript))
    if version is None:
        raise Http404
    format = _format(request)
    services.print_pages(version, format, clearance_of(request.user, transcript))
    messages.info(request, _("The PDF is being made. It appears on this page when it is ready."))
    asked = {"v": request.POST["v"]} if request.POST.get("v") else {}
    return redirect(_address("transcript_pages", transcript, format=format, **asked))


@require_safe
@readers
def file(request: PersonRequest, number: int, file: int) -> HttpResponseBase:
    """A volume of the PDF, as long as what it shows is still so."""
    transcript = transcript_for(request.user, number)
    clearance = clearance_of(request.user, transcript)
    found = (
        PagesFile.objects.filter(pk=file, pagination__version__transcript=transcript, clearance__lte=clearance)
        .select_related("pagination__version__transcript__case")
        .first()
    )
    if found is None or not services.is_true(found) or not found.file.storage.exists(str(found.file.name)):
        raise Http404
    volume = f"-{found.volume}" if found.volume > 1 else ""
    called = f"{transcript.case.label}-transcript-{transcript.pk}{volume}.pdf"
    return ranged(request, found.file, media_type="application/pdf", filename=called)
