"""Where each word of an utterance stands in its text."""

from collections.abc import Sequence
from typing import Any

Heard = Sequence[Any]  # [text, start, end, probability], as Utterance.words keeps it


def word_places(text: str, words: Sequence[Heard]) -> list[tuple[int, int]]:
    """The first and past-the-last character of each word; an empty place where the text does not have the word."""
    places: list[tuple[int, int]] = []
    at = 0
    for word in words:
        found = text.find(word[0], at)
        if found < 0:
            places.append((at, at))
            continue
        at = found + len(word[0])
        places.append((found, at))
    return places
