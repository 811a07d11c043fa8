"""What is hidden stays hidden while the text changes: by an edit, another version, a new hearing of the sound.

Whatever writes words calls this in the transaction that writes them, under the transcript's lock. A redaction then
covers the seconds its words take from that moment on, and bears the numbers its words have. Renditions, clips and
printed files are known by what is hidden (``Hidden.digest``), so those of the state before are given to nobody from
the same moment, not only when a worker comes by.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from django.db import transaction
from django.db.models import Q
from rapidfuzz.distance import Indel

from .. import index, leaks, renditions
from ..models import LIVE, Redaction, Transcript, Utterance, Version, VersionKind
from ..pages.index import version_to_cite
from ..text import SEEN_FIELDS, Heard, Row, kept_rows, number_of
from .stretches import hidden_by, seconds_of

EXACT = 0.0015  # seconds: times are kept to the millisecond
AROUND = 30.0  # seconds on each side of what is hidden in which old and new words are laid side by side
ASTRAY = 5.0  # seconds by which two hearings may time the same word differently
SLACK = 1.0  # seconds beside what is hidden in which words that were not heard before are hidden with it


def live(transcript: Transcript | int) -> list[Redaction]:
    """The redactions that hide something of a transcript now."""
    return list(Redaction.objects.filter(transcript=transcript, state__in=LIVE))


def touched(transcript: Transcript, redactions: Iterable[Redaction]) -> list[int]:
    """The utterances whose words these redactions hide."""
    hidden = hidden_by(redactions)
    said = transcript.utterances.values_list("pk", "track", "words").iterator()
    return [pk for pk, track, words in said if any(hidden.hides(word, track) for word in words)]


def follow(transcript: Transcript, changed: Iterable[int]) -> None:
    """All that follows when something is hidden or shown: the search index at once; sound and a look for leaks."""
    utterances = list(Utterance.objects.select_for_update().filter(pk__in=changed))
    index.write(utterances, index.rows(utterances))
    renditions.queue(transcript)
    leaks.queue(transcript.case_id)


def widen(transcript: Transcript, rows: Iterable[Row], held: Sequence[Redaction]) -> None:
    """Let redactions hide the seconds their words take in these rows, which were written in this transaction."""
    owners: dict[int, list[Redaction]] = {}
    for one in held:
        for number in one.words:
            owners.setdefault(number, []).append(one)
    moved: dict[int, Redaction] = {}
    for row in rows if owners else ():
        mine = {one.pk: one for word in row["words"] for one in owners.get(number_of(word), ())}
        for one in mine.values():
            numbers = set(one.words)
            for first, last in _runs([number_of(word) in numbers for word in row["words"]]):
                start, end = seconds_of(row["words"], first, last, row["start"], row["end"])
                if _reaches_out(one, start, end):
                    one.start = round(min(one.start if one.start is not None else start, start), 3)
                    one.end = round(max(one.end if one.end is not None else end, end), 3)
                    moved[one.pk] = one
    for one in moved.values():
        Redaction.objects.filter(pk=one.pk).update(start=one.start, end=one.end)
    if moved:
        follow(transcript, touched(transcript, moved.values()))


def catch_up(transcript: Transcript) -> None:
    """The same for the whole text as it stands; in a transaction. Times that no service wrote are followed too."""
    Transcript.objects.select_for_update().get(pk=transcript.pk)
    widen(transcript, transcript.utterances.values(*SEEN_FIELDS), live(transcript))


def _reaches_out(one: Redaction, start: float, end: float) -> bool:
    return one.start is None or one.end is None or start < one.start - EXACT or end > one.end + EXACT


def _runs(chosen: Sequence[bool]) -> Iterable[tuple[int, int]]:
    """The first and last place of each run that was chosen."""
    begun: int | None = None
    for at, (now, after) in enumerate(pairwise([*chosen, False])):
        begun = at if now and begun is None else begun
        if begun is not None and now and not after:
            yield begun, at
            begun = None


def carry(old: Sequence[Row], new: Sequence[Row], held: Sequence[Redaction]) -> bool:
    """Let redactions hide in ``new`` what they hide in ``old``, where the words have other numbers and times.

    Around each redaction the words of its track are laid side by side. Those that stand for a hidden word are hidden:
    the same word, or any that was heard in its place, or right beside it and was not heard before. Whether any was
    added. The seconds that are hidden already are hidden in either.
    """
    added = False
    for one in held:
        if one.start is None or one.end is None:
            continue
        numbers = _heirs(one, one.start, one.end, _near(old, one), _near(new, one))
        fresh = sorted(numbers - set(one.words))
        if fresh:
            one.words = [*one.words, *fresh]
            one.save(update_fields=["words"])
            added = True
    return added


def carry_ahead(transcript: Transcript, rows: Sequence[Row]) -> None:
    """Hide in a text that is about to be kept what is hidden in the one that stands: whether it replaces it or not."""
    with transaction.atomic():
        Transcript.objects.select_for_update().get(pk=transcript.pk)
        held = live(transcript)
        if held and carry(_text(transcript), rows, held):
            renditions.queue(transcript)


def _text(transcript: Transcript) -> list[Row]:
    return list(transcript.utterances.order_by("position").values(*SEEN_FIELDS))


def _near(rows: Sequence[Row], one: Redaction) -> list[Heard]:
    """The words of a redaction's track around it, each with a time: a word that has none, that of the one before."""
    found: list[Heard] = []
    since, until = (one.start or 0.0) - AROUND, (one.end or 0.0) + AROUND
    for row in rows:
        if row["track"] != one.track_id or row["end"] < since or row["start"] > until:
            continue
        at = row["start"]
        for text, start, end, _sure, number, *_more in row["words"]:
            begins, ends = (at, at) if start is None else (start, end)
            at = ends
            if begins <= until and ends >= since:
                found.append([text, begins, ends, 1.0, number])
    return found


