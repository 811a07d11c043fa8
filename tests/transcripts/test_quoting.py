"""Quotations of the record: the words, who said them, where and when, and a link that opens at them."""

import pytest

from tests.transcripts.hearings import a_case, heard
from transcripts.models import Clearance, PageLine, Pagination, Redaction, RedactionState, Version
from transcripts.quoting import quotation

LINES = [
    ("Kim Jiwoo", "claimant", 2.0, "The parcel arrived on the third of March, opened."),
    ("Li Wei", "respondent", 10.0, "We dispute that (strongly). It was sealed."),
    ("Kim Jiwoo", "claimant", 16.0, "It was not."),
]


@pytest.fixture
def transcript(cast):
    return heard(a_case(cast), LINES, judge=cast.judge)


def asked(client, transcript, **what):
    return client.get(f"/transcripts/{transcript.pk}/quote", {**what, "format": "json"})


def numbers(transcript):
    return [
        word[4]
        for words in transcript.utterances.order_by("position").values_list("words", flat=True)
        for word in words
    ]


def test_a_quotation_tells_words_speaker_case_day_time_and_link(transcript, door, settings):
    first = numbers(transcript)[1]
    told = asked(door.respondent, transcript, first=first, last=first + 3).json()
    assert told["text"] == "parcel arrived on the"
    assert told["quotation"] == (
        "“parcel arrived on the” (Kim Jiwoo, C-2026-0042, hearing of Tuesday 3 March 2026, 0:00:02, "
        f"{settings.COURT_ORIGIN}/transcripts/{transcript.pk}/?w={first}-{first + 3})"
    )
    assert (told["start"], told["end"]) == (2.4, 3.9)


def test_a_quotation_of_two_speakers_names_each(transcript, door):
    all_of_them = numbers(transcript)
    told = asked(door.judge, transcript, first=all_of_them[7], last=all_of_them[11]).json()
    assert told["text"] == "Kim Jiwoo: March, opened.\nLi Wei: We dispute that"
    assert told["speakers"] == ["Kim Jiwoo", "Li Wei"]


def test_a_passage_is_found_by_time(transcript, door):
    told = asked(door.claimant, transcript, **{"from": "0:10", "to": "0:11"}).json()
    assert told["text"] == "We dispute that"


def test_a_passage_is_found_and_cited_by_page_and_line(transcript, door):
    version = Version.objects.get(transcript=transcript)
    pages = Pagination.objects.create(version=version, format="us-25", pages=3)
    found = numbers(transcript)
    for line, (start, stop, second) in enumerate([(0, 5, 2.0), (5, 9, 4.0), (9, 16, 10.0)], start=14):
        PageLine.objects.create(
            pagination=pages,
            page=3,
            line=line,
            words=[[n, 0, 1] for n in found[start:stop]],
            first_word=found[start],
            last_word=found[stop - 1],
            second=second,
        )
    told = asked(door.claimant, transcript, **{"by": "page", "from": "3:14", "to": "3:15"}).json()
    assert told["text"] == "The parcel arrived on the third of March, opened."
    assert told["place"] == "3:14–3:15"
    assert ", 3:14–3:15, 0:00:02" in told["quotation"]
    assert asked(door.claimant, transcript, **{"by": "page", "from": "9:1"}).status_code == 400


def test_what_cannot_be_read_is_said_at_its_place(transcript, door):
    page = door.claimant.get(f"/transcripts/{transcript.pk}/quote", {"from": "noon", "to": "0:02"})
    assert page.status_code == 400
    assert "Write it as in the example." in page.content.decode()
    backwards = asked(door.claimant, transcript, **{"from": "0:11", "to": "0:10"})
    assert "The end must not come before the beginning." in backwards.json()["error"]
    nowhere = asked(door.claimant, transcript, first=999999, last=999999)
    assert nowhere.status_code == 400
    assert "not in the transcript" in nowhere.json()["error"]


def test_words_in_the_wrong_order_are_no_passage(transcript, door):
    found = numbers(transcript)
    assert asked(door.claimant, transcript, first=found[4], last=found[2]).status_code == 400


def test_hidden_words_stay_hidden_in_a_quotation(transcript, cast):
    found = numbers(transcript)
    said = transcript.utterances.order_by("position").first()
    Redaction.objects.create(
        transcript=transcript,
        track=said.track,
        words=found[3:6],
        start=said.words[3][1],
        end=said.words[5][2],
        reason="A date",
        asked_by=cast.judge,
        state=RedactionState.APPLIED,
    )
    seen = quotation(transcript, found[1], found[7], clearance=Clearance.PUBLIC)
    assert seen.words == "parcel arrived █████ of March,"
    assert seen.passage.hidden
    within = quotation(transcript, found[4], found[7], clearance=Clearance.PUBLIC)
    assert within.words == "█████ of March,"
    ending = quotation(transcript, found[1], found[4], clearance=Clearance.PUBLIC)
    assert ending.words == "parcel arrived █████"
    assert quotation(transcript, found[1], found[4], clearance=Clearance.PARTY).words == "parcel arrived on the"


def test_the_quotations_page_offers_what_can_be_done_with_the_words(transcript, door):
    found = numbers(transcript)
    page = door.claimant.get(
        f"/transcripts/{transcript.pk}/quote", {"first": found[0], "last": found[1]}
    ).content.decode()
    assert f"/transcripts/{transcript.pk}/?w={found[0]}-{found[1]}" in page
    assert "__FIRST__" not in page


def test_a_stranger_gets_no_quotation(transcript, door):
    assert asked(door.stranger, transcript, first=1, last=2).status_code == 404
