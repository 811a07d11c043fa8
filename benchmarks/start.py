"""How long a second ``make run`` takes until the first page is served. Prints JSON.

    python benchmarks/start.py

Starts the demo court twice in a scratch folder, as ``make run`` does, and times the second start.
"""

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from machine import machine

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Time both starts and print them in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = start(folder), start(folder)
    print(json.dumps({"machine": machine(), "first_s": first, "second_s": second, "goal_second_s": 10}, indent=2))


def start(folder: str) -> float:
    """Seconds from ``scripts/setup`` and ``manage.py serve`` until the home page answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "COURT_DATA_DIR": folder, "COURT_DEMO": "1", "COURT_LOG_LEVEL": "ERROR"}
    begin = time.perf_counter()
    subprocess.run(["scripts/setup", "run"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    court = subprocess.Popen(
        [".venv/bin/python", "manage.py", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                    if answer.status == 200:
                        return round(time.perf_counter() - begin, 1)
            except (urllib.error.URLError, OSError):
                if court.poll() is not None:
                    raise SystemExit("The court did not start.") from None
                time.sleep(0.05)
    finally:
        court.send_signal(signal.SIGTERM)
        court.wait()


if __name__ == "__main__":
    main()
