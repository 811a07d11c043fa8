"""How long the server takes for the ten main pages, on the demo court. Prints JSON.

    python benchmarks/pages.py [--rounds 30]

Asked through Django's client in this process: the whole of the server's work, without network and browser.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from machine import machine

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> None:
    """Fill a demo court in a scratch folder, ask for each page many times, print p50 and p95 in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            COURT_DATA_DIR=folder, COURT_DEMO="1", DJANGO_SETTINGS_MODULE="court.settings", COURT_LOG_LEVEL="ERROR"
        )
        import django

        django.setup()
        from django.core.management import call_command

        with Path(os.devnull).open("w") as nowhere:
            call_command("prepare", demo=True, stdout=nowhere)
            call_command("worker", once=True, stdout=nowhere)
        pages = measure(rounds)
    slowest = max(page["p95_ms"] for page in pages.values())
    print(json.dumps({"machine": machine(), "goal_p95_ms": 150, "slowest_p95_ms": slowest, "pages": pages}, indent=2))


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """p50 and p95 of each page's time in milliseconds."""
    from django.test import Client
    from django.urls import reverse

    from court.accounts.models import User
    from court.cases.models import Case, Stage
    from court.orders.models import Order, OrderState
    from transcripts.models import Transcript

    heard = Case.objects.get(stage=Stage.HEARD)
    order = Order.objects.filter(state=OrderState.ISSUED).first()
    transcript = Transcript.objects.first()
    assert order is not None and transcript is not None
    on_case = {"number": heard.label}
    asked: dict[str, tuple[str, str]] = {
        "home of a litigant": ("claimant", reverse("home")),
        "home of a clerk": ("clerk", reverse("home")),
        "cases": ("clerk", reverse("cases")),
        "case": ("claimant", reverse("case", kwargs=on_case)),
        "docket": ("judge", reverse("docket", kwargs=on_case)),
        "review queue": ("clerk", reverse("review_queue")),
        "hearings": ("judge", reverse("hearings")),
        "transcript": ("claimant", reverse("transcript", args=[transcript.pk])),
        "search": ("clerk", reverse("search") + "?q=parcel+arrived"),
        "room": ("judge", ""),
    }
    room = User.objects.get(email="judge@court.example").seats.exclude(room__ended_at__isnull=False).first()
    asked["room"] = ("judge", reverse("room", args=[room.room_id])) if room else ("judge", reverse("hearings"))
    found = {}
    for name, (person, url) in asked.items():
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(
            User.objects.get(email=f"{person}@court.example"),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        found[name] = _times(lambda client=client, url=url: client.get(url), rounds)
    return found


def _times(ask: Callable[[], object], rounds: int) -> dict[str, float]:
    ask()
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        answer = ask()
        taken.append((time.perf_counter() - begin) * 1000)
        assert answer.status_code == 200, answer.status_code  # type: ignore[attr-defined]
    return {"p50_ms": round(statistics.median(taken), 1), "p95_ms": round(sorted(taken)[int(0.95 * (rounds - 1))], 1)}


if __name__ == "__main__":
    main()
