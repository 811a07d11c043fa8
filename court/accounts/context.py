"""What every page knows of the house."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from .models import Office, User


@dataclass(frozen=True)
class Link:
    """A link of the main navigation."""

    label: Any
    url: str
    current: bool


NAVIGATION = {
    Office.NONE: [("home", _("Your cases"))],
    Office.CLERK: [
        ("home", _("Home")),
        ("review_queue", _("Claims to review")),
        ("cases", _("Cases")),
        ("hearings", _("Hearings")),
        ("search", _("Search the record")),
    ],
    Office.JUDGE: [
        ("home", _("Home")),
        ("cases", _("Cases")),
        ("hearings", _("Hearings")),
        ("search", _("Search the record")),
    ],
    Office.MEDIATOR: [("home", _("Home")), ("cases", _("Cases")), ("mediations", _("Mediations"))],
    Office.ADMINISTRATOR: [("home", _("Home"))],
}


def house(request: HttpRequest) -> dict[str, Any]:
    """The court's name, whether this is a demo, and the navigation for who is signed in."""
    user = getattr(request, "user", None)
    links = []
    if isinstance(user, User):
        for name, label in NAVIGATION[Office(user.office)]:
            try:
                url = reverse(name)
            except NoReverseMatch:
                continue
            links.append(Link(label, url, request.path == url))
    return {
        "house": {
            "name": settings.COURT_NAME,
            "tagline": settings.COURT_TAGLINE,
            "demo": settings.DEMO,
            "zone": settings.TIME_ZONE,
            "navigation": links,
        }
    }
