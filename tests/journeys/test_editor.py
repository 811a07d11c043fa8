"""The clerk's editor in real browsers: typing keeps times, nothing is lost, and it works by keys alone."""

import json
from collections.abc import Iterator

import pytest

from tests.journeys.house import Browsers, Court

pytestmark = pytest.mark.browser

SAID = [
    ("Kim Jiwoo", "claimant", 0.5, "The adress lable is not mine."),
    ("Kim Jiwoo", "claimant", 8.0, "It came on Monday morning."),
    ("Li Wei", "respondent", 14.0, "We dispute that and say so."),
    ("Li Wei", "respondent", 20.0, "包裹 昨天 送到 仓库"),
]
MAKE = f"""
from types import SimpleNamespace
from court.accounts.models import User
from court.cases.models import Case
from tests.transcripts import hearings
parts = ("claimant", "respondent", "judge")
cast = SimpleNamespace(**{{part: User.objects.get(email=part + "@example.org") for part in parts}})
hearings.NUMBER = f"C-2026-{{Case.objects.count() + 1:04d}}"
case = hearings.a_case(cast)
day = f"2026-03-{{Case.objects.count():02d}}T10:00:00+00:00"
result = hearings.heard(case, {SAID!r}, judge=cast.judge, started_at=day).pk
"""


@pytest.fixture(scope="module")
def court(tmp_path_factory) -> Iterator[Court]:
    with Court(tmp_path_factory.mktemp("court")) as opened:
        opened.people()
        yield opened


@pytest.fixture
def transcript(court) -> int:
    return court.shell(MAKE)


@pytest.fixture
def browsers(court) -> Iterator[Browsers]:
    with Browsers(court) as opened:
        yield opened


def opened(browsers, transcript: int, person: str = "clerk"):
    page = browsers.open(f"{person}@example.org", devices=False)
    page.goto(f"/transcripts/{transcript}/edit")
    page.wait_for_selector("[data-editor][data-ready]")
    return page


def saved(page) -> None:
    page.wait_for_selector("html[data-unsent='0']")


def texts(court, transcript: int) -> list[str]:
    return [row["text"] for row in rows(court, transcript)]


def rows(court, transcript: int) -> list[dict]:
    return court.shell(
        "from transcripts.models import Utterance\n"
        f"found = Utterance.objects.filter(transcript={transcript}).order_by('position')\n"
        "result = [{'text': one.text, 'words': one.words, 'speaker': one.speaker} for one in found]"
    )


def into(page, number: int, caret: int) -> None:
    """Put the caret into a passage by keys."""
    page.locator(".passage__box").focus()
    for _ in range(10):
        page.keyboard.press("Alt+ArrowUp")
    for _ in range(number):
        page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Home")
    for _ in range(caret):
        page.keyboard.press("ArrowRight")


def test_typing_in_a_passage_is_saved_and_keeps_the_times_of_the_other_words(browsers, court, transcript):
    before = rows(court, transcript)[0]["words"]
    page = opened(browsers, transcript)
    into(page, 0, len("The ad"))
    page.keyboard.type("d")
    saved(page)
    after = rows(court, transcript)[0]
    assert after["text"] == "The address lable is not mine."
    assert [word[1:3] for word in after["words"]] == [word[1:3] for word in before]
    assert [word[4] for word in after["words"]] == [word[4] for word in before]
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Control+z")  # undoes what was typed in the other passage, and goes there
    page.wait_for_selector(".passage--open p[data-text]:text('The adress lable is not mine.')")
    saved(page)
    assert rows(court, transcript)[0]["words"] == before
    assert page.problems == []


def test_chinese_is_composed_undisturbed_while_saves_and_looks_go_on(browsers, court, transcript):
    page = opened(browsers, transcript)
    into(page, 3, 0)
    page.keyboard.press("End")
    input_method = page.context.new_cdp_session(page)
    for part in ("l", "le", "l'e"):
        input_method.send(
            "Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)}
        )
        page.wait_for_timeout(400)
    page.wait_for_timeout(1500)  # longer than the pause after which a passage is saved
    assert texts(court, transcript)[3] == SAID[3][3]
    input_method.send("Input.insertText", {"text": "了"})
    saved(page)
    assert page.locator(".passage__box").input_value() == SAID[3][3] + "了"
    assert texts(court, transcript)[3] == SAID[3][3] + "了"


def test_what_is_typed_without_a_connection_outlasts_a_reload_and_is_saved_later(browsers, court, transcript):
    page = opened(browsers, transcript)
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.route("**/edits*", lambda route: route.abort())
    into(page, 0, len("The adress lable is "))
    page.keyboard.type("surely ")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type(" Or so.")
    page.keyboard.press("Alt+ArrowDown")
    page.locator("[data-state]", has_text="changes wait for the connection").wait_for()
    assert texts(court, transcript)[:2] == [SAID[0][3], SAID[1][3]]
    page.reload()
    page.wait_for_selector("[data-editor][data-ready]")
    assert page.locator("p[data-text]").first.text_content() == "The adress lable is surely not mine."
    page.context.unroute("**/edits*")
    saved(page)
    assert texts(court, transcript)[:2] == [
        "The adress lable is surely not mine.",
        "It came on Monday morning. Or so.",
    ]


