"""Corrections of the record: asked for, withdrawn, decided."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in

from .. import renditions
from ..access import clearance_of, may_ask, may_edit, transcript_for
from ..certification import errata
from ..certification.forms import CorrectionForm, DecisionForm
from ..certification.limits import errata_limit, explained
from ..certification.listed import PER_PAGE, page_with, waiting_page
from ..certification.listed import corrections as corrections_of
from ..extracts import NoSuchPassage, TooLong, passage
from ..models import Clearance, Correction, CorrectionState, Transcript
from ..quoting import quote


def of_the_case(request: PersonRequest, number: int) -> tuple[Transcript, Clearance]:
    """A transcript for one of the people of its case, with what they may have of it. Raises Http404."""
    found = transcript_for(request.user, number)
    clearance = clearance_of(request.user, found)
    if clearance < Clearance.PARTY:
        raise Http404
    return found, clearance


@require_safe
@signed_in
def corrections(request: PersonRequest, number: int) -> HttpResponse:
    """All corrections of a transcript: what was asked, why, and what was decided.

    Who decides is shown the first that waits, unless they ask for a page.
    """
    found, clearance = of_the_case(request, number)
    limit = errata_limit(found)
    edits = may_edit(request.user, found)
    asked = request.GET.get("page") or (waiting_page(found) if edits else 1)
    page = Paginator(corrections_of(found), PER_PAGE).get_page(asked)
    context = {
        "transcript": found,
        "case": found.case,
        "page": page,
        "listed": errata.shown(found, page, clearance=clearance),
        "limit": limit,
        "explained": explained(limit),
        "closed": errata.closed(found),
        "may_ask": may_ask(request.user, found),
        "may_edit": edits,
        "waived": request.user.pk in errata.waived(found),
        "checking": errata.still_checking(found),
        "hears": renditions.sound_for(found, clearance) is not None,
    }
    return render(request, "transcripts/errata.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def ask(request: PersonRequest, number: int) -> HttpResponse:
    """Ask for words to be corrected. Without words, the page that finds a passage leads back here."""
    found, _clearance = of_the_case(request, number)
    if not may_ask(request.user, found):
        raise Http404
    if why := errata.closed(found):
        messages.info(request, why)
        return redirect("errata", number)
    given = _words(request)
    if given is None:
        if request.method == "POST":
            return _asked(request, found, CorrectionForm(request.POST), status=400)
        messages.info(request, _("Find the words first, then choose “Ask for a correction”."))
        return redirect("transcript_quote", number)
    first, last = given
    try:
        chosen = passage(found, first, last, clearance=Clearance.PARTY)
    except (NoSuchPassage, TooLong):
        messages.error(request, _("These words are not in the transcript. It may have been corrected since."))
        return redirect("transcript_quote", number)
    if request.method == "GET":
        form = CorrectionForm(initial={"first": first, "last": last, "proposed": chosen.text}, parts=chosen.parts)
        return _asked(request, found, form, quoted=quote(chosen))
    form = CorrectionForm(request.POST, parts=chosen.parts)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = errata.ask(
                found, first=first, last=last, proposed=told["proposed"], reason=told["reason"], by=request.user
            )
        except errata.NotAPassage as fault:
            form.add_error(form.asked[0].name, str(fault))
        except errata.Closed as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, _("Your request was sent. The court decides on it and tells you."))
            return redirect(page_with(made))
    return _asked(request, found, form, status=400, quoted=quote(chosen))


def _words(request: HttpRequest) -> tuple[int, int] | None:
    """The numbers of the first and last word in an address or a form; None where they are none."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        first = int(given.get("first", ""))
        last = int(given.get("last", "") or first)
    except ValueError:
        return None
    return (first, last) if 0 < first < 2**31 and 0 < last < 2**31 else None


def _asked(
    request: PersonRequest, found: Transcript, form: CorrectionForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    limit = errata_limit(found)
    context = {
        "transcript": found,
        "case": found.case,
        "form": form,
        "limit": limit,
        "explained": explained(limit),
        **more,
    }
    return render(request, "transcripts/correction_ask.html", context, status=status)


def _one(request: PersonRequest, number: int, correction: int) -> tuple[Transcript, Clearance, Correction]:
    found, clearance = of_the_case(request, number)
    one = corrections_of(found).filter(pk=correction).first()
    if one is None:
        raise Http404
    return found, clearance, one


@require_http_methods(["GET", "POST"])
@signed_in
def decide(request: PersonRequest, number: int, correction: int) -> HttpResponse:
    """Decide on a correction, with what stands and the sound beside it."""
    found, clearance, one = _one(request, number, correction)
    if not may_edit(request.user, found):
        raise Http404
    if one.state != CorrectionState.ASKED:
        messages.info(request, _("This correction was decided or withdrawn already. Nothing was changed."))
        return redirect(page_with(one))
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            errata.decide(one, form.cleaned_data["verdict"], answer=form.cleaned_data["answer"], by=request.user)
        except errata.Decided:
            messages.info(request, _("This correction was decided or withdrawn already. Nothing was changed."))
            return redirect(page_with(one))
        except errata.Changed:
            form.add_error(
                "verdict",
                _("These words no longer stand together. Change them in the editor, then choose the second answer."),
            )
        else:
            messages.success(request, _("Decided. Who asked is told."))
            return redirect(page_with(one))
    (shown,) = errata.shown(found, [one], clearance=clearance)
    context = {
        "transcript": found,
        "case": found.case,
        "form": form,
        "shown": shown,
        "one": one,
        "listed_at": page_with(one),
        "hears": renditions.sound_for(found, clearance) is not None,
    }
    return render(request, "transcripts/correction_decide.html", context, status=400 if form.errors else 200)


@require_POST
@signed_in
def withdraw(request: PersonRequest, number: int, correction: int) -> HttpResponse:
    """Take back what one asked for."""
    _found, _clearance, one = _one(request, number, correction)
    if one.asked_by_id != request.user.pk:
        raise Http404
    try:
        errata.withdraw(one, by=request.user)
    except errata.Decided:
        messages.info(request, _("This correction was decided or withdrawn already. Nothing was changed."))
    else:
        messages.success(request, _("Withdrawn."))
    return redirect(page_with(one))


@require_POST
@signed_in
def waive(request: PersonRequest, number: int) -> HttpResponse:
    """Say that one has checked the record and asks for nothing more."""
    found, _clearance = of_the_case(request, number)
    if not may_ask(request.user, found):
        raise Http404
    try:
        errata.waive(found, by=request.user)
    except errata.Closed as fault:
        messages.info(request, str(fault))
    else:
        messages.success(request, _("Thank you. The court sees that you have checked the record."))
    return redirect("errata", number)
