"""The log under the docket: leaves that are only ever appended."""

from django.db import models


class Leaf(models.Model):
    """One thing that happened, as canonical JSON, and its RFC 6962 leaf hash.

    ``number`` counts from 0 without a gap. Database triggers refuse UPDATE and DELETE.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    body = models.TextField()
    leaf_hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"leaf {self.number}"
