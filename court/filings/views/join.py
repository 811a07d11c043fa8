"""Joining a case with the code of the court's letter. One sees what the claim is about before one registers."""

import hashlib
import logging

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from court.accounts.access import sign_in_first
from court.accounts.kept import kept
from court.accounts.models import User
from court.cases import stages
from court.cases.access import case_for
from court.cases.deadlines import explain, running
from court.cases.procedure import rule
from court.filings.forms import CodeForm
from court.filings.models import Invitation
from court.filings.queries import claimant_of
from court.filings.services import CodeRefused, join_case, look_up
from court.filings.services.invitation import find, hash_of
from court.filings.shown import money_asked

log = logging.getLogger(__name__)

WRONG_AN_HOUR = 10
HOUR = 3600
SESSION = "invitation"  # the hash of a code that was found good in this browser

REFUSALS: dict[str, tuple[int, str | Promise]] = {
    "wrong": (400, gettext_lazy("This code opens no case. Compare it with the letter, letter by letter.")),
    "used": (
        410,
        gettext_lazy("This code was used already. If it was you, sign in with the same account and open your case."),
    ),
    "expired": (410, gettext_lazy("This code has expired. Ask the court for a new one: it costs nothing.")),
    "revoked": (410, gettext_lazy("The court sent a newer code. Use the one in its last letter.")),
    "own": (400, gettext_lazy("You are a party to this case already, so you cannot join it as the respondent.")),
    "staff": (
        400,
        gettext_lazy("This is an account of the court’s staff. Join with a personal account instead."),
    ),
    "often": (429, gettext_lazy("Too many wrong codes came from here. Wait an hour, then try again.")),
}


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Ask for the code; show the claim it belongs to; let the person join."""
    if request.method == "POST":
        if request.POST.get("do") == "forget":
            request.session.pop(SESSION, None)
            return redirect("join")
        if request.POST.get("do") == "join":
            return _join(request)
        return _enter(request)
    code_hash = request.session.get(SESSION)
    if code_hash:
        try:
            invitation = find(code_hash)
        except CodeRefused as refused:
            return _refuse(request, refused.reason)
        if invitation is not None:
            return _claim_page(request, invitation)
        request.session.pop(SESSION, None)
    return render(request, "filings/join.html", {"form": CodeForm(kept(request))})


def _enter(request: HttpRequest) -> HttpResponse:
    """Look the typed code up. Wrong ones are counted."""
    if _wrong_so_far(request) >= WRONG_AN_HOUR:
        return _refuse(request, "often")
    form = CodeForm(request.POST)
    if not form.is_valid():
        return render(request, "filings/join.html", {"form": form}, status=400)
    typed = form.cleaned_data["code"]
    try:
        invitation = look_up(typed)
    except CodeRefused as refused:
        if refused.reason == "wrong":
            _count_wrong(request)
        used = Invitation.objects.filter(code_hash=hash_of(typed), used_by_id=request.user.pk).first()
        if used is not None and refused.reason == "used" and isinstance(request.user, User):
            return redirect("case", number=used.party.case.label)
        return _refuse(request, refused.reason)
    request.session[SESSION] = invitation.code_hash
    return redirect("join")


def _join(request: HttpRequest) -> HttpResponse:
    """Join with the code that this browser showed before."""
    if not isinstance(request.user, User):
        return sign_in_first(request)
    code_hash = request.session.get(SESSION, "")
    mine = Invitation.objects.filter(code_hash=code_hash, used_by=request.user).select_related("party__case").first()
    if mine is not None:  # the button was pressed twice
        request.session.pop(SESSION, None)
        return redirect("case", number=mine.party.case.label)
    try:
        invitation = find(code_hash) if code_hash else None
        if invitation is None:
            return redirect("join")
        case = join_case(invitation, by=request.user)
    except CodeRefused as refused:
        return _refuse(request, refused.reason)
    request.session.pop(SESSION, None)
    joined = case_for(request.user, case.label)
    if joined.stage == stages.SERVED:
        messages.success(request, _("You joined the case. Read the claim, then answer it."))
        return redirect("answer", number=joined.label)
    messages.success(request, _("You joined the case."))
    return redirect("case", number=joined.label)


def _claim_page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """What the claim is about, and what to do by when."""
    case = invitation.party.case
    limit = running(case, "answer")
    context = {
        "case": case,
        "claim": case.claim,
        "claimant": claimant_of(case),
        "party": invitation.party,
        "money": money_asked(case.claim),
        "limit": limit,
        "explained": explain(limit) if limit else "",
        "rule": rule("answer"),
        "expires_at": invitation.expires_at,
    }
    return render(request, "filings/join_claim.html", context)


def _refuse(request: HttpRequest, reason: str) -> HttpResponse:
    """One clear message, at the field, with the form to try again; the log learns the reason and nothing else."""
    log.warning("An invitation code was refused: %s", reason)
    if reason not in ("own", "staff"):
        request.session.pop(SESSION, None)
    status, text = REFUSALS[reason]
    form = CodeForm({"code": request.POST.get("code", "")} if request.POST.get("code") else {"code": "-"})
    form.full_clean()
    form.errors.clear()
    form.add_error("code", str(text))
    if not request.POST.get("code"):
        form.data = {}
    return render(request, "filings/join.html", {"form": form}, status=status)


def _keys(request: HttpRequest) -> list[str]:
    """Whom wrong codes are counted for: the address they come from, and the browser's session."""
    marks = [get_adapter().get_client_ip(request)]
    if request.session.session_key:
        marks.append(request.session.session_key)
    return ["join:" + hashlib.sha256(mark.encode()).hexdigest() for mark in marks if mark]


def _wrong_so_far(request: HttpRequest) -> int:
    return max((int(count) for count in cache.get_many(_keys(request)).values()), default=0)


def _count_wrong(request: HttpRequest) -> None:
    for key in _keys(request):
        if not cache.add(key, 1, HOUR):
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two
                cache.set(key, 1, HOUR)
