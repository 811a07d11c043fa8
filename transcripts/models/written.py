"""A record somebody wrote (minutes, a typed statement) and how it compares with what was said."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .record import Transcript


class WrittenState(models.TextChoices):
    """Where the comparison stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being compared with the sound")
    READY = "ready", _("Compared")
    FAILED = "failed", _("Could not be compared")


class WrittenRecord(models.Model):
    """The text of a written record, and its alignment with the sound of a hearing."""

    transcript = models.ForeignKey(Transcript, on_delete=models.PROTECT, related_name="written_records")
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(max_length=10, blank=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)  # of the text in UTF-8
    # The document the text was read from, as it was given; empty for a text that was typed, or kept before files were.
    file = models.FileField(max_length=300, blank=True)
    file_name = models.CharField(max_length=255, blank=True)  # as it was called by who gave it
    file_kind = models.CharField(max_length=10, blank=True)  # txt, docx or pdf, told by its content
    file_sha256 = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=WrittenState, default=WrittenState.WAITING)
    # {"words": [{"text", "char_start", "char_end", "start", "end", "status"}, ...], "sentences": [...]}, in seconds
    alignment = models.JSONField(null=True, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-added_at"]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return self.title


class DiscrepancyKind(models.TextChoices):
    """How the written record and the sound differ."""

    FORMAT = "format", _("Written differently")
    DISFLUENCY = "disfluency", _("Hesitation left out")
    WORDING = "wording", _("Other wording")
    SUBSTITUTION = "substitution", _("Another word")
    OMISSION = "omission", _("Said, but not in the record")
    ADDITION = "addition", _("In the record, but not said")
    MOVED = "moved", _("Said at another place")
    WRONG_SPEAKER = "wrong_speaker", _("Another speaker")


class Decision(models.TextChoices):
    """What the clerk decided on a discrepancy."""

    OPEN = "open", _("Not decided")
    RECORD = "record", _("The written record is right")
    SOUND = "sound", _("What was heard is right")
    NEITHER = "neither", _("Neither is right")


class Discrepancy(models.Model):
    """One difference between the written record and the sound, and the decision on it."""

    written = models.ForeignKey(WrittenRecord, on_delete=models.CASCADE, related_name="discrepancies")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=15, choices=DiscrepancyKind)
    record = models.TextField(blank=True)
    spoken = models.TextField(blank=True)
    char_start = models.PositiveIntegerField()  # in the written text; equal to char_end where nothing stands
    char_end = models.PositiveIntegerField()
    start = models.FloatField(null=True, blank=True)  # seconds on the recording's clock
    end = models.FloatField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)  # log probability of what was heard less that of the record
    for_person = models.BooleanField(default=False)  # a number, name, date or negation: always for a person
    concerns = models.JSONField(default=list)  # which of these, in the aligner's words
    record_speaker = models.CharField(max_length=150, blank=True)  # who said it according to the record
    spoken_speaker = models.CharField(max_length=150, blank=True)  # who was heard
    set_aside = models.BooleanField(default=False)  # the sound rather bears the record out
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "discrepancies"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["written", "position"], name="discrepancy_position")]
        indexes = [models.Index(fields=["written", "decision"])]

    def __str__(self) -> str:
        return f"{self.kind} in {self.written}"
