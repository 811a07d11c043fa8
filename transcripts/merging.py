"""From what was heard on each person's own track to one text by who spoke when. Plain values in and out: no Django.

Two things are decided here: where an utterance ends, and whose words they were when one voice was heard through two
microphones.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

PAUSE = 0.8  # seconds of silence that end an utterance, if a sentence ended there
LONG_PAUSE = 1.6  # seconds of silence that end it in any case
TURN = 0.25  # seconds of silence in which somebody else began to speak
LONG = 40.0  # seconds after which an utterance ends at the next sentence

SAME_TIME = 0.5  # seconds by which the same word may seem to be spoken on two tracks
WEAKER = 3.0  # decibels by which a leak of several words is weaker than the voice itself
MUCH_WEAKER = 9.0  # the same for one or two words, which two people may well say at once
RUN = 3  # words that make it "several"

_ENDS = re.compile(r"[.?!。？！…][\"'”’)\]」』]*$")
_UNSPACED = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uf900-\uffef]")


@dataclass(slots=True)
class Said:
    """A word on a track: seconds on the recording's clock, how sure the engine was, how loud it was in decibels."""

    text: str
    start: float
    end: float
    probability: float
    level: float
    breath: int = 0  # number of the segment it came in
    spaced: bool = True  # a space stands before it
    leaked: bool = False
    language: str = ""  # where it is known for each word; else the voice's


@dataclass(slots=True)
class Voice:
    """All that was heard on one track."""

    track: int
    language: str
    words: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stretch:
    """An utterance: words of one track in a row."""

    track: int
    language: str
    start: float
    end: float
    text: str
    words: tuple[Said, ...]


def merged(voices: Sequence[Voice]) -> list[Stretch]:
    """The utterances of all tracks in the order in which they began, without what leaked from another track."""
    for number, voice in enumerate(voices):
        for other in voices[number + 1 :]:
            _drop_leaks(voice, other)
    kept = {voice.track: [word for word in voice.words if not word.leaked] for voice in voices}
    begins = sorted(
        (words[at].start, track)
        for track, words in kept.items()
        for at in range(len(words))
        if at == 0 or words[at].breath != words[at - 1].breath
    )
    stretches = [_stretch(voice, part) for voice in voices for part in _parted(kept[voice.track], voice.track, begins)]
    return sorted(stretches, key=lambda stretch: (stretch.start, stretch.end, stretch.track))


def joined(words: Sequence[Said]) -> str:
    """Words as their script writes them: with spaces, but for Chinese and Japanese characters side by side."""
    text = words[0].text
    for before, word in pairwise(words):
        close = _UNSPACED.match(text[-1]) and _UNSPACED.match(word.text)
        parted = not close if word.breath != before.breath else word.spaced
        text += f" {word.text}" if parted else word.text
    return text


def _stretch(voice: Voice, words: list[Said]) -> Stretch:
    end = max(word.end for word in words)
    return Stretch(voice.track, words[0].language or voice.language, words[0].start, end, joined(words), tuple(words))


def _parted(words: list[Said], track: int, begins: list[tuple[float, int]]) -> list[list[Said]]:
    """The words of a track in utterances."""
    parts: list[list[Said]] = []
    for word in words:
        if parts and not _ends_before(parts[-1], word, track, begins):
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts


def _ends_before(part: list[Said], word: Said, track: int, begins: list[tuple[float, int]]) -> bool:
    last = part[-1]
    gap = word.start - last.end
    sentence = bool(_ENDS.search(last.text))
    if word.language != last.language:
        return True  # an interpreter says it again in another tongue
    if gap >= LONG_PAUSE or (gap >= PAUSE and sentence):
        return True
    if sentence and last.end - part[0].start >= LONG:
        return True
    return gap >= TURN and _somebody_began(begins, track, last.end, word.start)


def _somebody_began(begins: list[tuple[float, int]], track: int, after: float, before: float) -> bool:
    at = bisect_left(begins, (after, -1))
    while at < len(begins) and begins[at][0] < before:
        if begins[at][1] != track:
            return True
        at += 1
    return False


def _drop_leaks(one: Voice, other: Voice) -> None:
    """Mark the words that both tracks hold at the same time as leaked on the track where they are weaker."""
    pairs = _same_words(one.words, other.words)
    for run in _runs(pairs):
        mine = [one.words[a] for a, _b in run]
        theirs = [other.words[b] for _a, b in run]
        louder = _level(mine) - _level(theirs)
        if abs(louder) < (WEAKER if len(run) >= RUN else MUCH_WEAKER):
            continue
        weak, indexes = (other.words, [b for _a, b in run]) if louder > 0 else (one.words, [a for a, _b in run])
        loud = one.words if louder > 0 else other.words
        for at in range(indexes[0], indexes[-1] + 1):  # garbled words between two leaked ones leaked too
            weak[at].leaked = True
        _spread(weak, loud, indexes[0], -1)
        _spread(weak, loud, indexes[-1], 1)


def _spread(weak: list[Said], loud: list[Said], at: int, step: int) -> None:
    """A leak is often misheard at its edges: words of the same breath, as weak, while the other speaks, go with it."""
    level, breath = weak[at].level, weak[at].breath
    at += step
    while 0 <= at < len(weak) and weak[at].breath == breath and weak[at].level <= level + WEAKER:
        word = weak[at]
        if not any(other.start - 0.2 < word.end and other.end + 0.2 > word.start for other in _near(loud, word)):
            return
        word.leaked = True
        at += step


def _near(words: list[Said], word: Said) -> list[Said]:
    low = bisect_left(words, word.start - 5.0, key=lambda w: w.start)
    high = bisect_left(words, word.end + 5.0, key=lambda w: w.start)
    return words[low:high]


def _level(words: list[Said]) -> float:
    """The loudness of some words together, in decibels: the mean of their power."""
    power = sum(10 ** (word.level / 10) for word in words) / len(words)
    return 10 * math.log10(max(power, 1e-12))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _same_words(one: list[Said], other: list[Said]) -> list[tuple[int, int]]:
    """Pairs (index in one, index in other) of the same word at the same time, rising in both."""
    pairs: list[tuple[int, int]] = []
    low = after = 0
    for at, word in enumerate(one):
        while low < len(other) and other[low].start < word.start - SAME_TIME:
            low += 1
        here = max(low, after)
        plain = _plain(word.text)
        while plain and here < len(other) and other[here].start <= word.start + SAME_TIME:
            if _plain(other[here].text) == plain and not (word.leaked or other[here].leaked):
                pairs.append((at, here))
                after = here + 1
                break
            here += 1
    return pairs


def _runs(pairs: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Pairs that follow each other closely, with at most two words misheard between them."""
    runs: list[list[tuple[int, int]]] = []
    for pair in pairs:
        if runs and pair[0] - runs[-1][-1][0] <= 3 and pair[1] - runs[-1][-1][1] <= 3:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs
