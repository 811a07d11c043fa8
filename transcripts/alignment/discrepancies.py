"""Where record and sound differ, of what kind the difference is, and what needs a person."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from transcripts.alignment.matching import Match
from transcripts.alignment.normal import DATE, FILLER, NUMBER, Unit, by_character
from transcripts.alignment.reading import Heard, Record
from transcripts.alignment.result import (
    ADDITION,
    DISFLUENCY,
    FORMAT,
    MOVED,
    OMISSION,
    SUBSTITUTION,
    WORDING,
    WRONG_SPEAKER,
    Discrepancy,
)
from transcripts.alignment.sounding import sounds
from transcripts.alignment.spelling import (
    CHINESE_NEGATION,
    FUNCTION,
    KOREAN_NEGATION,
    MONTHS,
    NEGATIONS,
    WEEKDAYS,
    same_stem,
)

UNEQUAL = 3
"""Where one side has so many times the other's words, part of it was left out or added, not replaced."""

NAME, NEGATION = "name", "negation"
WRONG_RUN = 2

UNJUDGED = 20.0
"""The rank of a difference too long to be a slip of the recogniser's."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Units [a, b) of the record stand where units [c, d) were heard. Either may be empty, never both."""

    a: int
    b: int
    c: int
    d: int


def differences(record: Record, heard: Heard, match: Match, language: str = "en") -> list[Difference]:
    """What lies between matched units, in the record's order; then what differs within text that was moved."""
    moved_a = {a for block in match.moved for a in range(block.first, block.last + 1)}
    moved_b = {b for block in match.moved for b in range(block.heard_first, block.heard_last + 1)}
    found: list[Difference] = []
    ends = [*match.pairs, (len(record.units), len(heard.units))]
    low = left = 0
    for a, b in ends:
        mine = _pieces(low, a, moved_a)
        theirs = _pieces(left, b, moved_b)
        if len(mine) <= 1 and len(theirs) <= 1:
            one = mine[0] if mine else (low, low)
            other = theirs[0] if theirs else (left, left)
            if one[0] < one[1] or other[0] < other[1]:
                found += _by_sound(record, heard, Difference(*one, *other), language)
        else:
            found += [Difference(first, last, left, left) for first, last in mine]
            found += [Difference(a, a, first, last) for first, last in theirs]
        low, left = a + 1, b + 1
    inside = sorted(match.moved_pairs)
    for (a, b), (c, d) in pairwise(inside):
        together = any(block.first <= a and c <= block.last for block in match.moved)
        if together and (c - a > 1 or d - b > 1):
            found += _by_sound(record, heard, Difference(a + 1, c, b + 1, d), language)
    return found


