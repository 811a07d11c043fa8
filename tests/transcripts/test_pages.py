"""The transcript's page, its sound, and who may have them."""

import json
import re
import shutil
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from court.cases.access import appoint
from court.cases.models import Role
from court.rooms.models import Track, TrackKind
from court.work.models import Job
from tests.transcripts.conftest import as_each_finds_it, made_for_all
from tests.transcripts.hearings import KIM, LI, a_case, imported, talk
from transcripts.engines import Segment, Speech, Word
from transcripts.listening import Heard
from transcripts.models import Transcript, TranscriptState
from transcripts.services import save_text

PAGES = ("", "progress", "sound")


def as_heard(lines):
    """What an engine gives for (second, sentence) lines."""
    segments = []
    for second, sentence in lines:
        said = [Word(word, second + 0.3 * n, second + 0.3 * n + 0.25, 0.9) for n, word in enumerate(sentence.split())]
        segments.append(Segment(said[0].start, said[-1].end, sentence, tuple(said)))
    return Speech("en", 14.0, "by hand", "none", tuple(segments))


@pytest.fixture(scope="module")
def brought_in(django_db_setup, django_db_blocker, tmp_path_factory, spoken):
    """A recording brought in once for all of these, and its transcript that nobody has begun yet."""
    folder = tmp_path_factory.mktemp("court")
    with made_for_all(django_db_blocker, folder) as cast:
        a_case(cast)
        transcript = imported(
            ("Kim Jiwoo", talk(folder / "kim.wav", spoken, KIM)),
            ("Li Wei", talk(folder / "li.wav", spoken, LI, voice="en-gb")),
        )
        yield SimpleNamespace(cast=cast, transcript=transcript.pk, folder=folder)


@pytest.fixture
def cast(db, brought_in):
    return as_each_finds_it(brought_in.cast)


@pytest.fixture
def waiting(cast, brought_in, tmp_path):
    """A transcript nobody has begun yet."""
    shutil.copytree(brought_in.folder / "files", tmp_path / "files")
    return Transcript.objects.get(pk=brought_in.transcript)


@pytest.fixture
def transcript(waiting, made_once, work):
    """A transcript that is ready; its words were written down by hand to save the listening."""
    Job.objects.filter(name="transcribe_track").delete()
    for track, lines in zip(Track.objects.order_by("pk"), (KIM, LI), strict=True):
        save_text(track, Heard(as_heard(lines)), [-20.0] * 50, lost=lambda: False)
    work()
    waiting.refresh_from_db()
    assert waiting.state == TranscriptState.READY
    return waiting


def test_the_text_stands_in_the_page_without_any_script(transcript, door):
    page = door.claimant.get(f"/transcripts/{transcript.pk}/").content.decode()
    for utterance in transcript.utterances.all():
        assert f">{utterance.text}</p>" in page
    assert "Machine transcript, not yet checked" in page
    assert "Tuesday 3 March 2026, 10:00" in page
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


def test_every_word_knows_its_place_and_time(transcript, door):
    page = door.claimant.get(f"/transcripts/{transcript.pk}/").content.decode()
    packed = [json.loads(words) for words in re.findall(r'data-words="([^"]*)"', page)]
    for numbers, utterance in zip(packed, transcript.utterances.all(), strict=True):
        places = [numbers[at : at + 6] for at in range(0, len(numbers), 6)]
        assert [utterance.text[first:last] for first, last, *_rest in places] == [word[0] for word in utterance.words]
        assert [start for _f, _l, start, *_rest in places] == [round(word[1] * 100) for word in utterance.words]


