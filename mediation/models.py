"""Mediation sessions, who agreed to them, and private caucuses."""

from datetime import datetime, timedelta

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


class Outcome(models.TextChoices):
    """What a mediation came to, as its mediator records it. Never what was said."""

    OPEN = "", _("Not recorded yet")
    SETTLED = "settled", _("Settled")
    NOT_SETTLED = "not_settled", _("Not settled")


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
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default=Outcome.OPEN)
    sequence = models.PositiveSmallIntegerField(default=0)  # RFC 5545 SEQUENCE: raised when the time changes

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["mediator", "starts_at"])]

    def __str__(self) -> str:
        return f"{self.case} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime:
        """When the session is planned to end."""
        return self.starts_at + timedelta(minutes=self.minutes)


class Answer(models.TextChoices):
    """What a party says to being invited to mediate."""

    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Agreement withdrawn")


class Consent(models.Model):
    """A party's present answer to a mediation session. The docket keeps each answer there was."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="consents")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "party"], name="one_answer_each")]

    def __str__(self) -> str:
        return f"{self.party}: {self.answer}"


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


class OfferState(models.TextChoices):
    """Where an offer stands."""

    OPEN = "open", _("Open")
    COUNTERED = "countered", _("Answered by another offer")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    ACCEPTED = "accepted", _("Accepted")


class Offer(models.Model):
    """What one side offers the other to end the dispute. Without prejudice: the judge does not see it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="offers")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="offers")
    amount = models.PositiveBigIntegerField(null=True, blank=True)  # minor units, to be paid to the claimant
    currency = models.CharField(max_length=3)
    terms = models.TextField(max_length=4000)
    made_at = models.DateTimeField(default=timezone.now)
    open_until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    state_since = models.DateTimeField(default=timezone.now)
    counters = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="counter_offers"
    )

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["state", "open_until"])]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(state="open"), name="one_open_offer"),
            models.UniqueConstraint(fields=["case"], condition=models.Q(state="accepted"), name="one_accepted_offer"),
        ]

    def __str__(self) -> str:
        return f"offer of {self.party}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered; its time may have run out before the sweep wrote that down."""
        return self.state == OfferState.OPEN and self.open_until > timezone.now()


class Confirmation(models.Model):
    """A party confirms that the accepted terms end the case. With everybody's the case is settled."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="confirmations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "party"], name="confirmed_once_each")]

    def __str__(self) -> str:
        return f"{self.party} confirmed"
