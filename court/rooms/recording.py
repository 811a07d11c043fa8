"""The recording of a session: who agreed, when it runs, and the pieces that browsers hand in.

Each browser records its own sound and its own picture and hands them in piece by piece. A piece is a file on disk
before it is a row, and a row before the browser hears that it may forget it.
"""

import errno
import hashlib
import logging
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from court.work.services import enqueue

from . import signals
from .events import drop, tell
from .models import Absence, Piece, Recorded, Recording, Room, Seat, Take, Track, TrackKind
from .refusals import Refused

log = logging.getLogger(__name__)

WAIT_FOR_PIECES = timedelta(seconds=60)  # after the end, before the recording is taken as it is
AFTER_THE_END = timedelta(seconds=5)  # a browser hears of the end a moment late; what it adds meanwhile is cut off
WORST_CLOCK_MS = 60_000.0  # what a browser may say its clock is off by, for what it recorded to be thought within
LATE_PIECES = timedelta(days=7)  # how long after the end a browser may still hand in what it kept
STOPPED_AFTER = timedelta(seconds=6)  # without a piece, while the session goes on
MEDIA_TYPES = {TrackKind.SOUND: "audio/", TrackKind.PICTURE: "video/"}
LONGEST_MS = 48 * 3600 * 1000


# Agreement.


@transaction.atomic
def agree_to_recording(seat: Seat) -> None:
    """Note that the person accepts being recorded in this room. Twice is the same as once."""
    if (
        Seat.objects.filter(pk=seat.pk)
        .exclude(agreed_at__isnull=False, refused_at=None)
        .update(agreed_at=timezone.now(), refused_at=None)
    ):
        tell(seat.room, "agreed", seat)
    seat.refresh_from_db()
    reconsider_recording(seat.room)


@transaction.atomic
def refuse_recording(seat: Seat) -> None:
    """Note that the person does not accept it. A running recording by consent stops for everybody.

    Where the court always records, one who refuses does not stay in the room.
    """
    if (
        Seat.objects.filter(pk=seat.pk)
        .exclude(refused_at__isnull=False, agreed_at=None)
        .update(refused_at=timezone.now(), agreed_at=None)
    ):
        tell(seat.room, "refused", seat)
    if seat.room.recorded == Recorded.ALWAYS:
        channel = Seat.objects.values_list("connection", flat=True).get(pk=seat.pk)
        if channel and Seat.objects.filter(pk=seat.pk, connection=channel).update(connection="", tab=""):
            tell(seat.room, "left", seat, reason="refused")
            drop(channel, "not_agreed")
    seat.refresh_from_db()
    reconsider_recording(seat.room)


def may_record(room: Room) -> bool:
    """Whether the room's policy and the people allow a recording now.

    By consent: everybody in the room has said yes, and nobody who has a place in it has said no.
    """
    if room.recorded == Recorded.NEVER or room.inside_id is not None:
        return False
    from .presence import in_room

    present = in_room(room)
    if present.filter(agreed_at=None).exists():
        return False
    if room.recorded == Recorded.ALWAYS:
        return True
    refused = Seat.objects.filter(room=room, removed_at=None, refused_at__isnull=False)
    return present.exists() and not refused.exists()


def live_recording(room: Room) -> Recording | None:
    """The recording that runs in the room now."""
    return Recording.objects.filter(room=room, ended_at=None).first()


@transaction.atomic
def reconsider_recording(room: Room) -> None:
    """Begin or end the recording as session, policy and people now demand."""
    room = Room.objects.select_for_update().get(pk=room.pk)
    live = live_recording(room)
    allowed = room.started_at is not None and room.ended_at is None and may_record(room)
    if allowed and live is None:
        recording = Recording.objects.create(room=room)
        tell(room, "recording_started", recording=recording.pk)
    elif live is not None and not allowed:
        end_recording(room, None)


def end_recording(room: Room, by: Seat | None) -> None:
    """End the running recording, in the caller's transaction.

    It becomes ready when every piece has come, or after a minute.
    """
    live = live_recording(room)
    if live is None or not Recording.objects.filter(pk=live.pk, ended_at=None).update(ended_at=timezone.now()):
        return
    tell(room, "recording_ended", by, recording=live.pk)
    enqueue("close_recording", key=str(live.pk), delay=WAIT_FOR_PIECES, recording=live.pk)
    close_if_complete(live.pk)


# Takes and pieces.


