"""The versions of a transcript: kept, compared, taken back; and the log of what was changed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in

from .. import versions
from ..comparison import Difference, Piece, Side, differences, side, two_sided
from ..history import log_entry, log_of, unchanged_since, waiting_machine_version
from ..models import Transcript, Version, VersionKind
from ..queries import newest_certificate
from ..reading import clock, role_name, tongue
from ..text import Damaged, kept_rows
from .editing import transcript_to_edit

PER_PAGE = 25  # differences on a page
EDITS_PER_PAGE = 30
NOW = "now"  # the text as it stands


@require_safe
@signed_in
def all_versions(request: PersonRequest, number: int) -> HttpResponse:
    """Every kept version, and every edit."""
    found = transcript_to_edit(request.user, number)
    kept = list(found.versions.select_related("made_by").order_by("-number"))
    page = Paginator(log_of(found), EDITS_PER_PAGE).get_page(request.GET.get("page"))
    entries = [log_entry(edit) for edit in page]
    context = {
        "transcript": found,
        "case": found.case,
        "versions": kept,
        "unchanged": unchanged_since(found),
        "waiting": waiting_machine_version(found),
        "certificate": newest_certificate(found),
        "page": page,
        "entries": [(entry, clock(entry.second) if entry.second is not None else "") for entry in entries],
        "has_text": found.utterances.exists(),
    }
    return render(request, "transcripts/versions.html", context)


@require_POST
@signed_in
def keep(request: PersonRequest, number: int) -> HttpResponse:
    """Keep the text as it stands as a checked version."""
    found = transcript_to_edit(request.user, number)
    if not found.utterances.exists():
        messages.info(request, _("There is no text to keep."))
        return redirect("transcript_versions", number)
    same = unchanged_since(found)
    if same is not None:
        messages.info(request, _("Nothing was changed since version %(number)s.") % {"number": same.number})
        return redirect("transcript_versions", number)
    note = " ".join(request.POST.get("note", "").split())[:300]
    made = versions.keep(found, VersionKind.EDITED, by=request.user, note=note)
    messages.success(request, _("The text was kept as version %(number)s.") % {"number": made.number})
    return redirect("transcript_versions", number)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def adopt(request: PersonRequest, number: int, version: int) -> HttpResponse:
    """Ask whether a version is to be the text again (GET), and take it (POST)."""
    found = transcript_to_edit(request.user, number)
    kept = get_object_or_404(Version.objects.select_related("transcript__recording"), transcript=found, number=version)
    if request.method != "POST":
        context = {"transcript": found, "case": found.case, "version": kept}
        return render(request, "transcripts/adopt.html", context)
    try:
        versions.adopt(kept, by=request.user)
    except Damaged:
        messages.error(request, _("The file of this version is damaged. The text was not changed."))
        return redirect("transcript_versions", number)
    messages.success(request, _("Version %(number)s is the text now.") % {"number": kept.number})
    return redirect("transcript_versions", number)


@require_safe
@signed_in
def compare(request: PersonRequest, number: int) -> HttpResponse:
    """Two versions, or one and the present text, side by side where they differ."""
    found = transcript_to_edit(request.user, number)
    kept = {str(version.number): version for version in found.versions.order_by("-number")}
    first, second = _asked(request, kept)
    context: dict[str, Any] = {
        "transcript": found,
        "case": found.case,
        "versions": list(kept.values()),
        "first": first,
        "second": second,
        "now": NOW,
        "first_version": kept.get(first),
        "second_version": kept.get(second),
    }
    try:
        old, new = (_sides(found, kept.get(name)) for name in (first, second))
    except Damaged:
        context["damaged"] = True
        return render(request, "transcripts/compare.html", context)
    page = Paginator(differences(old, new), PER_PAGE).get_page(request.GET.get("page"))
    context |= {"page": page, "shown": [_shown(one) for one in page], "passages": len(new)}
    return render(request, "transcripts/compare.html", context)


def _asked(request: PersonRequest, kept: dict[str, Version]) -> tuple[str, str]:
    """Which two are to be compared; at first the oldest with the text as it stands. Raises Http404."""
    if not kept:
        raise Http404
    first = request.GET.get("a", "") or next(reversed(kept))
    second = request.GET.get("b", "") or NOW
    if any(name != NOW and name not in kept for name in (first, second)):
        raise Http404
    return first, second


def _sides(transcript: Transcript, version: Version | None) -> list[Side]:
    if version is not None:
        return [side(row) for row in kept_rows(version)]
    names = ("speaker", "role", "language", "start", "end", "text")
    return list(transcript.utterances.order_by("position").values_list(*names))


def _shown(one: Difference) -> dict[str, Any]:
    """A difference as its row shows it: each side's passages, with what differs marked."""
    old, new = one.old, one.new
    left, right = two_sided([each[5] for each in old], [each[5] for each in new])
    return {
        "clock": clock(one.second),
        "second": f"{one.second:.2f}",
        "old": [_passage(each, pieces, new) for each, pieces in zip(old, left, strict=True)],
        "new": [_passage(each, pieces, old) for each, pieces in zip(new, right, strict=True)],
    }


def _passage(each: Side, pieces: list[Piece], other: tuple[Side, ...]) -> dict[str, Any]:
    speakers = {(one[0], one[1]) for one in other}
    return {
        "speaker": each[0],
        "role": role_name(each[1]),
        "language": tongue(each[2]),
        "pieces": pieces,
        "speaker_differs": bool(other) and (each[0], each[1]) not in speakers,
    }
