"""``manage.py serve``: the court on this machine: pages, live rooms and the background worker, kept running."""

import logging
import os
import signal
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Serve the court and do its background work until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-worker", action="store_true", help="pages and rooms only")

    def handle(self, *args: Any, host: str, port: int, no_worker: bool, **options: Any) -> None:
        call_command("prepare", demo=settings.DEMO)
        commands = {
            "web": [
                *(sys.executable, "-m", "uvicorn", "court.asgi:application", "--host", host, "--port", str(port)),
                *(
                    "--ws",
                    "websockets-sansio",
                    "--ws-max-size",
                    "262144",
                    "--lifespan",
                    "off",
                    "--log-level",
                    "warning",
                ),
                *("--timeout-graceful-shutdown", "5"),
            ]
        }
        if not no_worker:
            commands["worker"] = [sys.executable, "manage.py", "worker"]
        running = {name: self.start(command) for name, command in commands.items()}
        signal.signal(signal.SIGTERM, _stop)
        self.stdout.write(self.style.SUCCESS(f"The court is open on http://{host}:{port}"))
        if settings.DEMO:
            call_command("demo", list_people=True)
        try:
            while True:
                time.sleep(1)
                for name, process in running.items():
                    if process.poll() is not None:
                        log.error("The %s process ended with %s; starting it again.", name, process.returncode)
                        time.sleep(1)
                        running[name] = self.start(commands[name])
        except (KeyboardInterrupt, SystemExit):
            self.stdout.write("Closing the court.")
        finally:
            for process in running.values():
                process.terminate()
            for process in running.values():
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()

    def start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        """Start a part of the court as a process of its own session, so that Ctrl-C reaches it through us alone."""
        return subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ.copy(), start_new_session=True)


def _stop(number: int, frame: object) -> None:
    raise SystemExit(0)
