"""Corrections of the record that parties ask for, and the court's decisions on them.

Both stay: what was asked, by whom and why, and what was decided. A decision is a conditional UPDATE, so that of two
people deciding at once one is told. What is allowed changes the text through the editor's own service.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.cases.models import Appointment, DocketEntry, Party, Role
from court.cases.services import record

from .. import editing
from ..access import may_edit
from ..changes import Change
from ..correcting import tidied
from ..extracts import Passage, characters, passage, passages
from ..models import Certificate, Clearance, Correction, CorrectionState, Edit, Transcript, TranscriptState, Utterance
from ..text import hidden_from, number_of
from . import letters
from .limits import errata_limit, ready_since
from .listed import corrections, page_of

PASSAGES = 12  # that one correction may span
LONGEST = 2000  # characters of what is asked for


class Closed(Exception):
    """Nothing can be asked or decided now. The message is for the person."""


class NotAPassage(Exception):
    """The words cannot be corrected as they were chosen. The message is for the person."""


class Decided(Exception):
    """Somebody else was faster: the correction is decided or withdrawn."""


class Changed(Exception):
    """The words no longer stand together as they did; the change must be made in the editor."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction as one reader may read it. ``hidden``: its words are kept from them."""

    one: Correction
    hidden: bool
    number: int
    now: str  # the words as they stand now, empty if they are gone

    @property
    def page(self) -> int:
        """The page of the list it stands on."""
        return page_of(self.number)


def people_to_hear(transcript: Transcript) -> list[User]:
    """The parties who joined the case and those who represent them."""
    parties = Party.objects.filter(case=transcript.case_id, user__isnull=False).values("user")
    speakers = Appointment.objects.filter(case=transcript.case_id, role=Role.REPRESENTATIVE).values("user")
    return list((User.objects.filter(pk__in=parties) | User.objects.filter(pk__in=speakers)).distinct().order_by("pk"))


def certified(transcript: Transcript) -> Certificate | None:
    """The newest certificate of this text since it was made; None if it has none."""
    found = Certificate.objects.filter(transcript=transcript).select_related("version", "certified_by")
    if since := ready_since(transcript):
        found = found.filter(certified_at__gte=since)
    return found.first()


def closed(transcript: Transcript) -> str:
    """Why no correction can be asked for now, as a sentence; empty if it can."""
    if transcript.state != TranscriptState.READY:
        return _("The transcript is not ready yet.")
    if certified(transcript):
        return _("The record is certified. Corrections can no longer be asked for.")
    limit = errata_limit(transcript)
    if limit and limit.due_at < timezone.now():
        return _("The time to ask for corrections is over.")
    return ""


def ask(transcript: Transcript, *, first: int, last: int, proposed: str, reason: str, by: User) -> Correction:
    """Ask for the words from one number to another to be corrected.

    Words of several passages are corrected together, whoever speaks in them: ``proposed`` then has a line for each
    passage, an empty one where nothing of it was said. Raises Closed, NotAPassage if there are too many passages, not
    a line for each or words kept from the person, NoSuchPassage, TooLong.
    """
    if why := closed(transcript):
        raise Closed(why)
    found = passage(transcript, first, last, clearance=Clearance.PARTY)
    if len(found.parts) > PASSAGES:
        raise NotAPassage(
            _("Choose words of at most %(number)s passages. Ask for the others by themselves.") % {"number": PASSAGES}
        )
    if found.hidden:
        raise NotAPassage(_("A part of these words is kept from you. Choose other words."))
    lines = [tidied(line) for line in proposed.split("\n")] if len(found.parts) > 1 else [tidied(proposed)]
    proposed = "\n".join(lines)
    if len(lines) != len(found.parts) or not any(lines) or len(proposed) > LONGEST:
        raise NotAPassage(_("Say for each passage what it should say, in all at most 2000 characters."))
    if proposed == found.text:
        raise NotAPassage(_("The record says this already."))
    with transaction.atomic():
        made = Correction.objects.create(
            transcript=transcript,
            first_word=first,
            last_word=last,
            start=found.start,
            stands=found.text,
            proposed=proposed,
            reason=reason,
            asked_by=by,
        )
        record(transcript.case, "correction_asked", by=by, transcript=transcript.pk, correction=made.pk)
        letters.asked(made, others(transcript, by))
    return made


def others(transcript: Transcript, person: User) -> list[User]:
    """Everybody a correction concerns but the person themselves."""
    return [one for one in people_to_hear(transcript) if one != person]


def withdraw(correction: Correction, *, by: User) -> None:
    """Take back what one asked for. Raises Decided if it was decided meanwhile."""
    with transaction.atomic():
        changed = Correction.objects.filter(pk=correction.pk, asked_by=by, state=CorrectionState.ASKED).update(
            state=CorrectionState.WITHDRAWN, decided_at=timezone.now()
        )
        if not changed:
            raise Decided
        transcript = correction.transcript
        record(transcript.case, "correction_withdrawn", by=by, transcript=transcript.pk, correction=correction.pk)


