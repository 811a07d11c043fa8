"""The order as a signed PDF: what independent tools say of it."""

import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from weasyprint.urls import FatalURLFetchingError

from court.cases.models import DocketEntry
from court.orders import services
from court.orders.certificate import signing_file
from court.orders.models import Order
from court.orders.rendering import render_order
from court.orders.sealing import seal
from court.work.models import Job, State
from tests.archives import faults


def pdfsig(pdf, tmp_path):
    path = tmp_path / "order.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdfsig", str(path)], capture_output=True, text=True).stdout


def text_of(pdf, tmp_path):
    path = tmp_path / "text.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True).stdout


def verify(client, pdf, name="order.pdf"):
    return client.post("/verify/", {"file": SimpleUploadedFile(name, pdf, "application/pdf")})


def changed(pdf):
    """The PDF with one byte of its signed content changed."""
    place = pdf.index(b"/Title")
    return pdf[: place + 1] + b"S" + pdf[place + 2 :]


def test_an_independent_reader_finds_the_signature_valid_and_the_whole_file_signed(issued, tmp_path):
    said = pdfsig(issued().pdf, tmp_path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_one_changed_byte_breaks_it_for_the_independent_reader_and_for_the_court(issued, door, tmp_path):
    pdf = changed(issued().pdf)
    assert "Digest Mismatch" in pdfsig(pdf, tmp_path)
    assert "The signature does not hold" in verify(door.nobody, pdf).content.decode()


def test_anyone_is_told_that_the_file_is_genuine(issued, door):
    made = issued()
    page = verify(door.nobody, made.pdf).content.decode()
    assert "Genuine and unchanged" in page
    assert "Order C-2026-0012/O1" in page
    assert "confirmed by a time-stamp" in page
    assert "was issued by this court" in page


def test_a_file_to_which_something_was_added_is_not_called_genuine(issued, door):
    pdf = issued().pdf
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.pdf_name("/Rotate")] = generic.NumberObject(90)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(pdf)
    answer = verify(door.nobody, out.getvalue()).content.decode()
    assert "Changed after it was signed" in answer
    assert "Genuine" not in answer


def test_a_file_signed_by_somebody_else_is_not_the_courts(issued, door, house, tmp_path):
    unsigned = render_order(issued().order)
    right = house.DATA_DIR, house.COURT_SIGNING_P12
    house.DATA_DIR = tmp_path / "another"
    house.DATA_DIR.mkdir()
    house.COURT_SIGNING_P12 = str(house.DATA_DIR / "pki" / "court.p12")
    theirs = seal(unsigned, name=house.COURT_NAME, reason="Order", place=house.COURT_NAME)
    house.DATA_DIR, house.COURT_SIGNING_P12 = right
    assert "Not signed by this court" in verify(door.nobody, theirs).content.decode()


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 400, "This file is empty"),
        (b"PK\x03\x04 not a pdf", 400, "This is not a PDF file"),
        (b"%PDF-1.7\nbroken from here on", 200, "This file cannot be read"),
        (b"%PDF-1.7\n" + b"\x00" * 21_000_000, 413, "larger than 20 MB"),
    ],
)
def test_a_wrong_empty_broken_or_too_large_file_gets_one_clear_message(door, content, status, words):
    answer = verify(door.nobody, content)
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_an_unsigned_pdf_is_said_to_be_unsigned(door):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(written := BytesIO())
    assert "No signature" in verify(door.nobody, written.getvalue()).content.decode()


RARE = "\U0001f600 \u0e01 \U00020000 \u0627 \ue000 \U000e0041"  # no installed face has all of these


@pytest.mark.parametrize("language", ["en", "ko", "zh-hans"])
def test_independent_readers_find_nothing_against_it_as_an_archives_file_and_for_screen_readers(
    issued, tmp_path, language
):
    path = tmp_path / "order.pdf"
    long = f"Paid {RARE} 원고는 包裹 in full. " * 120  # several pages
    path.write_bytes(issued(language=language, title=f"Judgment {RARE}", findings=long).pdf)
    assert faults(path, language[:2]) == []
    with pikepdf.open(path) as opened:
        assert not opened.attachments


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "must pay Kim Jiwoo the sum of £1,234.50"), ("ko", "지급하라"), ("zh-hans", "驳回")],
)
def test_the_pdf_reads_in_the_orders_language(issued, tmp_path, language, words):
    kind = "dismissal" if language == "zh-hans" else "judgment"
    text = text_of(issued(kind=kind, language=language).pdf, tmp_path)
    assert words.replace(" ", "") in "".join(text.split())  # wherever the lines were broken
    assert "Ada Park" in text
    assert "C-2026-0012/O1" in text


