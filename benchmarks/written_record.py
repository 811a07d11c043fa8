"""How long the page of a written record takes, for records of many words. Prints JSON.

    python benchmarks/written_record.py [--words 9000 72000] [--rounds 5]

Makes a transcript of invented words in a scratch folder, a written record of it with some of them left out, put in or
changed, compares the two without sound, and asks for the page through Django's client in this process: the whole of
the server's work, without network and browser.
"""

# ruff: noqa: E402, SIM905

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]
from machine import machine

PEOPLE = (("Kim Jiwoo", "claimant"), ("Li Wei", "respondent"), ("Ada Park", "judge"))
VOCABULARY = tuple(
    (
        "the parcel arrived on third march and frame was broken in two places we did not open it before left our"
        " warehouse please tell court what happened next morning driver said label had been changed by somebody else"
        " invoice shows nine hundred fifty pounds paid account receipt is exhibit letter from landlord dated tenth"
    ).split()
)
CHANGED, LEFT_OUT, PUT_IN = 0.012, 0.008, 0.005  # shares of the words

Lines = list[tuple[str, str, float, str]]


def spoken(words: int, chance: random.Random) -> Lines:
    """So many words in turns of three sentences."""
    lines: Lines = []
    done, second = 0, 1.0
    while done < words:
        sentences = [[chance.choice(VOCABULARY) for _ in range(chance.randint(6, 18))] for _ in range(3)]
        text = " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)
        lines.append((*chance.choice(PEOPLE), second, text))
        said = sum(map(len, sentences))
        done += said
        second += 0.4 * said + 1
    return lines


def written(lines: Lines, chance: random.Random) -> str:
    """The same as somebody wrote it down, with mistakes."""
    record: list[str] = []
    for speaker, _role, _second, text in lines:
        kept: list[str] = []
        for word in text.split():
            draw = chance.random()
            if draw >= LEFT_OUT:
                kept.append(chance.choice(VOCABULARY) if draw < LEFT_OUT + CHANGED else word)
            if draw > 1 - PUT_IN:
                kept.append(chance.choice(VOCABULARY))
        record.append(f"{speaker.upper()}: {' '.join(kept)}")
    return "\n".join(record)


def measure(sizes: list[int], rounds: int) -> list[dict[str, Any]]:
    """For each size the comparison's seconds, the page's size and its median time."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from tests.conftest import make_cast
    from tests.transcripts.hearings import a_case, heard
    from transcripts.alignment import align
    from transcripts.models import Clearance
    from transcripts.text import lines_of
    from transcripts.written import comparing, services

    chance = random.Random(7)
    cast = make_cast()
    case = a_case(cast)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(cast.clerk, backend=settings.AUTHENTICATION_BACKENDS[0])
    found = []
    for number, size in enumerate(sizes):
        lines = spoken(size, chance)
        transcript = heard(case, lines, judge=cast.judge, started_at=f"2026-{number + 1:02d}-05T10:00:00+00:00")
        document = services.typed(written(lines, chance))
        record = services.add_record(transcript, document, title="Minutes", language="en", by=cast.clerk)
        words, _between = comparing.heard_in(lines_of(transcript, clearance=Clearance.COURT))
        begin = time.perf_counter()
        alignment = align(document.text, words, language="en")
        compared = time.perf_counter() - begin
        comparing.save(record, alignment)
        address = reverse("written_record", args=[transcript.pk, record.pk])
        taken = []
        for _ in range(rounds + 1):
            begin = time.perf_counter()
            answer = client.get(address)
            taken.append(time.perf_counter() - begin)
            assert answer.status_code == 200, answer.status_code
        found.append(
            {
                "words": size,
                "differences": len(alignment.discrepancies),
                "compare_s": round(compared, 2),
                "page_kb": len(answer.content) // 1024,
                "page_p50_ms": round(statistics.median(taken[1:]) * 1000),
            }
        )
    return found


def main() -> None:
    """Measure in a scratch folder and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, nargs="+", default=[9000, 72000])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            COURT_DATA_DIR=folder, COURT_DEMO="1", DJANGO_SETTINGS_MODULE="court.settings", COURT_LOG_LEVEL="ERROR"
        )
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        records = measure(options.words, options.rounds)
    print(json.dumps({"machine": machine(), "records": records}, indent=2))


if __name__ == "__main__":
    main()
