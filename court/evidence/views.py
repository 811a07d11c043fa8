"""Pages of this room: find, ask, go."""

import errno
import logging
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in
from court.accounts.kept import initial_from, kept
from court.cases.access import case_for
from court.cases.models import Case

from . import services
from .access import BEFORE_SUBMISSION, exhibit_for, exhibits_for, filing_party, may_withdraw
from .drawing import drawn_pages, page_file
from .forms import PROBLEMS, ExhibitForm, too_large
from .models import Exhibit, Kind
from .page import mentions_of
from .queries import in_order, leaf_of
from .ranges import ranged
from .receiving import FULL, NO_ROOM, TOO_LARGE, Receiver, receiver

log = logging.getLogger(__name__)


@csrf_exempt  # only until the file has somewhere to go: the page itself is protected
def exhibits(request: HttpRequest, number: str) -> HttpResponseBase:
    """The exhibits of a case, and a form to add one."""
    with receiver(request) as received:
        return _exhibits(request, number, received)


@csrf_protect
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def _exhibits(request: PersonRequest, number: str, received: Receiver) -> HttpResponse:
    case = case_for(request.user, number)
    party = filing_party(request.user, case)
    if request.method != "POST":
        form = ExhibitForm(initial=initial_from(kept(request))) if party else None
        return _page(request, case, form)
    if party is None:
        messages.error(request, _("You cannot add exhibits to this case now."))
        return _page(request, case, None, status=409)
    form = ExhibitForm(request.POST, request.FILES)
    if received.problem == NO_ROOM:
        return _no_room(request, case, form)
    valid = form.is_valid()
    if received.problem == TOO_LARGE:
        form.errors.pop("file", None)
        form.add_error("file", too_large())
        log.info("An exhibit was refused: too_large")
        return _page(request, case, form, status=413)
    if not valid or received.received is None:
        return _page(request, case, form, status=400)
    try:
        exhibit = services.admit_exhibit(
            case,
            received.received,
            title=form.cleaned_data["title"],
            shows=form.cleaned_data["shows"],
            by=request.user,
        )
    except services.Refused as fault:
        log.info("An exhibit was refused: %s", fault.problem)
        form.add_error("file", str(PROBLEMS[fault.problem]))
        return _page(request, case, form, status=400)
    except services.AlreadyThere as fault:
        form.add_error("file", _("This file is there already, as exhibit %(label)s.") % {"label": fault.exhibit.label})
        return _page(request, case, form, status=409)
    except services.NotAllowed:
        messages.error(request, _("You cannot add exhibits to this case now."))
        return _page(request, case, None, status=409)
    except OSError as fault:
        if fault.errno not in FULL:
            raise
        log.error("The disk is full: an exhibit could not be stored.")
        return _no_room(request, case, form)
    link = format_html('<a href="{}">{}</a>', reverse("exhibit", args=[exhibit.pk]), _("See the receipt"))
    messages.success(request, format_html("{} {}", _("Exhibit %(label)s is filed.") % {"label": exhibit.label}, link))
    return redirect("exhibits", case.label)


def _no_room(request: PersonRequest, case: Case, form: ExhibitForm) -> HttpResponse:
    form.is_valid()
    form.errors.pop("file", None)
    form.add_error(
        "file",
        _(
            "The court has no room to store this file now, and it was not stored. Nothing that was filed before was"
            " lost. The court has been told. Try again later."
        ),
    )
    return _page(request, case, form, status=507)


def _page(request: PersonRequest, case: Case, form: ExhibitForm | None, status: int = 200) -> HttpResponse:
    found = list(exhibits_for(request.user).filter(case=case).select_related("party"))
    parts: dict[str, Any] = {
        "case": case,
        "form": form,
        "exhibits": in_order(found),
        "before": case.stage in BEFORE_SUBMISSION,
    }
    return render(request, "evidence/exhibits.html", parts, status=status)


@signed_in
@require_safe
def exhibit(request: PersonRequest, pk: int) -> HttpResponse:
    """One exhibit: its content, and its receipt."""
    found = exhibit_for(request.user, pk)
    parts = {
        "exhibit": found,
        "case": found.case,
        "pages": drawn_pages(found) if found.kind == Kind.PDF else [],
        "leaf": leaf_of(found),
        "may_withdraw": may_withdraw(request.user, found),
        "mentions": mentions_of(found, request.user),
    }
    return render(request, "evidence/exhibit.html", parts)


@signed_in
@require_safe
def exhibit_file(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The file as it was put in: shown or played if the browser can do so safely, else saved."""
    found = exhibit_for(request.user, pk)
    ending = (found.file.name or "").rpartition(".")[2]
    shown = found.kind != Kind.PDF and "save" not in request.GET
    try:
        return ranged(
            request, found.file, media_type=found.media_type, filename=f"{_safe_name(found)}.{ending}", inline=shown
        )
    except FileNotFoundError as fault:
        raise _missing(found, fault) from fault


def _missing(found: Exhibit, fault: OSError) -> Http404:
    log.error("The file of exhibit %s is missing (%s).", found.pk, errno.errorcode.get(fault.errno or 0, "unknown"))
    return Http404()


def _safe_name(found: Exhibit) -> str:
    return f"{found.case.label}-{found.label}"


@signed_in
@require_safe
def exhibit_page(request: PersonRequest, pk: int, page: int) -> HttpResponseBase:
    """The picture of one page of a document."""
    path = page_file(exhibit_for(request.user, pk), page)
    if path is None:
        raise Http404
    return ranged(request, path, media_type="image/png", inline=True)


@signed_in
@require_POST
def exhibit_withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take an exhibit out before the claim is sent."""
    found = exhibit_for(request.user, pk)
    try:
        services.withdraw_exhibit(found, by=request.user)
    except services.NotAllowed:
        messages.error(request, _("This exhibit can no longer be taken out."))
        return redirect("exhibit", pk)
    messages.success(request, _("Exhibit %(label)s was taken out.") % {"label": found.label})
    return redirect("exhibits", found.case.label)
