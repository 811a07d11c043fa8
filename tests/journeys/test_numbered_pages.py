"""Numbered pages in a real browser: a line plays from its second, keys go by lines and pages, a citation opens."""

from collections.abc import Iterator

import pytest

from tests.journeys.house import Browsers, Court

pytestmark = pytest.mark.browser

SAID = [
    ("Kim Jiwoo", "claimant", 1.0 + 4 * turn, f"Sentence number {turn} of what I say today.") for turn in range(40)
]
MAKE = f"""
import io, wave
from types import SimpleNamespace
from django.core.files.base import ContentFile
from court.accounts.models import User
from tests.transcripts import hearings
parts = ("claimant", "respondent", "judge")
cast = SimpleNamespace(**{{part: User.objects.get(email=part + "@example.org") for part in parts}})
record = hearings.heard(hearings.a_case(cast), {SAID!r}, judge=cast.judge)
written = io.BytesIO()
with wave.open(written, "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(8000)
    file.writeframes(bytes(2 * 8000 * 170))
record.sound.save("silence.wav", ContentFile(written.getvalue()))
record.sound_seconds = 170.0
record.save()
result = record.pk
"""


@pytest.fixture(scope="module")
def court(tmp_path_factory) -> Iterator[Court]:
    with Court(tmp_path_factory.mktemp("court")) as opened:
        opened.people()
        yield opened


@pytest.fixture(scope="module")
def transcript(court) -> int:
    number = court.shell(MAKE)
    court.work()
    return number


def test_a_line_is_heard_and_keys_go_through_the_record(court, transcript):
    with Browsers(court) as browsers:
        page = browsers.open("claimant@example.org", devices=False)
        page.goto(f"/transcripts/{transcript}/pages")
        page.fill("#at", "3:9")
        page.keyboard.press("Enter")
        page.wait_for_url("**page=3#p3l9")
        page.wait_for_selector("#p3l9 :focus")

        line = page.locator("#p3l5")
        second = float(line.get_attribute("data-second"))
        line.locator("[data-play-line]").click()
        page.wait_for_selector("#p3l5.sheet__line--now, #p3l6.sheet__line--now")
        heard = page.locator("[data-sound]").evaluate("sound => sound.paused ? -1 : sound.currentTime")
        assert second <= heard < second + 5
        assert page.url.endswith("#p3l5")

        page.locator("#p3l5 [data-play-line]").focus()
        page.keyboard.press("ArrowDown")
        page.wait_for_selector("#p3l6 :focus")
        page.keyboard.press("ArrowUp")
        page.wait_for_selector("#p3l5 :focus")
        page.keyboard.press("ArrowRight")
        page.wait_for_selector("#p4l1")


def test_a_pdf_is_made_while_the_page_waits(court, transcript):
    with Browsers(court) as browsers:
        page = browsers.open("claimant@example.org", devices=False)
        page.goto(f"/transcripts/{transcript}/pages")
        page.get_by_role("button", name="Make the PDF").click()
        page.wait_for_selector("[data-making]")
        court.work()
        link = page.get_by_role("link", name="Pages 1 to")
        link.wait_for(timeout=30_000)
        with page.expect_download() as download:
            link.click()
        assert download.value.path().read_bytes().startswith(b"%PDF-")
