"""The sound and the pictures each reader may have: without what is hidden from them, or none.

Whoever may have all gets the recording itself. Others get a rendition made without what is hidden from them today, and
until it is made nothing. A rendition bears the digest of what was hidden when it was made; when that changes it is no
longer given to anybody, and a worker makes another.
"""

import functools
import hashlib
import json
import logging
import uuid
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.files import FieldFile

from court.rooms.models import Track, TrackKind
from court.work.services import again, enqueue

from .engines import BrokenFile
from .models import LIVE, Clearance, Redaction, Rendition, Transcript
from .silencing import blackened, joined, silenced
from .sounds import playing_time
from .text import Hidden, hidden_from

Stretch = tuple[float, float]  # seconds on the recording's clock

log = logging.getLogger(__name__)

BELOW = (Clearance.PARTY, Clearance.PUBLIC)
TRIED_AGAIN = 6 * 3600  # seconds after which a file that could not be read is tried again
KEPT = 600  # seconds for which what was reckoned for a state of the text is kept
ONSET = 0.06  # seconds a word may begin before the time the speech recognition gives it


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rendition there should be. ``track`` None: the sound of all."""

    clearance: Clearance
    track: Track | None
    source: FieldFile
    digest: str


def sound_for(transcript: Transcript, clearance: Clearance) -> FieldFile | None:
    """The sound of all tracks for readers of this clearance; None while there is none they may have."""
    return _file_for(transcript, None, transcript.sound, clearance)


def picture_for(transcript: Transcript, track: Track, clearance: Clearance) -> FieldFile | None:
    """One person's picture for readers of this clearance; None while there is none they may have."""
    return _file_for(transcript, track, track.file, clearance)


def _file_for(
    transcript: Transcript, track: Track | None, source: FieldFile, clearance: Clearance
) -> FieldFile | None:
    if not source:
        return None
    hidden = hidden_from(clearance, transcript)
    found = source
    if hidden:
        made = Rendition.objects.filter(
            transcript=transcript, clearance=clearance, track=track, digest=digest_of(hidden, source)
        ).first()
        if made is None:
            return None
        found = made.file
    return found if found.storage.exists(str(found.name)) else None


