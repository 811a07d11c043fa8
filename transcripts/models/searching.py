"""What search looks through besides what was said, and the searches people keep."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from court.cases.models import Case
from court.evidence.models import Exhibit


class WritingKind(models.TextChoices):
    """What a piece of writing is part of."""

    NOTE = "note", _("Log note")
    EXHIBIT = "exhibit", _("Exhibit")
    DECISION = "decision", pgettext_lazy("of the court", "Decision")


class Writing(models.Model):
    """A passage of a log note, an exhibit's page or an issued order, as search finds it.

    The index stands beside it: a column ``said`` on PostgreSQL, a table of FTS5 on SQLite (``transcripts.index``).
    """

    kind = models.CharField(max_length=10, choices=WritingKind)
    source = models.PositiveBigIntegerField()  # the number of the note, exhibit or order
    page = models.PositiveIntegerField(default=0)  # counts from 1; 0 where there are no pages
    part = models.PositiveIntegerField(default=0)  # which passage of the page
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="writings")
    title = models.CharField(max_length=250)
    language = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField()  # when the note was written, the exhibit put in, the order issued
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "source", "page", "part"], name="writing_once")]
        indexes = [
            models.Index(fields=["id", "kind", "case", "at"], name="writing_permission"),
            models.Index(fields=["case", "at"], name="writing_of_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.text[:60]}"


class ReadingState(models.TextChoices):
    """How far the reading of an exhibit's text is."""

    WAITING = "waiting", _("Waiting")
    READ = "read", _("Read")
    RESISTED = "resisted", _("Could not be read")


class ExhibitReading(models.Model):
    """How far an exhibit was read for search: page by page, so that a worker that dies loses one page at most."""

    exhibit = models.OneToOneField(Exhibit, on_delete=models.CASCADE, related_name="reading")
    state = models.CharField(max_length=10, choices=ReadingState, default=ReadingState.WAITING)
    pages_read = models.PositiveIntegerField(default=0)
    scanned = models.PositiveIntegerField(default=0)  # of these, pages read from their picture
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.exhibit}: {self.state}"


class SavedSearch(models.Model):
    """A search somebody keeps under a name, and is told of by letter when something new is found."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name of this search"), max_length=100)
    query = models.CharField(max_length=300)
    filters = models.JSONField(default=dict)  # the search form's other fields, as typed
    letters = models.BooleanField(_("write to me when something new is found"), default=True)
    made_at = models.DateTimeField(default=timezone.now)
    known = models.JSONField(default=list)  # the passages the person knows of, as ``finding.saved`` names them
    looked_at = models.DateTimeField(default=timezone.now)
    new = models.PositiveIntegerField(default=0)  # passages found since the person last opened it
    untold = models.PositiveIntegerField(default=0)  # of these, those no letter told of
    letter_at = models.DateTimeField(null=True, blank=True)  # when the last letter was written

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_search_name")]

    def __str__(self) -> str:
        return self.name
