"""Which files this court signed, by their SHA-256, and what somebody who has one may be told of it.

This room knows its orders. The rooms above register how the files they had signed are found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.cases.access import may
from court.cases.models import Case

from .models import Order, OrderState


@dataclass(frozen=True, slots=True)
class Issued:
    """A file this court signed, in the active language.

    ``what`` names it, e.g. "Order C-2026-0012/O1"; ``version`` and ``volume`` stand where a document has them;
    ``person`` signed or certified it; ``later`` is a sentence where the court gives out a later one; ``url`` leads to
    the document for a reader who may open it. Of a sealed case nothing of this may be told to strangers (``told``).
    """

    case: Case
    what: str
    person: str
    at: datetime | None
    version: str = ""
    volume: str = ""
    later: str = ""
    url: str = ""


Finds = Callable[[str, User | None], Issued | None]
_finds: list[Finds] = []


def issued_files(finds: Finds) -> Finds:
    """Register how a file is found by (SHA-256, reader or None)."""
    _finds.append(finds)
    return finds


def issued(sha256: str, reader: User | None) -> Issued | None:
    """The file with this digest, if the court signed it."""
    return next((found for finds in _finds if (found := finds(sha256, reader))), None)


def told(file: Issued, reader: User | None) -> bool:
    """Whether this reader may be told what the file is.

    Who has the file has read it; of a sealed case they learn no more, unless it is theirs.
    """
    return not file.case.sealed or (reader is not None and may(reader, file.case, "view_case"))


@issued_files
def _order(sha256: str, reader: User | None) -> Issued | None:
    found = Order.objects.filter(sha256=sha256, state=OrderState.ISSUED).select_related("case", "written_by").first()
    if found is None:
        return None
    return Issued(
        case=found.case,
        what=_("Order %(number)s") % {"number": found.number},
        person=found.written_by.name,
        at=found.signed_at,
        url=reverse("order", args=[found.pk]) if reader and may(reader, found.case, "view_case") else "",
    )
