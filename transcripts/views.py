"""The transcript with its sound, and search."""

import mimetypes
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in
from court.evidence.ranges import ranged
from court.rooms.models import TrackKind

from . import services, sounds
from .access import may_remake, transcript_for
from .asking import NothingToFind
from .forms import SearchForm
from .models import TranscriptState
from .queries import progress_of
from .reading import clock, reading_of, role_name, tongue
from .search import DEPTH, Found, Hit, search

PER_PAGE = 20
SPEEDS = ("0.75", "1", "1.25", "1.5", "2")


@require_safe
@signed_in
def transcript(request: PersonRequest, number: int) -> HttpResponse:
    """The text of a recording beside its sound."""
    found = transcript_for(request.user, number)
    reading = reading_of(found)
    making = found.state in services.IN_THE_MAKING
    context = {
        "transcript": found,
        "case": found.case,
        "hearing": found.hearing,
        "reading": reading,
        "making": making,
        "failed": found.state == TranscriptState.FAILED,
        "progress": progress_of(found) if making else None,
        "may_remake": not making and may_remake(request.user, found),
        "speeds": SPEEDS,
        "pictures": found.recording.tracks.filter(kind=TrackKind.PICTURE, assembled_at__isnull=False).exclude(file=""),
    }
    return render(request, "transcripts/transcript.html", context)


@require_GET
@never_cache
@signed_in
def progress(request: PersonRequest, number: int) -> JsonResponse:
    """How far a transcript is, for the page that waits for it."""
    found = transcript_for(request.user, number)
    share = progress_of(found).share if found.state in services.IN_THE_MAKING else 1.0
    return JsonResponse({"state": found.state, "share": round(share, 3), "sound": bool(found.sound)})


@require_POST
@signed_in
def again(request: PersonRequest, number: int) -> HttpResponse:
    """Have the recording transcribed again."""
    found = transcript_for(request.user, number)
    if not may_remake(request.user, found):
        raise Http404
    if services.transcribe_again(found, by=request.user):
        messages.success(request, _("The recording will be transcribed again."))
    else:
        messages.info(request, _("The recording is being transcribed already."))
    return redirect("transcript", number)


@require_safe
@signed_in
def sound(request: PersonRequest, number: int) -> HttpResponseBase:
    """The sound of all tracks together."""
    found = transcript_for(request.user, number)
    if not found.sound or not found.sound.storage.exists(str(found.sound.name)):
        raise Http404
    return ranged(request, found.sound, media_type=sounds.MIXED_TYPE, inline=True)


@require_safe
@signed_in
def picture(request: PersonRequest, number: int, track: int) -> HttpResponseBase:
    """One person's picture."""
    found = transcript_for(request.user, number)
    seen = found.recording.tracks.filter(pk=track, kind=TrackKind.PICTURE).exclude(file="").first()
    if seen is None or not seen.file.storage.exists(str(seen.file.name)):
        raise Http404
    media_type = mimetypes.guess_type(str(seen.file.name))[0] or "video/webm"
    return ranged(request, seen.file, media_type=media_type, inline=True)


@dataclass
class Passages:
    """Search results as a paginator slices them: asks for one page's hits, knows the count of all."""

    typed: str
    request: PersonRequest
    form: SearchForm

    @cached_property
    def first(self) -> Found:
        """The first page, which every page's count comes from."""
        return self._find(0, PER_PAGE)

    def _find(self, offset: int, limit: int) -> Found:
        return search(self.typed, user=self.request.user, filters=self.form.filters(), offset=offset, limit=limit)

    def count(self) -> int:
        """How many passages there are, up to DEPTH."""
        return self.first.total

    def __len__(self) -> int:
        return self.first.total

    def __getitem__(self, part: slice) -> list[Hit]:
        if part.start == 0:
            return self.first.hits
        return self._find(part.start, part.stop - part.start).hits


@require_safe
@signed_in
def search_page(request: PersonRequest) -> HttpResponse:
    """Search what was said in the hearings this person may read."""
    asked = any(request.GET.get(name, "").strip() for name in SearchForm.base_fields)
    form = SearchForm(request.GET if asked else None)
    page: Page | None = None
    more = False
    if asked and form.is_valid():
        passages = Passages(form.cleaned_data["q"], request, form)
        try:
            page = Paginator(passages, PER_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
            more = passages.first.more
        except NothingToFind as nothing:
            form.add_error("q", str(nothing))
    status = 400 if asked and form.errors else 200
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "hits": [_shown(hit) for hit in page] if page else [],
        "more": more,
        "depth": DEPTH,
        "filtered": any(request.GET.get(name) for name in ("speaker", "case", "since", "until")),
    }
    return render(request, "transcripts/search.html", context, status=status)


def _shown(hit: Hit) -> dict[str, Any]:
    """A hit with what its line on the page needs besides."""
    said = hit.utterance
    return {
        "utterance": said,
        "role": role_name(said.role),
        "language": tongue(said.language),
        "start": f"{hit.start:.2f}",
        "clock": clock(hit.start),
        "pieces": hit.pieces,
    }
