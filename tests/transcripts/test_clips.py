"""Clips: cut from what their owner may hear, given to them and the court, never with what is hidden in them."""

import subprocess
import wave

import numpy as np
import pytest
from django.core.files import File

from tests.transcripts.hearings import a_case, heard, write
from transcripts.models import Clip, Level, Redaction, RedactionState
from transcripts.sounds import playing_time

RATE = 16000
LINES = [("Kim Jiwoo", "claimant", 2.0, "The parcel arrived on the third of March, opened.")]


@pytest.fixture
def transcript(cast, work, tmp_path):
    """Eight seconds of a tone, under nine words from second 2 on, 0.4 s apart."""
    made = heard(a_case(cast), LINES, judge=cast.judge)
    work()
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8 * RATE) / RATE)
    source = write(tmp_path / "tone.wav", tone, RATE)
    target = tmp_path / "tone.m4a"
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-i", source, target], check=True)
    made.refresh_from_db()
    with target.open("rb") as file:
        made.sound.save("tone.m4a", File(file))
    return made


def numbers(transcript):
    return [word[4] for word in transcript.utterances.get().words]


def ask(client, transcript, first=0, last=8, **more):
    found = numbers(transcript)
    told = {"first": found[first], "last": found[last], "picture": "", **more}
    return client.post(f"/transcripts/{transcript.pk}/clips/", told)


def fetch(client, clip):
    answer = client.get(f"/transcripts/{clip.transcript_id}/clips/{clip.pk}")
    return b"".join(answer.streaming_content) if answer.status_code == 200 else answer.status_code


def loudness(content, tmp_path):
    """How loud each tenth of a second of a sound file is, 0 to 1."""
    (tmp_path / "clip").write_bytes(content)
    told = [
        "ffmpeg",
        "-loglevel",
        "error",
        "-y",
        "-i",
        tmp_path / "clip",
        "-ar",
        str(RATE),
        "-ac",
        "1",
        tmp_path / "c.wav",
    ]
    subprocess.run(told, check=True)
    with wave.open(str(tmp_path / "c.wav")) as file:
        heard_ = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32768
    return [float(np.abs(heard_[at : at + RATE // 10]).max()) for at in range(0, len(heard_) - RATE // 10, RATE // 10)]


def seal(transcript, cast, first, last):
    said = transcript.utterances.get()
    return Redaction.objects.create(
        transcript=transcript,
        track=said.track,
        words=numbers(transcript)[first : last + 1],
        start=said.words[first][1],
        end=said.words[last][2],
        level=Level.SEALED,
        reason="A name",
        asked_by=cast.judge,
        state=RedactionState.APPLIED,
    )


def test_a_reader_gets_the_sound_of_the_words_they_chose(transcript, door, work, tmp_path):
    assert ask(door.claimant, transcript, 2, 4).status_code == 302
    assert "being cut" in door.claimant.get(f"/transcripts/{transcript.pk}/clips/").content.decode()
    work()
    clip = Clip.objects.get()
    assert clip.state == "ready"
    content = fetch(door.claimant, clip)
    (tmp_path / "clip.m4a").write_bytes(content)
    assert playing_time(tmp_path / "clip.m4a") == pytest.approx(1.1 + 0.3, abs=0.1)
    assert max(loudness(content, tmp_path)) > 0.3


def test_only_who_asked_and_the_court_fetch_a_clip(transcript, door, work):
    ask(door.claimant, transcript)
    work()
    clip = Clip.objects.get()
    assert fetch(door.respondent, clip) == fetch(door.stranger, clip) == 404
    assert isinstance(fetch(door.clerk, clip), bytes)
    assert door.clerk.post(f"/transcripts/{transcript.pk}/clips/{clip.pk}/delete").status_code == 404
    assert door.claimant.post(f"/transcripts/{transcript.pk}/clips/{clip.pk}/delete").status_code == 302
    assert not Clip.objects.exists()
    assert not clip.file.storage.exists(clip.file.name)


def test_a_clip_holds_nothing_that_is_hidden_from_its_owner(transcript, door, cast, work, tmp_path):
    from transcripts import renditions

    seal(transcript, cast, 4, 6)  # seconds 3.6 to 4.7
    refused = ask(door.claimant, transcript)
    assert refused.status_code == 400
    assert "still being prepared" in refused.content.decode()
    assert not Clip.objects.exists()
    renditions.make(transcript, goes_on=lambda share: None)
    ask(door.claimant, transcript)
    ask(door.judge, transcript)
    work()
    theirs, courts = (Clip.objects.get(asked_by=person) for person in (cast.claimant, cast.judge))
    loud = loudness(fetch(door.claimant, theirs), tmp_path)  # begins at 1.85
    assert max(loud[18:28]) < 0.01
    assert max(loud[:15]) > 0.3
    assert min(loudness(fetch(door.judge, courts), tmp_path)[2:30]) > 0.3


def test_a_clip_cut_before_words_were_hidden_is_given_to_nobody_they_are_hidden_from(transcript, door, cast, work):
    ask(door.claimant, transcript)
    work()
    clip = Clip.objects.get()
    seal(transcript, cast, 4, 6)
    assert fetch(door.claimant, clip) == 404
    assert "Out of date" in door.claimant.get(f"/transcripts/{transcript.pk}/clips/").content.decode()


def test_words_hidden_while_a_clip_waits_keep_it_from_being_cut(transcript, door, cast, work):
    ask(door.claimant, transcript)
    seal(transcript, cast, 4, 6)
    work()
    clip = Clip.objects.get()
    assert (clip.state, clip.file.name) == ("failed", "")


def test_a_clip_is_bounded_and_its_words_must_be_there(transcript, door):
    said = transcript.utterances.get()
    said.words[-1][1:3] = [700.0, 700.3]
    said.save()
    page = ask(door.claimant, transcript)
    assert page.status_code == 400 and "at most 10 minutes" in page.content.decode()
    assert door.claimant.post(f"/transcripts/{transcript.pk}/clips/", {"first": 999999, "last": 1}).status_code == 400
    assert not Clip.objects.exists()
