"""Bringing in what was recorded elsewhere: all of it, or nothing and one clear line."""

import hashlib
import json

import pytest
from django.core.files.storage import default_storage

from court.accounts.models import User
from court.cases.models import DocketEntry
from court.hearings.models import Hearing, HearingState
from court.rooms.models import Piece, Recording, Room, Track
from court.work.models import Job
from tests.transcripts.hearings import KIM, NUMBER, a_case, bring_in, talk
from transcripts.models import Transcript

WHEN = ("--started-at", "2026-03-03T10:00:00+00:00")


@pytest.fixture
def case(cast):
    return a_case(cast)


@pytest.fixture
def kim(tmp_path, spoken):
    return talk(tmp_path / "kim.wav", spoken, KIM[:1], seconds=5)


def test_files_become_an_ended_hearing_with_tracks_and_a_queued_transcription(cast, case, kim):
    code, out, _errors = bring_in(
        "--case", NUMBER, "--track", f"Kim Jiwoo={kim}", "--track", f"A Witness={kim}", "--offset", "A Witness=2.5",
        *WHEN, "--json",
    )  # fmt: skip
    made = json.loads(out)
    hearing = Hearing.objects.get(pk=made["hearing"])
    assert (code, made["case"], made["transcript"]) == (0, NUMBER, hearing.transcripts.get().pk)
    assert (hearing.state, hearing.judge, hearing.case) == (HearingState.ENDED, cast.judge, case)
    party, witness = Track.objects.order_by("pk")
    assert (party.name, party.role, party.seat.user) == ("Kim Jiwoo", "claimant", cast.claimant)
    assert (witness.name, witness.role, witness.seat) == ("A Witness", "", None)
    assert (party.seconds, witness.seconds) == pytest.approx((5.0, 7.5), abs=0.2)
    assert Job.objects.filter(name="transcribe_track").count() == 2
    assert DocketEntry.objects.filter(case=case, kind="recording_imported").count() == 1


def test_the_file_that_was_brought_in_is_kept_as_it_was(cast, case, kim):
    bring_in("--case", NUMBER, "--track", f"Kim Jiwoo={kim}", *WHEN)
    piece = Piece.objects.get()
    with piece.file.open("rb") as kept:
        assert kept.read() == kim.read_bytes()
    assert piece.sha256 == hashlib.sha256(kim.read_bytes()).hexdigest()


def test_a_case_without_a_judge_is_given_one_of_the_court(cast, case, kim):
    case.appointments.all().delete()
    bring_in("--case", NUMBER, "--track", f"Kim Jiwoo={kim}", *WHEN)
    assert Hearing.objects.get().judge == cast.judge


BAD = {
    "no such case": ["--case", "C-1999-0001", "--track", "Kim={kim}", *WHEN],
    "no such file": ["--case", NUMBER, "--track", "Kim={kim}", "--track", "Li=/nowhere/li.wav", *WHEN],
    "an empty file": ["--case", NUMBER, "--track", "Kim={kim}", "--track", "Li={empty}", *WHEN],
    "not a recording": ["--case", NUMBER, "--track", "Kim={kim}", "--track", "Li={text}", *WHEN],
    "a playlist in disguise": ["--case", NUMBER, "--track", "Kim={kim}", "--track", "Li={playlist}", *WHEN],
    "a name twice": ["--case", NUMBER, "--track", "Kim={kim}", "--track", "Kim={kim}", *WHEN],
    "no name": ["--case", NUMBER, "--track", "{kim}", *WHEN],
    "an offset of nobody": ["--case", NUMBER, "--track", "Kim={kim}", "--offset", "Li=3", *WHEN],
    "a negative offset": ["--case", NUMBER, "--track", "Kim={kim}", "--offset", "Kim=-3", *WHEN],
    "an offset that is no number": ["--case", NUMBER, "--track", "Kim={kim}", "--offset", "Kim=nan", *WHEN],
    "no time": ["--case", NUMBER, "--track", "Kim={kim}", "--started-at", "yesterday"],
    "an impossible time": ["--case", NUMBER, "--track", "Kim={kim}", "--started-at", "2026-13-40T10:00:00"],
    "a time to come": ["--case", NUMBER, "--track", "Kim={kim}", "--started-at", "2999-01-01T10:00:00+00:00"],
}


@pytest.mark.parametrize("words", BAD.values(), ids=BAD)
def test_what_cannot_be_brought_in_is_refused_in_one_line_and_leaves_nothing(
    cast, case, kim, tmp_path, words, settings
):
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("This is not sound. " * 200)
    (tmp_path / "list.m3u8").write_text(f"#EXTM3U\n#EXTINF:5,\n{kim}\n#EXT-X-ENDLIST\n")
    names = {
        "kim": kim,
        "empty": tmp_path / "empty.wav",
        "text": tmp_path / "text.wav",
        "playlist": tmp_path / "list.m3u8",
    }
    code, out, errors = bring_in(*(word.format(**names) for word in words))
    assert (code, out) == (2, "")
    assert len(errors.strip().splitlines()) == 1
    for model in (Hearing, Room, Recording, Track, Transcript, Job):
        assert not model.objects.exists()
    assert not default_storage.exists("recordings") or not default_storage.listdir("recordings")[0]


def test_a_judge_cannot_have_sat_twice_at_one_time(cast, case, kim):
    words = ("--case", NUMBER, "--track", f"Kim Jiwoo={kim}", *WHEN)
    assert bring_in(*words)[0] == 0
    stored = list(default_storage.listdir("recordings")[0])
    code, _out, errors = bring_in(*words)
    assert code == 2
    assert "already has a hearing" in errors
    assert Hearing.objects.count() == 1
    kept = [
        name for name in default_storage.listdir("recordings")[0] if default_storage.listdir(f"recordings/{name}")[1]
    ]
    assert kept == stored


def test_a_court_without_a_judge_is_told_so(cast, case, kim):
    case.appointments.all().delete()
    User.objects.filter(pk=cast.judge.pk).update(is_active=False)
    code, _out, errors = bring_in("--case", NUMBER, "--track", f"Kim Jiwoo={kim}", *WHEN)
    assert code == 2
    assert "no judge" in errors
