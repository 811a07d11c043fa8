"""Speech to test with: synthesised, so that the tests need no recordings."""

import hashlib
import subprocess
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest

from transcripts import sounds
from transcripts.alignment import forced
from transcripts.engines import Cancelled
from transcripts.engines.faster import FasterWhisper

Spoken = Callable[..., Path]


@pytest.fixture(scope="session")
def spoken(request) -> Spoken:
    """`spoken("Good morning.", voice="en-us")` is a WAV file of it, made once and kept between test runs."""
    kept = request.config.cache.mkdir("spoken")

    def speak(text: str, voice: str = "en-us") -> Path:
        path = kept / f"{hashlib.sha256(f'{voice}|{text}'.encode()).hexdigest()[:16]}.wav"
        if not path.exists():
            made = path.with_suffix(".making")
            subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(made), text], check=True)
            made.replace(path)
        return path

    return speak


TRACKS: dict[tuple, tuple[bytes, float]] = {}
"""The tracks that were made of the same file. Making one anew would give the same sound in another file."""

HEARD: dict[tuple, list] = {}
"""What the model heard in a piece of sound, and where the words were found in it, in this test process."""


@pytest.fixture
def heard_once(monkeypatch, tmp_path) -> None:
    """For promises about what follows recognition: no piece of sound is listened to twice in a test process.

    The first time it is really heard. All around it is done anew: reading and cutting the sound, cleaning what was
    heard, keeping passages, obeying a stop.
    """
    hear, laid, as_track = FasterWhisper.hear, forced.laid, sounds.as_track

    @contextmanager
    def as_track_once(path, *, offset):
        key = (hashlib.sha256(Path(path).read_bytes()).hexdigest(), offset)
        if key not in TRACKS:
            with as_track(path, offset=offset) as (made, seconds):
                TRACKS[key] = (made.read_bytes(), seconds)
        track, seconds = TRACKS[key]
        copy = tmp_path / f"{key[0]}.webm"
        copy.write_bytes(track)
        yield copy, seconds

    def hear_once(listener, speech, *, language, prompt):
        key = (listener.model, hashlib.sha256(speech.tobytes()).digest(), language, prompt)
        if key not in HEARD:
            HEARD[key] = list(hear(listener, speech, language=language, prompt=prompt))
        yield from HEARD[key]

    def laid_once(path, wanted, *, cancelled=None, progress=None, **more):
        key = (hashlib.sha256(Path(path).read_bytes()).digest(), tuple(wanted), *sorted(more.items()))
        if key not in HEARD:
            HEARD[key] = laid(path, wanted, cancelled=cancelled, progress=progress, **more)
        elif cancelled is not None and cancelled():
            raise Cancelled("The alignment was stopped.")
        return list(HEARD[key])

    monkeypatch.setattr(sounds, "as_track", as_track_once)
    monkeypatch.setattr(FasterWhisper, "hear", hear_once)
    monkeypatch.setattr(forced, "laid", laid_once)
