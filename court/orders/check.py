"""Run confined in a process of its own: does a court's signature in a PDF hold, and are its bytes unchanged?

``python -m court.orders.check SECONDS PDF ANCHORS.pem`` prints one JSON object; see ``checking.Finding``. Knows
nothing of Django or the database.
"""

import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

from court.evidence.cage import confine


def look(pdf: bytes, anchors: bytes) -> dict[str, Any]:
    """What can be said of the signatures in a PDF, trusting ``anchors`` (PEM certificates) alone."""
    from asn1crypto import pem, x509
    from pyhanko.pdf_utils.misc import PdfReadError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    trusted = [x509.Certificate.load(der) for _, _, der in pem.unarmor(anchors, multiple=True)]
    ours = {certificate.dump() for certificate in trusted}
    try:
        signatures = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_regular_signatures
    except (PdfReadError, ValueError, KeyError, TypeError, IndexError, RecursionError):
        return {"verdict": "unreadable"}
    if not signatures:
        return {"verdict": "unsigned"}
    # The first signature is the court's own; whatever was added later is judged as a change to what it covers.
    for signature in signatures:
        try:
            status = validate_pdf_signature(
                signature, ValidationContext(trust_roots=trusted, allow_fetching=False, revocation_mode="soft-fail")
            )
        except Exception:  # the library raises many kinds for a damaged signature; each means the same here
            return {"verdict": "broken"}
        known = status.trusted or any(
            certificate.dump() in ours for certificate in [signature.signer_cert, *signature.other_embedded_certs]
        )
        if not known:
            continue
        stamp = status.timestamp_validity
        end = int(signature.byte_range[2]) + int(signature.byte_range[3])  # of the file as the court gave it out
        facts = {
            "signer": status.signing_cert.subject.native.get("common_name", ""),
            "signed_sha256": hashlib.sha256(pdf[:end]).hexdigest(),
            "signed_at": _iso(signature.self_reported_timestamp),
            "stamped_at": _iso(stamp.timestamp) if stamp and stamp.valid and stamp.intact and stamp.trusted else "",
        }
        if not (status.intact and status.valid):
            return {"verdict": "broken"}
        if not status.trusted:
            return {"verdict": "stranger"}
        unchanged = status.modification_level in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
        if not unchanged or not status.bottom_line:
            return {"verdict": "changed", **facts}
        return {"verdict": "genuine", **facts}
    return {"verdict": "stranger"}


def _iso(moment: Any) -> str:
    return moment.isoformat() if moment else ""


def main() -> None:
    """Read the file, then judge it under limits."""
    seconds, pdf, anchors = sys.argv[1:4]
    content, trusted = Path(pdf).read_bytes(), Path(anchors).read_bytes()
    confine(int(seconds))
    print(json.dumps(look(content, trusted)))  # noqa: T201 - this is the answer


if __name__ == "__main__":
    main()
