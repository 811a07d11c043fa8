"""How fast the editor opens a day's hearing and answers keys, in real Chromium. Prints JSON.

    python benchmarks/editor.py [--words 72000] [--passages 5000] [--port 8132]

Makes a court of its own in a scratch folder with one transcript of eight hours, starts the server, opens the editor
and types. A key's time is from its keydown to the frame painted after it; the browser's own Event Timing is told too.
That of a key which only moves the caret (Home, while "split") lasts until the next frame with anything to paint: there
it counts how long it waited and worked.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from machine import machine

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.journeys.house import Browsers, Court

MAKE = """
import random
from datetime import datetime, timedelta, timezone as zones
from court.accounts.models import User
from court.cases.access import appoint
from court.cases.models import Case, Role, Stage
from court.hearings.models import Hearing, HearingState
from court.rooms.models import Recording, Room, Track, TrackKind
from transcripts import index
from transcripts.models import STEP, Transcript, TranscriptState, Utterance, VersionKind
from transcripts.versions import keep

WORDS, PASSAGES = %(words)d, %(passages)d
rng = random.Random(8)
judge = User.objects.get(email="judge@example.org")
case = Case.objects.create(number="C-2026-0008", title="Eight hours", stage=Stage.LISTED, opened_by=judge)
appoint(case, judge, Role.JUDGE)
began = datetime(2026, 3, 3, 9, tzinfo=zones.utc)
room = Room.objects.create(name="A day", ended_at=began)
hearing = Hearing.objects.create(
    case=case, room=room, judge=judge, starts_at=began, state=HearingState.ENDED, listed_by=judge
)
recording = Recording.objects.create(room=room, started_at=began, ended_at=began, ready_at=began)
transcript = Transcript.objects.create(
    recording=recording, hearing=hearing, case=case, state=TranscriptState.READY, sound_seconds=8 * 3600.0
)
people = [("Ada Park", "judge"), ("Kim Jiwoo", "claimant"), ("Li Wei", "respondent"), ("Choi Yuna", "witness")]
tracks = [
    Track.objects.create(recording=recording, kind=TrackKind.SOUND, name=name, role=role, assembled_at=began)
    for name, role in people
]
vocabulary = ["".join(rng.choice("bcdfghklmnprst") + rng.choice("aeiou") for _ in range(rng.randint(1, 4)))
              for _ in range(4000)] + ["parcel"] * 20
utterances, second, number, left = [], 1.0, 1, WORDS
for at in range(PASSAGES):
    many = left // (PASSAGES - at) if at == PASSAGES - 1 else max(1, min(left - (PASSAGES - at - 1),
           round(rng.gauss(WORDS / PASSAGES, WORDS / PASSAGES / 2))))
    left -= many
    words = []
    for _ in range(many):
        words.append([rng.choice(vocabulary), round(second, 2), round(second + 0.3, 2),
                      0.3 if rng.random() < 0.02 else 0.9, number, "h"])
        second += 8 * 3600 / (WORDS * 1.02)
        number += 1
    words[-1][0] += "."
    track = tracks[rng.randrange(4)]
    utterances.append(Utterance(
        transcript=transcript, case=case, hearing=hearing, track=track, position=(at + 1) * STEP, speaker=track.name,
        role=track.role, language="en", start=words[0][1], end=words[-1][2],
        spoken_at=began + timedelta(seconds=words[0][1]), text=" ".join(word[0] for word in words), words=words))
