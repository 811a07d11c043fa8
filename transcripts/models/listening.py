"""Listening to tracks: what was chosen for it, how far it came, and what waits to take the old text's place."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from court.rooms.models import Track

from .record import Transcript


class SpokenLanguage(models.Model):
    """The language that the court's staff say is spoken on a track; without this row it is found by listening."""

    track = models.OneToOneField(Track, on_delete=models.CASCADE, related_name="spoken_language")
    language = models.CharField(max_length=10)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.track} in {self.language}"


class Rehearing(models.Model):
    """Staff had the tracks of a recording heard anew. The row is there while it lasts; the old text stands until then.

    ``engine`` and ``model`` are what was chosen; empty: as the court is set up.
    """

    transcript = models.OneToOneField(Transcript, on_delete=models.CASCADE, related_name="rehearing")
    engine = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"rehearing of {self.transcript}"


class HeardAnew(models.Model):
    """What was heard on one track in a rehearing, until all tracks are heard: the fields of a TrackText."""

    rehearing = models.ForeignKey(Rehearing, on_delete=models.CASCADE, related_name="heard")
    track = models.OneToOneField(Track, on_delete=models.CASCADE, related_name="+")
    found = models.JSONField()
    fault = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.track} heard anew"


class HeardPassage(models.Model):
    """Some minutes of a track as they were heard, kept until the whole is: another worker goes on from there.

    ``listener`` names the engine, its models, the language and the names it was told, and which state of the sound it
    heard; a passage heard otherwise is of no use to it.
    """

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="+")
    listener = models.CharField(max_length=64)
    start = models.FloatField()  # seconds from the recording's start
    end = models.FloatField()
    # {"segments": [...], "languages": {code: seconds so far}, "heard_again": seconds so far}
    found = models.JSONField()

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["track", "listener", "start"], name="passage_once")]

    def __str__(self) -> str:
        return f"{self.track} from {self.start:.0f} to {self.end:.0f} s"
