"""English numbers, written in words or digits, to one form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transcripts.alignment.spelling import listed

ONES = {
    word: value
    for value, word in enumerate(
        listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen"
        )
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
ORDINALS = {
    word: value
    for value, word in enumerate(
        listed(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
            "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        start=1,
    )
}
ORDINALS |= {
    word: 10 * value
    for value, word in enumerate(
        listed("thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"), start=3
    )
}
ORDINAL_SCALES = {"hundredth": 100, "thousandth": 1000, "millionth": 10**6}
LONGEST = 15
"""Digits of a number that is reckoned with; a longer one is only compared."""

OPENS = {*ONES, *TENS, *ORDINALS, "a"}
DIGITS = re.compile(r"^(\d+(?:,\d{3})*)(\.\d+)?(st|nd|rd|th)?$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number found at `first` to `last` (inclusive) of some words. `form` is its digits, with "th" if ordinal."""

    first: int
    last: int
    form: str


def find(words: Sequence[str], at: int) -> Number | None:
    """The longest number that begins at this word, in words ("two hundred and five") or digits ("1,200.50")."""
    word = words[at]
    if "0" <= word[:1] <= "9":
        return _digits(words, at)
    return _spelled(words, at) if word in OPENS else None


def _digits(words: Sequence[str], at: int) -> Number | None:
    match = DIGITS.match(words[at])
    if not match:
        return None
    whole, fraction, ordinal = match.groups()
    value, last = whole.replace(",", ""), at
    if ordinal:
        return Number(at, at, f"{value.lstrip('0') or '0'}th")
    if at + 1 < len(words) and words[at + 1] in SCALES and words[at + 1] != "hundred" and len(value) <= LONGEST:
        scaled = round(float(value + (fraction or "")) * SCALES[words[at + 1]])
        return Number(at, at + 1, str(scaled))
    fraction = (fraction or "").rstrip("0").rstrip(".")
    if not fraction and len(value) > 1 and value[0] == "0":
        return Number(at, last, value)  # a telephone or file number keeps its noughts
    return Number(at, last, f"{value.lstrip('0') or '0'}{fraction}")


def _spelled(words: Sequence[str], at: int) -> Number | None:
    """A number in words. Two of them side by side are a year or a time: "twenty twenty-six" is 2026."""
    found = _value(words, at)
    if found is None:
        return None
    value, last, ordinal = found
    if ordinal:
        return Number(at, last, f"{value}th")
    if last + 2 < len(words) and words[last + 1] == "point" and words[last + 2] in ONES:
        digits, here = "", last + 2
        while here < len(words) and words[here] in ONES and ONES[words[here]] < 10:
            digits += str(ONES[words[here]])
            here += 1
        if digits and here < len(words) and words[here] in SCALES and words[here] != "hundred":
            return Number(at, here, str(round(float(f"{value}.{digits}") * SCALES[words[here]])))
        if digits:
            fraction = digits.rstrip("0")
            return Number(at, here - 1, f"{value}.{fraction}" if fraction else str(value))
    if 1 <= value <= 99 and last + 1 < len(words):
        following = _value(words, last + 1)
        if following and not following[2] and 10 <= following[0] <= 99 and words[last + 1] not in SCALES:
            return Number(at, following[1], f"{value}{following[0]}")
    return Number(at, last, str(value))


def _value(words: Sequence[str], at: int) -> tuple[int, int, bool] | None:
    """(value, index of its last word, whether it is ordinal) of a number in words."""
    total = part = 0
    last = -1
    here = at
    room = 10**15
    tens = units = False
    while here < len(words):
        word = words[here]
        if word == "a" and part == 0 and total == 0 and last < 0 and _is_scale(words, here + 1):
            part, units = 1, True
        elif word in ONES and not units and not (tens and not 0 < ONES[word] < 10):
            part, units = part + ONES[word], True
            last = here
        elif word in TENS and not tens and not units:
            part, tens = part + TENS[word], True
            last = here
        elif word in ORDINALS and not units and not (tens and ORDINALS[word] >= 10):
            return total + part + ORDINALS[word], here, True
        elif word in ORDINAL_SCALES and part:
            return total + part * ORDINAL_SCALES[word], here, True
        elif word == "hundred" and 0 < part < 100 and (units or tens):
            part, tens, units, last = part * 100, False, False, here
        elif word in SCALES and word != "hundred" and part and SCALES[word] < room:
            room = SCALES[word]
            total, part, tens, units, last = total + part * room, 0, False, False, here
        elif word == "and" and last == here - 1 and words[last] in SCALES and _is_small(words, here + 1):
            pass
        else:
            break
        here += 1
    return (total + part, last, False) if last >= 0 else None


def _is_scale(words: Sequence[str], at: int) -> bool:
    return at < len(words) and words[at] in SCALES


def _is_small(words: Sequence[str], at: int) -> bool:
    return at < len(words) and (words[at] in ONES or words[at] in TENS or words[at] in ORDINALS)


def spoken(form: str) -> list[list[str]]:
    """The ways an English speaker may say a number given as by `find`: each a list of words."""
    ordinal = form.endswith("th")
    whole, _, fraction = form.removesuffix("th").partition(".")
    if not whole.isdigit() or len(whole) > LONGEST:
        return []
    value = int(whole)
    ways = [_words(value), _words(value, joined=True)]
    if len(whole) == 4 and not fraction and value % 1000 >= 10:
        high, low = divmod(value, 100)
        tail = ["hundred"] if low == 0 else (["oh", *_words(low)] if low < 10 else _words(low))
        ways.insert(0, _words(high) + tail)
    if len(whole) == 3 and not fraction and value % 100 >= 10:
        ways.append(_words(value // 100) + _words(value % 100))
    if len(whole) > 2 and not ordinal:
        ways.append([("oh" if d == "0" else _words(int(d))[0]) for d in whole])
    if value >= 100 and str(value)[0] == "1":
        ways += [["a", *way[1:]] for way in ways if way[:1] == ["one"] and way[1:2] and way[1] in SCALES]
    if fraction:
        ways = [[*way, "point", *(_words(int(d))[0] for d in fraction)] for way in ways]
    if ordinal:
        ways = [[*way[:-1], _ordinal(way[-1])] for way in ways]
    return [list(way) for way in dict.fromkeys(tuple(way) for way in ways)]


def _words(value: int, joined: bool = False) -> list[str]:
    names = list(ONES)
    if value < 20:
        return [names[value]]
    if value < 100:
        tens, ones = divmod(value, 10)
        return [list(TENS)[tens - 2], *([names[ones]] if ones else [])]
    for word, scale in sorted(SCALES.items(), key=lambda item: -item[1]):
        if value >= scale:
            count, rest = divmod(value, scale)
            link = ["and"] if joined and 0 < rest < 100 else []
            return [*_words(count, joined), word, *link, *(_words(rest, joined) if rest else [])]
    return []


def _ordinal(word: str) -> str:
    for table, ordinals in ((ONES, ORDINALS), (TENS, ORDINALS)):
        if word in table:
            return next((name for name, value in ordinals.items() if value == table[word]), word + "th")
    return word + "th"
