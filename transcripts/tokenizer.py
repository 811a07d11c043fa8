"""Cutting text into what is indexed and looked for: the same for both databases, and for English, Korean and Chinese.

Scripts that put spaces between words give lower-cased words. Runs of Han, Hangul and Kana, which do not (or whose
words change their endings), give overlapping pairs of characters, so that any word of two characters or more is found
inside its run. The single characters of such a run are indexed apart, for a query of one character.
"""

import re
import unicodedata
from dataclasses import dataclass

# Scripts whose runs are cut into pairs, by code points (Unicode 15 block limits, after NFKC).
RUNS = (
    (0x1100, 0x11FF),  # Hangul letters
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),  # 々 〆 〇
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x3130, 0x318F),  # Hangul letters, compatibility
    (0x31F0, 0x31FF),  # Katakana extensions
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xAC00, 0xD7FF),  # Hangul syllables
    (0xF900, 0xFAFF),  # Han, compatibility
    (0x20000, 0x3FFFF),  # Han, further extensions
)
_LONGEST = 64  # characters of a word that count


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a pair of characters, and where it stands in the text. ``run``: it comes from a run of characters."""

    text: str
    start: int
    end: int
    run: bool = False
    single: bool = False  # the whole run is this one character


def _kind(character: str) -> str:
    """``run`` for Han, Hangul and Kana, ``word`` for other letters and digits, empty for what parts words."""
    code = ord(character)
    if code < 0x80:
        return "word" if character.isalnum() else ""
    if any(low <= code <= high for low, high in RUNS):
        return "run" if unicodedata.category(character)[0] in "LN" else ""
    return "word" if unicodedata.category(character)[0] in "LNM" else ""


class _Kinds(dict[int, str]):
    """The kind of each character as one letter, found out once: w for words, r for runs, a space for the rest."""

    def __missing__(self, code: int) -> str:
        kind = self[code] = {"run": "r", "word": "w"}.get(_kind(chr(code)), " ")
        return kind


_KINDS = _Kinds()
_STRETCH = re.compile("w+|r+")


def kinds(plain: str) -> str:
    """The kinds of a plain text's characters: ``w`` for words', ``r`` for runs', a space for the rest."""
    return plain.translate(_KINDS)


def plain_text(text: str) -> tuple[str, list[tuple[int, int]] | None]:
    """The text in NFKC and small letters, with each character's place in the original (None: one for one)."""
    small = text.lower()
    if len(small) == len(text) and (text.isascii() or unicodedata.is_normalized("NFKC", small)):
        return small, None
    written: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        until = at + 1
        # What combines with the character before it is normalised together with it.
        while until < len(text) and (unicodedata.combining(text[until]) or 0x1160 <= ord(text[until]) <= 0x11FF):
            until += 1
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[at:until]).lower())
        written.append(folded)
        places += [(at, until)] * len(folded)
        at = until
    return "".join(written), places


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order, with their places in it."""
    plain, places = plain_text(text)
    return tokens_of(plain, places, 0, len(plain))


def tokens_of(plain: str, places: list[tuple[int, int]] | None, first: int, last: int) -> list[Token]:
    """The tokens of a part of a plain text. ``places`` as ``plain_text`` gives them."""
    found: list[Token] = []

    def add(start: int, end: int, *, run: bool, single: bool = False) -> None:
        word = plain[start:end][:_LONGEST]
        if places is None:
            found.append(Token(word, start, end, run, single))
        else:
            found.append(Token(word, places[start][0], places[end - 1][1], run, single))

    for stretch in _STRETCH.finditer(kinds(plain[first:last])):
        at, until = stretch.start() + first, stretch.end() + first
        if stretch.group()[0] == "w":
            add(at, until, run=False)
        elif until - at == 1:
            add(at, until, run=True, single=True)
        else:
            for here in range(at, until - 1):
                add(here, here + 2, run=True)
    return found


def singles(text: str) -> list[Token]:
    """Every character of the runs in a text by itself."""
    plain, places = plain_text(text)
    return [
        Token(plain[at], *(places[at] if places else (at, at + 1)), run=True, single=True)
        for at, kind in enumerate(kinds(plain))
        if kind == "r"
    ]
