"""What somebody typed into the search box, understood. Nothing that can be typed is an error but having no words.

Words must all be there. "Words in quotes" must stand side by side. ``OR`` between two of them takes either, a minus
before one leaves out, a star after a word takes its other endings.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .tokenizer import Token, tokens

LONGEST = 300  # characters of a query
MOST_TERMS = 24

_QUOTES = dict.fromkeys(map(ord, '“”„‟«»「」『』＂〝〞"'), '"')
_PIECE = re.compile(r'(-?)"([^"]*)(?:"|$)|(\S+)')


class NothingToFind(Exception):
    """There is nothing in the query that could be found. The message is for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that must stand side by side; a single one for a plain word. ``prefix``: the last one may go on."""

    tokens: tuple[Token, ...]
    prefix: bool = False

    @property
    def single(self) -> bool:
        """Whether this is one character of a run, looked for among single characters."""
        return len(self.tokens) == 1 and self.tokens[0].single


@dataclass(frozen=True, slots=True)
class Query:
    """All of ``wanted`` (each a choice of terms) and none of ``unwanted``."""

    wanted: tuple[tuple[Term, ...], ...]
    unwanted: tuple[Term, ...] = ()

    @property
    def terms(self) -> list[Term]:
        """Every term that may show in a hit."""
        return [term for choice in self.wanted for term in choice]


def understand(typed: str) -> Query:
    """The query that was typed. Raises NothingToFind with a message that says what to do."""
    typed = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") else c for c in typed)
    typed = typed.translate(_QUOTES).strip()
    if not typed:
        raise NothingToFind(_("Type a word or a “phrase” to search for."))
    if len(typed) > LONGEST:
        raise NothingToFind(_("Your search is too long. Use at most %(number)s characters.") % {"number": LONGEST})
    wanted: list[list[Term]] = []
    unwanted: list[Term] = []
    either = False
    for minus, phrase, word in _PIECE.findall(typed):
        if word == "OR":
            either = bool(wanted)
            continue
        star = not phrase and len(word) > 2 and word.endswith("*")
        exclude = bool(minus) or (len(word) > 1 and word[0] in "-−")
        found = tuple(tokens(phrase or word))
        if not found:
            continue
        term = Term(found, prefix=star and not found[-1].run)
        if exclude:
            unwanted.append(term)
        elif either:
            wanted[-1].append(term)
        else:
            wanted.append([term])
        either = False
    if not wanted:
        raise NothingToFind(
            _("Say at least one word that must be there.")
            if unwanted
            else _("There are no words in your search. Type letters or numbers.")
        )
    if sum(len(choice) for choice in wanted) + len(unwanted) > MOST_TERMS:
        raise NothingToFind(_("Your search has too many words. Use at most %(number)s.") % {"number": MOST_TERMS})
    return Query(tuple(tuple(choice) for choice in wanted), tuple(unwanted))


def places(term: Term, said: list[Token], alone: list[Token]) -> list[tuple[int, int]]:
    """Where a term stands in a text, given its tokens and its single characters: (start, end) in characters.

    Pairs of characters are checked against the text: two pairs side by side are one word only if they overlap in it.
    """
    if term.single:
        return [(token.start, token.end) for token in alone if token.text == term.tokens[0].text]
    found: list[tuple[int, int]] = []
    length = len(term.tokens)
    for at in range(len(said) - length + 1):
        for number, (asked, here) in enumerate(zip(term.tokens, said[at : at + length], strict=True)):
            begins = number == length - 1 and term.prefix
            if not (here.text.startswith(asked.text) if begins else here.text == asked.text):
                break
            if number and asked.run and here.run:
                overlapping = asked.start < term.tokens[number - 1].end
                if overlapping != (here.start < said[at + number - 1].end):
                    break
        else:
            found.append((said[at].start, said[at + length - 1].end))
    return found
