"""What a recording lacks: stretches of somebody's sound that are not there, and tracks whose time is not known well.

A record must not look whole where it is not. That somebody was not in the room is no lack.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .models import Fault, TrackText, Transcript
from .queries import sound_tracks
from .reading import clock

MISSING, STALL, UNENDED, UNSURE_TIME = "missing", "stall", "unended", "clock"
WORTH_TELLING = 0.25
"""Seconds by which a track may lie beside its time before it is told: less than a short word takes."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is not as it should be on one person's track: from second to second, or by how many seconds."""

    name: str
    kind: str
    start: float
    end: float

    @property
    def clocks(self) -> str:
        """From when to when, as the player writes it; empty for what concerns the whole track."""
        if self.kind == UNSURE_TIME:
            return ""
        begins, ends = clock(self.start), clock(self.end)
        return begins if begins == ends else f"{begins}–{ends}"

    @property
    def line(self) -> str:
        """When, who and what, on one line."""
        return f"{self.clocks}  {self.name}: {self.words}".strip()

    @property
    def words(self) -> str:
        """What is wrong, in a sentence."""
        if self.kind == UNSURE_TIME:
            told = _(
                "Their device knew the time to within %(seconds).1f seconds only: what they say may stand so much "
                "too early or too late beside the words of others."
            )
            return told % {"seconds": self.end}
        if self.kind == STALL:
            return _("Their device recorded nothing in this time.")
        if self.kind == UNENDED:
            return _(
                "Their device left without telling how much it had recorded. If they still spoke, that is missing."
            )
        if self.kind in Fault.values:
            return str(Fault(self.kind).label)
        return _("The sound of this time did not reach the court.")


def lacking(transcript: Transcript) -> list[Lack]:
    """What the tracks of a transcript lack now, in order of time; what concerns a whole track comes first."""
    texts = TrackText.objects.filter(transcript=transcript).exclude(fault="").select_related("track")
    found = []
    for track in sound_tracks(transcript):
        if track.clock_error_ms / 1000 >= WORTH_TELLING:
            found.append(Lack(track.name, UNSURE_TIME, 0.0, round(track.clock_error_ms / 1000, 1)))
        found += [
            Lack(track.name, why, begins / 1000, ends / 1000)
            for begins, ends, why in track.gaps
            if why in (MISSING, STALL, UNENDED)
        ]
    found += [Lack(text.track.name, text.fault, 0.0, _length(transcript)) for text in texts]
    return sorted(found, key=lambda one: (one.kind != UNSURE_TIME, one.start, one.end, one.name))


def _length(transcript: Transcript) -> float:
    """How long the recording lasted, in seconds."""
    recording = transcript.recording
    return (recording.ended_at - recording.started_at).total_seconds() if recording.ended_at else 0.0


def as_certified(lacks: Iterable[Lack]) -> list[list[Any]]:
    """What was lacking, as a certificate states it: [name, kind, start, end]."""
    return [[one.name, one.kind, one.start, one.end] for one in lacks]


def certified_as_lacking(told: Sequence[Sequence[Any]]) -> list[Lack]:
    """The same, read from a certificate."""
    return [Lack(str(name), str(kind), float(start), float(end)) for name, kind, start, end in told]
