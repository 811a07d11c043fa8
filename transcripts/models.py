"""The record: what was said in a hearing, by whom and when, on the recording's clock."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from court.cases.models import Case
from court.hearings.models import Hearing
from court.rooms.models import Recording, Track


class TranscriptState(models.TextChoices):
    """Where a transcript stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being transcribed")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be transcribed")


class Fault(models.TextChoices):
    """Why a track, or all of a recording, could not be turned into text."""

    NO_MODEL = "no_model", _("The speech recognition is not installed completely on the court's server.")
    BROKEN = "broken", _("The sound could not be read: the file is damaged.")
    NO_FILE = "no_file", _("The sound never arrived in full, or its file is missing.")
    UNEXPECTED = "unexpected", _("Something went wrong on the court's server. The court's staff can see what.")


class Transcript(models.Model):
    """The text of one recording, and its sound mixed to one file."""

    recording = models.OneToOneField(Recording, on_delete=models.PROTECT, related_name="transcript")
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="transcripts")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transcripts")
    state = models.CharField(max_length=10, choices=TranscriptState, default=TranscriptState.WAITING)
    fault = models.CharField(max_length=200, choices=Fault, blank=True)
    sound = models.FileField(max_length=300, blank=True, upload_to="transcripts/sound")  # all tracks, to be played
    sound_seconds = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "created_at"]), models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"transcript of {self.hearing}"


class TrackText(models.Model):
    """What an engine heard on one track, whole; kept so that a later step can be done again without listening anew.

    ``fault`` is set, and no segment is there, if the track could not be turned into text.
    """

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="track_texts")
    track = models.OneToOneField(Track, on_delete=models.PROTECT, related_name="text")
    engine = models.CharField(max_length=40)
    model = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)
    seconds = models.FloatField()
    # [{"text", "words": [[text, start, end, probability, decibels], ...]}, ...], seconds from the recording's start
    segments = models.JSONField()
    fault = models.CharField(max_length=20, choices=Fault, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"text of {self.track}"


class Utterance(models.Model):
    """A stretch of speech of one person. ``words`` is [[text, start, end, probability], ...] in seconds."""

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="utterances")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="utterances")
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="utterances")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="utterances")
    position = models.PositiveIntegerField()
    speaker = models.CharField(max_length=150)
    role = models.CharField(max_length=15, blank=True)
    language = models.CharField(max_length=10, blank=True)
    start = models.FloatField()  # seconds from the recording's start
    end = models.FloatField()
    spoken_at = models.DateTimeField()  # the recording's start plus ``start``
    text = models.TextField()
    words = models.JSONField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["transcript", "position"], name="utterance_position")]
        indexes = [
            models.Index(fields=["case", "spoken_at"]),
            models.Index(fields=["speaker"]),
            # What search asks of each passage, without reading its words.
            models.Index(fields=["id", "case", "spoken_at"], name="utterance_permission"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.text[:60]}"
