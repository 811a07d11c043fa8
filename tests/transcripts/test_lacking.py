"""A record does not look whole where it is not: readers are told what was not recorded, and the certificate tells."""

import io
import json

import pytest
from django.urls import reverse
from docx2python import docx2python
from pypdf import PdfReader

from court.rooms.models import Track
from tests.transcripts.hearings import a_case, heard
from tests.transcripts.numbered import redact
from transcripts.exports import export
from transcripts.models import Certificate, Clearance, PagesFile

LINES = [
    ("Kim Jiwoo", "claimant", 2.0, "The parcel arrived on the third of March, opened."),
    ("Li Wei", "respondent", 10.0, "We dispute that."),
]
NOT_THERE = "The sound of this time did not reach the court."
NOT_RECORDED = "Their device recorded nothing in this time."


@pytest.fixture
def transcript(cast, work):
    made = heard(a_case(cast), LINES, judge=cast.judge)
    work()
    made.refresh_from_db()
    return made


def lose(transcript, name, *gaps, off_ms=0.0):
    Track.objects.filter(recording=transcript.recording, name=name).update(gaps=list(gaps), clock_error_ms=off_ms)


def check(transcript, door):
    for client in (door.claimant, door.respondent):
        client.post(f"/transcripts/{transcript.pk}/errata/checked")


def certified_pdf(transcript, door, work) -> str:
    check(transcript, door)
    door.clerk.post(f"/transcripts/{transcript.pk}/certificate/make")
    work()
    door.claimant.post(reverse("transcript_pages_print", args=[transcript.pk]))
    work()
    file = PagesFile.objects.get()
    answer = door.claimant.get(reverse("transcript_pages_file", args=[transcript.pk, file.pk]))
    pages = PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages
    return " ".join(word for page in pages for line in page.extract_text().splitlines() for word in line.split())


def test_readers_are_told_whose_sound_is_missing_and_when(transcript, door):
    lose(transcript, "Kim Jiwoo", [0, 1500, "away"], [4000, 9400, "missing"])
    lose(transcript, "Li Wei", [11_000, 11_700, "stall"], off_ms=730)
    page = door.claimant.get(f"/transcripts/{transcript.pk}/").content.decode()
    told = page[page.index("The recording is not whole") :]
    told = told[: told.index("</details>")]
    assert "The recording is not whole in 3 places" in told
    assert told.index("within 0.7 seconds") < told.index(NOT_THERE) < told.index(NOT_RECORDED)
    assert '?t=4.00"' in told and "0:04–0:09" in told and "0:00" not in told


def test_who_was_not_in_the_room_lacks_nothing(transcript, door):
    lose(transcript, "Kim Jiwoo", [0, 1500, "away"], [9000, 60_000, "away"], off_ms=40)
    assert 'id="lacks"' not in door.claimant.get(f"/transcripts/{transcript.pk}/").content.decode()


def test_whoever_certifies_is_told_and_the_certificate_says_it_for_good(transcript, door, work):
    lose(transcript, "Kim Jiwoo", [4000, 9400, "missing"])
    check(transcript, door)
    before = door.clerk.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    assert "The recording is not whole in 1 place." in before
    pdf = certified_pdf(transcript, door, work)
    assert f"The recording is not whole: 0:04–0:09 Kim Jiwoo: {NOT_THERE}" in pdf
    assert json.loads(Certificate.objects.get().manifest)["lacking"] == [["Kim Jiwoo", "missing", 4.0, 9.4]]

    # A piece that came too late for the certificate is not taken for what was certified.
    lose(transcript, "Kim Jiwoo")
    page = door.claimant.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    assert "What the recording lacked" in page and NOT_THERE in page


def test_the_certificate_of_a_whole_recording_speaks_of_no_lack(transcript, door, work):
    assert "not whole" not in certified_pdf(transcript, door, work)
    assert (
        "What the recording lacked"
        not in door.claimant.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    )


@pytest.mark.parametrize("format", ["text", "numbered", "docx", "webvtt", "ttml", "akoma-ntoso", "json"])
def test_every_form_that_is_taken_away_says_so(transcript, format):
    lose(transcript, "Kim Jiwoo", [4000, 9400, "missing"])
    file = export(transcript, format, clearance=Clearance.COURT, version=None).content
    if format == "json":
        assert json.loads(file)["lacks"] == [{"name": "Kim Jiwoo", "kind": "missing", "start": 4.0, "end": 9.4}]
        return
    text = docx2python(io.BytesIO(file)).text if format == "docx" else file.decode()
    assert f"0:04–0:09 Kim Jiwoo: {NOT_THERE}" in " ".join(text.split())


def test_whose_words_are_all_hidden_is_not_named_as_missing(transcript, cast):
    lose(transcript, "Li Wei", [11_000, 12_000, "missing"])
    for word in ["opened", *LINES[1][3].split()]:  # one mark from the one person to the other
        redact(transcript, word.strip("."), by=cast.judge)
    told = export(transcript, "text", clearance=Clearance.PUBLIC, version=None).content.decode()
    assert NOT_THERE in told and "Li Wei" not in told
