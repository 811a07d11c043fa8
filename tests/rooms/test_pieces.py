"""Pieces of a recording: each is stored for good once, refused for a reason, and never lost."""

import errno
import logging
import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from court.rooms import services
from court.rooms.models import Absence, Piece, Recorded, Recording, RoomEvent, Seat, Take, Track
from court.rooms.recording import watch_tracks

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimant(meeting, door, recorder):
    made = recorder(door.claimant, meeting.room, meeting.session())
    assert made.open().status_code == 201
    return made


def test_a_piece_is_a_file_with_its_bytes_before_the_browser_hears_that_it_may_forget_it(claimant, settings):
    assert claimant.piece(0, b"first", 1000).status_code == 201
    stored = Piece.objects.get()
    assert Path(settings.MEDIA_ROOT, stored.file.name).read_bytes() == b"first"
    assert (stored.number, stored.size, stored.until_ms) == (0, 5, 1000)


def test_the_same_piece_again_is_known_and_another_in_its_place_is_refused(claimant):
    claimant.piece(0, b"first", 1000)
    assert claimant.piece(0, b"first", 1000).status_code == 200
    other = claimant.piece(0, b"other", 1000)
    assert (other.status_code, other.json()) == (409, {"error": "conflict", "final": True})
    assert Piece.objects.count() == 1


def test_a_take_opened_again_is_the_same_take_and_nobody_else_may_use_it(claimant, meeting, door, recorder):
    assert claimant.open().status_code == 201
    assert Take.objects.count() == 1
    thief = recorder(door.respondent, meeting.room, claimant.recording, take=claimant.take)
    assert thief.open().json()["error"] == "conflict"
    assert thief.piece(0, b"mine", 1000).status_code == 404
    assert thief.end(1).status_code == 404


def test_damaged_and_oversized_pieces_are_refused_and_only_the_damaged_one_is_sent_again(claimant, settings):
    damaged = claimant.piece(0, b"first", 1000, sha256="0" * 64)
    assert (damaged.status_code, damaged.json()["final"]) == (422, False)
    settings.COURT_PIECE_MAX_BYTES = 10
    large = claimant.piece(0, b"x" * 11, 1000)
    assert (large.status_code, large.json()["final"]) == (413, True)
    settings.COURT_PIECE_MAX_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE * 2
    assert claimant.piece(0, b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), 1000).status_code == 413
    assert claimant.piece(0, b"first", 1000).status_code == 201


def test_a_missing_number_is_borne_and_may_come_later(claimant):
    assert claimant.piece(0, b"first", 1000).status_code == 201
    assert claimant.piece(2, b"third", 3000).status_code == 201
    assert claimant.piece(1, b"second", 2000).status_code == 201


def test_another_room_and_a_stranger_get_404_and_who_is_signed_out_is_told_so(claimant, hold, door, recorder):
    elsewhere = recorder(door.claimant, hold().room, claimant.recording)
    assert elsewhere.open().status_code == 404
    elsewhere.take = claimant.take
    assert elsewhere.piece(0, b"first", 1000).status_code == 404
    stranger = recorder(door.stranger, claimant.room, claimant.recording, take=claimant.take)
    assert stranger.open().status_code == 404
    assert stranger.piece(0, b"first", 1000).status_code == 404
    nobody = recorder(door.nobody, claimant.room, claimant.recording, take=claimant.take)
    assert nobody.piece(0, b"first", 1000).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "no-uuid"},
        {"kind": "smell"},
        {"media_type": "text/html"},
        {"begins_ms": "soon"},
        {"begins_ms": 10**13},
        {"recording": None},
    ],
)
def test_a_take_that_makes_no_sense_is_refused_for_good(meeting, door, recorder, changes):
    answer = recorder(door.claimant, meeting.room, meeting.session()).open(**changes)
    assert (answer.status_code, answer.json()["final"]) == (400, True)


def test_a_room_that_is_never_recorded_takes_no_take(hold, meeting, door, recorder):
    private = hold(Recorded.NEVER)
    answer = recorder(door.claimant, private.room, meeting.session()).open()
    assert (answer.status_code, answer.json()) == (403, {"error": "never_recorded", "final": True})
    assert not Take.objects.exists()


def test_what_was_said_in_a_side_room_is_refused_whenever_it_is_sent(hold, door, recorder):
    held = hold(Recorded.IF_ALL_AGREE)
    recording = held.session()
    made = recorder(door.claimant, held.room, recording)
    made.open()
    assert made.piece(0, b"before", 1000).status_code == 201
    began = recording.started_at + timedelta(milliseconds=1500)
    side = services.make_room(name="Private", recorded="never", opens_at=timezone.now(), inside=held.room)
    Absence.objects.create(
        seat=held.claimant, side_room=side, began_at=began, ended_at=began + timedelta(milliseconds=3000)
    )
    for number, until in ((1, 2000), (2, 4400)):
        answer = made.piece(number, b"private", until)
        assert (answer.status_code, answer.json()) == (403, {"error": "away", "final": True})
    again = recorder(door.claimant, held.room, recording)
    assert again.open(begins_ms=3000).json()["error"] == "away"
    assert again.open(begins_ms=4600).status_code == 201
    assert again.piece(0, b"after", 5600).status_code == 201
    assert Piece.objects.count() == 2