made = index.rows(utterances)
index.write(Utterance.objects.bulk_create(utterances, batch_size=500), made)
Transcript.objects.filter(pk=transcript.pk).update(next_word=number)
keep(transcript, VersionKind.MACHINE, by=None)
result = [transcript.pk, number - 1, len(utterances)]
"""

TIMING = """() => {
  window.keyTimes = [];
  window.eventTimes = [];
  document.addEventListener("keydown", () => {
    const begin = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();  // after the frame of this animation frame was painted
      channel.port1.onmessage = () => window.keyTimes.push(performance.now() - begin);
      channel.port2.postMessage(null);
    });
  }, { capture: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.name.startsWith("key"))
        window.eventTimes.push({
          event: entry.name, during: window.during, ms: entry.duration,
          waited_ms: Math.round(entry.processingStart - entry.startTime),
          worked_ms: Math.round(entry.processingEnd - entry.processingStart),
        });
  }).observe({ type: "event", durationThreshold: 16 });
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=72_000)
    parser.add_argument("--passages", type=int, default=5_000)
    parser.add_argument("--port", type=int, default=None)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Court(Path(folder), port=asked.port) as court:
        court.people()
        number, words, passages = court.shell(MAKE % {"words": asked.words, "passages": asked.passages})
        with Browsers(court) as browsers:
            page = browsers.open("clerk@example.org", devices=False)
            found = measure(page, number)
            assert page.problems == [], page.problems
            found["compare"] = compare(page, number)
        saved = court.shell("from transcripts.models import Edit\nresult = Edit.objects.count()")
    print(
        json.dumps(
            {"machine": machine(), "words": words, "passages": passages, **found, "edits_saved": saved}, indent=2
        )
    )


def measure(page: Any, number: int) -> dict[str, object]:
    """Open times in ms (first and later), and the latency of keys of each kind."""
    opens = []
    for _ in range(5):
        page.goto(f"/transcripts/{number}/edit")
        page.wait_for_selector("[data-editor][data-ready]")
        opens.append(page.evaluate("performance.getEntriesByName('editor-ready')[0].startTime"))
    in_page = page.locator("[data-passages] > .passage").count()
    page.evaluate(TIMING)
    kinds: dict[str, list[float]] = {}

    def press(kind: str, *keys: str, pause: int = 40) -> None:
        page.evaluate("kind => { window.keyTimes.length = 0; window.during = kind; }", kind)
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(pause)
        page.wait_for_timeout(100)
        kinds.setdefault(kind, []).extend(page.evaluate("window.keyTimes"))

    page.locator(".passage__box").click()
    press("typing", *"the parcel came late on Monday morning and it was open ", pause=60)
    press("typing, with saves between", *"so said the witness", pause=300)
    for _ in range(20):
        press("next passage", "Alt+ArrowDown", pause=100)
    for _ in range(10):
        press("next unsure word", "F2", pause=100)
    for at in (2000, 4900):
        page.evaluate("at => window.scrollTo(0, document.body.scrollHeight * at / 5000)", at)
        page.wait_for_timeout(300)
        shown = page.locator("[data-passages] .passage:not(.passage--apart) .passage__text")
        shown.nth(shown.count() // 2).click()
        press("typing deep in the text", *"a word in the middle ", pause=60)
    press("split", "Home", *["Control+ArrowRight"] * 3, pause=60)
    kinds.pop("split")
    press("split", "Enter", pause=300)
    press("join", "Backspace", pause=300)
    press("find (opens)", "Control+f", pause=200)
    press("find (types)", *"parcel", pause=150)
    press("find (next)", *["Enter"] * 10, pause=100)
    count = page.locator("[data-count]").inner_text()
    page.locator("[data-instead]").fill("package")
    begin = time.monotonic()
    page.locator("[data-replace-all]").click()
    page.wait_for_selector("html[data-unsent='0']")
    replaced = time.monotonic() - begin
    slow = page.evaluate("window.eventTimes")
    page.wait_for_timeout(1000)
    every = [taken for many in kinds.values() for taken in many]
    return {
        "goal": {"open_ms": 2000, "key_ms": 200},
        "open_ms": {
            "first": round(opens[0]),
            "median": round(statistics.median(opens)),
            "all": [round(o) for o in opens],
        },
        "passages_in_the_page": in_page,
        "key_ms": {
            kind: {"n": len(many), "median": round(statistics.median(many), 1), "max": round(max(many), 1)}
            for kind, many in kinds.items()
        },
        "slowest_key_ms": round(max(every), 1),
        "slowest_event_timings": sorted(slow, key=lambda entry: -entry["ms"])[:5],
        "found": count,
        "replace_all_saved_s": round(replaced, 2),
    }


def compare(page: Any, number: int) -> dict[str, float]:
    """How long the page that compares the machine's text with the present one takes, in ms."""
    begin = time.monotonic()
    answer = page.goto(f"/transcripts/{number}/compare?a=1&b=now")
    assert answer.status == 200
    return {"page_ms": round((time.monotonic() - begin) * 1000)}


if __name__ == "__main__":
    main()
