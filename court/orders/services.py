"""Writing, signing and issuing orders."""

import hashlib
import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from court.accounts.models import User
from court.accounts.post import write_letter
from court.cases import stages
from court.cases.access import may
from court.cases.models import Case
from court.cases.services import NotNow, move, record
from court.work.services import enqueue

from .models import Order, OrderKind, OrderState
from .wording import GAP, starting_text

log = logging.getLogger(__name__)

# What signing an order of a kind does to the case: the move and the docket entry it writes. Directions do nothing.
MOVES = {
    OrderKind.JUDGMENT: ("decide", "case_decided"),
    OrderKind.DISMISSAL: ("decide", "case_decided"),
    OrderKind.CONSENT: ("settle", "case_settled_by_order"),
}
TEXT_FIELDS = ("title", "background", "findings", "ordered")
CITING_FIELDS = TEXT_FIELDS[1:]


class TooLong(Exception):
    """There is no room left in this part of the order."""


class Stale(Exception):
    """The draft was saved elsewhere since the form was opened. ``current`` is what is saved now."""

    def __init__(self, current: Order) -> None:
        super().__init__("The draft was changed since.")
        self.current = current


class NotADraft(Exception):
    """The order was signed or discarded already."""


class NotYourOrder(Exception):
    """An order is changed and signed by the judge who wrote it, and nobody else."""


class Unfinished(Exception):
    """The order still has a blank the starting text left for the judge, or orders nothing."""


def start_order(case: Case, *, kind: str, language: str, by: User) -> Order:
    """Begin a draft from the starting text of its kind, in the order's own language."""
    text = starting_text(case, kind, language)
    return Order.objects.create(
        case=case,
        kind=kind,
        language=language,
        title=text.title,
        background=text.background,
        findings=text.findings,
        ordered=text.ordered,
        written_by=by,
    )


def save_draft(order: Order, *, version: int, by: User, **texts: str) -> Order:
    """Save the texts of a draft. Raises Stale unless ``version`` is the one saved last, NotADraft, NotYourOrder."""
    if order.written_by_id != by.pk:
        raise NotYourOrder
    wanted = {name: text for name, text in texts.items() if name in TEXT_FIELDS}
    changed = Order.objects.filter(pk=order.pk, state=OrderState.DRAFT, version=version).update(
        version=F("version") + 1, **wanted
    )
    order.refresh_from_db()
    if not changed:
        raise Stale(order) if order.state == OrderState.DRAFT else NotADraft
    return order


def insert_citation(order: Order, *, text: str, part: str, version: int, by: User) -> Order:
    """Put a cited passage under ``background``, ``findings`` or ``ordered`` of a draft, as its last paragraph.

    Raises what ``save_draft`` raises, and TooLong if there is no room for it.
    """
    if part not in CITING_FIELDS:
        raise ValueError(part)
    field = Order._meta.get_field(part)
    joined = "\n\n".join(filter(None, [getattr(order, part).rstrip(), text]))
    if len(joined) > (getattr(field, "max_length", None) or 0):
        raise TooLong
    return save_draft(order, version=version, by=by, **{part: joined})


def discard_draft(order: Order, *, by: User) -> None:
    """Put a draft away. Raises NotADraft if it was signed meanwhile, NotYourOrder."""
    if order.written_by_id != by.pk:
        raise NotYourOrder
    if not Order.objects.filter(pk=order.pk, state=OrderState.DRAFT).update(state=OrderState.DISCARDED):
        raise NotADraft


