"""How much memory the embedded court takes while it transcribes the demo's hearing. Prints JSON.

    python benchmarks/memory.py
    python benchmarks/memory.py --hours 8     one track of eight hours with some sentences each few minutes, heard and
                                              timed by the engine alone: the peak after each hour of it

With --hours, a line is printed after each hour to the standard error. --model tiny.en is the quickest; --every tells
how many seconds lie between two stretches of speech, --speech FILE gives other speech than the synthesiser's.

The web process and the worker together, as their proportional share (PSS) so that shared pages count once.
"""

import argparse
import json
import multiprocessing
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from machine import machine

ROOT = Path(__file__).resolve().parent.parent


def long_track(path: Path, hours: float, every: float, speech: Path | None) -> None:
    """A recording of so many hours: a room's tone, and speech each ``every`` seconds, louder and softer by turns."""
    import numpy as np
    from silence import RATE, pink, spoken

    voice = spoken("The parcel was sealed when it left our warehouse. I never signed that letter.", path.parent)
    if speech is not None:
        ready()
        from transcripts.engines.sound import Sound

        with Sound(speech) as sound:
            voice = np.concatenate(list(sound.stretches()))
    room = 0.0008 * pink(np.random.default_rng(3), 60 * RATE)
    coder = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-f",
        "s16le",
        "-ar",
        str(RATE),
        "-ac",
        "1",
        "-i",
        "-",
        "-c:a",
        "libopus",
        "-compression_level",
        "1",
    ]
    with subprocess.Popen([*coder, "-b:a", "24k", str(path)], stdin=subprocess.PIPE) as coding:
        assert coding.stdin is not None
        spoke, left = 0, np.zeros(0, dtype=np.float32)
        for minute in range(round(hours * 60)):
            made = room.copy()
            if minute * 60 >= spoke * every:
                left = np.concatenate([np.zeros(5 * RATE), (0.4 + 0.2 * (spoke % 3)) * voice])
                spoke += 1
            made[: len(left)] += left[: len(made)]
            left = left[len(made) :]
            coding.stdin.write((made.clip(-1, 1) * 32767).astype("<i2").tobytes())


def ready() -> None:
    """Make the product's modules importable in this process."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")
    import django

    django.setup()


def heard(path: str, model: str) -> dict[str, Any]:
    """Hear a track in this process: its words and seconds, and the most memory taken so far in MB, hour by hour."""
    ready()
    from transcripts.engines import engine
    from transcripts.listening import sharpened

    begun = time.perf_counter()
    hours: list[dict[str, float]] = []

    def reached(second: float) -> None:
        if second >= 3600 * (len(hours) + 1):
            hours.append(
                {
                    "hour": len(hours) + 1,
                    "peak_mb": peak(),
                    "now_mb": round(_pss(os.getpid())),
                    "seconds": round(time.perf_counter() - begun, 1),
                    "cpu_seconds": round(time.process_time(), 1),
                }
            )
            print(json.dumps(hours[-1]), file=sys.stderr, flush=True)

    speech = engine("faster-whisper", model).transcribe(path, language="en", keep=lambda begun: reached(begun.reached))
    listened = peak()
    speech, exact = sharpened(path, speech)
    return {
        "hours": round(speech.duration / 3600, 2),
        "words": sum(len(segment.words) for segment in speech.segments),
        "words_timed_exactly": exact,
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu_seconds": round(time.process_time(), 1),
        "peak_mb_listening": listened,
        "peak_mb": peak(),
        "each_hour": hours,
    }


def peak() -> int:
    """The most memory this process has taken, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def long_tracks(hours: float, model: str, every: float, speech: Path | None) -> None:
    """Hear a long track in a process of its own; print its peak after each hour and how much the last adds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "track.webm"
        long_track(path, hours, every, speech)
        with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
            found = pool.submit(heard, str(path), model).result()
    hourly = [one["peak_mb"] for one in found["each_hour"]]
    grown = hourly[-1] - hourly[0] if len(hourly) > 1 else None
    told = {"machine": machine(), "model": model, "track": found, "grown_mb_from_first_to_last_hour": grown}
    print(json.dumps(told, indent=2))


def main() -> None:
    """Watch the demo court, or hear a long track."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--hours", type=float, help="hear a track of so many hours instead")
    ask.add_argument("--model", default="base")
    ask.add_argument("--every", type=float, default=300, help="with --hours: seconds from one speech to the next")
    ask.add_argument("--speech", type=Path, help="with --hours: a recording that is said again and again")
    given = ask.parse_args()
    if given.hours:
        long_tracks(given.hours, given.model, given.every, given.speech)
    else:
        demo()


def demo() -> None:
    """Start the demo court, watch its processes until the transcript is ready, print the peak in MB."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {**os.environ, "COURT_DATA_DIR": folder, "COURT_DEMO": "1", "COURT_LOG_LEVEL": "ERROR"}
        court = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        peak, ready, give_up = 0.0, False, time.monotonic() + 600
        try:
            while not ready and time.monotonic() < give_up:
                peak = max(peak, sum(_pss(pid) for pid in _family(court.pid)))
                ready = _transcribed(folder)
                time.sleep(0.5)
        finally:
            court.send_signal(signal.SIGTERM)
            court.wait()
    print(json.dumps({"machine": machine(), "peak_mb": round(peak), "goal_mb": 2000, "transcribed": ready}, indent=2))


def _family(pid: int) -> list[int]:
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout.split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _pss(pid: int) -> float:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0.0
    return int(found[1]) / 1000 if found else 0.0


def _transcribed(folder: str) -> bool:
    import sqlite3

    try:
        with sqlite3.connect(f"file:{folder}/court.sqlite3?mode=ro", uri=True) as database:
            return bool(database.execute("SELECT 1 FROM transcripts_transcript WHERE state = 'ready'").fetchone())
    except sqlite3.Error:
        return False


if __name__ == "__main__":
    main()
