"""Reading exhibits."""

import re
from collections.abc import Iterable

from court.cases.models import DocketEntry

from .models import Exhibit


def in_order(exhibits: Iterable[Exhibit]) -> list[Exhibit]:
    """The claimant's before the respondent's, and by number: C2 stands before C10."""

    def place(exhibit: Exhibit) -> tuple[str, int]:
        return exhibit.label[:1], int(re.sub(r"\D", "", exhibit.label) or 0)

    return sorted(exhibits, key=place)


def leaf_of(exhibit: Exhibit) -> int | None:
    """The number of the ledger's leaf that holds the exhibit's SHA-256."""
    entries = DocketEntry.objects.filter(case=exhibit.case, kind="exhibit_filed", details__exhibit=exhibit.pk)
    return entries.values_list("leaf", flat=True).first()
