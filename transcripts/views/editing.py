"""The editor of a transcript: its page, its text as data, and the changes made in it."""

import json
import logging
from typing import Any

from django.db.models import Max
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from court.accounts.access import PersonRequest, signed_in
from court.accounts.models import User
from court.cases.models import Role

from .. import editing, renditions
from ..access import may_edit, transcript_for
from ..changes import BadChange, changes_of
from ..editable import passages_of, people_of
from ..history import waiting_machine_version
from ..models import Clearance, Transcript, TranscriptState
from ..queries import newest_certificate
from ..reading import COLOURS, clock
from .reading import SPEEDS

log = logging.getLogger(__name__)

REWINDS = (0, 1, 2, 3)  # seconds the sound goes back when it is played on


def transcript_to_edit(user: User, number: int) -> Transcript:
    """The transcript with this number, for somebody who may correct it. Raises Http404 for everybody else."""
    found = transcript_for(user, number)
    if not may_edit(user, found):
        raise Http404
    return found


@require_safe
@never_cache
@signed_in
def editor(request: PersonRequest, number: int) -> HttpResponse:
    """The page on which the court's people correct a transcript beside its sound."""
    found = transcript_to_edit(request.user, number)
    last = found.utterances.aggregate(last=Max("end"))["last"] or 0.0
    seconds = max(found.sound_seconds or 0.0, last)
    context = {
        "transcript": found,
        "case": found.case,
        "seconds": seconds,
        "length": clock(seconds),
        "empty": not found.utterances.exists(),
        "making": found.state in (TranscriptState.WAITING, TranscriptState.RUNNING),
        "hears": renditions.sound_for(found, Clearance.COURT) is not None,
        "roles": Role.choices,
        "speeds": SPEEDS,
        "rewinds": REWINDS,
        "certificate": newest_certificate(found),
        "waiting": waiting_machine_version(found),
        "settings": {
            "person": request.user.pk,
            "transcript": found.pk,
            "colours": COLOURS,
            "people": people_of(found),
            "roles": {value: str(label) for value, label in Role.choices},
        },
    }
    return render(request, "transcripts/editor.html", context)


@require_GET
@never_cache
@signed_in
def text(request: PersonRequest, number: int) -> JsonResponse:
    """The whole text as it stands, for the editor's page. The number of edits is read first: a later one is told."""
    found = transcript_to_edit(request.user, number)
    told: dict[str, Any] = {"edits": found.edits, "passages": passages_of(found)}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def edits(request: PersonRequest, number: int) -> JsonResponse:
    """What others have changed since (GET), or changes to be made (POST).

    Answers 409, with what stands now, if one of the passages is no longer as its editor saw it.
    """
    found = transcript_to_edit(request.user, number)
    if request.method == "GET":
        return _since(request, found)
    try:
        changes = changes_of(json.loads(request.body))
    except (ValueError, RecursionError):
        return JsonResponse({"error": _("What was sent could not be read.")}, status=400)
    except BadChange as bad:
        log.info("A change of transcript %s was refused.", found.pk)
        return JsonResponse({"error": str(bad)}, status=400)
    outcomes = editing.make(found, changes, by=request.user)
    stale = any(outcome.status == "stale" for outcome in outcomes)
    told = {"edits": found.edits, "results": [outcome.told() for outcome in outcomes]}
    return JsonResponse(told, status=409 if stale else 200)


def _since(request: PersonRequest, found: Transcript) -> JsonResponse:
    asked = {name: request.GET.get(name, "0") for name in ("after", "at")}
    if not all(value.isascii() and value.isdigit() and len(value) < 19 for value in asked.values()):
        return JsonResponse({"error": _("What was sent could not be read.")}, status=400)
    others = editing.note_presence(found, request.user, int(asked["at"]))
    after = int(asked["after"])
    made = editing.edits_since(found, after) if found.edits > after else []
    told = {"edits": found.edits, "made": made or [], "anew": made is None, "others": others}
    return JsonResponse(told)
