"""``manage.py demo``: fill an empty court with people and cases at every stage; ``--list-people`` prints sign-ins."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from court.accounts.models import User
from court.cases.models import Case
from court.demo.cases import make_cases
from court.demo.hearing import hold
from court.demo.people import PASSWORD, PEOPLE, make_people


class Command(BaseCommand):
    help = "Fill an empty court with demo people and cases. Does nothing if there are cases already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list-people", action="store_true", help="print who can sign in, and do nothing else")

    def handle(self, *args: Any, list_people: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data is made only where COURT_DEMO=1, and never in production.")
        if list_people:
            self.list_people()
            return
        if Case.objects.exists():
            return
        if User.objects.exclude(email__endswith="@court.example").exists():
            raise CommandError("This court has people of its own; demo data would mix with theirs.")
        self.stdout.write("Making demo people and cases ...")
        with translation.override("en"):
            people = make_people()
            for case, story in make_cases(people):
                if story.stage == "heard":
                    hold(case, people)
        self.stdout.write(f"Made {len(PEOPLE)} people and {Case.objects.count()} cases.")

    def list_people(self) -> None:
        """Print the sign-ins."""
        self.stdout.write(f"Sign in with any of these; the password is {PASSWORD}")
        for person in PEOPLE:
            what = person.office.label if person.office else "Litigant"
            self.stdout.write(f"  {person.email:28} {person.name:16} {what}: {person.about}")
