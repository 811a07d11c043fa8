"""The alarm: hidden words that still stand where somebody can read or hear them who may not.

A look goes through everything the people of a case can read, and through the sound made for them, for the hidden
phrases. What is found is a ``Leak``, which tells where but repeats no word; the clerk redacts there too, or settles it
with a note. A place that is clean again settles itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

from django.db import connection, transaction
from django.utils import timezone

from court.accounts.models import User
from court.cases.models import Case
from court.cases.services import record
from court.work.services import again, enqueue

from . import index
from .leak_places import Place, exported, papers, passages, printed
from .models import Clearance, Leak, Level, Redaction, RedactionState, Transcript, Utterance
from .redaction.phrases import Hunt, Net, Phrase, hunt_of
from .text import Row, hidden_from, masked, number_of
from .wordplaces import word_places

Found = dict[int, dict[str, str]]  # by redaction, the names of places and their addresses


def queue(case: int) -> None:
    """Have a case looked through, in the transaction that changed something."""
    again(enqueue("look_for_leaks", key=str(case), case=case))


def look(case: Case, *, goes_on: Callable[[], object]) -> None:
    """Look through everything of a case, write down what was found, and settle what is clean again."""
    live = list(
        Redaction.objects.filter(transcript__case=case, state=RedactionState.APPLIED).select_related(
            "transcript__recording"
        )
    )
    hunts = []
    for redaction in live:
        hunts.append(hunt_of(redaction, redaction.transcript))
        goes_on()
    found: Found = defaultdict(dict)
    for level, clearance in ((Level.REDACTED, Clearance.PUBLIC), (Level.SEALED, Clearance.PARTY)):
        some = [hunt for hunt in hunts if hunt.redaction.level == level]
        if some:
            _look_at(some, _places(case, clearance), found, goes_on)
    for redaction in live:
        if _in_the_index(redaction):
            found[redaction.pk]["index|"] = ""
        goes_on()
    _write_down(case, live, found)


def _places(case: Case, clearance: Clearance) -> Iterator[Place]:
    yield from passages(case, clearance)
    yield from printed(case, clearance)
    yield from exported(case, clearance)
    yield from papers(case)


def _look_at(hunts: list[Hunt], places: Iterator[Place], found: Found, goes_on: Callable[[], object]) -> None:
    owners: dict[Phrase, list[int]] = defaultdict(list)
    for hunt in hunts:
        for phrase in hunt.phrases:
            owners[phrase].append(hunt.redaction.pk)
    net = Net(owners)
    said: set[tuple[int, Phrase]] = set()  # what stands in the passages of a transcript
    for number, place in enumerate(places):
        if number % 200 == 0:
            goes_on()
        for phrase, *_where in net.catch(place.text):
            if place.transcript is not None:
                said.add((place.transcript.pk, phrase))
            elif (place.made_of, phrase) in said:
                continue
            for owner in owners[phrase]:
                found[owner].setdefault(place.name[:200], place.address[:300])


def _in_the_index(redaction: Redaction) -> bool:
    """Whether the search index still holds an utterance as it was before words were hidden; then it is repaired."""
    said = Utterance.objects.filter(transcript=redaction.transcript_id, track=redaction.track_id)
    hidden = hidden_from(Clearance.PUBLIC, redaction.transcript_id)
    touched = [one for one in said.iterator() if masked(one.text, one.words, one.track_id, hidden)[0] != one.text]
    stale = [(one, row) for one, row in zip(touched, index.rows(touched), strict=True) if not _is_indexed(one, row)]
    if stale:
        with transaction.atomic():
            index.write([one for one, _row in stale], [row for _one, row in stale])
    return bool(stale)


def _is_indexed(utterance: Utterance, row: index.Row) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT said = %s::tsvector FROM transcripts_utterance WHERE id = %s"
            cursor.execute(sql, [row[0], utterance.pk])
            held = cursor.fetchone()
            return bool(held and held[0])
        cursor.execute("SELECT said FROM transcripts_search WHERE rowid = %s", [utterance.pk])
        held = cursor.fetchone()
        return bool(held and held[0] == row[0])


def _write_down(case: Case, live: list[Redaction], found: Found) -> None:
    """Keep what was found. Who keeps the record gets one letter for what is new."""
    from .redaction import letters

    new: dict[Transcript, list[int]] = defaultdict(list)
    with transaction.atomic():
        for redaction in live:
            known = {leak.place: leak for leak in Leak.objects.filter(redaction=redaction)}
            for place, address in found.get(redaction.pk, {}).items():
                leak = known.get(place)
                if leak is None:
                    made = Leak.objects.create(redaction=redaction, place=place, address=address)
                    new[redaction.transcript].append(made.pk)
                elif leak.settled_at is not None and leak.settled_by_id is None:  # it was clean for a while
                    Leak.objects.filter(pk=leak.pk).update(settled_at=None, found_at=timezone.now())
                    new[redaction.transcript].append(leak.pk)
            clean = [
                leak.pk
                for place, leak in known.items()
                if place not in found.get(redaction.pk, {}) and not place.startswith(HEARD)
            ]
            Leak.objects.filter(pk__in=clean, settled_at=None).update(settled_at=timezone.now())
        # What is no longer hidden is no leak.
        gone = Leak.objects.filter(settled_at=None).exclude(redaction__state=RedactionState.APPLIED)
        gone.filter(redaction__transcript__case=case).update(settled_at=timezone.now())
        for transcript, leaks in new.items():
            letters.tell_of_leaks(transcript, key=f"{max(leaks)}:{timezone.now():%Y%m%d%H%M}", places=len(leaks))


HEARD = "sound|"  # how the names of places begin where the word was heard, not read


def open_leaks(transcript: Transcript) -> int:
    """How many places are not settled."""
    return Leak.objects.filter(redaction__transcript=transcript, settled_at=None).count()


def settle(leak: Leak, *, note: str, by: User) -> bool:
    """Settle a leak with a note; False if it was settled meanwhile. The docket has no note: it may tell words."""
    with transaction.atomic():
        changed = Leak.objects.filter(pk=leak.pk, settled_at=None).update(
            settled_at=timezone.now(), settled_by=by, note=note
        )
        if changed:
            transcript = leak.redaction.transcript
            record(transcript.case, "leak_settled", by=by, audience="court", transcript=transcript.pk, leak=leak.pk)
    return bool(changed)


def words_at(leak: Leak) -> tuple[Transcript, int, int] | None:
    """The first and last word, by number, that a leak in a transcript is about; None if it stands elsewhere."""
    redaction = leak.redaction
    net = Net(hunt_of(redaction, redaction.transcript).phrases)
    clearance = Clearance.PARTY if redaction.level == Level.SEALED else Clearance.PUBLIC
    for place in passages(redaction.transcript.case, clearance):
        if place.name[:200] == leak.place and place.row and place.transcript:
            for _phrase, start, end in net.catch(place.text):
                first, last = _numbers(place.row, start, end)
                return place.transcript, first, last
    return None


def _numbers(row: Row, start: int, end: int) -> tuple[int, int]:
    touched = [
        number_of(word)
        for word, (first, last) in zip(row["words"], word_places(row["text"], row["words"]), strict=True)
        if first < end and last > start
    ]
    return touched[0], touched[-1]
