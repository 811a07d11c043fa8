"""What the case page and a person's home page are put together from.

A room above registers what it has to show (``@section``, ``@duties``) when the app is ready; this room knows none of
them by name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from court.accounts.models import User

from .models import Case


@dataclass(frozen=True)
class Section:
    """A part of the case page: a template and what it is rendered with (``case``, ``may`` are added)."""

    anchor: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Duty:
    """Something a person must or may do next. ``due_at`` None: no time limit."""

    label: str
    url: str
    case: Case | None = None
    action: str = ""  # the word on the button
    due_at: datetime | None = None
    rule: str = ""  # e.g. "28 days from service, rule R-12"
    detail: str = ""
    now: bool = False  # it goes on this very minute: stands first


Shows = Callable[[Case, User, frozenset[str]], Section | None]
Asks = Callable[[User, Case | None], Iterable[Duty]]
_sections: list[tuple[int, Shows]] = []
_duties: list[Asks] = []


def section(order: int) -> Callable[[Shows], Shows]:
    """Register ``shows(case, user, may) -> Section | None``; lower orders stand higher on the page."""

    def register(shows: Shows) -> Shows:
        _sections.append((order, shows))
        _sections.sort(key=lambda pair: pair[0])
        return shows

    return register


def duties(asks: Asks) -> Asks:
    """Register ``asks(user, case) -> duties``: of one case, or of all of the person's cases when it is None."""
    _duties.append(asks)
    return asks


def sections_of(case: Case, user: User, may: frozenset[str]) -> list[Section]:
    """The parts of this case's page that this person is shown."""
    return [shown for _, shows in _sections if (shown := shows(case, user, may)) is not None]


def duties_of(user: User, case: Case | None = None) -> list[Duty]:
    """What this person must do: what goes on now, then the nearest time limit first, then what has none."""
    found = [duty for asks in _duties for duty in asks(user, case)]
    return sorted(found, key=_urgency)


def _urgency(duty: Duty) -> tuple[bool, bool, float]:
    return not duty.now, duty.due_at is None, duty.due_at.timestamp() if duty.due_at else 0.0
