"""How many words the court's engine invents in an hour in which nobody speaks. Prints JSON. The goal is none.

    python benchmarks/silence.py [--minutes 60] [--model base]

The hour is made, the same each time, of what microphones pick up: a room's tone, mains hum, white and pink noise,
a keyboard, breathing, knocks on the table, a telephone far off, and a voice through a wall too faint to follow. A few
sentences are really spoken in between: they must be found, and nothing else.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine

ROOT = Path(__file__).resolve().parent.parent
RATE = 16_000
SAID = ("The parcel was sealed when it left our warehouse.", "I never signed that letter.", "Thank you very much.")
NAMES = "Kim Jiwoo, Li Wei, Ada Park, Seoul, Hyundai Motor, exhibit C1, C-2026-0042"


def pink(chance: np.random.Generator, size: int) -> np.ndarray:
    """Noise whose power falls with its pitch, as a room's does; 1.0 is its loudness (root mean square)."""
    spectrum = np.fft.rfft(chance.normal(size=size))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 1))
    made = np.fft.irfft(spectrum, size)
    return made / np.sqrt(np.mean(made**2))


def clicks(chance: np.random.Generator, size: int, every: float, *, loud: float, lasts: float) -> np.ndarray:
    """Short knocks of noise, one each ``every`` seconds or so: keys, or a hand on the table."""
    made = np.zeros(size)
    at = 0.0
    while True:
        at += chance.exponential(every) + 0.05
        first, length = int(at * RATE), int(lasts * RATE)
        if first + length >= size:
            return made
        fade = np.exp(-np.arange(length) / (length / 5))
        made[first : first + length] += loud * chance.uniform(0.3, 1) * fade * chance.normal(size=length)


def breathing(chance: np.random.Generator, size: int, loud: float) -> np.ndarray:
    """Noise that swells and falls every four seconds, in the band of breath."""
    noise = np.convolve(pink(chance, size), np.ones(6) / 6, mode="same")
    swell = np.clip(np.sin(2 * np.pi * np.arange(size) / RATE / 4.1), 0, None) ** 2
    return loud * noise * swell


def ringing(size: int, loud: float) -> np.ndarray:
    """A telephone far off: two seconds of two tones, four of nothing."""
    seconds = np.arange(size) / RATE
    tone = np.sin(2 * np.pi * 440 * seconds) + np.sin(2 * np.pi * 480 * seconds)
    return loud * tone * ((seconds % 6) < 2)


def muffled(voice: np.ndarray, size: int, loud: float) -> np.ndarray:
    """A voice through a wall: only its lowest tones, hardly there."""
    kernel = np.hanning(129)
    low = np.convolve(np.tile(voice, size // len(voice) + 1)[:size], kernel / kernel.sum(), mode="same")
    return loud * low / (np.sqrt(np.mean(low**2)) or 1)


def scene(number: int, size: int, voice: np.ndarray) -> np.ndarray:
    """One stretch of nobody speaking, of one of eight kinds."""
    chance = np.random.default_rng(1000 + number)
    seconds = np.arange(size) / RATE
    hum = sum(np.sin(2 * np.pi * 50 * n * seconds) / n for n in (1, 2, 3, 5))
    room = 0.0008 * pink(chance, size)
    kinds = (
        lambda: room,
        lambda: room + 0.004 * hum,
        lambda: room + clicks(chance, size, 0.25, loud=0.08, lasts=0.02),
        lambda: room + breathing(chance, size, 0.02),
        lambda: 0.01 * chance.normal(size=size),
        lambda: 0.02 * pink(chance, size),
        lambda: room + clicks(chance, size, 3.0, loud=0.3, lasts=0.09) + ringing(size, 0.004),
        lambda: room + muffled(voice, size, 0.0006),
    )
    return kinds[number % len(kinds)]()


def spoken(text: str, folder: Path) -> np.ndarray:
    """A sentence spoken by the synthesiser, at RATE."""
    path = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(path), text], check=True)
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32768
        rate = file.getframerate()
    return np.interp(np.arange(0, len(samples), rate / RATE), np.arange(len(samples)), samples)


def hour(minutes: float, folder: Path) -> tuple[Path, list[tuple[float, float, str]]]:
    """The recording, and where (from, to, words) somebody really speaks in it."""
    voices = [spoken(text, folder) for text in SAID]
    path, said = folder / "hour.wav", []
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for number in range(round(minutes * 2)):
            made = scene(number, 30 * RATE, voices[0])
            if number % 40 == 7:
                voice, text = voices[number // 40 % len(SAID)], SAID[number // 40 % len(SAID)]
                made[10 * RATE : 10 * RATE + len(voice)] += 0.5 * voice
                said.append((30 * number + 10, 30 * number + 10 + len(voice) / RATE, text))
            file.writeframes((made.clip(-1, 1) * 32767).astype("<i2").tobytes())
    return path, said


def main() -> None:
    """Listen to the hour and count the words that nobody said."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--minutes", type=float, default=60)
    ask.add_argument("--engine", default="faster-whisper")
    ask.add_argument("--model", action="append", help="may be given more than once")
    given = ask.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")
    import django

    django.setup()
    from transcripts.engines import engine

    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as scratch:
        path, said = hour(given.minutes, Path(scratch))
        for model in given.model or ["base"]:
            listener = engine(given.engine, model)
            begun = time.perf_counter()
            speech = listener.transcribe(path, prompt=NAMES, expected=("en", "ko", "zh"))
            spent = time.perf_counter() - begun
            words = [word for segment in speech.segments for word in segment.words]
            true = [word for word in words if any(a - 0.5 <= word.start <= b + 0.5 for a, b, _text in said)]
            invented = [word for word in words if word not in true]
            hours = speech.duration / 3600
            results.append(
                {
                    "engine": given.engine,
                    "model": model,
                    "hours": round(hours, 3),
                    "words_invented": len(invented),
                    "words_invented_per_hour": round(len(invented) / hours, 2),
                    "invented": [[word.text, round(word.start, 1)] for word in invented[:50]],
                    "words_said": sum(len(text.split()) for _a, _b, text in said),
                    "words_found_where_somebody_spoke": len(true),
                    "real_time_factor": round(spent / speech.duration, 4),
                }
            )
    print(json.dumps({"machine": machine(), "results": results}, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
