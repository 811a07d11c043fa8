"""One dispute from the first page to the signed order, by four people in real browsers.

Claimant and respondent sign up; a clerk accepts, lists and searches; the judge hears both and signs. Each person's
microphone is a recorded voice, so that what the record says can be held against what was said, by whom and when.
"""

import json
import re
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from court.demo.voices import speak, track, write_wav
from tests.journeys.house import Browsers, Court
from tests.journeys.papers import paper, photo, tone
from tests.journeys.post import wait_for_calendar, wait_for_letter
from tests.journeys.witness import WITNESS, fits, loudness_of, samples_of

pytestmark = pytest.mark.browser

PASSWORD = "a-long-pass-phrase-1"
PATIENCE = 60_000  # ms, for what three browsers on two cores take
LOOP = 24.0  # seconds after which a microphone's file begins again
# Who says what, and how many seconds after the microphone's file begins.
SAID = {
    "judge": [(1.0, "Good morning. The hearing is open and everything is recorded.")],
    "claimant": [
        (7.0, "The glass lamp arrived broken on the third of March."),
        (11.5, "I asked for my money back and nobody answered."),
    ],
    "respondent": [(16.0, "The parcel was packed with paper and marked as fragile.")],
}
# What a clerk types to find each sentence by its first words: who said it, and which of theirs it is.
LOOKED_FOR = {
    '"good morning"': ("judge", 0),
    '"the glass lamp" broken': ("claimant", 0),
    '"I asked for" nobody': ("claimant", 1),
    '"the parcel" fragile': ("respondent", 0),
}
NAMES = {"judge": "Ada Park", "claimant": "Kim Jiwoo", "respondent": "Li Wei"}


@dataclass
class Voice:
    """A microphone's file, and how loud each of its sentences is by itself."""

    path: Path
    sentences: list[np.ndarray]


@pytest.fixture(scope="module")
def voices(tmp_path_factory) -> dict[str, Voice]:
    folder = tmp_path_factory.mktemp("voices")
    made = {}
    for person, sentences in SAID.items():
        spoken = speak([text for _, text in sentences], person=person)
        laid = [(start, samples) for (start, _), samples in zip(sentences, spoken, strict=True)]
        path = write_wav(track(laid, seconds=LOOP), folder / f"{person}.wav")
        alone = [write_wav(one, folder / f"{person}-{n}.wav") for n, one in enumerate(spoken)]
        made[person] = Voice(path, [loudness_of(samples_of(one)) for one in alone])
    return made


@pytest.fixture(scope="module")
def court(tmp_path_factory):
    with Court(tmp_path_factory.mktemp("court") / "data", COURT_SPEECH_HINT="") as house:
        house.manage("certificate")
        house.people(PASSWORD_OF_STAFF)
        house.start_worker()
        yield house


PASSWORD_OF_STAFF = "correct-horse-battery"


def sign_up(page, court: Court, address: str, name: str) -> None:
    page.get_by_label("Your full name").fill(name)
    page.get_by_label("mail").first.fill(address)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    page.wait_for_url("**/account/confirm-email/**")
    text = wait_for_letter(court, address, "code", but_not="/join/")
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", text, re.M)
    assert code, text
    page.get_by_label(re.compile("code", re.I)).fill(code[1])
    page.locator("main form button[type=submit], main form button:not([type])").first.click()


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def go_on(page) -> None:
    press(page, "Save and continue")


def add_exhibit(page, title: str, path: Path) -> None:
    page.get_by_label("What is this?").fill(title)
    page.locator("input[type=file]").set_input_files(path)
    press(page, "File this exhibit")
    page.locator("table").get_by_role("link", name=title).wait_for()


