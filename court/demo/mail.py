"""The letters a demo court has sent, read back from the files the embedded mail system writes."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Letter:
    """One letter of the demo's post."""

    key: str
    to: str
    subject: str
    sent_at: datetime
    text: str
    attachments: tuple[tuple[str, bytes], ...]


def letters() -> list[Letter]:
    """All letters, the newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    found = []
    for path in folder.glob("*.log") if folder.exists() else []:
        # Django's file backend parts letters by a line of dashes.
        for number, raw in enumerate(path.read_bytes().split(b"-" * 79 + b"\n")):
            if raw.strip():
                found.append(_read(f"{path.stem}-{number}", raw))
    return sorted(found, key=lambda letter: letter.sent_at, reverse=True)


def _read(key: str, raw: bytes) -> Letter:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain",))
    return Letter(
        key=key,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=_sent_at(str(message["Date"])),
        text=body.get_content() if body else "",
        attachments=tuple(
            (part.get_filename() or "file", part.get_payload(decode=True) or b"")  # type: ignore[misc]
            for part in message.iter_attachments()
        ),
    )


def _sent_at(date: str) -> datetime:
    """When a letter was sent. A zone of -0000 means UTC without saying where (RFC 5322 3.3)."""
    moment = parsedate_to_datetime(date)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
