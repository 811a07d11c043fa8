"""Putting exhibits in, through the page."""

import errno
import hashlib
import os
import threading
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from court.cases import stages
from court.cases.models import Case, DocketEntry
from court.evidence.models import Exhibit
from court.ledger.services import verify as verify_ledger


def kept_files(house):
    return [path for path in Path(house.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("make", "name", "kind", "media_type"),
    [
        (lambda f: f.pdf(3), "letter.pdf", "pdf", "application/pdf"),
        (lambda f: f.image("PNG"), "photo.png", "image", "image/png"),
        (lambda f: f.image("JPEG"), "photo.jpg", "image", "image/jpeg"),
        (lambda f: f.image("WEBP"), "photo.webp", "image", "image/webp"),
        (lambda f: f.wav(), "call.wav", "audio", "audio/wav"),
        (lambda f: f.video("webm", "libvpx"), "door.webm", "video", "video/webm"),
        (lambda f: f.video("mp4", "mpeg4"), "door.mp4", "video", "video/mp4"),
        (lambda f: f.image("JPEG"), "photo.png", "image", "image/jpeg"),
        (lambda f: f.pdf(1), "letter without an ending", "pdf", "application/pdf"),
    ],
)
def test_the_content_decides_what_a_file_is(case, files, put_in, make, name, kind, media_type):
    content = make(files)
    assert put_in(case, content, name).status_code == 302
    exhibit = Exhibit.objects.get()
    assert (exhibit.kind, exhibit.media_type) == (kind, media_type)
    assert exhibit.sha256 == hashlib.sha256(content).hexdigest()
    assert exhibit.size == len(content)
    assert exhibit.file.open().read() == content


def test_pages_and_seconds_are_counted(case, files, put_in):
    put_in(case, files.pdf(3))
    put_in(case, files.wav(0.5), "call.wav")
    first, second = Exhibit.objects.order_by("pk")
    assert first.pages == 3
    assert second.seconds == pytest.approx(0.5, abs=0.01)


def javascript(_files):
    return _files.pdf(
        root={
            "/OpenAction": pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")),
        }
    )


def launch(_files):
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
    return _files.pdf(root={"/Names": pikepdf.Dictionary(Weird=pikepdf.Array([action]))})


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (lambda f: b"", "letter.pdf", "This file is empty"),
        (lambda f: b"%PDF-1.7\nnothing more", "letter.pdf", "damaged"),
        (lambda f: f.pdf()[: len(f.pdf()) // 3], "letter.pdf", "damaged"),
        (lambda f: f.image("PNG", (300, 300))[:90], "photo.png", "damaged"),
        (lambda f: f.wav()[:30], "call.wav", "damaged"),
        (lambda f: b"MZ\x90\x00" + bytes(500), "letter.pdf", "cannot use this kind of file"),
        (lambda f: b"<html><script>alert(1)</script></html>", "photo.png", "cannot use this kind of file"),
        (lambda f: b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "a.svg", "cannot use this kind of file"),
        (lambda f: b"PK\x03\x04" + bytes(100), "letter.docx", "cannot use this kind of file"),
        (lambda f: f.image("PNG"), "letter.pdf", "not what its name says"),
        (lambda f: f.pdf(), "photo.jpg", "not what its name says"),
        (lambda f: f.pdf(encryption=pikepdf.Encryption(owner="o", user="secret")), "a.pdf", "locked with a password"),
        (javascript, "form.pdf", "contains a program"),
        (launch, "form.pdf", "contains a program"),
        (lambda f: f.image("PNG", (9100, 9100), 0), "big.png", "too many pixels"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_file_that_cannot_be_an_exhibit_gets_one_clear_message_at_the_field(
    case, files, put_in, house, caplog, make, name, words
):
    answer = put_in(case, make(files), name)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert page.count('class="field__error"') == 2  # the field's own, and the one for a broken connection, hidden
    assert "Letter of 3 March" in page
    assert not Exhibit.objects.exists()
    assert not DocketEntry.objects.exists()
    assert kept_files(house) == []
    assert name not in caplog.text


def test_a_file_over_the_limit_is_refused_and_what_was_typed_is_kept(case, files, put_in, house):
    house.COURT_EXHIBIT_MAX_BYTES = 1000
    answer = put_in(case, files.wav(0.5), "call.wav", shows="The call itself")
    assert answer.status_code == 413
    page = answer.content.decode()
    assert "larger than 1" in page
    assert "The call itself" in page
    assert kept_files(house) == []


def test_a_form_without_a_file_or_a_title_says_so(case, files, put_in, house):
    assert "Choose a file" in put_in(case, None).content.decode()
    answer = put_in(case, files.pdf(), title="")
    assert answer.status_code == 400
    assert kept_files(house) == []


@pytest.mark.parametrize("where", ["write", "move"])
def test_a_full_disk_is_said_and_nothing_is_half_stored(case, files, put_in, house, caplog, monkeypatch, where):
    put_in(case, files.pdf(say="first"))

    def full(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        if where == "write":
            disk.setattr(os, "fsync", full)
        else:
            disk.setattr(Path, "replace", full)
        answer = put_in(case, files.pdf(say="second"))
    assert answer.status_code == 507
    page = answer.content.decode()
    assert "Nothing that was filed before was lost" in page
    assert "It arrived." in page
    assert Exhibit.objects.count() == 1
    assert len(kept_files(house)) == 1
    assert "disk is full" in caplog.text


def test_each_side_has_its_own_numbers(case, files, put_in):
    for n in range(2):
        put_in(case, files.pdf(say=f"c{n}"))
        put_in(case, files.pdf(say=f"r{n}"), by="respondent")
    labels = Exhibit.objects.order_by("pk").values_list("label", flat=True)
    assert list(labels) == ["C1", "R1", "C2", "R2"]


def test_the_same_file_is_not_stored_twice_for_one_side(case, files, put_in, house):
    same = files.pdf()
    put_in(case, same)
    answer = put_in(case, same, "copy.pdf")
    assert answer.status_code == 409
    assert "there already, as exhibit C1" in answer.content.decode()
    assert put_in(case, same, by="respondent").status_code == 302
    assert Exhibit.objects.count() == 2
    assert len(kept_files(house)) == 2


def test_the_docket_and_the_ledger_keep_the_hash(case, files, put_in, door):
    content = files.pdf()
    put_in(case, content)
    entry = DocketEntry.objects.get(kind="exhibit_filed")
    assert entry.details["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry.actor_name == "Kim Jiwoo"
    verify_ledger()
    page = door.respondent.get(f"/exhibits/{Exhibit.objects.get().pk}/").content.decode()
    assert entry.details["sha256"] in page
    assert "nothing in the file was changed after it was received" in page


def test_who_may_see_the_case_may_open_its_exhibits_and_nobody_else(case, files, put_in, door):
    content = files.pdf()
    put_in(case, content)
    exhibit = Exhibit.objects.get()
    for part in ("claimant", "respondent", "judge", "clerk"):
        answer = getattr(door, part).get(f"/exhibits/{exhibit.pk}/file")
        assert b"".join(answer.streaming_content) == content
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert getattr(door, part).get(f"/exhibits/{exhibit.pk}/").status_code == 200
    for part in ("mediator", "stranger", "administrator", "observer"):
        for address in (f"/exhibits/{exhibit.pk}/", f"/exhibits/{exhibit.pk}/file", f"/cases/{case.label}/exhibits/"):
            assert getattr(door, part).get(address).status_code == 404


def test_only_a_party_puts_exhibits_in(case, files, put_in):
    for part in ("judge", "clerk"):
        assert put_in(case, files.pdf(), by=part).status_code == 409
    for part in ("stranger", "mediator"):
        assert put_in(case, files.pdf(), by=part).status_code == 404
    assert put_in(case, files.pdf(), by="nobody").status_code == 302
    assert not Exhibit.objects.exists()


def test_nothing_is_added_to_a_closed_case(case, files, put_in):
    Case.objects.filter(pk=case.pk).update(stage=stages.DECIDED)
    answer = put_in(case, files.pdf())
    assert answer.status_code == 409
    assert "cannot add exhibits to this case now" in answer.content.decode()


def test_the_form_is_protected_against_other_sites(case, files, cast):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.claimant, backend="django.contrib.auth.backends.ModelBackend")
    answer = strict.post(f"/cases/{case.label}/exhibits/", {"title": "x"})
    assert answer.status_code in (302, 403)
    assert not Exhibit.objects.exists()


def test_before_the_claim_is_sent_an_exhibit_can_be_taken_out(draft, files, put_in, door):
    put_in(draft, files.pdf(say="a"))
    put_in(draft, files.pdf(say="b"))
    first = Exhibit.objects.order_by("pk")[0]
    answer = door.claimant.post(f"/exhibits/{first.pk}/withdraw/", follow=True)
    assert "Exhibit C1 was taken out" in answer.content.decode()
    first.refresh_from_db()
    assert Path(first.file.path).exists()
    assert put_in(draft, files.pdf(say="a")).status_code == 302  # it can be put in again, under a number of its own
    assert list(Exhibit.objects.filter(withdrawn_at=None).order_by("pk").values_list("label", flat=True)) == [
        "C2",
        "C3",
    ]
    assert DocketEntry.objects.filter(kind="exhibit_withdrawn").count() == 1


def test_after_that_it_cannot_be_taken_out_and_withdrawn_ones_stay_hidden(case, files, put_in, door):
    put_in(case, files.pdf())
    exhibit = Exhibit.objects.get()
    answer = door.claimant.post(f"/exhibits/{exhibit.pk}/withdraw/", follow=True)
    assert "can no longer be taken out" in answer.content.decode()
    assert door.respondent.post(f"/exhibits/{exhibit.pk}/withdraw/").status_code == 302
    Exhibit.objects.update(withdrawn_at=exhibit.uploaded_at)
    assert door.respondent.get(f"/exhibits/{exhibit.pk}/").status_code == 404
    assert door.judge.get(f"/exhibits/{exhibit.pk}/file").status_code == 404
    assert door.claimant.get(f"/exhibits/{exhibit.pk}/").status_code == 200


def test_a_draft_is_its_authors_alone(draft, files, put_in, door):
    put_in(draft, files.pdf())
    exhibit = Exhibit.objects.get()
    for part in ("clerk", "judge", "respondent", "stranger"):
        assert getattr(door, part).get(f"/exhibits/{exhibit.pk}/").status_code == 404


def test_sound_is_played_in_parts(case, files, put_in, door):
    content = files.wav(0.5)
    put_in(case, content, "call.wav")
    exhibit = Exhibit.objects.get()
    answer = door.judge.get(f"/exhibits/{exhibit.pk}/file", headers={"Range": "bytes=100-199"})
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == content[100:200]
    assert "<audio" in door.judge.get(f"/exhibits/{exhibit.pk}/").content.decode()


def test_a_documents_first_pages_are_drawn_for_those_who_may_see_it(case, files, put_in, door, work):
    put_in(case, files.pdf(5))
    work()
    exhibit = Exhibit.objects.get()
    page = door.judge.get(f"/exhibits/{exhibit.pk}/").content.decode()
    assert "The first 3 of 5 pages" in page
    picture = door.judge.get(f"/exhibits/{exhibit.pk}/pages/1.png")
    assert b"".join(picture.streaming_content).startswith(b"\x89PNG")
    assert door.judge.get(f"/exhibits/{exhibit.pk}/pages/4.png").status_code == 404
    assert door.stranger.get(f"/exhibits/{exhibit.pk}/pages/1.png").status_code == 404


def test_a_missing_file_is_said_calmly(case, files, put_in, door):
    put_in(case, files.pdf())
    exhibit = Exhibit.objects.get()
    Path(exhibit.file.path).unlink()
    assert door.judge.get(f"/exhibits/{exhibit.pk}/file").status_code == 404


def test_what_a_dead_process_was_receiving_is_removed_after_a_day(house):
    from court.evidence.receiving import incoming
    from court.evidence.tasks import clear_incoming

    old, fresh = incoming() / "old", incoming() / "fresh"
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(old, (1_000_000, 1_000_000))
    clear_incoming()
    assert (old.exists(), fresh.exists()) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_exhibits_put_in_at_once_are_numbered_without_a_gap(transactional_db, case, files, cast):
    if connection.is_in_memory_db() if connection.vendor == "sqlite" else False:
        pytest.skip("A database in memory has no writers at once; this runs on PostgreSQL.")
    contents = [files.pdf(say=f"n{n}") for n in range(5)]
    answers = []

    def send(content):
        from django.core.files.uploadedfile import SimpleUploadedFile

        client = Client()
        client.force_login(cast.claimant, backend=settings.AUTHENTICATION_BACKENDS[0])
        form = {"title": "Letter", "file": SimpleUploadedFile("a.pdf", content)}
        answers.append(client.post(f"/cases/{case.label}/exhibits/", form).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 5
    assert sorted(Exhibit.objects.values_list("label", flat=True)) == ["C1", "C2", "C3", "C4", "C5"]
