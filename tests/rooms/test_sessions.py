"""Who comes into a room, and what its host may do there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from court.rooms import services
from court.rooms.models import Absence, Recorded, Recording, Room, RoomEvent, Seat
from court.rooms.presence import clear_lost, in_room
from court.rooms.services import Refused

pytestmark = pytest.mark.django_db


def refusal(deed, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        deed(*args, **kwargs)
    return caught.value.reason


def test_only_those_with_a_seat_find_the_page_and_no_office_opens_it(meeting, door):
    address = f"/rooms/{meeting.room.pk}/"
    for part in ("judge", "claimant", "respondent"):
        assert getattr(door, part).get(address).status_code == 200
    for part in ("clerk", "administrator", "mediator", "stranger", "observer"):
        assert getattr(door, part).get(address).status_code == 404
    assert door.nobody.get(address).status_code == 302


def test_a_seat_taken_away_closes_the_door(meeting, door):
    services.unseat(meeting.room, meeting.claimant.user)
    assert door.claimant.get(f"/rooms/{meeting.room.pk}/").status_code == 404
    services.seat(meeting.room, meeting.claimant.user, role="claimant")
    assert door.claimant.get(f"/rooms/{meeting.room.pk}/").status_code == 200


def test_the_page_says_when_the_room_opens_and_nobody_comes_in_before(hold, door):
    early = hold(opens_in=timedelta(hours=2))
    services.agree_to_recording(early.claimant)
    assert "The room is not open yet" in door.claimant.get(f"/rooms/{early.room.pk}/").content.decode()
    assert refusal(services.connect_seat, early.claimant, "c") == "not_open"
    soon = hold(opens_in=timedelta(minutes=29))
    services.agree_to_recording(soon.claimant)
    services.connect_seat(soon.claimant, "c")
    assert in_room(soon.room).count() == 1


def test_nobody_joins_a_recorded_room_without_accepting(meeting, door):
    assert refusal(services.connect_seat, meeting.claimant, "c") == "not_agreed"
    answer = door.claimant.post(f"/rooms/{meeting.room.pk}/consent/", {"agree": True}, content_type="application/json")
    assert answer.json() == {"agreed": True}
    services.connect_seat(Seat.objects.get(pk=meeting.claimant.pk), "c")
    broken = door.claimant.post(f"/rooms/{meeting.room.pk}/consent/", "{", content_type="application/json")
    assert (broken.status_code, broken.json()["error"]) == (400, "bad_request")


def test_only_the_host_starts_mutes_and_ends(meeting):
    meeting.everybody_comes()
    assert refusal(services.start_session, meeting.room, by=meeting.claimant) == "not_host"
    assert refusal(services.end_session, meeting.room, by=meeting.claimant) == "not_host"
    assert refusal(services.mute_seat, meeting.room, meeting.judge, by=meeting.claimant) == "not_host"
    services.mute_seat(meeting.room, meeting.claimant, by=meeting.judge)
    assert Seat.objects.get(pk=meeting.claimant.pk).muted


def test_starting_and_ending_twice_is_the_same_as_once(meeting):
    meeting.session()
    services.start_session(meeting.room, by=meeting.judge)
    services.end_session(meeting.room, by=meeting.judge)
    ended = Room.objects.get(pk=meeting.room.pk).ended_at
    services.end_session(meeting.room, by=meeting.judge)
    assert Room.objects.get(pk=meeting.room.pk).ended_at == ended
    assert [recording.ended_at is None for recording in Recording.objects.filter(room=meeting.room)] == [False]
    assert refusal(services.connect_seat, meeting.claimant, "c") == "ended"


def test_the_rooms_above_hear_that_a_session_started_and_ended(meeting, django_capture_on_commit_callbacks):
    from court.rooms.signals import session_ended, session_started

    heard = []

    def hear(sender, signal, room, seat, **_):
        heard.append((signal is session_started, room.pk, seat.pk))

    session_started.connect(hear)
    session_ended.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            meeting.session()
            services.end_session(meeting.room, by=meeting.judge)
    finally:
        session_started.disconnect(hear)
        session_ended.disconnect(hear)
    assert heard == [(True, meeting.room.pk, meeting.judge.pk), (False, meeting.room.pk, meeting.judge.pk)]


def test_the_newer_page_has_the_seat_and_the_older_one_cannot_give_it_up(meeting):
    meeting.everybody_comes()
    services.connect_seat(meeting.claimant, "second", tab="another")
    assert not services.disconnect_seat(meeting.claimant, "channel-claimant")
    assert Seat.objects.get(pk=meeting.claimant.pk).connection == "second"
    assert services.disconnect_seat(meeting.claimant, "second")
    assert in_room(meeting.room).count() == 2


def test_connections_a_killed_server_left_behind_are_cleared(meeting):
    meeting.everybody_comes()
    Seat.objects.filter(pk=meeting.claimant.pk).update(seen_at=timezone.now() - timedelta(seconds=21))
    assert in_room(meeting.room).count() == 2
    assert clear_lost(meeting.room) == 1
    left = RoomEvent.objects.filter(room=meeting.room, kind="left").get()
    assert (left.seat, left.details) == (meeting.claimant, {"reason": "lost"})


def test_the_fifth_person_joins_with_sound_only_and_the_seventh_is_told_the_room_is_full(hold, cast):
    room = hold(Recorded.NEVER).room
    seats = [services.seat(room, person, role="observer") for _, person in list(cast)[:7]]
    for number, seat in enumerate(seats[:6]):
        seat = services.connect_seat(seat, f"channel-{number}")
        assert seat.sound_only == (number >= 4)
    assert refusal(services.connect_seat, seats[6], "seventh") == "full"


def test_by_consent_a_recording_runs_only_while_nobody_says_no(hold):
    held = hold(Recorded.IF_ALL_AGREE)
    assert refusal(services.connect_seat, held.judge, "j") == "not_agreed"
    for part in (held.judge, held.claimant):
        services.agree_to_recording(part)
        services.connect_seat(part, f"c{part.pk}")
    services.start_session(held.room, by=held.judge)
    recording = Recording.objects.get(room=held.room)
    services.refuse_recording(held.respondent)
    recording.refresh_from_db()
    assert recording.ended_at is not None
    services.connect_seat(held.respondent, "r")
    assert not Recording.objects.filter(room=held.room, ended_at=None).exists()
    services.agree_to_recording(held.respondent)
    assert Recording.objects.filter(room=held.room, ended_at=None).count() == 1


def test_a_room_that_is_never_recorded_has_no_recording_whatever_people_say(hold):
    held = hold(Recorded.NEVER)
    held.everybody_comes()
    services.start_session(held.room, by=held.judge)
    assert not Recording.objects.exists()


def test_who_withdraws_where_the_court_always_records_is_shown_out(meeting):
    meeting.session()
    services.refuse_recording(meeting.claimant)
    assert not in_room(meeting.room).filter(pk=meeting.claimant.pk).exists()
    assert Recording.objects.filter(room=meeting.room, ended_at=None).exists()


def test_a_person_in_a_side_room_is_away_from_the_main_room_until_brought_back(hold):
    held = hold(Recorded.IF_ALL_AGREE)
    held.session()
    side = services.make_room(name="Private", recorded="always", opens_at=timezone.now(), inside=held.room)
    assert side.recorded == Recorded.NEVER
    services.call_aside(held.room, side, [held.judge, held.claimant])
    own = Seat.objects.get(room=side, user=held.claimant.user)
    services.connect_seat(own, "side-claimant")
    assert Absence.objects.filter(seat=held.claimant, ended_at=None).exists()
    assert not in_room(held.room).filter(pk=held.claimant.pk).exists()
    assert not Seat.objects.filter(room=side, user=held.respondent.user).exists()
    services.bring_back(side)
    assert not Absence.objects.filter(ended_at=None).exists()
    assert refusal(services.connect_seat, own, "again") == "ended"


def test_ending_the_session_brings_everybody_back_from_side_rooms(hold):
    held = hold(Recorded.NEVER)
    held.session = held.everybody_comes()
    services.start_session(held.room, by=held.judge)
    side = services.make_room(name="Private", recorded="never", opens_at=timezone.now(), inside=held.room)
    services.call_aside(held.room, side, [held.judge])
    services.end_session(held.room, by=held.judge)
    side.refresh_from_db()
    assert side.ended_at is not None


def test_chat_needs_words_and_presence(meeting):
    assert refusal(services.say, meeting.claimant, "hello") == "not_here"
    meeting.everybody_comes()
    assert refusal(services.say, meeting.claimant, "  ") == "empty"
    assert refusal(services.say, meeting.claimant, "x" * 2001) == "too_long"
    assert services.say(meeting.claimant, " hello ").text == "hello"


def test_a_session_its_host_forgot_is_ended_so_that_its_recording_is_not_lost(meeting):
    from court.rooms.tasks import end_what_was_left_open

    recording = meeting.session()
    end_what_was_left_open()
    recording.refresh_from_db()
    assert recording.ended_at is None
    long_ago = timezone.now() - timedelta(hours=3)
    Seat.objects.filter(room=meeting.room).update(seen_at=long_ago)
    Recording.objects.filter(pk=recording.pk).update(started_at=long_ago)
    end_what_was_left_open()
    recording.refresh_from_db()
    assert recording.ended_at is not None
    assert Room.objects.get(pk=meeting.room.pk).ended_at is not None
