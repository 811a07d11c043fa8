"""Where what was asked for stands in a text: exact, character by character. The index only proposes."""

from collections.abc import Sequence
from itertools import product

from ..asking import Ask, Near, Term
from .atoms import Atom, Atoms, Read

Place = tuple[int, int, int, int]  # characters from and to, then the number of the first and the last word


def term_places(term: Term, read: Read) -> list[Place]:
    """Where a term stands in a text read by ``atoms_of``."""
    written, counted = read
    found = _places(term.atoms, written, prefix=term.prefix)
    if term.counted and counted is not None:
        known = {place[:2] for place in found}
        found += [p for p in _places(term.counted, counted, prefix=term.prefix) if p[:2] not in known]
    return found


def _places(asked: tuple[Atom, ...], said: Atoms, *, prefix: bool) -> list[Place]:
    found: list[Place] = []
    first, length = asked[0][0], len(asked)
    texts = said.texts
    only_prefix = prefix and length == 1
    for at in range(len(texts) - length + 1):
        if texts[at] != first and not (only_prefix and texts[at].startswith(first)):
            continue
        for number in range(1, length):
            text, joined = asked[number]
            here = texts[at + number]
            same = here.startswith(text) if prefix and number == length - 1 else here == text
            if not same or joined != said.joined[at + number]:
                break
        else:
            last = at + length - 1
            found.append((said.starts[at], said.ends[last], said.words[at], said.words[last]))
    return found


def near_places(near: Near, read: Read) -> list[Place]:
    """The places of the two terms that stand within so many words of each other, in either order."""
    if near.one.counted or near.other.counted:
        # The words are counted in one reading of the text for both: as written, or with numbers as one word each.
        ways = [(read[0], None)] + ([(read[1], None)] if read[1] is not None else [])
        pairs: list[tuple[list[Place], list[Place]]] = []
        for number, (way, _none) in enumerate(ways):
            sides = [
                _places((term.counted or term.atoms) if number else term.atoms, way, prefix=term.prefix)
                for term in (near.one, near.other)
            ]
            pairs.append((sides[0], sides[1]))
    else:
        pairs = [(term_places(near.one, read), term_places(near.other, read))]
    found: set[Place] = set()
    for ones, others in pairs:
        for one, other in product(ones, others):
            apart = other[2] - one[3] if one[1] <= other[0] else one[2] - other[3] if other[1] <= one[0] else -1
            if 0 <= apart <= near.within:
                found |= {one, other}
    return sorted(found)


def ask_places(ask: Ask, read: Read) -> list[Place]:
    """Where a term, or two terms near each other, stand."""
    return near_places(ask, read) if isinstance(ask, Near) else term_places(ask, read)


def joined_spans(places: Sequence[Place]) -> list[tuple[int, int]]:
    """The characters of places in order, those that touch made one."""
    spans: list[tuple[int, int]] = []
    for start, end, *_words in sorted(places):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans
