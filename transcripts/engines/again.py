"""Weak stretches of a passage heard again: by a larger model what the first hardly believed itself, and by either
what it passed over although somebody speaks.

A stretch is bounded by silences, so that both hear the same words. Models believe themselves differently, and the
larger errs less: its text is kept unless it believes it clearly less. A larger model so costs a fraction of what it
would cost on the whole hearing.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from transcripts.engines.silence import Span, overlap
from transcripts.engines.speech import Segment, Word

WEAK = 0.7
"""Words whose probability is below this in the (geometric) mean are heard again."""

LESS = 0.85
"""The larger model's text is kept if it believes it at least so many times as much as the first its own."""

BELIEVED = 0.5
"""Words where none were written before are written down from this probability on."""

PASSED_OVER = 0.7
"""Seconds of speech without a word that are heard again."""

EDGE = 0.1
"""Seconds by which the sound of a written word may reach into what was passed over."""

LONGEST_WORD = 1.0
"""Seconds of a word at most, when what was passed over is looked for."""

BOUND = 0.3
"""A silence of so many seconds bounds a stretch."""

LONGEST = 28.0
"""Seconds of a stretch at most: what Whisper hears at once."""

CONTEXT = 8.0
"""Seconds of what is said before and after a weak stretch that the larger model hears with it, at most."""

ROOM = 0.2
"""Seconds of sound kept before and after."""

Hear = Callable[[Span, str], list[Segment]]


def belief(words: Sequence[Word]) -> float:
    """How sure an engine is of some words: the geometric mean of their probabilities, 0 for none."""
    if not words:
        return 0.0
    return math.exp(math.fsum(math.log(max(word.probability, 1e-4)) for word in words) / len(words))


def heard_again(
    segments: list[Segment], close: list[Span], hear: Hear, *, weak: bool, language: Callable[[Span], str]
) -> tuple[list[Segment], float]:
    """The segments of a passage with stretches heard again where that helped; and the seconds heard again.

    Times are the passage's. `hear(span, language)` gives the segments of the second hearing. `weak`: not only what was
    passed over is heard again, but what was hardly believed too. `language` tells in what a stretch is spoken.
    """
    kept: list[Segment] = []
    spent = 0.0
    for stretch, inside in _stretches(segments, close) if weak else []:
        words = [word for segment in inside for word in segment.words]
        if belief(words) >= WEAK or stretch.end - stretch.start > LONGEST:
            kept += inside
            continue
        wider = _wider(stretch, close)
        spent += wider.end - wider.start
        better = _inside(hear(wider, inside[0].language), stretch)
        surer = belief([word for segment in better for word in segment.words]) >= LESS * belief(words)
        kept += better if better and surer else inside
    if not weak:
        kept = list(segments)
    for stretch in passed_over(kept, close):
        spent += stretch.end - stretch.start
        found = hear(stretch, language(stretch))
        kept += [segment for segment in found if belief(segment.words) >= BELIEVED]
    return sorted(kept, key=lambda segment: (segment.start, segment.end)), spent


def _wider(stretch: Span, close: list[Span]) -> Span:
    """The stretch with what is said around it: heard alone, even the larger model errs more."""
    room = min(CONTEXT, (LONGEST - (stretch.end - stretch.start)) / 2)
    start, end = stretch.start - room, stretch.end + room
    end = min(end, max([stretch.end, *(span.end + ROOM for span in close)]))
    for span in close:  # no word is cut in two
        start = span.end if span.start < start < span.end <= stretch.start else start
        end = span.start if stretch.end <= span.start < end < span.end else end
    return Span(max(0.0, start), end)


def _inside(segments: Sequence[Segment], stretch: Span) -> list[Segment]:
    """The words of a stretch alone; its edges lie in silences."""
    found = []
    for segment in segments:
        words = tuple(word for word in segment.words if stretch.start <= (word.start + word.end) / 2 <= stretch.end)
        if len(words) == len(segment.words):
            found.append(segment)
        elif words:
            text = ("" if segment.language == "zh" else " ").join(word.text for word in words)
            found.append(replace(segment, start=words[0].start, end=words[-1].end, words=words, text=text))
    return found


def passed_over(segments: list[Segment], close: list[Span]) -> list[Span]:
    """Where somebody speaks for PASSED_OVER seconds or more and no word was written, with some room on both sides.

    Nothing of a written word lies inside, so that none is heard twice.
    """
    # A word's end may be drawn out over a sentence that was passed over.
    said = [word for segment in segments for word in segment.words]
    words = sorted((word.start, min(word.end, word.start + LONGEST_WORD)) for word in said)
    free: list[Span] = []
    at = 0.0
    for start, end in [*words, (math.inf, math.inf)]:
        if start - at >= PASSED_OVER:
            free.append(Span(at, start))
        at = max(at, end)
    found = []
    for gap in free:
        inside = [span for span in close if min(span.end, gap.end) - max(span.start, gap.start) > EDGE]
        if overlap(gap.start, gap.end, inside) < PASSED_OVER:
            continue
        start = max(gap.start, inside[0].start - ROOM)
        end = min(gap.end, inside[-1].end + ROOM, start + LONGEST)
        found.append(Span(start, end))
    return found


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