def test_a_passage_parted_without_a_connection_is_parted_when_it_is_back(browsers, court, transcript):
    page = opened(browsers, transcript)
    page.context.route("**/edits*", lambda route: route.abort())
    into(page, 2, len("We dispute that "))
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.type(" Always.")
    page.keyboard.press("Alt+ArrowUp")
    page.locator("[data-state]", has_text="changes wait for the connection").wait_for()
    page.context.unroute("**/edits*")
    saved(page)
    assert texts(court, transcript)[2:4] == ["We dispute that", "and say so. Always."]


def test_two_people_in_one_passage_lose_nothing(browsers, court, transcript):
    clerk = opened(browsers, transcript)
    judge = opened(browsers, transcript, "judge")
    for page in (clerk, judge):
        page.context.route("**/edits?*", lambda route: route.abort())  # neither hears of the other before saving
    into(clerk, 0, len("The ad"))
    into(judge, 0, len("The adress lable is not mine"))
    clerk.keyboard.type("d")
    judge.keyboard.type(" at all")
    for page in (clerk, judge):
        page.keyboard.press("Alt+ArrowDown")
    for page in (clerk, judge):
        saved(page)
    assert texts(court, transcript)[0] == "The address lable is not mine at all."
    # The same words: both texts are kept until one of them chooses.
    into(clerk, 1, len("It came on "))
    into(judge, 1, len("It came on "))
    for page, word in ((clerk, "Tuesday "), (judge, "Friday ")):
        page.keyboard.press("Control+Delete")
        page.keyboard.type(word)
        page.keyboard.press("Alt+ArrowDown")
        page.wait_for_timeout(700)
    judge.get_by_role("button", name="Choose what shall stand").click()
    dialog = judge.get_by_role("dialog", name="What shall stand?")
    assert "Tuesday" in dialog.locator("[data-now-text]").inner_text()
    assert "Friday" in dialog.locator("[data-own-text]").inner_text()
    dialog.get_by_role("button", name="Take this").nth(1).click()
    dialog.get_by_role("button", name="Save").click()
    saved(judge)
    assert texts(court, transcript)[1] == "It came on Friday morning."
    log = court.shell(
        "from transcripts.models import Edit\n"
        f"result = [edit.after for edit in Edit.objects.filter(transcript={transcript})]"
    )
    assert "Tuesday" in json.dumps(log)


def test_others_changes_arrive_by_themselves(browsers, court, transcript):
    clerk, judge = opened(browsers, transcript), opened(browsers, transcript, "judge")
    into(judge, 2, 0)
    into(clerk, 0, 0)
    clerk.keyboard.type("No. ")
    judge.get_by_text("No. The adress lable is not mine.").wait_for()
    clerk.get_by_text("Ada Park is here").wait_for()
    assert judge.evaluate("document.activeElement.value") == SAID[2][3]


def test_passages_are_parted_joined_and_given_to_another_speaker_by_keys_alone(browsers, court, transcript):
    page = opened(browsers, transcript)
    into(page, 0, len("The adress la"))
    page.keyboard.press("Enter")  # inside a word: the passage is parted before it
    saved(page)
    assert texts(court, transcript)[:2] == ["The adress", "lable is not mine."]
    page.keyboard.press("F4")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    saved(page)
    assert [row["speaker"] for row in rows(court, transcript)[:3]] == ["Kim Jiwoo", "Li Wei", "Kim Jiwoo"]
    page.keyboard.press("Home")
    page.keyboard.press("Backspace")  # another speaker: it asks
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for(state="hidden")
    saved(page)
    found = rows(court, transcript)
    assert (found[0]["text"], found[0]["speaker"], len(found)) == (SAID[0][3], "Kim Jiwoo", len(SAID))
    assert page.evaluate("document.activeElement.selectionStart") == len("The adress")
    assert page.problems == []


def test_everything_found_is_replaced_and_taken_back_as_one(browsers, court, transcript):
    page = opened(browsers, transcript)
    page.locator(".passage__box").focus()
    page.keyboard.press("Control+f")
    page.keyboard.type("IS")
    page.get_by_text("Found: 2").wait_for()
    page.get_by_label("Whole words").check()
    page.get_by_text("Found: 1").wait_for()
    page.get_by_label("Whole words").uncheck()
    page.get_by_label("Replace with").fill("was")
    page.get_by_role("button", name="Replace all").click()
    saved(page)
    assert texts(court, transcript)[0] == "The adress lable was not mine."
    assert texts(court, transcript)[2] == "We dwaspute that and say so."
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector("p[data-text]:text('We dispute that and say so.')")
    saved(page)
    assert texts(court, transcript) == [said[3] for said in SAID]
