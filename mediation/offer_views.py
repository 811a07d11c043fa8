"""The page of a case's offers. To the judge and to clerks it is not there."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from court.accounts.access import PersonRequest, signed_in
from court.cases.models import Case, Party
from court.cases.services import NotNow

from . import offers as deeds
from .access import case_to_negotiate
from .forms import OfferForm
from .models import Offer, OfferState

TONES = {
    OfferState.OPEN: "wait",
    OfferState.ACCEPTED: "good",
    OfferState.DECLINED: "bad",
    OfferState.WITHDRAWN: "neutral",
    OfferState.EXPIRED: "neutral",
    OfferState.COUNTERED: "neutral",
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def offers(request: PersonRequest, number: str) -> HttpResponse:
    """What was offered; a party makes an offer, which answers one open from the other side."""
    case, party = case_to_negotiate(request.user, number)
    currency = _currency(case)
    if request.method != "POST":
        return _page(request, case, party, OfferForm(currency=currency))
    if party is None:
        raise Http404
    form = OfferForm(request.POST, currency=currency)
    if form.is_valid():
        try:
            deeds.make_offer(case, party=party, by=request.user, currency=currency, **form.cleaned_data)
        except deeds.OwnOfferOpen:
            form.add_error(None, _("Your side has an open offer. Withdraw it before you make another."))
        except NotNow:
            form.add_error(None, _("No offer can be made where the case stands now."))
        else:
            messages.success(request, _("Your offer is made. The other side gets a letter."))
            return redirect("offers", number=case.label)
    return _page(request, case, party, form, status=400)


def _currency(case: Case) -> str:
    claim = getattr(case, "claim", None)
    return (claim.currency if claim else "") or settings.COURT_CURRENCY


def _page(request: PersonRequest, case: Case, party: Party | None, form: OfferForm, status: int = 200) -> HttpResponse:
    found = list(case.offers.select_related("party").prefetch_related("confirmations__party"))
    shown = [
        {
            "offer": offer,
            "state": OfferState.EXPIRED.label if _run_out(offer) else offer.get_state_display(),
            "tone": "neutral" if _run_out(offer) else TONES[OfferState(offer.state)],
        }
        for offer in found
    ]
    standing = next((offer for offer in found if offer.is_open), None)
    accepted = next((offer for offer in found if offer.state == OfferState.ACCEPTED), None)
    confirmed = [one.party for one in accepted.confirmations.all()] if accepted else []
    context: dict[str, Any] = {
        "case": case,
        "party": party,
        "form": form,
        "shown": shown,
        "standing": standing,
        "own": standing is not None and party is not None and standing.party.role == party.role,
        "accepted": accepted,
        "confirmed": confirmed,
        "must_confirm": accepted is not None and party is not None and party not in confirmed,
        "can_offer": party is not None and deeds.can_negotiate(case),
    }
    return render(request, "mediation/offers.html", context, status=status)


def _run_out(offer: Offer) -> bool:
    return offer.state == OfferState.OPEN and not offer.is_open


@require_POST
@signed_in
def offer_answer(request: PersonRequest, number: str, offer: int) -> HttpResponse:
    """A party accepts, declines, withdraws or confirms (``do``)."""
    case, party = case_to_negotiate(request.user, number)
    found = case.offers.filter(pk=offer).select_related("case", "party").first()
    if party is None or found is None:
        raise Http404
    deed = {
        "accept": deeds.accept_offer,
        "decline": deeds.decline_offer,
        "withdraw": deeds.withdraw_offer,
        "confirm": deeds.confirm_terms,
    }.get(request.POST.get("do", ""))
    if deed is None:
        raise Http404
    try:
        settled = deed(found, party=party, by=request.user)
    except (deeds.Gone, NotNow):
        messages.error(request, _("This is not possible any more. See how the offers stand."))
        return redirect("offers", number=case.label)
    if settled:
        messages.success(request, _("Everybody has confirmed. The case is settled."))
    else:
        messages.success(request, _("Done. It is kept in the docket for the parties and the mediator."))
    return redirect("offers", number=case.label)