@dataclass(frozen=True)
class NewTake:
    """What a browser tells when its recorder starts. Times in ms on the recording's clock."""

    id: UUID
    recording: int
    kind: str
    media_type: str
    begins_ms: int
    clock_error_ms: float


def _recordable(seat: Seat, recording: Recording, from_ms: int, until_ms: int, off_ms: float) -> None:
    """Raise Refused when nothing of this person may be stored for this time, which may be so much earlier or later."""
    room = seat.room
    if room.recorded == Recorded.NEVER or room.inside_id is not None:
        raise Refused("never_recorded")
    if recording.ended_at is not None and timezone.now() > recording.ended_at + LATE_PIECES:
        raise Refused("too_late")
    zero = recording.started_at
    began, ended = zero + timedelta(milliseconds=from_ms), zero + timedelta(milliseconds=until_ms)
    earliest = began - timedelta(milliseconds=min(off_ms, WORST_CLOCK_MS))
    if recording.ended_at is not None and earliest > recording.ended_at + AFTER_THE_END:
        raise Refused("after_the_end")
    away = Absence.objects.filter(seat=seat, began_at__lt=ended).filter(Q(ended_at=None) | Q(ended_at__gt=began))
    if away.exists():
        raise Refused("away")


@transaction.atomic
def open_take(seat: Seat, new: NewTake) -> Take:
    """Begin a take of the person's own sound or picture. The same take again is the same as once.

    Raises Refused: never_recorded, no_recording, bad_take, away, after_the_end, too_late, conflict.
    """
    known = Take.objects.select_related("track__recording").filter(pk=new.id).first()
    if known is not None:
        if known.track.seat_id != seat.pk or known.track.recording_id != new.recording:
            raise Refused("conflict")
        return known
    if seat.room.recorded == Recorded.NEVER:
        raise Refused("never_recorded")
    recording = Recording.objects.filter(pk=new.recording, room=seat.room).first()
    if recording is None:
        raise Refused("no_recording")
    if new.kind not in TrackKind.values:
        raise Refused("bad_take")
    kind = TrackKind(new.kind)
    if not new.media_type.startswith(MEDIA_TYPES[kind]) or not -60_000 <= new.begins_ms <= LONGEST_MS:
        raise Refused("bad_take")
    _recordable(seat, recording, new.begins_ms, new.begins_ms + 1, new.clock_error_ms)
    track, _ = Track.objects.get_or_create(
        recording=recording, seat=seat, kind=kind, defaults={"name": seat.name, "role": seat.role}
    )
    # The watch over arriving pieces counts from here.
    Track.objects.filter(pk=track.pk).update(last_arrival_at=timezone.now())
    tell(seat.room, "take_opened", seat, track=track.kind, take=str(new.id))
    return Take.objects.create(
        id=new.id,
        track=track,
        media_type=new.media_type[:100],
        begins_ms=new.begins_ms,
        clock_error_ms=new.clock_error_ms,
    )


def take_of(seat: Seat, take: UUID) -> Take:
    """A take of this very seat. Raises Refused: no_take."""
    found = Take.objects.select_related("track__recording").filter(pk=take, track__seat=seat).first()
    if found is None:
        raise Refused("no_take")
    return found


def finish_take(seat: Seat, take: UUID, *, pieces: int) -> None:
    """Note how many pieces the court should have of the take, now that its recorder has stopped.

    Those it refused do not count. Raises Refused: no_take.
    """
    found = take_of(seat, take)
    Take.objects.filter(pk=found.pk).update(pieces_expected=pieces)
    _settle(found.track)


