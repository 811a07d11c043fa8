"""Speech to test with: synthesised, so that the tests need no recordings."""

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

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
