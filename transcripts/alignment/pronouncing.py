"""How English words are pronounced, in the phones of the acoustic model.

Words of the dictionary are taken from it. Others are put together: a known word and an ending, two known words, the
names of letters, the words of a number; and as a last resort by rules from letters to sounds. A rough pronunciation
is enough to find where a word lies between its neighbours.
"""

import functools
import re
import unicodedata

from transcripts.alignment import numbers
from transcripts.alignment.normal import MONEY
from transcripts.alignment.spelling import CONTRACTED, MONTHS


def _table(pairs: str) -> list[tuple[str, tuple[str, ...]]]:
    """Letters and their phones from "letters:PHONE_PHONE letters:PHONE"."""
    return [(letters, tuple(phones.split("_"))) for letters, _, phones in (p.partition(":") for p in pairs.split())]


LETTER_NAMES = dict(
    _table(
        "a:EY b:B_IY c:S_IY d:D_IY e:IY f:EH_F g:JH_IY h:EY_CH i:AY j:JH_EY k:K_EY l:EH_L m:EH_M n:EH_N "
        "o:OW p:P_IY q:K_Y_UW r:AA_R s:EH_S t:T_IY u:Y_UW v:V_IY w:D_AH_B_AH_L_Y_UW x:EH_K_S y:W_AY "
        "z:Z_IY "
    )
)
RULES = _table(
    "tion:SH_AH_N sion:ZH_AH_N cian:SH_AH_N eigh:EY ough:AO augh:AO igh:AY tch:CH sch:SH dge:JH "
    "ture:CH_ER eau:OW ious:IY_AH_S ous:AH_S ing:IH_NG ee:IY ea:IY oo:UW ou:AW ow:OW oi:OY oy:OY "
    "ai:EY ay:EY ei:EY ey:IY ie:IY au:AO aw:AO ew:UW ue:UW oa:OW eu:Y_UW er:ER ir:ER ur:ER ar:AA_R "
    "or:AO_R ch:CH sh:SH th:TH ph:F wh:W ck:K ng:NG nk:NG_K qu:K_W gh:G kn:N wr:R ps:P_S gn:N mb:M "
    "ce:S_EH ci:S_IH cy:S_IY ge:JH_EH gi:JH_IH cc:K bb:B dd:D ff:F gg:G ll:L mm:M nn:N pp:P rr:R "
    "ss:S tt:T zz:Z zh:ZH ts:T_S tz:T_S hn:N a:AE b:B c:K d:D e:EH f:F g:G h:HH i:IH j:JH k:K l:L "
    "m:M n:N o:AA p:P q:K r:R s:S t:T u:AH v:V w:W x:K_S y:IY z:Z "
)
HISSING = frozenset(("S", "Z", "SH", "ZH", "CH", "JH"))
VOICELESS = frozenset(("P", "T", "K", "F", "TH"))
SAID = {
    "%": "percent",
    "&": "and",
    "@": "at",
    "+": "plus",
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "v": "versus",
}
SAID |= {sign: name + "s" for sign, name in MONEY.items() if name.isascii()}
MONTH_NAMES = {name[:3]: name for name in MONTHS if len(name) > 4}
LONGEST = 60
"""Characters of a word that are looked at."""

MOST = 4
"""Pronunciations tried for one word."""

Phones = tuple[str, ...]


