"""How much is hidden is not told by how it looks: a word and a whole exchange leave one and the same mark."""

import re

import pytest
from django.utils import timezone

from court.work.models import Job
from tests.transcripts.hearings import a_case, heard
from transcripts.exports import FORMATS, export
from transcripts.models import Clearance, Level, Transcript
from transcripts.redaction.services import hide
from transcripts.redaction.stretches import between_words
from transcripts.text import BLOCK

BEFORE = ("Ada Park", "judge", 1.0, "Please go on then")
AFTER = ("Li Wei", "respondent", 40.0, "That is all I know")
SHORT = [BEFORE, ("Kim Jiwoo", "claimant", 8.0, "Secretly"), AFTER]
LONG = [
    BEFORE,
    ("Kim Jiwoo", "claimant", 8.0, "Secretly we met and she told me of it all"),
    ("Ada Park", "judge", 16.0, "And what did she say to you there"),
    ("Kim Jiwoo", "claimant", 24.0, "She said that he had gone away for good"),
]
LONG.append(AFTER)


def sealed(case, lines, cast, day):
    """A transcript in which all but the first and the last passage is sealed."""
    made = heard(case, lines, judge=cast.judge, started_at=f"2026-03-{day}T10:00:00+00:00")
    Job.objects.all().delete()
    said = [one.words for one in made.utterances.order_by("position")][1:-1]
    words = between_words(made, said[0][0][4], said[-1][-1][4])
    hide(made, words, level=Level.SEALED, reason="A secret.", by=cast.clerk, decided=True)
    return made


@pytest.fixture
def both(cast):
    case = a_case(cast)
    return sealed(case, SHORT, cast, "03"), sealed(case, LONG, cast, "10")


def without_times(content):
    """A file without its times and the numbers that name it and its parts: those are told, and said to be."""
    return re.sub(r"[0-9a-f]{16,}|[0-9]+", "", content.decode())


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("docx", "numbered")])
def test_a_file_to_take_away_has_one_mark_for_a_word_and_for_an_exchange(form, both):
    short, long = (export(one, form, clearance=Clearance.PARTY).content for one in both)
    assert long.decode().count(BLOCK) == short.decode().count(BLOCK) >= 1
    if form in ("webvtt", "ttml"):
        assert without_times(long) == without_times(short)  # as many cues, and none of them empty


def test_the_page_and_a_quotation_have_one_mark(both, door):
    for one in both:
        page = door.claimant.get(f"/transcripts/{one.pk}/").content.decode()
        assert re.findall(r"data-text>([^<]*)</p>", page) == ["Please go on then", BLOCK, "That is all I know"]
        numbers = [word[4] for said in one.utterances.order_by("position") for word in said.words]
        asked = {"first": numbers[0], "last": numbers[-1], "format": "json"}
        told = door.respondent.get(f"/transcripts/{one.pk}/quote", asked).json()
        assert told["text"].count(BLOCK) == 1


def test_a_public_record_has_one_mark_too(both, door):
    Transcript.objects.update(release_at=timezone.now())
    for one in both:
        assert door.nobody.get(f"/transcripts/{one.pk}/").content.decode().count(f">{BLOCK}</p>") == 1


def test_who_hides_is_told_what_the_numbered_pages_and_times_still_tell(both, door):
    page = door.clerk.get(f"/transcripts/{both[0].pk}/redact").content.decode()
    assert "how much is hidden" in page
