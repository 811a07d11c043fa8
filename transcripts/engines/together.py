"""Short turns of one track heard together, and each turn's words proven, at its edges and as a whole, to be its own.

On a person's own track a turn is a few seconds between long silences. Alone, it lacks the voice and the words around
it, and Whisper errs more. So turns are put end to end and heard as one. But words slip over a joint: Whisper's word
times are not to be trusted across a silence. So the engine is then asked about each turn by itself: were these words
said in this sound, and when? Words that belong to another turn it finds all but impossible. A word on the wrong side
of a joint is moved to the other; a turn whose words are not proven so is heard by itself, with the neighbours that
its words may have come from. Every time comes from a turn's own sound, so that no word can lie outside its turn.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from transcripts.engines.cleaning import Heard
from transcripts.engines.silence import Span
from transcripts.engines.sound import RATE, Samples
from transcripts.engines.speech import Word
from transcripts.engines.tongues import Run

SHORT, LONGEST = 8.0, 28.0
"""Turns of at most so many seconds are heard together, at most so many seconds of them: what Whisper hears at once."""

BY_THEMSELVES = frozenset({"zh"})
"""Languages whose turns are always heard by themselves: on three Chinese clips the character error rate was
higher together."""

EDGE = 0.35
"""Seconds of silence at both ends of a turn that a word may be drawn out over."""

BELIEVED = 0.1
"""The first and the last word of a turn were surely said in it if they are so probable in its own sound.

Of some 70 that were said there two were less probable; of as many taken from beyond a joint hardly any was more, and
it lay after the voice.
"""

HARDLY, SURER = 0.01, 10.0
"""A first or last word less probable stays if it is so probable, and so many times as much as beyond the joint."""

SLIPPED = 1.0
"""Words whose mean log probability in a turn's own sound is lower than in the group's by more were not said there."""

BEYOND, SHORTEST = 0.1, 0.06
"""The last word begins no more than so many seconds after the voice ends; an edge word lasts at least so many."""

UNSURE, LOOP = -1.0, 2.4
"""A text of a lower mean log probability, or that compresses better, Whisper itself would try to hear again."""

BEFORE, AFTER = -1, 1
LEAST = 1e-4

Hear = Callable[[Samples, str, bool], Iterator[Heard]]
Place = Callable[[Sequence[Word], Samples, str], "list[Word] | None"]


@dataclass(slots=True)
class Turn:
    """A turn of a group: its run, its sound, the second its voice ends, and what was heard in it, on its own clock.

    `placed` are its words as the engine found them in this sound alone. `faults` are the sides on which they were not
    proven to be its own: BEFORE, AFTER, or both if it cannot be told.
    """

    run: Run
    samples: Samples
    voiced: float
    pieces: list[Heard] = field(default_factory=list)
    placed: list[Word] = field(default_factory=list)
    faults: set[int] = field(default_factory=set)

    @property
    def words(self) -> list[Word]:
        """All words heard in it."""
        return [word for piece in self.pieces for word in piece.words]

    def prove(self, place: Place) -> None:
        """Have the words found in this turn's own sound, and see whether they were said in it."""
        words = self.words
        self.placed = (place(words, self.samples, self.run.language) if words else None) or []
        self.faults = {side for side in (BEFORE, AFTER) if self.placed and not self.likely(side)}
        if not self.faults and not self.whole:
            self.faults = {BEFORE, AFTER}

    @property
    def whole(self) -> bool:
        """Whether its words, taken together, are about as probable in its own sound as they were in the group's."""
        return bool(self.placed) and _belief(self.placed) >= _belief(self.words) - SLIPPED

    def likely(self, side: int) -> bool:
        """Whether the first or the last word was surely said in this turn."""
        return self.edge(side).probability >= BELIEVED and self.lies(side)

    def edge(self, side: int) -> Word:
        """The first or the last word, as placed."""
        return self.placed[0 if side == BEFORE else -1]

    def lies(self, side: int) -> bool:
        """Whether the first or the last word takes some time and does not lie after the voice."""
        word = self.edge(side)
        return word.end - word.start >= SHORTEST and word.start <= self.voiced + BEYOND


def heard_together(
    runs: Sequence[Run], samples: Samples, close: Sequence[Span], *, hear: Hear, place: Place
) -> Iterator[Heard]:
    """What was said in the turns of a passage, in order, on the passage's clock.

    `hear(speech, language, once)` is the engine's hearing, `once` without trying other words at random when it is
    unsure: then a group is heard turn by turn. `place(words, speech, language)` gives the words with their times and
    probabilities in that speech alone, or None if it cannot.
    """
    for group in _groups(runs):
        turns = [_turn(run, samples, close) for run in group]
        alone = set(range(len(turns)))
        if len(turns) > 1:
            language = group[0].language
            pieces = list(hear(np.concatenate([turn.samples for turn in turns]), language, True))
            if all(piece.likelihood > UNSURE and piece.repetition < LOOP for piece in pieces):
                _parted(turns, pieces)
                alone = _proven(turns, place)
        for number, turn in enumerate(turns):
            own = hear(turn.samples, turn.run.language, False) if number in alone else iter(turn.pieces)
            for piece in own:
                yield replace(piece.moved(turn.run.start), language=turn.run.language)


