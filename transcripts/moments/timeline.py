"""The moments of a record: exhibits shown, log notes and stills, each at its second of the recording's clock.

What lies in a stretch that is hidden from a reader is no moment of theirs.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.evidence.access import exhibits_for
from court.hearings.models import LogNote, Presentation
from transcripts import renditions
from transcripts.models import Clearance, Frame, Transcript
from transcripts.reading import clock

AT_MOST = 48  # stills on the transcript's page
NEAR = 3.0  # seconds before the recording's start or after its end that still belong to it
AROUND = 0.5  # seconds around what is hidden of which no picture is shown

Stretch = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that belongs to a second of the record. ``url`` leads to the exhibit, if this reader may open it."""

    second: float
    kind: str  # exhibit or note
    words: str
    url: str = ""
    by: str = ""

    @property
    def clock(self) -> str:
        """When, as the player writes it."""
        return clock(self.second)

    @property
    def icon(self) -> str:
        """The icon that stands beside it."""
        return "presentation" if self.kind == "exhibit" else "notebook-pen"


@dataclass(frozen=True, slots=True)
class Still:
    """A picture of somebody at a second."""

    second: float
    url: str
    name: str

    @property
    def clock(self) -> str:
        """When, as the player writes it."""
        return clock(self.second)


@dataclass(frozen=True)
class Timeline:
    """What the page of a transcript shows besides the words."""

    moments: list[Moment] = field(default_factory=list)
    stills: list[Still] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.moments or self.stills)


def timeline_of(transcript: Transcript, user: User | AnonymousUser, clearance: Clearance) -> Timeline:
    """The moments this reader may have, in order, and stills of them."""
    hidden = renditions.cuts(transcript, clearance)
    found: list[Moment] = []
    if clearance >= Clearance.PARTY and isinstance(user, User):
        found += _exhibits(transcript, user)
    if clearance >= Clearance.COURT:
        found += _notes(transcript)
    moments = [one for one in found if not _inside(one.second, hidden)]
    return Timeline(sorted(moments, key=lambda one: one.second), _stills(transcript, hidden))


def second_of(transcript: Transcript, at: datetime) -> float | None:
    """A moment on the recording's clock; None if it was not recorded."""
    recording = transcript.recording
    second = (at - recording.started_at).total_seconds()
    lasts = transcript.sound_seconds or 0.0
    if recording.ended_at is not None:
        lasts = max(lasts, (recording.ended_at - recording.started_at).total_seconds())
    return max(0.0, second) if -NEAR <= second <= lasts + NEAR else None


def _inside(second: float, hidden: Sequence[Stretch]) -> bool:
    return any(start - AROUND <= second <= end + AROUND for start, end in hidden)


def shown_words(shown: Presentation) -> str:
    """What was shown, in words: C2 p. 3 shown."""
    if shown.page:
        return _("%(label)s p. %(page)s shown") % {"label": shown.exhibit.label, "page": shown.page}
    return _("%(label)s shown") % {"label": shown.exhibit.label}


def _exhibits(transcript: Transcript, user: User) -> Iterable[Moment]:
    open_to = set(exhibits_for(user).filter(case=transcript.case_id).values_list("pk", flat=True))
    for shown in Presentation.objects.filter(hearing=transcript.hearing_id).select_related("exhibit", "by"):
        second = second_of(transcript, shown.at)
        if second is not None:
            url = reverse("exhibit", args=[shown.exhibit_id]) if shown.exhibit_id in open_to else ""
            yield Moment(second, "exhibit", shown_words(shown), url, shown.by.name)


def _notes(transcript: Transcript) -> Iterable[Moment]:
    """Log notes, which the judge and the clerks alone see, as on the hearing's page."""
    for note in LogNote.objects.filter(hearing=transcript.hearing_id).select_related("by"):
        second = second_of(transcript, note.at)
        if second is not None:
            yield Moment(second, "note", note.text, "", note.by.name)


def _stills(transcript: Transcript, hidden: Sequence[Stretch]) -> list[Still]:
    """Stills spread evenly over the hearing, each of who speaks then, or of anybody seen."""
    seen: dict[float, list[tuple[int, str]]] = {}
    for pk, second, name in Frame.objects.filter(transcript=transcript).values_list("pk", "second", "track__name"):
        if not _inside(second, hidden):
            seen.setdefault(second, []).append((pk, name))
    seconds = sorted(seen)
    if len(seconds) > AT_MOST:
        step = len(seconds) / AT_MOST
        seconds = [seconds[int(number * step)] for number in range(AT_MOST)]
    spoken = list(transcript.utterances.order_by("start").values_list("start", "speaker")) if seconds else []
    starts = [start for start, _speaker in spoken]
    stills = []
    for second in seconds:
        at = bisect_right(starts, second + 0.5) - 1
        speaker = spoken[at][1] if at >= 0 else ""
        pk, name = min(seen[second], key=lambda one: one[1] != speaker)
        stills.append(Still(second, reverse("transcript_frame", args=[transcript.pk, pk]), name))
    return stills


def frame_for(transcript: Transcript, clearance: Clearance, number: int) -> Frame | None:
    """One still, for a reader of this clearance; None if there is none they may see."""
    frame = Frame.objects.filter(transcript=transcript, pk=number).first()
    if frame is None or _inside(frame.second, renditions.cuts(transcript, clearance)):
        return None
    return frame


def inline(moments: Iterable[Moment], lines: Sequence[tuple[int, float]]) -> dict[int, SafeString]:
    """The moments as they stand in the text, by the position of the line, (position, start), after which they came."""
    if not lines:
        return {}
    starts = [start for _position, start in lines]
    placed: dict[int, list[SafeString]] = {}
    for moment in moments:
        position = lines[max(0, bisect_right(starts, moment.second) - 1)][0]
        placed.setdefault(position, []).append(_drawn(moment))
    return {
        position: mark_safe(f'<p class="line__moments">{" ".join(drawn)}</p>')  # noqa: S308 - drawn by format_html
        for position, drawn in placed.items()
    }


def _drawn(moment: Moment) -> SafeString:
    words = moment.words if moment.kind == "exhibit" else _("Log note: %(text)s") % {"text": moment.words}
    told = format_html('<a href="{}">{}</a>', moment.url, words) if moment.url else format_html("{}", words)
    return format_html('<span class="line__moment line__moment--{}">◆ {}</span>', moment.kind, told)
