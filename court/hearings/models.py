"""Hearings: when, before whom, in which room."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from court.cases.models import Case
from court.evidence.models import Exhibit
from court.rooms.models import Room
from court.wording import zone_name


class HearingState(models.TextChoices):
    """Where a hearing stands."""

    LISTED = "listed", _("Listed")
    LIVE = "live", _("In session")
    ENDED = "ended", _("Ended")
    CANCELLED = "cancelled", _("Cancelled")


class Hearing(models.Model):
    """A hearing of a case at a time before a judge, in a room of its own."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hearings")
    room = models.OneToOneField(Room, on_delete=models.PROTECT, related_name="hearing")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hearings")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    state = models.CharField(max_length=10, choices=HearingState, default=HearingState.LISTED)
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField(default=timezone.now)
    sequence = models.PositiveSmallIntegerField(default=0)  # RFC 5545 SEQUENCE: raised when the time changes

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["judge", "starts_at"]), models.Index(fields=["state", "starts_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "starts_at"], condition=~Q(state="cancelled"), name="judge_sits_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime:
        """When the hearing is planned to end."""
        return self.starts_at + timedelta(minutes=self.minutes)


class LogNote(models.Model):
    """A time-coded note of the judge or clerk during a hearing."""

    hearing = models.ForeignKey(Hearing, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def clock(self) -> str:
        """When it was written, to the second, in the court's zone."""
        local = timezone.localtime(self.at, timezone.get_default_timezone())
        return f"{local:%H:%M:%S} {zone_name(local)}"


class Presentation(models.Model):
    """An exhibit shown to everybody in a hearing, from a moment on until it was put away or another was shown."""

    hearing = models.ForeignKey(Hearing, on_delete=models.CASCADE, related_name="presentations")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="presentations")
    page = models.PositiveIntegerField(null=True, blank=True)  # counts from 1; null for what has no pages
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["hearing", "at"])]

    def __str__(self) -> str:
        return f"{self.exhibit} in {self.hearing}"
