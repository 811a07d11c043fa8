"""The pages before what was said: title page, appearances, indexes of witnesses and exhibits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from court.cases.models import Case, Role
from court.hearings.models import Presentation
from court.wording import write_when

from ..models import Transcript
from ..queries import sound_tracks
from ..reading import role_name
from ..text import Row
from .breaking import Broken, broken, centred, led
from .layout import Examination
from .profiles import Profile

PRESENT = (Role.JUDGE, Role.CLERK, Role.CLAIMANT, Role.RESPONDENT, Role.REPRESENTATIVE, Role.INTERPRETER, Role.WITNESS)


@dataclass(frozen=True, slots=True)
class Shown:
    """An exhibit as it was first shown in the hearing: at which second of the recording."""

    label: str
    title: str
    second: float


def title_page(transcript: Transcript, profile: Profile) -> list[Broken]:
    """Court, case, parties, date, place and before whom."""
    case: Case = transcript.case
    columns = profile.columns
    began: datetime = timezone.localtime(transcript.recording.started_at, timezone.get_default_timezone())
    lines = [Broken(""), *centred(settings.COURT_NAME.upper(), columns, heading=True), Broken("")]
    lines += [*centred(_("Case %(case)s") % {"case": case.label}, columns), Broken("")]
    for place, role in enumerate((Role.CLAIMANT, Role.RESPONDENT)):
        if place:
            # Translators: between the names of claimant and respondent on a title page, "versus".
            lines += [Broken(""), *centred(pgettext("versus", "v"), columns), Broken("")]
        for party in case.parties.filter(role=role).order_by("pk"):
            lines += centred(party.name, columns)
        lines += centred(role_name(role), columns)
    lines += [Broken(""), *centred(_("TRANSCRIPT OF THE HEARING"), columns, heading=True), Broken("")]
    lines += centred(write_when(began), columns)
    # Translators: on the title page of a record, the place of the hearing.
    lines += centred(_("Held online by video"), columns)
    lines += centred(_("Before %(judge)s, judge") % {"judge": transcript.hearing.judge.name}, columns)
    return lines


def appearances(transcript: Transcript, rows: Sequence[Row], profile: Profile) -> list[Broken]:
    """Everybody who was recorded, by what they are in the case."""
    people: dict[tuple[str, str], None] = dict.fromkeys((track.name, track.role) for track in sound_tracks(transcript))
    people.update(dict.fromkeys((row["speaker"], row["role"]) for row in rows))
    order = {role: place for place, role in enumerate(PRESENT)}
    lines = [*centred(_("APPEARANCES"), profile.columns, heading=True), Broken("")]
    for name, role in sorted(
        people, key=lambda person: order.get(Role(person[1]) if person[1] else Role.OBSERVER, 99)
    ):
        told = f"{name}, {role_name(role)}" if role_name(role) else name
        lines += broken(" " * 5, told, (), profile.columns)
    return [*lines, Broken("")]


def shown_in(transcript: Transcript) -> list[Shown]:
    """The exhibits shown in the hearing while it was recorded, each where it was shown first."""
    began = transcript.recording.started_at
    found: dict[str, Shown] = {}
    for one in Presentation.objects.filter(hearing=transcript.hearing_id).select_related("exhibit").order_by("at"):
        second = (one.at - began).total_seconds()
        found.setdefault(one.exhibit.label, Shown(one.exhibit.label, one.exhibit.title, second))
    return list(found.values())


def indexes(
    examinations: Sequence[Examination],
    exhibits: Sequence[Shown],
    places: dict[Examination | Shown, str],
    profile: Profile,
) -> list[Broken]:
    """Who was examined by whom, and which exhibits were shown: each on one line, with page and line.

    ``places`` may still be empty: how many lines it takes does not depend on them.
    """
    columns = profile.columns
    lines: list[Broken] = [*centred(_("INDEX OF WITNESSES"), columns, heading=True), Broken("")]
    witness = ""
    for one in examinations:
        if one.witness != witness:
            lines += [Broken(" " * 5 + one.witness[: columns - 5])]
            witness = one.witness
        by = " " * 8 + _("by %(examiner)s") % {"examiner": one.examiner}
        lines.append(led(by, places.get(one, ""), columns))
    if not examinations:
        lines += broken(" " * 5, _("No witness was examined."), (), columns)
    lines += [Broken(""), *centred(_("INDEX OF EXHIBITS"), columns, heading=True), Broken("")]
    lines += [led(f"     {one.label}  {one.title}", places.get(one, ""), columns) for one in exhibits]
    if not exhibits:
        lines += broken(" " * 5, _("No exhibit was shown."), (), columns)
    return lines