def _pieces(low: int, high: int, without: set[int]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for at in range(low, high):
        if at in without:
            continue
        if pieces and pieces[-1][1] == at:
            pieces[-1] = (pieces[-1][0], at + 1)
        else:
            pieces.append((at, at + 1))
    return pieces


def _by_sound(record: Record, heard: Heard, gap: Difference, language: str) -> list[Difference]:
    """A gap parted at characters that sound the same, which recognisers confuse: each part is judged by itself.

    Only Chinese has so many of them; a part of them alone holds as many units on either side.
    """
    if language not in ("zh", "yue") or gap.a == gap.b or gap.c == gap.d:
        return _parted(record, heard, gap)
    ones = ["".join(sounds(unit.form, language)) for unit in record.units[gap.a : gap.b]]
    others = ["".join(sounds(unit.form, language)) for unit in heard.units[gap.c : gap.d]]
    found: list[Difference] = []
    low, left = gap.a, gap.c
    for block in Levenshtein.editops(ones, others).as_matching_blocks():
        a, c = gap.a + block.a, gap.c + block.b
        if a > low or c > left:
            found += _parted(record, heard, Difference(low, a, left, c))
        if block.size:
            found.append(Difference(a, a + block.size, c, c + block.size))
        low, left = a + block.size, c + block.size
    return found


def _parted(record: Record, heard: Heard, gap: Difference) -> list[Difference]:
    """A gap with far more on one side: the part that was replaced, and the part that was left out or added."""
    mine, theirs = gap.b - gap.a, gap.d - gap.c
    few, many = sorted((_length(record.units[gap.a : gap.b]), _length(heard.units[gap.c : gap.d])))
    short, long = sorted((mine, theirs))
    if not short or many < UNEQUAL * few or many - few < 3 or long < UNEQUAL * short:
        return [gap]
    ones = [unit.form for unit in record.units[gap.a : gap.b]]
    others = [unit.form for unit in heard.units[gap.c : gap.d]]
    less, more = (ones, others) if mine < theirs else (others, ones)
    at_front = _alike(less, more[: len(less)]) >= _alike(less, more[-len(less) :])
    cut = short if at_front else long - short
    if mine < theirs:
        return (
            [Difference(gap.a, gap.b, gap.c, gap.c + cut), Difference(gap.b, gap.b, gap.c + cut, gap.d)]
            if at_front
            else [Difference(gap.a, gap.a, gap.c, gap.c + cut), Difference(gap.a, gap.b, gap.c + cut, gap.d)]
        )
    return (
        [Difference(gap.a, gap.a + cut, gap.c, gap.d), Difference(gap.a + cut, gap.b, gap.d, gap.d)]
        if at_front
        else [Difference(gap.a, gap.a + cut, gap.c, gap.c), Difference(gap.a + cut, gap.b, gap.c, gap.d)]
    )


def _length(units: Sequence[Unit]) -> int:
    """How many words these units were written in: a date is one unit and may be four words."""
    return sum(unit.last - unit.first + 1 for unit in units)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    letters = Counter("".join(one))
    letters.subtract(Counter("".join(other)))
    return -sum(abs(count) for count in letters.values())


def kind_of(record: Record, heard: Heard, gap: Difference, language: str) -> str:
    """What kind of difference this is."""
    mine, theirs = record.units[gap.a : gap.b], heard.units[gap.c : gap.d]
    ones, others = [unit.form for unit in mine], [unit.form for unit in theirs]
    if "".join(ones) == "".join(others):
        return FORMAT
    if _disfluent(heard.units, gap.c, gap.d) and not ones:
        return DISFLUENCY
    if _disfluent(record.units, gap.a, gap.b) and not others:
        return DISFLUENCY
    if not ones:
        return OMISSION
    if not others:
        return ADDITION
    plain_ones = [unit.form for unit in mine if unit.kind != FILLER]
    plain_others = [unit.form for unit in theirs if unit.kind != FILLER]
    if plain_ones == plain_others:
        return DISFLUENCY
    return WORDING if _same_meaning(ones, others, language) else SUBSTITUTION


def _disfluent(units: Sequence[Unit], low: int, high: int) -> bool:
    """Hesitation sounds, or words said twice in a row."""
    if low == high:
        return False
    plain = [unit.form for unit in units[low:high] if unit.kind != FILLER]
    size = len(plain)
    if not size:
        return True
    if any(unit.kind in (NUMBER, DATE) for unit in units[low:high]):
        return False
    after = [unit.form for unit in units[high : high + size]]
    before = [unit.form for unit in units[max(0, low - size) : low]]
    return plain in (after, before)


def _same_meaning(ones: Sequence[str], others: Sequence[str], language: str) -> bool:
    """Whether only small words or endings differ."""
    if by_character(language):
        return False
    left, right = Counter(ones), Counter(others)
    only, extra = sorted((left - right).elements()), sorted((right - left).elements())
    rest = [word for word in only if word not in FUNCTION]
    more = [word for word in extra if word not in FUNCTION]
    if any(word in NEGATIONS for word in [*only, *extra]) or len(rest) != len(more):
        return False
    return all(same_stem(one, other) for one, other in zip(rest, more, strict=True))


def concerns(
    record: Record, heard: Heard, gap: Difference, *, names: frozenset[str], language: str
) -> tuple[str, ...]:
    """Which of number, date, name and negation the difference touches: these always go to a person."""
    mine, theirs = record.units[gap.a : gap.b], heard.units[gap.c : gap.d]
    left, right = Counter(unit.form for unit in mine), Counter(unit.form for unit in theirs)
    changed = set((left - right) + (right - left)) or set(left)
    found: list[str] = []
    touched = [unit for unit in [*mine, *theirs] if unit.form in changed]
    if any(unit.kind == NUMBER for unit in touched):
        found.append(NUMBER)
    if any(
        unit.kind == DATE
        or unit.form in WEEKDAYS
        or (unit.form in MONTHS and len(unit.form) > 3 and unit.form not in ("march",))
        for unit in touched
    ):
        found.append(DATE)
    if _negated(left, record, mine, language) != _negated(right, heard, theirs, language):
        found.append(NEGATION)
    if any(unit.form in names for unit in touched) or (
        by_character(language) and _holds_name(record, heard, mine, theirs, names)
    ):
        found.append(NAME)
    return tuple(found)


def _negated(forms: Counter[str], side: Record | Heard, units: Sequence[Unit], language: str) -> int:
    if language == "zh":
        return sum(count for form, count in forms.items() if form in CHINESE_NEGATION)
    if language == "ko":
        return sum(1 for text in dict.fromkeys(_texts(side, units)) if KOREAN_NEGATION.search(text))
    return sum(count for form, count in forms.items() if form in NEGATIONS)


def _texts(side: Record | Heard, units: Sequence[Unit]) -> list[str]:
    words = side.tokens if isinstance(side, Record) else side.words
    return [words[at].text for at in sorted({at for unit in units for at in range(unit.first, unit.last + 1)})]


def _holds_name(
    record: Record, heard: Heard, mine: Sequence[Unit], theirs: Sequence[Unit], names: frozenset[str]
) -> bool:
    """Whether the words around the difference hold a name known in the case."""
    around = []
    for side, units in ((record, mine), (heard, theirs)):
        if units:
            words = side.tokens if isinstance(side, Record) else side.words
            around.append("".join(word.text for word in words[max(0, units[0].first - 2) : units[-1].last + 3]))
    return any(name in text for text in around for name in names)


def names_in(record: Record, heard: Heard, given: Iterable[str], language: str) -> frozenset[str]:
    """Plain forms of names: those given, those of speakers, and in English what is written large within a sentence."""
    parts = {part.strip(" .,;:()").casefold() for name in given for part in [*name.split(), name]}
    found = {part for part in parts if len(part) > 1 and part not in FUNCTION}
    if by_character(language):
        return frozenset(found)
    firsts = {sentence.first for sentence in record.sentences}
    large: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for unit in record.units:
        token = record.tokens[unit.first]
        if token.text[0].islower():
            small[unit.form] += 1
        elif token.text[0].isupper() and unit.first not in firsts:
            large[unit.form] += 1
    begins = True
    for at, unit in enumerate(heard.units):
        text = heard.words[unit.first].text
        if text[0].islower():
            small[unit.form] += 1
        elif text[0].isupper() and not begins:
            large[unit.form] += 1
        begins = heard.shown[unit.last][-1:] in (".", "?", "!") if at + 1 < len(heard.units) else False
    common = FUNCTION | WEEKDAYS | set(MONTHS)
    found |= {form for form in large if form not in common and large[form] > small[form] and not form.isdigit()}
    return frozenset(found)


def moved(record: Record, heard: Heard, match: Match) -> list[Discrepancy]:
    """Text the record has in another place than it was said."""
    done: list[Discrepancy] = []
    for block in match.moved:
        first, last = record.units[block.first].first, record.units[block.last].last
        begin, end = heard.units[block.heard_first].first, heard.units[block.heard_last].last
        start, stop = record.tokens[first].start, record.tokens[last].end
        done.append(
            Discrepancy(
                MOVED,
                record.text[start:stop],
                spoken_text(heard, begin, end + 1),
                heard.words[begin].start,
                heard.words[end].end,
                start,
                stop,
                needs_person=True,
            )
        )
    return done


def spoken_text(heard: Heard, begin: int, end: int) -> str:
    """The words heard, from token `begin` up to `end`."""
    return heard.joins.join(word.text for word in heard.words[begin:end])


def wrong_speakers(record: Record, heard: Heard, match: Match) -> list[Discrepancy]:
    """Runs of words the record gives to one person that another was heard to say.

    A label is taken for the speaker of its name or, failing that, for whoever says most of what it labels.
    """
    if not record.labelled or not any(word.speaker for word in heard.words):
        return []
    said: list[tuple[int, str, str, int]] = []
    where = 0
    for a, b in sorted([*match.pairs, *match.moved_pairs]):
        token = record.units[a].first
        while where < len(record.labelled) and record.labelled[where].end <= record.tokens[token].start:
            where += 1
        if where == len(record.labelled):
            break
        stretch = record.labelled[where]
        who = heard.words[heard.units[b].first].speaker
        if stretch.start <= record.tokens[token].start and who:
            said.append((a, stretch.speaker, who, b))
    who_is = _people(said)
    done: list[Discrepancy] = []
    run: list[tuple[int, str, str, int]] = []
    for one in [*said, (-1, "", "", -1)]:
        wrong = bool(one[1]) and one[1] in who_is and who_is[one[1]] != one[2]
        if run and not (wrong and one[1:3] == run[-1][1:3] and 0 < one[0] - run[-1][0] <= 3):
            done += _as_wrong_speaker(record, heard, run)
            run = []
        if wrong:
            run.append(one)
    return done


def _people(said: Sequence[tuple[int, str, str, int]]) -> dict[str, str]:
    """The speaker each label stands for."""
    counts: dict[str, Counter[str]] = {}
    voices = {who for _, _, who, _ in said}
    for _, label, who, _ in said:
        counts.setdefault(label, Counter())[who] += 1
    who_is: dict[str, str] = {}
    for label, heard in counts.items():
        named = [voice for voice in voices if voice.casefold() == label.casefold()] or [
            voice for voice in voices if voice.casefold().split()[-1:] == label.casefold().split()[-1:]
        ]
        best, most = heard.most_common(1)[0]
        if len(named) == 1:
            who_is[label] = named[0]
        elif most >= 0.6 * heard.total():
            who_is[label] = best
    return who_is


def _as_wrong_speaker(record: Record, heard: Heard, run: Sequence[tuple[int, str, str, int]]) -> list[Discrepancy]:
    if len(run) < WRONG_RUN:
        return []
    first, last = record.units[run[0][0]].first, record.units[run[-1][0]].last
    begin, end = heard.units[run[0][3]].first, heard.units[run[-1][3]].last
    start, stop = record.tokens[first].start, record.tokens[last].end
    spoken = spoken_text(heard, min(begin, end), max(begin, end) + 1)
    return [
        Discrepancy(
            WRONG_SPEAKER,
            record.text[start:stop],
            spoken,
            heard.words[begin].start,
            max(heard.words[end].end, heard.words[begin].end),
            start,
            stop,
            needs_person=True,
            concerns=("speaker",),
            record_speaker=run[0][1],
            spoken_speaker=run[0][2],
        )
    ]


def rank(found: Iterable[Discrepancy]) -> list[Discrepancy]:
    """What a person should look at first comes first."""
    order = {WRONG_SPEAKER: 1, MOVED: 1, FORMAT: 4, DISFLUENCY: 3}

    def place(one: Discrepancy) -> tuple[int, float, float]:
        tier = 0 if one.concerns and one.kind not in (FORMAT, DISFLUENCY) else order.get(one.kind, 2)
        return tier, -(one.weight if one.weight is not None else UNJUDGED), one.char_start

    return sorted(found, key=place)
