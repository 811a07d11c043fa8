"""What the search page shows of hits and facets: in the reader's language, each with where it leads."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _

from court.cases.models import Case
from court.hearings.models import LogNote

from ..models import Transcript, Writing, WritingKind
from ..reading import clock, role_name, tongue
from ..search import Facet, Hit

TAKEN = ("speaker", "case", "role", "language", "kind", "since", "until")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: how many passages have it, and the address that narrows to it, or takes it back."""

    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A facet on the page."""

    name: str
    label: str
    choices: list[Choice]
    opened: bool


def kind_name(kind: str) -> str:
    """What a kind of passage is called in a list."""
    return {
        "said": _("What was said"),
        WritingKind.NOTE: _("Log notes"),
        WritingKind.EXHIBIT: _("Exhibits"),
        WritingKind.DECISION: pgettext("of the court", "Decisions"),
    }.get(kind, kind)


def language_name(code: str) -> str:
    """A language in the reader's language."""
    try:
        return str(get_language_info(tongue(code))["name_translated"])
    except KeyError:
        return code


def facets_shown(facets: list[Facet], asked: QueryDict) -> list[Shown]:
    """The facets as the page has them; those that leave nothing to choose are left out."""
    names = {
        "kind": _("Kind"),
        "speaker": _("Speaker"),
        "role": _("Role"),
        "language": _("Language"),
        "case": _("Case"),
        "month": _("Month"),
    }
    shown: list[Shown] = []
    for facet in facets:
        labels = _labels(facet)
        choices = [_choice(facet.name, value, count, labels.get(value, value), asked) for value, count in facet.values]
        if len(choices) > 1 or any(choice.chosen for choice in choices):
            opened = facet.name in ("kind", "speaker") or any(choice.chosen for choice in choices)
            shown.append(Shown(facet.name, names[facet.name], choices, opened))
    return shown


def _labels(facet: Facet) -> dict[str, str]:
    values = [value for value, _count in facet.values]
    if facet.name == "case":
        return {str(pk): case.label for pk, case in Case.objects.in_bulk([int(value) for value in values]).items()}
    name = {"kind": kind_name, "role": role_name, "language": language_name, "month": _month_name}.get(facet.name)
    return {value: name(value) or value for value in values} if name else {}


def _month_name(month: str) -> str:
    return date_format(date.fromisoformat(f"{month}-01"), "YEAR_MONTH_FORMAT")


def _choice(name: str, value: str, count: int, label: str, asked: QueryDict) -> Choice:
    told = asked.copy()
    told.pop("page", None)
    if name == "month":
        first = date.fromisoformat(f"{value}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        wanted = {"since": first.isoformat(), "until": last.isoformat()}
    else:
        wanted = {name: label if name == "case" else value}
    chosen = all(asked.get(one, "") == text for one, text in wanted.items())
    for one, text in wanted.items():
        if chosen:
            told.pop(one, None)
        else:
            told[one] = text
    return Choice(label, count, f"?{told.urlencode()}", chosen)


def hits_shown(hits: list[Hit]) -> list[dict[str, Any]]:
    """Each hit with what its place on the page needs besides."""
    moments = _moments([hit.writing for hit in hits if hit.writing and hit.writing.kind == WritingKind.NOTE])
    return [_said(hit) if hit.utterance else _written(hit, moments) for hit in hits]


def _said(hit: Hit) -> dict[str, Any]:
    said = hit.utterance
    assert said is not None  # noqa: S101 - the caller has looked
    address = reverse("transcript", args=[said.transcript_id])
    return {
        "kind": "said",
        "who": said.speaker,
        "what": role_name(said.role),
        "language": tongue(said.language),
        "case": said.case,
        "at": said.spoken_at,
        "pieces": hit.pieces,
        "open": f"{address}?t={hit.start:.2f}#u{said.position}",
        "open_words": _("Open the transcript at %(time)s") % {"time": clock(hit.start)},
        "sound": reverse("transcript_sound", args=[said.transcript_id]) if said.transcript.sound else "",
        "start": f"{hit.start:.2f}",
    }


def _written(hit: Hit, moments: dict[int, tuple[Transcript | None, float, int]]) -> dict[str, Any]:
    writing = hit.writing
    assert writing is not None  # noqa: S101 - the caller has looked
    shown = {
        "kind": writing.kind,
        "who": writing.title,
        "what": str(WritingKind(writing.kind).label),
        "language": tongue(writing.language),
        "case": writing.case,
        "at": writing.at,
        "pieces": hit.pieces,
        "sound": "",
        "start": "0",
    }
    if writing.kind == WritingKind.EXHIBIT:
        page = f"#page-{writing.page}" if writing.page else ""
        words = _("Open the exhibit at page %(page)s") % {"page": writing.page} if page else _("Open the exhibit")
        return {**shown, "open": reverse("exhibit", args=[writing.source]) + page, "open_words": words}
    if writing.kind == WritingKind.DECISION:
        return {**shown, "open": reverse("order", args=[writing.source]), "open_words": _("Open the order")}
    transcript, second, hearing = moments.get(writing.source, (None, 0.0, 0))
    if transcript is None:
        address = f"{reverse('hearing', args=[hearing])}#notes"
        return {**shown, "open": address, "open_words": _("Open the hearing")}
    return {
        **shown,
        "open": f"{reverse('transcript', args=[transcript.pk])}?t={second:.2f}",
        "open_words": _("Open the transcript at %(time)s") % {"time": clock(second)},
        "sound": reverse("transcript_sound", args=[transcript.pk]) if transcript.sound else "",
        "start": f"{second:.2f}",
    }


def _moments(writings: list[Writing]) -> dict[int, tuple[Transcript | None, float, int]]:
    """For each log note: the transcript of the recording that ran when it was written, the second, the hearing."""
    notes = LogNote.objects.filter(pk__in=[writing.source for writing in writings])
    found: dict[int, tuple[Transcript | None, float, int]] = {}
    for note in notes:
        found[note.pk] = (None, 0.0, note.hearing_id)
        for transcript in Transcript.objects.filter(hearing=note.hearing_id).select_related("recording"):
            second = (note.at - transcript.recording.started_at).total_seconds()
            ended = transcript.recording.ended_at
            if second >= 0 and (ended is None or note.at <= ended):
                found[note.pk] = (transcript, second, note.hearing_id)
    return found
