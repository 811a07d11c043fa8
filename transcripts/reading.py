"""A transcript as its page shows it: people with their colours, turns, and the place and time of every word."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from court.cases.models import Role

from .models import Clearance, TrackText, Transcript
from .queries import sound_tracks
from .text import Hidden, Row, hidden_from, masked, one_mark
from .wordplaces import word_places

# An utterance as it is read: position, track, speaker, role, start, end, text, language, and its words as JSON. They
# are taken apart one by one: a day's words all at once have Python's garbage collection go through them over and over.
Said = tuple[int, int, str, str, float, float, str, str, str]

COLOURS = 5
UNSURE = 0.4  # words the engine believed less are marked, if the reader asks for it


def clock(seconds: float, *, hours: bool = False) -> str:
    """Seconds as the player writes them: 4:12, or 1:04:12."""
    whole = int(max(seconds, 0))
    if hours or whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who spoke or was recorded. ``colour`` counts from 1; ``fault`` says why their words are missing."""

    name: str
    role: str  # in the reader's language
    code: str  # as the record keeps it
    colour: int
    fault: str = ""
    spoke: bool = True


@dataclass(frozen=True)
class Length:
    """How long the recording is, for the player."""

    seconds: float

    @property
    def length(self) -> str:
        """The same, written."""
        return clock(self.seconds)


@dataclass
class Reading:
    """Everything the page shows of a transcript."""

    transcript: Transcript
    lines: SafeString  # the utterances as list items; empty when nobody spoke
    speakers: list[Speaker]
    last: float = 0.0  # when the last word ends, in seconds

    @cached_property
    def seconds(self) -> float:
        """How long the recording lasts, as far as it is known."""
        return max(self.transcript.sound_seconds or 0.0, self.last)

    @cached_property
    def length(self) -> str:
        """The same, written."""
        return clock(self.seconds)

    @property
    def missing(self) -> list[Speaker]:
        """Whose words are missing, and why."""
        return [speaker for speaker in self.speakers if speaker.fault]


def role_name(role: str) -> str:
    """A role in the reader's language, empty for none."""
    return str(Role(role).label) if role in Role.values else ""


def tongue(language: str) -> str:
    """The language of a text as HTML names it; Chinese is written in simplified characters here."""
    return {"zh": "zh-hans"}.get(language, language)


def reading_of(
    transcript: Transcript, *, clearance: Clearance, beside: Mapping[int, SafeString] | None = None
) -> Reading:
    """Put together what the page of a transcript shows to a reader of this clearance.

    ``beside``: what stands under a line, by its position.
    """
    said: list[Said] = list(
        transcript.utterances.order_by("position")
        .annotate(written_words=Cast("words", TextField()))
        .values_list("position", "track", "speaker", "role", "start", "end", "text", "language", "written_words")
    )
    speakers = _speakers(transcript, said)
    last = max((row[5] for row in said), default=0.0)
    by_name = {(speaker.name, speaker.code): speaker for speaker in speakers}
    return Reading(
        transcript, _written(said, by_name, hidden_from(clearance, transcript), beside or {}), speakers, last
    )


def _speakers(transcript: Transcript, said: list[Said]) -> list[Speaker]:
    """Everybody who was recorded, in the order of the tracks, and whoever else the record says spoke."""
    texts = {text.track_id: text for text in TrackText.objects.filter(transcript=transcript).defer("segments")}
    spoke = {(row[2], row[3]) for row in said}
    people: dict[tuple[str, str], str] = {}
    for track in sound_tracks(transcript):
        text = texts.get(track.pk)
        people[track.name, track.role] = str(text.get_fault_display()) if text and text.fault else ""
    for person in sorted(spoke - people.keys()):
        people[person] = ""
    return [
        Speaker(
            name=name,
            role=role_name(role),
            code=role,
            colour=number % COLOURS + 1,
            fault=fault,
            spoke=(name, role) in spoke,
        )
        for number, ((name, role), fault) in enumerate(people.items())
    ]


