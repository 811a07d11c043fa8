"""A clip is made and heard, and a passage cited in an order is heard, in a real browser."""

import subprocess

import pytest
from django.conf import settings

from tests.journeys.house import CHROMIUM, FLAGS, Court

pytestmark = pytest.mark.browser

MAKE = """
from tests.conftest import make_cast
from tests.transcripts.hearings import a_case, heard
from court.cases.models import Stage
cast = make_cast()
case = a_case(cast)
case.stage = Stage.HEARD
case.save()
heard(case, [
    ("Kim Jiwoo", "claimant", 2.0, "The parcel arrived on the third of March."),
    ("Li Wei", "respondent", 8.0, "We dispute that."),
], judge=cast.judge)
"""
# Only once the court has done what a new transcript sets going: it would make a sound of its own for it.
FILL = """
from datetime import timedelta
from django.conf import settings
from django.core.files import File
from django.test import Client
from court.accounts.models import User
from court.orders.services import start_order
from court.rooms.models import Track, TrackKind
from transcripts.models import Transcript
made = Transcript.objects.get()
with open(FOLDER + "/tone.m4a", "rb") as file:
    made.sound.save("tone.m4a", File(file))
recording = made.recording
recording.ended_at = recording.started_at + timedelta(seconds=12)
recording.save()
picture = Track.objects.create(recording=recording, kind=TrackKind.PICTURE, name="Kim Jiwoo", role="claimant",
                               seconds=12.0, assembled_at=recording.ended_at)
with open(FOLDER + "/picture.webm", "rb") as file:
    picture.file.save("picture.webm", File(file))
people = {"claimant": User.objects.get(name="Kim Jiwoo"), "judge": User.objects.get(name="Ada Park")}
draft = start_order(made.case, kind="directions", language="en", by=people["judge"])
result = {"order": draft.pk, "transcript": made.pk}
for part, person in people.items():
    browser = Client()
    browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    result[part] = browser.cookies[settings.SESSION_COOKIE_NAME].value
"""


@pytest.fixture(scope="module")
def court(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sounds")
    for name, source, *coded in (
        ("tone.m4a", "sine=440:duration=12", "-c:a", "aac"),
        ("picture.webm", "testsrc=duration=12:size=320x240:rate=15", "-c:v", "libvpx"),
    ):
        made = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, *coded, str(folder / name)]
        subprocess.run(made, check=True)
    with Court(tmp_path_factory.mktemp("court"), COURT_DEMO="1") as opened:
        opened.shell(MAKE)
        opened.work()
        opened.made = opened.shell(f"FOLDER = {str(folder)!r}\n{FILL}")
        opened.start_worker()
        yield opened


@pytest.fixture
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def tab_of(browser, court, person: str):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": court.made[person], "url": court.origin}
    context.add_cookies([cookie])
    return context.new_page()


def choose(tab, court, first: int, last: int) -> None:
    """Choose words of the transcript by two presses."""
    tab.goto(f"{court.origin}/transcripts/{court.made['transcript']}/")
    tab.get_by_role("button", name="Choose words").click()
    tab.locator(".word").nth(first).click()
    tab.get_by_text("Now choose the last word.").wait_for()
    tab.locator(".word").nth(last).click()
    tab.locator(".word--chosen").nth(last - first).wait_for()


def test_a_clip_is_cut_while_its_owner_waits_and_plays_to_its_end(browser, court):
    tab = tab_of(browser, court, "claimant")
    for kind, picture in (("audio", None), ("video", "Kim Jiwoo")):
        choose(tab, court, 1, 4)  # "parcel arrived on the": 2.4 s to 3.9 s
        tab.get_by_role("link", name="Make a clip").click()
        if picture:
            tab.get_by_label(picture).check()
        tab.get_by_role("button", name="Make the clip").click()
        player = tab.locator(f".task-list {kind}")
        player.wait_for(timeout=60_000)  # the page waits for the worker by itself
        player.evaluate("player => player.play()")
        tab.wait_for_function("kind => document.querySelector(kind).ended", arg=f".task-list {kind}", timeout=30_000)
        told = player.evaluate("({ duration, videoWidth }) => [duration, videoWidth ?? 0]")
        assert told[0] == pytest.approx(1.5 + 0.3, abs=0.15)
        assert told[1] == (320 if picture else 0)
    tab.get_by_role("button", name="Delete").first.click()
    tab.get_by_text("The clip was deleted.").wait_for()
    assert tab.locator(".task-list :is(audio, video)").count() == 1


# The page plays by an element it keeps to itself.
LISTEN = """
const Plain = window.Audio;
window.Audio = function () {
  window.sound = new Plain();
  window.began = [];
  sound.addEventListener("playing", () => began.push(sound.currentTime));
  return sound;
};
"""


def test_a_passage_put_into_an_order_plays_its_words_and_stops(browser, court):
    tab = tab_of(browser, court, "judge")
    tab.add_init_script(LISTEN)
    choose(tab, court, 1, 4)
    tab.get_by_role("link", name="Insert into an order").click()
    tab.get_by_role("button", name="Insert").click()
    tab.wait_for_url("**/edit/")
    tab.goto(f"{court.origin}/orders/{court.made['order']}/")
    tab.get_by_text("parcel arrived on the").wait_for()
    play = tab.get_by_role("button", name="Play")
    play.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => began.length === 1 && sound.paused", timeout=30_000)
    assert tab.evaluate("began[0]") == pytest.approx(2.4, abs=0.1)
    assert 3.9 <= tab.evaluate("sound.currentTime") <= 4.6  # it is looked at four times a second
    assert play.get_attribute("aria-pressed") == "false"
