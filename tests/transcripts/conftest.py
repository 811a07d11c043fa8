"""Speech to test with: synthesised, so that the tests need no recordings."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import override_settings

from court.accounts.models import User
from tests.conftest import Cast, make_cast
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


HEARD: dict[tuple, list] = {}
"""What the model heard in a piece of sound, and where the words were found in it, in this test process."""


@pytest.fixture
def made_once(monkeypatch, tmp_path, request) -> None:
    """For promises about what follows them: tracks and mixed sound are made once of the same files.

    They are kept between test runs while the code that makes them stays the same. Whoever wants them gets a copy.
    """
    kept = request.config.cache.mkdir("sounds")
    code = Path(sounds.__file__).read_bytes()
    as_track, mixed = sounds.as_track, sounds.mixed

    def place(paths, kind) -> Path:
        told = hashlib.sha256(code)
        for path in paths:
            told.update(hashlib.sha256(Path(path).read_bytes()).digest())
        return kept / f"{told.hexdigest()[:24]}{kind}"

    def keep(made: Path, path: Path) -> None:
        making = path.with_name(f"{path.name}.{os.getpid()}")
        shutil.copy(made, making)
        making.replace(path)

    @contextmanager
    def as_track_once(path, *, offset):
        track = place([path], f"-{offset}.webm")
        if not track.exists():
            with as_track(path, offset=offset) as (made, _seconds):
                keep(made, track)
        copy = tmp_path / track.name
        shutil.copy(track, copy)
        yield copy, sounds.length(copy)

    @contextmanager
    def mixed_once(paths, *, goes_on):
        mix = place(paths, ".m4a")
        if not mix.exists():
            with mixed(paths, goes_on=goes_on) as made:
                keep(made, mix)
        yield mix

    monkeypatch.setattr(sounds, "as_track", as_track_once)
    monkeypatch.setattr(sounds, "mixed", mixed_once)


@pytest.fixture
def heard_once(made_once, monkeypatch) -> None:
    """For promises about what follows recognition: no piece of sound is listened to twice in a test process.

    The first time it is really heard. All around it is done anew: reading and cutting the sound, cleaning what was
    heard, keeping passages, obeying a stop.
    """
    hear, laid = FasterWhisper.hear, forced.laid

    def hear_once(listener, speech, *, language, prompt, once=False):
        key = (listener.model, hashlib.sha256(speech.tobytes()).digest(), language, prompt, once)
        if key not in HEARD:
            HEARD[key] = list(hear(listener, speech, language=language, prompt=prompt, once=once))
        yield from HEARD[key]

    def laid_once(path, wanted, *, cancelled=None, progress=None, **more):
        key = (hashlib.sha256(Path(path).read_bytes()).digest(), tuple(wanted), *sorted(more.items()))
        if key not in HEARD:
            HEARD[key] = laid(path, wanted, cancelled=cancelled, progress=progress, **more)
        elif cancelled is not None and cancelled():
            raise Cancelled("The alignment was stopped.")
        return list(HEARD[key])

    monkeypatch.setattr(FasterWhisper, "hear", hear_once)
    monkeypatch.setattr(forced, "laid", laid_once)


@contextmanager
def made_for_all(unblocked, folder: Path, **changes) -> Iterator[Cast]:
    """What is made in this block is there for every test of a module, and undone after it (as ``open_world`` does).

    Gives the cast. ``unblocked`` is pytest-django's ``django_db_blocker``; files go to "files" in ``folder``.
    """
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    changes |= {"MEDIA_ROOT": folder / "files", "DATA_DIR": folder, "PASSWORD_HASHERS": hashers}
    with unblocked.unblock(), override_settings(**changes), transaction.atomic():
        cast = make_cast()
        # Django closes every connection after each test; a closed one would take the open transaction with it.
        connection.close = lambda: None
        try:
            yield cast
        finally:
            del connection.close
            transaction.set_rollback(True)


def as_each_finds_it(cast: Cast) -> Cast:
    """The people anew, as the database has them: what one test does to them is no other's."""
    return Cast(**{part: User.objects.get(pk=person.pk) for part, person in cast})
