"""What the rooms above show inside a live room: where it belongs, what its host may do besides, notes beside it.

This room knows none of them by name; they register here when their app is ready (from their own ``page`` module)::

    @place
    def hearing_of(room): ...  -> Place(heading, url, label) or None

    @tools
    def caucuses(room, seat): ...  -> Tool(label, url, icon, fields): a button that posts to a URL without leaving

    @panel(order)
    def log_notes(room, seat): ...  -> Panel(anchor, title, template, context) or None: a part of the side column

    @facts
    def shown_now(room, seat): ...  -> {name: JSON}: told to this person's browser with the room's state at all news;
                                       their own module hears it as the event "court:room" of the document
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from .models import Room, Seat


@dataclass(frozen=True)
class Place:
    """What a room belongs to: its heading, and the page people go back to when they leave."""

    heading: str
    url: str
    label: str


@dataclass(frozen=True)
class Tool:
    """A button in the room. It posts ``fields`` to ``url`` in the background; what it did comes back as an event.

    The answer may be JSON ``{"message": ...}``; it is shown. With ``link`` the URL is opened in a new tab instead.
    """

    label: str
    url: str
    icon: str = "circle"
    fields: dict[str, str] = field(default_factory=dict)
    link: bool = False


@dataclass(frozen=True)
class Panel:
    """A part of the column beside the pictures: a template and its context (``room`` and ``seat`` are added)."""

    anchor: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


Where = Callable[[Room], Place | None]
Offers = Callable[[Room, Seat], Iterable[Tool]]
Shows = Callable[[Room, Seat], Panel | None]
Tells = Callable[[Room, Seat], dict[str, Any]]
_places: list[Where] = []
_tools: list[Offers] = []
_panels: list[tuple[int, Shows]] = []
_facts: list[Tells] = []


def place(where: Where) -> Where:
    """Register ``where(room) -> Place | None``."""
    _places.append(where)
    return where


def tools(offers: Offers) -> Offers:
    """Register ``offers(room, seat) -> tools`` for one person's page of the room."""
    _tools.append(offers)
    return offers


def panel(order: int) -> Callable[[Shows], Shows]:
    """Register ``shows(room, seat) -> Panel | None``; lower orders stand higher."""

    def register(shows: Shows) -> Shows:
        _panels.append((order, shows))
        _panels.sort(key=lambda pair: pair[0])
        return shows

    return register


def facts(tells: Tells) -> Tells:
    """Register ``tells(room, seat) -> {name: JSON}`` to be told with the room's state."""
    _facts.append(tells)
    return tells


def facts_of(room: Room, seat: Seat) -> dict[str, Any]:
    """What the rooms above tell this person's browser of the room."""
    return {name: value for tells in _facts for name, value in tells(room, seat).items()}


def place_of(room: Room) -> Place | None:
    """What the room, or the room it is a side room of, belongs to."""
    asked = room.inside or room
    return next((found for where in _places if (found := where(asked)) is not None), None)


def tools_of(room: Room, seat: Seat) -> list[Tool]:
    """The further buttons of this person's page of the room."""
    return [tool for offers in _tools for tool in offers(room, seat)]


def panels_of(room: Room, seat: Seat) -> list[Panel]:
    """The further parts of this person's page of the room."""
    return [found for _, shows in _panels if (found := shows(room, seat)) is not None]
