"""What this room shows on the case page, and what the rooms above say of an exhibit on its own page.

They register there when their app is ready::

    @mentions
    def shown_in_hearings(exhibit, user): ...  -> Mentions: where it was used, for a person who may open it
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.accounts.models import User
from court.cases import stages
from court.cases.docket import sentences
from court.cases.models import Case
from court.cases.page import Section, section

from .access import exhibits_for
from .models import Exhibit
from .queries import in_order


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in which an exhibit was used: in words, and where it is."""

    words: str
    url: str


Tells = Callable[[Exhibit, User], Iterable[Mention]]
_mentions: list[Tells] = []


def mentions(tells: Tells) -> Tells:
    """Register ``tells(exhibit, user) -> Mentions``."""
    _mentions.append(tells)
    return tells


def mentions_of(exhibit: Exhibit, user: User) -> list[Mention]:
    """Where an exhibit was used, as far as this person may know."""
    return [mention for tells in _mentions for mention in tells(exhibit, user)]


sentences(
    exhibit_filed=gettext_lazy("Exhibit %(label)s was filed: %(title)s."),
    exhibit_withdrawn=gettext_lazy("Exhibit %(label)s was taken out before the claim was sent."),
)


@section(40)
def exhibits_section(case: Case, user: User, may: frozenset[str]) -> Section | None:
    """The exhibits of the case, and the way to add one."""
    found = in_order(exhibits_for(user).filter(case=case, withdrawn_at=None))
    adds = "file_in_case" in may and case.stage not in stages.CLOSED
    return Section("exhibits", _("Exhibits"), "evidence/section.html", {"exhibits": found, "adds": adds})
