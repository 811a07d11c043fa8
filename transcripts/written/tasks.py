"""Background work: comparing a written record with the sound."""

from typing import Any

from court.work.services import Cancelled, GiveUp, Lease, sweep, work
from transcripts import engines
from transcripts.models import WrittenRecord, WrittenState

from . import comparing
from .services import JOB, queue_what_waits


def _failed(*, written: int, **_details: Any) -> None:
    WrittenRecord.objects.filter(pk=written).exclude(state=WrittenState.READY).update(state=WrittenState.FAILED)


@work(JOB, attempts=3, failed=_failed)
def compare_record(lease: Lease, *, written: int) -> None:
    """Compare a record with the transcript as it stands and with its sound."""
    found = WrittenRecord.objects.select_related("transcript__case").get(pk=written)
    WrittenRecord.objects.filter(pk=written, state=WrittenState.WAITING).update(state=WrittenState.RUNNING)
    try:
        alignment, _language = comparing.compare(found, progress=lease.renew, cancelled=lease.lost)
    except engines.Cancelled as stopped:
        raise Cancelled from stopped
    except engines.SpeechError as fault:
        raise GiveUp(str(fault)) from fault
    lease.renew()
    comparing.save(found, alignment)


sweep(queue_what_waits)
