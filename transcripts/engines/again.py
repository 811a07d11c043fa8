"""Weak stretches of a passage heard again by a larger model: only what the first one hardly believed itself.

A stretch is bounded by silences, so that both models hear the same words; the text that its own model believes more
is kept. A larger model so costs a fraction of what it would cost on the whole hearing.
"""

import math
from collections.abc import Callable, Sequence

from transcripts.engines.silence import Span
from transcripts.engines.speech import Segment, Word

WEAK = 0.6
"""Words whose probability is below this in the (geometric) mean are heard again."""

BOUND = 0.3
"""A silence of so many seconds bounds a stretch."""

LONGEST = 28.0
"""Seconds of a stretch at most: what Whisper hears at once."""

ROOM = 0.2
"""Seconds of sound kept before and after."""

Hear = Callable[[Span, str], list[Segment]]


def belief(words: Sequence[Word]) -> float:
    """How sure an engine is of some words: the geometric mean of their probabilities, 0 for none."""
    if not words:
        return 0.0
    return math.exp(math.fsum(math.log(max(word.probability, 1e-4)) for word in words) / len(words))


def heard_again(segments: list[Segment], close: list[Span], hear: Hear) -> tuple[list[Segment], float]:
    """The segments of a passage with weak stretches replaced where `hear` was surer; and the seconds heard again.

    Times are the passage's. `hear(span, language)` gives the segments of the larger model.
    """
    kept: list[Segment] = []
    spent = 0.0
    for stretch, inside in _stretches(segments, close):
        words = [word for segment in inside for word in segment.words]
        if not words or belief(words) >= WEAK or stretch.end - stretch.start > LONGEST:
            kept += inside
            continue
        spent += stretch.end - stretch.start
        better = hear(stretch, inside[0].language)
        surer = belief([word for segment in better for word in segment.words]) > belief(words)
        kept += better if surer else inside
    return kept, spent


def _stretches(segments: list[Segment], close: list[Span]) -> list[tuple[Span, list[Segment]]]:
    """The segments grouped between silences: a group ends where one lies before the next segment's first word.

    Segments in two languages are never in one group.
    """
    groups: list[list[Segment]] = []
    for segment in segments:
        last = groups[-1][-1] if groups else None
        joins = (
            last is not None
            and last.language == segment.language
            and not _silent(last.end, segment.start, close)
            and segment.end - groups[-1][0].start <= LONGEST
        )
        if joins:
            groups[-1].append(segment)
        else:
            groups.append([segment])
    bounded = []
    for number, group in enumerate(groups):
        before = groups[number - 1][-1].end if number else 0.0
        after = groups[number + 1][0].start if number + 1 < len(groups) else math.inf
        start = max(group[0].start - ROOM, (before + group[0].start) / 2 if number else 0.0)
        end = min(group[-1].end + ROOM, (group[-1].end + after) / 2)
        bounded.append((Span(max(start, 0.0), end), group))
    return bounded


def _silent(after: float, before: float, close: list[Span]) -> bool:
    """Whether a silence of BOUND seconds lies between two words."""
    if before - after < BOUND:
        return False
    inside = [span for span in close if span.end > after and span.start < before]
    edges = [after, *(edge for span in inside for edge in (span.start, span.end)), before]
    return any(edges[at + 1] - edges[at] >= BOUND for at in range(0, len(edges), 2))
