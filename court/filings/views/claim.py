"""The guided claim: one subject a page, saved at every step."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from court.accounts.access import PersonRequest, signed_in
from court.accounts.kept import kept
from court.cases import stages
from court.cases.deadlines import running
from court.cases.models import Party, Role
from court.filings.access import EDITABLE, claim_for, respondent_of
from court.filings.forms import OtherSideForm, RemedyForm, TruthForm, YouForm, remedy_initial
from court.filings.models import Claim, Verdict
from court.filings.queries import CLAIM_STEPS, claimant_of, exhibits_of
from court.filings.services import (
    Incomplete,
    NotNow,
    change_claim,
    file_claim,
    start_claim,
    withdraw_claim,
)
from court.filings.shown import claim_summary
from court.filings.steps import walk_of_claim

from .facts import facts
from .step import already_sent, leave, remember, show, too_long, typed_before, wants_to_leave

PARTY_FIELDS = ("name", "email", "phone", "address")


@require_http_methods(["GET", "POST"])
@signed_in
def claim_new(request: PersonRequest) -> HttpResponse:
    """What one needs for a claim; the button opens the draft."""
    if request.method == "POST":
        case = start_claim(by=request.user)
        return redirect("claim_step", number=case.label, step=CLAIM_STEPS[0])
    return render(request, "filings/claim_new.html")


@require_http_methods(["GET"])
@signed_in
def claim(request: PersonRequest, number: str) -> HttpResponse:
    """The draft's list of steps."""
    found = claim_for(request.user, number)
    if found.case.stage not in EDITABLE:
        return redirect("case", number=found.case.label)
    walk = walk_of_claim(found)
    context = {
        "case": found.case,
        "walk": walk,
        "tasks": walk.tasks(),
        "returned": found.case.reviews.filter(verdict=Verdict.RETURN).order_by("-pk").first(),
        "limit": running(found.case, "correct"),
    }
    return render(request, "filings/claim.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def claim_step(request: PersonRequest, number: str, step: str) -> HttpResponse:
    """One step of the draft."""
    found = claim_for(request.user, number)
    if step not in STEPS:
        raise Http404
    try:
        if found.case.stage not in EDITABLE:
            raise NotNow("change", found.case)
        return STEPS[step](request, found)
    except NotNow as refused:
        text = _("This claim was sent to the court already. Nothing was changed.")
        if refused.case.stage == stages.WITHDRAWN:
            text = _("This claim was withdrawn. Nothing was changed.")
        return already_sent(request, refused.case, text)


@require_http_methods(["GET", "POST"])
@signed_in
def claim_withdraw(request: PersonRequest, number: str) -> HttpResponse:
    """Give the claim up, after asking once."""
    found = claim_for(request.user, number)
    if request.method == "POST":
        try:
            withdraw_claim(found.case, by=request.user)
        except NotNow:
            return already_sent(request, found.case, _("This claim can no longer be withdrawn here."))
        messages.success(request, _("The claim was withdrawn."))
        return redirect("case", number=found.case.label)
    if stages.after("withdraw", found.case.stage) is None:
        return already_sent(request, found.case, _("This claim can no longer be withdrawn here."))
    return render(request, "filings/claim_withdraw.html", {"case": found.case, "claim": found})


def _party_step(request: PersonRequest, claim: Claim, step: str, role: Role, template: str) -> HttpResponse:
    """The two steps about people: what is typed goes to the party of that side."""
    party = claimant_of(claim.case) if role == Role.CLAIMANT else respondent_of(claim.case)
    initial = {name: getattr(party, name) for name in PARTY_FIELDS} if party else {}
    typed = request.POST if request.method == "POST" else typed_before(request, claim.unfinished, step)
    form: YouForm | OtherSideForm
    if role == Role.CLAIMANT:
        form = YouForm(typed, initial=initial)
    else:
        you = claimant_of(claim.case)
        own = {request.user.email.lower()} | ({you.email.lower()} if you else set())
        form = OtherSideForm(typed, initial=initial, claimants=own)
    walk = walk_of_claim(claim)
    if request.method == "POST":
        values = form.usable()
        raw = form.as_typed()
        if not too_long(raw):
            with change_claim(claim.case) as draft:
                sides = Party.objects.filter(case=draft.case, role=role)
                if not sides.exists() and any(values.values()):
                    Party.objects.create(case=draft.case, role=role, email="")
                sides.update(**values)
                draft.case.title = _title(draft)
                draft.case.save(update_fields=["title"])
                remember(draft.unfinished, step, raw, unusable=form.unusable())
                draft.save()
            if wants_to_leave(request):
                return leave(request, walk)
            if form.is_valid():
                return redirect(walk.after(step, request))
    return show(request, walk, step, template, form=form)


def _title(claim: Claim) -> str:
    """How the draft is called while it has no number: who sues whom, as far as it is known."""
    you, other = claimant_of(claim.case), respondent_of(claim.case)
    return f"{you} v {other}"[:200] if you and other and other.name else ""


def _you(request: PersonRequest, claim: Claim) -> HttpResponse:
    return _party_step(request, claim, "you", Role.CLAIMANT, "filings/step_you.html")


def _other_side(request: PersonRequest, claim: Claim) -> HttpResponse:
    return _party_step(request, claim, "other-side", Role.RESPONDENT, "filings/step_other_side.html")


def _remedy(request: PersonRequest, claim: Claim) -> HttpResponse:
    typed = request.POST if request.method == "POST" else typed_before(request, claim.unfinished, "remedy")
    form = RemedyForm(typed, initial=remedy_initial(claim))
    walk = walk_of_claim(claim)
    if request.method == "POST":
        values = form.usable()
        raw = form.as_typed()
        if not too_long(raw):
            with change_claim(claim.case) as draft:
                for name, value in values.items():
                    setattr(draft, name, value)
                draft.currency = settings.COURT_CURRENCY if draft.asks_money else ""
                remember(draft.unfinished, "remedy", raw, unusable=form.unusable())
                draft.save()
            if wants_to_leave(request):
                return leave(request, walk)
            if form.is_valid():
                return redirect(walk.after("remedy", request))
    return show(request, walk, "remedy", "filings/step_remedy.html", form=form, currency=settings.COURT_CURRENCY)


def _exhibits(request: PersonRequest, claim: Claim) -> HttpResponse:
    walk = walk_of_claim(claim)
    if request.method == "POST":
        return leave(request, walk) if wants_to_leave(request) else redirect(walk.after("exhibits", request))
    exhibits = exhibits_of(claim.case, Role.CLAIMANT)
    return show(request, walk, "exhibits", "filings/step_exhibits.html", exhibits=exhibits)


def _check(request: PersonRequest, claim: Claim) -> HttpResponse:
    walk = walk_of_claim(claim)
    if request.method == "POST":
        return leave(request, walk) if wants_to_leave(request) else redirect(walk.url("truth"))
    context: dict[str, Any] = {"groups": claim_summary(claim, walk), "problems": walk.problems}
    return show(request, walk, "check", "filings/step_check.html", **context)


def _truth(request: PersonRequest, claim: Claim) -> HttpResponse:
    walk = walk_of_claim(claim)
    if walk.problems:
        messages.warning(request, _("The claim is not complete yet. Below is what is missing."))
        return redirect(walk.url("check"))
    if request.method == "POST" and wants_to_leave(request):
        return leave(request, walk)
    you = claimant_of(claim.case)
    form = TruthForm(request.POST if request.method == "POST" else kept(request), names=[str(you)])
    if request.method == "POST" and form.is_valid():
        try:
            case = file_claim(claim.case, by=request.user, signature=form.cleaned_data["name"])
        except Incomplete:
            messages.warning(request, _("The claim was changed meanwhile and is not complete. Look it over again."))
            return redirect(walk.url("check"))
        messages.success(request, _("Your claim was sent to the court. A letter with the receipt is on its way."))
        return redirect("case", number=case.label)
    return show(request, walk, "truth", "filings/step_truth.html", form=form, paper="claim")


STEPS = {
    "you": _you,
    "other-side": _other_side,
    "facts": facts,
    "remedy": _remedy,
    "exhibits": _exhibits,
    "check": _check,
    "truth": _truth,
}
