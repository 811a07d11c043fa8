"""Calendar files (RFC 5545, with RFC 5546's methods), so that a date lands in people's own calendars."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

REQUEST: Final = "REQUEST"
CANCEL: Final = "CANCEL"
PUBLISH: Final = "PUBLISH"


def calendar_uid(kind: str, number: int) -> str:
    """The lasting name of a date: the same for every change of it."""
    return f"{kind}-{number}@{urlsplit(settings.COURT_ORIGIN).hostname}"


def calendar_file(
    *,
    uid: str,
    sequence: int,
    starts_at: datetime,
    minutes: int,
    summary: str,
    description: str,
    url: str,
    method: str = REQUEST,
    attendees: Iterable[tuple[str, str]] = (),
) -> str:
    """One date as the text of an .ics file, times in UTC.

    ``attendees`` are (name, e-mail); a file asks only the one it is sent to, so that addresses stay private.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.COURT_NAME}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", (starts_at + timedelta(minutes=minutes)).astimezone(UTC))
    event.add("summary", summary)
    event.add("description", description)
    event.add("location", url)
    event.add("url", url)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("class", "PRIVATE")
    organiser = vCalAddress(f"mailto:{settings.COURT_FROM_EMAIL}")
    organiser.params["CN"] = vText(settings.COURT_NAME)
    event.add("organizer", organiser)
    for name, email in attendees:
        attendee = vCalAddress(f"mailto:{email}")
        attendee.params["CN"] = vText(name)
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        event.add("attendee", attendee)
    if method != CANCEL:
        reminder = Alarm()
        reminder.add("action", "DISPLAY")
        reminder.add("trigger", timedelta(minutes=-30))
        reminder.add("description", summary)
        event.add_component(reminder)
    calendar.add_component(event)
    return calendar.to_ical().decode()
