"""How much memory the embedded court takes while it transcribes the demo's hearing. Prints JSON.

    python benchmarks/memory.py
    python benchmarks/memory.py --hours 8     one track of eight hours with a sentence each few minutes, heard
                                              by the engine alone: its peak, against the peak of a tenth of it

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

from machine import machine

ROOT = Path(__file__).resolve().parent.parent


def long_track(path: Path, hours: float, every: float) -> None:
    """A recording of so many hours: a room's tone, and a sentence each ``every`` seconds."""
    import numpy as np
    from silence import RATE, pink, spoken

    voice = spoken("The parcel was sealed when it left our warehouse.", path.parent)
    room = 0.0008 * pink(np.random.default_rng(3), 60 * RATE)
    command = [
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
    ]
    with subprocess.Popen([*command, "-b:a", "24k", str(path)], stdin=subprocess.PIPE) as coding:
        assert coding.stdin is not None
        for minute in range(round(hours * 60)):
            made = room.copy()
            if minute % round(every / 60) == 0:
                made[5 * RATE : 5 * RATE + len(voice)] += 0.6 * voice
            coding.stdin.write((made.clip(-1, 1) * 32767).astype("<i2").tobytes())


def heard(path: str, model: str) -> dict[str, float]:
    """Hear a track in this process: its words, seconds, and the most memory it took in MB."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")
    import django

    django.setup()
    from transcripts.engines import engine
    from transcripts.listening import sharpened

    begun = time.perf_counter()
    speech = engine("faster-whisper", model).transcribe(path, language="en")
    speech, _exact = sharpened(path, speech)
    return {
        "hours": round(speech.duration / 3600, 2),
        "words": sum(len(segment.words) for segment in speech.segments),
        "seconds": round(time.perf_counter() - begun, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def long_tracks(hours: float, model: str) -> None:
    """Hear a long track and one of a tenth of its length, each in a process of its own; print both peaks."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for length in (hours / 10, hours):
            path = Path(folder) / "track.webm"
            long_track(path, length, every=300)
            with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
                found.append(pool.submit(heard, str(path), model).result())
    print(json.dumps({"machine": machine(), "model": model, "tracks": found}, indent=2))


def main() -> None:
    """Watch the demo court, or hear a long track."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--hours", type=float, help="hear a track of so many hours instead")
    ask.add_argument("--model", default="base")
    given = ask.parse_args()
    if given.hours:
        long_tracks(given.hours, given.model)
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
