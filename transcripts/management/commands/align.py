"""`manage.py align AUDIO TEXT`: where each word of a written record was said, and where record and sound differ."""

import codecs
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from transcripts.alignment import Alignment, align
from transcripts.alignment.transcript_file import NotATranscript, read_transcript
from transcripts.engines import NAMES, ModelMissing, SpeechError, engine
from transcripts.engines.sound import Sound
from transcripts.management.commands.transcribe import clock

LARGEST = 50 * 1024 * 1024

LATER = 1.0
"""Seconds by which a transcript's last word may end after the sound: files tell their length roughly."""


class NotAText(Exception):
    """The record cannot be read as text. The message is one line."""


class Command(BaseCommand):
    help = "Find where each word of a written record was said, and where the two differ."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("audio", metavar="AUDIO", help="any recording FFmpeg reads")
        parser.add_argument("text", metavar="TEXT", help="the written record, plain text in UTF-8 or UTF-16")
        parser.add_argument("--language", help="en, ko, zh ...; found out by listening if not given")
        parser.add_argument("--engine", metavar="NAME", help=" or ".join(NAMES))
        parser.add_argument("--model", metavar="NAME|PATH", help="a size (base, small ...) or a path to weights")
        parser.add_argument(
            "--transcript", metavar="FILE", help="what `transcribe --json` printed: do not listen again"
        )
        parser.add_argument(
            "--all", action="store_true", help="with --json: offsets of sentences, and the differences set aside too"
        )
        parser.add_argument("--json", action="store_true", help="print JSON for other programs")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            record = read_text(options["text"])
            with Sound(options["audio"]) as sound:
                next(sound.stretches())  # what cannot be read is told at once, before a model is loaded
                lasts = sound.claimed_length
            language, words = options["language"], None
            if options["transcript"]:
                heard_in, words = read_transcript(options["transcript"])
                language = language or heard_in
                if lasts and words and max(word.end for word in words) > lasts + LATER:
                    other, sound_file = Path(options["transcript"]).name, Path(options["audio"]).name
                    raise NotATranscript(f"{other} is of a longer recording than {sound_file}.")
            if options["engine"] and options["engine"] not in NAMES:
                raise ModelMissing(
                    f"There is no engine called {options['engine']!r}. Choose one of: {', '.join(NAMES)}."
                )
            listener = engine(options["engine"], options["model"]) if words is None else None
            found = align(record, words, path=options["audio"], language=language, engine=listener)
        except (SpeechError, NotAText, NotATranscript) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"]:
            self.stdout.write(
                json.dumps(found.as_json() if options["all"] else found.agreed(), ensure_ascii=False, indent=1)
            )
        else:
            self.stdout.write(readable(found))


def read_text(path: str) -> str:
    """The record as it is in the file, so that offsets point into it. Raises NotAText."""
    file = Path(path)
    if file.is_dir():
        raise NotAText(f"{file.name or path} is a folder, not a text.")
    try:
        if file.stat().st_size > LARGEST:
            raise NotAText(f"{file.name} is larger than any record: {LARGEST // 2**20} MB at most.")
        raw = file.read_bytes()
        text = raw.decode("utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")
    except FileNotFoundError as error:
        raise NotAText(f"{file.name} does not exist.") from error
    except UnicodeDecodeError as error:
        raise NotAText(f"{file.name} is not text in UTF-8 or UTF-16.") from error
    except (OSError, ValueError) as error:
        raise NotAText(f"{file.name or path} cannot be opened.") from error
    if "\0" in text:
        raise NotAText(f"{file.name} is not plain text.")
    if not any(c.isalnum() for c in text):
        raise NotAText(f"{file.name} holds no words.")
    return text


def readable(found: Alignment) -> str:
    """A line for each sentence with its time, then one for each difference."""
    lines = [
        f"[{_when(one.start)} - {_when(one.end)}]  {one.status:9}  {one.similarity:4.0%}  {' '.join(one.text.split())}"
        for one in found.sentences
    ]
    if found.discrepancies:
        lines += ["", f"Differences: {len(found.discrepancies)}"]
    for one in found.discrepancies:
        mark = "!" if one.needs_person else " "
        lines.append(
            f"{mark} [{_when(one.start)}]  {one.kind:13}  record: {one.record or '-'}  said: {one.spoken or '-'}"
        )
    return "\n".join(lines)


def _when(seconds: float | None) -> str:
    return "  -    " if seconds is None else clock(seconds)
