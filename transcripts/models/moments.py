"""Pictures and clips of moments of a record."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from court.rooms.models import Track

from .record import Transcript
from .redaction import Clearance


class Frame(models.Model):
    """A still of one person's picture at a second of the recording's clock."""

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="frames")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+")
    second = models.FloatField()
    file = models.FileField(max_length=300)

    class Meta:
        ordering = ["second"]
        constraints = [models.UniqueConstraint(fields=["track", "second"], name="frame_once")]
        indexes = [models.Index(fields=["transcript", "second"])]

    def __str__(self) -> str:
        return f"{self.track} at {self.second:.1f} s"


class ClipState(models.TextChoices):
    """Where a clip stands."""

    WAITING = "waiting", _("Being cut")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be cut")


class Clip(models.Model):
    """Sound, and perhaps one person's picture, of a stretch of words, cut for somebody to take away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transcript = models.ForeignKey(Transcript, on_delete=models.PROTECT, related_name="clips")
    first_word = models.PositiveIntegerField()
    last_word = models.PositiveIntegerField()
    start = models.FloatField()  # seconds on the recording's clock
    end = models.FloatField()
    picture = models.ForeignKey(Track, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    clearance = models.PositiveSmallIntegerField(choices=Clearance)
    digest = models.CharField(max_length=64, blank=True)  # of what was hidden when it was cut
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=ClipState, default=ClipState.WAITING)
    file = models.FileField(max_length=300, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["transcript", "asked_by"])]

    def __str__(self) -> str:
        return f"clip of {self.transcript}"
