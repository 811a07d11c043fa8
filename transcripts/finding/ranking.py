"""Putting what was found in order: what stands closest together first, then what says it most, then the newest.

Nothing here depends on anything but the passages the person may read: not on how common a word is in the archive.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from django.utils import timezone

from ..asking import Ask, Near, Query, Term
from ..index import exact
from ..tokenizer import RUNS, kinds
from .atoms import atoms_of
from .matching import Place, ask_places

USUAL = 14  # words of a usual passage
LETTERS = 6  # of a usual word with the space after it
MOST = 20  # places of one word looked at in one passage

Span = tuple[int, int]

_RUN = "".join(f"{chr(low)}-{chr(high)}" for low, high in RUNS)
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff"
_IN_HANGUL = re.compile(f"[{_HANGUL}]")
_WORD = re.compile(f"[{_HANGUL}]+|[{_RUN}]|[^\\W_{_RUN}]+")  # as ``atoms`` counts words
# Most of what stands between two words is of one kind, and is counted sooner so.
_ASCII_WORD, _CHARACTERS = re.compile("[a-z0-9]+"), re.compile("[\u3005-\u3007\u4e00-\u9fff]+")
_KOREAN, _KOREAN_WORD = re.compile("[a-z0-9\uac00-\ud7a3 ]*"), re.compile("[\uac00-\ud7a3]+|[a-z0-9]+")
_AFTER = f"(?![^\\W_{_RUN}])"


class Answer:
    """What a query asks of a text, made ready to be asked of hundreds.

    Most texts are asked by patterns alone. Where the index has found a number in its other spelling, or what a pattern
    cannot tell, the text is read atom by atom.
    """

    def __init__(self, query: Query) -> None:
        self.query = query
        self.counts = any(_counted(ask) for ask in (*query.asks, *query.unwanted))
        self.simple = not any(isinstance(ask, Near) or not exact(ask) for ask in query.unwanted)
        self.choices = [[(ask, _patterns(ask)) for ask in choice] for choice in query.wanted]
        alone = len(query.wanted) == 1
        # What a pattern does not find: a number stands there in its other spelling, wherever that is; or may stand
        # there in it, or in letters that a pattern does not know; or does not stand there.
        self.elsewhere = [alone and any(_counted(ask) and exact(ask) for ask in choice) for choice in query.wanted]
        self.perhaps = [
            any(_counted(ask) or (isinstance(ask, Term) and exact(ask)) for ask in choice) for choice in query.wanted
        ]
        only = self.choices[0] if alone else []
        self.only = only[0][1][0] if len(only) == 1 and isinstance(only[0][0], Term) else None

    def worth(self, text: str) -> float | None:
        """How well a text answers the query, to one decimal; None if it does not."""
        small = text.lower()
        if not self.simple or len(small) != len(text):
            return self.read(text)
        ascii_only = text.isascii()
        if not (ascii_only or unicodedata.is_normalized("NFKC", small)):
            return self.read(text)
        words = len(text) / (LETTERS if ascii_only else 4)
        if self.only is not None and (times := len(self.only.findall(small))):
            return round(2 + _weight(min(times, MOST), words), 1)  # as below, where there is but one thing to find
        found: list[list[Span]] = []
        for number, choice in enumerate(self.choices):
            if len(choice) == 1:
                spans = _spans(*choice[0], small)
            else:
                spans = [span for ask, patterns in choice for span in _spans(ask, patterns, small)]
            if spans:
                found.append(spans[:MOST])
            elif self.elsewhere[number]:
                found.append([(0, LETTERS)])
            else:
                return self.read(text) if self.perhaps[number] else None
        return self._told(found, words, LETTERS)

    def read(self, text: str) -> float | None:
        """The same, atom by atom."""
        read = atoms_of(text, numbers=self.counts)
        if any(ask_places(ask, read) for ask in self.query.unwanted):
            return None
        found: list[list[Span]] = []
        for choice in self.query.wanted:
            places: list[Place] = [place for ask in choice for place in ask_places(ask, read)][:MOST]
            if not places:
                return None
            found.append([(first, last + 1) for _start, _end, first, last in places])
        return self._told(found, read[0].words[-1] + 1 if read[0].words else 1, 1)

    def _told(self, found: Sequence[Sequence[Span]], words: float, unit: int) -> float:
        """Closeness first; then how much of what is asked for there is."""
        if len(found) == 1:
            return round(2 + _weight(len(found[0]), words), 1)
        weight = sum([_weight(len(spans), words) for spans in found]) / len(found)
        return round(2 * _closeness(found, unit) + weight, 1)


def _weight(times: int, words: float) -> float:
    """BM25's weight of what stands so many times in a passage of this length, which is less than 1."""
    return times / (times + 1.2 * (0.25 + 0.75 * words / USUAL))