def _groups(runs: Sequence[Run]) -> list[list[Run]]:
    """Short turns in one language in groups of much the same length, and every other turn by itself."""
    apart = [run for run in runs if run.end - run.start > SHORT or run.language in BY_THEMSELVES]
    found = [[run] for run in apart]
    for language in dict.fromkeys(run.language for run in runs):
        short = [run for run in runs if run.language == language and run not in apart]
        whole = math.fsum(run.end - run.start for run in short)
        aim = whole / max(math.ceil(whole / LONGEST), 1)
        group: list[Run] = []
        lasts = 0.0
        for run in short:
            length = run.end - run.start
            if group and (lasts >= aim or lasts + length > LONGEST):
                found.append(group)
                group, lasts = [], 0.0
            group.append(run)
            lasts += length
        if group:
            found.append(group)
    return sorted(found, key=lambda group: group[0].start)


def _turn(run: Run, samples: Samples, close: Sequence[Span]) -> Turn:
    voiced = max((min(span.end, run.end) for span in close if span.start < run.end), default=run.end)
    return Turn(run, samples[round(run.start * RATE) : round(run.end * RATE)], voiced - run.start)


def _parted(turns: list[Turn], pieces: Sequence[Heard]) -> None:
    """Give the words heard in a group to the turns that hold most of each, else the nearest, in order."""
    begins = [at / RATE for at in np.cumsum([0, *(len(turn.samples) for turn in turns)]).tolist()]
    inner = [Span(begin + EDGE, end - EDGE) for begin, end in pairwise(begins)]

    def apart(at: int, word: Word) -> float:
        return max(inner[at].start, word.start) - min(inner[at].end, word.end)

    at = 0
    for piece in pieces:
        held: list[list[Word]] = [[] for _ in turns]
        for word in piece.words:
            at = max(at, min(range(len(turns)), key=lambda turn: apart(turn, word)))
            held[at].append(word)
        for turn, begin, words in zip(turns, begins, held, strict=False):
            if words:
                turn.pieces.append(replace(piece, words=tuple(words)).moved(-begin))


def _proven(turns: list[Turn], place: Place) -> set[int]:
    """The numbers of the turns that must be heard by themselves; the words of all others get their own times."""
    for turn in turns:
        turn.prove(place)
    for at in range(len(turns) - 1):
        _settle(turns, at, place)
    alone = {at + side for at, turn in enumerate(turns) for side in {0, *turn.faults} if turn.faults}
    for at, turn in enumerate(turns):
        if at not in alone:
            turn.pieces = _timed(turn.pieces, turn.placed)
    return alone & set(range(len(turns)))


def _settle(turns: list[Turn], at: int, place: Place) -> None:
    """A doubted word at the joint after turn `at` goes to the other side if it was said there."""
    before, after = turns[at], turns[at + 1]
    if AFTER in before.faults:
        moved, doubted, side = _moved_on(before, after), before, AFTER
    elif BEFORE in after.faults:
        moved, doubted, side = _moved_back(before, after), after, BEFORE
    else:
        return
    if moved is None:
        return
    for turn in moved:
        turn.prove(place)
    if AFTER not in moved[0].faults and BEFORE not in moved[1].faults:
        turns[at : at + 2] = moved
        return
    beyond = moved[1 if side == AFTER else 0]
    if doubted.whole and beyond.placed and doubted.lies(side):
        here, there = doubted.edge(side).probability, beyond.edge(-side).probability
        if here >= max(HARDLY, SURER * there):
            doubted.faults.discard(side)


def _moved_on(before: Turn, after: Turn) -> tuple[Turn, Turn] | None:
    """The last word of a turn said in the next one instead."""
    if len(before.words) < 2 or not after.pieces:
        return None
    *kept, last = before.pieces
    head = [replace(last, words=last.words[:-1])] if len(last.words) > 1 else []
    first = replace(after.pieces[0], words=(last.words[-1], *after.pieces[0].words))
    return replace(before, pieces=[*kept, *head]), replace(after, pieces=[first, *after.pieces[1:]])


def _moved_back(before: Turn, after: Turn) -> tuple[Turn, Turn] | None:
    """The first word of a turn said in the one before instead."""
    if len(after.words) < 2 or not before.pieces:
        return None
    first, *kept = after.pieces
    tail = [replace(first, words=first.words[1:])] if len(first.words) > 1 else []
    last = replace(before.pieces[-1], words=(*before.pieces[-1].words, first.words[0]))
    return replace(before, pieces=[*before.pieces[:-1], last]), replace(after, pieces=[*tail, *kept])


def _timed(pieces: Sequence[Heard], placed: Sequence[Word]) -> list[Heard]:
    """The pieces with the times that their words have in the turn's own sound."""
    found, at = [], 0
    for piece in pieces:
        own = placed[at : at + len(piece.words)]
        words = tuple(replace(word, start=one.start, end=one.end) for word, one in zip(piece.words, own, strict=True))
        found.append(replace(piece, start=words[0].start, end=words[-1].end, words=words))
        at += len(words)
    return found


def _belief(words: Sequence[Word]) -> float:
    return math.fsum(math.log(max(word.probability, LEAST)) for word in words) / len(words)
