"""What makes the alarm look again: anything written where a hidden word could stand."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import receiver

from court.evidence.models import Exhibit
from court.hearings.models import LogNote
from court.orders.models import Order, OrderState

from .. import leaks
from ..models import LIVE, Clip, Correction, Edit, PagesFile, RecordSignature, Redaction, Version, Writing


def _case_of(written: Model) -> int | None:
    """The case in which something was written; None for what nobody but its writer reads."""
    if isinstance(written, Order):
        return written.case_id if written.state in (OrderState.SIGNED, OrderState.ISSUED) else None
    if isinstance(written, (Exhibit, Writing)):
        return written.case_id
    if isinstance(written, LogNote):
        return written.hearing.case_id
    if isinstance(written, PagesFile):
        return written.pagination.version.transcript.case_id
    if isinstance(written, RecordSignature):
        return written.certificate.transcript.case_id if written.objection else None
    if isinstance(written, (Clip, Correction, Edit, Version)):
        return written.transcript.case_id
    return None


@receiver(post_save, sender=Order)
@receiver(post_save, sender=Exhibit)
@receiver(post_save, sender=LogNote)
@receiver(post_save, sender=Edit)
@receiver(post_save, sender=Version)
@receiver(post_save, sender=Correction)
@receiver(post_save, sender=PagesFile)
@receiver(post_save, sender=Clip)
@receiver(post_save, sender=RecordSignature)
@receiver(post_save, sender=Writing)
def look_again(sender: object, *, instance: Model, **_more: Any) -> None:
    """Something was written in a case: if words are hidden there, look whether they stand in it."""
    case = _case_of(instance)
    if case is not None and Redaction.objects.filter(transcript__case=case, state__in=LIVE).exists():
        leaks.queue(case)