def _heirs(one: Redaction, start: float, end: float, old: list[Heard], new: list[Heard]) -> set[int]:
    hidden = hidden_by([one])
    hides = [hidden.hides(word, one.track_id) for word in old]
    found: set[int] = set()
    at = first = 0
    # Between two words that both hearings have, what was heard otherwise stands for what was heard before.
    for same_old, same_new in [*_same(old, new), (len(old), len(new))]:
        beside = hides[max(0, at - 1) : same_old + 1]
        if any(beside):
            near = [word for word in new[first:same_new] if word[1] < end + SLACK and word[2] > start - SLACK]
            found.update(map(number_of, near))
        if same_old < len(old) and hides[same_old] and abs(old[same_old][1] - new[same_new][1]) <= ASTRAY:
            found.add(number_of(new[same_new]))
        at, first = same_old + 1, same_new + 1
    return found


def _same(old: Sequence[Heard], new: Sequence[Heard]) -> list[tuple[int, int]]:
    """The places of the words that both have, in order."""
    plain = [[_plain(word[0]) for word in words] for words in (old, new)]
    return [
        (block.src_start + n, block.dest_start + n)
        for block in Indel.opcodes(plain[0], plain[1])
        if block.tag == "equal"
        for n in range(block.src_end - block.src_start)
    ]


def _plain(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum()) or word


def carry_to_versions(transcript: Transcript, held: Sequence[Redaction]) -> None:
    """Let redactions hide their words in the versions other people read, where the words have other numbers.

    Numbers change with each machine transcript, and for what was typed anew; a version that has all of them hides them
    already.
    """
    if not transcript.edits and transcript.versions.filter(kind=VersionKind.MACHINE).count() < 2:
        return
    cited = version_to_cite(transcript)
    shown = Version.objects.filter(transcript=transcript).filter(
        Q(certificate__isnull=False) | Q(pk=cited.pk if cited else None)
    )
    rows = _text(transcript)
    for version in shown:
        kept = kept_rows(version)
        has = {number_of(word) for row in kept for word in row["words"]}
        carry(rows, kept, [one for one in held if not has.issuperset(one.words)])
