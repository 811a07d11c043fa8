"""How the docket reads of written records, and what their pages show."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.cases.docket import sentences
from transcripts.models import Decision, Discrepancy, DiscrepancyKind, WrittenRecord
from transcripts.reading import clock

PER_PAGE = 150  # differences listed at once
MARGIN = 1.0  # seconds played before and after a difference
CONCERNS = {
    "number": gettext_lazy("a number"),
    "date": gettext_lazy("a date"),
    "name": gettext_lazy("a name"),
    "negation": gettext_lazy("a negation"),
}


def _decided(details: dict[str, object]) -> str:
    decision, before = Decision(str(details["decision"])), Decision(str(details["before"]))
    told = {"number": details["number"], "title": details["title"], "decision": decision.label, "before": before.label}
    if before == Decision.OPEN:
        return _("Difference %(number)s in the written record “%(title)s”: %(decision)s.") % told
    return _("Difference %(number)s in the written record “%(title)s”: %(decision)s (before: %(before)s).") % told


sentences(
    written_record_added=gettext_lazy("The written record “%(title)s” was added to be compared with the sound."),
    written_record_again=gettext_lazy("The written record “%(title)s” was sent to be compared again."),
    written_record_stopped=gettext_lazy("The comparison of the written record “%(title)s” was stopped."),
    difference_decided=_decided,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One difference as the list shows it."""

    one: Discrepancy
    number: int  # counts from 1, in the order in which to look at them
    kind: str
    concerns: str
    start: float | None  # of what is played, with a margin
    end: float | None
    clock: str
    decision: str

    @property
    def decided(self) -> bool:
        """Whether somebody decided it."""
        return self.one.decision != Decision.OPEN


@dataclass(frozen=True, slots=True)
class Filter:
    """Which differences are listed. ``show``: all, open (not decided), person (for a person), aside (set aside)."""

    kind: str = ""
    show: str = "all"

    @classmethod
    def read(cls, asked: dict[str, str]) -> "Filter":
        """What the address asks for; anything unknown asks for all."""
        kind = asked.get("kind", "")
        show = asked.get("show", "")
        return cls(
            kind if kind in DiscrepancyKind.values else "", show if show in ("open", "person", "aside") else "all"
        )

    def takes(self, one: Discrepancy) -> bool:
        """Whether a difference is listed."""
        if self.kind and one.kind != self.kind:
            return False
        if self.show == "aside":
            return one.set_aside
        if self.show == "open":
            return one.decision == Decision.OPEN and not one.set_aside
        if self.show == "person":
            return one.for_person and not one.set_aside
        return not one.set_aside

    @property
    def query(self) -> str:
        """As a part of an address, beginning with an ampersand; empty for all."""
        asked = {"kind": self.kind, "show": self.show if self.show != "all" else ""}
        told = urlencode({name: value for name, value in asked.items() if value})
        return f"&{told}" if told else ""


def shown(one: Discrepancy) -> Shown:
    """A difference as the list shows it."""
    timed = one.start is not None and one.end is not None
    start, end = (one.start or 0.0), (one.end or 0.0)
    return Shown(
        one,
        one.position + 1,
        str(DiscrepancyKind(one.kind).label),
        ", ".join(str(CONCERNS.get(name, name)) for name in one.concerns),
        max(0.0, start - MARGIN) if timed else None,
        end + MARGIN if timed else None,
        clock(start) if timed else "",
        str(Decision(one.decision).label),
    )


def kinds_of(found: list[Discrepancy]) -> list[tuple[str, str, int]]:
    """The kinds there are, in the order of the house, with how many of each."""
    counted = Counter(one.kind for one in found)
    return [(kind.value, str(kind.label), counted[kind.value]) for kind in DiscrepancyKind if counted[kind.value]]


def summary(written: WrittenRecord) -> dict[str, int]:
    """How many differences there are and how many wait for a decision, without those set aside."""
    found = list(Discrepancy.objects.filter(written=written, set_aside=False).values_list("decision", flat=True))
    return {"all": len(found), "open": sum(decision == Decision.OPEN for decision in found)}
