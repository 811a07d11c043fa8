"""Errata, certification and the parties' signatures."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .record import Transcript
from .versions import Edit, Version


class CorrectionState(models.TextChoices):
    """Where a requested correction stands."""

    ASKED = "asked", _("Waiting for a decision")
    ALLOWED = "allowed", _("Allowed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Correction(models.Model):
    """A correction of the record that somebody in the case asks for, and the decision on it."""

    transcript = models.ForeignKey(Transcript, on_delete=models.PROTECT, related_name="corrections")
    first_word = models.PositiveIntegerField()  # numbers of words, in the order of the text
    last_word = models.PositiveIntegerField()
    start = models.FloatField(null=True, blank=True)  # seconds on the recording's clock
    stands = models.TextField()  # the words as they stood when it was asked
    proposed = models.TextField(_("what should it say?"), max_length=2000)
    reason = models.TextField(_("why?"), max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.ASKED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("reasons"), max_length=2000, blank=True)
    edit = models.ForeignKey(Edit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # that made it

    class Meta:
        ordering = ["asked_at"]
        indexes = [models.Index(fields=["transcript", "state"])]

    def __str__(self) -> str:
        return f"correction of {self.transcript}"


class Certificate(models.Model):
    """The court's word that a version is a true record: hashes of its text, media and alignment, together."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="certificate")
    transcript = models.ForeignKey(Transcript, on_delete=models.PROTECT, related_name="certificates")
    certified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    certified_at = models.DateTimeField(default=timezone.now)
    # Canonical JSON: {"text", "media": [[name, sha256], ...], "alignment", "refused": [...]}; every value a SHA-256.
    manifest = models.TextField()
    sha256 = models.CharField(max_length=64)  # of the manifest
    compared_at = models.DateTimeField(null=True, blank=True)  # when all hashes were last made anew
    differs = models.JSONField(default=list)  # what was found changed then: "text", "alignment", "media: …", …

    class Meta:
        ordering = ["-certified_at"]

    def __str__(self) -> str:
        return f"certificate of {self.version}"


class RecordSignature(models.Model):
    """A person of the case signed the certified record, or signed with an objection."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=15)
    objection = models.TextField(max_length=2000, blank=True)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "user"], name="signed_once")]

    def __str__(self) -> str:
        return f"{self.name} on {self.certificate}"
