"""From a recording to its text: real weights, real speech."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime

import numpy as np
import pytest
from django.conf import settings as court
from django.core.files.base import ContentFile
from django.utils import timezone

from court.cases.models import DocketEntry
from court.hearings.models import Hearing, HearingState
from court.rooms import signals
from court.rooms.models import Recording, Room, Track, TrackKind
from court.work.models import Job
from court.work.services import look_around
from tests.transcripts.hearings import KIM, LI, a_case, imported, samples, talk, write
from transcripts.models import Fault, TrackText, Transcript, TranscriptState
from transcripts.search import search

pytestmark = pytest.mark.usefixtures("heard_once")


@pytest.fixture(autouse=True)
def small_model(settings):
    settings.COURT_WHISPER_MODEL = "tiny.en"
    settings.COURT_WHISPER_SECOND_MODEL = "none"


@pytest.fixture
def case(cast):
    return a_case(cast)


@pytest.fixture
def tracks(tmp_path, spoken):
    """Two people's tracks of one hearing."""
    return (
        ("Kim Jiwoo", talk(tmp_path / "kim.wav", spoken, KIM)),
        ("Li Wei", talk(tmp_path / "li.wav", spoken, LI, voice="en-gb")),
    )


def lines(transcript):
    return list(transcript.utterances.values_list("speaker", "text"))


def test_every_sentence_is_found_by_its_words_and_given_to_its_speaker_at_its_second(cast, case, tracks, work):
    transcript = imported(*tracks)
    work()
    transcript.refresh_from_db()
    assert transcript.state == TranscriptState.READY
    told = {"Kim Jiwoo": ("claimant", KIM), "Li Wei": ("respondent", LI)}
    assert len(lines(transcript)) == 3
    for speaker, (role, said) in told.items():
        for second, sentence in said:
            (hit,) = search(f'"{sentence}"', user=cast.judge).hits
            assert (hit.utterance.speaker, hit.utterance.role) == (speaker, role)
            assert abs(hit.start - second) < 0.5
            assert abs((hit.utterance.spoken_at - datetime(2026, 3, 3, 10, tzinfo=UTC)).total_seconds() - second) < 0.5
    assert [speaker for speaker, _text in lines(transcript)] == ["Kim Jiwoo", "Li Wei", "Kim Jiwoo"]
    assert transcript.sound_seconds == pytest.approx(14.0, abs=0.3)
    assert DocketEntry.objects.filter(case=case, kind="transcript_ready").count() == 1


def test_a_track_that_began_later_keeps_its_place_on_the_recordings_clock(cast, case, tmp_path, spoken, work):
    late = talk(tmp_path / "late.wav", spoken, [(0.5, LI[0][1])], voice="en-gb", seconds=6)
    transcript = imported(("Li Wei", late), offsets=[("Li Wei", 7.25)])
    work()
    assert transcript.utterances.get().start == pytest.approx(7.75, abs=0.5)


def test_a_voice_in_anothers_microphone_is_written_down_once(cast, case, tmp_path, spoken, work):
    kim = talk(tmp_path / "kim.wav", spoken, KIM)
    heard, _rate = samples(kim)
    li = talk(tmp_path / "li.wav", spoken, LI, voice="en-gb", also=heard * 0.06)
    transcript = imported(("Kim Jiwoo", kim), ("Li Wei", li))
    work()
    assert [speaker for speaker, _text in lines(transcript)] == ["Kim Jiwoo", "Li Wei", "Kim Jiwoo"]


def test_silence_and_noise_give_no_words_and_the_page_says_so(cast, case, tmp_path, door, work):
    chance = np.random.default_rng(1)
    silent = write(tmp_path / "silent.wav", np.zeros(22050 * 20), 22050)
    noise = write(tmp_path / "noise.wav", chance.normal(0, 0.01, 22050 * 20), 22050)
    transcript = imported(("Kim Jiwoo", silent), ("Li Wei", noise))
    work()
    transcript.refresh_from_db()
    assert (transcript.state, transcript.utterances.count()) == (TranscriptState.READY, 0)
    assert "Nobody spoke in this recording." in door.judge.get(f"/transcripts/{transcript.pk}/").content.decode()


