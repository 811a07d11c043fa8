"""What was linked or cited before a recording was heard anew still leads to the seconds that were meant."""

import pytest

from court.work.models import Job
from tests.transcripts.hearings import a_case, heard, heard_anew
from tests.transcripts.test_certification import certify

BEFORE = [
    ("Kim Jiwoo", "claimant", 1.0, "The frame broke on the second ride"),
    ("Li Wei", "respondent", 8.0, "It was ridden down a flight of steps"),
]
AFTER = [
    ("Kim Jiwoo", "claimant", 1.0, "The frame broke upon a second ride"),
    ("Li Wei", "respondent", 8.0, "It was written down a flight of stairs"),
]


@pytest.fixture
def transcript(cast):
    made = heard(a_case(cast), BEFORE, judge=cast.judge)
    Job.objects.all().delete()
    return made


def numbers(transcript, first, last):
    """The numbers of two words."""
    said = {word[0]: word[4] for one in transcript.utterances.all() for word in one.words}
    return said[first], said[last]


def test_an_old_link_opens_the_seconds_it_meant_and_says_why(transcript, door):
    first, last = numbers(transcript, "flight", "steps")
    link = f"/transcripts/{transcript.pk}/?w={first}-{last}"
    assert door.claimant.get(link).status_code == 200
    heard_anew(transcript, AFTER)
    answer = door.claimant.get(link)
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/transcripts/{transcript.pk}/?t=10.00&was={first}-{last}#u")
    page = door.claimant.get(answer["Location"]).content.decode()
    assert "The record was heard anew or corrected since they were cited." in page
    assert "0:10–0:11" in page and "in version 1" in page
    assert door.stranger.get(link).status_code == 404


def test_a_number_that_no_word_ever_had_leads_nowhere_else(transcript, door):
    heard_anew(transcript, AFTER)
    page = door.claimant.get(f"/transcripts/{transcript.pk}/?w=99999")
    assert page.status_code == 200 and "since they were cited" not in page.content.decode()


def test_an_old_quotation_gives_what_is_heard_in_its_seconds_now(transcript, door):
    first, last = numbers(transcript, "flight", "steps")
    heard_anew(transcript, AFTER)
    asked = {"first": first, "last": last}
    page = door.claimant.get(f"/transcripts/{transcript.pk}/quote", asked).content.decode()
    assert "flight of stairs" in page and "These are the seconds cited, 0:10–0:11" in page
    told = door.claimant.get(f"/transcripts/{transcript.pk}/quote", {**asked, "format": "json"}).json()
    assert (told["heard_anew"], told["start"]) == (True, 10.0)


def test_page_and_line_of_the_certified_record_answer_from_it(transcript, door, work):
    assert certify(door, transcript, work)
    quoting = {"by": "page", "from": "3:4", "to": "3:4", "format": "json"}
    before = door.claimant.get(f"/transcripts/{transcript.pk}/quote", quoting).json()
    assert "steps" in before["text"]
    heard_anew(transcript, AFTER)
    after = door.claimant.get(f"/transcripts/{transcript.pk}/quote", quoting).json()
    assert (after["text"], after["place"]) == (before["text"], before["place"])


def test_words_are_hidden_by_page_and_line_though_the_text_was_heard_anew(transcript, door, work):
    assert certify(door, transcript, work)
    heard_anew(transcript, AFTER)
    form = {"page_from": "3:4", "page_to": "3:4", "level": "sealed", "reason": "A detail."}
    assert door.clerk.post(f"/transcripts/{transcript.pk}/redact", form).status_code == 302
    assert "stairs" not in door.claimant.get(f"/transcripts/{transcript.pk}/").content.decode()
    assert "a flight of" not in door.claimant.get(f"/transcripts/{transcript.pk}/pages?page=3").content.decode()


def test_the_pages_certified_before_can_still_be_read(transcript, door, work):
    first = certify(door, transcript, work)
    heard_anew(transcript, AFTER)
    work()
    transcript.refresh_from_db()
    second = certify(door, transcript, work)
    assert second != first
    pages = f"/transcripts/{transcript.pk}/pages"
    now = door.claimant.get(f"{pages}?page=3").content.decode()
    assert "stairs" in now and f"?v={first.version.number}" in now
    then = door.claimant.get(f"{pages}?page=3&v={first.version.number}").content.decode()
    assert "steps" in then and "These pages stay as they were certified" in then
    assert door.claimant.get(f"{pages}?v=99").status_code == 404
