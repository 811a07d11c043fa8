"""Which of two readings the sound bears out: what was heard, or what the record says.

Whisper is asked how likely the sound makes each reading in its context. The recogniser chose the heard one, so a
small preference for it means little; a large one means that the record's words were not said. For English a second
model is asked too, and the phones of both readings are laid on the sound. Readings that sound alike are what a
recogniser confuses, so they count for less; of readings that sound the same the sound cannot tell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transcripts.alignment.discrepancies import Difference, kind_of
from transcripts.alignment.phones import Phonetic
from transcripts.alignment.reading import Heard, Record
from transcripts.alignment.result import FORMAT
from transcripts.alignment.sounding import alike, sounds
from transcripts.alignment.tape import Tape
from transcripts.engines.forcing import Forcer

LONGEST = 26.0
"""Seconds of sound heard at a time."""

AROUND = 9.0
"""Seconds of context aimed at on both sides of a difference."""

DECISIVE = 4.5
"""From this weight on the record's reading is not what was said."""

PHONES, LEFT_OUT, ALONE, MOST = 0.01, 0.016, 0.02, 7.0
"""What a unit of the phones' score adds to the weight, and what they add at most.

More where the record leaves something out, for phones tell well of sound that is not accounted for; and more where
only they can tell.
"""

UNLIKE, ALIKE, SAME, TELLING = 0.25, 15.0, 0.99, 6
"""Readings more alike than the first lose weight by so much; from the third on they sound the same.

Short readings are alike by chance: from so many sounds on the likeness counts in full.
"""

NEIGHBOURS, EDGE = 3, 0.15
"""Words on each side that the phones are laid with, and seconds of sound before and after them."""

LONG, MANY = 12.0, 40
"""A difference of so many seconds or words is no slip of the recogniser's and is not judged."""


@dataclass(frozen=True, slots=True)
class Place:
    """A difference in the heard text: its heard tokens are [first, last), and where in the sound that is."""

    number: int
    first: int
    last: int
    start: float
    end: float
    said: str
    written: str


def places(record: Record, heard: Heard, gaps: Sequence[Difference], language: str) -> list[Place]:
    """The differences that can be judged, in the order of the sound; not those of spelling alone."""
    found: list[Place] = []
    for number, gap in enumerate(gaps):
        if not heard.words:
            break
        if kind_of(record, heard, gap, language) == FORMAT:
            continue
        first = heard.units[gap.c].first if gap.c < len(heard.units) else len(heard.words)
        last = heard.units[gap.d - 1].last + 1 if gap.d > gap.c else first
        tokens = sorted({at for unit in record.units[gap.a : gap.b] for at in range(unit.first, unit.last + 1)})
        if len(tokens) > MANY or last - first > MANY:
            continue
        if first < last:
            start, end = heard.words[first].start, heard.words[last - 1].end
        else:
            start = heard.words[first - 1].end if first else heard.words[0].start
            end = heard.words[first].start if first < len(heard.words) else start
        if end - start > LONG:
            continue
        written = record.text[record.tokens[tokens[0]].start : record.tokens[tokens[-1]].end] if tokens else ""
        said = "".join(pieces(heard, first, last))
        found.append(Place(number, first, last, start, max(start, end), said, " ".join(written.split())))
    return sorted(found, key=lambda place: (place.start, place.number))


def pieces(heard: Heard, first: int, last: int) -> list[str]:
    """The tokens [first, last) as Whisper would write them, each with the space before it."""
    written: list[str] = []
    for at in range(first, last):
        shown, text = heard.shown[at], heard.words[at].text
        mark = shown[shown.rfind(text) + len(text) :] if shown and text in shown else ""
        written.append(heard.joins + text + mark)
    return written


def readings(heard: Heard, place: Place, begin: int, end: int) -> tuple[str, str]:
    """The text of the tokens [begin, end) as heard, and as the record has it at this place."""
    before, said, after = (
        "".join(pieces(heard, a, b)) for a, b in ((begin, place.first), (place.first, place.last), (place.last, end))
    )
    mark = said[len(said.rstrip(",.?!;:，。？！、")) :]
    written = place.written.rstrip(",.?!;:，。？！、")
    if written:
        written = heard.joins + _cased(written, said.strip()) + mark
    elif mark:
        before = before.rstrip(",.?!;:，。？！、") + mark
    return before + said + after, before + written + after


def _cased(written: str, said: str) -> str:
    """The record's words with a first letter large or small as the recogniser wrote it."""
    if not said:
        return written if written[:2].isupper() or written[:1] == "I" else written[:1].lower() + written[1:]
    first = written[:1].upper() if said[:1].isupper() else written[:1].lower()
    return first + written[1:] if not written[:2].isupper() and written.split()[0] != "I" else written


