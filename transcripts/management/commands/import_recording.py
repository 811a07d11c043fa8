"""``manage.py import_recording``: a recorded hearing from existing files, queued to be transcribed."""

import json
import math
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from court.cases.models import Case
from transcripts.imports import CannotImport, import_recording, offsets_by_name


class Command(BaseCommand):
    help = "Make a recorded hearing from existing files, one for each speaker, and queue its transcription."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", required=True, metavar="NUMBER", help="the case's number")
        parser.add_argument(
            "--track", action="append", required=True, metavar="NAME=FILE", help="a speaker's sound; may be repeated"
        )
        parser.add_argument(
            "--offset",
            action="append",
            default=[],
            metavar="NAME=SECONDS",
            help="how long after the recording's start this speaker's file begins (default 0)",
        )
        parser.add_argument(
            "--started-at",
            required=True,
            metavar="ISO",
            help="when the recording began, such as 2026-03-03T10:00:00+00:00; without a zone, the court's",
        )
        parser.add_argument("--json", action="store_true", help="print the numbers made as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            case = Case.objects.filter(Q(number=options["case"]) | Q(reference=options["case"])).first()
            if case is None:
                raise CannotImport(f"There is no case {options['case']}.")
            sources = {name: Path(path) for name, path in _pairs("--track", options["track"]).items()}
            offsets = {name: _seconds(name, told) for name, told in _pairs("--offset", options["offset"]).items()}
            started_at = _moment(options["started_at"])
            transcript = import_recording(case, offsets_by_name(offsets, sources), started_at=started_at)
        except CannotImport as problem:
            self.stderr.write(str(problem))
            sys.exit(2)
        except OSError as problem:
            self.stderr.write(f"The recording could not be stored: {problem.strerror or 'unknown fault'}.")
            sys.exit(2)
        if options["json"]:
            made = {"case": case.label, "hearing": transcript.hearing_id, "transcript": transcript.pk}
            self.stdout.write(json.dumps(made))
        else:
            self.stdout.write(
                f"Hearing {transcript.hearing_id} of case {case.label}, transcript {transcript.pk}: "
                f"{len(sources)} tracks queued to be transcribed. The worker does the rest."
            )


def _pairs(option: str, given: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in given:
        name, sign, value = (part.strip() for part in pair.partition("="))
        if not (name and sign and value):
            raise CannotImport(f"{option} must be written NAME=VALUE, not {pair!r}.")
        if len(name) > 150:
            raise CannotImport("A speaker's name may have at most 150 characters.")
        if name in pairs:
            raise CannotImport(f"{option} is given twice for {name!r}.")
        pairs[name] = value
    return pairs


def _seconds(name: str, told: str) -> float:
    try:
        seconds = float(told)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise CannotImport(f"The offset of {name!r} must be a number of seconds, not {told!r}.")
    return seconds


def _moment(told: str) -> datetime:
    try:
        moment = parse_datetime(told)
    except ValueError:
        moment = None
    if moment is None:
        raise CannotImport(f"--started-at must be a time such as 2026-03-03T10:00:00+00:00, not {told!r}.")
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment, timezone.get_default_timezone())
    if moment > timezone.now():
        raise CannotImport("--started-at lies in the future.")
    return moment
