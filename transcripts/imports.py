"""A hearing made from recordings that exist already: of a court that recorded by other means, or of another system.

Every file is read to its end and made into a track before anything is written; then all of it is, or nothing.
"""

import hashlib
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from court.accounts.models import Office, User
from court.cases.access import appoint
from court.cases.models import Case, Role
from court.cases.services import record
from court.hearings.models import Hearing, HearingState
from court.rooms.models import Piece, Recorded, Recording, Room, Seat, Take, Track, TrackKind

from . import services, sounds
from .engines import SpeechError
from .models import Transcript

COPY = 1024 * 1024  # bytes at a time


class CannotImport(Exception):
    """The recording cannot be added; the message is one line for the operator."""


@dataclass(frozen=True, slots=True)
class Source:
    """One person's sound: whose, in which file, beginning how many seconds after the recording."""

    name: str
    path: Path
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Made:
    """A source made into a track."""

    source: Source
    track: Path
    seconds: float


def import_recording(case: Case, sources: list[Source], *, started_at: datetime, by: User | None = None) -> Transcript:
    """Make an ended hearing with its recording from files, and queue its transcription.

    Raises CannotImport. ``by`` is None for an operator at the command line.
    """
    names = [source.name for source in sources]
    if len(set(names)) != len(names):
        raise CannotImport("Two tracks have the same name; give each speaker a name of their own.")
    judge = _judge(case, names)
    with ExitStack() as held:
        made: list[Made] = []
        for source in sources:
            try:
                track, seconds = held.enter_context(sounds.as_track(source.path, offset=source.offset))
            except SpeechError as fault:
                raise CannotImport(str(fault)) from fault
            made.append(Made(source, track, seconds))
        return _write(case, judge, made, started_at, by)


def _judge(case: Case, names: list[str]) -> User:
    """The judge appointed in the case, else a judge who is heard on a track, else any judge."""
    appointed = User.objects.filter(appointments__case=case, appointments__role=Role.JUDGE).order_by("pk")
    judges = User.objects.filter(office=Office.JUDGE, is_active=True).order_by("pk")
    judge = appointed.first() or judges.filter(name__in=names).first() or judges.first()
    if judge is None:
        raise CannotImport("There is no judge: nobody in this court holds that office.")
    return judge


def _write(case: Case, judge: User, made: list[Made], started_at: datetime, by: User | None) -> Transcript:
    stored: list[str] = []
    try:
        # Files first: a row never names a file that is not there.
        folder = f"recordings/{uuid.uuid4()}"
        files = [(_store(folder, one.track, stored), _store(folder, one.source.path, stored)) for one in made]
        with transaction.atomic():
            if _taken(judge, started_at):
                raise CannotImport(f"{judge.name} already has a hearing that starts at that time.")
            appoint(case, judge, Role.JUDGE)
            hearing = _hearing(case, judge, made, started_at, by)
            recording = Recording.objects.create(
                room=hearing.room,
                started_at=started_at,
                ended_at=hearing.room.ended_at,
                ready_at=timezone.now(),
            )
            for one, (track_file, original) in zip(made, files, strict=True):
                _track(recording, one, track_file, original)
            record(case, "recording_imported", by=by, hearing=hearing.pk, tracks=len(made))
            services.open_transcript(recording)
            return Transcript.objects.get(recording=recording)
    except BaseException:
        for name in stored:
            default_storage.delete(name)
        raise


def _taken(judge: User, started_at: datetime) -> bool:
    sitting = Hearing.objects.filter(judge=judge, starts_at=started_at)
    return sitting.exclude(state=HearingState.CANCELLED).exists()


def _store(folder: str, path: Path, stored: list[str]) -> str:
    with path.open("rb") as file:
        name = default_storage.save(f"{folder}/{len(stored)}{path.suffix.lower()[:8]}", File(file))
    stored.append(name)
    return name


def _hearing(case: Case, judge: User, made: list[Made], started_at: datetime, by: User | None) -> Hearing:
    seconds = max(one.seconds for one in made)
    ended_at = started_at + timedelta(seconds=seconds)
    room = Room.objects.create(
        name=f"{case.label} {case.title}".strip()[:200],
        recorded=Recorded.ALWAYS,
        opens_at=started_at,
        started_at=started_at,
        ended_at=ended_at,
    )
    return Hearing.objects.create(
        case=case,
        room=room,
        judge=judge,
        starts_at=started_at,
        minutes=min(max(1, -(-int(seconds) // 60)), 32767),
        state=HearingState.ENDED,
        listed_by=by or judge,
    )


def _track(recording: Recording, one: Made, track_file: str, original: str) -> Track:
    """The track, and as its only piece the file it was made from, untouched."""
    user, role = _person(recording.room.hearing, one.source.name)
    seat = None
    if user is not None:
        seat, _new = Seat.objects.get_or_create(
            room=recording.room,
            user=user,
            defaults={"name": one.source.name, "role": role, "host": role == Role.JUDGE},
        )
        if seat.tracks.filter(recording=recording, kind=TrackKind.SOUND).exists():
            seat = None
    track = Track.objects.create(
        recording=recording,
        seat=seat,
        kind=TrackKind.SOUND,
        name=one.source.name,
        role=role,
        file=track_file,
        seconds=one.seconds,
        assembled_at=timezone.now(),
    )
    take = Take.objects.create(
        track=track,
        media_type="application/octet-stream",
        begins_ms=round(one.source.offset * 1000),
        pieces_expected=1,
    )
    digest = hashlib.sha256()
    with default_storage.open(original, "rb") as file:
        while block := file.read(COPY):
            digest.update(block)
    Piece.objects.create(
        take=take,
        number=0,
        file=original,
        size=default_storage.size(original),
        sha256=digest.hexdigest(),
        until_ms=round(one.seconds * 1000),
    )
    return track


def _person(hearing: Hearing, name: str) -> tuple[User | None, str]:
    """Who in the case bears this name, and in what part; a name nobody bears is kept as it is."""
    party = hearing.case.parties.filter(name__iexact=name).select_related("user").first()
    if party is not None:
        return party.user, party.role
    if hearing.judge.name.casefold() == name.casefold():
        return hearing.judge, Role.JUDGE
    appointment = hearing.case.appointments.filter(user__name__iexact=name).select_related("user").first()
    return (appointment.user, appointment.role) if appointment else (None, "")


def offsets_by_name(pairs: Mapping[str, float], sources: Mapping[str, Path]) -> list[Source]:
    """Tracks with their offsets. Raises CannotImport for an offset of a track that is not there, or before zero."""
    for name, offset in pairs.items():
        if name not in sources:
            raise CannotImport(f"There is an offset for {name!r} but no track of that name.")
        if not 0 <= offset <= 86_400:
            raise CannotImport(f"The offset of {name!r} must be between 0 and 86400 seconds.")
    return [Source(name, path, pairs.get(name, 0.0)) for name, path in sources.items()]