def _written(
    said: list[Said],
    speakers: dict[tuple[str, str], Speaker],
    hidden: Hidden,
    beside: Mapping[int, SafeString],
) -> SafeString:
    """The utterances as the list items that ``transcript.js`` reads.

    Written here and not by the template: a day's hearing has thousands, and their template took half a second.
    """
    play_from = escape(_("Play from"))
    who = {person: _who(speaker) for person, speaker in speakers.items()}
    hours = bool(said) and said[-1][4] >= 3600
    items: list[str] = []
    before = None
    shown: dict[int, list[SafeString]] = {}
    for number, _track, name, role, start, end, text, language, words in _seen(said, hidden, beside, shown):
        person = (name, role)
        opens, begins = person != before, f"{start:.2f}"
        before = person
        colour = speakers[person].colour
        tongue_of_it = f' lang="{escape(tongue(language))}"' if language else ""
        items.append(
            f"""
    <li class="line{" line--opens" if opens else ""} speaker--{colour}" id="u{number}" data-line \
data-start="{begins}" data-end="{end:.2f}" data-speaker="{colour}" data-words="{_packed(text, words)}">
      <a class="line__time" href="?t={begins}#u{number}" data-from><span class="visually-hidden">{play_from} </span>\
{clock(start, hours=hours)}</a>
      <p class="line__who{"" if opens else " line__who--again"}">{who[person]}</p>
      <p class="line__text"{tongue_of_it} data-text>{escape(text)}</p>{"".join(shown.get(number, ()))}
    </li>"""
        )
    return mark_safe("".join(items))  # noqa: S308 - every text in it is escaped


def _seen(
    said: list[Said], hidden: Hidden, beside: Mapping[int, SafeString], shown: dict[int, list[SafeString]]
) -> Iterator[tuple[Any, ...]]:
    """The utterances with their words, masked. What stands beside one that is left out goes to the one before."""
    for number in beside if not hidden else ():
        shown[number] = [beside[number]]
    if not hidden:
        for row in said:
            yield *row[:-1], json.loads(row[-1])
        return
    left = {row["position"]: row for row in one_mark(_masked_rows(said, hidden))}
    last = next(iter(left), None)
    for row in said:
        last = row[0] if row[0] in left else last
        if row[0] in beside and last is not None:
            shown.setdefault(last, []).append(beside[row[0]])
    for row in said:
        if row[0] in left:
            yield *row[:6], left[row[0]]["text"], row[7], left[row[0]]["words"]


def _masked_rows(said: list[Said], hidden: Hidden) -> Iterator[Row]:
    for row in said:
        text, words = masked(row[6], json.loads(row[8]), row[1], hidden)
        yield {"position": row[0], "text": text, "words": words}


def _who(speaker: Speaker) -> str:
    role = format_html('<span class="line__role">{}</span>', speaker.role) if speaker.role else ""
    return format_html('<span class="line__name">{}</span>{}', speaker.name, role)


def _packed(text: str, words: list[list[Any]]) -> str:
    """Words for the page's script: [first character, past the last, start, end, 1 if unsure, number], flat.

    Times in 1/100 s, -1 for a word that was not found in the sound. Characters are counted as scripts count them, in
    UTF-16 units. JSON of whole numbers: nothing to escape.
    """
    plain = text.isascii() or all(ord(character) < 0x10000 for character in text)
    flat: list[str] = []
    for (first, last), (_text, start, end, probability, number, *_more) in zip(
        word_places(text, words), words, strict=True
    ):
        if first == last:
            continue
        if not plain:
            first, last = (len(text[:at].encode("utf-16-le")) // 2 for at in (first, last))
        since, until = (-1, -1) if start is None else (round(start * 100), round(end * 100))
        flat.append(f"{first},{last},{since},{until},{1 if probability < UNSURE else 0},{number}")
    return f"[{','.join(flat)}]"