def digest_of(hidden: Hidden, source: FieldFile) -> str:
    """What names a rendition: what is hidden, with which margin, from which file."""
    told = [hidden.digest, settings.COURT_REDACTION_MARGIN, str(source.name)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def pictures_of(transcript: Transcript) -> list[Track]:
    """The tracks that hold a whole picture."""
    found = Track.objects.filter(recording=transcript.recording_id, kind=TrackKind.PICTURE, assembled_at__isnull=False)
    return list(found.exclude(file="").order_by("pk"))


def pictures_for(transcript: Transcript, clearance: Clearance) -> list[Track]:
    """The tracks whose picture readers of this clearance can see now."""
    return [track for track in pictures_of(transcript) if picture_for(transcript, track, clearance)]


def cuts(transcript: Transcript, clearance: Clearance) -> list[Stretch]:
    """The seconds to be taken out for this clearance, with the margin, in order.

    The margin covers a word's beginning and end where its time is not exact; it takes at most half of the silence
    before the next word that stays, or ``ONSET`` where there is none, and never more than half of that word.
    """
    hidden = hidden_from(clearance, transcript)
    if not hidden:
        return []
    state = f"{transcript.pk}:{transcript.ready_at}:{transcript.edits}:{hidden.digest}"
    key = f"cuts:{hashlib.sha256(state.encode()).hexdigest()}"
    found: list[Stretch] | None = cache.get(key)
    if found is None:
        found = _cuts(transcript, hidden)
        cache.set(key, found, KEPT)
    return found


def _cuts(transcript: Transcript, hidden: Hidden) -> list[Stretch]:
    kept: dict[int, list[Stretch]] = {}
    out: dict[int, list[Stretch]] = {track: list(spans) for track, spans in hidden.spans.items()}
    for track, words in transcript.utterances.order_by("position").values_list("track", "words").iterator():
        for word in words:
            if word[1] is not None:
                side = out if hidden.hides(word, track) else kept
                side.setdefault(track, []).append((word[1], word[2]))
    widened: list[Stretch] = []
    for track, spans in out.items():
        widened += _with_margin(joined(spans), sorted(kept.get(track, [])))
    return joined(widened)


def _with_margin(spans: list[Stretch], kept: list[Stretch]) -> Iterator[Stretch]:
    starts = [start for start, _end in kept]
    for start, end in spans:
        at = bisect_left(starts, start)
        before = _margin(start - kept[at - 1][1], kept[at - 1]) if at else settings.COURT_REDACTION_MARGIN
        after = _margin(kept[at][0] - end, kept[at]) if at < len(kept) else settings.COURT_REDACTION_MARGIN
        yield max(0.0, start - before), end + after


def _margin(gap: float, neighbour: Stretch) -> float:
    least = min(ONSET, max(0.0, neighbour[1] - neighbour[0]) / 2)
    return float(min(settings.COURT_REDACTION_MARGIN, max(gap / 2, least)))


def wanted(transcript: Transcript) -> list[Wanted]:
    """The renditions there should be, as things stand. Pictures for the public only once there is a day for it."""
    found: list[Wanted] = []
    for clearance in BELOW:
        hidden = hidden_from(clearance, transcript)
        if not hidden:
            continue
        if transcript.sound:
            found.append(Wanted(clearance, None, transcript.sound, digest_of(hidden, transcript.sound)))
        if clearance == Clearance.PARTY or transcript.release_at is not None:
            found += [
                Wanted(clearance, track, track.file, digest_of(hidden, track.file))
                for track in pictures_of(transcript)
            ]
    return found


def missing(transcript: Transcript) -> list[Wanted]:
    """Those of the wanted renditions that are not made."""
    made = set(Rendition.objects.filter(transcript=transcript).values_list("clearance", "track", "digest"))
    return [
        one
        for one in wanted(transcript)
        if (one.clearance.value, one.track.pk if one.track else None, one.digest) not in made
    ]


def queue(transcript: Transcript) -> None:
    """Have what is missing made and what is out of date put away; in the transaction that hides or shows something."""
    again(enqueue("render_hidden", key=str(transcript.pk), transcript=transcript.pk))


def make(transcript: Transcript, *, goes_on: Callable[[float], None]) -> bool:
    """Make every missing rendition, and delete those of other days; whether one was made.

    ``goes_on`` gets the share done.
    """
    broken: set[str] = set()
    anything = False
    while True:
        transcript.refresh_from_db()
        left = [one for one in missing(transcript) if str(one.source.name) not in broken]
        if not left:
            break
        for number, one in enumerate(left):
            try:
                _make(transcript, one, functools.partial(_tell, goes_on, number, len(left)))
                anything = True
            except BrokenFile:
                log.warning("A file of transcript %s cannot be read, and is given to nobody.", transcript.pk)
                broken.add(str(one.source.name))
                cache.set(_broken(one), True, TRIED_AGAIN)
    _put_away(transcript)
    return anything


def _broken(one: Wanted) -> str:
    return f"broken:{hashlib.sha256(str(one.source.name).encode()).hexdigest()}"


def overlooked(transcript: Transcript) -> bool:
    """Whether something is missing that was not tried lately in vain."""
    return any(not cache.get(_broken(one)) for one in missing(transcript))


def _tell(goes_on: Callable[[float], None], number: int, of: int, share: float) -> None:
    goes_on((number + share) / of)


def _make(transcript: Transcript, one: Wanted, goes_on: Callable[[float], None]) -> None:
    whole = playing_time(one.source.path) or 1.0
    what = cuts(transcript, one.clearance)
    working: Callable[..., AbstractContextManager[Path]] = silenced if one.track is None else blackened
    ending = "m4a" if one.track is None else "mp4"
    with working(one.source.path, what, goes_on=lambda done: goes_on(min(done / whole, 1.0))) as made:
        if digest_of(hidden_from(one.clearance, transcript), one.source) != one.digest:
            return  # something was hidden or shown meanwhile; what was made may be of neither state
        with made.open("rb") as file:
            name = default_storage.save(f"transcripts/renditions/{transcript.pk}-{uuid.uuid4()}.{ending}", File(file))
    try:
        with transaction.atomic():
            Rendition.objects.create(
                transcript=transcript, clearance=one.clearance, track=one.track, digest=one.digest, file=name
            )
    except IntegrityError:  # another worker was faster
        default_storage.delete(name)


def _put_away(transcript: Transcript) -> None:
    """Delete renditions of what was hidden before."""
    current = {(one.clearance.value, one.track.pk if one.track else None, one.digest) for one in wanted(transcript)}
    for old in Rendition.objects.filter(transcript=transcript):
        if (old.clearance, old.track_id, old.digest) not in current:
            name = str(old.file.name)
            old.delete()
            default_storage.delete(name)


def to_be_looked_at() -> Iterator[Transcript]:
    """Transcripts with something hidden, or with renditions left from when there was."""
    live = Redaction.objects.filter(transcript=OuterRef("pk"), state__in=LIVE)
    left = Rendition.objects.filter(transcript=OuterRef("pk"))
    return Transcript.objects.filter(Q(Exists(live)) | Q(Exists(left))).order_by("pk").iterator()
