"""Telling anybody whether a PDF carries the court's signature and is unchanged."""

import hashlib
import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import UploadedFile

from court.evidence.cage import Unreadable, ask

from .certificate import certificates
from .models import Order, OrderState

LARGEST = 20_000_000  # bytes
SECONDS = 20  # of processor time
_places = threading.BoundedSemaphore(2)  # how many strangers' files one process looks at at once

log = logging.getLogger(__name__)


class Busy(Exception):
    """Too many files are being looked at already."""


@dataclass(frozen=True)
class Finding:
    """What is said of a file.

    ``verdict``: genuine, changed (signed by the court, then added to), broken (signed, but the signature does not
    hold), stranger (signed by somebody else), unsigned, unreadable, slow.
    """

    verdict: str
    signer: str = ""
    reason: str = ""
    signed_at: datetime | None = None
    stamped_at: datetime | None = None  # by a time-stamping service the court trusts
    issued: bool = False  # byte for byte a file this court issued
    sha256: str = ""


def anchor_pem() -> bytes:
    """The certificate readers must trust to check the court's signatures, as PEM. Raises NoCertificate."""
    return certificates().anchor.public_bytes(Encoding.PEM)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=10):
        raise Busy
    try:
        yield
    finally:
        _places.release()


def check(upload: UploadedFile) -> Finding:
    """Look at an uploaded PDF in a confined process. Nothing of it is kept. Raises Busy, NoCertificate."""
    anchors = anchor_pem()
    digest = hashlib.sha256()
    with _place(), tempfile.TemporaryDirectory(prefix="court-check-") as folder:
        pdf, trusted = Path(folder) / "given.pdf", Path(folder) / "anchors.pem"
        trusted.write_bytes(anchors)
        with pdf.open("wb") as file:
            for piece in upload.chunks():
                digest.update(piece)
                file.write(piece)
        try:
            answer = ask("court.orders.check", str(pdf), str(trusted), seconds=SECONDS)
        except Unreadable as fault:
            return Finding("slow" if fault.reason == "slow" else "unreadable")
    sha256 = digest.hexdigest()
    return Finding(
        verdict=answer["verdict"],
        signer=answer.get("signer", ""),
        reason=answer.get("reason", ""),
        signed_at=_moment(answer.get("signed_at")),
        stamped_at=_moment(answer.get("stamped_at")),
        issued=Order.objects.filter(sha256=sha256, state=OrderState.ISSUED).exists(),
        sha256=sha256,
    )


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
