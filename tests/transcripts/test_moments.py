"""Exhibits, log notes and pictures on the timeline of a record: to the words and the sound, and back."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from court.evidence.models import Exhibit, Kind
from court.hearings.models import LogNote, Presentation
from court.rooms.models import Recording, Track, TrackKind
from court.work.models import Job, State
from tests.transcripts.hearings import a_case, heard
from transcripts.models import Frame, Level, Redaction, RedactionState, Transcript
from transcripts.moments.frames import queue_frames
from transcripts.moments.tasks import take_what_is_missing

SAID = [
    ("Kim Jiwoo", "claimant", 1.0, "This is the receipt."),
    ("Li Wei", "respondent", 12.0, "I have never seen it before."),
    ("Kim Jiwoo", "claimant", 24.0, "You signed it yourself."),
]


@pytest.fixture
def transcript(cast) -> Transcript:
    found = heard(a_case(cast), SAID, judge=cast.judge)
    began = found.recording.started_at
    Recording.objects.filter(pk=found.recording_id).update(ended_at=began + timedelta(seconds=40))
    found.recording.refresh_from_db()
    return found


@pytest.fixture
def exhibit(transcript, cast) -> Exhibit:
    return Exhibit.objects.create(
        case=transcript.case,
        party=transcript.case.parties.get(user=cast.claimant),
        label="C2",
        title="The receipt",
        kind=Kind.PDF,
        file="exhibits/none.pdf",
        original_name="receipt.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        pages=7,
        uploaded_by=cast.claimant,
    )


def at(transcript, second):
    return transcript.recording.started_at + timedelta(seconds=second)


@pytest.fixture
def shown(transcript, exhibit, cast) -> Presentation:
    """Page 3 of C2, shown while the respondent speaks."""
    return Presentation.objects.create(
        hearing=transcript.hearing, exhibit=exhibit, page=3, by=cast.claimant, at=at(transcript, 13.5)
    )


def page_of(transcript, client):
    return client.get(f"/transcripts/{transcript.pk}/").content.decode()


def hide(transcript, cast, start, end, level=Level.SEALED):
    return Redaction.objects.create(
        transcript=transcript,
        track=transcript.utterances.order_by("start")[1].track,
        words=[],
        start=start,
        end=end,
        level=level,
        reason="A name.",
        asked_by=cast.judge,
        state=RedactionState.APPLIED,
    )


@pytest.fixture
def picture(filmed_once):
    """Twelve seconds of black, then a pattern to the thirty-fifth."""
    black, pattern = "color=black:size=640x360:rate=5:duration=12", "testsrc=size=640x360:rate=5:duration=23"
    return filmed_once(
        *("-f", "lavfi", "-i", black, "-f", "lavfi", "-i", pattern, "-filter_complex", "[0][1]concat=n=2:v=1"),
        *("-c:v", "libvpx", "-b:v", "300k", "-deadline", "realtime", "-threads", "1", "-f", "webm"),
    ).read_bytes()


@pytest.fixture
def filmed(transcript, picture, work):
    """The respondent's picture; its stills are taken."""
    track = Track(
        recording=transcript.recording,
        kind=TrackKind.PICTURE,
        name="Li Wei",
        role="respondent",
        seconds=35.0,
        assembled_at=timezone.now(),
    )
    track.file.save("recordings/picture.webm", ContentFile(picture))
    take_what_is_missing()
    work()
    return track


def test_an_exhibit_stands_at_its_place_in_the_text_and_leads_to_it(transcript, shown, exhibit, door):
    page = page_of(transcript, door.respondent)
    lines = re.findall(r"<li class=\"line.*?</li>", page, re.DOTALL)
    assert ["◆" in line for line in lines] == [False, True, False]
    assert f'<a href="/exhibits/{exhibit.pk}/">C2 p. 3 shown</a>' in lines[1]
    assert 'href="?t=13.50"' in page
    assert "data-text>I have never seen it before.</p>" in lines[1]  # the words themselves stay as they are


def test_the_exhibit_leads_back_to_the_moments_in_which_it_was_shown(transcript, shown, exhibit, door):
    page = door.respondent.get(f"/exhibits/{exhibit.pk}/").content.decode()
    assert f'href="/transcripts/{transcript.pk}/?t=13.50"' in page
    assert "Page 3 shown in the hearing of Tuesday 3 March 2026 at 0:13" in page


