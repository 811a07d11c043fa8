"""What is written besides what was said, as search finds it: log notes, exhibits' text, issued orders.

Kept true by what each room tells, and by a look around each minute that finds what nobody told of.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from court.cases.models import Case
from court.evidence.models import Exhibit
from court.hearings.models import LogNote
from court.orders.models import Order, OrderState

from .. import index
from ..models import ExhibitReading, ReadingState, Writing, WritingKind

LONGEST = 900  # characters of a passage

_ENDS = re.compile(r"(?<=[.!?。！？])\s*|\n+")
_HANGUL, _HAN = re.compile("[가-힣]"), re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a page: its number there, and its text."""

    part: int
    text: str


def language_of(text: str) -> str:
    """The language of a text by its script: ko, zh, or en; empty for a text without letters."""
    korean, chinese = len(_HANGUL.findall(text)), len(_HAN.findall(text))
    latin = sum(character.isascii() and character.isalpha() for character in text)
    if max(korean, chinese) * 2 > latin:
        return "ko" if korean >= chinese else "zh"
    return "en" if latin else ""


def passages(text: str) -> list[Passage]:
    """A page cut where sentences end, into passages of at most LONGEST characters."""
    made: list[str] = []
    held = ""
    for sentence in filter(None, map(str.strip, _ENDS.split(text))):
        while len(sentence) > LONGEST:
            cut = sentence.rfind(" ", 0, LONGEST) + 1 or LONGEST
            made += [held] if held else []
            held, sentence = sentence[:cut].strip(), sentence[cut:]
        if held and len(held) + len(sentence) >= LONGEST:
            made.append(held)
            held = sentence
        else:
            held = f"{held} {sentence}".strip()
    return [Passage(part, piece) for part, piece in enumerate([*made, held]) if piece]


def scopes_of_writing(writing: Writing) -> list[str]:
    """The tokens by which a search of writings is narrowed."""
    language = [index.scope_of_language(writing.language)] if writing.language else []
    return [index.scope_of_case(writing.case_id), index.scope_of_month(writing.at), f"kind{writing.kind}", *language]


def put(
    kind: WritingKind, source: int, *, case: Case | int, title: str, at: datetime, pages: Sequence[tuple[int, str]]
) -> None:
    """Keep the text of pages of one thing, in place of what was kept of these pages before."""
    number = case if isinstance(case, int) else case.pk
    made = [
        Writing(
            kind=kind,
            source=source,
            page=page,
            part=passage.part,
            case_id=number,
            title=title[:250],
            language=language_of(passage.text),
            at=at,
            text=passage.text,
        )
        for page, text in pages
        for passage in passages(text.replace("\x00", " "))
    ]
    rows = [index.row_of_text(writing.text, scopes_of_writing(writing)) for writing in made]
    with transaction.atomic():
        Writing.objects.filter(kind=kind, source=source, page__in=[page for page, _text in pages]).delete()
        for writing in made:
            writing.save(force_insert=True)  # one by one: what guards redacted words looks at each
        index.write_rows(index.WRITTEN, [writing.pk for writing in made], rows)


def forget(kind: WritingKind, source: int) -> None:
    """Take a thing out of search."""
    Writing.objects.filter(kind=kind, source=source).delete()


def put_note(note: LogNote) -> None:
    """Index a log note."""
    put(WritingKind.NOTE, note.pk, case=note.hearing.case_id, title=note.by.name, at=note.at, pages=[(0, note.text)])


def put_order(order: Order) -> None:
    """Index an issued order, or take out one that is not."""
    if order.state != OrderState.ISSUED or order.issued_at is None:
        forget(WritingKind.DECISION, order.pk)
        return
    text = "\n".join(filter(None, (order.title, order.background, order.findings, order.ordered)))
    title = f"{order.number} {order.title}"
    put(WritingKind.DECISION, order.pk, case=order.case_id, title=title, at=order.issued_at, pages=[(0, text)])


def exhibit_title(exhibit: Exhibit) -> str:
    """How an exhibit is called in a hit."""
    return f"{exhibit.label} {exhibit.title}"


def put_exhibit(exhibit: Exhibit) -> None:
    """Index what is said of an exhibit (its title and what it shows), and begin the reading of its own text."""
    if exhibit.withdrawn_at is not None:
        forget(WritingKind.EXHIBIT, exhibit.pk)
        ExhibitReading.objects.filter(exhibit=exhibit).update(state=ReadingState.WAITING, pages_read=0)
        return
    about = f"{exhibit_title(exhibit)}\n{exhibit.shows}"
    put(
        WritingKind.EXHIBIT,
        exhibit.pk,
        case=exhibit.case_id,
        title=exhibit_title(exhibit),
        at=exhibit.uploaded_at,
        pages=[(0, about)],
    )
