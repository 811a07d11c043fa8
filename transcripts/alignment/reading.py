"""The record and what was heard, each as tokens and units, ready to be compared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from transcripts.alignment.normal import Token, Unit, tokens, units
from transcripts.alignment.result import SpokenWord, Turn
from transcripts.alignment.sentences import Labelled, Sentence, notes, sentences, spoken_tokens


@dataclass(frozen=True, slots=True)
class Record:
    """A written record: only tokens that stand for something said; labels and their stretches apart."""

    text: str
    tokens: list[Token]
    units: list[Unit]
    sentences: list[Sentence]
    labelled: list[Labelled]
    notes: frozenset[int]
    """Tokens the clerk noted rather than heard: [inaudible]."""

    @property
    def forms(self) -> list[str]:
        """What is compared."""
        return [unit.form for unit in self.units]


@dataclass(slots=True)
class Heard:
    """What was heard, in order. Times may be sharpened later."""

    words: list[SpokenWord]
    units: list[Unit]
    shown: list[str]
    """Each word as it was written by the recogniser, with its punctuation; empty for all but a word's last token."""

    joins: str = " "

    @property
    def forms(self) -> list[str]:
        """What is compared."""
        return [unit.form for unit in self.units]


def read_record(text: str, language: str) -> Record:
    """Part a record into tokens, units and sentences. Offsets point into `text` as it was given."""
    kept, labelled = spoken_tokens(text, tokens(text))
    noted = notes(text)
    marked: set[int] = set()
    here = 0
    for at, token in enumerate(kept):
        while here < len(noted) and noted[here][1] <= token.start:
            here += 1
        if here < len(noted) and noted[here][0] <= token.start:
            marked.add(at)
    return Record(text, kept, units(kept, language), sentences(text, kept, labelled), labelled, frozenset(marked))


def read_heard(words: Iterable[SpokenWord], language: str, turns: Sequence[Turn] | None = None) -> Heard:
    """Part what was heard into tokens; a word's time is shared among its tokens by their length."""
    given = sorted((word for word in words if word.text.strip()), key=lambda word: (word.start, word.end))
    joins = "" if language in ("zh", "ja", "yue") else " "
    parts: list[str] = []
    owners: list[int] = []
    length = 0
    for at, word in enumerate(given):
        piece = word.text.strip()
        if parts and (joins or (piece[0].isascii() and parts[-1][-1].isascii())):
            parts.append(" ")
            length += 1
            owners.append(at)
        parts.append(piece)
        length += len(piece)
        owners += [at] * len(piece)
    text = "".join(parts)
    found = tokens(text)
    by_word: dict[int, list[Token]] = {}
    for token in found:
        by_word.setdefault(owners[token.start], []).append(token)
    heard: list[SpokenWord] = []
    shown: list[str] = []
    for at, mine in by_word.items():
        word = given[at]
        whole = sum(len(token.text) for token in mine)
        done = 0
        lasts = max(0.0, word.end - word.start)
        for token in mine:
            start = word.start + lasts * done / whole
            done += len(token.text)
            heard.append(replace(word, text=token.text, start=start, end=word.start + lasts * done / whole))
            shown.append("" if token is not mine[-1] else word.text.strip())
    heard = [_attributed(word, turns) for word in heard] if turns else heard
    return Heard(heard, units(found, language), shown, joins)


def _attributed(word: SpokenWord, turns: Sequence[Turn]) -> SpokenWord:
    """The word with the speaker whose turn covers most of it."""
    if word.speaker:
        return word
    best, most = "", 0.0
    for turn in turns:
        shared = min(word.end, turn.end) - max(word.start, turn.start)
        if shared > most:
            best, most = turn.speaker, shared
    return replace(word, speaker=best)
