"""How alike two readings sound. The recogniser mishears words that sound alike; a clerk's mistakes seldom do."""

import functools
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from transcripts.alignment.normal import simplified
from transcripts.alignment.pronouncing import pronunciations
from transcripts.alignment.pronouncing_east import pronounced


def alike(one: str, other: str, language: str) -> float:
    """1 if two readings sound the same, 0 if they have no sound in common or one of them is empty."""
    first, second = sounds(one, language), sounds(other, language)
    if not first or not second:
        return 0.0
    return 1.0 - Levenshtein.distance(first, second) / max(len(first), len(second))


@functools.lru_cache(maxsize=10_000)
def sounds(text: str, language: str) -> Sequence[str]:
    """The sounds of a text: phones in English and Korean, letters of Pinyin in Chinese."""
    if language in ("zh", "yue"):
        from pypinyin import lazy_pinyin

        spoken = (syllable for syllable in lazy_pinyin(simplified(text)) if syllable.isalnum())
        return tuple(letter for syllable in spoken for letter in syllable)
    if language == "ko":  # one word: a closing consonant moves on to the next syllable, whatever the spacing
        return pronounced(["".join(text.split())], "ko")[0]
    words = text.replace("—", " ").replace("–", " ").split()
    return tuple(phone for word in words if (ways := pronunciations(word)) for phone in ways[0])
