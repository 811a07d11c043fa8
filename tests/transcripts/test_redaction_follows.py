"""What is hidden stays hidden while the text changes, from the moment it changes and not when a worker comes by."""

import json
import uuid

import pytest

from court.work.models import Job
from tests.transcripts.hearings import heard_anew
from tests.transcripts.test_certification import certify
from tests.transcripts.test_redaction import found_by, hide, number_of, text_for
from tests.transcripts.test_redaction_sound import picture_of, render, sound_of, tone_and_white, transcript  # noqa: F401
from transcripts import renditions
from transcripts.models import Clearance, Redaction
from transcripts.text import BLOCK


def write(door, transcript, text):  # noqa: F811
    said = transcript.utterances.get()
    change = {"id": str(uuid.uuid4()), "kind": "words", "utterance": said.pk, "revision": said.revision, "text": text}
    answer = door.clerk.post(
        f"/transcripts/{transcript.pk}/edits", json.dumps({"edits": [change]}), content_type="application/json"
    )
    assert answer.json()["results"][0]["status"] == "done", answer.json()
    transcript.refresh_from_db()


def silent(transcript, start, end):  # noqa: F811
    """Whether these seconds are among those taken out of what the parties hear."""
    return any(since <= start and until >= end for since, until in renditions.cuts(transcript, Clearance.PARTY))


def gives_nothing_old(door, transcript):  # noqa: F811
    return sound_of(door.claimant, transcript).status_code == picture_of(door.claimant, transcript).status_code == 404


def test_an_edit_that_moves_a_hidden_word_takes_the_sound_and_the_picture_back_at_once(transcript, door, work):  # noqa: F811
    hide(door.clerk, transcript, "Quuxley", level="sealed")
    render(work)
    assert sound_of(door.claimant, transcript).status_code == 200
    write(door, transcript, "I live at Spindlehorn Bo Six Nine with Zorblatt since May")  # they share 2.2 to 2.9
    assert gives_nothing_old(door, transcript)
    assert silent(transcript, 2.2, 2.9)
    assert f"I live at {BLOCK} with" in text_for(door.claimant, transcript)
    render(work)
    assert sound_of(door.claimant, transcript).status_code == 200


def test_a_clip_cut_before_the_edit_is_not_given_out_after_it(transcript, door, work):  # noqa: F811
    hide(door.clerk, transcript, "Quuxley", level="sealed")
    render(work)
    ends = {"first": number_of(transcript, "I"), "last": number_of(transcript, "with")}
    door.claimant.post(f"/transcripts/{transcript.pk}/clips/", ends)
    render(work)
    (address,) = {f"/transcripts/{transcript.pk}/clips/{one.pk}" for one in transcript.clips.all()}
    assert door.claimant.get(address).status_code == 200
    write(door, transcript, "I live at Spindlehorn Bo Six Nine with Zorblatt since May")
    assert door.claimant.get(address).status_code == 404


def test_a_version_taken_back_moves_what_is_hidden_at_once(transcript, door, work):  # noqa: F811
    write(door, transcript, "I live at Spindlehorn Bo Six Nine with Zorblatt since May")
    hide(door.clerk, transcript, "Nine", level="sealed")  # it bears the number of the word Road, 2.6 to 2.9
    assert not silent(transcript, 2.6, 2.9)
    render(work)
    assert sound_of(door.claimant, transcript).status_code == 200
    door.clerk.post(f"/transcripts/{transcript.pk}/versions/1/adopt")
    transcript.refresh_from_db()
    assert gives_nothing_old(door, transcript)
    assert silent(transcript, 2.6, 2.9)
    assert "Road" not in text_for(door.claimant, transcript)


ANEW = {
    "the same word somewhat later": "So I live at Quuxley Road with Zorblatt since May",
    "another spelling of it": "Well now I live at Kwuxlee Road with Zorblatt since May",
    "two words for one": "So I live at Quux Leigh Road with Zorblatt since May",
}


@pytest.mark.parametrize("said", ANEW.values(), ids=ANEW)
def test_what_was_hidden_is_hidden_in_what_is_heard_anew(said, transcript, door, work):  # noqa: F811
    hide(door.clerk, transcript, "Quuxley", level="sealed")
    render(work)
    heard_anew(transcript, [("Kim Jiwoo", "claimant", 1.3, said)])
    assert gives_nothing_old(door, transcript)
    text = text_for(door.claimant, transcript)
    for form in ("Quux", "Kwux", "Leigh"):
        assert form not in text
        assert not found_by(door.claimant, f"{form}*")
    assert "with Zorblatt since May" in text
    words = [word for one in transcript.utterances.all() for word in one.words]
    for word in words:
        if word[0] in ("Quuxley", "Kwuxlee", "Quux", "Leigh"):
            assert silent(transcript, word[1], word[2])


def test_a_hearing_anew_that_waits_beside_the_corrected_text_hides_it_too(transcript, door, work):  # noqa: F811
    write(door, transcript, "I live at Quuxley Road with Zorblatt since June")
    hide(door.clerk, transcript, "Quuxley", level="sealed")
    heard_anew(transcript, [("Kim Jiwoo", "claimant", 2.5, "I live at Quuxley Road with Zorblatt since May")])
    assert "since June" in text_for(door.clerk, transcript)  # a person's work is not overwritten
    page = door.claimant.get(f"/transcripts/{transcript.pk}/pages?page=3").content.decode()
    assert "Zorblatt" in page
    assert "Quuxley" not in page
    door.clerk.post(f"/transcripts/{transcript.pk}/versions/{transcript.versions.count()}/adopt")
    transcript.refresh_from_db()
    assert "Quuxley" not in text_for(door.claimant, transcript)
    assert silent(transcript, 3.7, 4.0)


def test_a_word_hidden_after_a_hearing_anew_is_hidden_in_the_certified_pages_too(transcript, door, work):  # noqa: F811
    Job.objects.all().delete()
    assert certify(door, transcript, work)
    heard_anew(transcript, [("Kim Jiwoo", "claimant", 3.2, "I live at Quuxley Road with Zorblatt since May")])
    pages = f"/transcripts/{transcript.pk}/pages?page=3"
    assert "Quuxley" in door.claimant.get(pages).content.decode()
    hide(door.clerk, transcript, "Quuxley", level="sealed")
    page = door.claimant.get(pages).content.decode()
    assert "Quuxley" not in page
    assert "Zorblatt" in page
    assert Redaction.objects.count() == 1


def test_a_word_typed_anew_after_the_record_was_certified_is_hidden_in_its_pages_too(transcript, door, work):  # noqa: F811
    Job.objects.all().delete()
    # There is no room for that between two words: it has no time of its own.
    write(door, transcript, "I live at Quuxley Road with Zorblatt Spindlehorn of the Bo since May")
    assert certify(door, transcript, work)
    write(door, transcript, "I live at Quuxley Road with Zorblatt since May")
    write(door, transcript, "I live at Quuxley Road with Zorblatt Spindlehorn of the Bo since May now")
    pages = f"/transcripts/{transcript.pk}/pages?page=3"
    assert "Spindlehorn" in door.claimant.get(pages).content.decode()
    hide(door.clerk, transcript, "Spindlehorn", level="sealed")
    page = door.claimant.get(pages).content.decode()
    assert "Spindlehorn" not in page
    assert "Zorblatt" in page
