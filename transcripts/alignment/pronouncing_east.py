"""Korean and Chinese in the phones of the English acoustic model.

No model of these languages is shipped with the aligner. Their sounds are near enough to English ones for finding where
a given syllable begins; the result is believed only where it agrees with the recogniser.
"""

import functools
import re
import unicodedata
from collections.abc import Sequence

from transcripts.alignment.normal import simplified
from transcripts.alignment.pronouncing import Phones
from transcripts.alignment.pronouncing import pronunciations as english


def _table(pairs: str) -> dict[str, Phones]:
    """Sounds and their phones from "sound:PHONE_PHONE sound:PHONE"; a sound with nothing after it is silent."""
    split = (pair.partition(":") for pair in pairs.split())
    return {sound: tuple(phone for phone in phones.split("_") if phone) for sound, _, phones in split}


OPENING = _table("ㄱ:G ㄲ:K ㄴ:N ㄷ:D ㄸ:T ㄹ:R ㅁ:M ㅂ:B ㅃ:P ㅅ:S ㅆ:S ㅇ: ㅈ:JH ㅉ:JH ㅊ:CH ㅋ:K ㅌ:T ㅍ:P ㅎ:HH")
VOWELS = _table(
    "ㅏ:AA ㅐ:EH ㅑ:Y_AA ㅒ:Y_EH ㅓ:AH ㅔ:EH ㅕ:Y_AH ㅖ:Y_EH ㅗ:OW ㅘ:W_AA ㅙ:W_EH ㅚ:W_EH ㅛ:Y_OW ㅜ:UW ㅝ:W_AO "
    "ㅞ:W_EH ㅟ:W_IY ㅠ:Y_UW ㅡ:UH ㅢ:IY ㅣ:IY"
)
CLOSING = _table(
    "ㄱ:K ㄲ:K ㄳ:K ㄴ:N ㄵ:N ㄶ:N ㄷ:T ㄹ:L ㄺ:K ㄻ:M ㄼ:L ㄽ:L ㄾ:L ㄿ:P ㅀ:L ㅁ:M ㅂ:P ㅄ:P ㅅ:T ㅆ:T ㅇ:NG ㅈ:T "
    "ㅊ:T ㅋ:K ㅌ:T ㅍ:P ㅎ:"
)
FIRST = _table("ㄳ:K ㄵ:N ㄶ:N ㄺ:L ㄻ:L ㄼ:L ㄽ:L ㄾ:L ㄿ:L ㅀ:L ㅄ:P")
SECOND = dict(zip("ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ", "ㅅㅈㅎㄱㅁㅂㅅㅌㅍㅎㅂ", strict=True))
"""Of two closing consonants the first stays and the second moves on before a vowel; ㅎ is lost."""

NASAL = {"K": "NG", "T": "N", "P": "M"}
OPENINGS, VOWEL_ORDER = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
CLOSINGS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"

INITIALS = _table("b:B p:P m:M f:F d:D t:T n:N l:L g:G k:K h:HH j:JH q:CH x:SH zh:JH ch:CH sh:SH r:R z:Z c:T_S s:S")
FINALS = _table(
    "a:AA o:AO e:AH ai:AY ei:EY ao:AW ou:OW an:AA_N en:AH_N ang:AA_NG eng:AH_NG ong:UH_NG er:AA_R i:IY ia:Y_AA "
    "ie:Y_EH iao:Y_AW iou:Y_OW ian:Y_EH_N in:IY_N iang:Y_AA_NG ing:IY_NG iong:Y_UH_NG u:UW ua:W_AA uo:W_AO uai:W_AY "
    "uei:W_EY uan:W_AA_N uen:W_AH_N uang:W_AA_NG ueng:W_AH_NG v:Y_UW ve:Y_EH van:Y_EH_N vn:Y_UH_N n:AH_N "
    "ng:AH_NG m:AH_M"
)
DIGITS = {"ko": "영일이삼사오육칠팔구", "zh": "零一二三四五六七八九"}
UNITS = {"ko": ("", "십", "백", "천"), "zh": ("", "十", "百", "千")}
LARGE = {"ko": ("", "만", "억", "조"), "zh": ("", "万", "亿", "兆")}


def pronounced(words: Sequence[str], language: str) -> list[Phones]:
    """How each of some words standing side by side is said; empty for one that has no sound known here."""
    if language == "ko":
        return [_korean(word) for word in words]
    return _chinese(words)


