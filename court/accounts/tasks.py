"""Work of this room."""

from court.work.services import Lease, work

from .post import send_letter


@work("send_letter", attempts=6, forget=True)
def send(lease: Lease, *, to: str, subject: str, body: str, calendar: str = "") -> None:
    """Send one letter."""
    send_letter(to, subject, body, calendar)
