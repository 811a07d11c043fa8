"""The stored lines as one reader may have them: what is hidden leaves a block, on the same page and line."""

from collections import OrderedDict
from collections.abc import Collection
from threading import Lock

from ..models import Clearance, Version
from ..text import BLOCK, hidden_from, kept_rows, masked, number_of
from .breaking import width

_known: OrderedDict[tuple, frozenset[int]] = OrderedDict()
_lock = Lock()
KEPT = 8


def hidden_words(version: Version, clearance: Clearance | int) -> frozenset[int]:
    """The numbers of a version's words that readers of this clearance may not have."""
    hidden = hidden_from(clearance, version.transcript_id)
    if not hidden:
        return frozenset()
    key = (version.sha256, hidden.digest)
    with _lock:
        if key in _known:
            return _known[key]
    numbers: set[int] = set()
    for row in kept_rows(version):
        text, left = masked(row["text"], row["words"], row["track"], hidden)
        if text != row["text"]:
            seen = {number_of(word) for word in left if word[0] != BLOCK}
            numbers.update(number for number in map(number_of, row["words"]) if number not in seen)
    with _lock:
        _known[key] = frozenset(numbers)
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return frozenset(numbers)


def blocked(text: str, words: list[list[int]], hidden: Collection[int], columns: int) -> tuple[str, list[list[int]]]:
    """A line with one block for each run of hidden words, and the words that are left with their characters.

    A shorter block stands where the whole one would not fit the line.
    """
    if not hidden or not any(number in hidden for number, _first, _last in words):
        return text, words
    parts: list[str | None] = []  # None: a block
    left: list[list[int]] = []
    at = 0
    before = False
    places: list[tuple[int, int, list[int]]] = []  # index in parts of each word that stays
    for number, first, last in words:
        hide = number in hidden
        if hide and not before:
            parts += [text[at:first], None]
        elif not hide:
            parts += [text[at:first], text[first:last]]
            places.append((len(parts) - 1, number, []))
        at = max(at, last)
        before = hide
    parts.append(text[at:])
    for block in (BLOCK, BLOCK[0]):
        whole = "".join(block if part is None else part for part in parts)
        if width(whole) <= columns:
            break
    reached = [0]
    for part in parts:
        reached.append(reached[-1] + len(block if part is None else part))
    left = [[number, reached[at], reached[at + 1]] for at, number, _none in places]
    return whole, left
