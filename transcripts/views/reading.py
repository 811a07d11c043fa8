"""The transcript with its sound."""

import mimetypes
import re

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from court.accounts.access import PersonRequest
from court.evidence.ranges import ranged
from court.rooms.models import TrackKind

from .. import renditions, services, sounds
from ..access import clearance_of, may_edit, readers, transcript_for
from ..certification.certifying import standing_of
from ..earlier import Earlier, earlier, stands
from ..lacking import lacking
from ..making import AgainForm, rows
from ..models import Transcript, TranscriptState
from ..moments.timeline import inline, timeline_of
from ..queries import progress_of
from ..reading import reading_of
from .quoting import offered

_WORDS = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")

SPEEDS = ("0.75", "1", "1.25", "1.5", "2")


@require_safe
@readers
def transcript(request: PersonRequest, number: int) -> HttpResponse:
    """The text of a recording beside its sound."""
    found = transcript_for(request.user, number)
    if moved := _where_it_was(found, request.GET.get("w", "")):
        return redirect(moved)
    clearance = clearance_of(request.user, found)
    timeline = timeline_of(found, request.user, clearance)
    lines = list(found.utterances.order_by("position").values_list("position", "start")) if timeline.moments else []
    reading = reading_of(found, clearance=clearance, beside=inline(timeline.moments, lines))
    making = found.state in services.IN_THE_MAKING
    progress = progress_of(found) if making else None
    staff = may_edit(request.user, found)
    context = {
        "transcript": found,
        "case": found.case,
        "hearing": found.hearing,
        "reading": reading,
        "timeline": timeline,
        "lacks": lacking(found),
        "was": _cited(found, request.GET.get("was", "")),
        "making": making,
        "failed": found.state == TranscriptState.FAILED,
        "progress": progress,
        "making_tracks": rows(progress) if progress else [],
        "again_form": AgainForm(found) if staff and not making else None,
        "may_remake": staff and not making,
        "speeds": SPEEDS,
        "hears": renditions.sound_for(found, clearance) is not None,
        "pictures": renditions.pictures_for(found, clearance),
        **offered(request, found),
        **standing_of(found),
    }
    return render(request, "transcripts/transcript.html", context)


def _words(asked: str) -> tuple[int, int] | None:
    """The numbers of words in an address: 345 or 345-360."""
    told = _WORDS.fullmatch(asked)
    return (int(told[1]), int(told[2] or told[1])) if told else None


def _where_it_was(found: Transcript, asked: str) -> str:
    """Where a link to words leads that the record has no more: to the seconds they were said in. Else empty."""
    words = _words(asked)
    if words is None or all(stands(found, number) for number in dict.fromkeys(words)):
        return ""
    was = earlier(found, *words)
    if was is None:
        return ""
    line = found.utterances.filter(start__lte=was.start).order_by("-position").first()
    anchor = f"#u{line.position}" if line else ""
    return f"{reverse('transcript', args=[found.pk])}?t={was.start:.2f}&was={asked}{anchor}"


def _cited(found: Transcript, asked: str) -> Earlier | None:
    words = _words(asked)
    if words is None or all(stands(found, number) for number in dict.fromkeys(words)):
        return None
    return earlier(found, *words)


@require_safe
@readers
def sound(request: PersonRequest, number: int) -> HttpResponseBase:
    """The sound of all tracks together."""
    found = transcript_for(request.user, number)
    file = renditions.sound_for(found, clearance_of(request.user, found))
    if file is None:
        raise Http404
    return ranged(request, file, media_type=sounds.MIXED_TYPE, inline=True)


@require_safe
@readers
def picture(request: PersonRequest, number: int, track: int) -> HttpResponseBase:
    """One person's picture."""
    found = transcript_for(request.user, number)
    seen = found.recording.tracks.filter(pk=track, kind=TrackKind.PICTURE).first()
    file = renditions.picture_for(found, seen, clearance_of(request.user, found)) if seen else None
    if file is None:
        raise Http404
    media_type = mimetypes.guess_type(str(file.name))[0] or "video/webm"
    return ranged(request, file, media_type=media_type, inline=True)
