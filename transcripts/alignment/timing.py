"""Times for the words and sentences of a record, from those of the words that were heard. Nothing is invented."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from transcripts.alignment.anchors import Pair
from transcripts.alignment.reading import Heard, Record
from transcripts.alignment.result import (
    INTERPOLATED,
    MATCHED,
    PARTIAL,
    UNALIGNED,
    AlignedSentence,
    AlignedWord,
)

NEAR_WORDS, NEAR_SECONDS = 8, 4.0
"""Between matched neighbours further apart than this nothing is interpolated."""

SHORTEST = 0.02
Times = tuple[float, float]


def matched_times(record: Record, heard: Heard, pairs: Iterable[Pair]) -> tuple[dict[int, Times], dict[int, float]]:
    """Times of the record's tokens that were heard, and the share of each token's units that was."""
    spans: dict[int, list[Times]] = defaultdict(list)
    met: dict[int, int] = defaultdict(int)
    parts: dict[int, int] = defaultdict(int)
    for unit in record.units:
        for token in range(unit.first, unit.last + 1):
            parts[token] += 1
    for a, b in pairs:
        mine, theirs = record.units[a], heard.units[b]
        count, others = mine.last - mine.first + 1, theirs.last - theirs.first + 1
        words = heard.words[theirs.first : theirs.last + 1]
        for step in range(count):
            met[mine.first + step] += 1
            if count == others:
                span = (words[step].start, words[step].end)
            else:
                begin, lasts = words[0].start, words[-1].end - words[0].start
                span = (begin + lasts * step / count, begin + lasts * (step + 1) / count)
            spans[mine.first + step].append(span)
    times: dict[int, Times] = {}
    shares: dict[int, float] = {}
    for token, found in spans.items():
        shares[token] = met[token] / parts[token]
        if 2 * met[token] >= parts[token]:
            times[token] = (min(start for start, _ in found), max(end for _, end in found))
    return times, shares


def aligned_words(
    record: Record, times: dict[int, Times], replaced: dict[int, Times], apart: set[int]
) -> list[AlignedWord]:
    """Every token of the record with its times and status.

    `replaced` gives tokens in whose place something else was heard the time of that; they are interpolated if they
    stand between matched neighbours of their sentence a short way apart. `apart` are tokens that were moved: their
    times stand by themselves.
    """
    done: list[AlignedWord] = []
    floor = 0.0
    filled = _interpolated(record, times, replaced, apart)
    for at, token in enumerate(record.tokens):
        status = MATCHED if at in times else (INTERPOLATED if at in filled else UNALIGNED)
        span = times.get(at) or filled.get(at)
        if span is None:
            done.append(AlignedWord(token.text, token.start, token.end, None, None, status))
            continue
        start, end = span
        if at not in apart:
            start = max(start, floor)
            floor = start
        done.append(AlignedWord(token.text, token.start, token.end, start, max(end, start + SHORTEST), status))
    return _not_overlapping(done, apart)


def _not_overlapping(words: list[AlignedWord], apart: set[int]) -> list[AlignedWord]:
    """Words end before the next one begins, unless they begin together."""
    following: float | None = None
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        if word.start is None or word.end is None or at in apart:
            continue
        if following is not None and word.end > following:
            end = max(following, word.start)
            words[at] = AlignedWord(word.text, word.char_start, word.char_end, word.start, end, word.status)
        following = word.start
    return words


def _interpolated(
    record: Record, times: dict[int, Times], replaced: dict[int, Times], apart: set[int]
) -> dict[int, Times]:
    filled: dict[int, Times] = {}
    for sentence in record.sentences:
        here = sentence.first
        while here <= sentence.last:
            if here in times or here not in replaced:
                here += 1
                continue
            end = here
            while end < sentence.last and end + 1 in replaced and end + 1 not in times:
                end += 1
            before, after = here - 1, end + 1
            known = sentence.first <= before and after <= sentence.last and before in times and after in times
            if known and before not in apart and after not in apart and end - here < NEAR_WORDS:
                low, high = times[before][1], times[after][0]
                if 0 < high - low <= NEAR_SECONDS:
                    filled |= _shared(record, here, end, low, high, replaced)
            here = end + 1
    return filled


def _shared(
    record: Record, first: int, last: int, low: float, high: float, replaced: dict[int, Times]
) -> dict[int, Times]:
    """The time between two neighbours shared among the words between them by their length."""
    low = max(low, min(replaced[at][0] for at in range(first, last + 1)))
    high = max(low, min(high, max(replaced[at][1] for at in range(first, last + 1))))
    whole = sum(len(record.tokens[at].text) for at in range(first, last + 1))
    shared: dict[int, Times] = {}
    done = 0
    for at in range(first, last + 1):
        start = low + (high - low) * done / whole
        done += len(record.tokens[at].text)
        shared[at] = (start, low + (high - low) * done / whole)
    return shared


def aligned_sentences(
    record: Record, words: Sequence[AlignedWord], shares: dict[int, float], apart: set[int]
) -> list[AlignedSentence]:
    """Every sentence with when it was said and how much of it was."""
    done: list[AlignedSentence] = []
    for sentence in record.sentences:
        tokens = range(sentence.first, sentence.last + 1)
        whole = sum(len(record.tokens[at].text) for at in tokens)
        similarity = sum(shares.get(at, 0.0) * len(record.tokens[at].text) for at in tokens) / whole
        timed = [words[at] for at in tokens if words[at].status == MATCHED]
        moved = [at for at in tokens if at in apart]
        if moved and len(moved) < len(timed):  # the sentence's own place is where its unmoved words are
            timed = [words[at] for at in tokens if words[at].status == MATCHED and at not in apart]
        starts = [word.start for word in timed if word.start is not None]
        ends = [word.end for word in timed if word.end is not None]
        complete = len(timed) == len(tokens) and similarity > 0.999
        done.append(
            AlignedSentence(
                record.text[sentence.start : sentence.end],
                sentence.start,
                sentence.end,
                min(starts, default=None),
                max(ends, default=None),
                MATCHED if complete else (PARTIAL if starts else UNALIGNED),
                min(1.0, similarity),
                sentence.speaker,
            )
        )
    return done
