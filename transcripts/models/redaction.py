"""What is kept from whom: redactions, sealed parts, the renditions made without them, and where they still show."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from court.rooms.models import Track

from .record import Transcript


class Clearance(models.IntegerChoices):
    """How much of a record a reader may have."""

    PUBLIC = 0, _("the public")
    PARTY = 1, _("the people of the case")
    COURT = 2, _("the court")


class Level(models.TextChoices):
    """From whom words are kept."""

    REDACTED = "redacted", _("Redacted: only the people of the case and the court may read it")
    SEALED = "sealed", _("Sealed: only the court may read it")


class RedactionState(models.TextChoices):
    """Where a redaction stands. What is asked for is hidden already, until it is decided."""

    ASKED = "asked", _("Asked for: hidden until it is decided")
    APPLIED = "applied", _("Applied")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LIFTED = "lifted", _("Lifted")


LIVE = (RedactionState.ASKED, RedactionState.APPLIED)  # what is only asked for hides already


class Redaction(models.Model):
    """A stretch of words kept from some readers.

    ``words`` are their numbers. ``start`` and ``end`` are the seconds they take, without margin: whatever is written
    for that time on that track later, by an edit or a new hearing of the sound, is hidden with them.
    """

    transcript = models.ForeignKey(Transcript, on_delete=models.PROTECT, related_name="redactions")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+")
    words = models.JSONField()
    start = models.FloatField(null=True, blank=True)
    end = models.FloatField(null=True, blank=True)
    level = models.CharField(max_length=10, choices=Level, default=Level.REDACTED)
    reason = models.CharField(max_length=300)
    page_line = models.CharField(max_length=40, blank=True)  # as it was asked for, if by page and line
    batch = models.UUIDField(default=uuid.uuid4)  # the same for all that were asked for, and are decided, as one
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=RedactionState, default=RedactionState.ASKED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["asked_at"]
        indexes = [models.Index(fields=["transcript", "state"]), models.Index(fields=["batch"])]

    def __str__(self) -> str:
        return f"redaction in {self.transcript}"


class Rendition(models.Model):
    """Sound or picture for readers of one clearance, with what is hidden from them taken out (``digest``)."""

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="renditions")
    clearance = models.PositiveSmallIntegerField(choices=Clearance)
    track = models.ForeignKey(Track, on_delete=models.PROTECT, null=True, related_name="+")  # null: the mixed sound
    digest = models.CharField(max_length=64)
    file = models.FileField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clearance", "track", "digest"], name="rendered_once"),
            models.UniqueConstraint(
                fields=["transcript", "clearance", "digest"], condition=Q(track__isnull=True), name="mixed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transcript} for clearance {self.clearance}"


class Leak(models.Model):
    """A place where a hidden word still stands. Its words are not repeated here."""

    redaction = models.ForeignKey(Redaction, on_delete=models.CASCADE, related_name="leaks")
    place = models.CharField(max_length=200)  # "order C-2026-0012/O1", "log note", "exhibit C2, page 3"
    address = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["redaction", "place"], name="leak_once")]
        indexes = [models.Index(fields=["settled_at"])]

    def __str__(self) -> str:
        return f"leak at {self.place}"
