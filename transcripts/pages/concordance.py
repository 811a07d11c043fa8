"""The word index: the words that tell something, each with the lines it stands on.

Spaced scripts are indexed by their words, without those that hold sentences together. Chinese is written without
spaces: its pairs of characters stand for words, as in the search index, where a pair was said at least twice and
neither character only joins others.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

Place = tuple[int, int]

MOST_PLACES = 60  # a word said more often is listed with as many places and the number of the rest
MOST_WORDS = 12_000  # beyond, the words said most often are kept

_SAID_OFTEN = """
a about after again all also am an and any are as at be because been before being but by can could did do does doing
don't down each few for from further get go going got had has have having he he's her here hers him his how i i'd i'll
i'm i've if in into is isn't it it's its itself just know let like me more most my no nor not now of off oh ok okay on
once only or other our out over own really said same say says see she should so some such than that that's the their
theirs them then there there's these they they're this those through to too uh uhm um under until up us very was we
we'll we're well were what when where which while who whom why will with would yeah yes you you're your yours
그 이 저 것 수 등 및 네 예 제가 저는 그리고 그런데 그래서 하지만 있습니다 없습니다 합니다 했습니다 입니다
"""
_STOP = frozenset(_SAID_OFTEN.split())
_JOINING = frozenset(
    "的了是在我你他她它们这那有和就也都不吗呢吧啊嗯个一与及或而但把被让对向从到给为之其所以因由于上下中很还要会能可没说来去着过得地"
)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_EDGES = re.compile(r"^[^\w$€£¥₩%]+|[^\w$€£¥₩%]+$")


def terms(text: str) -> list[str]:
    """What a word of a spaced script is indexed as: itself in small letters without marks at its edges, or nothing."""
    bare = _EDGES.sub("", unicodedata.normalize("NFKC", text).replace("’", "'")).casefold().removesuffix("'s")
    if not bare or bare in _STOP or (len(bare) == 1 and not bare.isdigit()) or _HAN.search(bare):
        return []
    return [bare]


def pairs(text: str) -> list[str]:
    """The pairs of Han characters in a text of which neither only joins others."""
    found = []
    for run in _HAN.findall(text):
        for one, other in pairwise(run):
            if one not in _JOINING and other not in _JOINING:
                found.append(one + other)
    return found


def concordance(lines: Iterable[tuple[Place, str, Sequence[Sequence[int]]]]) -> list[tuple[str, list[Place], int]]:
    """(word, the lines it stands on, how many more) in alphabetical order, of lines given with their words' places.

    Hidden words are not among a line's words, and so not in the index.
    """
    found: dict[str, list[Place]] = defaultdict(list)
    paired: dict[str, list[Place]] = defaultdict(list)
    for place, text, words in lines:
        run: list[str] = []
        reached = -1
        for _number, first, last in words:
            word = text[first:last]
            for term in terms(word):
                _put(found[term], place)
            if first != reached and run:
                _pair(paired, run, place)
                run = []
            run.append(word)
            reached = last
        _pair(paired, run, place)
    found.update({pair: places for pair, places in paired.items() if len(places) > 1})
    kept = sorted(found, key=lambda term: -len(found[term]))[:MOST_WORDS]
    return [(term, found[term][:MOST_PLACES], max(len(found[term]) - MOST_PLACES, 0)) for term in sorted(kept)]


def _put(places: list[Place], place: Place) -> None:
    if not places or places[-1] != place:
        places.append(place)


def _pair(paired: dict[str, list[Place]], run: list[str], place: Place) -> None:
    for pair in pairs("".join(run)):
        _put(paired[pair], place)
