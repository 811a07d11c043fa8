"""Taking in a written record, having it compared, and deciding where it differs from what was heard."""

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from court.accounts.models import User
from court.cases.models import Audience
from court.cases.services import record
from court.evidence.cage import Unreadable, ask
from court.work.models import Job, State
from court.work.services import again, cancel, enqueue
from transcripts.models import Decision, Discrepancy, Transcript, TranscriptState, WrittenRecord, WrittenState

from .opening import LONGEST, tidy

SECONDS = 20  # of processor time to read a document
JOB = "compare_record"


class Refused(Exception):
    """The text cannot be taken. ``problem`` is a key of ``forms.PROBLEMS``."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The text was refused: {problem}.")
        self.problem = problem


class TooLate(Exception):
    """Somebody else was faster, or the comparison was made anew meanwhile."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text and the file it came from: what kind it was and its SHA-256. Empty if it was typed or pasted."""

    text: str
    kind: str = ""
    sha256: str = ""


def typed(text: str) -> Document:
    """A text that was pasted. Raises Refused: no_text, huge."""
    text = tidy(text)
    if not text.strip():
        raise Refused("no_text")
    if len(text) > LONGEST:
        raise Refused("huge")
    return Document(text)


def opened(path: Path) -> Document:
    """The text of a document from outside, read in the cage. Raises Refused."""
    if path.stat().st_size == 0:
        raise Refused("empty")
    try:
        found = ask("transcripts.written.opening", str(path), seconds=SECONDS)
    except Unreadable as fault:
        raise Refused(fault.reason) from fault
    if problem := found.get("problem"):
        raise Refused(str(problem))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Document(str(found["text"]), str(found["kind"]), digest)


def add_record(
    transcript: Transcript,
    document: Document,
    *,
    title: str,
    language: str,
    by: User,
    file: UploadedFile | None = None,
) -> WrittenRecord:
    """Keep a written record whole and have it compared with the sound, as soon as there is a transcript of it.

    ``file`` is what the document was read from; it is kept as it was given.
    """
    kept = default_storage.save(f"transcripts/written/{uuid.uuid4()}.{document.kind}", file) if file else ""
    try:
        with transaction.atomic():
            written = WrittenRecord.objects.create(
                transcript=transcript,
                title=title,
                language=language,
                text=document.text,
                sha256=hashlib.sha256(document.text.encode()).hexdigest(),
                file=kept,
                file_name=Path((file.name or "").replace("\\", "/")).name[:255] if file else "",
                file_kind=document.kind,
                file_sha256=document.sha256,
                added_by=by,
            )
            told = {"file": document.kind, "file_sha256": document.sha256} if document.kind else {}
            _write_down(written, "written_record_added", by=by, title=title, characters=len(document.text), **told)
            if transcript.state == TranscriptState.READY:
                enqueue(JOB, key=str(written.pk), written=written.pk)
    except BaseException:
        if kept:
            default_storage.delete(kept)
        raise
    return written


def queue_what_waits() -> None:
    """Have records compared that were added before their transcript was ready, now that it is."""
    for written in WrittenRecord.objects.filter(state=WrittenState.WAITING, transcript__state=TranscriptState.READY):
        enqueue(JOB, key=str(written.pk), written=written.pk)


def compare_again(written: WrittenRecord, *, by: User) -> bool:
    """Compare with the transcript as it stands now. False if that is under way. Decisions stay with what stays."""
    with transaction.atomic():
        changed = (
            WrittenRecord.objects.filter(pk=written.pk)
            .exclude(state__in=[WrittenState.WAITING, WrittenState.RUNNING])
            .update(state=WrittenState.WAITING)
        )
        if not changed:
            return False
        again(enqueue(JOB, key=str(written.pk), written=written.pk))
        _write_down(written, "written_record_again", by=by, title=written.title)
    return True


def stop_comparing(written: WrittenRecord, *, by: User) -> bool:
    """Stop a comparison that waits or runs. False if there is none. What was found before stays."""
    with transaction.atomic():
        job = job_of(written)
        if job is None or not cancel(job):
            return False
        WrittenRecord.objects.filter(pk=written.pk, state__in=[WrittenState.WAITING, WrittenState.RUNNING]).update(
            state=WrittenState.READY if written.alignment else WrittenState.FAILED
        )
        _write_down(written, "written_record_stopped", by=by, title=written.title)
    return True


def job_of(written: WrittenRecord) -> Job | None:
    """The work of comparing this record."""
    return Job.objects.filter(key=f"{JOB}:{written.pk}").first()


def progress_of(written: WrittenRecord) -> float:
    """The share of the comparison that is done."""
    if written.state == WrittenState.READY:
        return 1.0
    job = job_of(written)
    return job.progress if job and job.state == State.RUNNING else 0.0


def decide(discrepancy: Discrepancy, decision: Decision, *, note: str, seen: Decision | str, by: User) -> Discrepancy:
    """Decide one difference, or decide it otherwise: the earlier decision stays in the docket and the ledger.

    ``seen`` is the decision that stood on the page. Raises TooLate if it stands no more.
    """
    written = discrepancy.written
    with transaction.atomic():
        # The row is the lock under which a new comparison cannot pass by a decision that is being taken.
        WrittenRecord.objects.select_for_update().get(pk=written.pk)
        changed = Discrepancy.objects.filter(pk=discrepancy.pk, decision=seen).update(
            decision=decision,
            note=note,
            decided_by=None if decision == Decision.OPEN else by,
            decided_at=None if decision == Decision.OPEN else timezone.now(),
        )
        if not changed:
            raise TooLate
        _write_down(
            written,
            "difference_decided",
            by=by,
            title=written.title,
            number=discrepancy.position + 1,
            difference=discrepancy.kind,
            place=[discrepancy.char_start, discrepancy.char_end],
            decision=str(Decision(decision).value),
            before=str(Decision(seen).value),
            noted=hashlib.sha256(note.encode()).hexdigest() if note else "",
        )
    discrepancy.refresh_from_db()
    return discrepancy


def _write_down(written: WrittenRecord, kind: str, *, by: User | None, **details: object) -> None:
    """In the docket, for the court alone: parties do not see written records. The words themselves are not told."""
    record(
        written.transcript.case,
        kind,
        by=by,
        audience=Audience.COURT,
        transcript=written.transcript_id,
        hearing=written.transcript.hearing_id,
        written=written.pk,
        sha256=written.sha256,
        **details,
    )
