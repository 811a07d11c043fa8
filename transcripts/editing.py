"""Corrections of the text by the court's people, each kept whole in the log of edits.

A change is made only of the passage its author saw: the passage's revision is the number of the last edit that touched
it, and a change of an older one is refused with what stands now. What is sent twice is done once.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from court.accounts.models import User

from . import index, renditions
from .changes import Change
from .correcting import FRESH, Placed, joined, replaced
from .editable import Passage, passage
from .models import STEP, Clearance, Edit, EditKind, Transcript, Utterance
from .redaction import following
from .text import Heard, Row, hidden_from, number_of, row_of
from .wordplaces import word_places

REMEMBERED = 20  # edits of a passage in which words typed again are looked for
FAR = 1_000_000_000  # beyond every position
PRESENT = 12  # seconds somebody is shown in a passage after last heard of
MOST = 300  # edits told at once; a page that is farther behind reads the text anew


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a change.

    ``done``: made, as the edit ``number``. ``same``: it stood so already. ``stale``: the passage has changed since, or
    is gone; ``rows`` is what stands there now. ``refused``: it cannot be made.
    """

    id: uuid.UUID
    status: str
    number: int = 0
    before: list[int] = field(default_factory=list)  # numbers of the passages that it replaced
    rows: list[Passage] = field(default_factory=list)  # what stands in their place

    def told(self) -> dict[str, Any]:
        """As the page reads it."""
        return {
            "id": str(self.id),
            "status": self.status,
            "number": self.number,
            "before": self.before,
            "rows": self.rows,
        }


class _Stale(Exception):
    """The passage is not as the author saw it. Carries what stands there now."""

    def __init__(self, *now: Utterance) -> None:
        self.now = now


class _Same(Exception):
    """The passage is so already."""

    def __init__(self, now: Utterance) -> None:
        self.now = now


def make(transcript: Transcript, changes: Sequence[Change], *, by: User) -> list[Outcome]:
    """Make changes in order, in one transaction; each is made, or refused by itself."""
    with transaction.atomic():
        # The row is the lock under which edits get their numbers and words theirs.
        held = Transcript.objects.select_for_update().get(pk=transcript.pk)
        desk = _Desk(held, by, changes)
        outcomes = [desk.make(change) for change in changes]
        desk.put_away()
    transcript.refresh_from_db(fields=["edits", "next_word"])
    return outcomes


