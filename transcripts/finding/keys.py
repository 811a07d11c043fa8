"""The keys PostgreSQL finds passages by: each word of a passage together with the source it was said or written in.

A key is a hash of a lexeme of the passage's index, with the number of its transcript or case after it. To look for a
word, or two side by side, in some sources is to look for as many keys, and costs nothing for what stands in others.
The keys of one word are neighbours in the index: so many are found on few pages.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from ..asking import Ask, Near, Query, Term
from ..index import scope_lexeme
from ..tokenizer import Token

GROUPS, LEXEMES = 2, 3  # (of words) looked up with a source; one more costs more than reading what it leaves out
BEGINNING = 2  # letters of a longer word that are a key by themselves, for a word's beginning


def needed(query: Query, narrowed: Iterable[Sequence[str]]) -> list[list[str]]:
    """Groups of lexemes: a passage that answers the query has one of each. Those that likely tell most.

    There is none for a lone letter with a star.
    """
    groups: list[list[str]] = []
    for choice in query.wanted:
        ways = [sorted(way, key=_telling, reverse=True) for ask in choice for way in _ways(ask)]
        if all(ways):  # whichever way it is there, one of each way's lexemes is there
            longest = max(map(len, ways))
            groups += [sorted({lexeme for way in ways for lexeme in way[at % len(way)]}) for at in range(longest)]
    words = sorted(map(list, dict.fromkeys(map(tuple, groups))), key=_telling, reverse=True)
    if sum(map(len, words[:GROUPS])) > LEXEMES:
        words = words[:1]
    whole = [group for group in narrowed if not any(scope.endswith("*") for scope in group)]
    return [*words, *([scope_lexeme(scope) for scope in group] for group in whole)][:GROUPS]


def _telling(group: Sequence[str]) -> int:
    """Nothing is known of how often a word is said: longer words are rarer, and so are two side by side."""
    return min(len(lexeme[2:] if lexeme[1:2] == " " else lexeme) for lexeme in group)


def _ways(ask: Ask) -> list[list[list[str]]]:
    """The ways a passage can have what is asked for, as it is written or with numbers in one form: groups for each."""
    terms = [ask.one, ask.other] if isinstance(ask, Near) else [ask]
    ways = [[group for term in terms for group in _groups(term.tokens, "", term)]]
    if any(term.forms for term in terms):
        ways.append([group for term in terms for group in _groups(term.forms or term.tokens, "0 ", term)])
    return ways


def _groups(words: Sequence[Token], sign: str, term: Term) -> list[list[str]]:
    """For each word, or two side by side, the lexemes one of which must be there, as the index has them.

    A single character at either end may be part of a run in the text, and the last word may go on.
    """
    groups: list[list[str]] = []
    of_pair = "3" if sign else "2"
    end = len(words) - 1
    paired: set[int] = set()
    for number, (one, two) in enumerate(pairwise(words)):
        open_end = number + 1 == end and (two.single or term.prefix)
        if not (one.run and two.run) and not (number == 0 and one.single) and not open_end:
            groups.append([f"{of_pair} {one.text} {two.text}"])
            paired |= {number, number + 1}
    for number, token in enumerate(words):
        if number in paired:
            continue
        if token.single and number in (0, end):
            groups.append([f"1 {token.text}"])
        elif number == end and term.prefix:
            if len(token.text) > BEGINNING:
                groups.append([f"4 {token.text[:BEGINNING]}"])
            elif len(token.text) == BEGINNING:
                groups.append([f"4 {token.text}", f"{sign}{token.text}"])
        else:
            groups.append([f"{sign}{token.text}"])
    return groups
