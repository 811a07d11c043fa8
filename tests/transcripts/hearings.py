"""Hearings to transcribe: synthesised speech laid out in time, brought in through the command line."""

import json
import wave
from io import StringIO
from pathlib import Path

import numpy as np
from django.core.management import call_command

from court.cases.access import appoint, seat_party
from court.cases.models import Case, Party, Role, Stage

NUMBER = "C-2026-0042"
KIM = [(0.5, "The delivery came late on Monday morning."), (10.0, "The address label is not mine.")]
LI = [(5.0, "The parcel was sealed when it left our warehouse.")]


def a_case(cast):
    """A heard case between claimant and respondent before the judge."""
    case = Case.objects.create(number=NUMBER, title="Kim v Li", stage=Stage.LISTED, opened_by=cast.claimant)
    for role, person in ((Role.CLAIMANT, cast.claimant), (Role.RESPONDENT, cast.respondent)):
        party = Party.objects.create(case=case, role=role, name=person.name, email=person.email, user=person)
        seat_party(party)
    appoint(case, cast.judge, Role.JUDGE)
    return case


def samples(path):
    """The samples of a WAV file as numbers from -1 to 1, and its rate."""
    with wave.open(str(path)) as file:
        whole = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return whole.astype(np.float64) / 32768, file.getframerate()


def write(path, sound, rate):
    """A WAV file of samples."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return Path(path)


def talk(path, spoken, lines, *, voice="en-us", seconds=14.0, also=None):
    """A track in which each (second, text) is said at its second; ``also`` (samples) is heard with it."""
    rate = 22050
    whole = np.zeros(int(seconds * rate)) if also is None else also[: int(seconds * rate)].copy()
    for at, text in lines:
        said, rate = samples(spoken(text, voice=voice))
        loud = np.flatnonzero(np.abs(said) > 0.01)
        said = said[loud[0] :]  # speech begins exactly at its second
        first = int(at * rate)
        whole[first : first + len(said)] += said[: len(whole) - first]
    return write(path, whole, rate)


def bring_in(*words):
    """Run import_recording; returns (exit code, what it printed, what it complained of)."""
    out, errors = StringIO(), StringIO()
    try:
        call_command("import_recording", *map(str, words), stdout=out, stderr=errors)
    except SystemExit as ended:
        return ended.code, out.getvalue(), errors.getvalue()
    return 0, out.getvalue(), errors.getvalue()


def imported(*tracks, started_at="2026-03-03T10:00:00+00:00", offsets=()):
    """A transcript queued for tracks given as (name, file)."""
    from transcripts.models import Transcript

    words = ["--case", NUMBER, "--started-at", started_at, "--json"]
    for name, path in tracks:
        words += ["--track", f"{name}={path}"]
    for name, offset in offsets:
        words += ["--offset", f"{name}={offset}"]
    code, out, errors = bring_in(*words)
    assert code == 0, errors
    return Transcript.objects.get(pk=json.loads(out)["transcript"])
