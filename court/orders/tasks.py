"""Work of this room."""

import logging

from court.work.services import GiveUp, Lease, work

from .certificate import NoCertificate
from .services import issue_order

log = logging.getLogger(__name__)


def _failed(*, order: int) -> None:
    log.error("The PDF of order %s could not be made. Its judge can have it tried again.", order)


@work("issue_order", attempts=4, failed=_failed)
def issue(lease: Lease, *, order: int) -> None:
    """Make, sign and send one order."""
    try:
        issue_order(order)
    except NoCertificate as fault:
        raise GiveUp(str(fault)) from fault
