"""The clerks' desk: claims to review, letters without a reply, answers that came in; and the review itself."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, office, signed_in
from court.accounts.kept import kept
from court.accounts.models import Office, User
from court.cases import stages
from court.cases.access import cases_for
from court.cases.deadlines import running
from court.cases.models import Case, Role, Stage
from court.cases.procedure import rule
from court.filings.access import case_to_review, case_to_serve, claims_to_review
from court.filings.forms import ReasonsForm
from court.filings.models import Review, Verdict
from court.filings.queries import exhibits_of
from court.filings.services import (
    AlreadyReturned,
    NotNow,
    TooEarly,
    accept_claim,
    deem_served,
    deemed_service_from,
    invite_again,
    refuse_claim,
    return_claim,
)
from court.filings.shown import money_asked

A_PAGE = 20
LISTS = ("claims", "service", "answers")


def _listed(user: User, shown: str) -> QuerySet[Case]:
    """One of the desk's three lists, the case that waits longest first."""
    if shown == "claims":
        return claims_to_review(user)
    stage = stages.ISSUED if shown == "service" else stages.ANSWERED
    return cases_for(user, can="manage_case").filter(stage=stage).order_by("stage_since", "pk")


@require_safe
@office(Office.CLERK)
def review_queue(request: PersonRequest) -> HttpResponse:
    """What waits for the registry, the oldest first."""
    shown = request.GET.get("show", "claims")
    shown = shown if shown in LISTS else "claims"
    page = Paginator(_listed(request.user, shown), A_PAGE).get_page(request.GET.get("page"))
    labels = {"claims": _("Claims to review"), "service": _("Waiting for the respondent"), "answers": _("Answered")}
    context = {
        "shown": shown,
        "title": labels[shown],
        "lists": [
            {"key": key, "label": labels[key], "count": _listed(request.user, key).count(), "current": key == shown}
            for key in LISTS
        ],
        "page": page,
        "rows": [_row(case, shown) for case in page],
        "now": timezone.now(),
    }
    return render(request, "filings/review_queue.html", context)


def _row(case: Case, shown: str) -> dict[str, Any]:
    limit = running(case, "review") if shown == "claims" else None
    due = limit.due_at if limit else deemed_service_from(case) if shown == "service" else None
    return {
        "case": case,
        "due_at": due,
        "days": (timezone.localdate() - timezone.localtime(case.stage_since).date()).days,
        "again": shown == "claims" and case.reviews.filter(verdict=Verdict.RETURN).exists(),
    }


@require_http_methods(["GET", "POST"])
@signed_in
def review(request: PersonRequest, number: str) -> HttpResponse:
    """Read a filed claim and decide: accept, return once, or refuse."""
    case = case_to_review(request.user, number)
    returned = case.reviews.filter(verdict=Verdict.RETURN).order_by("-pk").first()
    choices = [
        (Verdict.ACCEPT.value, _("Accept the claim and invite the respondent")),
        (Verdict.RETURN.value, _("Return it for correction")),
        (Verdict.REFUSE.value, _("Refuse it")),
    ]
    form = ReasonsForm(request.POST if request.method == "POST" else kept(request), choices=choices)
    if returned:
        form.fields["verdict"].choices = [choices[0], choices[2]]  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        if returned and request.POST.get("verdict") == Verdict.RETURN:
            form.full_clean()
            form.add_error("verdict", _second_return())
        if form.is_valid():
            try:
                return _decide(request, case, form.cleaned_data)
            except AlreadyReturned:
                form.add_error("verdict", _second_return())
            except NotNow as refused:
                return _decided_by_another(request, refused.case)
        status = 422
    if request.method == "GET" and case.stage != stages.SUBMITTED:
        return redirect("case", number=case.label)
    if case.stage != stages.SUBMITTED:
        return _decided_by_another(request, case)
    claim = case.claim
    context = {
        "case": case,
        "claim": claim,
        "sides": case.parties.order_by("pk"),
        "facts": [(fact, None) for fact in claim.facts.all()],
        "money": money_asked(claim),
        "exhibits": exhibits_of(case, Role.CLAIMANT),
        "form": form,
        "returned": returned,
        "limit": running(case, "review"),
        "seen": request.POST.get("seen") or (claim.submitted_at.isoformat() if claim.submitted_at else ""),
        "rule": rule("return-once"),
    }
    return render(request, "filings/review.html", context, status=status)


def _second_return() -> str:
    text = _("The claim was returned once already. Accept or refuse it (rule %(rule)s).")
    return text % {"rule": rule("return-once").number}


def _decide(request: PersonRequest, case: Case, asked: dict[str, Any]) -> HttpResponse:
    """Do what the clerk chose. Raises NotNow if the claim they read is no longer the one that waits."""
    seen: datetime | None = None
    try:
        seen = parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        seen = None
    if seen is None or timezone.is_naive(seen):
        raise NotNow("review", case)
    if asked["verdict"] == Verdict.ACCEPT:
        decided = accept_claim(case, by=request.user, seen=seen)
        text = _("The claim was accepted as %(number)s. The respondent gets a letter with a code.")
        messages.success(request, text % {"number": decided.label})
        return redirect("case", number=decided.label)
    if asked["verdict"] == Verdict.RETURN:
        return_claim(case, by=request.user, reasons=asked["reasons"], seen=seen)
        messages.success(request, _("The claim was returned. The claimant gets a letter with your list."))
    else:
        refuse_claim(case, by=request.user, reasons=asked["reasons"], seen=seen)
        messages.success(request, _("The claim was refused. The claimant gets a letter with your reasons."))
    return redirect("review_queue")


def _decided_by_another(request: PersonRequest, case: Case) -> HttpResponse:
    """Say who was faster, and that nothing was changed by this form."""
    current = Case.objects.get(pk=case.pk)
    last = Review.objects.filter(case=current).select_related("by").order_by("-pk").first()
    context = {
        "case": current,
        "last": last,
        "mine": last is not None and last.by_id == request.user.pk,
        "waiting": current.stage == stages.SUBMITTED,
        "stage": Stage(current.stage).label,
        "reasons": request.POST.get("reasons", ""),
    }
    return render(request, "filings/review_decided.html", context, status=409)


@require_POST
@signed_in
def service(request: PersonRequest, number: str) -> HttpResponse:
    """A clerk's two buttons while the respondent has not joined: send a new code, or record deemed service."""
    case = case_to_serve(request.user, number)
    do = request.POST.get("do")
    try:
        if do == "deem":
            deem_served(case, by=request.user)
            messages.success(request, _("Deemed service was recorded. The respondent gets a letter with a new code."))
        elif do == "invite":
            invite_again(case, by=request.user)
            messages.success(request, _("A new code is on its way. The old one no longer works."))
        else:
            messages.error(request, _("Nothing was chosen. Nothing was changed."))
    except TooEarly:
        messages.error(request, _("It is too early to record deemed service. Nothing was changed."))
    except NotNow:
        messages.info(request, _("That is no longer needed: the respondent joined, or the case went on."))
    return redirect("case", number=case.label)