def test_a_dispute_from_claim_to_signed_order(court, voices, tmp_path):
    with Browsers(court) as browsers:
        claimant = browsers.open(wav=voices["claimant"].path)
        number = file_a_claim(claimant, court, tmp_path)
        clerk = browsers.open("clerk@example.org", devices=False)
        number = accept(clerk, number)
        respondent = browsers.open(wav=voices["respondent"].path)
        join_and_answer(respondent, court, number)
        list_a_hearing(clerk, court, number)
        judge = browsers.open("judge@example.org", wav=voices["judge"].path)
        heard = hear({"judge": judge, "claimant": claimant, "respondent": respondent}, number)
        browsers.close(respondent)
        browsers.close(claimant)
        read_and_search(clerk, court, number, voices, heard)
        write_and_sign(judge, number)
        pdf = fetch_order(browsers, court, number, tmp_path)
        check_signature(court, pdf, tmp_path)
        check_docket(clerk, number)


def file_a_claim(page, court: Court, folder: Path) -> str:
    page.goto("/")
    page.get_by_role("link", name="Create an account").first.click()
    sign_up(page, court, "kim@example.net", NAMES["claimant"])
    page.goto("/claims/new/")
    press(page, "Start")
    page.wait_for_url("**/claim/**")
    reference = page.url.split("/cases/")[1].split("/")[0]
    page.goto(f"/cases/{reference}/claim/you/")
    page.get_by_label("Postal address").fill("1 Mill Lane, Ashford")
    go_on(page)
    page.get_by_label("Full name of the person or company").fill(NAMES["respondent"])
    page.get_by_label("Their e-mail address").fill("li@example.net")
    page.get_by_label("Their postal address").fill("9 Dock Road, Ashford")
    go_on(page)
    page.get_by_label("In one sentence").fill("A parcel of ceramics arrived broken")
    page.get_by_label("When it happened").first.fill("2026-03-03")
    page.get_by_label("What happened").first.fill("The bowls arrived broken.")
    press(page, "Add a fact")
    page.get_by_label("I do not know the date").nth(1).check()
    page.get_by_label("What happened").nth(1).fill("I asked for my money back.")
    go_on(page)
    page.get_by_label("What do you ask the court to order?").fill("Refund the price.")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("How much?").fill("420.50")
    go_on(page)
    page.goto(f"/cases/{reference}/exhibits/")
    for title, make in (("Receipt", paper), ("Photograph of the bowls", photo), ("Voice message", tone)):
        add_exhibit(page, title, make(folder))
    page.goto(f"/cases/{reference}/claim/check/")
    press(page, "Go on to sign")
    page.get_by_label("Your full name, as your signature").fill(NAMES["claimant"])
    page.get_by_label("This is true").check()
    press(page, "Sign and send the claim")
    page.wait_for_url(f"**/cases/{reference}/")
    assert "£420.50" in page.locator("main").inner_text()
    return reference


def accept(page, reference: str) -> str:
    page.goto("/review/")
    page.get_by_role("link", name=re.compile(reference)).first.click()
    page.get_by_label("Accept").check()
    press(page, "Send the decision")
    page.wait_for_load_state()
    page.goto(f"/cases/{reference}/")
    found = re.search(r"C-\d{4}-\d{4}", page.locator("main").inner_text())
    assert found
    return found[0]


def join_and_answer(page, court: Court, number: str) -> None:
    text = wait_for_letter(court, "li@example.net", "/join/")
    code = re.search(r"\b[2-9A-Z]{4}(?:-[2-9A-Z]{2,4}){2,}\b", text)
    assert code, text
    page.goto("/join/")
    page.get_by_label("The code from the court").fill("WRNG-2222-3333-4444")
    press(page, "See the claim")
    assert page.locator("[data-error-summary]").is_visible()
    page.get_by_label("The code from the court").fill(code[0].lower())
    press(page, "See the claim")
    assert "Kim Jiwoo has made a claim against you" in page.locator("h1").inner_text()
    page.locator("main").get_by_role("link", name="Create an account").click()
    sign_up(page, court, "li@example.net", NAMES["respondent"])
    page.wait_for_url("**/join/**")
    press(page, "Join the case")
    page.wait_for_load_state()
    page.goto(f"/cases/{number}/answer/position/")
    page.get_by_label("I dispute the whole claim").check()
    go_on(page)
    page.get_by_label("Agreed").first.check()
    page.get_by_label("Disputed").nth(1).check()
    page.get_by_label("Why, or what happened instead").nth(1).fill("Nobody asked me for anything.")
    go_on(page)
    page.get_by_label("Your side of what happened").fill("I packed the parcel with care.")
    go_on(page)
    page.goto(f"/cases/{number}/answer/check/")
    press(page, "Go on to sign")
    page.get_by_label("Your full name, as your signature").fill(NAMES["respondent"])
    page.get_by_label("This is true").check()
    press(page, "Sign and send the answer")
    page.wait_for_url(f"**/cases/{number}/")


