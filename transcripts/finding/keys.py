"""The keys PostgreSQL finds passages by: each word of a passage together with the source it was said or written in.

A key is a hash of a lexeme of the passage's index, seeded with the number of its transcript or case. To look for a
word in some sources is to look for as many keys, and costs nothing for what stands in others. Pairs of words have no
keys: there are as many of them as of places, and the words of a pair leave little to look at.
"""

from collections.abc import Iterable, Sequence

from ..asking import Ask, Near, Query, Term
from ..index import scope_lexeme
from ..tokenizer import Token

BEGINNING = 2  # letters of a longer word that are a key by themselves, for a word's beginning


def needed(query: Query, narrowed: Iterable[Sequence[str]]) -> list[list[str]]:
    """Groups of lexemes: a passage that answers the query has one of each. First those that likely tell most,
    last the scopes.

    There is none for a lone letter with a star.
    """
    groups: list[list[str]] = []
    for choice in query.wanted:
        ways = [sorted(way, key=_telling, reverse=True) for ask in choice for way in _ways(ask)]
        if all(ways):  # whichever way it is there, one of each way's lexemes is there
            longest = max(map(len, ways))
            groups += [sorted({lexeme for way in ways for lexeme in way[at % len(way)]}) for at in range(longest)]
    words = sorted(map(list, dict.fromkeys(map(tuple, groups))), key=_telling, reverse=True)
    whole = [group for group in narrowed if not any(scope.endswith("*") for scope in group)]
    return [*words, *([scope_lexeme(scope) for scope in group] for group in whole)]


def _telling(group: Sequence[str]) -> int:
    """Nothing is known of how often a word is said: longer words are rarer."""
    return min(len(lexeme.removeprefix("0 ")) for lexeme in group)


def _ways(ask: Ask) -> list[list[list[str]]]:
    """The ways a passage can have what is asked for, as it is written or with numbers in one form: groups for each."""
    terms = [ask.one, ask.other] if isinstance(ask, Near) else [ask]
    ways = [[group for term in terms for group in _groups(term.tokens, "", term)]]
    if any(term.forms for term in terms):
        ways.append([group for term in terms for group in _groups(term.forms or term.tokens, "0 ", term)])
    return ways


def _groups(words: Sequence[Token], sign: str, term: Term) -> list[list[str]]:
    """For each word the lexemes one of which must be there. A single character may be part of a run in the text."""
    groups: list[list[str]] = []
    for number, token in enumerate(words):
        last = number == len(words) - 1
        if token.single and (number == 0 or last):
            groups.append([f"1 {token.text}"])
        elif last and term.prefix:
            if len(token.text) > BEGINNING:
                groups.append([f"4 {token.text[:BEGINNING]}"])
            elif len(token.text) == BEGINNING:
                groups.append([f"4 {token.text}", f"{sign}{token.text}"])
        else:
            groups.append([f"{sign}{token.text}"])
    return groups
