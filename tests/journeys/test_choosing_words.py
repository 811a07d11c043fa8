"""Words of a transcript chosen with mouse, keys or single presses in a real browser, and what is done with them."""

import pytest
from django.conf import settings

from tests.journeys.house import CHROMIUM, FLAGS, Court

pytestmark = pytest.mark.browser

MAKE = """
from django.conf import settings
from django.test import Client
from tests.conftest import make_cast
from tests.transcripts.hearings import a_case, heard
cast = make_cast()
made = heard(a_case(cast), [
    ("Kim Jiwoo", "claimant", 2.0, "The parcel arrived on the third of March."),
    ("Li Wei", "respondent", 8.0, "We dispute that."),
], judge=cast.judge)
browser = Client()
browser.force_login(cast.claimant, backend=settings.AUTHENTICATION_BACKENDS[0])
result = {"cookie": browser.cookies[settings.SESSION_COOKIE_NAME].value, "transcript": made.pk}
"""


@pytest.fixture(scope="module")
def court(tmp_path_factory):
    with Court(tmp_path_factory.mktemp("court"), COURT_DEMO="1") as opened:
        opened.made = opened.shell(MAKE)
        yield opened


@pytest.fixture
def tab(court):
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
        )
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": court.made["cookie"], "url": court.origin}]
        )
        page = context.new_page()
        page.goto(f"{court.origin}/transcripts/{court.made['transcript']}/")
        page.locator(".word").nth(10).wait_for()
        yield page
        browser.close()


def chosen(tab) -> str:
    tab.locator(".word--chosen").first.wait_for()
    return " ".join(tab.locator(".word--chosen").all_inner_texts())


def drag(tab, first: int, last: int) -> None:
    words = tab.locator(".word")
    words.nth(first).evaluate("e => e.closest('[data-line]').scrollIntoView({block: 'center'})")
    start, end = words.nth(first).bounding_box(), words.nth(last).bounding_box()
    tab.mouse.move(start["x"] + 2, start["y"] + start["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(end["x"] + end["width"] - 2, end["y"] + end["height"] / 2, steps=8)
    tab.mouse.up()


def test_words_chosen_with_the_mouse_are_copied_with_their_source(tab):
    drag(tab, 1, 3)
    assert chosen(tab) == "parcel arrived on"
    tab.get_by_role("link", name="Copy quotation").click()
    tab.get_by_text("Copied.").wait_for()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“parcel arrived on” (Kim Jiwoo, C-2026-0042, hearing of Tuesday 3 March 2026, 0:00:02, ")
    tab.keyboard.press("Escape")
    assert tab.locator("[data-chosen]").is_hidden()


def test_shift_and_the_arrows_grow_and_shrink_the_choice_over_lines(tab):
    tab.locator("[data-from]").first.focus()
    tab.keyboard.press("ArrowRight")
    for _time in range(3):
        tab.keyboard.press("Shift+ArrowRight")
    assert chosen(tab) == "The parcel arrived on"
    tab.keyboard.press("Shift+ArrowLeft")
    assert chosen(tab) == "The parcel arrived"
    tab.keyboard.press("Shift+ArrowDown")
    assert chosen(tab) == "The parcel arrived on the third of March. We dispute that."


def test_two_presses_choose_words_and_each_action_knows_them(tab, court):
    tab.get_by_role("button", name="Choose words").click()
    tab.locator(".word").nth(4).click()
    tab.get_by_text("Now choose the last word.").wait_for()
    tab.locator(".word").nth(2).click()
    assert chosen(tab) == "arrived on the"
    for name in ("Ask for a correction", "Make a clip"):
        assert "first=3&last=5" in tab.get_by_role("link", name=name).get_attribute("href")
    tab.goto(court.origin + tab.get_by_role("link", name="Link", exact=True).get_attribute("href"))
    assert chosen(tab) == "arrived on the"
    assert tab.locator(".word--linked").inner_text() == "arrived"
