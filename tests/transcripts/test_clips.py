"""Clips: cut from what their owner may hear, given to them and the court, never with what is hidden in them."""

import re
import subprocess
import wave
from datetime import timedelta

import numpy as np
import pytest
from django.core.files import File
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from court.rooms.models import Track, TrackKind
from tests.transcripts.hearings import a_case, heard
from transcripts.models import Clearance, Clip, Level, Redaction, RedactionState
from transcripts.sounds import playing_time
from transcripts.text import hidden_from

RATE = 16000
LINES = [("Kim Jiwoo", "claimant", 2.0, "The parcel arrived on the third of March, opened.")]


@pytest.fixture
def transcript(cast, work, filmed_once):
    """Eight seconds of a tone, under nine words from second 2 on, 0.4 s apart."""
    made = heard(a_case(cast), LINES, judge=cast.judge)
    work()
    tone = f"aevalsrc='0.5*sin(2*PI*440*t)':s={RATE}:d=8"
    made.refresh_from_db()
    with filmed_once("-f", "lavfi", "-i", tone, "-f", "ipod").open("rb") as file:
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


def cut_for(person, transcript, number, *, clearance=Clearance.PARTY, **more):
    """As many clips, each of the minute after the one before; the newest is of minute number - 1."""
    told = {
        "transcript": transcript,
        "first_word": 1,
        "last_word": 2,
        "clearance": clearance,
        "digest": hidden_from(clearance, transcript).digest,
        "asked_by": person,
        "state": "ready",
        "media_type": "audio/mp4",
        **more,
    }
    now = timezone.now() - timedelta(hours=1)
    clips = [
        Clip(**told, start=minute * 60 + 1.85, end=minute * 60 + 4.15, asked_at=now + timedelta(seconds=minute))
        for minute in range(number)
    ]
    return Clip.objects.bulk_create(clips)


def listed(client, transcript, **asked):
    """The clips on a page, in their order, by the time of their words."""
    page = client.get(f"/transcripts/{transcript.pk}/clips/", asked).content.decode()
    return re.findall(r"<(?:a|strong)[^>]*>Sound(?: and picture)?, ([0-9:–]+)</", page)


def test_the_twenty_first_clip_stands_on_the_next_page(transcript, cast, door):
    cut_for(cast.claimant, transcript, 21)
    first, second = (listed(door.claimant, transcript, page=page) for page in (1, 2))
    assert (len(first), first[0], second) == (20, "20:02–20:04", ["0:02–0:04"])
    page = door.claimant.get(f"/transcripts/{transcript.pk}/clips/").content.decode()
    assert page.count('preload="none"') == page.count("<audio") == 20  # none is fetched before it is played
    assert 'rel="next" href="?page=2"' in page


def test_no_page_lists_what_others_had_cut_but_the_courts(transcript, cast, door):
    cut_for(cast.claimant, transcript, 21)
    (own,) = cut_for(cast.respondent, transcript, 1)
    assert [listed(door.respondent, transcript, page=page) for page in (1, 2)] == [["0:02–0:04"]] * 2
    page = door.respondent.get(f"/transcripts/{transcript.pk}/clips/?page=2").content.decode()
    assert str(own.pk) in page and cast.claimant.name not in page
    assert len(listed(door.judge, transcript)) + len(listed(door.judge, transcript, page=2)) == 22
    for person in (door.observer, door.stranger):
        assert person.get(f"/transcripts/{transcript.pk}/clips/?page=2").status_code == 404


@pytest.mark.parametrize("person", ["claimant", "judge"])
def test_a_page_of_clips_asks_the_database_no_more_than_one_of_few(transcript, cast, door, person):
    recorded = {"recording": transcript.recording, "kind": TrackKind.PICTURE, "name": "Kim Jiwoo", "seconds": 8.0}
    picture = Track.objects.create(**recorded, assembled_at=timezone.now())
    seal(transcript, cast, 4, 6)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert listed(getattr(door, person), transcript)
        return len(queries)

    cut_for(cast.claimant, transcript, 1, picture=picture)
    cut_for(cast.judge, transcript, 1, clearance=Clearance.COURT)
    asked()  # what is asked once and kept
    few = asked()
    cut_for(cast.claimant, transcript, 15, picture=picture)
    cut_for(cast.judge, transcript, 15, clearance=Clearance.COURT)
    assert asked() == few


def test_each_clip_on_a_page_is_out_of_date_by_itself(transcript, cast, door):
    cut_for(cast.claimant, transcript, 2)
    seal(transcript, cast, 4, 6)
    cut_for(cast.claimant, transcript, 1)
    cut_for(cast.judge, transcript, 1, clearance=Clearance.COURT)
    for client, fresh in ((door.claimant, 1), (door.judge, 2)):
        page = client.get(f"/transcripts/{transcript.pk}/clips/").content.decode()
        assert (page.count("Out of date"), page.count("<audio")) == (2, fresh)


def test_every_button_that_deletes_a_clip_says_which(transcript, cast, door):
    cut_for(cast.claimant, transcript, 3)
    page = door.claimant.get(f"/transcripts/{transcript.pk}/clips/").content.decode()
    buttons = [re.sub(r"<[^>]*>", "", one) for one in re.findall(r"<button[^>]*>(.*?)</button>", page, re.DOTALL)]
    names = [one.strip() for one in buttons if "Delete" in one]
    assert len(set(names)) == 3
    assert names[0].startswith("Delete: Sound, 2:02–2:04, ")


def test_who_deletes_a_clip_comes_back_to_its_page(transcript, cast, door):
    oldest = cut_for(cast.claimant, transcript, 21)[0]
    page = door.claimant.get(f"/transcripts/{transcript.pk}/clips/?page=2").content.decode()
    address = f"/transcripts/{transcript.pk}/clips/{oldest.pk}/delete?page=2"
    assert f'action="{address}"' in page
    answer = door.claimant.post(address)
    assert answer.url == f"/transcripts/{transcript.pk}/clips/?page=2"
    assert len(listed(door.claimant, transcript, page=2)) == 20  # the last page there is
    address = f"/transcripts/{transcript.pk}/clips/{Clip.objects.first().pk}/delete?page=//evil.example"
    assert door.claimant.post(address).url == f"/transcripts/{transcript.pk}/clips/"


def test_every_page_waits_for_a_clip_that_is_still_being_cut(transcript, cast, door):
    newest = cut_for(cast.claimant, transcript, 21)[-1]

    def waits(client, page):
        address = f"/transcripts/{transcript.pk}/clips/"
        told = client.get(f"{address}progress").json()["state"]
        assert ("data-making" in client.get(address, {"page": page}).content.decode()) == (told == "running")
        return told == "running"

    assert not waits(door.claimant, 1)
    Clip.objects.filter(pk=newest.pk).update(state="waiting")
    assert waits(door.claimant, 1) and waits(door.claimant, 2) and waits(door.judge, 1)
    assert not waits(door.respondent, 1)