def list_a_hearing(page, court: Court, number: str) -> None:
    start = datetime.now(tz=court_zone()) + timedelta(minutes=20)
    page.goto(f"/cases/{number}/hearings/new/")
    page.get_by_label("Date").fill(start.strftime("%Y-%m-%d"))
    page.get_by_label("Time").fill(start.strftime("%H:%M"))
    page.get_by_label("Judge").select_option(label=NAMES["judge"])
    with page.expect_navigation():
        press(page, "List the hearing")
    if page.locator("[data-error-summary]").count():  # the notice is short; the court is told so and may insist
        with page.expect_navigation():
            press(page, "List the hearing")
    assert "/new/" not in page.url, page.locator("main").inner_text()
    for to in ("kim@example.net", "li@example.net", "judge@example.org"):
        calendar = wait_for_calendar(court, to)
        assert "METHOD:REQUEST" in calendar
        assert start.astimezone(UTC).strftime("%Y%m%dT%H%M00Z") in calendar.replace("\r\n ", "")


def court_zone():
    from zoneinfo import ZoneInfo

    from django.conf import settings

    return ZoneInfo(settings.TIME_ZONE)


def hear(pages: dict, number: str) -> dict[str, dict]:
    """Hold the hearing for one loop of the voices; gives back how loud each microphone was and when."""
    for page in pages.values():
        page.context.add_init_script(WITNESS)
        page.goto(f"/cases/{number}/")
        page.locator("main a[href^='/hearings/']").first.click()
        page.get_by_role("link", name="Enter the room").click()
        page.get_by_label("I accept that I am recorded").check()
        page.click("[data-join]")
        page.locator("[data-live]").wait_for(timeout=PATIENCE)
    for page in pages.values():
        page.evaluate("() => { listen(); }")
    judge = pages["judge"]
    judge.locator("[data-start]").click(timeout=PATIENCE)
    for page in pages.values():
        page.locator("[data-sign][data-state=on]").wait_for(timeout=PATIENCE)
        page.locator("[data-grid] .tile").nth(2).wait_for(timeout=PATIENCE)
    judge.wait_for_timeout((LOOP + 6) * 1000)
    judge.locator("[data-end]").click()
    judge.locator("[data-end-now]").click()
    for page in pages.values():
        page.locator("[data-over] [data-sending]").filter(has_text="has been sent").wait_for(timeout=PATIENCE)
    assert [page.problems for page in pages.values()] == [[], [], []]
    return {person: page.evaluate("window.listened") for person, page in pages.items()}


def read_and_search(page, court: Court, number: str, voices: dict[str, Voice], heard: dict[str, dict]) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until:
        state = court.shell(
            "from transcripts.models import Transcript\n"
            "result = list(Transcript.objects.values_list('state', flat=True))"
        )
        if state == ["ready"]:
            break
        time.sleep(2)
    assert state == ["ready"]
    held = set()
    for query, (person, sentence) in LOOKED_FOR.items():
        found = json.loads(
            court.manage("search", query, "--user", "clerk@example.org", "--case", number, "--json").stdout
        )
        assert found["hits"], f"{query} was not found"
        fit = fits(heard[person], voices[person].sentences[sentence])
        for hit in found["hits"]:
            assert hit["speaker"] == NAMES[person], (query, hit)
            into = hit["start"] - hit["utterance"]["start"]
            first_word = datetime.fromisoformat(hit["spoken_at"]).timestamp() + into
            at = round((first_word - heard[person]["begun"] / 1000) * 100)
            # Nowhere in the whole hearing does the sentence fit what was heard at a wrong place so well.
            here = fit[max(0, at - 50) : max(0, at + 51)].max(initial=0.0)
            if here:  # else the witness itself missed it
                assert here > 0.6, (query, at, here)
                held.add(query)
    assert len(held) >= 2, held
    page.goto("/search/?q=lamp+broken")
    assert NAMES["claimant"] in page.locator(".hit").first.inner_text()
    page.locator(".hit__open").first.click()
    page.wait_for_url("**/transcripts/**")
    page.locator("[data-line]").filter(has_text="broken").first.wait_for()
    page.locator("audio").first.wait_for(state="attached")
    hidden = json.loads(court.manage("search", "broken", "--user", "stranger@example.org", "--json").stdout)
    assert hidden["count"] == 0
    assert hidden["hits"] == []