def test_the_sound_can_be_wound(transcript, door):
    whole = door.claimant.get(f"/transcripts/{transcript.pk}/sound")
    assert (whole.status_code, whole["Content-Type"], whole["Accept-Ranges"]) == (200, "audio/mp4", "bytes")
    body = b"".join(whole.streaming_content)
    part = door.claimant.get(f"/transcripts/{transcript.pk}/sound", headers={"range": "bytes=100-199"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, body[100:200])


def test_who_may_read_and_hear_the_record(cast, transcript, door):
    for role in (Role.INTERPRETER, Role.OBSERVER, Role.MEDIATOR):
        appoint(transcript.case, getattr(cast, role.value), role)
    readers = {"claimant", "respondent", "judge", "clerk", "interpreter", "observer"}
    for person, _user in cast:
        for page in PAGES:
            answer = getattr(door, person).get(f"/transcripts/{transcript.pk}/{page}")
            assert (person, page, answer.status_code) == (person, page, 200 if person in readers else 404)
        again = getattr(door, person).post(f"/transcripts/{transcript.pk}/again")
        assert (person, again.status_code) == (person, 302 if person in ("judge", "clerk") else 404)


def test_a_sealed_record_is_closed_to_clerks(transcript, door):
    type(transcript.case).objects.filter(pk=transcript.case_id).update(sealed=True)
    assert door.clerk.get(f"/transcripts/{transcript.pk}/").status_code == 404
    assert door.judge.get(f"/transcripts/{transcript.pk}/").status_code == 200


def test_a_record_that_is_not_there_looks_like_one_that_is_hidden(transcript, door):
    hidden = door.stranger.get(f"/transcripts/{transcript.pk}/")
    nowhere = door.stranger.get("/transcripts/999999/")
    assert hidden.status_code == nowhere.status_code == 404
    strip = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|/transcripts/\d+/')
    assert strip.sub("", hidden.content.decode()) == strip.sub("", nowhere.content.decode())


def test_nobody_unknown_gets_in(transcript, door):
    for page in PAGES:
        assert door.nobody.get(f"/transcripts/{transcript.pk}/{page}").status_code == 302


def test_the_page_tells_how_far_the_text_is(waiting, door):
    told = door.claimant.get(f"/transcripts/{waiting.pk}/progress").json()
    assert {name: told[name] for name in ("state", "share", "sound")} == {
        "state": "waiting", "share": 0.0, "sound": False,
    }  # fmt: skip
    assert [(one["share"], one["words"]) for one in told["tracks"]] == [(0.0, "waiting")] * 2
    page = door.claimant.get(f"/transcripts/{waiting.pk}/").content.decode()
    assert "The recording is being turned into text" in page
    assert door.claimant.get(f"/transcripts/{waiting.pk}/sound").status_code == 404
    first, _second = Track.objects.order_by("pk")
    Job.objects.filter(key=f"transcribe_track:{first.pk}").update(state="running", progress=0.5)
    assert door.claimant.get(f"/transcripts/{waiting.pk}/progress").json()["share"] == pytest.approx(0.25, abs=0.01)


def test_progress_ends_at_ready(transcript, door):
    assert door.claimant.get(f"/transcripts/{transcript.pk}/progress").json() == {
        "state": "ready", "share": 1.0, "sound": True, "tracks": [],
    }  # fmt: skip


def test_the_case_page_leads_to_the_transcript(transcript, door):
    page = door.claimant.get(f"/cases/{transcript.case.number}/").content.decode()
    assert f'href="/transcripts/{transcript.pk}/"' in page


def test_a_persons_picture_is_shown_to_those_who_may_read(transcript, door, cast):
    picture = Track(
        recording=transcript.recording, kind=TrackKind.PICTURE, name="Kim Jiwoo", assembled_at=timezone.now()
    )
    picture.file.save("recordings/picture.webm", ContentFile(b"\x1aE\xdf\xa3" * 50))
    address = f"/transcripts/{transcript.pk}/picture/{picture.pk}"
    assert address in door.claimant.get(f"/transcripts/{transcript.pk}/").content.decode()
    assert door.claimant.get(address)["Content-Type"] == "video/webm"
    assert door.stranger.get(address).status_code == 404
    sound = Track.objects.filter(kind=TrackKind.SOUND).first()
    assert door.claimant.get(f"/transcripts/{transcript.pk}/picture/{sound.pk}").status_code == 404


def test_an_account_that_was_closed_reads_nothing(transcript, cast, door):
    cast.claimant.is_active = False
    cast.claimant.save()
    assert door.claimant.get(f"/transcripts/{transcript.pk}/").status_code in (302, 404)


def test_asking_again_while_it_is_being_made_does_nothing(waiting, door):
    assert door.judge.post(f"/transcripts/{waiting.pk}/again").status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == TranscriptState.WAITING
    assert Job.objects.filter(name="transcribe_track").count() == 2
