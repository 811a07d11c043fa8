"""The file a written record came in is kept, for the court alone, and is part of what is certified."""

import hashlib
import json

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.transcripts.test_certification import certify
from tests.transcripts.test_written_record import (  # noqa: F401 - fixtures
    MINUTES,
    add,
    docx,
    page_of,
    transcript,
    written,
)
from transcripts.certification.certifying import compare
from transcripts.models import WrittenRecord


def test_the_file_of_a_record_is_kept_as_it_was_given_for_the_court_alone(add, door):  # noqa: F811
    given = docx()
    assert add("", file=SimpleUploadedFile("Minutes <1>.docx", given)).status_code == 302
    written = WrittenRecord.objects.get()  # noqa: F811
    sha256 = hashlib.sha256(given).hexdigest()
    page = page_of(written, door)
    assert "Minutes &lt;1&gt;.docx" in page
    address = f"/transcripts/{written.transcript_id}/written/{written.pk}/file"
    assert address in page
    answer = door.judge.get(address)
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == sha256 == written.file_sha256
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'attachment; filename="C-2026-0042-written-{written.pk}.docx"'
    for client in (door.claimant, door.respondent, door.stranger):
        assert client.get(address).status_code == 404


def test_a_typed_record_has_no_file(written, door):  # noqa: F811
    assert door.clerk.get(f"/transcripts/{written.transcript_id}/written/{written.pk}/file").status_code == 404
    assert "The file as it was given" not in page_of(written, door)


def test_the_certificate_names_the_file_of_a_record_and_notices_when_it_changes(add, door, transcript, work):  # noqa: F811
    assert add("", file=SimpleUploadedFile("minutes.txt", MINUTES.encode())).status_code == 302
    work()
    made = certify(door, transcript, work)
    sha256 = hashlib.sha256(MINUTES.encode()).hexdigest()
    assert sha256 in door.claimant.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    assert compare(made, goes_on=lambda share: None) == []
    written = WrittenRecord.objects.get()  # noqa: F811
    with written.file.storage.open(written.file.name, "wb") as file:
        file.write(b"another text")
    assert compare(made, goes_on=lambda share: None) == ["written"]


def test_no_sum_of_the_record_is_told_to_those_from_whom_a_word_is_hidden(add, door, transcript, work):  # noqa: F811
    """With the sum of a text of which they have all but a name, they could find the name by trying."""
    add()
    work()
    made = certify(door, transcript, work)
    manifest = json.loads(made.manifest)
    number = transcript.utterances.first().words[3][4]
    form = {"first": number, "last": number, "level": "sealed", "reason": "A detail."}
    assert door.clerk.post(f"/transcripts/{transcript.pk}/redact", form).status_code == 302
    page = door.claimant.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    for told in (manifest["text"], manifest["alignment"], manifest["written"][0][1]):
        assert told not in page
        assert told in door.clerk.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    assert made.sha256 in page
