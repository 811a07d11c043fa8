"""How much memory the embedded court takes while it transcribes the demo's hearing. Prints JSON.

    python benchmarks/memory.py

The web process and the worker together, as their proportional share (PSS) so that shared pages count once.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import machine

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
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
