"""What anybody is told of a signed copy of numbered pages they were given."""

from django.urls import reverse
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.orders.issued import Issued, issued_files
from court.wording import write_when

from ..access import may_read
from ..models import SealedPages
from ..queries import newest_certificate
from .printing import digest_of


@issued_files
def sealed_pages(sha256: str, reader: User | None) -> Issued | None:
    """The certified record a file holds, though the file itself may have been put away since."""
    found = (
        SealedPages.objects.filter(sha256=sha256)
        .select_related("certificate__version", "certificate__certified_by", "certificate__transcript__case")
        .first()
    )
    if found is None:
        return None
    certificate = found.certificate
    transcript = certificate.transcript
    pages = _("pages %(first)s to %(last)s") % {"first": found.first_page, "last": found.last_page}
    if found.volumes > 1:
        pages = (
            _("volume %(volume)s of %(volumes)s") % {"volume": found.volume, "volumes": found.volumes} + ", " + pages
        )
    opens = reader is not None and may_read(reader, transcript.case)
    return Issued(
        case=transcript.case,
        what=_("Certified record of a hearing with its certificate, numbered pages (%(format)s)")
        % {"format": found.get_format_display()},
        person=certificate.certified_by.name,
        at=certificate.certified_at,
        version=str(certificate.version.number),
        volume=pages,
        later=_later(found),
        url=reverse("certificate_page", args=[transcript.pk]) if opens else "",
    )


def _later(found: SealedPages) -> str:
    """A sentence where the court gives out something later in place of the file."""
    mine = found.certificate
    newest = newest_certificate(mine.transcript_id)
    if newest is not None and newest != mine:
        return _("Version %(number)s of this record was certified on %(when)s.") % {
            "number": newest.version.number,
            "when": write_when(newest.certified_at, style="short"),
        }
    if found.digest != digest_of(mine.version, found.clearance):
        return _(
            "The text is the same, but signatures, corrections or what is left out changed since. Ask for a new copy."
        )
    return ""