def content_hash(order: Order) -> str:
    """SHA-256 over the order's content as canonical JSON: what the docket and the ledger keep of it."""
    content = {
        "case": order.case.label,
        "number": order.number,
        "kind": order.kind,
        "language": order.language,
        **{name: getattr(order, name) for name in TEXT_FIELDS},
        "judge": order.written_by.name,
        "signed_at": order.signed_at.isoformat() if order.signed_at else None,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def blanks(order: Order) -> list[str]:
    """The names of the texts in which something is still to be written."""
    found = [name for name in TEXT_FIELDS if GAP in getattr(order, name)]
    return found if order.ordered.strip() else [*found, "ordered"]


def sign_order(order: Order, *, by: User) -> Order:
    """Sign and freeze the order as ``by`` has read it; the worker makes its PDF.

    Gives it its number, moves the case where its kind does, and writes docket and ledger, all in one transaction.
    Raises NotYourOrder, Unfinished, NotADraft if it was signed already, Stale if it was changed since it was read,
    NotNow if the case cannot be decided where it stands.
    """
    if order.written_by_id != by.pk or not may(by, order.case, "decide_case"):
        raise NotYourOrder
    if blanks(order):
        raise Unfinished
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=order.case_id)  # numbers of one case are given one by one
        number = f"{case.label}/O{case.orders.exclude(number=None).count() + 1}"
        now = timezone.now()
        signed = Order.objects.filter(pk=order.pk, state=OrderState.DRAFT, version=order.version).update(
            state=OrderState.SIGNED, number=number, signed_at=now
        )
        if not signed:
            current = Order.objects.get(pk=order.pk)
            raise Stale(current) if current.state == OrderState.DRAFT else NotADraft
        fresh = Order.objects.select_related("case", "written_by").get(pk=order.pk)
        details: dict[str, Any] = {"order": fresh.pk, "number": number, "title": fresh.title, "kind": fresh.kind}
        record(case, "order_signed", by=by, sha256=content_hash(fresh), **details)
        if fresh.kind in MOVES:
            verb, kind = MOVES[OrderKind(fresh.kind)]
            # The parties may have settled in mediation; the consent order then only puts it in the court's words.
            if not (verb == "settle" and case.stage == stages.SETTLED):
                move(case, verb, by=by, kind=kind, number=number)
        elif case.stage in stages.CLOSED:
            raise NotNow("direct", case)
        enqueue("issue_order", key=str(fresh.pk), order=fresh.pk)
    return fresh


def _keep(content: bytes, name: str) -> Path:
    """Write a file under MEDIA_ROOT, whole or not at all."""
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, half = tempfile.mkstemp(dir=path.parent, prefix=".half-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(half).replace(path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    return path


def issue_order(pk: int) -> None:
    """Make the signed order's PDF, sign it with the court's certificate, and send it to the parties.

    Bears being done twice or by two workers at once: the file goes in under a name of its own, and one conditional
    UPDATE makes it the order's. What lost is removed.
    """
    order = Order.objects.select_related("case", "written_by").get(pk=pk)
    if order.state != OrderState.SIGNED:
        return
    # Signing takes a library that is slow to load; only the process that signs loads it.
    from .rendering import render_order
    from .sealing import seal

    pdf = seal(
        render_order(order), name=settings.COURT_NAME, reason=f"Order {order.number}", place=settings.COURT_NAME
    )
    sha256 = hashlib.sha256(pdf).hexdigest()
    folder = f"orders/{order.case_id}"
    name = f"{folder}/{order.pk}-{sha256[:32]}.pdf"
    path = _keep(pdf, name)
    with transaction.atomic():
        issued = Order.objects.filter(pk=pk, state=OrderState.SIGNED).update(
            state=OrderState.ISSUED, file=name, sha256=sha256, issued_at=timezone.now()
        )
        if issued:
            order.refresh_from_db()
            record(
                order.case,
                "order_issued",
                by=None,
                order=order.pk,
                number=order.number,
                title=order.title,
                sha256=sha256,
            )
            _tell_parties(order)
    if not issued:
        if Order.objects.get(pk=pk).file.name != name:
            path.unlink(missing_ok=True)
        return
    for other in path.parent.glob(f"{order.pk}-*.pdf"):  # of a worker that died before it could say which is right
        if other != path:
            other.unlink(missing_ok=True)


def _tell_parties(order: Order) -> None:
    for party in order.case.parties.select_related("user"):
        person = party.user
        write_letter(
            "order_issued",
            to=person.email if person else party.email,
            key=f"order-{order.pk}-{party.pk}",
            language=person.language if person else order.language,
            name=party.name,
            case=order.case,
            order=order,
            url=settings.COURT_ORIGIN + reverse("order", args=[order.pk]),
            verify_url=settings.COURT_ORIGIN + reverse("verify"),
        )