@functools.cache
def dictionary() -> dict[str, list[Phones]]:
    """The pronouncing dictionary shipped with the acoustic model (134,000 words)."""
    import pocketsphinx

    known: dict[str, list[Phones]] = {}
    with open(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"), encoding="utf-8") as file:  # noqa: PTH123
        for line in file:
            word, *phones = line.split()
            known.setdefault(word.partition("(")[0], []).append(tuple(phones))
    return known


@functools.lru_cache(maxsize=50_000)
def pronunciations(word: str) -> tuple[Phones, ...]:
    """The ways a written word may be said, the likeliest first. Empty only for what has no letter and no digit."""
    plain = unicodedata.normalize("NFKD", word[:LONGEST].replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).strip(' .,;:!?"()[]')
    known = dictionary()
    lower = plain.lower()
    if re.fullmatch(r"[a-z](\.[a-z])+", lower):
        return (_letters(lower),)
    if lower in known and not (plain.isupper() and 1 < len(plain) <= 4 and not re.search(r"[AEIOUY]", plain)):
        ways = list(known[lower])
        if plain.isupper() and 2 <= len(plain) <= 4 and plain.isalpha():
            ways.append(_letters(lower))
        return tuple(ways[:MOST])
    if lower in CONTRACTED and all(part in known for part in CONTRACTED[lower]):
        return (tuple(phone for part in CONTRACTED[lower] for phone in known[part][0]),)
    pieces = re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th)?(?![a-z])|[a-z']+|\d+|[%&@+£$€¥]", lower)
    if len(pieces) > 1:
        if pieces[0] in MONEY and len(pieces) > 1:  # "£5" is said "five pounds"
            pieces = [*pieces[1:], pieces[0]]
        ways = [()]
        for piece in pieces:
            ways = [(*way, *more) for way in ways for more in _piece(piece, plain)[:2]][:MOST]
        return tuple(way for way in ways if way)
    return tuple(way for way in _piece(pieces[0], plain)[:MOST] if way) if pieces else ()


def _piece(piece: str, written: str) -> list[Phones]:
    known = dictionary()
    if piece in SAID and (piece not in known or not piece.isalpha()):
        return list(known.get(SAID[piece], [()]))
    if piece[0].isdigit():
        found = numbers.find([piece], 0)
        ways = numbers.spoken(found.form) if found else []
        if not ways and found:
            ways = [[name for digit in piece if digit.isdigit() for name in numbers.spoken(digit)[0]]]
        return [tuple(p for name in way for p in known.get(name, [()])[0]) for way in ways[:MOST]] or [()]
    piece = piece.strip("'") or piece
    if piece in known:
        capital = 2 <= len(piece) <= 4 and piece.isalpha() and piece.upper() in written
        return [_letters(piece), *known[piece]] if capital and piece.upper() != written else known[piece]
    if piece in MONTH_NAMES:
        return known[MONTH_NAMES[piece]]
    return _ended(piece) or _compound(piece) or _unknown(piece, written)


def _ended(word: str) -> list[Phones]:
    """A known word with an ending."""
    known = dictionary()
    for ending, sound in (("'s", "S"), ("s'", "S"), ("es", "S"), ("s", "S"), ("'d", "D"), ("ed", "D"), ("d", "D")):
        stem = word.removesuffix(ending)
        if stem == word or stem not in known:
            continue
        base = known[stem][0]
        if sound == "S":
            more: Phones = ("IH", "Z") if base[-1] in HISSING else (("S",) if base[-1] in VOICELESS else ("Z",))
        else:
            more = ("IH", "D") if base[-1] in ("T", "D") else (("T",) if base[-1] in VOICELESS | HISSING else ("D",))
        return [(*base, *more)]
    for ending, phones in (("ing", "IH NG"), ("ly", "L IY"), ("ness", "N AH S"), ("er", "ER"), ("less", "L AH S")):
        stem = word.removesuffix(ending)
        single = stem[:-1] if len(stem) > 3 and stem[-1:] == stem[-2:-1] else stem
        for whole in (stem, stem + "e", single):
            if stem != word and whole in known:
                return [(*known[whole][0], *phones.split())]
    return []


def _compound(word: str) -> list[Phones]:
    known = dictionary()
    for at in range(len(word) - 3, 2, -1):
        if word[:at] in known and word[at:] in known:
            return [(*known[word[:at]][0], *known[word[at:]][0])]
    return []


def _unknown(word: str, written: str) -> list[Phones]:
    spelled = _letters(word)
    if not re.search(r"[aeiouy]", word):
        return [spelled]
    sounded = by_letters(word)
    return [spelled, sounded] if written.isupper() and len(word) <= 4 else [sounded]


def _letters(word: str) -> Phones:
    return tuple(phone for c in word if c in LETTER_NAMES for phone in LETTER_NAMES[c])


def by_letters(word: str) -> Phones:
    """A rough pronunciation by rules: the longest letter group first; a final e is silent, a first y a consonant."""
    plain = re.sub(r"[^a-z]", "", word)[:60]
    if len(plain) > 3 and plain[-1] == "e" and plain[-2] not in "aeiouy":
        plain = plain[:-1]
    phones: list[str] = []
    at = 0
    while at < len(plain):
        if plain[at] == "y" and at == 0 and plain[1:2] and plain[1] in "aeiou":
            phones.append("Y")
            at += 1
            continue
        for group, sounds in RULES:
            if plain.startswith(group, at):
                phones += sounds
                at += len(group)
                break
    return tuple(phones)
