"""Background work of search: read exhibits page by page, find what nobody told of, look for saved searches."""

import logging

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from court.evidence.cage import Unreadable, ask
from court.evidence.models import Exhibit, Kind
from court.hearings.models import LogNote
from court.orders.models import Order, OrderState
from court.work.services import Lease, again, enqueue, sweep, work

from ..models import ExhibitReading, ReadingState, SavedSearch, Writing, WritingKind
from . import saved, writings

log = logging.getLogger(__name__)

SECONDS = 120  # of processor time for one page
MOST_PAGES = 500  # of one exhibit
READABLE = (Kind.PDF, Kind.IMAGE)
AT_ONCE = 200  # things looked at in one look around


def _resisted(*, exhibit: int) -> None:
    ExhibitReading.objects.filter(exhibit=exhibit).update(state=ReadingState.RESISTED)


@work("read_exhibit", attempts=3, failed=_resisted)
def read_exhibit(lease: Lease, *, exhibit: int) -> None:
    """Read an exhibit's text, each page kept when it is read. A page that resists is left empty."""
    found = Exhibit.objects.get(pk=exhibit)
    reading = ExhibitReading.objects.get(exhibit=found)
    pages = min(found.pages or 1, MOST_PAGES) if found.kind == Kind.PDF else 1
    for page in range(reading.pages_read + 1, pages + 1):
        lease.renew((page - 1) / pages)
        try:
            told = ask("transcripts.finding.extracting", found.file.path, str(found.kind), str(page), seconds=SECONDS)
        except Unreadable:
            told = {"text": "", "scanned": False}
        lease.renew(page / pages)
        found.refresh_from_db(fields=["withdrawn_at"])
        if found.withdrawn_at is not None:
            return
        writings.put(
            WritingKind.EXHIBIT,
            found.pk,
            case=found.case_id,
            title=writings.exhibit_title(found),
            at=found.uploaded_at,
            pages=[(page, str(told["text"]))],
        )
        ExhibitReading.objects.filter(pk=reading.pk).update(
            pages_read=page, scanned=F("scanned") + (1 if told["scanned"] else 0)
        )
    ExhibitReading.objects.filter(pk=reading.pk).update(state=ReadingState.READ, read_at=timezone.now())


def _written(kind: WritingKind) -> Exists:
    return Exists(Writing.objects.filter(kind=kind, source=OuterRef("pk")))


@sweep
def index_what_is_written() -> None:
    """Index notes, orders and exhibits that no signal told of; take out what is gone; begin readings."""
    for note in (
        LogNote.objects.exclude(_written(WritingKind.NOTE)).exclude(text="").select_related("hearing", "by")[:AT_ONCE]
    ):
        writings.put_note(note)
    for order in Order.objects.filter(state=OrderState.ISSUED).exclude(_written(WritingKind.DECISION))[:AT_ONCE]:
        writings.put_order(order)
    standing = Exhibit.objects.filter(withdrawn_at=None)
    for exhibit in standing.exclude(_written(WritingKind.EXHIBIT))[:AT_ONCE]:
        writings.put_exhibit(exhibit)
    gone = {
        WritingKind.NOTE: LogNote.objects.all(),
        WritingKind.DECISION: Order.objects.filter(state=OrderState.ISSUED),
        WritingKind.EXHIBIT: standing,
    }
    for kind, there in gone.items():
        Writing.objects.filter(kind=kind).exclude(Exists(there.filter(pk=OuterRef("source")))).delete()
    begin_readings()


def begin_readings() -> None:
    """Queue the reading of documents and pictures that were not read yet."""
    unread = Exhibit.objects.filter(withdrawn_at=None, kind__in=READABLE).exclude(
        Exists(ExhibitReading.objects.filter(exhibit=OuterRef("pk")))
    )
    for exhibit in unread[:AT_ONCE]:
        ExhibitReading.objects.get_or_create(exhibit=exhibit)
        again(enqueue("read_exhibit", key=str(exhibit.pk), exhibit=exhibit.pk))


@work("look_for_saved", attempts=2)
def look_for_saved(lease: Lease, *, search: int) -> None:
    """Look whether a saved search finds something new, and write to its owner."""
    found = SavedSearch.objects.select_related("user").filter(pk=search).first()
    if found is not None:
        saved.look(found)


@sweep
def look_for_new_passages() -> None:
    """Queue the saved searches that were not looked at for a while."""
    for search in saved.due()[:AT_ONCE]:
        again(enqueue("look_for_saved", key=str(search.pk), search=search.pk))
