"""``manage.py search``: find what was said, with a person's permissions."""

import json
import sys
from datetime import date
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils.dateparse import parse_date

from court.accounts.models import User
from court.wording import write_when
from transcripts.asking import NothingToFind
from transcripts.models import WritingKind
from transcripts.reading import clock
from transcripts.search import Filters, Hit, search


class Command(BaseCommand):
    help = "Search what was said in hearings. Without --user every case is searched: the operator owns the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "query", help='words, a "phrase", OR or NEAR/5 between two, a minus before what must not be there'
        )
        parser.add_argument("--user", metavar="EMAIL", help="search what this person may read, and nothing else")
        parser.add_argument(
            "--speaker", default="", metavar="NAME", help="only this speaker's words (part of the name)"
        )
        parser.add_argument("--case", default="", metavar="NUMBER", help="only this case")
        parser.add_argument(
            "--role", default="", metavar="ROLE", help="only what was said in this role, such as judge"
        )
        parser.add_argument("--language", default="", metavar="CODE", help="only this language: en, ko or zh")
        parser.add_argument(
            "--kind",
            default="",
            choices=["said", *WritingKind.values],
            help="only what was said, or one kind of writing",
        )
        parser.add_argument("--from", dest="since", metavar="DATE", help="from this day on, such as 2026-03-01")
        parser.add_argument("--to", dest="until", metavar="DATE", help="up to and with this day")
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="passages printed at most (default 20)")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        user = None
        if options["user"] is not None:
            user = User.objects.filter(email__iexact=options["user"], is_active=True).first()
            if user is None:
                self._refuse(f"There is no active account with the e-mail address {options['user']}.")
        if options["limit"] < 1:
            self._refuse("--limit must be at least 1.")
        filters = Filters(
            options["speaker"],
            options["case"],
            self._day("--from", options["since"]),
            self._day("--to", options["until"]),
            role=options["role"],
            language=options["language"],
            kind=options["kind"],
        )
        try:
            found = search(options["query"], user=user, filters=filters, limit=options["limit"])
        except NothingToFind as problem:
            self._refuse(str(problem))
        if options["json"]:
            told = {
                "query": options["query"],
                "count": found.total,
                "more": found.more,
                "hits": [_as_json(hit) for hit in found.hits],
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for hit in found.hits:
            text = "".join(f"[{piece}]" if matched else piece for piece, matched in hit.pieces)
            self.stdout.write(f"{_heading(hit)}\n    {text}")
        passages = f"The best {found.total} of more" if found.more else str(found.total)
        self.stdout.write(f"{passages} passage{'' if passages == '1' else 's'}.")

    def _day(self, option: str, told: str | None) -> date | None:
        if told is None:
            return None
        try:
            day = parse_date(told)
        except ValueError:
            day = None
        return day or self._refuse(f"{option} must be a date such as 2026-03-01, not {told!r}.")

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write(message)
        sys.exit(2)


def _heading(hit: Hit) -> str:
    if said := hit.utterance:
        role = f" ({said.role})" if said.role else ""
        return (
            f"{said.case.label}  {write_when(said.spoken_at, style='short')}  {clock(hit.start)}  {said.speaker}{role}"
        )
    writing = hit.writing
    assert writing is not None  # noqa: S101 - a hit is one or the other
    page = f", page {writing.page}" if writing.page else ""
    return f"{writing.case.label}  {write_when(writing.at, style='short')}  {writing.kind}  {writing.title}{page}"


def _as_json(hit: Hit) -> dict[str, Any]:
    said, writing = hit.utterance, hit.writing
    if said is None:
        assert writing is not None  # noqa: S101 - a hit is one or the other
        return {
            "kind": writing.kind,
            "case": writing.case.label,
            "title": writing.title,
            "source": writing.source,
            "page": writing.page or None,
            "at": writing.at.isoformat(),
            "text": writing.text,
            "language": writing.language,
        }
    return {
        "kind": "said",
        "case": said.case.label,
        "hearing": said.hearing_id,
        "transcript": said.transcript_id,
        "speaker": said.speaker,
        "role": said.role,
        "start": round(hit.start, 3),
        "end": round(hit.end, 3),
        "spoken_at": said.spoken_at.isoformat(),
        "text": said.text,
        "language": said.language,
        "matched": hit.words,
        "utterance": {"start": round(said.start, 3), "end": round(said.end, 3)},
    }
