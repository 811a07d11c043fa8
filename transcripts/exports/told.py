"""What every form of the record tells: the case, the hearing, the people, and the lines a reader may have."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from court.wording import write_when

from ..lacking import Lack, lacking
from ..models import Clearance, Transcript, Version
from ..pages.back import certificate_of, lacked, standing
from ..reading import role_name
from ..text import BLOCK, Line, lines_of

# What XML 1.0 has no place for (section 2.2).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who spoke. ``key`` names them within a file."""

    key: str
    name: str
    role: str  # as the record keeps it, perhaps empty

    @property
    def role_name(self) -> str:
        """Their role in the active language."""
        return role_name(self.role)


@dataclass(frozen=True)
class Told:
    """A record as one reader may have it."""

    transcript: Transcript
    version: Version | None
    clearance: Clearance | int
    lines: list[Line]

    @cached_property
    def people(self) -> dict[tuple[str, str], Person]:
        """Everybody who spoke, in the order they first did."""
        found: dict[tuple[str, str], Person] = {}
        for line in self.lines:
            who = (line.speaker, line.role)
            if who not in found:
                found[who] = Person(f"person-{len(found) + 1}", *who)
        return found

    def who(self, line: Line) -> Person:
        """Who said a line."""
        return self.people[line.speaker, line.role]

    @property
    def began(self) -> datetime:
        """When the recording began."""
        return self.transcript.recording.started_at

    def at(self, second: float) -> str:
        """A second of the recording as a moment, in UTC (ISO 8601, to the millisecond)."""
        return (self.began + timedelta(seconds=second)).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def court(self) -> str:
        """The court's name."""
        return str(settings.COURT_NAME)

    @property
    def title(self) -> str:
        """What the file is called in its head, in the active language."""
        case = self.transcript.case
        named = f"{case.label}, {case.title}" if case.title else case.label
        return _("Transcript of the hearing, %(case)s") % {"case": named}

    @property
    def when(self) -> str:
        """When the hearing was, written out with the zone."""
        return write_when(timezone.localtime(self.began, timezone.get_default_timezone()))

    @property
    def standing(self) -> str:
        """Whether it is certified."""
        if self.version is None:
            return _("The text as it stands now, not certified")
        return standing(self.version)

    @cached_property
    def some_hidden(self) -> bool:
        """Whether a word of it is hidden from this reader."""
        return any(word.hidden for line in self.lines for word in line.words)

    @cached_property
    def lacks(self) -> list[Lack]:
        """What the recording lacks. Where words are hidden, nobody is named of whom the reader has no line."""
        version = self.version
        found = lacking(self.transcript) if version is None else lacked(version, certificate_of(version))
        named = {name for name, _role in self.people}
        return [replace(one, name=BLOCK) if self.some_hidden and one.name not in named else one for one in found]

    @property
    def remarks(self) -> list[str]:
        """What a reader must know before they rely on the words, each as a line."""
        found = [_("Some words are left out for those who may not read them.")] if self.some_hidden else []
        if self.lacks:
            found.append(_("The recording is not whole:"))
        return found + [one.line for one in self.lacks]

    @cached_property
    def language(self) -> str:
        """The language most words are in; English where none is known."""
        said: dict[str, int] = {}
        for line in self.lines:
            if line.language:
                said[line.language] = said.get(line.language, 0) + len(line.words)
        return max(said, key=lambda language: said[language]) if said else "en"


def told(transcript: Transcript, *, clearance: Clearance | int, version: Version | None) -> Told:
    """A record as readers of a clearance may have it: as it stands now, or of a version."""
    lines = lines_of(transcript, clearance=clearance, version=version)
    return Told(transcript, version, clearance, lines)


def xml(text: str) -> str:
    """A text as XML's character data."""
    return escape(_NOT_XML.sub("", text))


def attribute(text: str) -> str:
    """A text as the value of an XML attribute, in its quotation marks."""
    return quoteattr(_NOT_XML.sub("", text))


def stamp(seconds: float) -> str:
    """Seconds as HH:MM:SS.mmm."""
    whole = round(max(seconds, 0.0) * 1000)
    return f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:{whole // 1000 % 60:02d}.{whole % 1000:03d}"
