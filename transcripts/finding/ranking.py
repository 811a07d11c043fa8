"""Putting what was found in order: what stands closest together first, then what says it most, then the newest.

Nothing here depends on anything but the passages the person may read: not on how common a word is in the archive.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from django.utils import timezone

from ..asking import Near, Query
from .atoms import Atoms, atoms_of
from .matching import Place, ask_places

USUAL = 14  # words of a usual passage
MOST = 50  # places of one word looked at in one passage
FACETS = ("kind", "speaker", "role", "case", "language", "month")


def plain(query: Query) -> bool:
    """Whether the index says all there is to say: one word, alone."""
    (choice, *more) = query.wanted
    if more or len(choice) > 1 or query.unwanted:
        return False
    return not isinstance(choice[0], Near) and len(choice[0].atoms) == 1


def worth(query: Query, text: str) -> float | None:
    """How well a text answers the query, to one decimal; None if it does not."""
    read = atoms_of(text)
    if any(ask_places(ask, read) for ask in query.unwanted):
        return None
    found: list[list[Place]] = []
    for choice in query.wanted:
        places = [place for ask in choice for place in ask_places(ask, read)][:MOST]
        if not places:
            return None
        found.append(sorted(places))
    return round(2 * _closeness(found) + _weight(found, read[0]), 1)


def _weight(found: Sequence[Sequence[Place]], said: Atoms) -> float:
    """BM25's weight of the words' number in a passage of this length, from 0 to 1 for each."""
    longer = 0.25 + 0.75 * (said.words[-1] + 1 if said.words else 0) / USUAL
    return sum(len(places) / (len(places) + 1.2 * longer) for places in found) / len(found)


def _closeness(found: Sequence[Sequence[Place]]) -> float:
    """1 for words side by side, less the more words stand between them: over the narrowest stretch that has all."""
    if len(found) == 1:
        return 1.0
    every = sorted((place[2], place[3], number) for number, places in enumerate(found) for place in places)
    last: dict[int, tuple[int, int]] = {}
    best = 1_000_000
    for first, until, number in every:
        last[number] = (first, until)
        if len(last) == len(found):
            covered = sum(end - start + 1 for start, end in last.values())
            stretch = max(end for _start, end in last.values()) - min(start for start, _end in last.values()) + 1
            best = min(best, max(0, stretch - covered))
    return 1 / (1 + best)


@lru_cache(maxsize=4096)
def _month(day: int, zone: str) -> str:
    moment = datetime.fromtimestamp(day * 3600, tz=timezone.get_default_timezone())
    return f"{moment:%Y-%m}"


def month_of(moment: datetime) -> str:
    """The month of an aware moment in the court's zone, such as 2026-03."""
    return _month(int(moment.timestamp()) // 3600, str(timezone.get_default_timezone()))


def counted(values: Iterable[str], most: int) -> list[tuple[str, int]]:
    """Each value and how often it comes, the most frequent first."""
    return sorted(Counter(value for value in values if value).items(), key=lambda item: (-item[1], item[0]))[:most]
