"""Text to comparable units, with the way back to the exact characters.

A *token* is a word as it is written (in Chinese a character), with its offsets. A *unit* is what is compared: the
plain form of one or more tokens ("twenty five" is one unit, 25), or of a part of one ("don't" is two, do and not).
Chinese is compared by character, Korean by syllable, so that neither spacing nor endings break a match.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from transcripts.alignment import numbers, numerals
from transcripts.alignment.spelling import CHINESE_FILLERS, FILLERS, KOREAN_FILLERS, MONTHS, expanded

HAN = r"\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = rf"[^\W_{HAN}\u0300-\u036f][^\W_{HAN}]*"
TOKEN = re.compile(
    rf"[{HAN}]"
    rf"|(?:[£$€¥₩]\s?)?(?:{WORD})(?:[\u0300-\u036f]+[^\W_{HAN}]*)*"
    rf"(?:(?<=\d)[.,:](?=\d)[^\W_{HAN}]+|(?<=\b\w)\.(?=\w\b)\w|['’‐‑\-&@/](?:{WORD}))*(?:%|％)?"
)
MONEY = {"£": "pound", "$": "dollar", "€": "euro", "¥": "yuan", "₩": "원"}
NUMBER, DATE, FILLER = "number", "date", "filler"


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is written: `text` is exactly the characters from `start` to `end`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unit:
    """What is compared: a plain form, the tokens it stands for (`first` to `last`, inclusive), and what it is."""

    form: str
    first: int
    last: int
    kind: str = ""


def tokens(text: str) -> list[Token]:
    """The words of a text, without the punctuation around them."""
    return [Token(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text)]


def by_character(language: str) -> bool:
    """Whether this language is compared by character or syllable rather than by word."""
    return language in ("zh", "ko", "ja", "yue")


def units(found: Sequence[Token], language: str) -> list[Unit]:
    """The units of a text given as its tokens."""
    words = [token.text for token in found]
    if language in ("zh", "ja", "yue"):
        return _chinese(words, [bool(at) and one.start == found[at - 1].end for at, one in enumerate(found)])
    if language == "ko":
        return _korean(words)
    return _english(words)


# --- English, and whatever else parts its words with spaces ---


def _english(words: Sequence[str]) -> list[Unit]:
    parts = [(part, at) for at, word in enumerate(words) for part in _parts(word)]
    plain = [part for part, _ in parts]
    found: list[Unit] = []
    here = 0
    while here < len(parts):
        part, at = parts[here]
        money = MONEY.get(part)
        number = numbers.find(plain, here + 1 if money and here + 1 < len(parts) else here)
        if number is None:
            kind = FILLER if part in FILLERS else ""
            found += [Unit(form, at, at, kind) for form in expanded(part)] if part not in MONEY else []
            here += 1
            continue
        last = parts[number.last][1]
        everyday = number.form in ("1", "1th", "2th") and not money and not part[0].isdecimal()  # one, first, second
        kind = "" if everyday else NUMBER
        found.append(Unit(number.form, at, last, kind))
        if money:
            found.append(Unit(money, at, last))
        here = number.last + 1
    return _dates(_cents(found))


@functools.lru_cache(maxsize=100_000)
def _parts(word: str) -> tuple[str, ...]:
    """A written word in small letters, parted at hyphens and strokes, signs told by name."""
    return tuple(_parted(word))


def _parted(word: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", word).lower().replace("’", "'")
    if plain[:1] in MONEY:
        yield plain[0]
        plain = plain[1:].strip()
    percent = plain.endswith("%")
    plain = plain.removesuffix("%")
    if re.fullmatch(r"[^\W\d](?:\.[^\W\d])+", plain):
        plain = plain.replace(".", "")
    for part in re.split(r"[-‐‑/:]", plain):
        if part == "&":
            yield "and"
        elif mixed := re.fullmatch(r"([^\W\d]+)(\d+)|(\d+)(?!st$|nd$|rd$|th$|s$)([^\W\d]+)", part):
            yield from (piece for piece in mixed.groups() if piece)
        elif part:
            yield part
    if percent:
        yield "percent"


def _cents(found: list[Unit]) -> list[Unit]:
    """Pounds and pence as one number: "twelve pounds and fifty pence" is 12.5 pound."""
    done: list[Unit] = []
    here = 0
    while here < len(found):
        one = found[here]
        if one.form == "per" and here + 1 < len(found) and found[here + 1].form == "cent":
            done.append(Unit("percent", one.first, found[here + 1].last))
            here += 2
            continue
        if one.kind != NUMBER:
            done.append(one)
            here += 1
            continue
        rest = found[here + 1 : here + 5]
        skip = 1 if len(rest) > 1 and rest[1].form == "and" else 0
        if (
            one.form.isdigit()
            and len(rest) >= 3 + skip
            and rest[0].form in ("pound", "dollar", "euro")
            and rest[1 + skip].form.isdigit()
            and len(rest[1 + skip].form) <= 2
            and rest[2 + skip].form in ("penny", "cent", "p")
        ):
            last = rest[2 + skip].last
            fraction = f"{int(rest[1 + skip].form):02d}".rstrip("0")
            done += [
                Unit(f"{one.form}.{fraction}" if fraction else one.form, one.first, last, NUMBER),
                Unit(rest[0].form, one.first, last),
            ]
            here += 4 + skip
            continue
        done.append(one)
        here += 1
    return done


def _dates(found: list[Unit]) -> list[Unit]:
    """Day, month and year as one unit, in whichever order they are written."""
    done: list[Unit] = []
    here = 0
    while here < len(found):
        begins = found[here].kind == NUMBER or found[here].form == "the" or found[here].form in MONTHS
        used, form = _date(found, here) if begins else (0, "")
        if used:
            done.append(Unit(form, found[here].first, found[here + used - 1].last, DATE))
            here += used
        else:
            done.append(found[here])
            here += 1
    return done


def _date(found: list[Unit], at: int) -> tuple[int, str]:
    """(how many units a date takes that begins here, its form); (0, "") if none does."""
    forms = [unit.form for unit in found[at : at + 6]] + [""] * 6
    here = 1 if forms[0] == "the" else 0
    day = _day(forms[here])
    if day and (not here or forms[here].endswith("th")):
        here += 1 + (forms[here + 1] == "of")
        month = MONTHS.get(forms[here], 0)
        if not month:
            return 0, ""
        here += 1
    elif forms[0] in MONTHS:
        month = MONTHS[forms[0]]
        here = 1 + (forms[1] == "the")
        day = _day(forms[here])
        if not day:
            return 0, ""
        here += 1
    else:
        return 0, ""
    year = forms[here]
    if year.isdigit() and len(year) == 4 and "1000" <= year <= "2999":
        return here + 1, f"{year}-{month:02d}-{day:02d}"
    return here, f"{month:02d}-{day:02d}"


def _day(form: str) -> int:
    digits = form.removesuffix("th")
    return int(digits) if digits.isdigit() and len(digits) <= 2 and 1 <= int(digits) <= 31 else 0


# --- Chinese ---


@functools.cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified characters, as long as it was; a text that would change its length is left alone."""
    converted: str = _converter().convert(text)
    return converted if len(converted) == len(text) else text


