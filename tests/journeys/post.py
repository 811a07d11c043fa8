"""What the court wrote to people in a journey: each letter, its code or link, its calendar file."""

import email
import email.policy
import time

from tests.journeys.house import Court


def letters(court: Court, to: str) -> list[tuple[str, str, list[str]]]:
    """Subject, text and attached files of what the court wrote to somebody, in order."""
    found = []
    for path in sorted((court.data / "mail").glob("*.log"), key=lambda file: file.stat().st_mtime_ns):
        for raw in path.read_bytes().split(b"-" * 79 + b"\n"):
            if raw.strip():
                letter = email.message_from_bytes(raw, policy=email.policy.default)
                if str(letter["To"]) == to:
                    files = [part.get_content() for part in letter.iter_attachments()]
                    found.append((str(letter["Subject"]), letter.get_body(("plain",)).get_content(), files))
    return found


def wait_for_letter(court: Court, to: str, holding: str, but_not: str = "=never=") -> str:
    """The text of a letter to somebody that holds some words and not others, as soon as it is there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for subject, text, _files in letters(court, to):
            if holding in subject + text and but_not not in text:
                return text
        time.sleep(0.5)
    raise AssertionError(f"No letter to {to} holds {holding!r}: {[s for s, _, _ in letters(court, to)]}")


def wait_for_calendar(court: Court, to: str) -> str:
    """The calendar file the court sent to somebody, as soon as it is there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for _subject, _text, files in letters(court, to):
            for file in files:
                return file if isinstance(file, str) else file.decode()
        time.sleep(0.5)
    raise AssertionError(f"{to} got no calendar file.")
