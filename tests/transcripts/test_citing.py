"""Passages of the record in orders: inserted by the judge, linked, and played for those who may hear them."""

from io import BytesIO

import pikepdf
import pytest
from django.core.files.base import ContentFile

from court.cases.models import Stage
from court.orders.models import Order
from court.orders.rendering import render_order
from court.orders.services import save_draft, start_order
from tests.transcripts.hearings import a_case, heard, heard_anew
from transcripts.models import Level, Redaction, RedactionState

LINES = [
    ("Kim Jiwoo", "claimant", 2.0, "The parcel arrived on the third of March, opened."),
    ("Li Wei", "respondent", 10.0, "We dispute that."),
]


@pytest.fixture
def case(cast):
    made = a_case(cast)
    made.stage = Stage.HEARD
    made.save()
    return made


@pytest.fixture
def transcript(case, cast):
    made = heard(case, LINES, judge=cast.judge)
    made.sound.save("sound.m4a", ContentFile(b"sound"))
    return made


@pytest.fixture
def draft(case, cast):
    return start_order(case, kind="directions", language="en", by=cast.judge)


def numbers(transcript):
    said = transcript.utterances.order_by("position").values_list("words", flat=True)
    return [word[4] for words in said for word in words]


def insert(client, transcript, draft, *, version=None, part="findings"):
    found = numbers(transcript)
    told = {"first": found[1], "last": found[2], "order": f"{draft.pk}.{version or draft.version}", "part": part}
    return client.post(f"/transcripts/{transcript.pk}/cite", told)


def test_a_judge_inserts_a_passage_into_a_draft_of_the_case(transcript, draft, door):
    found = numbers(transcript)
    page = door.judge.get(f"/transcripts/{transcript.pk}/cite", {"first": found[1], "last": found[2]}).content.decode()
    assert "parcel arrived" in page and draft.title in page
    assert insert(door.judge, transcript, draft)["Location"] == f"/orders/{draft.pk}/edit/"
    draft.refresh_from_db()
    assert draft.findings.endswith(
        "“parcel arrived” (Kim Jiwoo, C-2026-0042, hearing of Tuesday 3 March 2026, 0:00:02) "
        f"[record {transcript.pk}:{found[1]}-{found[2]}]"
    )


def test_a_draft_changed_meanwhile_is_not_overwritten(transcript, draft, door, cast):
    save_draft(draft, version=draft.version, by=cast.judge, findings="Written elsewhere.")
    assert insert(door.judge, transcript, draft, version=1).status_code == 400
    assert Order.objects.get().findings == "Written elsewhere."


def test_nobody_else_inserts_anything(transcript, draft, door):
    for client in (door.claimant, door.clerk, door.observer, door.stranger):
        assert insert(client, transcript, draft).status_code == 404
    assert "[record" not in Order.objects.get().findings


def test_the_page_links_and_plays_what_is_cited_and_the_text_stays_plain(transcript, draft, door, settings):
    insert(door.judge, transcript, draft)
    found = numbers(transcript)
    page = door.judge.get(f"/orders/{draft.pk}/").content.decode()
    assert f'href="{settings.COURT_ORIGIN}/transcripts/{transcript.pk}/?w={found[1]}-{found[2]}"' in page
    assert f'data-plays="/transcripts/{transcript.pk}/sound" data-start="2.40" data-end="3.10"' in page


def test_a_citation_of_another_cases_record_is_only_text(transcript, draft, door, cast):
    save_draft(draft, version=draft.version, by=cast.judge, findings="See [record 4711:1-2] & <b>more</b>.")
    page = door.judge.get(f"/orders/{draft.pk}/").content.decode()
    assert "See [record 4711:1-2] &amp; &lt;b&gt;more&lt;/b&gt;." in page and "data-plays" not in page


def test_the_pdf_carries_the_link(transcript, draft, door, settings):
    insert(door.judge, transcript, draft)
    draft.refresh_from_db()
    with pikepdf.open(BytesIO(render_order(draft))) as made:
        links = [str(one.A.URI) for page in made.pages for one in page.get("/Annots", []) if "/A" in one]
        described = [
            one for page in made.pages for one in page.get("/Annots", []) if "/A" in one and "/Contents" in one
        ]
    found = numbers(transcript)
    assert links == [f"{settings.COURT_ORIGIN}/transcripts/{transcript.pk}/?w={found[1]}-{found[2]}"]
    assert len(described) == len(links)


def test_what_is_sealed_from_the_parties_is_not_inserted(transcript, draft, door, cast):
    said = transcript.utterances.order_by("position").first()
    Redaction.objects.create(
        transcript=transcript,
        track=said.track,
        words=[numbers(transcript)[1]],
        start=said.words[1][1],
        end=said.words[1][2],
        level=Level.SEALED,
        reason="A name",
        asked_by=cast.judge,
        state=RedactionState.APPLIED,
    )
    insert(door.judge, transcript, draft)
    draft.refresh_from_db()
    assert "█████ arrived" in draft.findings and "parcel arrived" not in draft.findings


def test_the_draft_finds_a_passage_in_the_orders_own_language(transcript, draft, door):
    page = door.judge.get(f"/orders/{draft.pk}/edit/").content.decode()
    assert f'value="/transcripts/{transcript.pk}/quote"' in page
    asked = {"by": "time", "from": "0:10", "to": "0:11", "format": "json", "language": "zh-hans"}
    told = door.judge.get(f"/transcripts/{transcript.pk}/quote", asked).json()
    assert "We dispute that" in told["cited"] and told["cited"].endswith("]")
    assert "cited" not in door.claimant.get(f"/transcripts/{transcript.pk}/quote", asked).json()


def test_what_was_cited_before_the_recording_was_heard_anew_still_plays_its_seconds(transcript, draft, door):
    insert(door.judge, transcript, draft)
    heard_anew(transcript, [(*LINES[0][:3], "A parcel came on the third of March and was opened."), LINES[1]])
    page = door.judge.get(f"/orders/{draft.pk}/").content.decode()
    assert f'data-plays="/transcripts/{transcript.pk}/sound" data-start="2.40" data-end="3.10"' in page
