"""The alarm: hidden words that still stand somewhere are found there, settled, or hidden too."""

import pytest

from court.cases.models import Audience
from court.cases.services import record
from court.hearings.services import note
from court.work.models import Job
from tests.transcripts.hearings import heard
from tests.transcripts.test_certification import certify
from tests.transcripts.test_redaction import found_by, hide, transcript  # noqa: F401
from tests.transcripts.test_redaction_follows import write
from transcripts.models import Leak, Redaction, Utterance


def leaks_page(door, transcript):  # noqa: F811
    return door.get(f"/transcripts/{transcript.pk}/redactions/").content.decode()


@pytest.fixture
def second(transcript, cast):  # noqa: F811
    """Another hearing of the case, in which the name is said once more."""
    lines = [("Li Wei", "respondent", 3.0, "She calls him ZORBLATT, and he was seven hundred and forty days ill")]
    return heard(transcript.case, lines, judge=cast.judge, started_at="2026-04-03T10:00:00+00:00")


def places():
    return sorted(Leak.objects.filter(settled_at=None).values_list("place", flat=True))


def test_the_same_word_in_another_hearing_is_found_and_hidden_there_too(transcript, second, door, work):  # noqa: F811
    hide(door.clerk, transcript, "Zorblatt", level="sealed")
    work()
    (leak,) = Leak.objects.all()
    assert leak.place == "transcript|2026-04-03 11:00, 0:00:03, Li Wei"
    assert "Hidden words still stand in 1 place" in door.clerk.get("/").content.decode()
    assert "Transcript 2026-04-03 11:00, 0:00:03, Li Wei" in leaks_page(door.clerk, transcript)
    assert "0:00:03, Li Wei" not in leaks_page(door.claimant, transcript)
    door.clerk.post(f"/transcripts/{transcript.pk}/leaks/{leak.pk}", {"verb": "redact"})
    assert "ZORBLATT" not in door.claimant.get(f"/transcripts/{second.pk}/").content.decode()
    work()
    assert places() == []


def test_a_word_that_stands_in_an_older_certified_record_alone_is_found_there(transcript, second, door, work):  # noqa: F811
    Job.objects.all().delete()
    assert certify(door, second, work)
    write(door, second, "She calls him somebody, and he was seven hundred and forty days ill")
    assert door.clerk.post(f"/transcripts/{second.pk}/certificate/make").status_code == 302
    work()
    assert second.certificates.count() == 2
    hide(door.clerk, transcript, "Zorblatt", level="sealed")
    work()
    first = second.certificates.order_by("pk")[0].version.number
    assert places() == [f"page|{page} ({second.pk}, v{first})" for page in (3, 5)]  # what was said; the index of words
    for leak in Leak.objects.all():
        assert "ZORBLATT" in door.claimant.get(f"{leak.address}&page=3").content.decode()


def test_notes_orders_and_the_docket_are_looked_through(transcript, door, cast, work):  # noqa: F811
    hide(door.clerk, transcript, "Quuxley", "Road")
    work()
    assert places() == []
    note(transcript.hearing, "The claimant lives at quuxley-road.", by=cast.judge)
    record(transcript.case, "seal", by=cast.clerk, reason="Somebody waits in Quuxley Road.", audience=Audience.ALL)
    work()
    assert [place.split("|")[0] for place in places()] == ["docket", "note"]


def test_a_number_is_found_in_either_spelling(transcript, second, door, work):  # noqa: F811
    said = Utterance.objects.get(transcript=second)
    assert "seven hundred and forty" in said.text
    third = heard(
        transcript.case,
        [("Kim Jiwoo", "claimant", 2.0, "He was ill for 740 days then")],
        judge=transcript.hearing.judge,
        started_at="2026-05-05T10:00:00+00:00",
    )
    hide(door.clerk, third, "740", level="sealed")
    work()
    assert places() == ["transcript|2026-04-03 11:00, 0:00:03, Li Wei"]


def test_a_common_word_is_hidden_but_not_hunted(transcript, door, work):  # noqa: F811
    hide(door.clerk, transcript, "know", level="sealed")
    work()
    assert places() == []
    redaction = Redaction.objects.get()
    page = door.clerk.get(f"/transcripts/{transcript.pk}/redactions/{redaction.batch}/").content.decode()
    assert "These are common words." in page


def test_a_leak_is_settled_with_a_note_and_stays_settled(transcript, second, door, work):  # noqa: F811
    hide(door.clerk, transcript, "Zorblatt", level="sealed")
    work()
    leak = Leak.objects.get()
    path = f"/transcripts/{transcript.pk}/leaks/{leak.pk}"
    assert door.clerk.post(path, {"verb": "settle"}).status_code == 400
    assert door.claimant.post(path, {"verb": "settle", "note": "Let it be."}).status_code == 404
    assert door.clerk.post(path, {"verb": "settle", "note": "Another child of that name."}).status_code == 302
    note(transcript.hearing, "Adjourned.", by=transcript.hearing.judge)
    work()
    assert places() == []
    leak.refresh_from_db()
    assert leak.note == "Another child of that name."


def test_a_place_that_is_clean_again_settles_itself(transcript, door, cast, work):  # noqa: F811
    hide(door.clerk, transcript, "Zorblatt", level="sealed")
    note(transcript.hearing, "Ask Zorblatt.", by=cast.judge)
    work()
    assert len(places()) == 1
    one = transcript.hearing.notes.get()
    one.text = "Ask the son."
    one.save()
    work()
    assert places() == []


def test_a_search_index_that_still_holds_a_hidden_word_is_told_and_repaired(transcript, door, work):  # noqa: F811
    from transcripts import index

    said = list(Utterance.objects.filter(transcript=transcript))
    before = index.rows(said)
    hide(door.clerk, transcript, "Zorblatt", level="sealed")
    index.write(said, before)
    work()
    assert Leak.objects.get().place == "index|"
    assert not found_by(door.claimant, "Zorblatt")