def accept_piece(
    seat: Seat,
    *,
    take: UUID,
    number: int,
    body: bytes,
    sha256: str,
    until_ms: int,
    clock_moved_ms: float = 0.0,
    clock_error_ms: float | None = None,
) -> bool:
    """Store one piece of a take for good. False if it was here already.

    ``until_ms``: the room clock when the browser got it from its recorder; ``clock_moved_ms``: what it has learnt of
    that clock since the take began, give or take ``clock_error_ms``. Raises Refused: no_take, never_recorded,
    too_large, damaged, conflict (another piece has that number), away (said in a side room), after_the_end, too_late,
    disk_full.
    """
    if len(body) > settings.COURT_PIECE_MAX_BYTES:
        raise Refused("too_large")
    digest = hashlib.sha256(body).hexdigest()
    if digest != sha256.lower() or not body:
        raise Refused("damaged")
    found = take_of(seat, take)
    stored = found.pieces.filter(number=number).first()
    if stored is not None:
        return _same(stored, digest)
    before = found.pieces.filter(number__lt=number).order_by("-number").values_list("until_ms", flat=True).first()
    began = found.begins_ms if before is None else before
    off_ms = found.clock_error_ms if clock_error_ms is None else clock_error_ms
    _recordable(seat, found.track.recording, min(began, until_ms - 1), until_ms, off_ms)
    name = f"recordings/{found.track.recording_id}/{found.track_id}/{found.pk}/{number:07d}-{digest[:12]}"
    _write(Path(settings.MEDIA_ROOT) / name, body)
    now = timezone.now()
    try:
        with transaction.atomic():
            Piece.objects.create(
                take=found,
                number=number,
                file=name,
                size=len(body),
                sha256=digest,
                until_ms=until_ms,
                clock_moved_ms=clock_moved_ms,
                clock_error_ms=clock_error_ms,
                arrived_at=now,
            )
            _arrived(found.track, seat, now)
    except IntegrityError:
        return _same(found.pieces.get(number=number), digest)
    if found.track.recording.ended_at is not None:
        _settle(found.track)
    return True


def _same(stored: Piece, digest: str) -> bool:
    if stored.sha256 != digest:
        log.warning("A second, different piece %s of take %s was refused.", stored.number, stored.take_id)
        raise Refused("conflict")
    return False


def _write(path: Path, body: bytes) -> None:
    """Write a file that is whole or not there: it has its name only once its bytes are on the disk."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as file:
            part = Path(file.name)
            try:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            log.error("The disk is full: a piece of a recording was not stored; its browser keeps it.")
            raise Refused("disk_full") from fault
        raise


def _arrived(track: Track, seat: Seat, now: datetime) -> None:
    Track.objects.filter(pk=track.pk).update(last_arrival_at=now)
    if Track.objects.filter(pk=track.pk, stopped_at__isnull=False).update(stopped_at=None):
        tell(seat.room, "track_resumed", seat, track=track.kind)


def watch_tracks(room: Room) -> None:
    """Notice tracks that stopped arriving while their people are in the room; each is told once, until it resumes."""
    from .presence import in_room

    recording = live_recording(room)
    if recording is None:
        return
    late = timezone.now() - STOPPED_AFTER
    here = in_room(room).filter(connected_at__lt=late)
    open_tracks = Track.objects.filter(
        recording=recording, stopped_at=None, last_arrival_at__lt=late, seat__in=here, takes__pieces_expected=None
    )
    for track in open_tracks.select_related("seat").distinct():
        if Track.objects.filter(pk=track.pk, stopped_at=None, last_arrival_at__lt=late).update(
            stopped_at=timezone.now()
        ):
            log.warning("Track %s of recording %s stopped arriving.", track.pk, recording.pk)
            tell(room, "track_stopped", track.seat, track=track.kind)


# The end.


def _settle(track: Track) -> None:
    """After something came in: close the recording if that was the last, or have a late piece put in its place."""
    recording = Recording.objects.get(pk=track.recording_id)
    if recording.ready_at is None:
        close_if_complete(recording.pk)
    else:
        from .tasks import assemble_again

        assemble_again(track)


def close_if_complete(number: int) -> bool:
    """Close an ended recording whose takes have all told how many pieces they have, and have them all."""
    recording = Recording.objects.get(pk=number)
    if recording.ended_at is None or recording.ready_at is not None:
        return False
    takes = list(Take.objects.filter(track__recording=recording))
    if not takes or any(t.pieces_expected is None or t.pieces.count() < t.pieces_expected for t in takes):
        return False
    return close_recording(number)


@transaction.atomic
def close_recording(number: int) -> bool:
    """Take the recording as it is: ready, its tracks queued to be put together. False if it was ready before."""
    if not Recording.objects.filter(pk=number, ended_at__isnull=False, ready_at=None).update(ready_at=timezone.now()):
        return False
    recording = Recording.objects.select_related("room").get(pk=number)
    for track in recording.tracks.order_by("-kind"):  # sound before picture: it is waited for
        enqueue("assemble_track", key=str(track.pk), track=track.pk)
    tell(recording.room, "recording_ready", recording=recording.pk)
    transaction.on_commit(lambda: signals.recording_ready.send(Recording, recording=recording))
    return True
