"""Signing a PDF with the court's certificate (PAdES, ETSI EN 319 142-1), with a time-stamp where there is a service.

The signature field is invisible: a visible stamp would break PDF/A and PDF/UA. Who signed and when stands in the text.
"""

import datetime as dt
import functools
import io
import secrets
from pathlib import Path

import pikepdf
from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.api import TimeStamper

from .certificate import CANNOT_BE_OPENED, Given, NoCertificate, certificates, given, stamping_files

FIELD = "CourtSignature"
# A policy of this court's own: an identifier from the arc that anybody may draw a UUID in (ITU-T X.667).
STAMPING_POLICY = "2.25.250814183907205713046911342086711873271"


class KeySigner(signers.SimpleSigner):
    """A signer whose RSA key is opened once.

    pyHanko opens it, and has it proved, for each signature: a third of a second, four times in a file (the signature
    and its time-stamp, and both once more to learn how large they are).
    """

    def __init__(self, loaded: signers.SimpleSigner) -> None:
        super().__init__(loaded.signing_cert, loaded.signing_key, loaded.cert_registry)
        self._key = load_der_private_key(loaded.signing_key.dump(), password=None)

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Sign bytes, by RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2) here, by any other algorithm as pyHanko does."""
        algorithm = self.get_signature_mechanism_for_digest(digest_algorithm)["algorithm"].native
        if isinstance(self._key, RSAPrivateKey) and (algorithm, digest_algorithm) == ("sha256_rsa", "sha256"):
            return self._key.sign(data, PKCS1v15(), SHA256())
        signed: bytes = super().sign_raw(data, digest_algorithm)
        return signed


class OwnTimeStamper(TimeStamper):
    """A time-stamping service (RFC 3161) that answers in this process, with the installation's own certificate."""

    def __init__(self, signer: signers.SimpleSigner) -> None:
        super().__init__()
        self.signer = signer

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Stamp the digest in the request with the time it is now."""
        certificate: asn1_x509.Certificate = self.signer.signing_cert
        content = {
            "version": "v1",
            "policy": STAMPING_POLICY,
            "message_imprint": req["message_imprint"],
            "serial_number": secrets.randbits(63),
            "gen_time": dt.datetime.now(dt.UTC).replace(microsecond=0),
            "accuracy": tsp.Accuracy({"seconds": 1}),
            "tsa": asn1_x509.GeneralName(name="directory_name", value=certificate.subject),
        }
        if req["nonce"].native is not None:
            content["nonce"] = req["nonce"]
        stamped = cms.EncapsulatedContentInfo(
            {"content_type": "tst_info", "content": cms.ParsableOctetString(tsp.TSTInfo(content).dump())}
        )
        token = await self.signer.async_sign_general_data(stamped, "sha256", detached=False)
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})


class MetadataKept(IncrementalPdfFileWriter):
    """A writer that leaves the document's metadata as they are: rewritten ones would no longer be PDF/A's."""

    def _update_meta(self) -> None:
        pass


@functools.lru_cache(maxsize=2)
def _signer(file: Given) -> KeySigner:
    """The court's signer, kept while its file stays the same. Raises NoCertificate."""
    try:
        return KeySigner(signers.SimpleSigner.load_pkcs12_data(file.path.read_bytes(), [], file.password))
    except (OSError, ValueError) as fault:
        raise NoCertificate(CANNOT_BE_OPENED) from fault


@functools.lru_cache(maxsize=2)
def _stamper(certificate: Path, key: Path, _written: int) -> KeySigner | None:
    """The signer of time-stamps; ``_written`` says when its key was made, in nanoseconds since the epoch."""
    loaded = signers.SimpleSigner.load(
        key_file=str(key), cert_file=str(certificate), ca_chain_files=[str(certificate.with_name("authority.pem"))]
    )
    return KeySigner(loaded) if loaded else None


def _time_stamper() -> OwnTimeStamper | None:
    files = stamping_files()
    if files is None:
        return None
    signer = _stamper(*files, files[1].stat().st_mtime_ns)
    return OwnTimeStamper(signer) if signer else None


def flatten(pdf: bytes) -> bytes:
    """The PDF without object streams, which make a signed and tagged file very slow to check, and with a tab order."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            page.obj.Tabs = pikepdf.Name.S
        opened.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    return written.getvalue()


def seal(pdf: bytes, *, name: str, reason: str, place: str) -> bytes:
    """Sign a PDF. ``name`` is the court's, ``reason`` says what was signed, e.g. "Order C-2026-0012/O1".

    PAdES B-T when the installation has a time-stamping service, else B-B. Raises NoCertificate.
    """
    own = certificates()  # made first where the installation makes its own
    signer = _signer(given())
    written = io.BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            name=name,
            reason=reason,
            location=place,
            subfilter=fields.SigSeedSubFilter.PADES,
        ),
        signer=signer,
        timestamper=_time_stamper() if own.made_here else None,
        new_field_spec=fields.SigFieldSpec(
            FIELD,
            readable_field_name=name,  # what a screen reader calls it
            invis_sig_settings=fields.InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
        ),
    ).sign_pdf(MetadataKept(io.BytesIO(flatten(pdf))), output=written)
    return written.getvalue()