def _chinese(words: Sequence[str], joined: Sequence[bool]) -> list[Unit]:
    plain = simplified("\n".join(unicodedata.normalize("NFKC", word).lower() for word in words)).split("\n")
    if len(plain) != len(words):
        plain = [unicodedata.normalize("NFKC", word).lower() for word in words]
    found: list[Unit] = []
    here = 0
    while here < len(plain):
        word = plain[here]
        if word == "百" and plain[here : here + 3] == ["百", "分", "之"]:
            unit, after = _han_number(plain, joined, here + 3)
            if unit:
                found += [Unit(unit.form, here, unit.last, NUMBER), Unit("percent", here, unit.last)]
                here = after
                continue
        unit, after = _han_number(plain, joined, here)
        if unit:
            found.append(unit)
            if plain[unit.last].endswith("%"):
                found.append(Unit("percent", unit.first, unit.last))
            here = after
            continue
        if len(word) == 1 or not word.isascii():
            found += [Unit(c, here, here, FILLER if c in CHINESE_FILLERS else "") for c in word if c.isalnum()]
        else:
            found += [Unit(part, here, here) for part in _parts(word) if part not in MONEY]
        here += 1
    return found


def _han_number(plain: Sequence[str], joined: Sequence[bool], at: int) -> tuple[Unit | None, int]:
    end, text = at, ""
    while end < len(plain):
        word = plain[end].removesuffix("%").replace(",", "")
        signs = word in numerals.HAN or word in numerals.HAN_SMALL or word in numerals.HAN_LARGE
        if (end > at and not joined[end]) or not (signs or (word.isdecimal() and word.isascii())):
            break
        text += word
        end += 1
        if plain[end - 1].endswith("%"):
            break
    for stop in range(end, at, -1):
        piece = "".join(word.removesuffix("%").replace(",", "") for word in plain[at:stop])
        if piece in numerals.HAN_LARGE or (worth := numerals.value(piece)) is None:
            continue
        if piece.isdecimal() and len(piece) > 1 and piece[0] == "0":
            return Unit(piece, at, stop - 1, NUMBER), stop
        return Unit(str(worth), at, stop - 1, "" if piece == "一" else NUMBER), stop
    if end == at and at < len(plain) and re.fullmatch(r"\d+\.\d+%?", plain[at]):
        return Unit(plain[at].removesuffix("%"), at, at, NUMBER), at + 1
    return None, at


