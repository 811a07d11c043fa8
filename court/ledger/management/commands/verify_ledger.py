"""``manage.py verify_ledger``: check that no leaf of the ledger was changed or lost."""

from typing import Any

from django.core.management.base import BaseCommand

from court.ledger.services import Tampered, verify


class Command(BaseCommand):
    help = "Check every leaf of the ledger and print its size and root."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            size, root = verify()
        except Tampered as fault:
            self.stderr.write(str(fault))
            raise SystemExit(2) from None
        self.stdout.write(f"{size} leaves, root {root.hex()}")
