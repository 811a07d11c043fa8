"""The transcript with its sound."""

import mimetypes

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from court.accounts.access import PersonRequest
from court.evidence.ranges import ranged
from court.rooms.models import TrackKind

from .. import renditions, services, sounds
from ..access import clearance_of, may_edit, readers, transcript_for
from ..certification.certifying import standing_of
from ..making import AgainForm, rows
from ..models import TranscriptState
from ..moments.timeline import inline, timeline_of
from ..queries import progress_of
from ..reading import reading_of
from .quoting import offered

SPEEDS = ("0.75", "1", "1.25", "1.5", "2")


@require_safe
@readers
def transcript(request: PersonRequest, number: int) -> HttpResponse:
    """The text of a recording beside its sound."""
    found = transcript_for(request.user, number)
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
