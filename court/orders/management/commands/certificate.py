"""``manage.py certificate``: make the installation's own certificates if there are none, and show them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from court.orders.certificate import NoCertificate, certificates, ensure, fingerprint, stamping_files


class Command(BaseCommand):
    help = "Make the court's own signing certificate where there is none, and print its fingerprints."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = ensure()
            found = certificates()
        except NoCertificate as fault:
            raise CommandError(str(fault), returncode=2) from fault
        self.stdout.write("Certificates made." if made else "Certificates found.")
        for name, certificate in (("Signing", found.signing), ("Authority", found.anchor)):
            self.stdout.write(f"{name}: {certificate.subject.rfc4514_string()}")
            self.stdout.write(f"  valid until {certificate.not_valid_after_utc:%Y-%m-%d}")
            self.stdout.write(f"  SHA-256 {fingerprint(certificate)}")
        if found.made_here:
            self.stdout.write("Self-made: readers must be given the authority's certificate (/certificate.pem).")
        self.stdout.write("Time-stamps: the court's own." if stamping_files() else "Time-stamps: none.")
