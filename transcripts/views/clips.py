"""Clips of a record: asked for, listed, fetched."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in
from court.evidence.ranges import ranged
from court.rooms.models import Track

from .. import clips as services
from .. import renditions
from ..access import clearance_of, transcript_for
from ..extracts import NoSuchPassage, TooLong
from ..models import Transcript
from ..quoting import Quotation, quotation

PER_PAGE = 20


class ClipForm(forms.Form):
    """Which words, and whose picture with them."""

    first = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    last = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    picture = forms.ChoiceField(label=gettext_lazy("Picture"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, pictures: list[Track], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Sound alone")), *((str(track.pk), track.name) for track in pictures)]
        self.fields["picture"] = forms.ChoiceField(
            label=_("Picture"), choices=choices, required=False, widget=forms.RadioSelect, initial=""
        )


@require_http_methods(["GET", "POST"])
@signed_in
def clips(request: PersonRequest, number: int) -> HttpResponse:
    """One's clips of a transcript, and with words in the address the form that asks for another."""
    found = transcript_for(request.user, number)
    clearance = clearance_of(request.user, found)
    pictures = renditions.pictures_for(found, clearance)
    given = request.POST if request.method == "POST" else request.GET
    form = ClipForm(
        request.POST or None, pictures=pictures, initial={"first": given.get("first"), "last": given.get("last")}
    )
    quoted = _quoted(found, given.get("first", ""), given.get("last", ""), clearance)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        picture = next((track for track in pictures if str(track.pk) == told["picture"]), None)
        try:
            services.ask_clip(found, told["first"], told["last"], picture=picture, by=request.user)
        except services.NoClip as fault:
            form.add_error(None, str(fault))
        except (NoSuchPassage, TooLong):
            form.add_error(None, _("These words are not in the transcript. It may have been corrected since."))
        else:
            messages.success(request, _("The clip is being cut."))
            return redirect("clips", number)
    page = Paginator(services.clips_of(request.user, found), PER_PAGE).get_page(request.GET.get("page"))
    current = services.current(list(page), found)
    context = {
        "transcript": found,
        "case": found.case,
        "form": form,
        "quoted": quoted,
        "page": page,
        "listed": [
            (clip, clip.pk in current, clip.asked_by_id == request.user.pk, services.seconds_of(clip)) for clip in page
        ],
        "waiting": services.some_wait(request.user, found),
    }
    return render(request, "transcripts/clips.html", context, status=400 if request.method == "POST" else 200)


def _quoted(found: Transcript, first: str, last: str, clearance: int) -> Quotation | None:
    try:
        return quotation(found, int(first), int(last or first), clearance=clearance)
    except (ValueError, NoSuchPassage, TooLong):
        return None


@require_safe
@signed_in
def clip(request: PersonRequest, number: int, pk: uuid.UUID) -> HttpResponseBase:
    """The clip itself, whole or in part."""
    found = transcript_for(request.user, number)
    one = services.clip_for(request.user, found, pk)
    file = services.file_for(request.user, one)
    if file is None:
        raise Http404
    ending = str(file.name).rpartition(".")[2]
    name = f"{found.case.label}-{one.start:.0f}s.{ending}"
    return ranged(request, file, media_type=one.media_type, filename=name)


@require_POST
@signed_in
def delete(request: PersonRequest, number: int, pk: uuid.UUID) -> HttpResponse:
    """Delete one's clip, and go back to the page it stood on."""
    found = transcript_for(request.user, number)
    one = services.clip_for(request.user, found, pk)
    if one.asked_by_id != request.user.pk:
        raise Http404
    services.delete(one)
    messages.success(request, _("The clip was deleted."))
    page = request.GET.get("page", "")
    return redirect(reverse("clips", args=[number]) + (f"?page={page}" if page.isdecimal() else ""))


@require_GET
@never_cache
@signed_in
def progress(request: PersonRequest, number: int) -> JsonResponse:
    """Whether a clip is still being cut, for the page that waits for it."""
    found = transcript_for(request.user, number)
    waiting = services.some_wait(request.user, found)
    return JsonResponse({"state": "running" if waiting else "ready", "share": 0.0 if waiting else 1.0, "tracks": []})
