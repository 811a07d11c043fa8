"""What every letter of this room is given."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import lazy

from court.accounts.post import compose, write_letter
from court.cases.models import Case
from court.wording import write_when

_written = lazy(write_when, str)


def _in_words(context: dict[str, Any]) -> dict[str, Any]:
    """Moments as words, written when the letter is, in its language."""
    return {name: _written(value) if isinstance(value, datetime) else value for name, value in context.items()}


def write(template: str, *, to: str, key: object, language: str, case: Case, **context: Any) -> None:
    """Queue a letter about a case; ``key`` makes it one letter whatever happens. Moments are written out."""
    context |= {"case": case, "page": reverse("case", args=[case.label])}
    write_letter(template, to=to, key=f"{template}:{key}", language=language, **_in_words(context))


def composed(template: str, *, language: str, **context: Any) -> tuple[str, str]:
    """Subject and text of a letter that is sent at once; moments are written out."""
    return compose(template, language=language, **_in_words(context))
