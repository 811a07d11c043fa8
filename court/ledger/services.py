"""Appending to the ledger and checking it. Hashing follows RFC 6962, section 2.1."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Max

from .models import Leaf

LOCK = 0x1ED6E4  # the advisory lock that orders appends on PostgreSQL


class Tampered(Exception):
    """The ledger does not agree with itself."""


def leaf_hash(body: bytes) -> bytes:
    """The hash of a leaf: SHA-256 over a zero byte and the body."""
    return hashlib.sha256(b"\x00" + body).digest()


def root(hashes: list[bytes]) -> bytes:
    """The Merkle tree hash of a list of leaf hashes; of none, the hash of the empty string."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    level = hashes
    # Pairing neighbours and carrying an odd last one up gives RFC 6962's split at the largest power of two.
    while len(level) > 1:
        paired = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


def append(body: dict[str, Any]) -> Leaf:
    """Append what happened. Must run inside the transaction that makes it happen, so that neither stands alone."""
    if not connection.in_atomic_block:
        raise RuntimeError("A ledger leaf is written in the transaction of the deed it records.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Leaf.objects.aggregate(last=Max("number"))["last"]
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Leaf.objects.create(number=0 if last is None else last + 1, body=text, leaf_hash=leaf_hash(text.encode()))


def verify() -> tuple[int, bytes]:
    """Check every leaf against its hash and the count without gaps. Returns the size and the root; raises Tampered."""
    hashes: list[bytes] = []
    rows: Iterable[Leaf] = Leaf.objects.order_by("number").iterator(chunk_size=2000)
    for expected, leaf in enumerate(rows):
        if leaf.number != expected:
            raise Tampered(f"Leaf {expected} is missing.")
        computed = leaf_hash(leaf.body.encode())
        if computed != bytes(leaf.leaf_hash):
            raise Tampered(f"Leaf {expected} was changed.")
        hashes.append(computed)
    return len(hashes), root(hashes)