def _spans(ask: Ask, patterns: list[re.Pattern[str]], small: str) -> list[Span]:
    """Where a term stands in a text, or two terms near each other."""
    if isinstance(ask, Term):
        return [match.span() for match in patterns[0].finditer(small)]
    ones = [match.span() for match in patterns[0].finditer(small)]
    others = [match.span() for match in patterns[1].finditer(small)] if ones else []
    if len(ones) > MOST or len(others) > MOST:
        ones, others = ones[:MOST], others[:MOST]
    found: list[Span] = []
    for one in ones:
        for other in others:
            first, second = (one, other) if one[1] <= other[0] else (other, one)
            between = second[0] - first[1]  # characters, and so no more words
            if between >= 0 and (between < ask.within or words_apart(small, first[1], second[0]) <= ask.within):
                found += [one, other]
    return found


def words_apart(small: str, end: int, start: int) -> int:
    """How many words on from one that ends at ``end`` another begins at ``start``; 0 within one word."""
    text = small[end:start]
    if text and text.isascii():
        return len(_ASCII_WORD.findall(text)) + 1
    if _CHARACTERS.fullmatch(text):
        return len(text) + 1
    between = (_KOREAN_WORD if _KOREAN.fullmatch(text) else _WORD).findall(text)
    before, after = _IN_HANGUL.match(small, end - 1), _IN_HANGUL.match(small, start)
    if not between:
        return 0 if start == end and before and after else 1
    if len(between) == 1 and before and after and len(between[0]) == start - end and _IN_HANGUL.match(between[0]):
        return 0
    goes_on = before and _IN_HANGUL.match(small, end)
    begun = after and _IN_HANGUL.match(small, start - 1)
    return len(between) + 1 - bool(goes_on) - bool(begun)


def _counted(ask: Ask) -> bool:
    return bool(ask.counted) if isinstance(ask, Term) else bool(ask.one.counted or ask.other.counted)


def _patterns(ask: Ask) -> list[re.Pattern[str]]:
    if isinstance(ask, Near):
        return [*_patterns(ask.one), *_patterns(ask.other)]
    written: list[str] = []
    before = ""
    for text, joined in ask.atoms:
        kind = kinds(text[:1])
        if before and not joined:
            written.append(r"[\W_]*" if before != kind else r"[\W_]+")
        written.append(re.escape(text))
        before = kind
    if kinds(ask.atoms[0][0][:1]) == "w":
        # What stands before it is looked at after it: so a pattern begins with letters, which are looked for fast.
        written.insert(1, f"(?<![^\\W_{_RUN}]{written[0]})")
    after = _AFTER if before == "w" and not ask.prefix else ""
    return [re.compile("".join(written) + after)]


def _closeness(found: Sequence[Sequence[Span]], unit: int) -> float:
    """1 for words side by side, less the more words stand between them: over the narrowest stretch that has all."""
    every = sorted((start, end, number) for number, spans in enumerate(found) for start, end in spans)
    last: dict[int, Span] = {}
    best = 1_000_000
    for start, end, number in every:
        last[number] = (start, end)
        if len(last) == len(found):
            covered = sum(until - since for since, until in last.values())
            stretch = max(until for _since, until in last.values()) - min(since for since, _until in last.values())
            best = min(best, max(0, stretch - covered - (len(found) - 1) * (unit > 1)))
    return 1 / (1 + best / unit)


@lru_cache(maxsize=65536)
def month_of(hour: str) -> str:
    """The month in the court's zone of an hour of UTC such as 2026-03-03 10."""
    moment = datetime.fromisoformat(f"{hour}:00:00+00:00")
    return f"{moment.astimezone(timezone.get_default_timezone()):%Y-%m}"


def counted(values: Iterable[str], most: int) -> list[tuple[str, int]]:
    """Each value and how often it comes, the most frequent first."""
    times = Counter(values)
    times.pop("", None)
    return sorted(times.items(), key=lambda item: (-item[1], item[0]))[:most]
