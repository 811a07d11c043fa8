"""An exhibit shown in a hearing, in two people's real pages of the room."""

import pytest

from tests.journeys.house import Browsers, Court
from tests.journeys.test_room import PATIENCE, join

pytestmark = pytest.mark.browser

MAKE = """
import hashlib
from datetime import timedelta
import pikepdf
from court.evidence.receiving import Received, incoming
from court.evidence.services import admit_exhibit
from court.hearings.services import list_hearing
from tests.conftest import make_cast
from tests.stages_of_a_case import answered
cast = make_cast()
case = answered(cast)
path = incoming() / "receipt.pdf"
with pikepdf.new() as document:
    for _ in range(5):
        document.add_blank_page(page_size=(300, 400))
    document.save(path)
content = path.read_bytes()
received = Received(path, len(content), hashlib.sha256(content).hexdigest(), "receipt.pdf")
admit_exhibit(case, received, title="The receipt", shows="The price.", by=cast.claimant)
soon = (timezone.now() + timedelta(minutes=10)).replace(second=0, microsecond=0)
hearing = list_hearing(case, judge=cast.judge, starts_at=soon, minutes=30, by=cast.clerk)
result = str(hearing.room_id)
"""

KEPT = """
from court.hearings.models import Presentation
result = [[shown.exhibit.label, shown.page, shown.until is not None] for shown in Presentation.objects.order_by("pk")]
"""


def sees(page, words: str) -> None:
    """Wait until the picture of what is shown is there, with these words beside it."""
    page.locator("[data-presented]").filter(has_text=words).wait_for(timeout=PATIENCE)
    page.wait_for_function("() => document.querySelector('[data-presented-small]').naturalWidth > 0", timeout=PATIENCE)


def test_an_exhibit_is_shown_to_everybody_and_to_who_comes_late(tmp_path):
    with Court(tmp_path / "court") as court, Browsers(court) as browsers:
        room = court.shell(MAKE)
        court.work()
        judge = browsers.open("judge@example.org")
        other = judge.context.browser.new_context(
            base_url=court.origin, viewport={"width": 1280, "height": 800}, permissions=["camera", "microphone"]
        )
        other.add_cookies(
            [{"name": "sessionid", "value": court.session_of("claimant@example.org"), "url": court.origin}]
        )
        claimant = other.new_page()
        for page in (judge, claimant):
            page.context.set_default_timeout(PATIENCE)
            join(page, room)
        # By key: while pictures of people come in, the page grows, and a mouse may miss what it aims at.
        claimant.get_by_role("button", name="Show", exact=True).press("Enter")
        claimant.locator("[data-presenting-status]").filter(has_text="while the hearing is in session").wait_for()
        judge.click("[data-start]")
        judge.locator("[data-start]").wait_for(state="hidden")

        claimant.fill("[data-page]", "2")
        claimant.get_by_role("button", name="Show", exact=True).press("Enter")
        for page in (judge, claimant):
            sees(page, "page 2 of 5")
        judge.get_by_role("button", name="Show it larger").click()
        judge.locator("dialog [data-presented-large]").wait_for()
        judge.keyboard.press("Escape")

        # A page nobody drew before comes when the worker has drawn it.
        claimant.fill("[data-page]", "5")
        claimant.get_by_role("button", name="Show", exact=True).press("Enter")
        judge.get_by_text("The page is being drawn.").wait_for()
        court.work()
        sees(judge, "page 5 of 5")

        claimant.reload()
        join(claimant, room)
        sees(claimant, "page 5 of 5")
        judge.get_by_role("button", name="Put it away").click()
        claimant.locator("[data-presented]").wait_for(state="hidden")
        assert court.shell(KEPT) == [["C1", 2, True], ["C1", 5, True]]
        assert judge.problems == []
