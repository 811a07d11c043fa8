"""JSON in a stable form, documented in docs/record-json.md."""

import json
from typing import Any

from ..models import Timing
from ..pages.index import Place, paginated, places_of
from ..text import Word
from .told import Told

FORM = "court-record-1"
TIMINGS = {Timing.HEARD: "heard", Timing.MATCHED: "matched", Timing.INTERPOLATED: "interpolated"}


def write(told: Told) -> str:
    """Everything a reader may have of the record: each word with its number, characters, times and page and line."""
    transcript, version = told.transcript, told.version
    places = places_of(paginated(version)).of if version else {}
    record: dict[str, Any] = {
        "form": FORM,
        "court": told.court,
        "case": transcript.case.label,
        "title": transcript.case.title,
        "transcript": transcript.pk,
        "recording_started_at": told.at(0.0),
        "language": told.language,
        "standing": told.standing,
        "words_left_out": told.some_hidden,
        "lacks": [{"name": one.name, "kind": one.kind, "start": one.start, "end": one.end} for one in told.lacks],
        "version": _version(told),
        "people": [{"key": one.key, "name": one.name, "role": one.role} for one in told.people.values()],
        "utterances": [
            {
                "number": line.pk,
                "speaker": told.who(line).key,
                "language": line.language,
                "start": line.start,
                "end": line.end,
                "text": line.text,
                "words": [_word(word, places) for word in line.words],
            }
            for line in told.lines
        ],
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def _version(told: Told) -> dict[str, Any] | None:
    """The version; its hash only for those from whom nothing is hidden, who alone could check it."""
    version = told.version
    if version is None:
        return None
    whole = {} if told.some_hidden else {"sha256": version.sha256}
    return {"number": version.number, "kind": version.kind, "made_at": version.made_at.isoformat(), **whole}


def _word(word: Word, places: dict[int, Place]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "number": word.number,
        "text": word.text,
        "from": word.first,
        "to": word.last,
        "start": word.start,
        "end": word.end,
        "timing": TIMINGS.get(Timing(word.timing), "unaligned") if word.timing in Timing.values else "unaligned",
        "probability": word.probability,
    }
    if word.hidden:
        made["hidden"] = True
    if word.number in places:
        made["page"], made["line"] = places[word.number]
    return made
