"""True records with mistakes put in at random, each known: what a checker of records must find. Used by alignment.py.

One record holds mistakes of every kind, as a bad record does: words replaced, left out and put in, numbers changed,
negations put in or taken out, a sentence moved, turns given to another person. Mistakes keep a
distance from each other, so that what is found can be told apart.
"""

import random
import re
from dataclasses import dataclass, replace
from typing import Any

APART = 4
"""Words between two mistakes at least."""

NUMBERS = """two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy
eighty ninety hundred thousand"""
NUMBER_WORDS = tuple(NUMBERS.split())
HAN_DIGITS = "二三四五六七八九"
HELPING = "is are was were has have had do does did can could will would should must may might"
AUXILIARIES = frozenset(HELPING.split())


@dataclass(frozen=True)
class Edit:
    """A change made to a true record: its kind, the characters it left in the record, and what was said there."""

    kind: str
    start: int
    end: int
    said: str
    written: str


def seeded(
    turns: list[tuple[str, str]], language: str, seed: int, *, share: float = 0.08, only_words: bool = False
) -> tuple[str, list[Edit]]:
    """A record of what was said, as [(speaker or "", text)], with mistakes; and the mistakes, in the record's order.

    `share` of the words are changed. A speaker's turn is labelled if there is more than one speaker.
    """
    chance = random.Random(seed)
    people = sorted({who for who, _ in turns if who})
    lines = [(who, sentence) for who, said in turns for sentence in sentences(said)] if len(turns) < 4 else list(turns)
    order = list(range(len(lines)))
    moved: int | None = None
    if len(lines) >= 6 and not only_words:
        long = [at for at in order[1:-1] if len(lines[at][1]) >= (6 if language == "zh" else 25)]
        moved = chance.choice(long) if long else None
    if moved is not None:
        order.remove(moved)
        order.insert(chance.choice([at for at in range(len(order) + 1) if abs(at - moved) > 2]), moved)
    others = [at for at in order if at != moved]
    wrong: set[int] = set()
    if len(people) > 1 and not only_words:
        wrong = set(chance.sample(others, max(1, len(others) // 6)))
    changed = _changed([text for _, text in lines], language, chance, share, without=moved)
    written, edits = "", []
    for at in order:
        who, said = lines[at]
        text, inside = changed[at]
        if len(people) > 1:
            who = chance.choice([one for one in people if one != who]) if at in wrong else who
            written += f"{who}: "
        if at in wrong:
            edits.append(Edit("wrong_speaker", len(written), len(written) + len(text), said, text))
        if at == moved:
            edits.append(Edit("moved", len(written), len(written) + len(text), said, text))
        edits += [replace(one, start=one.start + len(written), end=one.end + len(written)) for one in inside]
        written += text + "\n"
    return written, edits


def sentences(text: str) -> list[str]:
    """A text parted at its full stops."""
    parted = re.sub(r"(?<=[。？！])|(?<=[.?!])\s+", "\n", text)
    return [line.strip() for line in parted.split("\n") if line.strip()]


def _changed(
    lines: list[str], language: str, chance: random.Random, share: float, without: int | None
) -> list[tuple[str, list[Edit]]]:
    from transcripts.alignment.normal import tokens

    found = [tokens(line) for line in lines]
    pool = [one.text for line in found for one in line if language == "zh" or len(one.text) > 1]
    places = [(at, number) for at, line in enumerate(found) for number in range(1, len(line) - 1) if at != without]
    chance.shuffle(places)
    # Numbers and negations are few: they have the first choice of places.
    special = [place for place in places if _special(found, *place, language)]
    chosen: dict[tuple[int, int], str] = {}
    wanted = max(3, int(share * sum(len(line) for line in found)))
    for count, (at, number) in enumerate([*special[: wanted // 3], *places]):
        if len(chosen) == wanted:
            break
        if any(other == at and abs(number - where) <= APART for other, where in chosen):
            continue
        kind = _special(found, at, number, language) if count < min(len(special), wanted // 3) else ""
        chosen[at, number] = kind or chance.choice(["substitution", "omission", "addition"])
    space = "" if language == "zh" else " "
    done: list[tuple[str, list[Edit]]] = []
    for at, (line, text) in enumerate(zip(found, lines, strict=True)):
        written, end = "", 0
        edits: list[Edit] = []
        for number, token in enumerate(line):
            before, end, said = text[end : token.start], token.end, token.text
            kind = chosen.get((at, number), "")
            around = {one.text.casefold() for one in line[max(0, number - 2) : number + 3]}
            other = chance.choice([word for word in pool if word.casefold() not in around])
            other = other if said[:1].isupper() else other.lower()
            if kind == "omission":
                edits.append(Edit(kind, len(written), len(written), said, ""))
                continue
            written += before
            if kind == "addition":
                edits.append(Edit(kind, len(written), len(written) + len(other), "", other))
                written += other + space + said
            elif kind:
                new = other
                if kind != "substitution":
                    new = _number(said, chance) if kind == "number" else _negated(said, language)
                edits.append(Edit(kind, len(written), len(written) + len(new), said, new))
                written += new
            else:
                written += said
        done.append((written + text[end:], edits))
    return done


def _special(found: list[list[Any]], at: int, number: int, language: str) -> str:
    """Whether a number or a negation can be changed here."""
    word = found[at][number].text.lower()
    following = found[at][number + 1].text.lower() if number + 1 < len(found[at]) else ""
    if _number(word, random.Random(0)) != word:
        return "number"
    if language == "en" and (word == "not" or (word in AUXILIARIES and following != "not")):
        return "negation"
    if language == "zh" and word in "不没是会能":
        return "negation"
    if language == "ko" and word.endswith(("다", "요")):
        return "negation"
    return ""


def _number(word: str, chance: random.Random) -> str:
    """Another number than this one, written alike; the word itself if it is none."""
    if word.lower() in NUMBER_WORDS:
        return chance.choice([one for one in NUMBER_WORDS if one != word.lower()])
    if re.fullmatch(r"[\d,.]*\d", word):
        at = chance.choice([place for place, sign in enumerate(word) if sign.isdigit()])
        return word[:at] + chance.choice([sign for sign in "123456789" if sign != word[at]]) + word[at + 1 :]
    if len(word) == 1 and word in HAN_DIGITS:
        return chance.choice([sign for sign in HAN_DIGITS if sign != word])
    return word


def _negated(word: str, language: str) -> str:
    """The word with a negation, or nothing if it is one."""
    if language == "en":
        return "" if word.lower() == "not" else f"{word} not"
    if language == "zh":
        return "" if word in "不没" else f"不{word}"
    return f"안 {word}"
