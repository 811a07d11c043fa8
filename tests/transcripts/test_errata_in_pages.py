"""The list of corrections in pages: each keeps its number and its place, and no page costs more for being full."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.transcripts.hearings import a_case, heard
from tests.transcripts.test_certification import ask, certify, decide, numbers
from transcripts import extracts
from transcripts.extracts import NoSuchPassage, passage, passages
from transcripts.models import Clearance, Correction, CorrectionState, Level, Redaction, RedactionState

LINES = [
    ("Kim Jiwoo", "claimant", 2.0, "The parcel arrived on the third of March, opened."),
    ("Li Wei", "respondent", 10.0, "We dispute that."),
    ("Kim Jiwoo", "claimant", 20.0, "I took a photograph that morning."),
]


@pytest.fixture
def transcript(cast, work):
    made = heard(a_case(cast), LINES, judge=cast.judge)
    work()
    made.refresh_from_db()
    return made


def asked_for(transcript, person, number, *, state=CorrectionState.REFUSED, **more):
    """As many corrections of single words, the first words first and then again, each a minute after the other."""
    words = [word for one in transcript.utterances.order_by("position") for word in one.words]
    since = timezone.now() - timedelta(days=1)
    kept = Correction.objects.count()
    return Correction.objects.bulk_create(
        Correction(
            transcript=transcript,
            first_word=words[at % len(words)][4],
            last_word=words[at % len(words)][4],
            start=1.0,
            stands=words[at % len(words)][0],
            proposed=f"proposal-{at}-",
            reason=f"reason-{at}-",
            asked_by=person,
            asked_at=since + timedelta(minutes=at),
            state=state,
            **more,
        )
        for at in range(kept, kept + number)
    )


def seal(transcript, cast, at):
    said = transcript.utterances.order_by("position").first()
    word = said.words[at]
    return Redaction.objects.create(
        transcript=transcript,
        track=said.track,
        words=[word[4]],
        start=word[1],
        end=word[2],
        level=Level.SEALED,
        reason="A detail",
        asked_by=cast.judge,
        state=RedactionState.APPLIED,
    )


def page_of(client, transcript, **asked):
    return client.get(f"/transcripts/{transcript.pk}/errata/", asked).content.decode()


def listed(page):
    """The numbers of the corrections on a page."""
    return [int(number) for number in re.findall(r'<li class="card" id="c(\d+)"', page)]


def test_the_twenty_first_correction_keeps_its_number_on_the_next_page(transcript, cast, door):
    asked_for(transcript, cast.claimant, 21)
    first, second = (page_of(door.respondent, transcript, page=page) for page in (1, 2))
    assert (listed(first), listed(second)) == (list(range(1, 21)), [21])
    assert "proposal-20-" in second and "proposal-20-" not in first
    assert 'rel="next" href="?page=2"' in first
    assert door.stranger.get(f"/transcripts/{transcript.pk}/errata/?page=2").status_code == 404


def test_who_decides_is_shown_the_first_that_waits(transcript, cast, door):
    asked_for(transcript, cast.claimant, 22)
    asked_for(transcript, cast.claimant, 20, state=CorrectionState.ASKED)
    assert listed(page_of(door.judge, transcript))[0] == 21
    assert listed(page_of(door.judge, transcript, page=1))[0] == 1
    assert listed(page_of(door.claimant, transcript))[0] == 1


def test_every_deed_leads_back_to_the_page_of_its_correction(transcript, cast, door, mailoutbox, work):
    asked_for(transcript, cast.claimant, 20)
    there = f"/transcripts/{transcript.pk}/errata/?page=2"
    assert ask(door.claimant, transcript).url == there
    one = Correction.objects.order_by("pk").last()
    work()
    assert len(mailoutbox) == 2 and all(f"{there}\n" in letter.body for letter in mailoutbox)
    page = door.judge.get(f"/transcripts/{transcript.pk}/errata/{one.pk}/").content.decode()
    assert f'href="{there}"' in page
    assert decide(door.judge, one, "refuse", "No.").url == there
    assert decide(door.clerk, one, "allow").url == there  # the second is told
    assert ask(door.claimant, transcript).url == there
    other = Correction.objects.order_by("pk").last()
    assert door.claimant.post(f"/transcripts/{transcript.pk}/errata/{other.pk}/withdraw").url == there


def test_a_certificate_leads_to_the_page_of_what_was_refused(transcript, cast, door, work):
    asked_for(transcript, cast.claimant, 21)
    certify(door, transcript, work)
    page = door.claimant.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    assert f"/transcripts/{transcript.pk}/errata/?page=1#c20" in page
    assert f"/transcripts/{transcript.pk}/errata/?page=2#c21" in page


@pytest.mark.parametrize("person", ["claimant", "judge"])
def test_a_page_of_corrections_asks_the_database_no_more_than_one_of_few(transcript, cast, door, person):
    seal(transcript, cast, 5)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            page = page_of(getattr(door, person), transcript)
        return len(listed(page)), [query["sql"] for query in queries]

    asked_for(transcript, cast.claimant, 1, state=CorrectionState.ASKED)
    asked_for(transcript, cast.claimant, 1, decided_by=cast.judge, decided_at=timezone.now())
    asked()  # what is asked once and kept
    few = asked()
    asked_for(transcript, cast.respondent, 9, state=CorrectionState.ASKED)
    asked_for(transcript, cast.claimant, 9, decided_by=cast.clerk, decided_at=timezone.now())
    many = asked()
    assert (few[0], many[0]) == (2, 20)
    assert len(many[1]) == len(few[1])


def test_sealed_words_are_told_on_no_page(transcript, cast, door):
    asked_for(transcript, cast.claimant, 40)  # of eighteen words: the fourth is that of numbers 3, 21 and 39
    seal(transcript, cast, 3)
    for page, hidden in ((1, {3}), (2, {21, 39})):
        sealed, whole = (page_of(client, transcript, page=page) for client in (door.respondent, door.judge))
        told = {int(at) for at in re.findall(r"proposal-(\d+)-", sealed)}
        assert {int(at) for at in re.findall(r"proposal-(\d+)-", whole)} == told | hidden
        assert not told & hidden and {int(at) for at in re.findall(r"reason-(\d+)-", sealed)} == told
        assert "█████" in sealed and "█████" not in whole


@pytest.mark.parametrize("clearance", [Clearance.PARTY, Clearance.COURT])
def test_passages_looked_up_together_are_those_looked_up_one_by_one(transcript, cast, clearance, monkeypatch):
    monkeypatch.setattr(extracts, "READ_TOGETHER", 5)
    seal(transcript, cast, 5)
    found = [*numbers(transcript), 99999]
    wanted = [(first, last) for first in found[::2] for last in found[1::3]]  # some backwards, some not there

    def alone(first, last):
        try:
            return passage(transcript, first, last, clearance=clearance)
        except NoSuchPassage:
            return None

    together = passages(transcript, wanted, clearance=clearance)
    assert together == {span: alone(*span) for span in wanted}
    assert None in together.values() and sum(one is not None for one in together.values()) > 20
    with CaptureQueriesContext(connection) as queries:
        assert passages(transcript, [], clearance=clearance) == {}
    assert not [query for query in queries if "utterance" in query["sql"]]