def spoken_number(digits: str, language: str) -> str:
    """An Arabic number as it is read out: 25 is 이십오 or 二十五. A long or zero-led one is read digit by digit."""
    names = DIGITS[language]
    if len(digits) > 16 or (len(digits) > 1 and digits[0] == "0"):
        return "".join(names[int(digit)] for digit in digits)
    if not int(digits):
        return names[0]
    said = ""
    for place in range((len(digits) + 3) // 4 - 1, -1, -1):
        part = digits[-4 * (place + 1) : len(digits) - 4 * place]
        read = ""
        for at, digit in enumerate(part):
            unit = UNITS[language][len(part) - at - 1]
            if digit != "0":
                first = not said + read
                silent = digit == "1" and bool(unit) and (language == "ko" or (unit == "十" and first))
                read += ("" if silent else names[int(digit)]) + unit
        said += read + (LARGE[language][place] if read else "")
    return said


@functools.lru_cache(maxsize=50_000)
def _korean(word: str) -> Phones:
    plain = unicodedata.normalize("NFKC", word)
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain)
    plain = re.sub(r"\d+", lambda match: spoken_number(match.group(), "ko"), plain).replace("%", "퍼센트")
    phones: list[str] = []
    for run in re.findall(r"[가-힣]+|[A-Za-z']+", plain):
        phones += _syllables(run) if "가" <= run[0] <= "힣" else (english(run) or ((),))[0]
    return tuple(phones)


def _syllables(run: str) -> list[str]:
    """Hangul as it is said: a closing consonant moves on before a vowel, and is nasal before ㄴ and ㅁ."""
    parts = [(code // 588, code % 588 // 28, code % 28) for code in (ord(c) - 0xAC00 for c in run)]
    phones: list[str] = []
    carried: Phones | None = None
    for at, (first, vowel, last) in enumerate(parts):
        opening = OPENING[OPENINGS[first]] if carried is None else carried
        if opening == ("S",) and VOWEL_ORDER[vowel] in "ㅣㅑㅕㅛㅠ":
            opening = ("SH",)
        carried = None
        phones += [*opening, *VOWELS[VOWEL_ORDER[vowel]]]
        closing = CLOSINGS[last]
        if closing == " ":
            continue
        following = OPENINGS[parts[at + 1][0]] if at + 1 < len(parts) else ""
        if following == "ㅇ" and closing != "ㅇ":
            moves = SECOND.get(closing, closing)
            phones += FIRST.get(closing, ())
            carried = OPENING[moves] if moves != "ㅎ" else ()
            continue
        sound = CLOSING[closing]
        phones += [NASAL.get(phone, phone) for phone in sound] if following in ("ㄴ", "ㅁ") else sound
    return phones


def _chinese(words: Sequence[str]) -> list[Phones]:
    """Characters by their Pinyin, read in the context of their neighbours."""
    from pypinyin import Style, lazy_pinyin

    text = simplified("".join(words))
    if len(text) != sum(len(word) for word in words):
        text = "".join(words)
    opened = lazy_pinyin(text, style=Style.INITIALS, strict=True)
    read = lazy_pinyin(text, style=Style.FINALS, strict=True)
    if not len(read) == len(opened) == len(text):  # a run of other letters is one piece to it
        opened = [lazy_pinyin(c, style=Style.INITIALS, strict=True)[0] for c in text]
        read = [lazy_pinyin(c, style=Style.FINALS, strict=True)[0] for c in text]
    done: list[Phones] = []
    at = 0
    for word in words:
        if re.fullmatch(r"[\d.,%]+", word):
            digits = "".join(c for c in word if c.isdigit())
            done.append(tuple(p for phones in _chinese(list(spoken_number(digits, "zh"))) for p in phones))
        elif word.isascii():
            done.append((english(word) or ((),))[0])
        else:
            done.append(tuple(p for here in range(at, at + len(word)) for p in _syllable(opened[here], read[here])))
        at += len(word)
    return done


def _syllable(initial: str, final: str) -> Phones:
    if final == "i" and initial in ("zh", "ch", "sh", "r"):
        return (*INITIALS[initial], "ER")
    if final == "i" and initial in ("z", "c", "s"):
        return (*INITIALS[initial], "IH")
    return (*INITIALS.get(initial, ()), *FINALS.get(final, ()))