def test_characters_without_a_glyph_are_marked_and_do_not_break_the_file(issued, tmp_path):
    text = text_of(issued(findings="Paid \N{GRINNING FACE} in\x07 full.").pdf, tmp_path)
    assert "Paid 〓 in full." in text


def test_an_order_cannot_reach_for_a_file_or_the_network(write, monkeypatch):
    order = write(findings='<img src="file:///etc/passwd">')
    monkeypatch.setattr("court.orders.rendering.emblem", lambda: "file:///etc/passwd")
    with pytest.raises(FatalURLFetchingError):
        render_order(order)


def test_those_who_may_see_the_case_download_the_order_and_nobody_else(issued, door):
    made = issued()
    address = f"/orders/{made.order.pk}/pdf"
    for part in ("claimant", "respondent", "judge", "clerk"):
        answer = getattr(door, part).get(address)
        assert b"".join(answer.streaming_content) == made.pdf
        assert "C-2026-0012-O1.pdf" in answer["Content-Disposition"]
    for part in ("mediator", "administrator", "stranger", "interpreter", "observer"):
        assert getattr(door, part).get(address).status_code == 404
        assert getattr(door, part).get(f"/orders/{made.order.pk}/").status_code == 404


def test_issuing_again_changes_nothing_and_leaves_no_second_file(issued, house):
    made = issued()
    services.issue_order(made.order.pk)
    assert len(list(Path(house.MEDIA_ROOT).rglob("*.pdf"))) == 1
    assert DocketEntry.objects.filter(kind="order_issued").count() == 1
    assert made.order.sha256 == DocketEntry.objects.get(kind="order_issued").details["sha256"]


def test_a_worker_that_dies_after_writing_the_file_leaves_no_half_order(write, sign, work, house, monkeypatch):
    order = write()
    sign(order)

    def dies(*_args, **_details):
        raise OSError("the machine stopped")

    with monkeypatch.context() as broken:
        broken.setattr(services, "_tell_parties", dies)
        work()
    order.refresh_from_db()
    assert (order.state, order.file.name) == ("signed", "")
    assert not DocketEntry.objects.filter(kind="order_issued").exists()
    Job.objects.filter(name="issue_order").update(due_at=order.signed_at, state=State.WAITING)
    work()
    order.refresh_from_db()
    assert order.state == "issued"
    assert [path.name for path in Path(house.MEDIA_ROOT).rglob("*.pdf")] == [Path(order.file.name).name]


def test_when_the_pdf_cannot_be_made_the_judge_is_told_and_can_try_again(judge, write, sign, work, house):
    right = house.COURT_SIGNING_P12
    order = write()
    sign(order)
    house.COURT_SIGNING_P12 = "/nowhere/court.p12"
    work()
    page = judge.get(f"/orders/{order.pk}/").content.decode()
    assert "The PDF could not be made" in page
    house.COURT_SIGNING_P12 = right
    judge.post(f"/orders/{order.pk}/again/")
    work()
    assert Order.objects.get(pk=order.pk).state == "issued"


def test_the_certificate_can_be_saved_and_its_key_is_the_operators_alone(door, house, tmp_path, capsys):
    house.DATA_DIR = tmp_path
    house.COURT_SIGNING_P12 = str(tmp_path / "pki" / "court.p12")
    call_command("certificate")
    assert "SHA-256" in capsys.readouterr().out
    assert door.nobody.get("/certificate.pem").content.startswith(b"-----BEGIN CERTIFICATE-----")
    for path in signing_file().parent.glob("[!.]*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_production_refuses_a_self_made_certificate(house):
    call_command("certificate")
    house.PRODUCTION = True
    with pytest.raises(CommandError, match="authority"):
        call_command("certificate")
