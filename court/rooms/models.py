"""A live video room: who sits in it, what was recorded there. It knows no case and no hearing.

The room's clock is the server's UTC time; ``*_ms`` fields count milliseconds since the recording's ``started_at``.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

OPENS_BEFORE = timedelta(minutes=30)  # people may come in this long before the time it is planned for


class Recorded(models.TextChoices):
    """Whether a room is recorded."""

    ALWAYS = "always", _("Recorded")
    IF_ALL_AGREE = "if_all_agree", _("Recorded only if everybody agrees")
    NEVER = "never", _("Never recorded")


class Room(models.Model):
    """A place where people meet by video. ``inside`` is set for a private side room (caucus) of another room."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    recorded = models.CharField(max_length=15, choices=Recorded, default=Recorded.ALWAYS)
    inside = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="side_rooms")
    opens_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)  # when its host first opened the session
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(inside__isnull=True) | Q(recorded="never"), name="side_rooms_are_never_recorded"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def open_from(self) -> datetime:
        """When people may come in."""
        return self.opens_at - OPENS_BEFORE


class Seat(models.Model):
    """A person's place in a room. Without a seat nobody finds the room."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=15)  # a value of cases.models.Role
    host = models.BooleanField(default=False)  # starts, ends, mutes; the judge or the mediator
    agreed_at = models.DateTimeField(null=True, blank=True)  # accepted being recorded
    refused_at = models.DateTimeField(null=True, blank=True)
    connection = models.CharField(max_length=100, blank=True)  # the live socket's channel name; empty: not in the room
    connected_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # last sign of life of that socket
    tab = models.CharField(max_length=40, blank=True)  # which page holds it; the same after a lost socket came back
    removed_at = models.DateTimeField(null=True, blank=True)  # the place was taken away; what was recorded stays
    sound = models.BooleanField(default=True)  # has a microphone
    sound_only = models.BooleanField(default=False)  # the room is too full for one more picture
    muted = models.BooleanField(default=False)
    camera_off = models.BooleanField(default=False)
    hand_up = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="one_seat_each")]

    def __str__(self) -> str:
        return f"{self.name} in {self.room}"


class Absence(models.Model):
    """A time a person spent in a side room: away from ``seat``'s own room, where nothing of it may be heard."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="absences")
    side_room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="absences")
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(ended_at__isnull=True), name="in_one_side_room")
        ]

    def __str__(self) -> str:
        return f"{self.seat.name} in {self.side_room}"


class RoomEvent(models.Model):
    """What happened in a room, in order: coming, going, mutes, recording, gaps. Clients catch up by ``id``."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=30)
    seat = models.ForeignKey(Seat, on_delete=models.SET_NULL, null=True, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["room", "id"])]

    def __str__(self) -> str:
        return f"{self.kind} in {self.room}"


class ChatMessage(models.Model):
    """A line written in a room's chat. A side room's chat is its own."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(max_length=2000)

    class Meta:
        indexes = [models.Index(fields=["room", "id"])]

    def __str__(self) -> str:
        return f"{self.seat.name} at {self.at:%H:%M}"


class Recording(models.Model):
    """What was recorded in a room between its start and its end, as one track for each person and kind."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="recordings")
    started_at = models.DateTimeField(default=timezone.now)  # the zero of all *_ms below
    ended_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)  # all pieces are in, or were waited for long enough

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room"], condition=Q(ended_at__isnull=True), name="one_live_recording")
        ]
        indexes = [models.Index(fields=["ready_at"])]

    def __str__(self) -> str:
        return f"{self.room} {self.started_at:%Y-%m-%d %H:%M}"


class TrackKind(models.TextChoices):
    """What a track holds."""

    SOUND = "sound"
    PICTURE = "picture"


class Track(models.Model):
    """One person's own sound or picture in a recording."""

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="tracks")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="tracks")
    kind = models.CharField(max_length=10, choices=TrackKind)
    name = models.CharField(max_length=150)  # the speaker, as known then
    role = models.CharField(max_length=15, blank=True)
    # The whole track on the recording's clock, assembled once the recording is ready. Silence or black fills gaps.
    file = models.FileField(max_length=300, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    assembled_at = models.DateTimeField(null=True, blank=True)
    gaps = models.JSONField(default=list)  # [[from_ms, to_ms, "away" | "unended" | "missing" | "stall"], ...]
    clock_error_ms = models.FloatField(default=0.0)  # by how much what was recorded may lie beside its time, at worst
    last_arrival_at = models.DateTimeField(null=True, blank=True)  # of its newest piece
    stopped_at = models.DateTimeField(null=True, blank=True)  # pieces stopped coming while the session goes on

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "seat", "kind"], condition=Q(seat__isnull=False), name="one_track_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


class Take(models.Model):
    """One uninterrupted run of a browser's recorder. A rejoin or a change of device begins a new take."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # chosen by the browser, so that a retry is the same
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="takes")
    media_type = models.CharField(max_length=100)
    begins_ms = models.BigIntegerField()  # room clock at the recorder's start
    clock_error_ms = models.FloatField(default=0.0)  # how far the browser's idea of the clock may have been off
    pieces_expected = models.PositiveIntegerField(null=True, blank=True)  # told when the take ends well

    def __str__(self) -> str:
        return f"take of {self.track}"


class Piece(models.Model):
    """About a second of a take, stored on arrival. ``number`` counts from 0 in each take."""

    take = models.ForeignKey(Take, on_delete=models.PROTECT, related_name="pieces")
    number = models.PositiveIntegerField()
    file = models.FileField(max_length=300)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    until_ms = models.BigIntegerField()  # room clock when the browser handed the piece over
    clock_moved_ms = models.FloatField(default=0.0)  # how far its idea of the clock had moved since the take began
    clock_error_ms = models.FloatField(null=True, blank=True)  # how far that may be off; null: it did not tell
    arrived_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["take", "number"], name="piece_once")]
        indexes = [models.Index(fields=["arrived_at"])]

    def __str__(self) -> str:
        return f"piece {self.number}"
