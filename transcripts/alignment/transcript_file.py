"""Reading back what `manage.py transcribe --json` printed."""

import json
import math
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from transcripts.alignment.result import SpokenWord


class NotATranscript(Exception):
    """The file is not a transcript. The message is one line, fit to be shown."""


def read_transcript(path: str | PathLike[str]) -> tuple[str | None, list[SpokenWord]]:
    """(language, words) of a transcript file; a segment or word may name its speaker. Raises NotATranscript."""
    name = Path(path).name
    try:
        found: Any = json.loads(Path(path).read_bytes().decode("utf-8-sig"))
    except FileNotFoundError as error:
        raise NotATranscript(f"{name} does not exist.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise NotATranscript(f"{name} is not the JSON that transcribe prints.") from error
    try:
        language = found.get("language")
        words = list(_words(found["segments"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotATranscript(
            f"{name} is not the JSON that transcribe prints: it needs segments with words."
        ) from error
    return (language if isinstance(language, str) and language != "und" else None), words


def _words(segments: Any) -> Iterator[SpokenWord]:
    for segment in segments:
        who = segment.get("speaker") or ""
        for word in segment["words"]:
            start, end = float(word["start"]), float(word["end"])
            text = word.get("word", word.get("text"))
            if not (isinstance(text, str) and 0 <= start <= end and math.isfinite(end)):
                raise ValueError("a word needs a text and times")
            yield SpokenWord(text, start, end, str(word.get("speaker") or who), float(word.get("probability", 1.0)))
