"""A transcript in the making: how far it is, having it made again, stopping that."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from court.accounts.access import PersonRequest, signed_in

from .. import rehearing, renditions, services
from ..access import clearance_of, may_edit, transcript_for
from ..making import AgainForm, shares
from ..models import Transcript
from ..queries import progress_of


@require_GET
@never_cache
@signed_in
def progress(request: PersonRequest, number: int) -> JsonResponse:
    """How far a transcript is, and each person's track, for the page that waits for it."""
    found = transcript_for(request.user, number)
    hears = renditions.sound_for(found, clearance_of(request.user, found)) is not None
    told = {"state": found.state, "share": 1.0, "sound": hears, "tracks": []}
    if found.state in services.IN_THE_MAKING:
        known = progress_of(found)
        told |= {"share": round(known.share, 3), "tracks": shares(known)}
    return JsonResponse(told)


@require_POST
@signed_in
def again(request: PersonRequest, number: int) -> HttpResponse:
    """Have the recording transcribed again, as chosen or as before."""
    found = _staffs(request, number)
    form = AgainForm(found, request.POST)
    if not form.is_valid():
        context = {"transcript": found, "case": found.case, "again_form": form}
        return render(request, "transcripts/again.html", context, status=400)
    chosen = form.cleaned_data
    begun = rehearing.transcribe_again(
        found, by=request.user, engine=chosen["engine"], model=chosen["model"], languages=form.languages()
    )
    if begun:
        messages.success(request, _("The recording will be transcribed again."))
    else:
        messages.info(request, _("The recording is being transcribed already."))
    return redirect("transcript", number)


@require_POST
@signed_in
def stop(request: PersonRequest, number: int) -> HttpResponse:
    """Stop the transcription. The text that stood before stands."""
    found = _staffs(request, number)
    if rehearing.stop_transcription(found, by=request.user):
        messages.success(request, _("The transcription was stopped."))
    else:
        messages.info(request, _("Nothing was being transcribed any more."))
    return redirect("transcript", number)


def _staffs(request: PersonRequest, number: int) -> Transcript:
    """The transcript, for those who may have it made again: the court's staff in the case."""
    found = transcript_for(request.user, number)
    if not may_edit(request.user, found):
        raise Http404
    return found
