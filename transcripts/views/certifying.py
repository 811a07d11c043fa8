"""The certificate of the record: made, compared, signed."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from court.accounts.access import PersonRequest, signed_in
from court.work.models import Job, State

from ..access import may_edit
from ..certification import certifying, errata
from ..certification.forms import RecordSignatureForm
from ..certification.limits import explained, signing_limit
from ..lacking import lacking
from ..models import Certificate, Clearance, RecordSignature, Transcript
from ..pages.back import Veil, lacked, veil_of
from ..queries import newest_certificate
from ..reading import clock, role_name, tongue
from ..text import BLOCK, Damaged, hidden_from, rows_of
from .errata import of_the_case

GOING = (State.WAITING, State.RUNNING)


@require_http_methods(["GET", "POST"])
@signed_in
def certificate(request: PersonRequest, number: int) -> HttpResponse:
    """The certified record: its certificate, who signed, and its text. POST signs."""
    found, clearance = of_the_case(request, number)
    newest = newest_certificate(found)
    signs = newest is not None and certifying.may_sign(request.user, newest)
    form = RecordSignatureForm(
        request.POST or None,
        signer=request.user.name,
        initial={"certificate": newest.pk if newest else None},
    )
    if request.method == "POST":
        if newest is None or not signs:
            raise Http404
        if form.is_valid():
            return _sign(request, newest, form)
    return _page(request, found, newest, clearance, form if signs else None)


def _sign(request: PersonRequest, newest: Certificate, form: RecordSignatureForm) -> HttpResponse:
    told = form.cleaned_data
    if told["certificate"] != newest.pk:
        messages.error(request, _("A newer record was certified since you opened the page. Read it before you sign."))
        return redirect("certificate_page", newest.transcript_id)
    try:
        certifying.sign(newest, name=told["name"], objection=told["objection"], by=request.user)
    except certifying.NotNow as fault:
        messages.info(request, str(fault))
    else:
        messages.success(request, _("You have signed the record."))
    return redirect("certificate_page", newest.transcript_id)


def _page(
    request: PersonRequest,
    found: Transcript,
    newest: Certificate | None,
    clearance: Clearance,
    form: RecordSignatureForm | None,
) -> HttpResponse:
    edits = may_edit(request.user, found)
    making = certifying.job_of(found)
    context: dict[str, Any] = {
        "transcript": found,
        "case": found.case,
        "certificate": newest,
        "form": form,
        "may_edit": edits,
        "obstacles": certifying.obstacles(found) if edits else [],
        "unsettled": certifying.unsettled(found) if edits else [],
        "lacks": len(lacking(found)) if edits else 0,
        "making": making if making and making.state in GOING else None,
        "failed": bool(making and making.state == State.FAILED),
    }
    if newest:
        comparing = Job.objects.filter(key=f"compare_certificate:{newest.pk}").first()
        limit = signing_limit(newest)
        manifest = json.loads(newest.manifest)
        context |= {
            "current": certifying.is_current(newest),
            "manifest": manifest,
            "lacked": lacked(newest.version, newest),
            "whole": not hidden_from(clearance, found),
            "refused": errata.shown(found, errata.refused(found), clearance=clearance),
            "signatures": _signatures(newest, clearance),
            "unsigned": certifying.unsigned(newest),
            "limit": limit,
            "explained": explained(limit),
            "comparing": comparing if comparing and comparing.state in GOING else None,
            **_text(newest, clearance),
        }
    return render(request, "transcripts/certificate.html", context, status=400 if form and form.errors else 200)


def _signatures(newest: Certificate, clearance: Clearance) -> list[tuple[RecordSignature, str, str]]:
    """Who signed, in which role, and with which objection: of what is hidden from this reader it holds no word."""
    signed = list(newest.signatures.order_by("signed_at"))
    try:
        veil = veil_of(newest.version, clearance) if any(one.objection for one in signed) else Veil((), ())
    except (Damaged, OSError):
        return [(one, role_name(one.role), BLOCK if one.objection else "") for one in signed]
    return [(one, role_name(one.role), veil.over(one.objection)) for one in signed]


def _text(newest: Certificate, clearance: Clearance) -> dict[str, object]:
    """The certified words as this reader may have them; nothing of a file that is not what was kept."""
    try:
        rows = rows_of(newest.transcript, clearance=clearance, version=newest.version)
        lines = [(clock(row["start"]), row["speaker"], tongue(row["language"]), row["text"]) for row in rows]
    except (Damaged, OSError):
        return {"lines": [], "damaged": True}
    return {"lines": lines, "damaged": False}


@require_POST
@signed_in
def certify(request: PersonRequest, number: int) -> HttpResponse:
    """Have the text certified as it stands."""
    found, _clearance = of_the_case(request, number)
    if not may_edit(request.user, found):
        raise Http404
    try:
        certifying.ask_to_certify(found, by=request.user)
    except certifying.NotNow as fault:
        messages.error(request, str(fault))
    return redirect("certificate_page", number)


@require_POST
@signed_in
def compare(request: PersonRequest, number: int) -> HttpResponse:
    """Have the hashes of the certificate made anew."""
    found, _clearance = of_the_case(request, number)
    newest = newest_certificate(found)
    if newest is None:
        raise Http404
    certifying.ask_to_compare(newest)
    return redirect("certificate_page", number)


@require_GET
@never_cache
@signed_in
def progress(request: PersonRequest, number: int) -> JsonResponse:
    """How far certifying or comparing is, for the page that waits for it."""
    found, _clearance = of_the_case(request, number)
    newest = newest_certificate(found)
    keys = [f"certify_record:{found.pk}", *([f"compare_certificate:{newest.pk}"] if newest else [])]
    going = Job.objects.filter(key__in=keys, state__in=GOING).first()
    share = going.progress if going else 1.0
    return JsonResponse({"state": "running" if going else "ready", "share": round(share, 3), "tracks": []})