class _Desk:
    """A transcript under its lock, and what is being changed of it."""

    def __init__(self, transcript: Transcript, by: User, changes: Sequence[Change]) -> None:
        self.transcript = transcript
        self.by = by
        self.touched: dict[int, Utterance] = {}
        self.gone: set[int] = set()
        # Asked once for all changes: everything that is found is replaced in hundreds of passages together.
        self.made = {edit.pk: edit for edit in Edit.objects.filter(pk__in=[change.id for change in changes])}
        self.laid_out = self._passages().in_bulk({change.utterance for change in changes})
        self.hiding = following.live(transcript)

    def make(self, change: Change) -> Outcome:
        """Make one change and write it in the log."""
        known = self.made.get(change.id)
        if known is not None:
            if known.transcript_id != self.transcript.pk:
                return Outcome(change.id, "refused")
            return _told(known)
        before: list[Row]
        after: list[Utterance]
        try:
            kind, before, after = getattr(self, f"_{change.kind}")(change)
        except _Stale as stale:
            return Outcome(change.id, "stale", rows=[passage(row_of(one)) for one in stale.now])
        except _Same as same:
            return Outcome(change.id, "same", rows=[passage(row_of(same.now))])
        except Edit.DoesNotExist:
            return Outcome(change.id, "refused")
        self.transcript.edits += 1
        self._save(before, after)
        edit = Edit.objects.create(
            id=change.id,
            transcript=self.transcript,
            number=self.transcript.edits,
            kind=kind,
            utterance=change.utterance or (before[0]["pk"] if before else after[0].pk),
            before=before,
            after=[row_of(one) for one in after],
            batch=change.batch,
            by=self.by,
        )
        self.made[edit.pk] = edit
        return _told(edit)

    def put_away(self) -> None:
        """Index what was changed, and count the edits."""
        changed = list(self.touched.values())
        following.widen(self.transcript, [row_of(one) for one in changed], self.hiding)
        # Made under the lock: a passage is a moment's work, and what is hidden must not change between.
        index.write(changed, index.rows(changed))
        Transcript.objects.filter(pk=self.transcript.pk).update(
            edits=self.transcript.edits, next_word=self.transcript.next_word
        )

    def _words(self, change: Change) -> tuple[EditKind, list[Row], list[Utterance]]:
        """The passage says ``text``; without any it is taken out of the record."""
        found = self._seen(change.utterance, change.revision)
        if change.text == found.text:
            raise _Same(found)
        before = row_of(found)
        if not change.text:
            return EditKind.WORDS, [before], []
        self._write(found, change.text)
        return EditKind.WORDS, [before], [found]

    def _speaker(self, change: Change) -> tuple[EditKind, list[Row], list[Utterance]]:
        found = self._seen(change.utterance, change.revision)
        if (change.speaker, change.role) == (found.speaker, found.role):
            raise _Same(found)
        before = row_of(found)
        found.speaker, found.role = change.speaker, change.role
        return EditKind.SPEAKER, [before], [found]

    def _split(self, change: Change) -> tuple[EditKind, list[Row], list[Utterance]]:
        found = self._seen(change.utterance, change.revision)
        before = row_of(found)
        text = joined(change.text, change.rest, found.language)
        if text != found.text:
            self._write(found, text)
        places = word_places(text, found.words)
        first = sum(1 for begins, _past in places if begins < len(change.text))
        words, rest = found.words[:first], found.words[first:]
        end, start = _edge(words, rest, found)
        after = Utterance(**{f.attname: getattr(found, f.attname) for f in Utterance._meta.fields if f.name != "id"})
        after.text, after.words, after.start = change.rest, rest, start
        after.position = self._place_after(found)
        found.text, found.words, found.end = change.text, words, end
        return EditKind.SPLIT, [before], [found, after]

    def _merge(self, change: Change) -> tuple[EditKind, list[Row], list[Utterance]]:
        """The passage goes on the one before it, which keeps its number and speaker."""
        found = self._seen(change.utterance, change.revision)
        into = self._seen(change.into, change.into_revision)
        nearest = self._passages().filter(position__lt=found.position).order_by("-position").first()
        if nearest is None or nearest.pk != into.pk:
            raise _Stale(found)
        before = [row_of(into), row_of(found)]
        into.text = joined(into.text, found.text, into.language)
        into.words = [*into.words, *found.words]
        into.start, into.end = min(into.start, found.start), max(into.end, found.end)
        return EditKind.MERGE, before, [into]

    def _undo(self, change: Change) -> tuple[EditKind, list[Row], list[Utterance]]:
        """What stood before an edit stands again, word for word, if nothing has changed there since."""
        undone = Edit.objects.get(pk=str(change.undone), transcript=self.transcript)
        if undone.kind == EditKind.ADOPT:
            raise Edit.DoesNotExist
        now = {one.pk: one for one in self._passages().filter(pk__in=[row["pk"] for row in undone.after])}
        if any(row["pk"] not in now or _differs(now[row["pk"]], row) for row in undone.after):
            raise _Stale(*now.values())
        lost = [row["pk"] for row in undone.before if row["pk"] not in now]
        if self._passages().filter(pk__in=lost).exists():
            raise _Stale(*self._passages().filter(pk__in=lost))
        before = [row_of(now[row["pk"]]) for row in undone.after]
        after = [self._restored(row, now.get(row["pk"])) for row in undone.before]
        turned = {EditKind.SPLIT: EditKind.MERGE, EditKind.MERGE: EditKind.SPLIT}
        return turned.get(EditKind(undone.kind), EditKind(undone.kind)), before, after

    def _restored(self, row: Row, now: Utterance | None) -> Utterance:
        """A passage as it stood. One that is gone comes back with its old number, which nobody else ever gets."""
        back = now or Utterance(
            pk=row["pk"],
            transcript=self.transcript,
            case_id=self.transcript.case_id,
            hearing_id=self.transcript.hearing_id,
            position=row["position"],
        )
        if now is None and self._passages().filter(position=row["position"]).exists():
            nearest = self._passages().filter(position=row["position"]).get()
            back.position = self._place_after(nearest)
        back.track_id = row["track"]
        for name in ("speaker", "role", "language", "start", "end", "text", "words"):
            setattr(back, name, row[name])
        return back

    def _passages(self) -> Any:
        return Utterance.objects.filter(transcript=self.transcript)

    def _seen(self, number: int, revision: int) -> Utterance:
        """The passage, if it is as its author saw it."""
        found = self.touched.get(number) or self.laid_out.get(number) or self._passages().filter(pk=number).first()
        if number in self.gone:
            found = None
        if found is None:
            raise _Stale(*self._instead_of(number))
        if found.revision != revision:
            raise _Stale(found)
        return found

    def _instead_of(self, number: int) -> list[Utterance]:
        """What stands where a passage stood that is gone."""
        for edit in Edit.objects.filter(transcript=self.transcript).order_by("-number").iterator():
            if edit.kind != EditKind.ADOPT and any(row["pk"] == number for row in edit.before):
                return list(self._passages().filter(pk__in=[row["pk"] for row in edit.after]).order_by("position"))
        return []

    def _write(self, utterance: Utterance, text: str) -> None:
        """The words of the new text. Words typed again as they stood are the words they were."""
        earlier = Edit.objects.filter(transcript=self.transcript, utterance=utterance.pk).order_by("-number")
        for edit in earlier[:REMEMBERED] if utterance.revision else ():
            for row in edit.before:
                if row["pk"] == utterance.pk and row["text"] == text:
                    utterance.text, utterance.words = text, row["words"]
                    return
        made = replaced(utterance.words, text, utterance.language)
        for placed in made:
            if number_of(placed.word) == FRESH:
                placed.word[4] = self.transcript.next_word
                self.transcript.next_word += 1
        self._hide_what_replaces_hidden(utterance, made)
        utterance.text, utterance.words = text, [placed.word for placed in made]

    def _hide_what_replaces_hidden(self, utterance: Utterance, made: Iterable[Placed]) -> None:
        """What is written in the place of a hidden word is hidden like it."""
        old = {number_of(word) for word in utterance.words}
        touching = [redaction for redaction in self.hiding if old.intersection(redaction.words)]
        if not touching:
            return
        hidden = hidden_from(Clearance.PUBLIC, self.transcript)
        for redaction in touching:
            heirs = [
                number_of(placed.word)
                for placed in made
                if set(placed.instead_of) & set(redaction.words) and not hidden.hides(placed.word, utterance.track_id)
            ]
            if heirs:
                redaction.words = [*redaction.words, *heirs]
                redaction.save(update_fields=["words"])
                renditions.queue(self.transcript)  # they are known by what is hidden

    def _place_after(self, utterance: Utterance) -> int:
        """A position between a passage and the next one; the later ones make room if there is none."""
        following = self._passages().filter(position__gt=utterance.position)
        nearest = following.order_by("position").values_list("position", flat=True).first()
        if nearest is None:
            return utterance.position + STEP
        if nearest - utterance.position < 2:
            # In two steps, for no two passages may have one position even for a moment.
            following.update(position=F("position") + FAR)
            self._passages().filter(position__gte=FAR).update(position=F("position") - FAR + STEP)
            nearest += STEP
            for one in {id(one): one for one in (*self.laid_out.values(), *self.touched.values())}.values():
                if one.position > utterance.position:
                    one.position += STEP
        return utterance.position + (nearest - utterance.position) // 2

    def _save(self, before: Sequence[Row], after: Sequence[Utterance]) -> None:
        stays = {one.pk for one in after}
        gone = [row["pk"] for row in before if row["pk"] not in stays]
        self._passages().filter(pk__in=gone).delete()
        self.gone |= set(gone)
        for number in gone:
            self.touched.pop(number, None)
        for one in after:
            one.revision = self.transcript.edits
            one.spoken_at = self.transcript.recording.started_at + timedelta(seconds=one.start)
            one.save()
            self.touched[one.pk] = one
            self.gone.discard(one.pk)


