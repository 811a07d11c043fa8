"""A record becomes public at its moment and not before, without what is hidden, and can be taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.transcripts.test_redaction import decide, hide, text_for, transcript  # noqa: F401
from transcripts.models import Transcript
from transcripts.text import BLOCK

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch):
    """``at(moment)`` sets the clock."""

    def set_clock(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_clock


def set_day(door, transcript, day="2027-03-01", clock="12:00"):  # noqa: F811
    return door.post(f"/transcripts/{transcript.pk}/release", {"date": day, "time": clock})


def test_the_rule_and_its_arithmetic_are_shown(transcript, door):  # noqa: F811
    Transcript.objects.filter(pk=transcript.pk).update(ready_at=datetime(2026, 3, 3, 10, tzinfo=UTC))
    page = door.claimant.get(f"/transcripts/{transcript.pk}/redactions/").content.decode()
    assert "21 days from Tuesday 3 March 2026; rule R-33." in page
    assert "90 days from Tuesday 3 March 2026; rule R-35." in page


def test_nothing_is_public_a_moment_before_and_everything_at_it(transcript, door, at):  # noqa: F811
    Transcript.objects.filter(pk=transcript.pk).update(release_at=NOON)
    at(NOON - timedelta(microseconds=1))
    assert door.nobody.get(f"/transcripts/{transcript.pk}/").status_code == 302
    assert transcript.case.label not in door.nobody.get("/records/").content.decode()
    at(NOON)
    assert door.nobody.get(f"/transcripts/{transcript.pk}/").status_code == 200
    assert transcript.case.label in door.nobody.get("/records/").content.decode()


def test_the_public_reads_what_is_not_hidden(transcript, door, work):  # noqa: F811
    hide(door.clerk, transcript, "Quuxley", "Road")
    work()
    assert set_day(door.clerk, transcript, day="2026-03-05").status_code == 302
    text = text_for(door.nobody, transcript)
    assert "Quuxley" not in text
    assert f"I live at {BLOCK} with my son Zorblatt" in text
    page = door.nobody.get(f"/transcripts/{transcript.pk}/").content.decode()
    assert f"/cases/{transcript.case.label}/" not in page
    assert "redactions/" not in page


def test_what_is_asked_for_after_the_release_is_hidden_at_once(transcript, door):  # noqa: F811
    Transcript.objects.filter(pk=transcript.pk).update(release_at=timezone.now())
    assert "Quuxley" in text_for(door.nobody, transcript)
    hide(door.claimant, transcript, "Quuxley")
    assert "Quuxley" not in text_for(door.nobody, transcript)


def test_a_release_is_refused_while_something_is_not_decided(transcript, door, work):  # noqa: F811
    redaction = hide(door.claimant, transcript, "Quuxley")
    work()
    answer = set_day(door.clerk, transcript)
    assert answer.status_code == 400
    assert "1 redaction that was asked for is not decided." in answer.content.decode()
    decide(door.clerk, transcript, redaction, "apply")
    work()
    assert set_day(door.clerk, transcript).status_code == 302


def test_the_record_of_a_sealed_case_is_never_public(transcript, door, cast):  # noqa: F811
    type(transcript.case).objects.update(sealed=True)
    answer = set_day(door.judge, transcript)
    assert "The case is sealed." in answer.content.decode()
    Transcript.objects.filter(pk=transcript.pk).update(release_at=NOON - timedelta(days=900))
    assert door.nobody.get(f"/transcripts/{transcript.pk}/").status_code == 302
    assert transcript.case.label not in door.nobody.get("/records/").content.decode()


def test_a_release_can_be_withdrawn(transcript, door, work):  # noqa: F811
    work()
    set_day(door.clerk, transcript, day="2026-03-05")
    assert door.nobody.get(f"/transcripts/{transcript.pk}/").status_code == 200
    assert door.stranger.get(f"/transcripts/{transcript.pk}/").status_code == 200
    assert door.clerk.post(f"/transcripts/{transcript.pk}/release", {"verb": "withdraw"}).status_code == 302
    assert door.nobody.get(f"/transcripts/{transcript.pk}/").status_code == 302
    assert door.stranger.get(f"/transcripts/{transcript.pk}/").status_code == 404
    docket = door.claimant.get(f"/cases/{transcript.case.label}/docket/").content.decode()
    assert "The public release of the transcript was withdrawn." in docket


def test_public_records_are_found_by_number_and_title_alone(transcript, door):  # noqa: F811
    Transcript.objects.filter(pk=transcript.pk).update(release_at=timezone.now())
    for typed, there in (("Kim", True), (transcript.case.label, True), ("Zorblatt", False), ("nothing\0", False)):
        assert (
            f"/transcripts/{transcript.pk}/" in door.nobody.get("/records/", {"q": typed}).content.decode()
        ) is there
