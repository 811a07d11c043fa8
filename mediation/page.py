"""What mediation shows on the case page, at home and in a room, and how it reads in the docket."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.accounts.models import User
from court.cases.docket import sentences
from court.cases.models import Case
from court.cases.page import Duty, Section, duties, section
from court.rooms.models import Room, Seat
from court.rooms.page import Place, Tool, place, tools
from court.wording import write_when

from .access import ARRANGE, cases_to_mediate, sees_offers, sessions_for
from .models import Answer, Offer, OfferState, SessionState
from .offers import can_negotiate
from .queries import can_arrange, open_caucus_of, session_of, sides, state_shown
from .services import MEDIATED


def _moment(details: dict[str, object], name: str = "at") -> str:
    return write_when(datetime.fromisoformat(str(details[name])))


def _arranged(details: dict[str, object]) -> str:
    words = _("Mediation arranged for %(when)s with %(mediator)s")
    return words % {"when": _moment(details), "mediator": details["mediator"]}


def _moved(details: dict[str, object]) -> str:
    words = _("Mediation moved from %(before)s to %(when)s")
    return words % {"when": _moment(details), "before": _moment(details, "before")}


def _cancelled(details: dict[str, object]) -> str:
    words = _("Mediation of %(when)s cancelled: %(reason)s")
    return words % {"when": _moment(details), "reason": details["reason"]}


def _opened(details: dict[str, object]) -> str:
    present = details["present"]
    names = ", ".join(map(str, present)) if isinstance(present, list) else ""
    return _("Mediation opened. Present: %(names)s") % {"names": names} if names else _("Mediation opened")


sentences(
    mediation_arranged=_arranged,
    mediation_moved=_moved,
    mediation_cancelled=_cancelled,
    mediation_agreed=gettext_lazy("%(party)s agreed to mediate"),
    mediation_declined=gettext_lazy("%(party)s declined to mediate"),
    mediation_withdrawn=gettext_lazy("%(party)s withdrew the agreement to mediate"),
    mediation_opened=_opened,
    mediation_ended=gettext_lazy("Mediation ended"),
    mediation_settled=gettext_lazy("Outcome of the mediation: settled"),
    mediation_not_settled=gettext_lazy("Outcome of the mediation: not settled"),
    offer_made=gettext_lazy("%(party)s made an offer"),
    offer_countered=gettext_lazy("%(party)s answered with another offer"),
    offer_accepted=gettext_lazy("The offer of %(party)s was accepted"),
    offer_declined=gettext_lazy("The offer of %(party)s was declined"),
    offer_withdrawn=gettext_lazy("%(party)s withdrew the offer"),
    offer_expired=gettext_lazy("The offer of %(party)s ran out"),
    offer_confirmed=gettext_lazy("%(party)s confirmed the accepted terms"),
)


@section(45)
def mediation_section(case: Case, user: User, may: frozenset[str]) -> Section | None:
    """The case's mediation, for the parties, the mediator and clerks. Nothing for the judge."""
    found = list(sessions_for(user).filter(case=case).order_by("starts_at"))
    arranges = bool(may & set(ARRANGE)) and can_arrange(case) and cases_to_mediate(user).filter(pk=case.pk).exists()
    negotiates = sees_offers(user, case) and (can_negotiate(case) or case.offers.exists())
    if not found and not arranges and not negotiates:
        return None
    context = {
        "sessions": [state_shown(session) for session in found],
        "arranges": arranges,
        "negotiates": negotiates,
        "standing": case.offers.filter(state__in=[OfferState.OPEN, OfferState.ACCEPTED]).first()
        if negotiates
        else None,
    }
    return Section("mediation", _("Negotiation and mediation"), "mediation/section.html", context)


@duties
def mediate(user: User, case: Case | None) -> Iterable[Duty]:
    """Parties answer and attend; the mediator attends and records the outcome."""
    found = sessions_for(user).filter(
        state__in=[SessionState.LISTED, SessionState.LIVE, SessionState.ENDED], outcome=""
    )
    if case is not None:
        found = found.filter(case=case)
    for session in found.prefetch_related("consents__party", "case__parties").order_by("starts_at"):
        page = reverse("mediation", args=[session.pk])
        when = write_when(session.starts_at)
        if session.state == SessionState.ENDED:
            if session.mediator_id == user.pk:
                label = _("Record the outcome of the mediation on %(when)s") % {"when": when}
                yield Duty(label, page, case=session.case, action=_("Record it"))
            continue
        if session.state == SessionState.LISTED and state_shown(session).tone == "wait":
            continue  # nobody opened it in its time
        given = {consent.party.user_id: consent.answer for consent in session.consents.all()}
        if session.mediator_id == user.pk or given.get(user.pk) == Answer.AGREED:
            now = session.state == SessionState.LIVE or timezone.now() >= session.starts_at
            label = _("The mediation is on now") if now else _("Attend the mediation on %(when)s") % {"when": when}
            due_at = None if now else session.starts_at
            yield Duty(label, page, case=session.case, action=_("See the session"), due_at=due_at, now=now)
        elif (
            session.state == SessionState.LISTED
            and user.pk not in given
            and any(party.user_id == user.pk for party in session.case.parties.all())
        ):
            label = _("Say whether you agree to mediate on %(when)s") % {"when": when}
            yield Duty(label, page, case=session.case, action=_("Answer"), due_at=session.starts_at)


@duties
def answer_offers(user: User, case: Case | None) -> Iterable[Duty]:
    """Parties answer the other side's offer, and confirm what was accepted."""
    found = Offer.objects.filter(case__parties__user=user, state__in=[OfferState.OPEN, OfferState.ACCEPTED])
    if case is not None:
        found = found.filter(case=case)
    for offer in found.filter(case__stage__in=MEDIATED).select_related("case", "party").distinct():
        page = reverse("offers", args=[offer.case.label])
        party = offer.case.parties.get(user=user)
        if offer.state == OfferState.ACCEPTED and not offer.confirmations.filter(party=party).exists():
            yield Duty(_("Confirm the terms that were accepted"), page, case=offer.case, action=_("Read and confirm"))
        elif offer.is_open and offer.party.role != party.role:
            label = _("Answer the offer of %(party)s") % {"party": offer.party.name}
            yield Duty(label, page, case=offer.case, action=_("Read it"), due_at=offer.open_until)


@place
def session_place(room: Room) -> Place | None:
    """What a mediation's room belongs to."""
    session = session_of(room)
    if session is None:
        return None
    return Place(
        _("Mediation %(case)s") % {"case": session.case.label},
        reverse("mediation", args=[session.pk]),
        _("Back to the mediation"),
    )


@tools
def caucuses(room: Room, seat: Seat) -> Iterable[Tool]:
    """The mediator takes one side aside, and closes the private talk again."""
    session = session_of(room)
    if session is None or session.mediator_id != seat.user_id:
        return
    url = reverse("mediation_caucus", args=[session.pk])
    if room.inside_id is not None or open_caucus_of(session) is not None:
        yield Tool(_("Close the private talk"), url, icon="door-open", fields={"close": "1"})
        return
    for side in sides(session):
        label = _("Talk privately with %(party)s") % {"party": side.name}
        yield Tool(label, url, icon="door-closed", fields={"side": str(side.pk)})
