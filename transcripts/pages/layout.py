"""What was said, set on lines: speakers' names, questions and answers, headings of examinations.

A question is what somebody who may examine says right before a witness speaks; the witness's reply is its answer. The
interpreter between them does not part them, and what is said before the first question is not part of it. The rule is
the profile's (``ask_and_answer``).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from court.cases.models import Role

from ..models import Clearance, Version
from ..text import Row, rows_of
from ..wordplaces import word_places
from .breaking import Broken, Mark, broken, centred
from .profiles import Profile

EXAMINERS = (Role.JUDGE, Role.CLAIMANT, Role.RESPONDENT, Role.REPRESENTATIVE)
TONGUES = {"en": "en", "ko": "ko", "zh": "zh-hans"}


@dataclass(frozen=True, slots=True)
class Examination:
    """The place where somebody begins to ask a witness: the number of the line, counted from 0."""

    witness: str
    examiner: str
    line: int


@dataclass
class Proceedings:
    """The lines of what was said, before they are put on pages."""

    lines: list[Broken] = field(default_factory=list)
    examinations: list[Examination] = field(default_factory=list)


def whole(version: Version) -> list[Row]:
    """The utterances of a version as the court has them: they decide the lines for every reader."""
    return list(rows_of(version.transcript, clearance=Clearance.COURT, version=version))


def language_of(rows: Sequence[Row]) -> str:
    """The language most words are in, as this court's settings name it; English where none is known."""
    said: Counter[str] = Counter()
    for row in rows:
        said[str(row["language"]).split("-")[0]] += len(row["words"])
    known = [language for language, _count in said.most_common() if language in TONGUES]
    return TONGUES[known[0]] if known else "en"


def marks(row: Row) -> list[Mark]:
    """Number, characters and second of each word of an utterance."""
    places = word_places(row["text"], row["words"])
    return [(int(word[4]), first, last, word[1]) for word, (first, last) in zip(row["words"], places, strict=True)]


def speaker_label(row: Row) -> str:
    """How the speaker of an utterance is named at the margin."""
    if row["role"] == Role.JUDGE:
        # Translators: names the judge before what the judge says, in the printed record.
        return pgettext("speaker", "THE COURT")
    return str(row["speaker"]).upper()


def asked_and_answered(rows: Sequence[Row]) -> list[tuple[str, str] | None]:
    """For each utterance that is a question or an answer: (examiner, witness). None for any other."""
    pairs: list[tuple[str, str] | None] = [None] * len(rows)
    later: Row | None = None  # the next utterance of the next other person
    following: Row | None = None
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if row["role"] == Role.INTERPRETER:
            continue
        if following is not None and following["speaker"] != row["speaker"]:
            later = following
        following = row
        if row["role"] in EXAMINERS and later is not None and later["role"] == Role.WITNESS:
            pairs[at] = (row["speaker"], later["speaker"])
    asked: tuple[str, str] | None = None  # of the last question
    begun: tuple[str, str] | None = None  # of the examination that is going on
    said = [at for at, row in enumerate(rows) if row["role"] != Role.INTERPRETER]
    for place, at in enumerate(said):
        row = rows[at]
        if row["role"] == Role.WITNESS:
            pairs[at] = asked if asked and asked[1] == row["speaker"] else None
            continue
        goes_on = place + 1 < len(said) and rows[said[place + 1]]["speaker"] == row["speaker"]
        if pairs[at] != begun and goes_on:
            pairs[at] = None  # what is said before the first question is not asked of the witness
        asked = begun = pairs[at]
    return pairs


def proceedings(rows: Sequence[Row], profile: Profile) -> Proceedings:
    """Set the utterances on lines, in the active language's words."""
    made = Proceedings()
    # Translators: heading above everything that was said, in the printed record.
    made.lines += [*centred(_("PROCEEDINGS"), profile.columns, heading=True), Broken("")]
    pairs = asked_and_answered(rows) if profile.ask_and_answer else [None] * len(rows)
    seen: set[tuple[str, str]] = set()
    current: tuple[str, str] | None = None
    speaker = ""
    for row, pair in zip(rows, pairs, strict=True):
        question = pair is not None and row["role"] != Role.WITNESS
        if pair is not None and pair != current:
            made.lines += _begun(pair, made, seen, profile)
            speaker = ""
        elif pair is None and row["role"] not in (Role.WITNESS, Role.INTERPRETER):
            current = None
        if pair is not None:
            current = pair
        opens = row["speaker"] != speaker
        speaker = row["speaker"]
        made.lines += broken(
            _before(row, opens, question, pair is not None, profile), row["text"], marks(row), profile.columns
        )
    return made


def _before(row: Row, opens: bool, question: bool, examined: bool, profile: Profile) -> str:
    """What stands before an utterance: a name, the letter of a question or an answer, or only the indent."""
    if not opens:
        return " " * profile.opening
    if examined:
        # Translators: the letters before a question and an answer in the printed record.
        letter = pgettext("question", "Q.") if question else pgettext("answer", "A.")
        return " " * profile.question + letter + "   "
    return f"{' ' * profile.opening}{speaker_label(row)}{pgettext('after a name', ':')}  "


def _begun(pair: tuple[str, str], made: Proceedings, seen: set[tuple[str, str]], profile: Profile) -> list[Broken]:
    """The heading of an examination; a plain line where an examiner goes on after somebody else spoke."""
    examiner, witness = pair
    if pair in seen:
        # Translators: in the printed record, where somebody goes on with questions to a witness.
        return [Broken(_("BY %(examiner)s:") % {"examiner": examiner.upper()}, kept_with_next=True)]
    seen.add(pair)
    # Translators: heading in the printed record, where questions to a witness begin.
    words = _("EXAMINATION OF %(witness)s BY %(examiner)s")
    heading = centred(
        words % {"witness": witness.upper(), "examiner": examiner.upper()}, profile.columns, heading=True
    )
    made.examinations.append(Examination(witness, examiner, len(made.lines) + 1))
    return [Broken(""), *heading]


def paged(lines: Sequence[Broken], profile: Profile) -> tuple[list[list[Broken]], list[int]]:
    """The lines by pages, and for each line the place it got, counted from 0.

    No heading ends a page, nor does the line that says who goes on with questions.
    """
    pages: list[list[Broken]] = [[]]
    places: list[int] = []
    for at, line in enumerate(lines):
        page = pages[-1]
        if len(page) == profile.lines:
            pages.append(page := [])
        leads = line.heading or line.kept_with_next
        if leads and len(page) == profile.lines - 1 and at + 1 < len(lines):
            page.append(Broken(""))
            pages.append(page := [])
        places.append((len(pages) - 1) * profile.lines + len(page))
        page.append(line)
    return pages, places
