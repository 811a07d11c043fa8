"""Text that was moved and misheard as well: found by its sounds.

What was moved is looked for by equal words first (matching.py). Where the recogniser garbled it, or a language
has many words of one sound, too few are equal; the passage then shows as an addition in one place and an omission
in another. If the two sound alike, they are one passage that was moved.
"""

from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz import fuzz

from transcripts.alignment.result import ADDITION, MOVED, OMISSION, Discrepancy
from transcripts.alignment.sounding import sounds

FEWEST = 12
"""Sounds that a passage has at least: shorter ones are alike by chance."""

ALIKE = 70.0
"""Hundredths of the shorter one's sounds that the longer one has in the same order."""


def moved_by_sound(found: Iterable[Discrepancy], language: str) -> list[Discrepancy]:
    """The differences, with each omission and addition that sound alike told as text that was moved."""
    rest = list(found)
    added = [(at, sounds(one.record, language)) for at, one in enumerate(rest) if one.kind == ADDITION]
    added = [(at, heard) for at, heard in added if len(heard) >= FEWEST]
    taken: set[int] = set()
    done: list[Discrepancy] = []
    for one in rest:
        told = sounds(one.spoken, language) if one.kind == OMISSION and added else ()
        if len(told) >= FEWEST:
            score, at = max((fuzz.partial_ratio(heard, told), at) for at, heard in added)
            if score >= ALIKE:
                taken.add(at)
                there = rest[at]
                done.append(
                    replace(
                        one,
                        kind=MOVED,
                        record=there.record,
                        char_start=there.char_start,
                        char_end=there.char_end,
                        score=None,
                        weight=None,
                        needs_person=True,
                    )
                )
                continue
        done.append(one)
    gone = {id(rest[at]) for at in taken}
    return [one for one in done if id(one) not in gone]
