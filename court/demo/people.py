"""The people of the demo court. Everybody signs in with the same password, which the start prints."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from court.accounts.models import Office, User

PASSWORD = "demo-court-2026"  # noqa: S105 - a demo's, printed at every start


@dataclass(frozen=True)
class Person:
    """One of them."""

    key: str
    name: str
    office: Office = Office.NONE
    language: str = "en"
    about: str = ""

    @property
    def email(self) -> str:
        """What they sign in with."""
        return f"{self.key}@court.example"


PEOPLE = (
    Person("clerk", "Tom Reed", Office.CLERK, about="reviews, serves, lists, searches"),
    Person("clerk2", "Grace Obi", Office.CLERK, about="a second clerk"),
    Person("judge", "Ada Park", Office.JUDGE, about="hears cases and signs orders"),
    Person("judge2", "Daniel Moreau", Office.JUDGE, about="a second judge"),
    Person("mediator", "Noor Haddad", Office.MEDIATOR, about="mediates, holds caucuses"),
    Person("claimant", "Kim Jiwoo", about="claims in several cases, one of them heard"),
    Person("respondent", "Li Wei", about="answers claims"),
    Person("minji", "박민지", language="ko", about="a claimant who reads Korean"),
    Person("chenfang", "陈芳", language="zh-hans", about="a claimant who reads Chinese"),
    Person("omar", "Omar Said", about="a respondent"),
    Person("eva", "Eva Lindqvist", about="a claimant and a respondent"),
    Person("interpreter", "Choi Yuna", language="ko", about="interprets at hearings"),
    Person("admin", "Alex Root", Office.ADMINISTRATOR, about="runs the installation, sees no case"),
)


def make_people() -> dict[str, User]:
    """Make them, with confirmed e-mail addresses. Returns them by key."""
    secret = make_password(PASSWORD)
    made = {}
    for person in PEOPLE:
        user, created = User.objects.get_or_create(
            email=person.email,
            defaults={
                "name": person.name,
                "office": person.office,
                "language": person.language,
                "password": secret,
                "is_superuser": person.office == Office.ADMINISTRATOR,
            },
        )
        if created:
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        made[person.key] = user
    return made
