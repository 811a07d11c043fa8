"""Stills of a hearing."""

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from court.accounts.access import PersonRequest
from court.evidence.ranges import ranged

from ..access import clearance_of, readers, transcript_for
from ..moments.timeline import frame_for


@require_safe
@readers
def frame(request: PersonRequest, number: int, frame: int) -> HttpResponseBase:
    """One still. There is none in a stretch that is hidden from this reader."""
    found = transcript_for(request.user, number)
    still = frame_for(found, clearance_of(request.user, found), frame)
    if still is None or not still.file.storage.exists(str(still.file.name)):
        raise Http404
    return ranged(request, still.file, media_type="image/jpeg", inline=True)