def test_transcribing_twice_changes_nothing(cast, case, tracks, work):
    transcript = imported(*tracks)
    work()
    before = list(transcript.utterances.values_list("position", "text", "start"))
    Job.objects.filter(name__in=["transcribe_track", "merge_transcript"]).update(state="waiting", attempts=0)
    work()
    assert list(transcript.utterances.values_list("position", "text", "start")) == before
    assert search("warehouse", user=cast.judge).total == 1


def test_a_missing_model_is_a_plain_fault_that_staff_can_mend(cast, case, tracks, work, door, settings):
    settings.COURT_WHISPER_MODEL = "/nowhere/model"
    transcript = imported(*tracks)
    work()
    transcript.refresh_from_db()
    assert (transcript.state, transcript.fault) == (TranscriptState.FAILED, Fault.NO_MODEL)
    page = f"/transcripts/{transcript.pk}/"
    assert "The speech recognition is not installed completely" in door.claimant.get(page).content.decode()
    assert "Transcribe again" not in door.claimant.get(page).content.decode()
    assert "Transcribe again" in door.clerk.get(page).content.decode()
    assert door.claimant.post(f"{page}again").status_code == 404
    settings.COURT_WHISPER_MODEL = "tiny.en"
    assert door.judge.post(f"{page}again").status_code == 302
    work()
    transcript.refresh_from_db()
    assert (transcript.state, len(lines(transcript))) == (TranscriptState.READY, 3)
    assert DocketEntry.objects.filter(case=case, kind="transcript_again").count() == 1


def test_one_broken_track_does_not_lose_the_others(cast, case, tracks, work, door):
    transcript = imported(*tracks)
    broken = Track.objects.get(name="Li Wei")
    storage = broken.file.storage
    storage.delete(broken.file.name)
    storage.save(broken.file.name, ContentFile(b"not a recording" * 100))
    work()
    transcript.refresh_from_db()
    assert transcript.state == TranscriptState.READY
    assert {speaker for speaker, _text in lines(transcript)} == {"Kim Jiwoo"}
    page = door.claimant.get(f"/transcripts/{transcript.pk}/").content.decode()
    assert "The words of some people are missing." in page
    assert "the file is damaged" in page


@pytest.fixture
def recorded(cast, case, tmp_path, spoken):
    """A live hearing's recording, complete but not put together yet, and how its track is put together."""
    room = Room.objects.create(name="A room")
    hearing = Hearing.objects.create(
        case=case, room=room, judge=cast.judge, starts_at=timezone.now(), state=HearingState.ENDED,
        listed_by=cast.clerk,
    )  # fmt: skip
    now = timezone.now()
    recording = Recording.objects.create(room=room, started_at=now, ended_at=now, ready_at=now)
    track = Track.objects.create(recording=recording, kind=TrackKind.SOUND, name="Kim Jiwoo", role="claimant")

    def put_together(said):
        sound = talk(tmp_path / "live.wav", spoken, said)
        name = track.file.storage.save("recordings/live.wav", ContentFile(sound.read_bytes()))
        Track.objects.filter(pk=track.pk).update(file=name, seconds=14, assembled_at=timezone.now())
        track.refresh_from_db()
        signals.track_assembled.send(Track, track=track)

    return hearing, recording, put_together


def test_a_hearing_is_transcribed_when_its_tracks_are_put_together_and_not_before(recorded, work):
    hearing, recording, put_together = recorded
    signals.recording_ready.send(Recording, recording=recording)
    work()
    transcript = hearing.transcripts.get()
    assert (transcript.state, TrackText.objects.count()) == (TranscriptState.WAITING, 0)
    put_together(KIM)
    work()
    transcript.refresh_from_db()
    assert (transcript.state, transcript.utterances.count()) == (TranscriptState.READY, 2)


def test_a_late_piece_has_the_track_heard_anew(recorded, work):
    hearing, _recording, put_together = recorded
    put_together(KIM[:1])
    work()
    put_together(KIM)
    work()
    assert hearing.transcripts.get().utterances.count() == 2


def test_a_recording_whose_news_was_lost_is_found_by_the_worker(recorded, work):
    hearing, recording, _put_together = recorded
    look_around()
    assert Transcript.objects.get().recording == recording
    assert hearing.transcripts.count() == 1


