"""Hearings to transcribe: synthesised speech laid out in time, brought in through the command line."""

import json
import wave
from datetime import datetime
from io import StringIO
from pathlib import Path

import numpy as np
from django.core.management import call_command

from court.cases.access import appoint, seat_party
from court.cases.models import Case, Party, Role, Stage
from tests.photographs import photographed

NUMBER = "C-2026-0042"
KIM = [(0.5, "The delivery came late on Monday morning."), (10.0, "The address label is not mine.")]
LI = [(5.0, "The parcel was sealed when it left our warehouse.")]


def a_case(cast):
    """A heard case between claimant and respondent before the judge."""
    return Case.objects.get(pk=photographed("a heard case", lambda: _made(cast).pk))


def _made(cast):
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


def heard(case, lines, *, judge, started_at="2026-03-03T10:00:00+00:00", language="en"):
    """A transcript of ``lines``, [(speaker, role, second, text), ...], as an engine would have heard them.

    Words last 0.3 s, 0.4 s apart; each speaker has a sound track, without a file. No sound is made or listened to.
    """
    from court.hearings.models import Hearing, HearingState
    from court.rooms.models import Recording, Room, Track, TrackKind
    from transcripts.models import Transcript

    began = datetime.fromisoformat(started_at)
    room = Room.objects.create(name=f"Hearing {case.label}", ended_at=began)
    hearing = Hearing.objects.create(
        case=case, room=room, judge=judge, starts_at=began, state=HearingState.ENDED, listed_by=judge
    )
    recording = Recording.objects.create(room=room, started_at=began, ended_at=began, ready_at=began)
    transcript = Transcript.objects.create(recording=recording, hearing=hearing, case=case)
    voices = _voices(lines)
    for person in voices:
        Track.objects.create(
            recording=recording, kind=TrackKind.SOUND, name=person[0], role=person[1], assembled_at=began, seconds=60.0
        )
    return _hear(transcript, voices, language)


def heard_anew(transcript, lines, *, language="en"):
    """The same recording heard once more, as ``lines``: the words are numbered anew."""
    return _hear(transcript, _voices(lines), language)


def _voices(lines):
    from transcripts.engines import Segment, Word

    voices = {}
    for speaker, role, second, text in lines:
        words = tuple(Word(word, second + 0.4 * n, second + 0.4 * n + 0.3, 0.9) for n, word in enumerate(text.split()))
        voices.setdefault((speaker, role), []).append(Segment(words[0].start, words[-1].end, text, words))
    return voices


def _hear(transcript, voices, language):
    from court.rooms.models import Track, TrackKind
    from transcripts.engines import Speech
    from transcripts.listening import Heard
    from transcripts.services import merge_transcript, save_text

    for (name, role), segments in voices.items():
        track = Track.objects.get(recording=transcript.recording_id, kind=TrackKind.SOUND, name=name, role=role)
        speech = Speech(language, 60.0, "given", "given", tuple(segments))
        save_text(track, Heard(speech), [-20.0] * sum(len(s.words) for s in segments), lost=lambda: False)
    merge_transcript(transcript)
    transcript.refresh_from_db()
    return transcript


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
