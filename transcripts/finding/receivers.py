"""What search does when something is written, put in evidence or decided. Lost news is found by the sweep."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from court.cases.models import DocketEntry
from court.evidence.models import Exhibit
from court.hearings.models import LogNote
from court.orders.models import Order

from ..models import WritingKind
from . import writings


@receiver(post_save, sender=LogNote)
def note_written(sender: object, *, instance: LogNote, raw: bool = False, **_more: Any) -> None:
    """A log note was written or changed."""
    if not raw:
        writings.put_note(instance)


@receiver(post_delete, sender=LogNote)
def note_gone(sender: object, *, instance: LogNote, **_more: Any) -> None:
    """A log note was taken away."""
    writings.forget(WritingKind.NOTE, instance.pk)


@receiver(post_save, sender=DocketEntry)
def docketed(sender: object, *, instance: DocketEntry, created: bool, raw: bool = False, **_more: Any) -> None:
    """An exhibit was put in or taken out, or an order issued: written in the transaction that does it."""
    if raw or not created:
        return
    if instance.kind in ("exhibit_filed", "exhibit_withdrawn"):
        exhibit = Exhibit.objects.filter(pk=instance.details.get("exhibit")).first()
        if exhibit is not None:
            writings.put_exhibit(exhibit)
    elif instance.kind == "order_issued":
        order = Order.objects.filter(pk=instance.details.get("order")).first()
        if order is not None:
            writings.put_order(order)
