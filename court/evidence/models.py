"""Exhibits: what a party puts before the court."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from court.cases.models import Case, Party


class Kind(models.TextChoices):
    """What an exhibit is made of, as found in the file itself, never by its name."""

    PDF = "pdf", _("Document")
    IMAGE = "image", _("Picture")
    AUDIO = "audio", _("Sound recording")
    VIDEO = "video", _("Video recording")


class Exhibit(models.Model):
    """One file put in evidence. Numbered by side: C1, C2 for the claimant, R1 for the respondent."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exhibits")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="exhibits")
    label = models.CharField(max_length=10)
    title = models.CharField(_("what is this?"), max_length=200)
    shows = models.TextField(_("what does it show?"), max_length=2000, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    file = models.FileField(max_length=300)
    original_name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    uploaded_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # before submission only; the file stays

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(fields=["case", "label"], name="exhibit_label"),
            models.UniqueConstraint(
                fields=["case", "party", "sha256"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="exhibit_once_a_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"
