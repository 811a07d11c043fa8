"""The certificate the court signs with, and the one its own time-stamps are made with.

An installation that was given a certificate (``COURT_SIGNING_P12``) uses that one. An embedded installation makes its
own certification authority once, issues a signing and a time-stamping certificate, and forgets the authority's key: no
third certificate can ever be issued under it.
"""

import datetime as dt
import fcntl
import functools
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from django.conf import settings

VALID_FOR = dt.timedelta(days=3650)
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
PEM = serialization.Encoding.PEM
CANNOT_BE_OPENED = "The court's certificate (COURT_SIGNING_P12) cannot be opened."


class NoCertificate(Exception):
    """The court has no certificate to sign with, or cannot open it. The message is for the operator."""


@dataclass(frozen=True)
class Certificates:
    """What the court signs with and what a reader needs to check it."""

    signing: x509.Certificate
    chain: tuple[x509.Certificate, ...]  # what the signing certificate was issued under, nearest first
    made_here: bool  # by this installation itself

    @property
    def anchor(self) -> x509.Certificate:
        """The certificate a reader must trust."""
        return self.chain[-1] if self.chain else self.signing


def _home() -> Path:
    return Path(settings.DATA_DIR) / "pki"


def signing_file() -> Path:
    """The PKCS #12 file with the signing key."""
    return Path(settings.COURT_SIGNING_P12)


def stamping_files() -> tuple[Path, Path] | None:
    """Certificate and key of the installation's own time-stamping service; None where there is none."""
    certificate, key = _home() / "stamping.pem", _home() / "stamping.key"
    return (certificate, key) if certificate.exists() and key.exists() else None


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 fingerprint, in pairs of digits."""
    digits = certificate.fingerprint(hashes.SHA256()).hex().upper()
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def password() -> bytes | None:
    """The password of the PKCS #12 file; None: it has none."""
    given: str = settings.COURT_SIGNING_PASSWORD
    return given.encode() or None


@dataclass(frozen=True)
class Given:
    """A PKCS #12 file as it lies in the house now: another file, or the same one exchanged, is another."""

    path: Path
    written: int  # nanoseconds since the epoch
    size: int  # bytes
    password: bytes | None = field(repr=False)


def given() -> Given:
    """The file with the signing key, made first where the installation makes its own. Raises NoCertificate."""
    ensure()
    path = signing_file()
    try:
        stat = path.stat()
    except OSError as fault:
        raise NoCertificate(CANNOT_BE_OPENED) from fault
    return Given(path, stat.st_mtime_ns, stat.st_size, password())


def certificates() -> Certificates:
    """The court's certificates, made first where the installation makes its own. Raises NoCertificate."""
    signing, chain = _opened(given())
    return Certificates(signing, chain, made_here=_made_here())


@functools.lru_cache(maxsize=2)
def _opened(file: Given) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    """The signing certificate and its chain. Kept: to open the file proves its key as well, a third of a second."""
    try:
        bundle = pkcs12.load_pkcs12(file.path.read_bytes(), file.password)
    except (OSError, ValueError) as fault:
        raise NoCertificate(CANNOT_BE_OPENED) from fault
    if bundle.cert is None or bundle.key is None:
        raise NoCertificate("The court's certificate file holds no key or no certificate.")
    chain: list[x509.Certificate] = []
    below = bundle.cert.certificate
    others = [other.certificate for other in bundle.additional_certs]
    while below.issuer != below.subject:
        above = next((other for other in others if other.subject == below.issuer), None)
        if above is None:
            break
        chain.append(above)
        below = above
    return bundle.cert.certificate, tuple(chain)


def _made_here() -> bool:
    return signing_file().resolve() == (_home() / "court.p12").resolve()


def ensure() -> bool:
    """Make the installation's own certificates if there are none. Returns whether they were made now.

    Production never makes them: it must be given a certificate that others have reason to trust.
    """
    if signing_file().exists():
        if settings.PRODUCTION and _made_here():
            raise NoCertificate("In production the court needs a certificate of an authority: set COURT_SIGNING_P12.")
        return False
    if settings.PRODUCTION or not _made_here():
        raise NoCertificate("The file named by COURT_SIGNING_P12 does not exist.")
    home = _home()
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes that start at once, one makes them
        if signing_file().exists():
            return False
        _make(home)
    return True


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, settings.COURT_COUNTRY[:2].upper()),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, settings.COURT_NAME[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{settings.COURT_NAME[:40]} {common}"),
        ]
    )


def _begin(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, sign_documents: bool = False, sign_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=sign_documents,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _make(home: Path) -> None:
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=3072) for _ in range(3)]
    authority_key, signing_key, stamping_key = keys
    authority_name = _name("Root")
    authority = (
        _begin(authority_name, authority_name, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign_certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())

    def issue(
        common: str, key: rsa.RSAPrivateKey, purposes: list[ObjectIdentifier], *, critical: bool, documents: bool
    ) -> x509.Certificate:
        return (
            _begin(_name(common), authority_name, key.public_key())
            .add_extension(above, critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign_documents=documents), critical=True)
            .add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
            .sign(authority_key, hashes.SHA256())
        )

    # Readers that know no document signing (RFC 9336) yet look for the older purpose beside it.
    both = [DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
    signing = issue("Orders", signing_key, both, critical=False, documents=True)
    # RFC 3161, section 2.3: the purpose stands alone and is critical.
    stamping = issue("Time", stamping_key, [ExtendedKeyUsageOID.TIME_STAMPING], critical=True, documents=False)
    secret = password()
    sealed = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
    bundle = pkcs12.serialize_key_and_certificates(b"court", signing_key, signing, [authority], sealed)
    plain = stamping_key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    _write(home / "stamping.key", plain)
    _write(home / "stamping.pem", stamping.public_bytes(PEM))
    _write(home / "authority.pem", authority.public_bytes(PEM))
    _write(home / "court.p12", bundle)  # last: while it is missing, all are made anew


def _write(path: Path, content: bytes) -> None:
    descriptor, written = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(written).chmod(0o600)
    Path(written).replace(path)
