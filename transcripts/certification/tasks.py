"""Work of certification: hashing takes as long as the files are."""

from court.accounts.models import User
from court.work.services import Lease, work

from ..models import Certificate, Transcript
from ..pages.index import paginated
from . import certifying, errata


@work("certify_record")
def certify_record(lease: Lease, *, transcript: int, by: int, edits: int) -> None:
    """Write the certificate of a transcript as it stood when it was asked for."""
    found = Transcript.objects.select_related("recording", "case").get(pk=transcript)
    newest = errata.certified(found)
    if newest is None or not certifying.is_current(newest):  # else a worker died after it had written it
        newest = certifying.certify(found, by=User.objects.get(pk=by), edits=edits, goes_on=lease.renew)
    paginated(newest.version)  # from now on citations speak of its pages


@work("compare_certificate")
def compare_certificate(lease: Lease, *, certificate: int) -> None:
    """Make all hashes of a certificate anew."""
    found = Certificate.objects.select_related("transcript__case", "version").get(pk=certificate)
    certifying.compare(found, goes_on=lease.renew)


@work("note_unsigned")
def note_unsigned(lease: Lease, *, certificate: int) -> None:
    """Note who did not sign a record in time."""
    certifying.note_unsigned(Certificate.objects.select_related("transcript__case").get(pk=certificate))
