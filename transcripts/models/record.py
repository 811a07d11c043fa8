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
    STOPPED = "stopped", _("The court's staff stopped the transcription.")
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
    next_word = models.PositiveIntegerField(default=1)  # a word's number is given once and never used again
    edits = models.PositiveIntegerField(default=0)  # the number of the last edit; 0: as the machine left it
    release_at = models.DateTimeField(null=True, blank=True)  # from then on anybody may read what is not redacted

    class Meta:
        indexes = [
            models.Index(fields=["case", "created_at"]),
            models.Index(fields=["state"]),
            models.Index(fields=["release_at"]),
        ]

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
    # [{"text", "words": [[text, start, end, probability, decibels], ...], "language"}, ...], seconds from the
    # recording's start; a segment tells its language only where it is another than the track's
    segments = models.JSONField()
    fault = models.CharField(max_length=20, choices=Fault, blank=True)
    # {"second": a larger model, "heard_again": seconds it heard, "sharpened": words timed exactly by the sound}
    notes = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"text of {self.track}"


class Timing(models.TextChoices):
    """Where a word's time comes from. What has no time was not found in the sound, and none is made up for it."""

    HEARD = "h", _("heard by the speech recognition")
    MATCHED = "m", _("matched with the sound")
    INTERPOLATED = "i", _("between two words that were matched")
    UNALIGNED = "u", _("not found in the sound")


STEP = 1024  # between the positions of utterances, so that one may be put between two


class Utterance(models.Model):
    """A stretch of speech of one person, as it stands now; what it was before is in the edits and versions.

    ``words`` is [[text, start, end, probability, number, timing], ...]: seconds on the recording's clock (null if
    unaligned), how sure the engine was (1.0 for a person's), the word's number in the transcript, a ``Timing``.
    """

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="utterances")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="utterances")
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="utterances")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="utterances")
    position = models.PositiveIntegerField()  # STEP apart when made
    speaker = models.CharField(max_length=150)
    role = models.CharField(max_length=15, blank=True)
    language = models.CharField(max_length=10, blank=True)
    start = models.FloatField()  # seconds from the recording's start
    end = models.FloatField()
    spoken_at = models.DateTimeField()  # the recording's start plus ``start``
    text = models.TextField()
    words = models.JSONField()
    revision = models.PositiveIntegerField(default=0)  # the number of the last edit that touched it

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["transcript", "position"], name="utterance_position")]
        indexes = [
            models.Index(fields=["case", "spoken_at"]),
            models.Index(fields=["speaker"]),
            # What search asks of each passage, without reading its words.
            models.Index(fields=["id", "case", "transcript", "spoken_at"], name="utterance_permission"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.text[:60]}"
