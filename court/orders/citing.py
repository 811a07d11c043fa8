"""Passages of the record cited in an order.

The order's text stays plain: a citation is written ``[record 12:345-360]``, the words 345 to 360 of record 12. The
page shows it as a link, with a button that plays the words for a reader who may hear them; the PDF as a link. This
room does not know the record: the room above registers how a citation is followed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from court.accounts.models import User
from court.cases.models import Case

_WRITTEN = re.compile(r"\[record (\d{1,9}):(\d{1,9})(?:-(\d{1,9}))?\]")


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a citation leads. ``sound`` is an address, with its seconds; empty where the reader may not hear it."""

    url: str
    sound: str = ""
    start: float = 0.0
    end: float = 0.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; ``cited`` where it is a citation that leads somewhere."""

    text: str
    cited: Cited | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the case that can be cited. ``find`` answers ?by=&from=&to=&format=json with {"cited": text}."""

    label: str
    page: str
    find: str


Follows = Callable[[Case, int, int, int, User | None], Cited | None]
Lists = Callable[[Case], list[Record]]
_follows: list[Follows] = []
_lists: list[Lists] = []


def citations(follows: Follows, lists: Lists) -> None:
    """Register how a citation (case, record, first word, last word, reader or None) is followed, and what there is."""
    _follows.append(follows)
    _lists.append(lists)


def citation(record: int, first: int, last: int) -> str:
    """A citation as it stands in an order's text."""
    return f"[record {record}:{first}]" if first == last else f"[record {record}:{first}-{last}]"


def records_of(case: Case) -> list[Record]:
    """The records of a case that an order may cite."""
    return [record for lists in _lists for record in lists(case)]


def pieces(text: str, case: Case, reader: User | None) -> Iterator[Piece]:
    """A text in pieces, its citations followed for a reader; for nobody, as on paper, they are links alone."""
    at = 0
    for found in _WRITTEN.finditer(text):
        record, first = int(found[1]), int(found[2])
        last = int(found[3] or first)
        cited = next((one for follows in _follows if (one := follows(case, record, first, last, reader))), None)
        if cited is None:
            continue
        if found.start() > at:
            yield Piece(text[at : found.start()])
        words = str(first) if first == last else f"{first}–{last}"
        # Translators: a citation in an order: the number of the record, and of the words in it.
        yield Piece(_("[record %(record)s, words %(words)s]") % {"record": record, "words": words}, cited)
        at = found.end()
    if at < len(text):
        yield Piece(text[at:])
