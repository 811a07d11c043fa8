"""Two states of a text side by side: passages first, and words only in the passages that differ.

A day's hearing has 72,000 words. Its 5,000 passages are compared as wholes in some milliseconds (bit-parallel, by
rapidfuzz); the words of those that differ only when their page is looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Indel

from .correcting import ATOM as WORDS
from .text import Row

AT_ONCE = 12  # passages in one difference, at most
SAME_START = 0.3  # seconds: passages that begin so near each other are parted there

Side = tuple[str, str, str, float, float, str]  # speaker, role, language, start, end, text


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text: ``same``, ``gone`` (only in the first), ``new`` (only in the second)."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Passages of the first state and what stands in their place in the second."""

    old: tuple[Side, ...]
    new: tuple[Side, ...]

    @property
    def second(self) -> float:
        """Where it begins in the recording."""
        return (self.old or self.new)[0][3]


def side(row: Row) -> Side:
    """What is compared of an utterance."""
    return row["speaker"], row["role"], row["language"], row["start"], row["end"], row["text"]


def differences(old: Sequence[Side], new: Sequence[Side]) -> list[Difference]:
    """Where two states differ, in order. A passage is the same if the same person says the same words in it."""
    keys: dict[tuple[str, str, str], int] = {}

    def numbered(sides: Sequence[Side]) -> list[int]:
        return [keys.setdefault((one[0], one[1], one[5]), len(keys)) for one in sides]

    # What is alike at both ends needs no comparing.
    first, second = numbered(old), numbered(new)
    head = tail = 0
    while head < min(len(first), len(second)) and first[head] == second[head]:
        head += 1
    while tail < min(len(first), len(second)) - head and first[-1 - tail] == second[-1 - tail]:
        tail += 1
    blocks = Indel.opcodes(first[head : len(first) - tail], second[head : len(second) - tail])
    at_old = at_new = head
    found: list[Difference] = []
    for begins_old, begins_new, many in [
        *(
            (head + block.src_start, head + block.dest_start, block.src_end - block.src_start)
            for block in blocks
            if block.tag == "equal"
        ),
        (len(first) - tail, len(second) - tail, 0),
    ]:
        if begins_old > at_old or begins_new > at_new:
            found.append(Difference(tuple(old[at_old:begins_old]), tuple(new[at_new:begins_new])))
        at_old, at_new = begins_old + many, begins_new + many
    return [part for whole in found for part in _parted(whole)]


def _parted(whole: Difference) -> Iterator[Difference]:
    """A long difference in parts: where passages of both begin together, and at the latest after AT_ONCE passages."""
    old, new = list(whole.old), list(whole.new)
    while old or new:
        one, other = _next_cut(old, new)
        yield Difference(tuple(old[:one]), tuple(new[:other]))
        del old[:one], new[:other]


def _next_cut(old: Sequence[Side], new: Sequence[Side]) -> tuple[int, int]:
    for one in range(1, min(len(old), AT_ONCE)):
        for other in range(1, min(len(new), AT_ONCE)):
            if abs(old[one][3] - new[other][3]) <= SAME_START:
                return one, other
    return min(len(old), AT_ONCE), min(len(new), AT_ONCE)


def compared(old: str, new: str) -> list[Piece]:
    """Two texts as one, in pieces, word by word; Chinese character by character."""
    if old == new:
        return [Piece(old, "same")] if old else []
    one, other = _words(old), _words(new)
    pieces: list[Piece] = []
    for block in Indel.opcodes([word.strip() for word in one], [word.strip() for word in other]):
        gone, come = "".join(one[block.src_start : block.src_end]), "".join(other[block.dest_start : block.dest_end])
        if block.tag == "equal":
            pieces.append(Piece(come, "same"))
            continue
        if gone:
            pieces.append(Piece(gone, "gone"))
        if come:
            pieces.append(Piece(come, "new"))
    return _joined(pieces)


def two_sided(old: Sequence[str], new: Sequence[str]) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """The texts of passages on either side, each in pieces. Where passages begin and end is no difference of words."""
    one = [(number, word) for number, text in enumerate(old) for word in _words(text)]
    other = [(number, word) for number, text in enumerate(new) for word in _words(text)]
    left: list[list[Piece]] = [[] for _ in old]
    right: list[list[Piece]] = [[] for _ in new]
    for block in Indel.opcodes([word.strip() for _at, word in one], [word.strip() for _at, word in other]):
        same = block.tag == "equal"
        for number, word in one[block.src_start : block.src_end]:
            left[number].append(Piece(word, "same" if same else "gone"))
        for number, word in other[block.dest_start : block.dest_end]:
            right[number].append(Piece(word, "same" if same else "new"))
    return [_in_a_row(pieces) for pieces in left], [_in_a_row(pieces) for pieces in right]


def _in_a_row(pieces: Sequence[Piece]) -> list[Piece]:
    groups = groupby(pieces, key=lambda piece: piece.kind)
    return [Piece("".join(piece.text for piece in group), kind) for kind, group in groups]


def _words(text: str) -> list[str]:
    """The words of a text, each with the space after it."""
    starts = [found.start() for found in WORDS.finditer(text)]
    return [text[start:past] for start, past in zip(starts, [*starts[1:], len(text)], strict=True)]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of one kind in a row as one; of a change, what is gone stands before what is new."""
    made: list[Piece] = []
    gone = new = ""
    for piece in [*pieces, Piece("", "same")]:
        if piece.kind == "gone":
            gone += piece.text
        elif piece.kind == "new":
            new += piece.text
        else:
            made += [Piece(gone, "gone")] if gone else []
            made += [Piece(new, "new")] if new else []
            gone = new = ""
            made += [piece] if piece.text else []
    return made