def test_a_track_that_will_never_be_whole_does_not_hold_up_the_transcript(recorded, work):
    hearing, recording, _put_together = recorded
    Job.objects.create(name="assemble_track", key=f"assemble_track:{recording.tracks.get().pk}", state="failed")
    look_around()
    work()
    transcript = hearing.transcripts.get()
    assert (transcript.state, transcript.fault) == (TranscriptState.FAILED, Fault.NO_FILE)


def test_what_a_mediation_recorded_never_becomes_a_transcript(cast, case, work):
    room = Room.objects.create(name="A mediation")
    now = timezone.now()
    recording = Recording.objects.create(room=room, started_at=now, ended_at=now, ready_at=now)
    track = Track.objects.create(recording=recording, kind=TrackKind.SOUND, name="x", assembled_at=now)
    signals.recording_ready.send(Recording, recording=recording)
    signals.track_assembled.send(Track, track=track)
    look_around()
    work()
    assert not Transcript.objects.exists()
    assert not Job.objects.filter(name="transcribe_track").exists()


SEED = """
from django.core.management import call_command
call_command("migrate", skip_checks=True, verbosity=0)
from court.accounts.models import User
from court.cases.models import Case
judge = User.objects.create_user("judge@example.org", "x", name="Ada Park", office="judge")
Case.objects.create(number="C-2026-0042", title="Kim v Li", stage="listed", opened_by=judge)
call_command("import_recording", "--case", "C-2026-0042", "--started-at", "2026-03-03T10:00:00+00:00",
             "--track", "Kim Jiwoo={kim}", "--track", "Li Wei={li}")
"""


def test_a_killed_workers_track_is_taken_over_and_two_workers_hear_no_track_twice(
    tmp_path, spoken, django_db_setup, migrated
):
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {
        "COURT_DATA_DIR": str(tmp_path / "court"),
        "COURT_WHISPER_MODEL": "tiny.en",
        "COURT_WHISPER_SECOND_MODEL": "none",
        "COURT_LOG_LEVEL": "ERROR",
    }

    def manage(*words):
        return subprocess.Popen([sys.executable, "manage.py", *words], cwd=court.BASE_DIR, env=environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    (tmp_path / "court").mkdir()
    if migrated.exists():  # not when the tests run on PostgreSQL alone
        shutil.copy(migrated, tmp_path / "court" / "court.sqlite3")
    said = [(1.0 + 6 * number, KIM[number % 2][1]) for number in range(5)]
    kim = talk(tmp_path / "kim.wav", spoken, said, seconds=30)
    li = talk(tmp_path / "li.wav", spoken, LI, voice="en-gb", seconds=10)
    assert manage("shell", "-c", SEED.format(kim=str(kim), li=str(li))).wait(300) == 0
    database = sqlite3.connect(tmp_path / "court" / "court.sqlite3", timeout=20)
    with manage("worker") as worker:
        listening = (
            "SELECT count(*) FROM work_job WHERE name = 'transcribe_track' AND state = 'running' AND progress > 0"
        )
        until = time.monotonic() + 120
        while not database.execute(listening).fetchone()[0]:
            assert worker.poll() is None and time.monotonic() < until, "the worker never began to listen"
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)
    assert database.execute("SELECT count(*) FROM transcripts_utterance").fetchone() == (0,)
    both = [manage("worker", "--once"), manage("worker", "--once")]
    assert [one.wait(300) for one in both] == [0, 0]
    assert database.execute("SELECT state FROM transcripts_transcript").fetchall() == [("ready",)]
    per_speaker = dict(
        database.execute("SELECT speaker, count(*) FROM transcripts_utterance GROUP BY speaker").fetchall()
    )
    assert per_speaker == {"Kim Jiwoo": 5, "Li Wei": 1}
    assert database.execute("SELECT count(*) FROM transcripts_search").fetchone() == (6,)
    assert database.execute("SELECT count(*) FROM work_job WHERE state != 'done'").fetchone() == (0,)
    tries = "SELECT attempts FROM work_job WHERE name IN ('transcribe_track', 'mix_sound') ORDER BY attempts"
    assert database.execute(tries).fetchall() == [(1,), (1,), (2,)]
