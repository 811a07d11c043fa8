"""Chinese and Korean numbers to one form. Both count in ten thousands."""

HAN = {c: v for v, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4}
HAN |= {"伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
HAN_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
HAN_LARGE = {"万": 10**4, "亿": 10**8}

SINO = {c: v for v, c in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "륙": 6}
SINO_SMALL = {"십": 10, "백": 100, "천": 1000}
SINO_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12}

NATIVE_ONES = {"하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4}
NATIVE_ONES |= {"다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9}
NATIVE_TENS = {"열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70}
NATIVE_TENS |= {"여든": 80, "아흔": 90}
NATIVE = {
    tens + ones: value + more for tens, value in NATIVE_TENS.items() for ones, more in NATIVE_ONES.items()
} | NATIVE_TENS | NATIVE_ONES  # fmt: skip
NATIVE_COUNTERS = (
    "시간",
    "시",
    "살",
    "개",
    "명",
    "번",
    "달",
    "사람",
    "가지",
    "마리",
    "차례",
    "곳",
    "분",
    "장",
    "대",
    "건",
)
SINO_COUNTERS = ("월", "일", "년", "원", "명", "호", "개월", "퍼센트", "프로", "주일", "주년")


_NATIVE_OF: dict[str, list[str]] = {}  # by their first character, the longest first
for _word in sorted(NATIVE, key=len, reverse=True):
    _NATIVE_OF.setdefault(_word[0], []).append(_word)

LONGEST = 30
"""Characters of a number that is reckoned with."""


def value(text: str, *, korean: bool = False) -> int | None:
    """What a run of numerals, digits and scales is worth: 二十五, 二〇二六, 100万, 이백만. None if it is no number."""
    digits, small, large = (SINO, SINO_SMALL, SINO_LARGE) if korean else (HAN, HAN_SMALL, HAN_LARGE)
    if not text or len(text) > LONGEST:
        return None
    if all(c in digits or c.isdecimal() for c in text):
        return int("".join(str(digits.get(c, c)) for c in text))
    total = section = 0
    held: int | None = None
    room_large, room = 10**16, 10**4
    number = ""
    for c in text:
        if c.isdecimal():
            number += c
            held = int(number)
            continue
        number = ""
        if c in digits:
            if held:  # two digits side by side among scales are no number
                return None
            held = digits[c]
        elif c in small and small[c] < room:
            room = small[c]
            section += room * (1 if held is None else held)
            held = None
        elif c in large and large[c] < room_large and (section or held or not korean):
            room_large, room = large[c], 10**4
            total += (section + (held or 0) or 1) * room_large
            section, held = 0, None
        else:
            return None
    return total + section + (held or 0)


def leading_korean(text: str) -> tuple[int, int] | None:
    """The number a Korean word begins with: (its value, how many characters it takes); None if it begins with none.

    Single numerals are also everyday syllables: they count only before a unit such as 월, 년 or 원.
    """
    end = 0
    while end < len(text) and (text[end] in SINO or text[end] in SINO_SMALL or text[end] in SINO_LARGE):
        end += 1
    for size in range(end, 0, -1):
        rest = text[size:]
        worth = value(text[:size], korean=True)
        if worth is None:
            continue
        scaled = any(c in SINO_SMALL or c in SINO_LARGE for c in text[:size])
        if rest.startswith(SINO_COUNTERS) or (
            scaled and size >= 2 and (not rest or rest[0] in "에은는이가을를의도만과와로번")
        ):
            return worth, size
    for word in _NATIVE_OF.get(text[:1], ()):
        if text.startswith(word) and text[len(word) :].startswith(NATIVE_COUNTERS):
            return NATIVE[word], len(word)
    return None