def judged(
    heard: Heard, found: Sequence[Place], tape: Tape, whisper: Forcer, language: str, progress: Callable[[float], None]
) -> dict[int, float]:
    """The score of each difference: log P(what was heard) - log P(what the record says), given the sound."""
    scores: dict[int, float] = {}
    at = 0
    while at < len(found):
        start, end = max(0.0, found[at].start - AROUND), found[at].end + AROUND
        group = [found[at]]
        while at + len(group) < len(found):
            following = found[at + len(group)]
            after = heard.words[min(following.last + NEIGHBOURS, len(heard.words) - 1)].end
            if following.start < start or max(following.end, after) > max(end, start + LONGEST):
                break
            group.append(following)
        end = max(end, min(start + LONGEST, group[-1].end + AROUND))
        begin, stop = _within(heard, start, end, group)
        low = max(0.0, (heard.words[begin].start if begin < len(heard.words) else start) - 0.3)
        high = (max(word.end for word in heard.words[begin:stop]) if stop > begin else end) + 0.3
        if begin:
            low = max(low, min(heard.words[begin - 1].end, heard.words[begin].start))
        if stop < len(heard.words):
            high = min(high, max(heard.words[stop].start, heard.words[stop - 1].end))
        texts = [readings(heard, place, begin, stop) for place in group]
        sound = whisper.encode(tape.between(low, high))
        likely = whisper.log_likelihoods(sound, [texts[0][0], *(written for _, written in texts)], language)
        for number, (place, (said, _)) in enumerate(zip(group, texts, strict=True), start=1):
            if place.last >= stop and not place.written:
                continue  # Whisper does not tell how likely it is that nothing follows
            whole = likely[0] if said == texts[0][0] else whisper.log_likelihoods(sound, [said], language)[0]
            scores[place.number] = whole - likely[number]
        at += len(group)
        progress(at / len(found))
    return scores


def _within(heard: Heard, start: float, end: float, group: Sequence[Place]) -> tuple[int, int]:
    """The tokens [begin, stop) that lie wholly in this stretch and hold the differences."""
    begin = min(place.first for place in group)
    while begin and heard.words[begin - 1].start >= start:
        begin -= 1
    stop = max(place.last for place in group)
    while stop < len(heard.words) and heard.words[stop].end <= end:
        stop += 1
    return begin, stop


@dataclass(frozen=True, slots=True)
class Verdict:
    """`score` is log P(what was heard) - log P(the record's reading), None at the end of what is said.

    `weight` takes all that is known together.
    """

    score: float | None
    weight: float

    @property
    def against_record(self) -> bool:
        """Whether the record's reading is not what was said."""
        return self.weight > DECISIVE


def verdicts(
    heard: Heard,
    found: Sequence[Place],
    tape: Tape,
    judges: Sequence[Forcer],
    phonetic: Phonetic | None,
    language: str,
    progress: Callable[[float], None],
) -> dict[int, Verdict]:
    """A verdict on each difference, by number. The first judge's is the score that is shown."""
    whole = len(judges) + 1

    def teller(turn: int) -> Callable[[float], None]:
        return lambda part: progress((turn + part) / whole)

    scores = [judged(heard, found, tape, judge, language, teller(turn)) for turn, judge in enumerate(judges)]
    done: dict[int, Verdict] = {}
    for count, place in enumerate(found):
        progress((len(judges) + count / len(found)) / whole)
        known = [one[place.number] for one in scores if place.number in one]
        if not known and phonetic is None:
            continue
        weight = sum(known) / len(known) if known else 0.0
        likeness = alike(place.said, place.written, language)
        if likeness >= SAME:
            weight = min(weight, 0.0)
        length = max(len(sounds(place.said, language)), len(sounds(place.written, language)))
        weight -= ALIKE * max(0.0, likeness - UNLIKE) * min(1.0, length / TELLING)
        if phonetic is not None:
            share = ALONE if not known else (PHONES if place.written else LEFT_OUT)
            weight += _by_phones(heard, place, tape, phonetic, share)
        done[place.number] = Verdict(known[0] if known else None, weight)
    return done


def _by_phones(heard: Heard, place: Place, tape: Tape, phonetic: Phonetic, share: float) -> float:
    """How much better the phones of what was heard fit the sound than those of the record's reading."""
    begin, stop = max(0, place.first - NEIGHBOURS), min(len(heard.words), place.last + NEIGHBOURS)
    words = heard.words[begin:stop]
    if not words:
        return 0.0
    low, high = words[0].start - EDGE, max(word.end for word in words) + EDGE
    if begin:
        low = max(low, min(words[0].start, (heard.words[begin - 1].end + words[0].start) / 2))
    if stop < len(heard.words) and heard.words[stop].start >= words[-1].end:
        high = min(high, (heard.words[stop].start + words[-1].end) / 2)
    if high - low > LONGEST:
        return 0.0
    samples = tape.between(max(0.0, low), high)
    before = [word.text for word in heard.words[begin : place.first]]
    after = [word.text for word in heard.words[place.last : stop]]
    said = phonetic.weigh(samples, [*before, *(word.text for word in heard.words[place.first : place.last]), *after])
    written = phonetic.weigh(samples, [*before, *place.written.replace("—", " ").split(), *after])
    if said is None or written is None:
        return 0.0 if said is written else (MOST if written is None else -MOST)
    return max(-MOST, min(MOST, share * (said - written)))
