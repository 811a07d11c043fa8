"""A transcript as its page shows it: people with their colours, turns, and the place and time of every word."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from court.cases.models import Role

from .models import TrackText, Transcript, Utterance
from .queries import sound_tracks
from .wordplaces import word_places

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
    """Somebody who was recorded. ``colour`` counts from 1; ``fault`` says why their words are missing."""

    track: int
    name: str
    role: str
    colour: int
    fault: str = ""
    spoke: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """An utterance on the page. ``opens``: it is the first of this speaker's turn."""

    number: int
    speaker: Speaker
    opens: bool
    clock: str
    start: str  # seconds, as a page writes them
    end: str
    text: str
    language: str
    words: str

    @property
    def until(self) -> float:
        """When the utterance ends, in seconds."""
        return float(self.end)


@dataclass
class Reading:
    """Everything the page shows of a transcript."""

    transcript: Transcript
    lines: list[Line]
    speakers: list[Speaker]

    @cached_property
    def seconds(self) -> float:
        """How long the recording lasts, as far as it is known."""
        ends = [line.until for line in self.lines]
        return max([self.transcript.sound_seconds or 0.0, *ends])

    @cached_property
    def length(self) -> str:
        """The same, written."""
        return clock(self.seconds)

    @property
    def missing(self) -> list[Speaker]:
        """Whose words are missing, and why."""
        return [speaker for speaker in self.speakers if speaker.fault]

    @property
    def silent(self) -> bool:
        """Whether nobody said anything."""
        return not self.lines


def role_name(role: str) -> str:
    """A role in the reader's language, empty for none."""
    return str(Role(role).label) if role in Role.values else ""


def tongue(language: str) -> str:
    """The language of a text as HTML names it; Chinese is written in simplified characters here."""
    return {"zh": "zh-hans"}.get(language, language)


def reading_of(transcript: Transcript) -> Reading:
    """Put together what the page of a transcript shows."""
    faults = {text.track_id: text for text in TrackText.objects.filter(transcript=transcript).defer("segments")}
    utterances: list[Utterance] = list(transcript.utterances.order_by("position"))
    spoke = {utterance.track_id for utterance in utterances}
    speakers: dict[int, Speaker] = {}
    for number, track in enumerate(sound_tracks(transcript)):
        text = faults.get(track.pk)
        speakers[track.pk] = Speaker(
            track=track.pk,
            name=track.name,
            role=role_name(track.role),
            colour=number % COLOURS + 1,
            fault=str(text.get_fault_display()) if text and text.fault else "",
            spoke=track.pk in spoke,
        )
    lines: list[Line] = []
    long = bool(utterances) and utterances[-1].end >= 3600
    for utterance in utterances:
        lines.append(
            Line(
                number=utterance.position,
                speaker=speakers[utterance.track_id],
                opens=not lines or lines[-1].speaker.track != utterance.track_id,
                clock=clock(utterance.start, hours=long),
                start=f"{utterance.start:.2f}",
                end=f"{utterance.end:.2f}",
                text=utterance.text,
                language=tongue(utterance.language),
                words=_packed(utterance.text, utterance.words),
            )
        )
    return Reading(transcript, lines, list(speakers.values()))


def _packed(text: str, words: list[list[Any]]) -> str:
    """Words for the page's script: [first character, past the last, start and end in 1/100 s, 1 if unsure], flat.

    Characters are counted as scripts count them, in UTF-16 units.
    """
    plain = text.isascii() or all(ord(character) < 0x10000 for character in text)
    flat: list[int] = []
    for (first, last), (_text, start, end, probability, *_more) in zip(word_places(text, words), words, strict=True):
        if first == last:
            continue
        if not plain:
            first, last = (len(text[:at].encode("utf-16-le")) // 2 for at in (first, last))
        flat += [first, last, round(start * 100), round(end * 100), int(probability < UNSURE)]
    return json.dumps(flat, separators=(",", ":"))