# --- Korean ---


def _korean(words: Sequence[str]) -> list[Unit]:
    found: list[Unit] = []
    plain = [unicodedata.normalize("NFKC", word).lower() for word in words]
    for at, word in enumerate(plain):
        if word in KOREAN_FILLERS:
            found += [Unit(c, at, at, FILLER) for c in word]
            continue
        rest = re.sub(r"(?<=\d),(?=\d{3})", "", word)
        money = rest[:1] in MONEY
        rest = rest[1:].strip() if money else rest
        while rest:
            match = re.match(r"\d+(?:\.\d+)?[십백천만억조]*", rest)
            if match and (worth := _korean_value(match.group())):
                found.append(Unit(worth, at, at, NUMBER))
                rest = rest[match.end() :]
                continue
            following = plain[at + 1] if at + 1 < len(plain) else ""
            leading = numerals.leading_korean(rest) or numerals.leading_korean(rest + following)
            if leading and leading[1] <= len(rest):
                found.append(Unit(str(leading[0]), at, at, "" if rest[:1] in "한" else NUMBER))
                rest = rest[leading[1] :]
            elif rest[0].isascii() and rest[0].isalpha():
                run = re.match(r"[a-z']+", rest)
                piece = run.group() if run else rest[0]
                found.append(Unit(piece, at, at))
                rest = rest[len(piece) :]
            else:
                if rest[0].isalnum():
                    found.append(Unit(rest[0], at, at))
                elif rest[0] == "%":
                    found += [Unit(c, at, at) for c in "퍼센트"]
                rest = rest[1:]
        if money:
            found.append(Unit("원", at, at))
    return _joined_korean(found)


def _korean_value(text: str) -> str:
    if "." in text:
        return text if re.fullmatch(r"\d+\.\d+", text) else ""
    worth = numerals.value(text, korean=True)
    return "" if worth is None else str(worth)


def _joined_korean(found: list[Unit]) -> list[Unit]:
    """A number parted by a space is one: 이천 이십육년."""
    done: list[Unit] = []
    for unit in found:
        before = done[-1] if done else None
        if (
            before
            and before.kind == unit.kind == NUMBER
            and before.last + 1 == unit.first
            and before.form.isdigit()
            and unit.form.isdigit()
            and before.form.endswith("0" * len(unit.form))
            and int(before.form)
        ):
            done[-1] = Unit(str(int(before.form) + int(unit.form)), before.first, unit.last, NUMBER)
        else:
            done.append(unit)
    return done
