"""Having numbered pages laid out and printed, and giving out the files that are still true."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from court.work.models import Job
from court.work.services import again, enqueue

from ..models import Certificate, Clearance, PagesFile, Pagination, SealedPages, Version, VersionKind
from .back import certificate_of
from .index import paginated
from .printing import Book, digest_of, render
from .profiles import court_format

PRINT = "print_pages"
LAY_OUT = "lay_out_pages"
LONG = 15_000  # words; more are laid out by the worker, not while somebody waits for the page
LOOKED_BACK = timedelta(days=7)


def laid_out(version: Version, format: str) -> Pagination | None:
    """The version's pages in a format. Those of a long record are queued to be laid out; None until they are."""
    found = Pagination.objects.filter(version=version, format=format).order_by("pk").first()
    if found is None and version.words <= LONG:
        return paginated(version, format)
    if found is None:
        with transaction.atomic():
            job = enqueue(LAY_OUT, key=f"{version.pk}:{format}", version=version.pk, format=format)
            again(job)
    return found


def laying_of(version: Version, format: str) -> Job | None:
    """The work of laying these pages out, if it was queued."""
    return Job.objects.filter(key=f"{LAY_OUT}:{version.pk}:{format}").first()


def lay_out_what_is_missing() -> None:
    """Queue the court's own pages for versions kept lately, so that they can be cited without waiting."""
    format = court_format()
    there = Pagination.objects.filter(version=OuterRef("pk"), format=format)
    kept = Version.objects.filter(made_at__gte=timezone.now() - LOOKED_BACK).exclude(kind=VersionKind.REPLACED)
    for version in kept.exclude(Exists(there)).order_by("pk")[:100]:
        with transaction.atomic():
            enqueue(LAY_OUT, key=f"{version.pk}:{format}", version=version.pk, format=format)


def files_of(version: Version, format: str, clearance: Clearance | int) -> QuerySet[PagesFile]:
    """The volumes that may be given to readers of this clearance as things stand now; none if they must be made."""
    return PagesFile.objects.filter(
        pagination__version=version,
        pagination__format=format,
        clearance=clearance,
        digest=digest_of(version, clearance),
    ).select_related("pagination")


def is_true(file: PagesFile) -> bool:
    """Whether everything a file shows is still so. A file that is not must not be given out."""
    return file.digest == digest_of(file.pagination.version, file.clearance)


def _key(version: Version, format: str, clearance: Clearance | int) -> str:
    return f"{version.pk}:{format}:{int(clearance)}:{digest_of(version, clearance)[:24]}"


def printing_of(version: Version, format: str, clearance: Clearance | int) -> Job | None:
    """The work of printing these pages as things stand now, if it was asked for."""
    return Job.objects.filter(key=f"{PRINT}:{_key(version, format, clearance)}").first()


def print_pages(version: Version, format: str, clearance: Clearance | int) -> Job:
    """Have the pages printed for readers of a clearance. Asking twice is asking once."""
    key = _key(version, format, clearance)
    with transaction.atomic():
        job = enqueue(PRINT, key=key, version=version.pk, format=str(format), clearance=int(clearance))
        again(job)
    return job


def make_files(version: Version, format: str, clearance: Clearance | int, goes_on: Callable[[float], None]) -> None:
    """Print every volume that is not there yet, sign it if the record is certified, put away what is outdated.

    Raises NoCertificate if the court's own certificate is missing.
    """
    pagination = paginated(version, format)
    digest = digest_of(version, clearance)
    book = Book(pagination, clearance)
    certificate = certificate_of(version)
    volumes = len(book.volumes)
    goes_on(0.1)
    for number in range(1, volumes + 1):
        made = PagesFile.objects.filter(pagination=pagination, clearance=clearance, digest=digest, volume=number)
        if not made.exists():
            pdf = render(book, number)
            goes_on(0.1 + 0.9 * (number - 0.3) / volumes)
            if certificate:
                with translation.override(pagination.language):
                    reason = _("Certified record of %(case)s") % {"case": version.transcript.case.label}
                # Loaded by the process that signs alone: it takes long.
                from court.orders.sealing import seal

                pdf = seal(pdf, name=settings.COURT_NAME, reason=reason, place=settings.COURT_ORIGIN)
            _file(book, clearance, digest, number, pdf, certificate)
        goes_on(0.1 + 0.9 * number / volumes)
    put_away(pagination, clearance, but=digest_of(version, clearance))


def _file(
    book: Book, clearance: Clearance | int, digest: str, volume: int, pdf: bytes, certificate: Certificate | None
) -> None:
    pages = book.volumes[volume - 1]
    name = default_storage.save(f"transcripts/pages/{book.pagination.pk}-{uuid.uuid4()}.pdf", ContentFile(pdf))
    try:
        with transaction.atomic():
            sha256 = hashlib.sha256(pdf).hexdigest()
            place = {"volume": volume, "first_page": pages[0].number, "last_page": pages[-1].number}
            PagesFile.objects.create(
                pagination=book.pagination,
                clearance=int(clearance),
                digest=digest,
                size=len(pdf),
                file=name,
                sha256=sha256,
                signed=certificate is not None,
                **place,
            )
            if certificate:
                SealedPages.objects.create(
                    sha256=sha256,
                    certificate=certificate,
                    format=book.pagination.format,
                    clearance=int(clearance),
                    digest=digest,
                    volumes=len(book.volumes),
                    **place,
                )
    except IntegrityError:  # another worker made it at the same time
        default_storage.delete(name)


def put_away(pagination: Pagination, clearance: Clearance | int, *, but: str = "") -> None:
    """Delete the files of a pagination for a clearance that show what is not so any more."""
    for old in PagesFile.objects.filter(pagination=pagination, clearance=clearance).exclude(digest=but):
        name = str(old.file.name)
        old.delete()
        default_storage.delete(name)


def put_away_what_is_outdated() -> None:
    """Delete every file whose text, redactions, corrections or certificate changed since it was made."""
    for old in PagesFile.objects.select_related("pagination__version__transcript"):
        if not is_true(old):
            name = str(old.file.name)
            old.delete()
            default_storage.delete(name)
