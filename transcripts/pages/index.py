"""Where the words of a version stand: page and line, and back.

A citation, the PDF, the page on the screen and the sound all take their places from the lines stored here, which are
made of the version as the court has it and never change: page and line are the same for every reader.
"""

import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from ..models import Edit, EditKind, PageFormat, PageLine, Pagination, Transcript, Version, VersionKind
from .breaking import Broken
from .front import Shown, appearances, indexes, shown_in, title_page
from .layout import Examination, language_of, paged, proceedings, whole
from .profiles import Profile, court_format, profile_of

Place = tuple[int, int]  # page and line, both counted from 1

_CITED = re.compile(r"^\s*(\d{1,5})\s*:\s*(\d{1,2})(?:\s*[-–—]\s*(?:(\d{1,5})\s*:\s*)?(\d{1,2}))?\s*$")


def version_to_cite(transcript: Transcript) -> Version | None:
    """The version that citations speak of: the newest certified one; without any, the newest the court made the text.

    That is one kept as checked or taken back, else the machine's own. What a machine heard anew beside a text that
    people had worked on is only waiting to be taken.
    """
    versions = Version.objects.filter(transcript=transcript).order_by("-number")
    certified = versions.filter(certificate__isnull=False).first()
    if certified is not None:
        return certified
    checked = versions.filter(kind=VersionKind.EDITED).first()
    taken = Edit.objects.filter(transcript=transcript, kind=EditKind.ADOPT).order_by("number").last()
    if taken is not None and (checked is None or checked.through_edit < taken.number):
        return versions.get(number=taken.after["version"])
    return checked or versions.filter(kind=VersionKind.MACHINE, through_edit=0).first()


def cited_pages(transcript: Transcript) -> Pagination | None:
    """The pages that citations speak of, if they are laid out: of the version to cite, in the court's format."""
    version = version_to_cite(transcript)
    if version is None:
        return None
    return Pagination.objects.filter(version=version, format=court_format()).order_by("pk").first()


def paginated(version: Version, format: str = "") -> Pagination:
    """The version on the pages of a format (this court's, if none is told); laid out now if it never was.

    Headings are in the language most words are in. Takes about 2 s for a day's hearing.
    """
    format = PageFormat(format or court_format())
    found = Pagination.objects.filter(version=version, format=format).order_by("pk").first()
    if found is not None:
        return found
    rows = whole(version)
    language = language_of(rows)
    pages, first_page = _laid_out(version, rows, profile_of(format), language)
    try:
        with transaction.atomic():
            made = Pagination.objects.create(
                version=version, format=format, language=language, pages=len(pages), first_page=first_page
            )
            PageLine.objects.bulk_create(_rows(made, pages), batch_size=1000)
    except IntegrityError:  # somebody else was faster
        return Pagination.objects.get(version=version, format=format, language=language)
    return made


def _laid_out(version: Version, rows: list, profile: Profile, language: str) -> tuple[list[list[Broken]], int]:
    """All pages' lines, and the page on which what was said begins."""
    transcript: Transcript = version.transcript
    with translation.override(language), timezone.override(timezone.get_default_timezone()):
        said = proceedings(rows, profile)
        exhibits = shown_in(transcript)
        title, _places = paged(title_page(transcript, profile), profile)
        present = appearances(transcript, rows, profile)
        listed, _places = paged([*present, *indexes(said.examinations, exhibits, {}, profile)], profile)
        before = len(title) + len(listed)
        pages, places = paged(said.lines, profile)

        def cite(place: int) -> str:
            return f"{before + place // profile.lines + 1}:{place % profile.lines + 1}"

        found: dict[Examination | Shown, str] = {one: cite(places[one.line]) for one in said.examinations}
        seconds = [
            (line.second, place) for line, place in zip(said.lines, places, strict=True) if line.second is not None
        ]
        for one in exhibits:
            earlier = [place for second, place in seconds if second <= one.second]
            found[one] = cite(earlier[-1] if earlier else places[0])
        listed, _places = paged([*present, *indexes(said.examinations, exhibits, found, profile)], profile)
    return [*title, *listed, *pages], before + 1


def _rows(pagination: Pagination, pages: list[list[Broken]]) -> Iterable[PageLine]:
    for page, lines in enumerate(pages, 1):
        for number, line in enumerate(lines, 1):
            yield PageLine(
                pagination=pagination,
                page=page,
                line=number,
                text=line.text,
                heading=line.heading,
                words=line.words,
                first_word=line.words[0][0] if line.words else None,
                last_word=line.words[-1][0] if line.words else None,
                second=line.second,
            )


@dataclass(frozen=True, slots=True)
class Places:
    """Where every word of a pagination begins, as they are read, and the lines that have words."""

    of: dict[int, Place]
    lines: list[Place]


_known: OrderedDict[tuple, Places] = OrderedDict()
_lock = Lock()
KEPT = 6  # paginations whose places one process remembers; a day's hearing takes about 12 MB


def places_of(pagination: Pagination) -> Places:
    """The places of a pagination's words. Remembered: the lines of a pagination never change."""
    key = (pagination.pk, pagination.made_at)
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    of: dict[int, Place] = {}
    lines: list[Place] = []
    found = pagination.page_lines.exclude(first_word=None).order_by("page", "line")
    for page, line, words in found.values_list("page", "line", "words"):
        place = (page, line)
        lines.append(place)
        for number, _first, _last in words:
            of.setdefault(number, place)
    made = Places(of, lines)
    with _lock:
        _known[key] = made
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return made


def read_citation(written: str) -> tuple[Place, Place] | None:
    """The lines that ``3:14``, ``3:14-16`` or ``3:14-4:2`` speaks of; None if it cannot be read."""
    found = _CITED.match(written)
    if found is None:
        return None
    page, line, last_page, last_line = found.groups()
    first = (int(page), int(line))
    last = (int(last_page or page), int(last_line)) if last_line else first
    return (first, last) if first <= last else None


def write_citation(first: Place, last: Place) -> str:
    """``3:14`` for one line, ``3:14–3:16`` for several."""
    one, other = (f"{page}:{line}" for page, line in (first, last))
    return one if first == last else f"{one}–{other}"


def cited_on(pagination: Pagination, first: int, last: int) -> str:
    """Page and line of a passage on these pages, from its first word to its last; empty if a word is not there."""
    found = places_of(pagination)
    begun = found.of.get(first)
    if begun is None or last not in found.of:
        return ""
    return write_citation(begun, max(begun, _end_of(pagination, last, found.of[last])))


def _end_of(pagination: Pagination, word: int, begun: Place) -> Place:
    """The last line a word stands on: one that is cut stands on more than one."""
    places = places_of(pagination)
    at = bisect_right(places.lines, begun)
    while at < len(places.lines):
        page, line = places.lines[at]
        words = pagination.page_lines.values_list("words", flat=True).get(page=page, line=line)
        if not words or words[0][0] != word:
            break
        begun = places.lines[at]
        at += 1
    return begun
