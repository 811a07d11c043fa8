"""Keeping states of the text whole, and taking one of them as the text again."""

import gzip
import hashlib
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Max

from court.accounts.models import User
from court.cases.services import record

from . import index, leaks, renditions
from .models import Edit, EditKind, Transcript, Utterance, Version, VersionKind
from .redaction import following
from .text import SEEN_FIELDS, Row, canonical, kept_rows, row_of

DOCKETED = {VersionKind.EDITED: "transcript_checked"}


def keep(
    transcript: Transcript,
    kind: VersionKind,
    *,
    by: User | None,
    note: str = "",
    rows: list[Row] | None = None,
) -> Version:
    """Keep the text as it stands (or ``rows``) whole, as the next version. Call outside any transaction."""
    through = Transcript.objects.values_list("edits", flat=True).get(pk=transcript.pk)
    if rows is None:
        rows = [row_of(one) for one in transcript.utterances.order_by("position")]
    written = canonical(rows)
    name = default_storage.save(
        f"transcripts/versions/{transcript.pk}-{uuid.uuid4()}.json.gz", ContentFile(gzip.compress(written, mtime=0))
    )
    try:
        with transaction.atomic():
            Transcript.objects.select_for_update().get(pk=transcript.pk)
            last = Version.objects.filter(transcript=transcript).aggregate(last=Max("number"))["last"] or 0
            made = Version.objects.create(
                transcript=transcript,
                number=last + 1,
                kind=kind,
                through_edit=through,
                made_by=by,
                note=note,
                words=sum(len(row["words"]) for row in rows),
                file=name,
                sha256=hashlib.sha256(written).hexdigest(),
            )
            if kind in DOCKETED:
                record(
                    transcript.case,
                    DOCKETED[kind],
                    by=by,
                    transcript=transcript.pk,
                    hearing=transcript.hearing_id,
                    version=made.number,
                    sha256=made.sha256,
                )
    except BaseException:
        default_storage.delete(name)
        raise
    return made


def adopt(version: Version, *, by: User) -> Transcript:
    """Take a kept version as the text. What stood before is kept as a version first, and nothing is lost."""
    transcript = version.transcript
    rows = kept_rows(version)
    before = keep(transcript, VersionKind.REPLACED, by=by)
    utterances = [utterance_of(transcript, row) for row in rows]
    made = rows_for_index(transcript, utterances)
    with transaction.atomic():
        held = Transcript.objects.select_for_update().get(pk=transcript.pk)
        if held.edits != before.through_edit:  # somebody saved an edit meanwhile: it is to be kept as well
            return adopt(version, by=by)
        number = held.edits + 1
        for utterance in utterances:
            utterance.revision = number
        replace_text(transcript, utterances, made)
        Transcript.objects.filter(pk=transcript.pk).update(edits=F("edits") + 1)
        Edit.objects.create(
            transcript=transcript,
            number=number,
            kind=EditKind.ADOPT,
            utterance=0,
            before={"version": version.number},
            after={"version": version.number},
            by=by,
        )
        record(transcript.case, "transcript_adopted", by=by, transcript=transcript.pk, version=version.number)
    transcript.refresh_from_db()
    return transcript


def rows_for_index(transcript: Transcript, utterances: Sequence[Utterance]) -> list[index.Row]:
    """What the index keeps of a text to come, to be made before the transaction begins: a day's takes seconds.

    Empty where something is hidden: what is hidden in the text to come is known only under the transcript's lock.
    """
    return [] if following.live(transcript) else index.rows(utterances)


def replace_text(transcript: Transcript, utterances: Sequence[Utterance], made: Sequence[index.Row]) -> None:
    """Put these utterances in the place of the text, in the caller's transaction and under the transcript's lock.

    What is hidden in the text that goes is hidden in the one that comes, before anybody can read or find a word of it.
    """
    held = following.live(transcript)
    if held:
        old = list(transcript.utterances.order_by("position").values(*SEEN_FIELDS))
        following.carry(old, [row_of(one) for one in utterances], held)
    Utterance.objects.filter(transcript=transcript).delete()
    written = Utterance.objects.bulk_create(utterances, batch_size=500)
    following.widen(transcript, [row_of(one) for one in written], held)
    index.write(written, made if made and not held else index.rows(written))
    if held:
        renditions.queue(transcript)
        leaks.queue(transcript.case_id)


def utterance_of(transcript: Transcript, row: Row) -> Utterance:
    """A kept row as an utterance to be saved; it gets a number of its own."""
    return Utterance(
        transcript=transcript,
        case_id=transcript.case_id,
        hearing_id=transcript.hearing_id,
        track_id=row["track"],
        position=row["position"],
        speaker=row["speaker"],
        role=row["role"],
        language=row["language"],
        start=row["start"],
        end=row["end"],
        spoken_at=transcript.recording.started_at + timedelta(seconds=row["start"]),
        text=row["text"],
        words=row["words"],
    )
