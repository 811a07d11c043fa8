"""The clerk's editor while the sound plays, while words are composed, and when a browser or the server is killed."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.journeys.house import CHROMIUM, FLAGS, Browsers, Court
from tests.journeys.test_editor import MAKE, SAID, into, opened, rows, saved, texts

pytestmark = pytest.mark.browser

TONE = """
import subprocess, tempfile
from pathlib import Path
from django.core.files import File
from transcripts.models import Transcript
with tempfile.TemporaryDirectory() as folder:
    made = Path(folder, "tone.m4a")
    sine = ["-f", "lavfi", "-i", "sine=frequency=440:duration=60"]
    subprocess.run(["ffmpeg", "-v", "error", *sine, str(made)], check=True)
    with made.open("rb") as file:
        Transcript.objects.get(pk=%d).sound.save("tone.m4a", File(file))
Transcript.objects.filter(pk=%d).update(sound_seconds=60.0)
"""


@pytest.fixture(scope="module")
def court(tmp_path_factory) -> Iterator[Court]:
    with Court(tmp_path_factory.mktemp("court")) as running:
        running.people()
        yield running


@pytest.fixture
def transcript(court) -> int:
    return court.shell(MAKE)


@pytest.fixture
def browsers(court) -> Iterator[Browsers]:
    with Browsers(court) as running:
        yield running


def times(row: dict) -> list:
    return [word[1:5] for word in row["words"]]


def test_one_types_while_the_sound_plays_and_neither_disturbs_the_other(browsers, court, transcript):
    court.shell(TONE % (transcript, transcript))
    before = rows(court, transcript)
    page = opened(browsers, transcript)
    into(page, 0, len("The adress lable is "))
    page.keyboard.press("F8")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.3")
    page.keyboard.type("surely ", delay=60)
    page.keyboard.press("F9")  # back two seconds: the caret stays
    page.keyboard.type("and really ", delay=60)
    assert page.evaluate("document.querySelector('audio').paused") is False
    page.wait_for_selector(".passage--now")
    saved(page)
    assert page.locator(".passage__box").input_value() == "The adress lable is surely and really not mine."
    assert page.evaluate("document.activeElement.selectionStart") == len("The adress lable is surely and really ")
    page.keyboard.press("F8")
    page.wait_for_function("() => document.querySelector('audio').paused")
    after = rows(court, transcript)
    assert after[0]["text"] == "The adress lable is surely and really not mine."
    kept = [word for word in after[0]["words"] if word[0] not in ("surely", "and", "really")]
    assert [word[1:5] for word in kept] == times(before[0])
    assert page.problems == []


def compose(method, *parts: str) -> None:
    for part in parts:
        method.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})


def process_key(method, code: str, number: int = 229) -> None:
    """A key that the input method takes for itself."""
    told = {"key": "Process", "code": code, "windowsVirtualKeyCode": number}
    method.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **told})
    method.send("Input.dispatchKeyEvent", {"type": "keyUp", **told})


def test_korean_is_composed_in_the_middle_of_a_passage_without_losing_or_doubling_anything(
    browsers, court, transcript
):
    before = rows(court, transcript)
    page = opened(browsers, transcript)
    place = len("It came on ")
    into(page, 1, place)
    method = page.context.new_cdp_session(page)
    for parts, syllable in ((("ㅎ", "하", "한"), "한"), (("ㄱ", "그", "글"), "글")):
        compose(method, *parts)
        page.wait_for_timeout(1200)  # longer than the pause after which a passage is saved
        assert (
            page.locator(".passage__box").input_value()
            == "It came on " + ("한" if syllable == "글" else "") + parts[-1] + "Monday morning."
        )
        for code in ("Enter", "F8", "ArrowDown", "Backspace", "Escape"):  # the method's own, while it composes
            process_key(method, code)
        method.send("Input.insertText", {"text": syllable})
    page.keyboard.type(" ")
    assert page.evaluate("document.activeElement.selectionStart") == place + len("한글 ")
    saved(page)
    after = rows(court, transcript)
    assert [row["text"] for row in after] == [SAID[0][3], "It came on 한글 Monday morning.", SAID[2][3], SAID[3][3]]
    kept = [word for word in after[1]["words"] if word[0] != "한글"]
    assert [word[1:5] for word in kept] == times(before[1])
    assert page.problems == []


def test_chinese_composed_between_characters_keeps_the_times_of_the_others(browsers, court, transcript):
    before = rows(court, transcript)
    page = opened(browsers, transcript)
    into(page, 3, len("包裹 昨天 "))
    method = page.context.new_cdp_session(page)
    compose(method, "y", "yi", "yi'j", "yijing")
    process_key(method, "Space")
    process_key(method, "Digit1")
    method.send("Input.insertText", {"text": "已经"})
    page.keyboard.type(" ")
    saved(page)
    after = rows(court, transcript)
    assert after[3]["text"] == "包裹 昨天 已经 送到 仓库"
    kept = [word for word in after[3]["words"] if word[0] not in ("已经", "已", "经")]
    assert [word[1:5] for word in kept] == times(before[3])


def test_a_composition_that_is_given_up_leaves_the_text_as_it_was(browsers, court, transcript):
    page = opened(browsers, transcript)
    into(page, 0, 4)
    method = page.context.new_cdp_session(page)
    compose(method, "ㅎ", "하", "")
    page.wait_for_timeout(1200)
    assert page.locator(".passage__box").input_value() == SAID[0][3]
    assert texts(court, transcript) == [said[3] for said in SAID]


def killed(folder: Path) -> None:
    """Kill every process of the browser that keeps its things in this folder, as a power cut would."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and f"--user-data-dir={folder}".encode() in (entry / "cmdline").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)


