"""The record on numbered pages and lines: an index over the numbers of words."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .errata import Certificate
from .redaction import Clearance
from .versions import Version


class PageFormat(models.TextChoices):
    """A court's page: how many numbered lines, on which paper."""

    US_25 = "us-25", _("25 lines, US letter")
    A4_25 = "a4-25", _("25 lines, A4")
    US_32 = "us-32", _("32 lines, US letter")
    A4_32 = "a4-32", _("32 lines, A4")


class Pagination(models.Model):
    """A version laid out on the pages of one format."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="paginations")
    format = models.CharField(max_length=10, choices=PageFormat)
    language = models.CharField(max_length=10, default="en")  # of the headings and the certificate
    pages = models.PositiveIntegerField()  # with the title page and the indexes before it
    first_page = models.PositiveIntegerField(default=1)  # where what was said begins
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "format", "language"], name="paginated_once")]

    def __str__(self) -> str:
        return f"{self.version} on {self.format}"


class PageLine(models.Model):
    """A numbered line. ``first_word`` and ``last_word`` are numbers of words; null where none stands on it."""

    pagination = models.ForeignKey(Pagination, on_delete=models.CASCADE, related_name="page_lines")
    page = models.PositiveIntegerField()
    line = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200, blank=True)
    heading = models.BooleanField(default=False)
    # [[word number, first character, past the last], ...]: which part of ``text`` is which word's
    words = models.JSONField(default=list)
    first_word = models.PositiveIntegerField(null=True, blank=True)
    last_word = models.PositiveIntegerField(null=True, blank=True)
    second = models.FloatField(null=True, blank=True)  # when its first timed word begins

    class Meta:
        ordering = ["page", "line"]
        constraints = [models.UniqueConstraint(fields=["pagination", "page", "line"], name="page_and_line")]
        indexes = [models.Index(fields=["pagination", "first_word"])]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


class PagesFile(models.Model):
    """The PDF of a pagination, or a volume of it, for readers of one clearance.

    ``digest`` is of what is hidden from that clearance and of what is printed beside the text (corrections, the
    certificate, signatures): when any of it changes, the file is not given out any more.
    """

    pagination = models.ForeignKey(Pagination, on_delete=models.CASCADE, related_name="files")
    clearance = models.PositiveSmallIntegerField(choices=Clearance)
    digest = models.CharField(max_length=64)
    volume = models.PositiveSmallIntegerField(default=1)
    first_page = models.PositiveIntegerField(default=1)
    last_page = models.PositiveIntegerField(default=1)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    file = models.FileField(max_length=300)
    sha256 = models.CharField(max_length=64)
    signed = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["volume"]
        constraints = [
            models.UniqueConstraint(fields=["pagination", "clearance", "digest", "volume"], name="printed_once")
        ]

    def __str__(self) -> str:
        return f"{self.pagination} for clearance {self.clearance}"


class SealedPages(models.Model):
    """A volume of a certified record that the court signed, as it went out.

    Kept when the file itself is put away, so that whoever has a copy can always be told what it is.
    """

    sha256 = models.CharField(max_length=64, unique=True)  # of the signed file
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="sealed_pages")
    format = models.CharField(max_length=10, choices=PageFormat)
    clearance = models.PositiveSmallIntegerField(choices=Clearance)
    digest = models.CharField(max_length=64)  # as in PagesFile
    volume = models.PositiveSmallIntegerField(default=1)
    volumes = models.PositiveSmallIntegerField(default=1)
    first_page = models.PositiveIntegerField(default=1)
    last_page = models.PositiveIntegerField(default=1)
    sealed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"pages {self.first_page} to {self.last_page} of {self.certificate}"
