"""Background work of redaction: sound and pictures without what is hidden."""

from court.work.services import Lease, sweep, work

from .. import renditions
from ..models import Transcript


@work("render_hidden", attempts=4)
def render_hidden(lease: Lease, *, transcript: int) -> None:
    """Make the sound and pictures for those who may not have all, and put away those of other days."""
    renditions.make(Transcript.objects.get(pk=transcript), goes_on=lease.renew)


@sweep
def render_what_is_missing() -> None:
    """Find renditions nobody queued: the recording's sound was mixed anew, or a worker died."""
    for transcript in renditions.to_be_looked_at():
        if renditions.missing(transcript):
            renditions.queue(transcript)
