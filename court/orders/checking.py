"""Telling anybody whether a PDF carries the court's signature and is unchanged, and what it is."""

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

from court.accounts.models import User
from court.evidence.cage import Unreadable, ask

from .certificate import certificates
from .issued import Issued, issued, told

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
    signed_at: datetime | None = None
    stamped_at: datetime | None = None  # by a time-stamping service the court trusts
    issued: Issued | None = None  # what it is, or for a changed one what it was; None where the reader is not told
    in_files: bool = False  # byte for byte a file this court issued, and the reader may know of it
    sha256: str = ""  # of the file that was given


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


def check(upload: UploadedFile, *, reader: User | None) -> Finding:
    """Look at an uploaded PDF in a confined process. Nothing of it is kept. Raises Busy, NoCertificate.

    The words in the file itself are never repeated as if they were the court's: what it is comes from the court's
    own files, by the SHA-256 of what was signed. Of a sealed case a stranger gets the verdict alone.
    """
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
            answer = {"verdict": "slow" if fault.reason == "slow" else "unreadable"}
    sha256 = digest.hexdigest()
    same = issued(sha256, reader)
    known = same or issued(answer.get("signed_sha256", ""), reader)
    # Byte for byte what the court gave out is genuine, whichever certificate the court has by now.
    verdict = "genuine" if same else answer["verdict"]
    if known and not told(known, reader):
        return Finding(verdict, sha256=sha256)
    return Finding(
        verdict=verdict,
        signer=answer.get("signer", ""),
        signed_at=_moment(answer.get("signed_at")),
        stamped_at=_moment(answer.get("stamped_at")),
        issued=known,
        in_files=same is not None,
        sha256=sha256,
    )


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
