"""Putting exhibits in and taking them out."""

import logging
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from court.accounts.models import User
from court.cases.models import Case, Party, Role
from court.cases.services import record
from court.work.services import enqueue

from .access import BEFORE_SUBMISSION, filing_party, may_withdraw
from .cage import Unreadable, ask
from .models import Exhibit, Kind
from .receiving import Received

log = logging.getLogger(__name__)

SECONDS = 30  # of processor time to open a file
TRIES = 20  # how often a label is tried for while others take theirs

# By the ending of a name, what somebody says the file is. Only a plain contradiction is refused.
SAID = {
    "pdf": (Kind.PDF,),
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "gif"), (Kind.IMAGE,)),
    **dict.fromkeys(
        ("wav", "mp3", "m4a", "flac", "aac", "ogg", "oga", "mp4", "webm", "weba", "ogv", "mov"),
        (Kind.AUDIO, Kind.VIDEO),
    ),
}


class Refused(Exception):
    """The file cannot be an exhibit. ``problem`` is a key of ``forms.PROBLEMS``."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The file was refused: {problem}.")
        self.problem = problem


class AlreadyThere(Exception):
    """The same side put in the same file before."""

    def __init__(self, exhibit: Exhibit) -> None:
        super().__init__("The same file is there already.")
        self.exhibit = exhibit


class NotAllowed(Exception):
    """This person may not do that where the case stands now."""


def opened(received: Received) -> dict[str, Any]:
    """What the file is by its content. Raises Refused."""
    if received.size == 0:
        raise Refused("empty")
    try:
        found = ask("court.evidence.opening", str(received.path), seconds=SECONDS)
    except Unreadable as fault:
        raise Refused(fault.reason) from fault
    if problem := found.get("problem"):
        raise Refused(str(problem))
    said = SAID.get(received.name.rpartition(".")[2].lower())
    if said and found["kind"] not in said:
        raise Refused("disguised")
    return found


def _folder(case: Case) -> Path:
    return Path("exhibits") / str(case.pk)


def admit_exhibit(case: Case, received: Received, *, title: str, shows: str = "", by: User) -> Exhibit:
    """Open the file, keep it, label it, and write docket and ledger with its SHA-256.

    ``received`` must lie on the disk of MEDIA_ROOT; it is moved, or left for the caller to remove. Raises NotAllowed,
    Refused, AlreadyThere.
    """
    party = filing_party(by, case)
    if party is None:
        raise NotAllowed
    if same := _same(case, party, received.sha256):
        raise AlreadyThere(same)
    found = opened(received)  # slow: before any transaction

    name = _folder(case) / f"{uuid.uuid4().hex}.{found['extension']}"
    kept = Path(settings.MEDIA_ROOT) / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    received.path.chmod(0o600)
    received.path.replace(kept)
    exhibit = Exhibit(
        case=case,
        party=party,
        title=title,
        shows=shows,
        kind=found["kind"],
        file=str(name),
        original_name=Path(received.name.replace("\\", "/")).name[:255],
        media_type=found["media_type"],
        size=received.size,
        sha256=received.sha256,
        pages=found.get("pages"),
        seconds=found.get("seconds"),
        uploaded_by=by,
    )
    try:
        _file(exhibit, by)
    except BaseException:
        with suppress(OSError):
            kept.unlink()
        raise
    return exhibit


def _same(case: Case, party: Party, sha256: str) -> Exhibit | None:
    return Exhibit.objects.filter(case=case, party__role=party.role, sha256=sha256, withdrawn_at=None).first()


def _file(exhibit: Exhibit, by: User) -> None:
    """Give the next label of the side and write it all down. The label is free or the row is not written."""
    letter = "C" if exhibit.party.role == Role.CLAIMANT else "R"
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                case = Case.objects.select_for_update().get(pk=exhibit.case_id)
                if filing_party(by, case) is None:  # the case may have been closed while the file was looked at
                    raise NotAllowed
                taken = Exhibit.objects.filter(case=case, party__role=exhibit.party.role).count()
                exhibit.label = f"{letter}{taken + 1}"
                exhibit.pk = None
                exhibit.save(force_insert=True)
                record(
                    case,
                    "exhibit_filed",
                    by=by,
                    exhibit=exhibit.pk,
                    label=exhibit.label,
                    title=exhibit.title,
                    kind=exhibit.kind,
                    size=exhibit.size,
                    sha256=exhibit.sha256,
                )
                if exhibit.kind == Kind.PDF:
                    enqueue("draw_exhibit", key=str(exhibit.pk), exhibit=exhibit.pk)
            return
        except IntegrityError:
            if same := _same(exhibit.case, exhibit.party, exhibit.sha256):
                raise AlreadyThere(same) from None
    raise RuntimeError("No label could be given.")


def withdraw_exhibit(exhibit: Exhibit, *, by: User) -> None:
    """Take an exhibit out before the claim is sent. Its file and its label stay taken. Raises NotAllowed."""
    if not may_withdraw(by, exhibit):
        raise NotAllowed
    with transaction.atomic():
        changed = Exhibit.objects.filter(pk=exhibit.pk, withdrawn_at=None, case__stage__in=BEFORE_SUBMISSION).update(
            withdrawn_at=timezone.now()
        )
        if not changed:
            raise NotAllowed
        record(exhibit.case, "exhibit_withdrawn", by=by, exhibit=exhibit.pk, label=exhibit.label, title=exhibit.title)
