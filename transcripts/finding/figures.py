"""Numbers in either spelling: 25 and twenty-five, 3rd and third, 300 and 삼백 and 三百, 2026 and 二〇二六.

Each number of a text gets one form, its digits. A text that has numbers is indexed a second time with these forms in
their places, so that a phrase may hold a number in either spelling.
"""

import re
from typing import Final

from transcripts.alignment import numbers, numerals

from ..tokenizer import kinds

SIGN: Final = "0n"  # begins the token of a number; no word begins so

Figure = tuple[int, int, str]  # first character, past the last, token

_ENGLISH = {**numbers.ONES, **numbers.TENS, **numbers.SCALES, **numbers.ORDINALS, **numbers.ORDINAL_SCALES}
_ANY = re.compile(rf"\d|\b(?:{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})\b")
_WORD = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:st|nd|rd|th)?|[a-z]+")
_BETWEEN = re.compile(r"[\s‐‑-]+")  # what may part the words of one number

_OLD = str.maketrans("萬億兩貳參陸零", "万亿两贰叁陆零")
_HAN = "".join({*numerals.HAN, *numerals.HAN_SMALL, *numerals.HAN_LARGE})
_CHINESE = re.compile(rf"(?:\d[\d,]*)?[{_HAN}][{_HAN}\d]*")
_SCALES = frozenset("百千万亿佰仟")  # no number begins with them: 万一 is "just in case"
# After a single 一: then it is "one" and not a part of "as soon as".
_COUNTED = "年月日号元块万角分个個位次天周时時点點秒名份条條件页頁张張米公岁歲层層期倍里、，。 "
_KOREAN = re.compile(r"\d[\d,]*[십백천만억조]+|(?<![가-힣])[가-힣]+")
_EVERYDAY = frozenset("이일사오구공영한육")  # single syllables that are mostly no numbers when their unit stands apart


def figures(plain: str) -> list[Figure]:
    """The numbers of a plain text (``tokenizer.plain_text``) in order, which do not overlap."""
    found: list[Figure] = []
    if not plain.isascii():
        found = _korean(plain) + _chinese(plain)
    if _ANY.search(plain):
        taken = [False] * len(plain)
        for start, end, _form in found:
            taken[start:end] = [True] * (end - start)
        found += _english(plain, taken)
    return sorted(found)


def _token(form: str) -> str:
    return SIGN + form.replace(".", "p")


def _english(plain: str, taken: list[bool]) -> list[Figure]:
    """Digits, and numbers in English words. What stands between two words of a number is a space or a hyphen."""
    sorts = kinds(plain)
    found: list[Figure] = []
    chunk: list[tuple[int, int]] = []

    def close() -> None:
        words = [plain[start:end] for start, end in chunk]
        at = 0
        while at < len(words):
            number = (
                numbers.find(words, at)
                if words[at][0].isdigit() or words[at] in _ENGLISH or words[at] == "a"
                else None
            )
            if number is None:
                at += 1
                continue
            found.append((chunk[at][0], chunk[number.last][1], _token(number.form)))
            at = number.last + 1
        chunk.clear()

    for word in _WORD.finditer(plain):
        start, end = word.span()
        whole = (start == 0 or sorts[start - 1] != "w") and (end == len(plain) or sorts[end] != "w")
        if not whole or taken[start]:
            close()
            continue
        if chunk and not _BETWEEN.fullmatch(plain, chunk[-1][1], start):
            close()
        chunk.append((start, end))
    close()
    return found


def _chinese(plain: str) -> list[Figure]:
    found: list[Figure] = []
    for match in _CHINESE.finditer(plain.translate(_OLD)):
        at, text = match.start(), match.group()
        while text:
            for size in range(len(text), 0, -1):
                piece = text[:size]
                worth = (
                    None
                    if piece[0] in _SCALES or piece in "零〇" or piece[-1] == ","
                    else numerals.value(piece.replace(",", ""))
                )
                if worth is None:
                    continue
                after = plain[at + size : at + size + 1] or " "
                everyday = piece == "一" and (after not in _COUNTED or plain[at - 1 : at] in _SCALES)
                if not piece.isdecimal() and not everyday:
                    found.append((at, at + size, _token(str(worth))))
                at, text = at + size, text[size:]
                break
            else:
                at, text = at + 1, text[1:]
    return found


def _korean(plain: str) -> list[Figure]:
    found: list[Figure] = []
    for match in _KOREAN.finditer(plain):
        start, text = match.start(), match.group()
        if text[0].isdigit():
            worth = numerals.value(text.replace(",", ""), korean=True)
            if worth is not None:
                found.append((start, match.end(), _token(str(worth))))
            continue
        leading = numerals.leading_korean(text)
        if leading is None and text not in _EVERYDAY and plain[match.end() : match.end() + 1] == " ":
            following = re.match("[가-힣]+", plain[match.end() + 1 :])
            leading = numerals.leading_korean(text + following.group()) if following else None
        if leading is None or leading[1] > len(text):
            continue
        worth, size = leading
        before = found[-1] if found else None
        if before and before[1] == start - 1 and plain[start - 1] == " ":  # 이천 이십육년 is one number
            held = before[2].removeprefix(SIGN)
            if int(held) and held.endswith("0" * len(str(worth))):
                found[-1] = (before[0], start + size, _token(str(int(held) + worth)))
                continue
        found.append((start, start + size, _token(str(worth))))
    return found
