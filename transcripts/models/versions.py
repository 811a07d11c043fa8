"""The record through time: every change, and the states of the text that are kept whole."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .record import Transcript


class VersionKind(models.TextChoices):
    """Why a state of the text was kept."""

    MACHINE = "machine", _("Machine transcript")
    EDITED = "edited", _("Checked by the clerk")
    REPLACED = "replaced", _("Kept before it was replaced")
    CERTIFIED = "certified", _("Certified")


class Version(models.Model):
    """A state of the text, kept whole and never changed. ``file`` holds its canonical JSON, compressed."""

    transcript = models.ForeignKey(Transcript, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()  # counts from 1 in each transcript
    kind = models.CharField(max_length=10, choices=VersionKind)
    through_edit = models.PositiveIntegerField(default=0)  # holds all edits up to this number
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    words = models.PositiveIntegerField(default=0)
    file = models.FileField(max_length=300)
    sha256 = models.CharField(max_length=64)  # of the canonical JSON before compression

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["transcript", "number"], name="version_number")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.transcript}"


class EditKind(models.TextChoices):
    """What an edit did."""

    WORDS = "words", _("Words corrected")
    SPEAKER = "speaker", _("Speaker changed")
    SPLIT = "split", _("Passage parted in two")
    MERGE = "merge", _("Two passages joined")
    ADOPT = "adopt", _("Another version taken")


class Edit(models.Model):
    """One change of the text. ``id`` is chosen by the editor's page: what is sent twice is done once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    transcript = models.ForeignKey(Transcript, on_delete=models.PROTECT, related_name="edit_log")
    number = models.PositiveIntegerField()  # counts from 1 in each transcript
    kind = models.CharField(max_length=10, choices=EditKind)
    utterance = models.PositiveBigIntegerField()  # the number of the utterance it began from, which may be gone since
    before = models.JSONField()  # [{"pk", "position", "speaker", "role", "text", "words"}, ...]
    after = models.JSONField()
    batch = models.UUIDField(null=True, blank=True)  # the same for all changes of one find and replace
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["transcript", "number"], name="edit_number")]
        indexes = [models.Index(fields=["transcript", "utterance"])]

    def __str__(self) -> str:
        return f"edit {self.number} of {self.transcript}"
