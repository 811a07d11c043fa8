"""What somebody typed into the search box, understood. Nothing that can be typed is an error but having no words.

Words must all be there. "Words in quotes" must stand side by side. ``OR`` between two of them takes either, a minus
before one leaves out, a star after a word takes its other endings. ``NEAR/5`` between two of them wants the second at
most five words from the first, before or after it. Numbers are found in either spelling.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .finding.atoms import Atom, read_term
from .finding.figures import figures
from .tokenizer import Token, plain_text, tokens, tokens_of

LONGEST = 300  # characters of a query
MOST_TERMS = 24
FARTHEST = 50  # words that two terms may be apart at most
NEAR = 10  # words apart, where NEAR says no number

_QUOTES = dict.fromkeys(map(ord, '“”„‟«»「」『』＂〝〞"'), '"')
_PIECE = re.compile(r'(-?)"([^"]*)(?:"|$)|(\S+)')
_NEAR = re.compile(r"NEAR(?:/(.*))?")


class NothingToFind(Exception):
    """There is nothing in the query that could be found. The message is for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand side by side; one for a plain word. ``prefix``: the last one may go on.

    ``tokens`` are what the index knows them by, ``forms`` the same with numbers in their one form (empty: no number).
    ``atoms`` and ``counted`` are what a text must have, as ``finding.matching`` reads it.
    """

    tokens: tuple[Token, ...]
    prefix: bool = False
    forms: tuple[Token, ...] = ()
    atoms: tuple[Atom, ...] = ()
    counted: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms at most ``within`` words apart, in either order."""

    one: Term
    other: Term
    within: int


Ask = Term | Near


@dataclass(frozen=True, slots=True)
class Query:
    """All of ``wanted`` (each a choice) and none of ``unwanted``."""

    wanted: tuple[tuple[Ask, ...], ...]
    unwanted: tuple[Ask, ...] = ()

    @property
    def asks(self) -> list[Ask]:
        """Everything that may show in a hit."""
        return [ask for choice in self.wanted for ask in choice]


@dataclass
class _Reader:
    """What was read of a query so far."""

    wanted: list[list[Ask]] = field(default_factory=list)
    unwanted: list[Ask] = field(default_factory=list)
    last: list[Ask] | None = None  # the list whose last item a NEAR would take as its first term
    either: bool = False
    within: int = 0  # set after NEAR, until its second term comes

    def take(self, term: Term, *, exclude: bool) -> None:
        """A term: the second of a NEAR, another choice after OR, or one more that must or must not be there."""
        if self.within:
            assert self.last  # noqa: S101 - ``near`` has looked
            before = self.last[-1]
            one = before.other if isinstance(before, Near) else before
            near = Near(one, term, self.within)
            if isinstance(before, Near) and self.last is not self.unwanted:
                self.wanted.append([near])  # a NEAR/3 b NEAR/5 c: both must hold
                self.last = self.wanted[-1]
            else:
                self.last[-1] = near
            self.within = 0
        elif exclude:
            self.unwanted.append(term)
            self.last = self.unwanted
        elif self.either and self.wanted:
            self.wanted[-1].append(term)
            self.last = self.wanted[-1]
        else:
            self.wanted.append([term])
            self.last = self.wanted[-1]
        self.either = False

    def near(self, told: str | None) -> None:
        """A NEAR with its number. Raises NothingToFind where it cannot stand."""
        if told is None:
            within = NEAR
        elif told.isascii() and told.isdigit() and 1 <= int(told[:4]) <= FARTHEST:
            within = int(told)
        else:
            raise NothingToFind(
                _("After NEAR/ write how many words apart, from 1 to %(most)s: contract NEAR/5 broken.")
                % {"most": FARTHEST}
            )
        if self.last is None or self.within or self.either:
            raise NothingToFind(_near_what())
        self.within = within


def _near_what() -> str:
    return _("Write NEAR/5 between two words or phrases: contract NEAR/5 broken.")


def understand(typed: str) -> Query:
    """The query that was typed. Raises NothingToFind with a message that says what to do."""
    typed = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") else c for c in typed)
    typed = typed.translate(_QUOTES).strip()
    if not typed:
        raise NothingToFind(_("Type a word or a “phrase” to search for."))
    if len(typed) > LONGEST:
        raise NothingToFind(_("Your search is too long. Use at most %(number)s characters.") % {"number": LONGEST})
    reader = _Reader()
    for minus, phrase, word in _PIECE.findall(typed):
        if word == "OR":
            reader.either = bool(reader.wanted) and not reader.within
            continue
        if match := _NEAR.fullmatch(word):
            reader.near(match[1])
            continue
        star = not phrase and len(word) > 2 and word.endswith("*")
        term = term_of(phrase or word, star=star)
        if term is not None:
            reader.take(term, exclude=not reader.within and (bool(minus) or (len(word) > 1 and word[0] in "-−")))
    if reader.within:
        raise NothingToFind(_near_what())
    if not reader.wanted:
        raise NothingToFind(
            _("Say at least one word that must be there.")
            if reader.unwanted
            else _("There are no words in your search. Type letters or numbers.")
        )
    if sum(len(choice) for choice in reader.wanted) + len(reader.unwanted) > MOST_TERMS:
        raise NothingToFind(_("Your search has too many words. Use at most %(number)s.") % {"number": MOST_TERMS})
    return Query(tuple(tuple(choice) for choice in reader.wanted), tuple(reader.unwanted))


def term_of(words: str, *, star: bool = False) -> Term | None:
    """One term of a query; None if there is no word in it."""
    found = tuple(tokens(words))
    if not found:
        return None
    atoms, counted = read_term(words)
    prefix = star and not found[-1].run
    return Term(found, prefix, tuple(form_tokens(words)) if counted else (), atoms, counted)


def form_tokens(text: str) -> list[Token]:
    """The tokens of a text with each number in its one form; empty if it has no number."""
    plain, places = plain_text(text)
    numbers = figures(plain)
    if not numbers:
        return []
    found: list[Token] = []
    at = 0
    for start, end, form in numbers:
        found += tokens_of(plain, places, at, start)
        found.append(Token(form, places[start][0] if places else start, places[end - 1][1] if places else end))
        at = end
    return found + tokens_of(plain, places, at, len(plain))
