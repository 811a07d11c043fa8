"""What the ledger promises."""

import hashlib

import pytest
from django.db import DatabaseError, transaction

from court.ledger.models import Leaf
from court.ledger.services import Tampered, append, root, verify

pytestmark = pytest.mark.django_db


def write(count: int) -> None:
    with transaction.atomic():
        for n in range(count):
            append({"kind": "test", "n": n})


def test_an_untouched_ledger_verifies():
    write(5)
    size, _ = verify()
    assert size == 5


def test_a_leaf_cannot_be_changed_or_deleted():
    write(2)
    with pytest.raises(DatabaseError), transaction.atomic():
        Leaf.objects.filter(number=0).update(body="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Leaf.objects.filter(number=0).delete()
    assert verify()[0] == 2


def test_a_forged_leaf_is_found():
    write(2)
    Leaf.objects.create(number=2, body='{"kind":"forged"}', leaf_hash=b"\x00" * 32)
    with pytest.raises(Tampered, match="Leaf 2 was changed"):
        verify()


def test_a_missing_leaf_is_found():
    write(1)
    Leaf.objects.create(number=2, body="{}", leaf_hash=hashlib.sha256(b"\x00{}").digest())
    with pytest.raises(Tampered, match="Leaf 1 is missing"):
        verify()


def test_the_root_is_that_of_rfc_6962():
    # Vectors of the certificate-transparency reference implementation: leaves "", 00, 10, 2021, 3031, ...
    leaves = [bytes.fromhex(h) for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
    hashes = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    expected = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    }
    for size, value in expected.items():
        assert root(hashes[:size]).hex() == value
