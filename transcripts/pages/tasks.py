"""Background work of the numbered pages."""

from court.orders.certificate import NoCertificate
from court.work.services import GiveUp, Lease, sweep, work

from ..models import Version
from . import services
from .index import paginated


@work(services.LAY_OUT, attempts=3)
def lay_out_pages(lease: Lease, *, version: int, format: str) -> None:
    """Lay a version out on the pages of a format."""
    paginated(Version.objects.select_related("transcript__case").get(pk=version), format)


@work(services.PRINT, attempts=3)
def print_pages(lease: Lease, *, version: int, format: str, clearance: int) -> None:
    """Print the pages of a version for readers of a clearance."""
    found = Version.objects.select_related("transcript__case").get(pk=version)
    try:
        services.make_files(found, format, clearance, lease.renew)
    except NoCertificate as fault:
        raise GiveUp(str(fault)) from fault


@sweep
def look_after_pages() -> None:
    """Lay out what was kept lately; put away files that show what is not so any more."""
    services.lay_out_what_is_missing()
    services.put_away_what_is_outdated()
