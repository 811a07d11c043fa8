"""The names and terms of a case that the speech recognition is told to expect: people, places, exhibits, the number.

What people typed into their claim goes to the engine as single names only. Sentences, punctuation and anything long
are left out, so that nobody can put words into another's mouth by what they call an exhibit.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from court.cases.models import Appointment, Case, Party
from court.evidence.models import Exhibit
from court.rooms.models import Seat

from .models import Transcript

MOST = 40  # names; an engine takes as many as it has room for, the first first
LONGEST = 40  # characters of a name
WORDS = 4  # of a name at most
_PIECE = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*")
_PROPER = re.compile(r"[^\W\d_]*[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:['’\-][^\W\d_]+)*")
_ASIAN = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]{2,12}")
_ORDINARY = re.compile(
    r"an?|and|as|at|by|for|from|in|no|note|of|on|or|the|to|v|with|mr|mrs|ms|miss|dr"
    r"|invoice|letter|page|photo|photograph|picture|receipt|report|statement|video|e-?mail|contract|agreement|copy"
    r"|screenshot|messages?|street|road|avenue|lane|flat|house|floor|suite|apartment|unit|city|county|united|kingdom",
    re.IGNORECASE,
)


def glossary(transcript: Transcript) -> str:
    """The names to expect in a hearing, the likeliest first, parted by commas. Empty if there is none."""
    found: dict[str, str] = {}
    for name in _names(transcript):
        found.setdefault(name.casefold(), name)
        if len(found) >= MOST:
            break
    return ", ".join(found.values())


def _names(transcript: Transcript) -> Iterator[str]:
    case = transcript.case
    yield from _people(transcript)
    yield from _title(case)
    exhibits = list(Exhibit.objects.filter(case=case, withdrawn_at=None).values_list("label", "title"))
    for _label, title in exhibits:
        yield from proper_names(title)
    for address in Party.objects.filter(case=case).values_list("address", flat=True):
        for line in address.splitlines():
            yield from proper_names(line, first=True)
    yield from clean(f"exhibit {label}" for label, _title in exhibits)
    if case.number:
        yield from clean([case.number])


def _people(transcript: Transcript) -> Iterator[str]:
    yield from clean(Party.objects.filter(case=transcript.case).order_by("pk").values_list("name", flat=True))
    yield from clean([transcript.hearing.judge.name])
    seats = Seat.objects.filter(room=transcript.hearing.room_id).order_by("pk")
    yield from clean(seats.values_list("name", flat=True))
    yield from clean(transcript.recording.tracks.order_by("pk").values_list("name", flat=True))
    yield from clean(
        Appointment.objects.filter(case=transcript.case).order_by("pk").values_list("user__name", flat=True)
    )


def _title(case: Case) -> Iterator[str]:
    """ "Kim v Li" names two."""
    yield from clean(re.split(r"\s+(?:v\.?|vs\.?|대|诉)\s+", case.title))


def clean(names: Iterable[str]) -> Iterator[str]:
    """Names as single words with a space between, without any other sign. What is too long to be one is left out."""
    for name in names:
        words = _PIECE.findall(unicodedata.normalize("NFKC", name))
        plain = " ".join(words)
        if words and len(words) <= WORDS and 2 <= len(plain) <= LONGEST:
            yield plain


def proper_names(text: str, *, first: bool = False) -> Iterator[str]:
    """The names in a title or a line of an address: words in capitals (``first``: also the first), Korean, Chinese.

    Words that stand side by side are one name. Ordinary words are none, though somebody wrote them with a capital.
    """
    text = unicodedata.normalize("NFKC", text)
    yield from clean(_ASIAN.findall(text)[:3])
    run: list[str] = []
    for number, word in enumerate([*text.split(), ""]):
        plain = word.strip(".,;:!?()[]\"'“”‘’")
        proper = _PROPER.fullmatch(plain) and not _ORDINARY.fullmatch(plain) and (number or first or plain.isupper())
        if proper and len(run) < WORDS:
            run.append(plain)
        elif run:
            yield from clean([" ".join(run)])
            run = [plain] if proper else []
        if run and plain != word and word.endswith((",", ";", ".")):
            yield from clean([" ".join(run)])
            run = []