def _differs(utterance: Utterance, row: Row) -> bool:
    return any(getattr(utterance, name) != row[name] for name in ("text", "words", "speaker", "role"))


def _edge(words: Sequence[Heard], rest: Sequence[Heard], whole: Utterance) -> tuple[float, float]:
    """When the first of two parts of a passage ends, and when the second begins, in seconds."""
    ends = [word[2] for word in words if word[2] is not None]
    starts = [word[1] for word in rest if word[1] is not None]
    end = max(ends) if ends else (starts[0] if starts else whole.start)
    start = starts[0] if starts else end
    return min(end, whole.end), min(start, whole.end)


def _told(edit: Edit) -> Outcome:
    """What an edit that was made did."""
    return Outcome(
        edit.pk, "done", edit.number, [row["pk"] for row in edit.before], [passage(row) for row in edit.after]
    )


def edits_since(transcript: Transcript, number: int) -> list[dict[str, Any]] | None:
    """The edits after one with this number, as the page reads them; None if it should read the whole text anew."""
    found = list(
        Edit.objects.filter(transcript=transcript, number__gt=number)
        .select_related("by")
        .order_by("number")[: MOST + 1]
    )
    if len(found) > MOST or any(edit.kind == EditKind.ADOPT for edit in found):
        return None
    return [{**_told(edit).told(), "by": edit.by.name} for edit in found]


def note_presence(transcript: Transcript, person: User, passage: int) -> list[tuple[str, int]]:
    """Note in which passage somebody types (0: none); returns where the others do. Kept for a moment only."""
    key = f"editing:{transcript.pk}"
    now = timezone.now().timestamp()
    there: dict[int, tuple[str, int, float]] = {
        who: place for who, place in (cache.get(key) or {}).items() if place[2] > now - PRESENT
    }
    there[person.pk] = (person.name, passage, now)
    cache.set(key, there, PRESENT)
    return [(name, at) for who, (name, at, _when) in there.items() if who != person.pk and at]
