"""Every page of the court in a real browser: accessible, fit for a phone, quiet, and in the reader's language.

The court is a real one (``house.Court``) with everything in it (``tests.world``); the pages are the rows of the table
of addresses that somebody may read, each read once, by the first person who may.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import polib
import pytest
from django.conf import settings

from tests.conftest import PEOPLE
from tests.journeys.house import CHROMIUM, FLAGS, Court
from tests.test_every_address import table

pytestmark = pytest.mark.browser

MAKE = """
import pathlib
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.conftest import make_cast
from tests.test_every_address import table, values
from tests.world import build_world
people = make_cast()
folder = pathlib.Path(settings.DATA_DIR) / "made"
folder.mkdir()
world = build_world(people, folder)
result = {"cookies": {}, "paths": {}}
for part, person in people:
    browser = Client()
    browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    result["cookies"][part] = browser.cookies[settings.SESSION_COOKIE_NAME].value
for row in table():
    if row.how == "get":
        result["paths"][str(row)] = reverse(row.name, args=values(row.of, world))
"""

NO_PAGES = {  # files and data, read by a program
    "certificate",
    "certificate_progress",
    "clip",
    "clips_progress",
    "demo_attachment",
    "exhibit_file",
    "exhibit_page",
    "hearing_ics",
    "mediation_ics",
    "order_pdf",
    "presented",
    "set_language",
    "transcript_export",
    "transcript_pages_file",
    "written_file",
    "transcript_pages_progress",
    "transcript_edit_text",
    "transcript_edits",
    "transcript_frame",
    "transcript_picture",
    "transcript_progress",
    "transcript_sound",
    "written_progress",
}
SAID = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')|\b(?:_|gettext_lazy)\(\s*"([^"%{]+)"\s*\)""")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Page:
    """One page and who reads it."""

    row: str
    person: str

    def __str__(self) -> str:
        return f"{self.row} as {self.person}"


def pages() -> list[Page]:
    """Each page once for each kind of reader: the first party, and the first of the court's people."""
    found = []
    for row in table():
        if row.how != "get" or row.name in NO_PAGES:
            continue
        readers = [person for person, answer in row.wanted().items() if answer == "ok"]
        parties = [person for person in readers if person in ("nobody", "claimant", "respondent")]
        staff = [person for person in readers if person in ("judge", "mediator", "clerk")]
        chosen = parties[:1] + (staff[:1] if row.of != "." or row.name in ("home", "cases") else [])
        found += [Page(str(row), person) for person in chosen or readers[:1]]
    return [*found, Page("a page that is not there", "nobody")]


@pytest.fixture(scope="module")
def court(tmp_path_factory) -> Iterator[Court]:
    with Court(tmp_path_factory.mktemp("court"), COURT_DEMO="1") as opened:
        opened.made = opened.shell(MAKE)
        opened.made["paths"]["a page that is not there"] = "/no-such-page/"
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Reader:
    """One person's browser in one language; it writes down whatever the page complains about."""

    def __init__(self, chromium, court: Court, person: str, language: str) -> None:
        self.origin = court.origin
        self.context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        cookies = {"django_language": language}
        if person in court.made["cookies"]:
            cookies[settings.SESSION_COOKIE_NAME] = court.made["cookies"][person]
        self.context.add_cookies([{"name": n, "value": v, "url": court.origin} for n, v in cookies.items()])
        self.tab = self.context.new_page()
        self.complaints: list[str] = []
        self.tab.on("console", self._heard)
        self.tab.on("pageerror", lambda fault: self.complaints.append(f"page error: {fault}"))

    def _heard(self, message) -> None:
        if message.type == "error" and "status of 404" not in message.text:
            self.complaints.append(f"{message.type}: {message.text[:200]}")

    def open(self, path: str, width: int) -> None:
        self.complaints.clear()
        self.tab.set_viewport_size({"width": width, "height": 900})
        answer = self.tab.goto(self.origin + path, wait_until="load")
        assert answer.status == (404 if path == "/no-such-page/" else 200), (path, answer.status)


@pytest.fixture(scope="module")
def reader(chromium, court) -> Iterator[object]:
    """``reader(person, language)``: browsers are kept from page to page."""
    kept: dict[tuple[str, str], Reader] = {}

    def give(person: str, language: str) -> Reader:
        if (person, language) not in kept:
            kept[person, language] = Reader(chromium, court, person, language)
        return kept[person, language]

    yield give
    for one in kept.values():
        one.context.close()


def faults(reader: Reader, language: str) -> list[str]:
    """What axe finds, and what this house asks of every page besides."""
    if not reader.tab.evaluate("() => Boolean(window.axe)"):
        reader.tab.evaluate(axe_source())
    found = reader.tab.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})"
        ".then(r => r.violations.map(v => v.id + ' at ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')"
        " + ': ' + (v.nodes[0].any[0] || v.nodes[0].all[0] || v.nodes[0].none[0] || {message: ''}).message))",
        RULES,
    )
    headings = reader.tab.locator("h1").count()
    if headings != 1:
        found.append(f"{headings} h1")
    spoken = reader.tab.evaluate("() => document.documentElement.lang")
    if spoken.lower() != language:
        found.append(f"lang={spoken}")
    return found + reader.complaints


