"""``manage.py prepare``: bring an installation up to date. Run at every start; what is done costs nothing."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Catalogues, tables, static files, weights and certificate: everything a start needs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill an empty court with demo people and cases")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        self.compile_catalogues()
        call_command("migrate", interactive=False, verbosity=0)
        self.collect_static()
        call_command("weights", stdout=self.stdout)
        call_command("certificate", stdout=self.stdout)
        if demo:
            call_command("demo", stdout=self.stdout)

    def compile_catalogues(self) -> None:
        """Make .mo files from .po files that are newer."""
        for source in (settings.BASE_DIR / "court" / "locale").glob("*/LC_MESSAGES/django.po"):
            compiled = source.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
                subprocess.run(["msgfmt", "--check-format", "-o", str(compiled), str(source)], check=True)
                self.stdout.write(f"compiled {source.parent.parent.name}")

    def collect_static(self) -> None:
        """Collect and compress static files if any of them changed."""
        seen = hashlib.sha256()
        for path in sorted(_static_files()):
            status = path.stat()
            seen.update(f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode())
        mark = Path(settings.STATIC_ROOT) / ".collected"
        if mark.exists() and mark.read_text() == seen.hexdigest():
            return
        # In a process of its own: the manifest in memory would be the old one.
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            check=True,
            cwd=settings.BASE_DIR,
            env=os.environ.copy(),
        )
        mark.write_text(seen.hexdigest())


def _static_files() -> Iterable[Path]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield Path(storage.path(name))