def write_and_sign(page, number: str) -> None:
    page.goto(f"/cases/{number}/orders/new/")
    page.get_by_label("Judgment").check()
    page.get_by_label("English").check()
    press(page, "Start the draft")
    for label in ("Reasons", "It is ordered that", "Background"):
        field = page.get_by_label(re.compile(label, re.I))
        field.fill(field.input_value().replace("____", "the bowls were broken when they arrived"))
    press(page, "Save and preview")
    page.get_by_role("link", name="Go on to sign").click()
    password, name = page.get_by_label("Password"), page.get_by_label("Type your full name to sign")
    password.or_(name).first.wait_for()
    if password.count():
        password.fill(PASSWORD_OF_STAFF)
        page.locator("main form button").first.click()
    name.fill(NAMES["judge"])
    with page.expect_navigation():
        press(page, "Sign the order")


def fetch_order(browsers: Browsers, court: Court, number: str, folder: Path) -> Path:
    """The respondent fetches the signed PDF from the case page, signed in anew."""
    page = browsers.open("li@example.net", devices=False)
    until = time.monotonic() + 90
    link = page.get_by_role("link", name=re.compile("PDF"))
    while time.monotonic() < until:
        page.goto(f"/cases/{number}/")
        if link.count():
            break
        time.sleep(1)
    with page.expect_download() as download:
        link.first.click()
    path = folder / "order.pdf"
    download.value.save_as(path)
    return path


def check_signature(court: Court, pdf: Path, folder: Path) -> None:
    """Poppler's pdfsig, given the court's root certificate, is the independent judge of the signature."""
    trust = folder / "nss"
    trust.mkdir()
    root = folder / "root.pem"
    root.write_text(court.shell("from court.orders.checking import anchor_pem\nresult = anchor_pem().decode()"))
    subprocess.run(["certutil", "-d", f"sql:{trust}", "-N", "--empty-password"], check=True)
    subprocess.run(
        ["certutil", "-d", f"sql:{trust}", "-A", "-n", "court", "-t", "CT,C,C", "-i", str(root)], check=True
    )

    def verdict(path: Path) -> str:
        return subprocess.run(
            ["pdfsig", "-nssdir", f"sql:{trust}", str(path)], capture_output=True, text=True, check=False
        ).stdout

    told = verdict(pdf)
    assert "Signature is Valid" in told
    assert "Certificate is Trusted" in told
    assert subprocess.run(["qpdf", "--check", str(pdf)], capture_output=True, check=False).returncode == 0
    changed = bytearray(pdf.read_bytes())
    changed[len(changed) // 3] ^= 1
    forged = folder / "forged.pdf"
    forged.write_bytes(changed)
    assert "Signature is Valid" not in verdict(forged)


def check_docket(page, number: str) -> None:
    page.goto(f"/cases/{number}/docket/")
    text = page.locator("main").inner_text()
    for name in (*NAMES.values(), "Tom Reed"):
        assert name in text
    kinds = set(re.findall(r"(accepted|joined|answer|hearing|signed|filed|recorded|recording)", text.lower()))
    assert {"accepted", "joined", "answer", "hearing", "signed", "filed"} <= kinds
