"""Mediation sessions and private caucuses."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from court.cases.models import Case, Party
from court.rooms.models import Room


class SessionState(models.TextChoices):
    """Where a mediation session stands."""

    LISTED = "listed", _("Arranged")
    LIVE = "live", _("In session")
    ENDED = "ended", _("Ended")
    CANCELLED = "cancelled", _("Cancelled")


class Session(models.Model):
    """A mediation by live video, without prejudice: what is said there is not told to the judge."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mediations")
    room = models.OneToOneField(Room, on_delete=models.PROTECT, related_name="mediation")
    mediator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mediations")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=90)
    state = models.CharField(max_length=10, choices=SessionState, default=SessionState.LISTED)
    arranged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    arranged_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["mediator", "starts_at"])]

    def __str__(self) -> str:
        return f"{self.case} {self.starts_at:%Y-%m-%d %H:%M}"


class Caucus(models.Model):
    """The mediator alone with one side, in a side room that is never recorded."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="caucuses")
    side = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    room = models.OneToOneField(Room, on_delete=models.PROTECT, related_name="caucus")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "caucuses"
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(closed_at__isnull=True), name="one_caucus_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"caucus with {self.side}"
