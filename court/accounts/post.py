"""Letters the court sends by e-mail. Queued in the deed's transaction, sent by the worker, each once.

A template ``letters/NAME.txt`` has the subject as its first line, an empty line, and the text. It is rendered in the
recipient's language when it is queued, so that a letter says what was true then.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from court.work.models import Job
from court.work.services import enqueue


def compose(template: str, *, language: str, **context: Any) -> tuple[str, str]:
    """The subject and the text of a letter, in a language and in court time."""
    with translation.override(language), timezone.override(settings.TIME_ZONE):
        text = render_to_string(
            f"letters/{template}.txt",
            {
                "court_name": settings.COURT_NAME,
                "origin": settings.COURT_ORIGIN,
                "zone": settings.TIME_ZONE,
                **context,
            },
        )
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def write_letter(
    template: str,
    *,
    to: str,
    key: str,
    language: str = "en",
    calendar: str = "",
    **context: Any,
) -> Job:
    """Queue a letter to an e-mail address; ``key`` makes a second asking for the same letter do nothing.

    ``calendar`` is the text of an iCalendar file to attach. The context gets the court's name, origin and zone too.
    """
    subject, body = compose(template, language=language, **context)
    return enqueue("send_letter", key=key, to=to, subject=subject, body=body, calendar=calendar)


def send_letter(to: str, subject: str, body: str, calendar: str) -> None:
    """Hand one letter to the mail system. Raises what the mail system raises; the worker tries again."""
    message = EmailMessage(subject=subject, body=body, to=[to])
    if calendar:
        method = "CANCEL" if "METHOD:CANCEL" in calendar else "REQUEST"
        message.attach("hearing.ics", calendar, f"text/calendar; method={method}")
    message.send()
