"""Redactions as their pages show them: one entry for all that was asked for together."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Case, Max, QuerySet, When

from court.accounts.models import User

from ..models import Clearance, Level, Redaction, RedactionState, Transcript
from ..reading import clock, tongue
from ..text import BLOCK, Hidden, hidden_from, masked, number_of
from ..wordplaces import word_places
from .releasing import limit_of


@dataclass(frozen=True, slots=True)
class Said:
    """Words of one person, as the reader may have them."""

    speaker: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A redaction of one or several people's words."""

    batch: uuid.UUID
    first: Redaction
    redactions: list[Redaction]
    since: str  # clock of the recording
    until: str
    late: bool
    tone: str
    reason: str
    answer: str

    @property
    def when(self) -> str:
        """The seconds of the recording: 4:12, or 4:12–6:30."""
        return self.since if self.since == self.until else f"{self.since}–{self.until}"

    @property
    def waits(self) -> bool:
        """Whether it waits for a decision."""
        return self.first.state == RedactionState.ASKED

    @property
    def hides(self) -> bool:
        """Whether the court has hidden it."""
        return self.first.state == RedactionState.APPLIED


TONES = {
    RedactionState.ASKED: "wait",
    RedactionState.APPLIED: "good",
    RedactionState.REFUSED: "bad",
    RedactionState.LIFTED: "neutral",
    RedactionState.WITHDRAWN: "neutral",
}


def batches(transcript: Transcript) -> QuerySet[Redaction, uuid.UUID]:
    """What was asked for together, newest first; what waits for a decision before all others."""
    waits = Max(Case(When(state=RedactionState.ASKED, then=1), default=0))
    together = Redaction.objects.filter(transcript=transcript).values("batch")
    together = together.annotate(waits=waits, asked=Max("asked_at")).order_by("-waits", "-asked", "batch")
    return together.values_list("batch", flat=True)


def entries(transcript: Transcript, some: Iterable[uuid.UUID], user: User, clearance: Clearance) -> list[Entry]:
    """Some of them, in the order given, as this person may have them."""
    found: dict[uuid.UUID, list[Redaction]] = {batch: [] for batch in some}
    held = Redaction.objects.filter(transcript=transcript, batch__in=found)
    for redaction in held.select_related("asked_by", "decided_by", "track").order_by("start", "pk"):
        found[redaction.batch].append(redaction)
    limit = limit_of(transcript, "redaction")
    due = limit.due_at if limit else None
    return [_entry(together, user, clearance, due) for together in found.values() if together]


def _entry(together: list[Redaction], user: User, clearance: Clearance, due: datetime | None) -> Entry:
    first = together[0]
    starts = [one.start for one in together if one.start is not None]
    ends = [one.end for one in together if one.end is not None]
    sealed = first.level == Level.SEALED and first.state == RedactionState.APPLIED
    told = clearance >= Clearance.COURT or not sealed or first.asked_by_id == user.pk
    by_court = first.decided_by_id == first.asked_by_id
    return Entry(
        batch=first.batch,
        first=first,
        redactions=together,
        since=clock(min(starts, default=0.0)),
        until=clock(max(ends, default=0.0)),
        late=due is not None and first.asked_at > due and not by_court,
        tone=TONES[RedactionState(first.state)],
        reason=first.reason if told else "",
        answer=first.answer if told else "",
    )


def words_of(hidden: Hidden, transcript: Transcript, clearance: Clearance) -> list[Said]:
    """The words these hide, in the order of the text, with a block for what this reader may not have."""
    kept = hidden_from(clearance, transcript)
    found: list[Said] = []
    said = transcript.utterances.order_by("position").values_list("speaker", "language", "track", "text", "words")
    for speaker, language, track, text, words in said.iterator():
        places = word_places(text, words)
        chosen = [at for at, word in enumerate(words) if hidden.hides(word, track)]
        if not chosen:
            continue
        left = {number_of(word) for word in masked(text, words, track, kept)[1] if word[0] != BLOCK}
        pieces: list[str] = []
        for before, at in pairwise([-1, *chosen]):
            piece = words[at][0] if number_of(words[at]) in left else BLOCK
            if pieces and before != at - 1:
                pieces.append(" … ")
            elif pieces:
                pieces.append(text[places[before][1] : places[at][0]])
            if piece == BLOCK and pieces and (len(pieces) > 1 and pieces[-2] == BLOCK):
                pieces.pop()
                continue
            pieces.append(piece)
        found.append(Said(speaker, "".join(pieces), tongue(language)))
    return found
