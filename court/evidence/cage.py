"""A process of its own for files from outside: limited in time, memory and what it may write.

A parser that crashes, runs for ever or eats all memory takes nothing down with it. The module that is run sets its own
limits first (``confine``), reads the file and prints one JSON object.
"""

import json
import logging
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[2]
MEMORY = 1_500 * 1024 * 1024  # bytes of address space

log = logging.getLogger(__name__)


class Unreadable(Exception):
    """The file could not be read within the limits. ``reason`` is ``slow`` or ``broken``."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The file could not be read: {reason}.")
        self.reason = reason


def confine(seconds: int, writes: int = 0) -> None:
    """Limit the running process: processor seconds, memory, open files, and the bytes it may write into a file."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (writes, writes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def ask(module: str, *arguments: str, seconds: int) -> dict[str, Any]:
    """Run ``python -m module arguments`` confined and return the JSON object it prints. Raises Unreadable.

    ``seconds`` limits the processor time; the wall clock gets three times as long, for a busy machine.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, str(seconds), *arguments],
            cwd=HOUSE,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=3 * seconds,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(HOUSE), "OMP_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        log.warning("Reading a file in %s took too long.", module)
        raise Unreadable("slow") from fault
    if done.returncode == 0:
        try:
            answer: dict[str, Any] = json.loads(done.stdout)
            return answer
        except ValueError:
            pass
    # The last line names the kind of fault, never the file.
    fault_name = done.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0][:80]
    log.warning("Reading a file in %s ended with %s (%s).", module, done.returncode, fault_name or "no message")
    raise Unreadable("slow" if done.returncode in (-24, -9) else "broken")


def main() -> None:
    """``python -m court.evidence.cage SECONDS BYTES PROGRAM ARGUMENTS``: become the program, confined."""
    seconds, writes, *command = sys.argv[1:]
    confine(int(seconds), int(writes))
    os.execvp(command[0], command)  # noqa: S606 - the command is the caller's own


if __name__ == "__main__":
    main()
