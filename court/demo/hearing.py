"""The demo's heard hearing: spoken by a synthesiser, recorded as tracks, transcribed like any other."""

import tempfile
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from court.accounts.models import User
from court.cases.access import appoint
from court.cases.models import Case, Role
from court.cases.services import move
from transcripts.imports import import_recording, offsets_by_name

from .papers import add_minutes, file_exhibits, present
from .stories import SPOKEN
from .voices import RATE, Samples, speak, track, write_wav

PAUSE = 0.6  # seconds between sentences
LEAD = 1.0  # seconds before the first


def hold(case: Case, people: dict[str, User]) -> None:
    """Make the case's heard hearing, held eight days ago at ten; the worker then transcribes it."""
    appoint(case, people["judge"], Role.JUDGE)
    exhibits = file_exhibits(case, people)
    with tempfile.TemporaryDirectory() as folder:
        tracks, seconds = _record(Path(folder))
        started = datetime.combine(
            timezone.localdate() - timedelta(days=8), time(10), tzinfo=ZoneInfo(settings.TIME_ZONE)
        )
        sources = offsets_by_name({}, {people[person].name: path for person, path in tracks.items()})
        transcript = import_recording(case, sources, started_at=started)
    present(transcript.hearing, exhibits, started, seconds, people)
    add_minutes(transcript, people)
    move(case, "list", by=people["clerk"])
    move(case, "hear", by=people["judge"])


def _record(folder: Path) -> tuple[dict[str, Path], list[float]]:
    """Speak the hearing: one WAV file a person, all on one clock, and the second at which each sentence begins."""
    persons = list(dict.fromkeys(person for person, _ in SPOKEN))
    spoken = {
        person: iter(speak([text for who, text in SPOKEN if who == person], person=person)) for person in persons
    }
    at = LEAD
    begins: list[float] = []
    laid: dict[str, list[tuple[float, Samples]]] = {person: [] for person in persons}
    for person, _ in SPOKEN:
        samples = next(spoken[person])
        begins.append(at)
        laid[person].append((at, samples))
        at += len(samples) / RATE + PAUSE
    tracks = {
        person: write_wav(track(pieces, seconds=at + LEAD), folder / f"{person}.wav")
        for person, pieces in laid.items()
    }
    return tracks, begins
