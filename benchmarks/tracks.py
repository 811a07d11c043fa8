"""What hearing each person's own track costs against hearing one mixed file of the same hearing. Prints JSON.

    python benchmarks/tracks.py [--people 4] [--minutes 10] [--folder FOLDER]

A hearing is laid out from sentences: spoken by the synthesiser, or cut from a folder with truth.json (its segments).
People take turns of one to four sentences; each has a track of the full length with a room's tone where they
listen. The same engine, loaded once, hears all tracks and then the mixed file, several times in turn; the medians are
compared. The goal is at most 1.1 times the mixed file's time.
"""

import argparse
import json
import os
import statistics
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
SENTENCES = (
    "The parcel was sealed when it left our warehouse.",
    "I never signed that letter, and I told them so.",
    "The report says that the wall had no proper foundation.",
    "Please speak slowly, because everything is recorded.",
    "We paid two thousand pounds on the third of March.",
    "He answered the same day and promised to send another one.",
    "I have read the statement and the letters in the bundle.",
    "Nobody told me that the delivery would be late.",
)


def voices(folder: Path | None, scratch: Path) -> list[np.ndarray]:
    """Sentences as samples: of a folder's hearing, or synthesised."""
    if folder is None:
        from silence import spoken

        return [0.6 * spoken(text, scratch) for text in SENTENCES]
    from references import references

    from transcripts.engines.sound import Sound

    mixed = next(one for one in references(folder) if one.kind == "mixed")
    with Sound(mixed.path) as sound:
        whole = np.concatenate(list(sound.stretches()))
    told = json.loads((folder / "truth.json").read_text())["segments"]
    return [whole[int((one["start"] - 0.1) * RATE) : int((one["end"] + 0.1) * RATE)] for one in told]


def hearing(people: int, minutes: float, said: list[np.ndarray]) -> tuple[list[np.ndarray], np.ndarray]:
    """A track for each person, and their sum."""
    from silence import pink

    chance = np.random.default_rng(5)
    size = int(minutes * 60 * RATE)
    tracks = [0.0005 * pink(chance, size) for _ in range(people)]
    at, speaker, turn = 1.0, 0, 0
    while True:
        if turn == 0:
            speaker = (speaker + int(chance.integers(1, people))) % people if people > 1 else 0
            turn = int(chance.integers(1, 5))
        voice = said[int(chance.integers(len(said)))]
        first = int(at * RATE)
        if first + len(voice) >= size:
            return tracks, np.clip(sum(tracks), -1, 1)
        tracks[speaker][first : first + len(voice)] += voice
        turn -= 1
        at += len(voice) / RATE + float(chance.uniform(0.25, 0.7) if turn else chance.uniform(0.4, 2.5))


def written(path: Path, samples: np.ndarray) -> Path:
    """A WAV file of these samples."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
    return path


def main() -> None:
    """Hear the tracks and the mixed file by turns."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--people", type=int, default=4)
    ask.add_argument("--minutes", type=float, default=10)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--model", default="base")
    ask.add_argument("--language", default="en")
    ask.add_argument("--folder", type=Path)
    given = ask.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")
    import django

    django.setup()
    from transcripts.engines import engine

    listener = engine("faster-whisper", given.model)
    times: dict[str, list[float]] = {"tracks": [], "mixed": []}
    words: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as scratch:
        tracks, mixed = hearing(given.people, given.minutes, voices(given.folder, Path(scratch)))
        files = {
            "tracks": [written(Path(scratch) / f"{number}.wav", track) for number, track in enumerate(tracks)],
            "mixed": [written(Path(scratch) / "mixed.wav", mixed)],
        }
        listener.transcribe(files["tracks"][0], language=given.language)  # all is loaded before anything is timed
        for _round in range(given.rounds):
            for kind, paths in files.items():
                begun = time.process_time(), time.perf_counter()
                heard = [listener.transcribe(path, language=given.language) for path in paths]
                times[kind].append(time.perf_counter() - begun[1])
                times.setdefault(f"{kind}_cpu", []).append(time.process_time() - begun[0])
                words[kind] = sum(len(segment.words) for speech in heard for segment in speech.segments)
    middle = {kind: statistics.median(spent) for kind, spent in times.items()}
    seconds = given.minutes * 60
    told: dict[str, Any] = {
        "machine": machine(),
        "model": given.model,
        "people": given.people,
        "minutes": given.minutes,
        "words": words,
        "real_time_factor": {kind: round(middle[kind] / seconds, 4) for kind in ("tracks", "mixed")},
        "cpu_seconds": {kind: round(middle[f"{kind}_cpu"], 2) for kind in ("tracks", "mixed")},
        "tracks_against_mixed": round(middle["tracks"] / middle["mixed"], 3),
        "tracks_against_mixed_cpu": round(middle["tracks_cpu"] / middle["mixed_cpu"], 3),
        "goal": 1.1,
    }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
