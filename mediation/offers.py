"""Negotiation: offers between the parties, and the settlement that an accepted one becomes.

The docket keeps that an offer was made and what became of it, for the parties and the mediator; never what it said.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.accounts.post import write_letter
from court.cases.models import Audience, Case, Party, Role
from court.cases.services import NotNow, move, record
from court.hearings.models import HearingState
from court.hearings.services import cancel_hearing

from .models import Confirmation, Offer, OfferState, SessionState
from .services import MEDIATED, cancel_session


class Gone(Exception):
    """The offer is not open (any more), or it is not this party's to answer."""


class OwnOfferOpen(Exception):
    """This side has an open offer already: it is withdrawn before another is made."""


def can_negotiate(case: Case) -> bool:
    """Whether offers can be made: the case goes on, every party has joined, and nothing was accepted."""
    joined = not case.parties.filter(user=None).exists()
    return case.stage in MEDIATED and joined and not case.offers.filter(state=OfferState.ACCEPTED).exists()


def _held(case: Case) -> Case:
    """Hold the case, so that what is done with its offers follows one after the other."""
    return Case.objects.select_for_update(no_key=True).get(pk=case.pk)


def _note(offer: Offer, kind: str, by: User | None) -> None:
    record(offer.case, kind, by=by, audience=Audience.MEDIATION, offer=offer.pk, party=offer.party.name)


def _close(offer: Offer, state: OfferState) -> None:
    """Close an open offer that has not run out. Raises Gone."""
    now = timezone.now()
    still = Offer.objects.filter(pk=offer.pk, state=OfferState.OPEN, open_until__gt=now)
    if not still.update(state=state, state_since=now):
        raise Gone
    offer.refresh_from_db()


def make_offer(
    case: Case, *, party: Party, by: User, terms: str, amount: int | None, currency: str, days: int
) -> Offer:
    """Make an offer that stands for so many days. One open from the other side is answered by it.

    Raises NotNow where nothing can be offered, OwnOfferOpen if this side has an open offer.
    """
    with transaction.atomic():
        held = _held(case)
        expire_offers(held)
        if not can_negotiate(held):
            raise NotNow("offer", held)
        standing = held.offers.filter(state=OfferState.OPEN).select_related("party").first()
        if standing is not None:
            if standing.party.role == party.role:
                raise OwnOfferOpen
            _close(standing, OfferState.COUNTERED)
        offer = Offer.objects.create(
            case=held,
            party=party,
            amount=amount,
            currency=currency,
            terms=terms,
            open_until=timezone.now() + timedelta(days=days),
            counters=standing,
        )
        _note(offer, "offer_countered" if standing else "offer_made", by)
        _tell(offer, "offer_made", held.parties.exclude(role=party.role))
    return offer


def accept_offer(offer: Offer, *, party: Party, by: User) -> None:
    """Accept the other side's offer. Then each party confirms it. Raises Gone."""
    with transaction.atomic():
        held = _held(offer.case)
        if offer.party.role == party.role or held.stage not in MEDIATED:
            raise Gone
        _close(offer, OfferState.ACCEPTED)
        _note(offer, "offer_accepted", by)
        _tell(offer, "offer_accepted", held.parties.all())
        staff = User.objects.filter(
            appointments__case=held, appointments__role__in=[Role.MEDIATOR, Role.CLERK], is_active=True
        )
        for person in staff.distinct():
            _write(offer, "offer_accepted", person)


def decline_offer(offer: Offer, *, party: Party, by: User) -> None:
    """Decline the other side's offer. Raises Gone."""
    with transaction.atomic():
        _held(offer.case)
        if offer.party.role == party.role:
            raise Gone
        _close(offer, OfferState.DECLINED)
        _note(offer, "offer_declined", by)


def withdraw_offer(offer: Offer, *, party: Party, by: User) -> None:
    """Take one's own side's offer back before it is accepted. Raises Gone."""
    with transaction.atomic():
        _held(offer.case)
        if offer.party.role != party.role:
            raise Gone
        _close(offer, OfferState.WITHDRAWN)
        _note(offer, "offer_withdrawn", by)


def confirm_terms(offer: Offer, *, party: Party, by: User) -> bool:
    """A party confirms an accepted offer; with the last confirmation the case is settled. True if it is.

    Hearings and mediation still to come are cancelled then. Raises Gone unless the offer was accepted, NotNow if the
    case cannot be settled where it stands.
    """
    with transaction.atomic():
        held = _held(offer.case)
        if not Offer.objects.filter(pk=offer.pk, state=OfferState.ACCEPTED).exists():
            raise Gone
        _confirmation, new = Confirmation.objects.get_or_create(offer=offer, party=party)
        if not new:
            return False
        record(held, "offer_confirmed", by=by, audience=Audience.MEDIATION, offer=offer.pk, party=party.name)
        if held.parties.count() > offer.confirmations.count():
            return False
        move(held, "settle", by=by)
        for hearing in held.hearings.filter(state=HearingState.LISTED).select_related("case", "judge", "room"):
            cancel_hearing(hearing, reason=_("The parties settled."), by=by)
        for session in held.mediations.filter(state=SessionState.LISTED).select_related("case", "mediator", "room"):
            cancel_session(session, reason=_("The parties settled."), by=by)
    return True


def expire_offers(case: Case | None = None) -> int:
    """Close the offers whose time has run out, of one case or of all. Returns how many."""
    now = timezone.now()
    due = Offer.objects.filter(state=OfferState.OPEN, open_until__lte=now)
    if case is not None:
        due = due.filter(case=case)
    expired = 0
    for offer in due.select_related("case", "party"):
        with transaction.atomic():
            if Offer.objects.filter(pk=offer.pk, state=OfferState.OPEN).update(
                state=OfferState.EXPIRED, state_since=offer.open_until
            ):
                _note(offer, "offer_expired", None)
                expired += 1
    return expired


def _tell(offer: Offer, letter: str, parties: Any) -> None:
    for person in User.objects.filter(parties__in=parties, is_active=True).distinct():
        _write(offer, letter, person)


def _write(offer: Offer, letter: str, person: User) -> None:
    write_letter(
        letter,
        to=person.email,
        key=f"{letter}:{offer.pk}:{person.pk}",
        language=person.language,
        name=person.get_full_name(),
        case=offer.case,
        offer=offer,
    )