def axe_source() -> str:
    from importlib.resources import files

    return (files("axe_playwright_python") / "axe.min.js").read_text()


def too_wide(reader: Reader) -> list[str]:
    """What makes the page scroll sideways at the present width."""
    return reader.tab.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const wide = [...document.querySelectorAll("body *")]
                .filter((e) => e.getBoundingClientRect().right > width + 1)
                .slice(0, 4)
                .map((e) => e.tagName.toLowerCase() + "." + e.className);
            return ["wider than " + width + ": " + document.documentElement.scrollWidth + " " + wide.join(" ")];
        }"""
    )


def covered(reader: Reader) -> list[str]:
    """What a person could press at the present width if nothing lay over it."""
    return reader.tab.evaluate(
        """() => {
            const found = [];
            for (const one of document.querySelectorAll("a[href], button, summary, input, select, textarea")) {
                const seen = one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
                if (!seen || one.disabled) continue;
                one.scrollIntoView({ block: "center", inline: "nearest" });
                const box = one.getClientRects()[0];
                if (!box || box.width < 3 || box.height < 3) continue; // for those who hear the page
                const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                if (!top || one.contains(top) || top.closest("label")?.control === one) continue;
                found.push(`${top.tagName.toLowerCase()}.${top.className} lies over ${one.outerHTML.slice(0, 90)}`);
            }
            return found.slice(0, 3);
        }"""
    )


def read(reader: Reader) -> list[str]:
    """The pieces of text a person sees or hears, in the page's own language."""
    return reader.tab.evaluate(
        """() => {
            const found = [];
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const box = walk.currentNode.parentElement;
                const other = box.closest("[lang]");
                if (box.closest("script, style, template, code, kbd")) continue;
                if (other && other !== document.documentElement) continue;
                found.push(walk.currentNode.textContent);
            }
            for (const name of ["aria-label", "title", "alt", "placeholder"])
                for (const e of document.querySelectorAll(`[${name}]`)) found.push(e.getAttribute(name));
            return found.map((text) => text.trim().replace(/\\s+/g, " ")).filter(Boolean);
        }"""
    )


@pytest.fixture(scope="module")
def english() -> set[str]:
    """What the court's own templates and code say in English, whether or not a catalogue knows it yet."""
    words: set[str] = set()
    for top in ("court", "mediation", "transcripts", "templates"):
        for path in (settings.BASE_DIR / top).rglob("*"):
            if path.suffix in (".py", ".html"):
                words |= {next(filter(None, found)) for found in SAID.findall(path.read_text())}
    for path in (settings.BASE_DIR / "court" / "locale").glob("*/LC_MESSAGES/django.po"):
        same = {entry.msgid for entry in polib.pofile(str(path)) if entry.msgstr == entry.msgid}
        words -= same
    names = {name for name, _ in PEOPLE.values()}
    return {word for word in words if re.search("[A-Za-z]{3}", word)} - names - {"English"}


def test_a_reader_sees_what_is_wrong_with_a_page(reader, english):
    browser = reader("nobody", "en")
    browser.open("/help/", 320)
    assert faults(browser, "en") + too_wide(browser) + covered(browser) == []
    browser.tab.evaluate(
        """() => {
            document.querySelector("main").insertAdjacentHTML("beforeend", "<h1>Help</h1><img src='/x.png'>");
            const wide = document.createElement("p");
            wide.textContent = "x".repeat(500);
            document.querySelector("main").append(wide);
            wide.style.whiteSpace = "nowrap";
            const lid = document.createElement("div");
            lid.className = "lid";
            lid.style = "position: absolute; inset: 0; z-index: 9";
            const home = document.querySelector("body header a");
            home.style = "position: relative; display: block";
            home.parentElement.style.position = "relative";
            home.after(lid);
            setTimeout(() => { throw new Error("broken"); });
        }"""
    )
    seen = " ".join(faults(browser, "ko") + too_wide(browser) + covered(browser))
    for fault in ("image-alt", "2 h1", "lang=en", "broken", "wider than", "div.lid lies over"):
        assert fault in seen
    assert "Help" in read(browser) and "Help" in english


@pytest.mark.parametrize("page", pages(), ids=str)
def test_a_page_is_accessible_fits_a_phone_and_is_quiet(page, reader, court):
    browser, path = reader(page.person, "en"), court.made["paths"][page.row]
    browser.open(path, 1280)
    found = faults(browser, "en") + covered(browser)
    browser.tab.set_viewport_size({"width": 320, "height": 900})
    small = faults(browser, "en") + covered(browser)
    found += [f"at 320: {fault}" for fault in small if fault not in found] + too_wide(browser)
    assert found == [], path


@pytest.mark.parametrize("language", ["ko", "zh-hans"])
@pytest.mark.parametrize("page", list({page.row: page for page in reversed(pages())}.values()), ids=str)
def test_a_page_speaks_the_readers_language(page, language, reader, court, english):
    browser, path = reader(page.person, language), court.made["paths"][page.row]
    browser.open(path, 360)
    found = faults(browser, language) + too_wide(browser)
    left = sorted({text for text in read(browser) if text in english})
    assert (found, json.dumps(left)) == ([], "[]"), path
