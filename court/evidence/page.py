"""What this room shows on the case page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.accounts.models import User
from court.cases import stages
from court.cases.docket import sentences
from court.cases.models import Case
from court.cases.page import Section, section

from .access import exhibits_for
from .queries import in_order

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
