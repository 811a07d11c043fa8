"""Certification: the court's word that a version of the text, its media and its alignment are the record.

Asking for it is quick; a worker hashes the media, keeps the version and writes the certificate. Nothing is certified
while a correction waits or may still be asked for, and nothing but the text that was seen when it was asked for.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from court.accounts.models import User
from court.cases.access import may
from court.cases.models import Appointment, DocketEntry, Party, Role
from court.cases.services import record
from court.rooms.models import Track
from court.work.models import Job, State
from court.work.services import GiveUp, again, enqueue

from .. import versions
from ..access import may_edit
from ..lacking import as_certified, lacking
from ..models import (
    Certificate,
    Decision,
    RecordSignature,
    Transcript,
    TranscriptState,
    Version,
    VersionKind,
    WrittenRecord,
)
from ..queries import newest_certificate
from ..text import Damaged, Row, canonical, kept_rows, row_of
from . import errata, letters
from .limits import errata_limit, signing_limit

PIECE = 1024 * 1024
Told = Callable[[float], None]


class NotNow(Exception):
    """The record cannot be certified or signed now. The message is for the person."""


def obstacles(transcript: Transcript) -> list[str]:
    """Why the transcript cannot be certified now, each as a sentence; empty if it can."""
    if transcript.state != TranscriptState.READY:
        return [_("The transcript is not ready yet.")]
    found = []
    if number := errata.undecided(transcript):
        found.append(
            ngettext(
                "%(number)d correction waits for a decision.", "%(number)d corrections wait for a decision.", number
            )
            % {"number": number}
        )
    limit = errata_limit(transcript)
    if limit and limit.due_at > timezone.now() and not errata.certified(transcript):
        checking = errata.still_checking(transcript)
        if checking:
            found.append(
                _("Corrections can still be asked for. Not done checking yet: %(names)s.")
                % {"names": ", ".join(person.name for person in checking)}
            )
    newest = errata.certified(transcript)
    if newest and is_current(newest):
        found.append(_("This text is certified already."))
    return found


def unsettled(transcript: Transcript) -> QuerySet[WrittenRecord]:
    """The written records of the hearing with differences nobody has decided; each bears ``open``, how many.

    They are no obstacle: minutes are not the record. But whoever certifies is to know of them.
    """
    left = Count("discrepancies", filter=Q(discrepancies__decision=Decision.OPEN, discrepancies__set_aside=False))
    return WrittenRecord.objects.filter(transcript=transcript).annotate(open=left).filter(open__gt=0).order_by("pk")


def is_current(certificate: Certificate) -> bool:
    """Whether the present text is still the one that was certified."""
    transcript, version = certificate.transcript, certificate.version
    edits = Transcript.objects.values_list("edits", flat=True).get(pk=transcript.pk)
    anew = Version.objects.filter(  # that became the text: what people had worked on is not replaced
        transcript=transcript, kind=VersionKind.MACHINE, number__gt=version.number, through_edit=0
    )
    return edits == version.through_edit and not anew.exists()


def job_of(transcript: Transcript) -> Job | None:
    """The work that certifies this transcript, if it was ever asked for."""
    return Job.objects.filter(key=f"certify_record:{transcript.pk}").first()


def ask_to_certify(transcript: Transcript, *, by: User) -> None:
    """Have the text certified as it stands. Raises NotNow, PermissionError."""
    if not may_edit(by, transcript):
        raise PermissionError
    if found := obstacles(transcript):
        raise NotNow(" ".join(found))
    with transaction.atomic():
        details: dict[str, Any] = {"transcript": transcript.pk, "by": by.pk, "edits": transcript.edits}
        job = enqueue("certify_record", key=str(transcript.pk), **details)
        if job.state in (State.WAITING, State.RUNNING) and job.details != details:
            raise NotNow(_("The record is being certified already."))
        Job.objects.filter(pk=job.pk, state__in=[State.DONE, State.FAILED, State.CANCELLED]).update(details=details)
        again(job)


def certify(transcript: Transcript, *, by: User, edits: int, goes_on: Told) -> Certificate:
    """Hash the media, keep the version, write the certificate. Called by the worker; bears being done again.

    Raises GiveUp if the text, or what stands in the way, has changed since it was asked for.
    """
    _still(transcript, edits)
    lacks = as_certified(lacking(transcript))
    media = hash_media(transcript, goes_on)
    written = written_hashes(transcript)
    rows = [row_of(one) for one in transcript.utterances.order_by("position")]
    version = _version(transcript, rows, by)
    try:
        with transaction.atomic():
            transcript = Transcript.objects.select_for_update().select_related("case").get(pk=transcript.pk)
            _still(transcript, edits)
            if as_certified(lacking(transcript)) != lacks:
                raise GiveUp("A track was put together anew while the record was being certified.")
            made = _write(transcript, version, rows, media, written, lacks, by)
    except (GiveUp, IntegrityError):
        Version.objects.filter(pk=version.pk, certificate=None).update(kind=VersionKind.REPLACED)
        raise
    return made


def _still(transcript: Transcript, edits: int) -> None:
    now = Transcript.objects.get(pk=transcript.pk)
    if now.edits != edits or obstacles(now):
        raise GiveUp("The text was changed, or a correction was asked for, after certification was asked for.")


def _version(transcript: Transcript, rows: list[Row], by: User) -> Version:
    """The version to be certified; one that a worker kept before it died is used again."""
    sha256 = hashlib.sha256(canonical(rows)).hexdigest()
    left = Version.objects.filter(transcript=transcript, kind=VersionKind.CERTIFIED, certificate=None, sha256=sha256)
    return left.first() or versions.keep(transcript, VersionKind.CERTIFIED, by=by, rows=rows)


def _write(
    transcript: Transcript,
    version: Version,
    rows: list[Row],
    media: list[list[str | None]],
    written: list[list[Any]],
    lacks: list[list[Any]],
    by: User,
) -> Certificate:
    now = timezone.now()
    manifest = {
        "form": "court-certificate-1",
        "case": transcript.case.label,
        "transcript": transcript.pk,
        "version": version.number,
        "text": version.sha256,
        "words": version.words,
        "media": media,
        "alignment": alignment_hash(rows),
        "written": written,
        "refused": refused_hashes(transcript),
        "lacking": lacks,
        "certified_by": by.name,
        "certified_at": now.isoformat(),
    }
    told = as_written(manifest)
    made = Certificate.objects.create(
        version=version,
        transcript=transcript,
        certified_by=by,
        certified_at=now,
        manifest=told,
        sha256=hashlib.sha256(told.encode()).hexdigest(),
    )
    record(
        transcript.case,
        "record_certified",
        by=by,
        transcript=transcript.pk,
        certificate=made.pk,
        version=version.number,
        sha256=made.sha256,
    )
    letters.certified(made, errata.people_to_hear(transcript))
    limit = signing_limit(made)
    if limit:
        enqueue("note_unsigned", key=str(made.pk), delay=max(limit.due_at - now, now - now), certificate=made.pk)
    return made


def as_written(manifest: dict[str, Any]) -> str:
    """The one way a manifest is written down and hashed."""
    return json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def alignment_hash(rows: Iterable[Row]) -> str:
    """SHA-256 over the numbers of all words with their times and where these come from."""
    return _hash([[word[4], word[1], word[2], *word[5:6]] for row in rows for word in row["words"]])


def written_hashes(transcript: Transcript) -> list[list[Any]]:
    """The written records laid beside the sound: [number, hash of the text, hash of its alignment], and of its file.

    The file is read anew; its hash is empty if it is gone. Records of which no file was kept have three hashes.
    """
    found = transcript.written_records.order_by("pk")
    return [
        [one.pk, one.sha256, _hash(one.alignment), *([_hash_of_file(one.file)] if one.file else [])] for one in found
    ]


def _hash_of_file(file: FieldFile) -> str:
    if not file.storage.exists(str(file.name)):
        return ""
    with file.storage.open(str(file.name), "rb") as opened:
        return hashlib.sha256(opened.read()).hexdigest()


def refused_hashes(transcript: Transcript) -> list[list[Any]]:
    """The corrections that were refused: [number, hash of what was asked, why, and what the court said]."""
    return [
        [one.pk, _hash([one.first_word, one.last_word, one.stands, one.proposed, one.reason, one.answer])]
        for one in errata.refused(transcript)
    ]


def media_of(transcript: Transcript) -> list[tuple[str, FieldFile]]:
    """The files of the recording, each with the name the certificate calls it by."""
    found = [
        (f"{track.get_kind_display()} {track.pk} {track.name}", track.file)
        for track in Track.objects.filter(recording=transcript.recording_id).order_by("pk")
        if track.file
    ]
    return [*found, *([("mixed sound", transcript.sound)] if transcript.sound else [])]


def hash_media(transcript: Transcript, goes_on: Told) -> list[list[str | None]]:
    """[name, SHA-256] of each file; None for a file that is not there. ``goes_on`` gets the share done."""
    files = media_of(transcript)
    sizes = [file.size if default_storage.exists(str(file.name)) else 0 for _name, file in files]
    whole, done = sum(sizes) or 1, 0
    found: list[list[str | None]] = []
    for name, file in files:
        if not file.storage.exists(str(file.name)):
            found.append([name, None])
            continue
        made = hashlib.sha256()
        with file.storage.open(str(file.name), "rb") as opened:
            while piece := opened.read(PIECE):
                made.update(piece)
                done += len(piece)
                goes_on(min(done / whole, 1.0))
        found.append([name, made.hexdigest()])
    return found


def ask_to_compare(certificate: Certificate) -> None:
    """Have all hashes of a certificate made anew and compared."""
    with transaction.atomic():
        again(enqueue("compare_certificate", key=str(certificate.pk), certificate=certificate.pk))


def compare(certificate: Certificate, *, goes_on: Told) -> list[str]:
    """What differs now from what was certified: "manifest", "text", "alignment", "media NAME", "written", "refused".

    Saved with the certificate. Written records that were added later are no difference.
    """
    kept = json.loads(certificate.manifest)
    differs = []
    ledger = DocketEntry.objects.filter(
        case=certificate.transcript.case_id, kind="record_certified", details__certificate=certificate.pk
    ).first()
    told = hashlib.sha256(certificate.manifest.encode()).hexdigest()
    if told != certificate.sha256 or ledger is None or ledger.details["sha256"] != told:
        differs.append("manifest")
    try:
        rows = kept_rows(certificate.version)
    except (Damaged, OSError, EOFError, ValueError):
        rows = []
    if hashlib.sha256(canonical(rows)).hexdigest() != kept["text"]:
        differs.append("text")
    if alignment_hash(rows) != kept["alignment"]:
        differs.append("alignment")
    now: dict[str | None, str | None] = {one[0]: one[1] for one in hash_media(certificate.transcript, goes_on)}
    differs += [f"media {name}" for name, sha256 in kept["media"] if now.get(name) != sha256]
    written = written_hashes(certificate.transcript)
    if any(one not in written for one in kept["written"]):
        differs.append("written")
    if any(one not in refused_hashes(certificate.transcript) for one in kept["refused"]):
        differs.append("refused")
    Certificate.objects.filter(pk=certificate.pk).update(compared_at=timezone.now(), differs=differs)
    return differs


def may_sign(user: User, certificate: Certificate) -> bool:
    """Tell whether this person signs this record: a party, or who represents one, once, and the newest certificate."""
    return (
        newest_certificate(certificate.transcript_id) == certificate
        and may(user, certificate.transcript.case, "file_in_case")
        and not RecordSignature.objects.filter(certificate=certificate, user=user).exists()
    )


def sign(certificate: Certificate, *, name: str, objection: str = "", by: User) -> RecordSignature:
    """Sign the certified record, if need be with an objection. Raises NotNow if it is not to be signed by them now."""
    if not may_sign(by, certificate):
        raise NotNow(_("You have signed this record already, or a newer one was certified."))
    case = certificate.transcript.case
    party = Party.objects.filter(case=case, user=by).first()
    part = Appointment.objects.filter(case=case, user=by, role=Role.REPRESENTATIVE).first()
    role = party.role if party else part.role if part else ""
    try:
        with transaction.atomic():
            made = RecordSignature.objects.create(
                certificate=certificate, user=by, name=name, role=role, objection=objection
            )
            record(
                case,
                "record_signed_objecting" if objection else "record_signed",
                by=by,
                transcript=certificate.transcript_id,
                certificate=certificate.pk,
                sha256=certificate.sha256,
                objection=hashlib.sha256(objection.encode()).hexdigest() if objection else "",
            )
    except IntegrityError as fault:
        raise NotNow(_("You have signed this record already.")) from fault
    return made


def unsigned(certificate: Certificate) -> list[User]:
    """Who was to sign and has not."""
    signed = set(certificate.signatures.values_list("user", flat=True))
    return [one for one in errata.people_to_hear(certificate.transcript) if one.pk not in signed]


def note_unsigned(certificate: Certificate) -> None:
    """Write down who did not sign in time. A certificate that another replaced is left alone."""
    if newest_certificate(certificate.transcript_id) != certificate:
        return
    missing = unsigned(certificate)
    with transaction.atomic():
        Transcript.objects.select_for_update().get(pk=certificate.transcript_id)
        noted = DocketEntry.objects.filter(
            case=certificate.transcript.case_id, kind="record_not_signed", details__certificate=certificate.pk
        )
        if missing and not noted.exists():
            record(
                certificate.transcript.case,
                "record_not_signed",
                by=None,
                transcript=certificate.transcript_id,
                certificate=certificate.pk,
                names=", ".join(person.name for person in missing),
            )


def standing_of(transcript: Transcript) -> dict[str, Any]:
    """What the text is worth, for the tag of its page.

    ``standing``: ``certified``, ``was_certified``, ``checked``, ``edited`` or ``machine``; ``certificate`` and
    ``version`` where there is one.
    """
    newest = errata.certified(transcript)
    if newest:
        return {"standing": "certified" if is_current(newest) else "was_certified", "stands_by": newest}
    last = Version.objects.filter(transcript=transcript).exclude(kind=VersionKind.REPLACED).order_by("-number").first()
    if transcript.edits and last and last.kind == VersionKind.EDITED and last.through_edit == transcript.edits:
        return {"standing": "checked", "stands_by": last}
    return {"standing": "edited" if transcript.edits else "machine", "stands_by": None}
