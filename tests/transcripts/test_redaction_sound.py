"""Nobody hears or sees what is hidden from them: they get what was made without it, or nothing."""

import subprocess

import numpy as np
import pytest
from django.core.files.base import ContentFile

from court.rooms.models import Track, TrackKind
from court.work.models import Job
from tests.transcripts.hearings import a_case, heard
from tests.transcripts.test_redaction import decide, hide
from transcripts import renditions
from transcripts.engines.sound import RATE, Sound
from transcripts.models import Clearance, Redaction, Rendition

LINES = [("Kim Jiwoo", "claimant", 1.0, "I live at Quuxley Road with Zorblatt since May")]  # a word every 0.4 s
QUUXLEY = (2.2, 2.5)


@pytest.fixture
def tone_and_white(filmed_once):
    """Ten seconds of a tone, and of white."""
    tone = filmed_once("-f", "lavfi", "-i", "aevalsrc='0.3*sin(2*PI*440*t)':s=48000:d=10", "-c:a", "aac", "-f", "ipod")
    picture = ("-f", "lavfi", "-i", "color=white:s=64x48:r=10:d=10", "-c:v", "libvpx", "-threads", "1")
    return tone.read_bytes(), filmed_once(*picture, "-f", "webm").read_bytes()


@pytest.fixture
def transcript(cast, tone_and_white):
    """A transcript whose sound is a tone from beginning to end, and a picture that is white."""
    tone, white = tone_and_white
    made = heard(a_case(cast), LINES, judge=cast.judge)
    made.sound.save("tone.m4a", ContentFile(tone))
    track = Track.objects.create(recording=made.recording, kind=TrackKind.PICTURE, name="Kim Jiwoo")
    track.file.save("white.webm", ContentFile(white))
    Track.objects.filter(pk=track.pk).update(assembled_at=made.recording.ready_at)
    return made


def sound_of(door, transcript):
    return door.get(f"/transcripts/{transcript.pk}/sound")


def picture_of(door, transcript):
    track = Track.objects.get(kind=TrackKind.PICTURE)
    return door.get(f"/transcripts/{transcript.pk}/picture/{track.pk}")


def samples(answer, tmp_path):
    path = tmp_path / "heard.m4a"
    path.write_bytes(b"".join(answer.streaming_content))
    with Sound(path) as sound:
        return np.concatenate(list(sound.stretches()))


def loudest(whole, start, end):
    return float(np.abs(whole[int(start * RATE) : int(end * RATE)]).max())


def render(work):
    """Do the queued work but for the listening, which needs a model."""
    Job.objects.filter(name__in=["mix_sound", "merge_transcript", "transcribe_track"]).delete()
    work()


def test_until_it_is_made_without_what_is_sealed_a_party_hears_nothing(transcript, door, work):
    assert sound_of(door.claimant, transcript).status_code == 200
    hide(door.clerk, transcript, "Quuxley", level="sealed")
    assert sound_of(door.claimant, transcript).status_code == 404
    assert picture_of(door.claimant, transcript).status_code == 404
    page = door.claimant.get(f"/transcripts/{transcript.pk}/").content.decode()
    assert "The sound is being prepared without what is hidden" in page
    assert sound_of(door.judge, transcript).status_code == 200


def test_the_sealed_word_is_silent_and_black_and_the_rest_is_not(transcript, door, work, tmp_path):
    hide(door.clerk, transcript, "Quuxley", level="sealed")
    render(work)
    whole = samples(sound_of(door.claimant, transcript), tmp_path)
    start, end = QUUXLEY
    assert loudest(whole, start - 0.04, end + 0.04) < 0.001
    assert loudest(whole, start - 0.4, start - 0.1) > 0.1  # the word before
    assert loudest(whole, end + 0.1, end + 0.4) > 0.1  # the word after
    everything = samples(sound_of(door.judge, transcript), tmp_path)
    assert loudest(everything, start, end) > 0.1
    film = tmp_path / "seen.mp4"
    film.write_bytes(b"".join(picture_of(door.claimant, transcript).streaming_content))
    for second, bright in ((1.0, True), (2.25, False), (2.4, False), (4.0, True)):
        frame = ["ffmpeg", "-loglevel", "error", "-ss", str(second), "-i", str(film), "-frames:v", "1"]
        grey = subprocess.run([*frame, "-f", "rawvideo", "-pix_fmt", "gray", "-"], capture_output=True, check=True)
        assert bool(np.frombuffer(grey.stdout, dtype=np.uint8).mean() > 128) is bright, second


def test_the_margin_takes_no_neighbour_and_half_the_silence_at_most(transcript, door):
    hide(door.clerk, transcript, "Quuxley", level="sealed")
    ((start, end),) = renditions.cuts(transcript, Clearance.PARTY)
    assert start == pytest.approx(2.2 - 0.06, abs=0.011)
    assert end == pytest.approx(2.5 + 0.06, abs=0.011)
    assert renditions.cuts(transcript, Clearance.COURT) == []


def test_at_the_end_of_speech_the_whole_margin_is_taken(transcript, door):
    hide(door.clerk, transcript, "May", level="sealed")
    ((_start, end),) = renditions.cuts(transcript, Clearance.PARTY)
    assert end == pytest.approx(1.0 + 0.4 * 8 + 0.3 + 0.15, abs=0.011)


def test_what_was_made_for_another_day_is_given_to_nobody_and_deleted(transcript, door, work):
    first = hide(door.clerk, transcript, "Quuxley", level="sealed")
    render(work)
    (old,) = Rendition.objects.filter(track=None, clearance=Clearance.PARTY)
    second = hide(door.clerk, transcript, "Zorblatt", level="sealed")
    assert sound_of(door.claimant, transcript).status_code == 404
    render(work)
    assert sound_of(door.claimant, transcript).status_code == 200
    assert not old.file.storage.exists(old.file.name)
    for redaction in (first, second):
        decide(door.clerk, transcript, redaction, "lift", answer="Known.")
    assert sound_of(door.claimant, transcript).status_code == 200
    render(work)
    assert not Rendition.objects.exists()


def test_a_new_mixing_of_the_sound_is_not_given_away(transcript, door, work):
    hide(door.clerk, transcript, "Quuxley", level="sealed")
    render(work)
    transcript.refresh_from_db()
    transcript.sound.save("again.m4a", ContentFile(transcript.sound.read()))
    assert sound_of(door.claimant, transcript).status_code == 404
    assert renditions.missing(transcript)


def test_words_only_redacted_are_heard_by_the_parties(transcript, door, work):
    hide(door.claimant, transcript, "Quuxley")
    assert sound_of(door.respondent, transcript).status_code == 200
    render(work)
    assert Rendition.objects.filter(clearance=Clearance.PUBLIC, track=None).count() == 1
    assert Redaction.objects.count() == 1


def test_sound_that_was_not_silenced_raises_the_alarm(transcript, door, work, monkeypatch):
    hide(door.clerk, transcript, "Quuxley", level="sealed")
    render(work)
    made = Rendition.objects.get(track=None, clearance=Clearance.PARTY)
    transcript.refresh_from_db()
    with transcript.sound.open("rb") as whole, made.file.storage.open(made.file.name, "wb") as file:
        file.write(whole.read())
    Job.objects.filter(name="listen_to_hidden").update(state="waiting")
    render(work)
    page = door.clerk.get(f"/transcripts/{transcript.pk}/redactions/").content.decode()
    assert "Heard in the sound made for others, at 0:00:02 (party)" in page
