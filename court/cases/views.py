"""Home, the list of cases, the case page, its docket, and who has a part in it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in
from court.accounts.kept import kept
from court.accounts.models import User

from . import stages
from .access import abilities, case_for, party_of
from .forms import UNFIT, AppointForm, CaseFilter, SealForm
from .models import Case
from .page import duties_of, sections_of
from .people import Unfit, appoint_person, release_person, seal, unseal
from .queries import AT_HOME, by_stage, docket_newest_first, found_cases, lines, own_cases
from .services import NotNow
from .standing import Standing, standing

CASES_A_PAGE = 20
DUTIES_AT_HOME = 8  # those with the nearest time limit; the others open on a click
ENTRIES_A_PAGE = 25


@dataclass(frozen=True)
class Row:
    """A case in a list, with where it stands."""

    case: Case
    standing: Standing


def _rows(cases: QuerySet[Case] | Page[Case]) -> list[Row]:
    return [Row(case, standing(case)) for case in cases]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this person must do and their cases; for somebody unknown, what the court is and how it goes."""
    if not isinstance(request.user, User):
        return render(request, "cases/landing.html")
    own = own_cases(request.user)
    duties = duties_of(request.user)
    context = {
        "duties": duties[:DUTIES_AT_HOME],
        "later": duties[DUTIES_AT_HOME:],
        "now": timezone.now(),
        "rows": _rows(own[:AT_HOME]),
        "more": max(0, own.count() - AT_HOME),
        "stages": by_stage(request.user),
    }
    return render(request, "cases/home.html", context)


@require_safe
@signed_in
def cases(request: PersonRequest) -> HttpResponse:
    """All cases this person may see."""
    form = CaseFilter(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    found = found_cases(request.user, text=asked.get("q", ""), stage=asked.get("stage", ""))
    page = Paginator(found, CASES_A_PAGE).get_page(request.GET.get("page"))
    narrowed = bool(asked.get("q") or asked.get("stage"))
    return render(request, "cases/list.html", {"form": form, "page": page, "rows": _rows(page), "narrowed": narrowed})


@require_safe
@signed_in
def case(request: PersonRequest, number: str) -> HttpResponse:
    """The case: where it stands, what one must do, by when and under which rule; then its parts."""
    found = case_for(request.user, number)
    may = abilities(request.user, found)
    parts = [
        {
            "anchor": part.anchor,
            "title": part.title,
            "body": render_to_string(part.template, {**part.context, "case": found, "may": may}, request),
        }
        for part in sections_of(found, request.user, may)
    ]
    context = {
        "case": found,
        "may": may,
        "party": party_of(request.user, found),
        "standing": standing(found),
        "open": found.stage not in stages.CLOSED,
        "duties": duties_of(request.user, found),
        "now": timezone.now(),
        "parts": parts,
    }
    return render(request, "cases/case.html", context)


@require_safe
@signed_in
def docket(request: PersonRequest, number: str) -> HttpResponse:
    """Everything that happened in the case that this person may read, the last first."""
    found = case_for(request.user, number)
    page = Paginator(docket_newest_first(request.user, found), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "cases/docket.html", {"case": found, "page": page, "lines": lines(list(page))})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def case_people(request: PersonRequest, number: str) -> HttpResponse:
    """Who has a part in the case; a clerk gives and takes parts, seals and unseals."""
    found = case_for(request.user, number, can="manage_case")
    form = AppointForm(request.POST if request.method == "POST" else kept(request, sent_to=request.path))
    if request.method == "POST" and form.is_valid():
        try:
            appointed = appoint_person(found, form.person, form.cleaned_data["role"], by=request.user)
        except Unfit as unfit:
            form.add_error("email", UNFIT[unfit.reason])
        else:
            messages.success(request, _("%(name)s was appointed and gets a letter.") % {"name": appointed.user.name})
            return redirect("case_people", number=found.label)
    return _people_page(request, found, form=form)


@require_POST
@signed_in
def case_release(request: PersonRequest, number: str, appointment: int) -> HttpResponse:
    """Take a part in the case away again."""
    found = case_for(request.user, number, can="manage_case")
    appointed = get_object_or_404(found.appointments.select_related("user", "case"), pk=appointment)
    try:
        release_person(appointed, by=request.user)
    except Unfit as unfit:
        messages.error(request, UNFIT[unfit.reason])
    except NotNow:
        messages.info(request, _("That was done already."))
    else:
        messages.success(request, _("%(name)s has no longer that part.") % {"name": appointed.user.name})
        if not abilities(request.user, found) & {"manage_case"}:
            return redirect("home")
    return redirect("case_people", number=found.label)


@require_POST
@signed_in
def case_seal(request: PersonRequest, number: str) -> HttpResponse:
    """Seal the case, or open it again."""
    found = case_for(request.user, number, can="manage_case")
    form = SealForm(request.POST)
    if not form.is_valid():
        return _people_page(request, found, seal_form=form)
    change = unseal if request.POST.get("to") == "open" else seal
    try:
        change(found, reason=form.cleaned_data["reason"], by=request.user)
    except NotNow:
        messages.info(request, _("That was done already."))
    else:
        messages.success(request, _("The case is sealed.") if found.sealed else _("The case is no longer sealed."))
    return redirect("case_people", number=found.label)


def _people_page(request: PersonRequest, found: Case, **forms: Any) -> HttpResponse:
    appointments = found.appointments.select_related("user").order_by("since", "pk")
    context = {
        "case": found,
        "appointments": appointments,
        "form": forms.get("form") or AppointForm(),
        "seal_form": forms.get("seal_form") or SealForm(),
    }
    return render(request, "cases/people.html", context, status=422 if request.method == "POST" else 200)