def test_a_side_room_takes_no_recording_at_all(hold, door, recorder):
    held = hold(Recorded.IF_ALL_AGREE)
    recording = held.session()
    side = services.make_room(name="Private", recorded="never", opens_at=timezone.now(), inside=held.room)
    services.call_aside(held.room, side, [held.claimant])
    assert recorder(door.claimant, side, recording).open().json()["error"] == "never_recorded"


def test_on_a_full_disk_the_browser_is_asked_to_keep_the_piece(claimant, settings, monkeypatch, caplog):
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(os, "fsync", full)
        answer = claimant.piece(0, b"first", 1000)
    assert (answer.status_code, answer.json()) == (507, {"error": "disk_full", "final": False})
    assert "disk is full" in caplog.text
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert claimant.piece(0, b"first", 1000).status_code == 201


def test_a_recording_is_ready_as_soon_as_every_take_has_told_and_given_all(claimant, meeting):
    claimant.piece(0, b"first", 1000)
    services.end_session(meeting.room, by=meeting.judge)
    claimant.end(2)
    assert Recording.objects.get().ready_at is None
    claimant.piece(1, b"second", 2000)
    assert Recording.objects.get().ready_at is not None


def test_after_a_minute_the_recording_is_taken_as_it_is(claimant, meeting, work):
    from court.work.models import Job

    claimant.piece(0, b"first", 1000)
    services.end_session(meeting.room, by=meeting.judge)
    work()
    assert Recording.objects.get().ready_at is None
    Job.objects.filter(name="close_recording").update(due_at=timezone.now())
    work()
    assert Recording.objects.get().ready_at is not None
    assert claimant.piece(1, b"late", 2000).status_code == 201


def test_pieces_kept_for_longer_than_a_week_are_refused_for_good(claimant, meeting):
    services.end_session(meeting.room, by=meeting.judge)
    Recording.objects.update(ended_at=timezone.now() - timedelta(days=8))
    answer = claimant.piece(0, b"old", 1000)
    assert (answer.status_code, answer.json()) == (410, {"error": "too_late", "final": True})


def test_what_was_recorded_after_the_end_is_not_taken_and_nothing_waits_for_it(
    claimant, meeting, door, recorder, settings
):
    claimant.piece(0, b"within", 1000)
    Recording.objects.update(started_at=timezone.now() - timedelta(milliseconds=2500))
    services.end_session(meeting.room, by=meeting.judge)
    # The connection was lost: the browser went on for half a minute before it heard of the end.
    assert claimant.piece(1, b"heard of it a moment later", 4000).status_code == 201
    assert claimant.piece(2, b"begun a moment later", 9000).status_code == 201
    late = claimant.piece(3, b"said at home", 30_000)
    assert (late.status_code, late.json()) == (403, {"error": "after_the_end", "final": True})
    # Whose clock may be off by as much may have said it before the end.
    assert claimant.piece(4, b"perhaps within", 31_000, moved=0, error=30_000).status_code == 201
    assert claimant.piece(5, b"perhaps too", 80_000, moved=0, error=30_000).status_code == 201
    # No clock is off by an hour.
    assert claimant.piece(6, b"said at home", 81_000, moved=0, error=3_600_000).json()["error"] == "after_the_end"
    again = recorder(door.claimant, meeting.room, claimant.recording)
    assert again.open(begins_ms=20_000).json()["error"] == "after_the_end"
    assert not Recording.objects.get().ready_at
    assert claimant.end(5).status_code == 200
    assert Recording.objects.get().ready_at
    kept = {Path(settings.MEDIA_ROOT, piece.file.name).read_bytes() for piece in Piece.objects.all()}
    assert b"said at home" not in kept


def test_a_person_who_lost_the_seat_can_still_hand_in_what_was_recorded(claimant, meeting):
    services.unseat(meeting.room, meeting.claimant.user)
    assert claimant.piece(0, b"first", 1000).status_code == 201


def test_a_track_that_stops_arriving_is_told_once_until_it_resumes(claimant, meeting):
    claimant.piece(0, b"first", 1000)
    long_ago = timezone.now() - timedelta(seconds=7)
    Seat.objects.update(connected_at=long_ago)
    watch_tracks(meeting.room)
    assert not RoomEvent.objects.filter(kind="track_stopped").exists()
    Track.objects.update(last_arrival_at=long_ago)
    watch_tracks(meeting.room)
    watch_tracks(meeting.room)
    assert [event.seat for event in RoomEvent.objects.filter(kind="track_stopped")] == [meeting.claimant]
    claimant.piece(1, b"second", 2000)
    assert RoomEvent.objects.filter(kind="track_resumed").count() == 1


def test_a_piece_for_an_unknown_take_is_refused_for_good(meeting, door, recorder):
    made = recorder(door.claimant, meeting.room, meeting.session(), take=uuid.uuid4())
    answer = made.piece(0, b"first", 1000)
    assert (answer.status_code, answer.json()) == (404, {"error": "no_take", "final": True})
