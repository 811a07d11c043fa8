"""How long it takes from a click on a passage that was found until it is heard, in Chromium. Run by search.py --sound.

An hour's recording is searched; each round opens the results anew, in a browser that has nothing of it, and clicks one
of the passages. The time is that from the click to the browser's ``playing`` event; the second it plays is checked.
"""

import math
import statistics
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parent.parent
GOAL = 500
MAKE = """
import subprocess
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from tests.conftest import make_cast
from tests.transcripts.hearings import a_case, heard
from transcripts.models import Transcript
people = dict(make_cast())
judge = people["judge"]
class Cast: pass
cast = Cast()
for name, person in people.items(): setattr(cast, name, person)
said = "The parcel was sealed when it arrived."
lines = [("Kim Jiwoo", "claimant", 200.0 * n + 50, said) for n in range(17)]
transcript = heard(a_case(cast), lines, judge=judge)
sound = subprocess.run(
    ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anoisesrc=d=3600:c=pink:r=48000:a=0.3", "-c:a", "aac",
     "-b:a", "64k", "-movflags", "+faststart", "-f", "mp4", str(settings.DATA_DIR / "hour.m4a")], check=True)
name = default_storage.save("transcripts/sound/hour.m4a", ContentFile((settings.DATA_DIR / "hour.m4a").read_bytes()))
Transcript.objects.filter(pk=transcript.pk).update(sound=name, sound_seconds=3600.0)
browser = Client()
browser.force_login(judge, backend=settings.AUTHENTICATION_BACKENDS[0])
result = {"cookie": browser.cookies[settings.SESSION_COOKIE_NAME].value, "name": settings.SESSION_COOKIE_NAME}
"""
WATCH = """() => {
  const sound = document.querySelector("[data-dock-sound]");
  window.heard = new Promise((tell) => {
    let clicked = 0;
    document.addEventListener("click", (press) => { clicked = press.timeStamp; }, { capture: true, once: true });
    sound.addEventListener("playing", (event) => tell([event.timeStamp - clicked, sound.currentTime]), { once: true });
  });
}"""


def measure_sound(rounds: int) -> dict[str, Any]:
    """Click a passage in each round; the times in milliseconds. Raises AssertionError if a wrong second is played."""
    sys.path.insert(0, str(HOUSE))
    from playwright.sync_api import sync_playwright

    house = import_module("tests.journeys.house")
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder, house.Court(Path(folder)) as court, sync_playwright() as playwright:
        made = court.shell(MAKE)
        chromium = playwright.chromium.launch(executable_path=house.CHROMIUM, args=house.FLAGS)
        for number in range(rounds):
            context = chromium.new_context(viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": made["name"], "value": made["cookie"], "url": court.origin}])
            page = context.new_page()
            page.goto(f"{court.origin}/search/?q=parcel", wait_until="load")
            button = page.locator("[data-listen]").nth(number % 17)
            button.scroll_into_view_if_needed()
            page.evaluate(WATCH)
            wanted = float(button.get_attribute("data-start") or "nan")
            button.click()
            took, second = page.evaluate("() => window.heard")
            if not wanted - 1.0 <= second <= wanted + 0.5:
                raise AssertionError(f"Second {second} was played and not {wanted}.")
            times.append(took)
            context.close()
        chromium.close()
    times.sort()
    return {
        "goal_ms": GOAL,
        "rounds": rounds,
        "recording_seconds": 3600,
        "p50_ms": round(statistics.median(times)),
        "p95_ms": round(times[math.ceil(0.95 * len(times)) - 1]),
        "longest_ms": round(times[-1]),
    }
