"""The written record aligned with the sound (docs/adr/0009-alignment.md).

    alignment = align(text, speech, path="hearing.webm", language="en")
    alignment.as_json()

Plain Python and numpy: no models of the database are known here.
"""

from transcripts.alignment.aligning import align, spoken_words
from transcripts.alignment.result import (
    KINDS,
    AlignedSentence,
    AlignedWord,
    Alignment,
    Discrepancy,
    SpokenWord,
    Turn,
)

__all__ = [
    "KINDS",
    "AlignedSentence",
    "AlignedWord",
    "Alignment",
    "Discrepancy",
    "SpokenWord",
    "Turn",
    "align",
    "spoken_words",
]
