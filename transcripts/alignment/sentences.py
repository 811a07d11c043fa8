"""Sentences of a record in English, Korean and Chinese, and who is noted as saying them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transcripts.alignment.normal import Token
from transcripts.alignment.spelling import listed

ENDS = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|[。！？；…]+[”’」』）]*|\n+|[.!?]+(?=[가-힣])")
ABBREVIATED = frozenset(
    listed(
        "mr mrs ms dr prof st sr jr hon no nos vs v etc e.g i.e art sec para p pp vol ch ex fig inc ltd "
        "co corp jan feb mar apr jun jul aug sep sept oct nov dec approx dept gen gov sgt capt col lt cf "
        "al"
    )
)
LABEL = re.compile(
    r"^[ \t]*(?:\d{1,2}[ \t]+)?(?P<label>[QA](?=[.:]?[ \t]+[\"“]?[A-Z])"
    r"|[^\W\d_][^\n:：.!?。！？]{0,58}?(?=[ \t]*[:：][ \t]?))[.:：]*",
    re.MULTILINE,
)
NOTE = re.compile(
    r"\[[^\]\n]{1,120}\]|\((?:[^()\n]{0,80}\b(?:pause|inaudible|laughter|crosstalk|indicating|sworn|recess|whereupon|"
    r"off the record|no (?:audible )?response|unintelligible|nods|shakes)\b[^()\n]{0,80})\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens `first` to `last` (inclusive) of the record, its characters, and the speaker its label names."""

    first: int
    last: int
    start: int
    end: int
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The stretch of a record after a speaker's label ("THE COURT:", "Q.", "김 판사:")."""

    start: int
    end: int
    speaker: str


def labels(text: str) -> list[tuple[int, int, str]]:
    """Speaker labels at the beginning of lines: (first character, first character after, name).

    A short beginning with a colon is a label if it stands before several lines, or looks like a name: no everyday
    sentence runs into a colon within five words, all in capitals or with each of its words capitalised.
    """
    found = [(m.start("label"), m.end(), " ".join(m["label"].split()).strip(" .*_")) for m in LABEL.finditer(text)]
    counts: dict[str, int] = {}
    for _, _, name in found:
        counts[name.casefold()] = counts.get(name.casefold(), 0) + 1
    return [
        (start, end, name)
        for start, end, name in found
        if name and (_is_name(name) or (counts[name.casefold()] > 1 and len(name.split()) <= 4))
    ]


def _is_name(name: str) -> bool:
    words = [word for word in name.split() if word not in ("the", "of", "de", "von", "van", "for")]
    if not 1 <= len(words) <= 5:
        return False
    if re.search(r"[가-힣\u4e00-\u9fff]", name):
        return len(name) <= 14 and len(words) <= 3
    return all(word[0].isupper() or not word[0].isalpha() for word in words)


def notes(text: str) -> list[tuple[int, int]]:
    """Characters of what the clerk noted rather than heard: [inaudible], (Witness sworn.)."""
    return [match.span() for match in NOTE.finditer(text)]


def spoken_tokens(text: str, found: Sequence[Token]) -> tuple[list[Token], list[Labelled]]:
    """The tokens that stand for something said, and who is noted as saying which stretch."""
    named = labels(text)
    covers = [(start, end) for start, end, _ in named]
    stretches = [
        Labelled(end, named[at + 1][0] if at + 1 < len(named) else len(text), name)
        for at, (_, end, name) in enumerate(named)
    ]
    kept: list[Token] = []
    here = 0
    for token in found:
        while here < len(covers) and covers[here][1] <= token.start:
            here += 1
        if here < len(covers) and covers[here][0] <= token.start:
            continue
        kept.append(token)
    return kept, stretches


def sentences(text: str, found: Sequence[Token], named: Sequence[Labelled]) -> list[Sentence]:
    """The tokens parted into sentences: at full stops, question marks, line ends, and where another speaker begins."""
    if not found:
        return []
    cuts = {match.end() for match in ENDS.finditer(text) if not _abbreviation(text, match)}
    cuts |= {one.start for one in named}
    ordered = sorted(cuts)
    done: list[Sentence] = []
    first = cut = speaker = 0
    for at, token in enumerate(found):
        while cut < len(ordered) and ordered[cut] <= token.start:
            cut += 1
        following = found[at + 1].start if at + 1 < len(found) else len(text) + 1
        if at + 1 < len(found) and not (cut < len(ordered) and ordered[cut] <= following):
            continue
        while speaker < len(named) and named[speaker].end <= found[first].start:
            speaker += 1
        who = named[speaker] if speaker < len(named) and named[speaker].start <= found[first].start else None
        end = _with_its_mark(text, token.end, following)
        done.append(Sentence(first, at, found[first].start, end, who.speaker if who else ""))
        first = at + 1
    return done


def _with_its_mark(text: str, end: int, before: int) -> int:
    """The end of a sentence with its full stop and closing quotation mark."""
    match = re.compile(r"[.!?…。！？；,，、%\"'”’」』）)\]]*").match(text, end, min(before, len(text)))
    return match.end() if match else end


def _abbreviation(text: str, match: re.Match[str]) -> bool:
    if match.group()[0] != "." or len(match.group().strip()) > 1:
        return False
    before = re.search(r"[^\s(\"“]+$", text[max(0, match.start() - 20) : match.start()])
    word = before.group().lower() if before else ""
    after = text[match.end() : match.end() + 2].strip()
    if word in ABBREVIATED:
        # "No. 5" and "Mr. Kim" go on; "no." before a new line does not.
        return bool(after) and (
            word not in ("no", "st", "co", "ch", "ex", "p", "art", "al", "sec") or after[0].isdigit()
        )
    if len(word) == 1 and word.isalpha():
        return word != "i"
    return bool(re.fullmatch(r"[a-z](?:\.[a-z])+", word)) and bool(after) and not after[0].isupper()