def decide(correction: Correction, verdict: str, *, answer: str, by: User) -> Correction:
    """Decide: ``allow`` changes the text, ``done`` says that it was changed in the editor, ``refuse`` leaves it.

    Raises Decided, Changed if the words no longer stand together, PermissionError if it is not this person's to do.
    """
    transcript = correction.transcript
    if not may_edit(by, transcript):
        raise PermissionError
    state = CorrectionState.REFUSED if verdict == "refuse" else CorrectionState.ALLOWED
    with transaction.atomic():
        # The lock editing takes too: in this order two decisions never wait for each other.
        Transcript.objects.select_for_update().get(pk=transcript.pk)
        changed = Correction.objects.filter(pk=correction.pk, state=CorrectionState.ASKED).update(
            state=state, decided_by=by, decided_at=timezone.now(), answer=answer
        )
        if not changed:
            raise Decided
        edit = _change(correction, by) if verdict == "allow" else None
        Correction.objects.filter(pk=correction.pk).update(edit=edit)
        details: dict[str, Any] = {"edit": str(edit.pk), "edit_number": edit.number} if edit else {}
        record(
            transcript.case,
            "correction_allowed" if state == CorrectionState.ALLOWED else "correction_refused",
            by=by,
            transcript=transcript.pk,
            correction=correction.pk,
            **details,
        )
        correction.refresh_from_db()
        letters.decided(correction, people_to_hear(transcript))
    return correction


def _change(correction: Correction, by: User) -> Edit | None:
    """Make the change in the text; None if it says so already. Raises Changed.

    Of several passages each is changed by itself, by the editor's own service and as one batch: no word leaves its
    passage and track, and none is given a time that the words it stands for did not have. The last edit is told.
    """
    said = _between(correction)
    lines = correction.proposed.split("\n")
    if len(lines) != len(said):
        raise Changed
    batch = uuid.uuid4() if len(said) > 1 else None
    changes = [
        Change(uuid.uuid4(), "words", one.pk, one.revision, replaced(one, correction, line), batch=batch)
        for one, line in zip(said, lines, strict=True)
    ]
    outcomes = editing.make(correction.transcript, changes, by=by)
    if any(outcome.status not in ("done", "same") for outcome in outcomes):
        raise Changed
    made = [outcome.id for outcome in outcomes if outcome.status == "done"]
    return Edit.objects.get(pk=made[-1]) if made else None


def _between(correction: Correction) -> list[Utterance]:
    """The utterances that have the words of a correction. Raises Changed if they stand in this order no more."""
    found: list[Utterance] = []
    for utterance in correction.transcript.utterances.order_by("position").iterator():
        numbers = [number_of(word) for word in utterance.words]
        if found or correction.first_word in numbers:
            found.append(utterance)
        if correction.last_word in numbers:
            break
        if len(found) > PASSAGES:
            raise Changed
    else:
        raise Changed
    if not found:
        raise Changed
    return found


def replaced(utterance: Utterance, correction: Correction, proposed: str) -> str:
    """The text of an utterance with what a correction says of it; from its first or to its last word where it has one.

    Raises Changed.
    """
    numbers = [number_of(word) for word in utterance.words]
    first = numbers.index(correction.first_word) if correction.first_word in numbers else 0
    last = numbers.index(correction.last_word) if correction.last_word in numbers else len(numbers) - 1
    if last < first:
        raise Changed
    since, until = characters(utterance.text, utterance.words, first, last)
    return tidied(utterance.text[:since] + proposed + utterance.text[until:])


def waive(transcript: Transcript, *, by: User) -> None:
    """Say that one has checked the record and asks for no (further) correction, before the time is over."""
    if why := closed(transcript):
        raise Closed(why)
    with transaction.atomic():
        Transcript.objects.select_for_update().get(pk=transcript.pk)
        if by.pk not in waived(transcript):
            record(transcript.case, "errata_waived", by=by, transcript=transcript.pk)


def waived(transcript: Transcript) -> set[int]:
    """Who has said so since the text was made; the docket keeps it."""
    said = DocketEntry.objects.filter(case=transcript.case_id, kind="errata_waived", details__transcript=transcript.pk)
    if since := ready_since(transcript):
        said = said.filter(at__gte=since)
    return {one for one in said.values_list("actor", flat=True) if one is not None}


def still_checking(transcript: Transcript) -> list[User]:
    """The people who have not said that they ask for nothing more."""
    done = waived(transcript)
    return [one for one in people_to_hear(transcript) if one.pk not in done]


def undecided(transcript: Transcript) -> int:
    """How many corrections wait for a decision."""
    return Correction.objects.filter(transcript=transcript, state=CorrectionState.ASKED).count()


def refused(transcript: Transcript) -> QuerySet[Correction]:
    """The corrections that were refused, for the certificate and the page of errata."""
    return corrections(transcript).filter(state=CorrectionState.REFUSED)


def shown(transcript: Transcript, found: Iterable[Correction], *, clearance: Clearance) -> list[Shown]:
    """Corrections as a reader of this clearance may read them."""
    listed = list(found)
    numbered = {pk: number for number, pk in enumerate(corrections(transcript).values_list("pk", flat=True), start=1)}
    hides = bool(hidden_from(clearance, transcript))
    looked_up = [one for one in listed if hides or one.state == CorrectionState.ASKED]
    stand = passages(transcript, [(one.first_word, one.last_word) for one in looked_up], clearance=clearance)
    return [_shown(one, numbered[one.pk], stand, hides) for one in listed]


def _shown(one: Correction, number: int, stand: dict[tuple[int, int], Passage | None], hides: bool) -> Shown:
    if not hides and one.state != CorrectionState.ASKED:
        return Shown(one, False, number, "")
    there = stand[one.first_word, one.last_word]
    if there is None:
        return Shown(one, hides, number, "")  # nobody can tell whether what is gone was hidden
    return Shown(one, there.hidden, number, "" if there.hidden else there.text)
