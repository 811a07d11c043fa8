"""A room with a judge and two parties, as the tests of live rooms find it."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils import timezone

from court.rooms import services
from court.rooms.models import Recorded, Recording, Room, Seat


@dataclass
class Meeting:
    room: Room
    judge: Seat
    claimant: Seat
    respondent: Seat
    names: dict[str, Seat] = field(default_factory=dict)

    def everybody_comes(self) -> None:
        """All three agree to be recorded and come in."""
        for part in ("judge", "claimant", "respondent"):
            seat = getattr(self, part)
            services.agree_to_recording(seat)
            services.connect_seat(seat, f"channel-{part}", tab=f"tab-{part}")

    def session(self) -> Recording:
        """All come in, and the judge starts."""
        self.everybody_comes()
        services.start_session(self.room, by=self.judge)
        return Recording.objects.get(room=self.room, ended_at=None)


@pytest.fixture
def hold(cast):
    """``hold(recorded)`` makes a room with a judge, a claimant and a respondent."""

    def make(recorded: str = Recorded.ALWAYS, opens_in: timedelta = timedelta(0)) -> Meeting:
        room = services.make_room(name="Kim v Li", recorded=recorded, opens_at=timezone.now() + opens_in)
        return Meeting(
            room,
            services.seat(room, cast.judge, role="judge", host=True),
            services.seat(room, cast.claimant, role="claimant"),
            services.seat(room, cast.respondent, role="respondent"),
        )

    return make


@pytest.fixture
def meeting(hold) -> Meeting:
    return hold()


@dataclass
class Recorder:
    """What a browser does to hand in a take, through the public door."""

    client: object
    room: Room
    recording: Recording
    take: uuid.UUID = field(default_factory=uuid.uuid4)

    def open(self, kind: str = "sound", begins_ms: int = 0, **changes):
        sent = {
            "id": str(self.take),
            "recording": self.recording.pk,
            "kind": kind,
            "media_type": "audio/webm;codecs=opus" if kind == "sound" else "video/webm;codecs=vp8",
            "begins_ms": begins_ms,
            "clock_error_ms": 1.5,
            **changes,
        }
        return self.client.post(f"/rooms/{self.room.pk}/takes/", sent, content_type="application/json")

    def piece(self, number: int, body: bytes, until_ms: int, sha256: str | None = None, **told: object):
        return self.client.post(
            f"/rooms/{self.room.pk}/takes/{self.take}/{number}",
            body,
            content_type="application/octet-stream",
            headers={
                "X-Piece-SHA256": sha256 or hashlib.sha256(body).hexdigest(),
                "X-Until-Ms": str(until_ms),
                **{f"X-Clock-{name.capitalize()}-Ms": str(value) for name, value in told.items()},
            },
        )

    def end(self, pieces: int):
        return self.client.post(
            f"/rooms/{self.room.pk}/takes/{self.take}/end/", {"pieces": pieces}, content_type="application/json"
        )


@pytest.fixture
def recorder():
    return Recorder
