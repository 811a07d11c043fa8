"""The formats of numbered pages: data, not code.

The two papers of one number of lines share one width, so that page and line are the same on either.
"""

from dataclasses import dataclass

from django.conf import settings

from ..models import PageFormat


@dataclass(frozen=True, slots=True)
class Profile:
    """One format. ``columns`` counts half-width characters; lengths are CSS lengths for the paper."""

    lines: int
    columns: int
    paper: str
    font: float  # points; a half-width character is half as wide
    leading: float  # points from line to line
    question: int = 5  # columns before "Q." and "A."
    opening: int = 10  # columns before a speaker's name; what carries over begins at the margin
    ask_and_answer: bool = True  # a witness's examination is set as questions and answers


PROFILES: dict[str, Profile] = {
    PageFormat.US_25: Profile(25, 60, "8.5in 11in", 13.2, 24.0),
    PageFormat.A4_25: Profile(25, 60, "210mm 297mm", 12.6, 25.5),
    PageFormat.US_32: Profile(32, 66, "8.5in 11in", 12.0, 19.0),
    PageFormat.A4_32: Profile(32, 66, "210mm 297mm", 11.5, 20.0),
}


def profile_of(format: str) -> Profile:
    """The profile of a format. Raises KeyError for one there is none of."""
    return PROFILES[format]


def court_format() -> PageFormat:
    """The format this court cites by (setting COURT_PAGE_FORMAT)."""
    return PageFormat(settings.COURT_PAGE_FORMAT)
