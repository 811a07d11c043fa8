"""What this room itself shows on the case page, and the docket's plain sentences for moves of the case.

A room above that writes a richer entry of the same kind registers its own sentence later, which wins.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from court.accounts.models import User

from .docket import sentences
from .models import Case, Role
from .page import Section, section
from .queries import LAST_ENTRIES, docket_newest_first, lines


def _with_role(text: Any) -> Any:
    """A sentence whose ``role`` is a key that has to be said in the reader's language."""

    def say(details: dict[str, object]) -> str:
        return str(text) % {**details, "role": Role(str(details["role"])).label}

    return say


sentences(
    submit=_("The claim was sent to the court."),
    **{"return": _("The court returned the claim for correction.")},
    refuse=_("The court refused the claim."),
    accept=_("The court accepted the claim."),
    serve=_("The claim was served on the respondent."),
    answer=_("The respondent answered the claim."),
    list=_("A hearing was listed."),
    hear=_("The case was heard."),
    decide=_("The case was decided."),
    settle=_("The parties settled the case."),
    withdraw=_("The claim was withdrawn."),
    appoint=_with_role(_("%(name)s was appointed. Part in the case: %(role)s.")),
    release=_with_role(_("%(name)s was released. Part in the case until now: %(role)s.")),
    seal=_("The case was sealed. Reason: %(reason)s"),
    unseal=_("The case is no longer sealed. Reason: %(reason)s"),
)


@section(30)
def parties(case: Case, user: User, may: frozenset[str]) -> Section | None:
    """Who is in the case. Addresses are shown to the registry and to the person they belong to."""
    context = {
        "parties": case.parties.select_related("user").order_by("role", "pk"),
        "appointments": case.appointments.select_related("user").order_by("since", "pk"),
        "viewer": user,
    }
    return Section("people", str(_("People")), "cases/parts/people.html", context)


@section(90)
def last_entries(case: Case, user: User, may: frozenset[str]) -> Section | None:
    """The last entries of the docket."""
    found = docket_newest_first(user, case)
    context = {"lines": lines(list(found[:LAST_ENTRIES])), "total": found.count()}
    return Section("docket", str(_("Docket")), "cases/parts/docket.html", context)
