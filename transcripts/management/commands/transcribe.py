"""`manage.py transcribe FILE`: what is said in a recording, with word times."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from transcripts.engines import NAMES, Speech, SpeechError, engine
from transcripts.engines.sound import Sound
from transcripts.engines.weights import second_for
from transcripts.listening import sharpened


class Command(BaseCommand):
    help = "Print what is said in a recording, with the time of every word."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="any recording FFmpeg reads")
        parser.add_argument("--language", help="en, ko, zh ...; found out by listening if not given")
        parser.add_argument("--engine", metavar="NAME", help=" or ".join(NAMES))
        parser.add_argument(
            "--model", metavar="NAME|PATH", help="a size (tiny.en, base, small ...) or a path to weights"
        )
        parser.add_argument("--second", metavar="NAME|PATH", help="a larger model that hears weak stretches again")
        parser.add_argument("--prompt", metavar="NAMES", help="names and terms to expect, parted by commas")
        parser.add_argument("--json", action="store_true", help="print JSON for other programs")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with Sound(options["file"]):
                pass  # a file that cannot be read is told at once, before a model is loaded
            first = engine(options["engine"], options["model"])
            second = options["second"] or second_for(first.model)
            speech = first.transcribe(
                options["file"],
                language=options["language"],
                prompt=options["prompt"],
                second=engine(options["engine"], second) if second else None,
            )
            speech, _exact = sharpened(options["file"], speech)
        except SpeechError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(speech.as_json(), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(readable(speech))


def readable(speech: Speech) -> str:
    """One line for each segment: its time and its words."""
    lines = [f"[{clock(segment.start)} - {clock(segment.end)}]  {segment.text}" for segment in speech.segments]
    return "\n".join(lines) or "Nothing is said in this recording."


def clock(seconds: float) -> str:
    """Hours, minutes and seconds: 3725.25 is 1:02:05.2."""
    tenths = int(seconds * 10)
    return f"{tenths // 36000}:{tenths // 600 % 60:02d}:{tenths // 10 % 60:02d}.{tenths % 10}"
