"""The passages of a transcript as the editor's page keeps them: short lists of numbers, for a day's hearing is long.

A passage is [number, revision, speaker, role, language, start, end, text, words], times in 1/100 s. ``words`` is flat,
five numbers a word: characters since the word before, its characters, the time since the word before ended, the time
it takes (-1 for a word that was not found in the sound), 1 if the machine was unsure of it. Characters are counted as
scripts in the page count them, in UTF-16 units.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from court.cases.models import Role

from .models import Transcript
from .queries import sound_tracks
from .reading import UNSURE, role_name
from .text import Heard, Row
from .wordplaces import word_places

Passage = list[Any]


def passage(row: Row) -> Passage:
    """One utterance, given as plain values."""
    return [
        row["pk"],
        row["revision"],
        row["speaker"],
        row["role"],
        row["language"],
        round(row["start"] * 100),
        round(row["end"] * 100),
        row["text"],
        _packed(row["text"], row["words"]),
    ]


def passages_of(transcript: Transcript) -> list[Passage]:
    """All of them, in order, as they stand now. Words are taken apart passage by passage, to spare the memory."""
    names = ("pk", "revision", "speaker", "role", "language", "start", "end", "text", "written")
    found = (
        transcript.utterances.order_by("position")
        .annotate(written=Cast("words", TextField()))
        .values_list(*names)
        .iterator(chunk_size=2000)
    )
    return [passage({**dict(zip(names, row, strict=True)), "words": json.loads(row[-1])}) for row in found]


def _packed(text: str, words: Sequence[Heard]) -> list[int]:
    plain = text.isascii() or all(ord(character) < 0x10000 for character in text)
    flat: list[int] = []
    at = until = 0
    for (first, last), (_text, start, end, probability, *_more) in zip(word_places(text, words), words, strict=True):
        if first == last:
            continue
        if not plain:
            first, last = (len(text[:place].encode("utf-16-le")) // 2 for place in (first, last))
        unsure = 1 if probability < UNSURE else 0
        if start is None:
            flat += (first - at, last - first, 0, -1, unsure)
        else:
            since, then = round(start * 100), round(end * 100)
            flat += (first - at, last - first, since - until, max(then - since, 0), unsure)
            until = max(then, since)
        at = last
    return flat


def people_of(transcript: Transcript) -> list[tuple[str, str, str]]:
    """Who may have spoken: (name, role, role in the reader's language). Who was recorded comes first."""
    case = transcript.case
    people: dict[tuple[str, str], None] = {}
    people.update(dict.fromkeys((track.name, track.role) for track in sound_tracks(transcript)))
    people.update(dict.fromkeys(transcript.utterances.order_by("speaker").values_list("speaker", "role").distinct()))
    people.update(dict.fromkeys(case.parties.order_by("pk").values_list("name", "role")))
    appointed = case.appointments.exclude(role=Role.MEDIATOR).select_related("user").order_by("pk")
    people.update(dict.fromkeys((one.user.name, one.role) for one in appointed if one.user.name))
    return [(name, role, role_name(role)) for name, role in people]
