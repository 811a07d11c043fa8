"""How long it takes to lay a hearing out on numbered pages, print it and sign it. Prints JSON.

    python benchmarks/printing.py [--words 60000] [--format us-25] [--language en] [--exports]

The hearing is made up of sentences of eight to thirty words, with a witness examined in its middle. The file is
checked afterwards: every printed line against the line stored for it. ``--exports`` times the other exports as well.
"""

import argparse
import io
import json
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from machine import machine

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ENGLISH = """
the parcel arrived on third of March and was opened before anybody signed contract that we agreed upon in writing
because delivery had been late respondent warehouse receipt shows different weight from invoice which I saw
photograph evidence judge asked whether engineer measured foundation wall fell during storm January insurance
company refused payment letter dated Monday telephone twice answered nobody explained invoice amount remained
"""
KOREAN = "소포가 삼월 삼일에 도착하였고 원고는 계약서에 서명하지 않았습니다 피고는 창고에서 물건을 보냈다고 말했습니다"
CHINESE = "原告三月三日收到包裹被告没有在合同上签字仓库的发票写着不同的重量"
PEOPLE = (("Ada Park", "judge"), ("Kim Jiwoo", "claimant"), ("Li Wei", "respondent"), ("Choi Yuna", "witness"))


def main() -> None:
    """Make a hearing in a scratch folder, lay it out, print it; tell pages, seconds, memory and mismatches."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=60_000)
    parser.add_argument("--format", default="us-25")
    parser.add_argument("--language", default="en", choices=("en", "ko", "zh"))
    parser.add_argument("--exports", action="store_true")
    parser.add_argument("--keep", help="a file to leave the first volume in")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            COURT_DATA_DIR=folder, COURT_DEMO="0", DJANGO_SETTINGS_MODULE="court.settings", COURT_LOG_LEVEL="ERROR"
        )
        import django

        django.setup()
        from django.core.management import call_command

        with Path(os.devnull).open("w") as nowhere:
            call_command("migrate", verbosity=0, stdout=nowhere)
        found = measure(told)
    print(json.dumps({"machine": machine(), "goal_seconds_for_300_pages": 60, **found}, indent=2))


def measure(told: argparse.Namespace) -> dict[str, Any]:
    """Seconds of each step, and whether what was printed is what was stored."""
    from pypdf import PdfReader

    from court.orders.sealing import seal
    from transcripts.models import Clearance, VersionKind
    from transcripts.pages.index import paginated
    from transcripts.pages.printing import Book, render
    from transcripts.versions import keep

    transcript = hearing(told.words, told.language)
    version = keep(transcript, VersionKind.EDITED, by=None)
    begun = time.perf_counter()
    pagination = paginated(version, told.format)
    laid = time.perf_counter()
    book = Book(pagination, Clearance.COURT)
    volumes = len(book.volumes)
    files = [render(book, volume) for volume in range(1, volumes + 1)]
    rendered = time.perf_counter()
    files = [seal(file, name="Court", reason="Record", place="Online") for file in files]
    signed = time.perf_counter()
    if told.keep:
        Path(told.keep).write_bytes(files[0])
    mismatches, lines = 0, 0
    for pages, file in zip(book.volumes, files, strict=True):
        reader = PdfReader(io.BytesIO(file))
        for page, printed in zip(pages, reader.pages, strict=True):
            text = printed.extract_text().splitlines()
            lines += len(page.lines)
            mismatches += len([line for line in page.lines if line.text.strip() and not _stands(line.text, text)])
    pages = len(book.pages)
    found: dict[str, Any] = {
        "words": version.words,
        "format": told.format,
        "language": told.language,
        "pages": pages,
        "volumes": volumes,
        "seconds_layout": round(laid - begun, 2),
        "seconds_render": round(rendered - laid, 2),
        "seconds_sign": round(signed - rendered, 2),
        "seconds_a_300_pages": round((signed - begun) / pages * 300, 1),
        "megabytes": round(sum(map(len, files)) / 1e6, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "lines": lines,
        "mismatches": mismatches,
    }
    if told.exports:
        found["exports"] = exports(transcript, version)
    return found


def _stands(line: str, printed: list[str]) -> bool:
    return any(line.strip() in one for one in printed)


def exports(transcript: Any, version: Any) -> dict[str, Any]:
    """Seconds and bytes of each export of the same hearing."""
    from transcripts.exports import FORMATS, export
    from transcripts.models import Clearance

    found = {}
    for name in FORMATS:
        begun = time.perf_counter()
        size = len(export(transcript, name, clearance=Clearance.COURT, version=version).content)
        found[name] = {"seconds": round(time.perf_counter() - begun, 2), "bytes": size}
    return found


def hearing(words: int, language: str) -> Any:
    """A transcript of about so many words in the database."""
    from datetime import UTC, datetime

    from court.accounts.models import Office, User
    from court.cases.models import Case, Party, Stage
    from court.hearings.models import Hearing, HearingState
    from court.rooms.models import Recording, Room, Track, TrackKind
    from transcripts.models import STEP, Transcript, TranscriptState, Utterance

    judge = User.objects.create(email="judge@example.org", name="Ada Park", office=Office.JUDGE, password="!")
    case = Case.objects.create(number="C-2026-0042", title="Kim v Li", stage=Stage.LISTED, opened_by=judge)
    for name, role in PEOPLE[1:3]:
        Party.objects.create(case=case, role=role, name=name, email=f"{role}@example.org")
    began = datetime(2026, 3, 3, 10, tzinfo=UTC)
    room = Room.objects.create(name="Hearing", ended_at=began)
    sitting = Hearing.objects.create(
        case=case, room=room, judge=judge, starts_at=began, state=HearingState.ENDED, listed_by=judge
    )
    recording = Recording.objects.create(room=room, started_at=began, ended_at=began, ready_at=began)
    transcript = Transcript.objects.create(
        recording=recording, hearing=sitting, case=case, state=TranscriptState.READY
    )
    tracks = [
        Track.objects.create(recording=recording, kind=TrackKind.SOUND, name=name, role=role, assembled_at=began)
        for name, role in PEOPLE
    ]
    chance = random.Random(7)
    vocabulary = {"en": ENGLISH.split(), "ko": KOREAN.split(), "zh": list(CHINESE)}[language]
    made: list[Utterance] = []
    number, second, at = 1, 1.0, 0
    while number < words:
        third = number * 3 // words
        speaker = (0, 1, 0, 2)[at % 4] if third != 1 else (1, 3)[at % 2]
        said = [chance.choice(vocabulary) for _ in range(chance.randint(8, 30))]
        said[-1] += "。" if language == "zh" else "."
        heard = []
        for word in said:
            heard.append([word, round(second, 2), round(second + 0.3, 2), 0.9, number, "h"])
            number += 1
            second += 0.4
        made.append(
            Utterance(
                transcript=transcript,
                case=case,
                hearing=sitting,
                track=tracks[speaker],
                position=len(made) * STEP,
                speaker=PEOPLE[speaker][0],
                role=PEOPLE[speaker][1],
                language=language,
                start=heard[0][1],
                end=heard[-1][2],
                spoken_at=began,
                text=("" if language == "zh" else " ").join(said),
                words=heard,
            )
        )
        at += 1
    Utterance.objects.bulk_create(made, batch_size=500)
    return transcript


if __name__ == "__main__":
    main()
