"""Putting synthesised speech, silence and noise together into recordings."""

import wave
from pathlib import Path

import av
import numpy as np

RATE = 22_050
"""The rate espeak-ng speaks at."""


def samples_of(path: Path) -> np.ndarray:
    """The samples of a WAV file that `spoken` made."""
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE
        return np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)


def quiet(seconds: float, noise: float = 0.0) -> np.ndarray:
    """Silence, or noise of this loudness (1 is as loud as can be)."""
    drawn = (
        np.random.default_rng(7).normal(0, noise, round(seconds * RATE)) if noise else np.zeros(round(seconds * RATE))
    )
    return (drawn * 32767).clip(-32767, 32767).astype(np.int16)


def written(path: Path, *parts: np.ndarray) -> Path:
    """A WAV file of these samples one after another."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.concatenate(parts).tobytes())
    return path


def encoded(source: Path, target: Path, codec: str, *, lost: tuple[float, float] | None = None) -> Path:
    """The recording in another format. What lies in `lost` (seconds) is left out, but the clock runs on."""
    with av.open(str(source)) as reading, av.open(str(target), "w") as writing:
        rate = 48_000 if codec == "libopus" else 44_100
        out = writing.add_stream(codec, rate=rate, layout="mono")
        resampler = av.AudioResampler(format=out.codec_context.format, layout="mono", rate=rate, frame_size=960)
        for frame in [*reading.decode(audio=0), None]:
            for resampled in resampler.resample(frame):
                if lost and lost[0] <= resampled.time < lost[1]:
                    continue
                writing.mux(out.encode(resampled))
        writing.mux(out.encode(None))
    return target