def test_what_was_typed_offline_outlasts_a_browser_that_is_killed(browsers, court, transcript, tmp_path):
    folder = tmp_path / "profile"

    def start():
        place = browsers.playwright.chromium.launch_persistent_context(
            folder, executable_path=CHROMIUM, headless=True, args=FLAGS, base_url=court.origin
        )
        session = court.session_of("clerk@example.org")
        place.add_cookies([{"name": "sessionid", "value": session, "url": court.origin}])
        return place, place.new_page()

    place, page = start()
    page.goto(f"/transcripts/{transcript}/edit")
    page.wait_for_selector("[data-editor][data-ready]")
    place.route("**/edits*", lambda route: route.abort())
    into(page, 0, len("The adress lable is "))
    page.keyboard.type("surely ")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type(" Or so.")
    page.keyboard.press("Alt+ArrowDown")
    page.locator("[data-state]", has_text="changes wait for the connection").wait_for()
    killed(folder)
    with suppress(Exception):  # it is gone already
        place.close()
    assert texts(court, transcript)[:2] == [SAID[0][3], SAID[1][3]]
    place, page = start()
    page.goto(f"/transcripts/{transcript}/edit")
    page.wait_for_selector("[data-editor][data-ready]")
    saved(page)
    assert texts(court, transcript)[:2] == [
        "The adress lable is surely not mine.",
        "It came on Monday morning. Or so.",
    ]
    place.close()


@pytest.mark.parametrize("reached", [True, False], ids=["after it had saved", "before it had the change"])
def test_a_server_killed_in_the_middle_of_a_save_loses_and_doubles_nothing(browsers, court, transcript, reached):
    page = opened(browsers, transcript)
    cut = []

    def cuts(route):
        if route.request.method != "POST" or cut:
            route.continue_()
            return
        cut.append(True)
        if reached:
            route.fetch()  # the server has done it, its answer never arrives
        court.kill()
        route.abort()

    page.context.route("**/edits*", cuts)
    into(page, 0, len("The ad"))
    page.keyboard.type("d")
    page.keyboard.press("Alt+ArrowDown")
    page.locator("[data-state]", has_text="waits for the connection").wait_for()
    page.keyboard.press("End")
    page.keyboard.type(" Or so.")
    page.keyboard.press("Alt+ArrowDown")
    court.start()
    saved(page)
    assert texts(court, transcript)[:2] == ["The address lable is not mine.", "It came on Monday morning. Or so."]
    made = court.shell(
        f"from transcripts.models import Edit\nresult = Edit.objects.filter(transcript={transcript}).count()"
    )
    assert made == 2
