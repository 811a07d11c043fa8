"""Orders: written by the judge, signed, sealed as a PDF."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from court.cases.models import Case


class OrderKind(models.TextChoices):
    """Which template an order is written from."""

    DIRECTIONS = "directions", _("Directions")
    JUDGMENT = "judgment", _("Judgment")
    DISMISSAL = "dismissal", _("Dismissal of the claim")
    CONSENT = "consent", _("Consent order")


class OrderState(models.TextChoices):
    """Where an order stands."""

    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")  # frozen; its PDF is being made
    ISSUED = "issued", _("Issued")  # the signed PDF is with the parties
    DISCARDED = "discarded", _("Discarded")


class Order(models.Model):
    """A decision of the court. Frozen by its signature."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=12, choices=OrderKind)
    number = models.CharField(max_length=30, unique=True, null=True, blank=True)  # C-2026-0012/O1, given at signing
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(_("title"), max_length=200)
    background = models.TextField(_("background"), max_length=20000, blank=True)
    findings = models.TextField(_("reasons"), max_length=50000, blank=True)
    ordered = models.TextField(_("it is ordered that"), max_length=20000)
    state = models.CharField(max_length=10, choices=OrderState, default=OrderState.DRAFT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders")
    version = models.PositiveIntegerField(default=1)  # raised by each saved change, so that a stale form is refused
    created_at = models.DateTimeField(default=timezone.now)
    signed_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["case", "state"])]

    def __str__(self) -> str:
        return self.number or self.title