def test_what_was_shown_while_nothing_was_recorded_is_no_moment(transcript, shown, exhibit, door):
    Presentation.objects.filter(pk=shown.pk).update(at=at(transcript, 3600))
    assert "◆" not in page_of(transcript, door.claimant)
    assert "Shown in hearings" not in door.claimant.get(f"/exhibits/{exhibit.pk}/").content.decode()


def test_log_notes_are_seen_by_the_court_alone(transcript, cast, door):
    LogNote.objects.create(hearing=transcript.hearing, by=cast.judge, text="Ask about the ink.", at=at(transcript, 25))
    for person in ("judge", "clerk"):
        page = page_of(transcript, getattr(door, person))
        assert page.count("Ask about the ink.") == 2  # on the timeline and in the text
        assert 'href="?t=25.00"' in page
    for person in ("claimant", "respondent"):
        assert "Ask about the ink." not in page_of(transcript, getattr(door, person))


def test_what_is_shown_in_a_sealed_stretch_is_no_moment_of_the_parties(transcript, shown, exhibit, cast, door):
    hide(transcript, cast, 12.0, 15.0)
    assert "C2 p. 3 shown" not in page_of(transcript, door.claimant)
    assert "Shown in hearings" not in door.claimant.get(f"/exhibits/{exhibit.pk}/").content.decode()
    assert "C2 p. 3 shown" in page_of(transcript, door.judge)


def test_the_public_sees_no_exhibits(transcript, shown, door):
    Transcript.objects.filter(pk=transcript.pk).update(release_at=timezone.now() - timedelta(hours=1))
    answer = door.nobody.get(f"/transcripts/{transcript.pk}/")
    assert answer.status_code == 200
    assert "C2" not in re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_stills_are_taken_every_ten_seconds_and_when_an_exhibit_was_shown(transcript, shown, filmed, door):
    seconds = list(Frame.objects.order_by("second").values_list("second", flat=True))
    assert seconds == [13.5, 20.0, 30.0]  # at 0 and 10 all was black
    page = page_of(transcript, door.claimant)
    first = Frame.objects.order_by("second")[0]
    assert f'src="/transcripts/{transcript.pk}/frames/{first.pk}"' in page
    answer = door.claimant.get(f"/transcripts/{transcript.pk}/frames/{first.pk}")
    body = b"".join(answer.streaming_content)
    assert (answer["Content-Type"], body[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert len(body) < 30_000


def test_a_still_from_a_hidden_stretch_is_shown_to_nobody_it_is_hidden_from(transcript, shown, filmed, cast, door):
    first, second, _third = Frame.objects.order_by("second")
    hide(transcript, cast, 13.0, 14.0)
    for person, status in (("claimant", 404), ("respondent", 404), ("judge", 200)):
        client = getattr(door, person)
        assert (person, client.get(f"/transcripts/{transcript.pk}/frames/{first.pk}").status_code) == (person, status)
        assert (f"frames/{first.pk}" in page_of(transcript, client)) == (status == 200)
        assert client.get(f"/transcripts/{transcript.pk}/frames/{second.pk}").status_code == 200


def test_stills_are_for_those_who_may_read_the_record(transcript, filmed, door):
    frame = Frame.objects.first()
    for person, status in (("claimant", 200), ("stranger", 404), ("mediator", 404), ("administrator", 404)):
        answer = getattr(door, person).get(f"/transcripts/{transcript.pk}/frames/{frame.pk}")
        assert (person, answer.status_code) == (person, status)
    assert door.claimant.get(f"/transcripts/{transcript.pk}/frames/999999").status_code == 404


def test_taking_stills_again_replaces_them_and_leaves_no_file(transcript, filmed, work):
    before = [frame.file.path for frame in Frame.objects.all()]
    Track.objects.filter(pk=filmed.pk).update(assembled_at=timezone.now() + timedelta(seconds=5))
    queue_frames(Track.objects.get(pk=filmed.pk))
    work()
    after = [frame.file.path for frame in Frame.objects.all()]
    assert len(after) == len(before)
    assert not set(before) & set(after)
    assert not [path for path in before if Path(path).exists()]


def test_a_picture_that_cannot_be_read_is_tried_once_and_named(transcript, work):
    track = Track(
        recording=transcript.recording, kind=TrackKind.PICTURE, name="Li Wei", seconds=9.0, assembled_at=timezone.now()
    )
    track.file.save("recordings/broken.webm", ContentFile(b"\x1aE\xdf\xa3 no picture"))
    take_what_is_missing()
    work()
    take_what_is_missing()
    work()
    job = Job.objects.get(name="take_frames")
    assert (job.state, job.attempts) == (State.FAILED, 1)
    assert "cannot be read" in job.error
