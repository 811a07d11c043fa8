"""Work of this room."""

import time

from court.work.services import Lease, sweep, work

from .drawing import draw_pages
from .models import Exhibit
from .receiving import incoming

LEFT_BEHIND = 24 * 3600  # seconds after which a file that never became an exhibit is removed


@work("draw_exhibit", attempts=2)
def draw(lease: Lease, *, exhibit: int) -> None:
    """Draw a document's first pages."""
    draw_pages(Exhibit.objects.get(pk=exhibit))


@sweep
def clear_incoming() -> None:
    """Remove what a process that died was receiving."""
    for path in incoming().iterdir():
        if path.is_file() and path.stat().st_mtime < time.time() - LEFT_BEHIND:
            path.unlink(missing_ok=True)
