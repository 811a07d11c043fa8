"""Anybody who was given the certified record is told at /verify/ whether it is the court's, and what it is."""

import json
import shutil
from io import BytesIO
from types import SimpleNamespace

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from court.orders.sealing import seal
from tests.transcripts.conftest import as_each_finds_it, made_for_all
from tests.transcripts.hearings import a_case, heard
from transcripts.models import Certificate, Clearance, PagesFile, RecordSignature, VersionKind
from transcripts.pages import printing, services
from transcripts.versions import keep

SAID = [
    ("Choi Min", "witness", 1.0 + 20 * turn, "The van came at nine and left a parcel outside.") for turn in range(30)
]


def certify(record, cast):
    version = keep(record, VersionKind.CERTIFIED, by=cast.clerk)
    told = json.dumps({"text": version.sha256, "media": [], "alignment": "cd" * 32})
    return Certificate.objects.create(
        version=version, transcript=record, certified_by=cast.judge, manifest=told, sha256="ef" * 32
    )


def volumes(certificate, clearance=Clearance.PARTY):
    services.make_files(certificate.version, "us-25", clearance, lambda share: None)
    return [one.file.read() for one in services.files_of(certificate.version, "us-25", clearance)]


@pytest.fixture(scope="module")
def given_out(django_db_setup, django_db_blocker, pki, tmp_path_factory):
    """A certified record and its file for the parties, made and signed once for all of these."""
    folder = tmp_path_factory.mktemp("court")
    shutil.copytree(pki / "pki", folder / "pki")
    signing = {"COURT_SIGNING_P12": str(folder / "pki" / "court.p12"), "COURT_SIGNING_PASSWORD": ""}
    with made_for_all(django_db_blocker, folder, **signing) as cast:
        certificate = certify(heard(a_case(cast), SAID, judge=cast.judge), cast)
        (pdf,) = volumes(certificate)
        yield SimpleNamespace(cast=cast, certificate=certificate.pk, pdf=pdf, folder=folder)


@pytest.fixture
def cast(db, given_out):
    return as_each_finds_it(given_out.cast)


@pytest.fixture(autouse=True)
def court_home(house, given_out, tmp_path):
    """The court's keys, and a copy of its files: a test may put them away."""
    shutil.copytree(given_out.folder / "files", tmp_path / "files")
    house.DATA_DIR = given_out.folder
    house.COURT_SIGNING_P12 = str(given_out.folder / "pki" / "court.p12")
    house.COURT_SIGNING_PASSWORD = ""


@pytest.fixture
def certificate(cast, given_out):
    return Certificate.objects.get(pk=given_out.certificate)


@pytest.fixture
def record(certificate):
    return certificate.transcript


@pytest.fixture
def pdf(given_out):
    return given_out.pdf


def verify(client, pdf):
    return client.post("/verify/", {"file": SimpleUploadedFile("r.pdf", pdf, "application/pdf")}).content.decode()


def test_each_volume_of_the_certified_record_is_known_by_kind_case_version_date_and_signer(
    cast, record, door, monkeypatch
):
    monkeypatch.setattr(printing, "VOLUME", 4)
    files = volumes(certify(record, cast))
    assert len(files) == 2, len(files)
    for number, pdf in enumerate(files, 1):
        page = verify(door.nobody, pdf)
        assert "Genuine and unchanged" in page
        assert "Certified record of a hearing" in page
        assert record.case.label in page
        assert "Ada Park" in page
        assert f"volume {number} of {len(files)}" in page
        assert "was issued by this court" in page
        assert "There is a later one" not in page
    assert f"/transcripts/{record.pk}/certificate" not in verify(door.nobody, files[0])
    assert f"/transcripts/{record.pk}/certificate" in verify(door.claimant, files[0])


def test_a_copy_that_was_put_away_is_still_known_and_a_later_version_is_told_of(cast, record, certificate, pdf, door):
    RecordSignature.objects.create(certificate=certificate, user=cast.claimant, name="Kim Jiwoo", role="claimant")
    services.put_away_what_is_outdated()
    assert not PagesFile.objects.exists()
    page = verify(door.nobody, pdf)
    assert "Genuine and unchanged" in page
    assert "changed since" in page
    second = certify(record, cast)
    page = verify(door.nobody, pdf)
    assert "Genuine and unchanged" in page
    assert f"Version {second.version.number} of this record was certified" in page


def test_of_a_sealed_case_strangers_learn_whether_a_file_is_genuine_and_nothing_else(record, pdf, door):
    record.case.sealed = True
    record.case.save()
    for stranger in (door.nobody, door.stranger):
        page = verify(stranger, pdf)
        assert "Genuine and unchanged" in page
        for secret in (record.case.label, "Certified record of a hearing", "Ada Park", "Signed by", "Time of the"):
            assert secret not in page, secret
        added = verify(stranger, with_a_revision(pdf))
        assert "Changed after it was signed" in added
        assert record.case.label not in added
        assert record.case.label not in verify(stranger, with_one_byte_changed(pdf))
    assert record.case.label in verify(door.claimant, pdf)


def with_a_revision(pdf):
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.pdf_name("/Rotate")] = generic.NumberObject(90)
    writer.update_container(page)
    writer.write(out := BytesIO())
    return out.getvalue()


def with_one_byte_changed(pdf):
    place = pdf.index(b"/Title")
    return pdf[: place + 1] + b"S" + pdf[place + 2 :]


def test_a_record_that_was_changed_or_added_to_is_plainly_told_of(pdf, door):
    added = verify(door.nobody, with_a_revision(pdf))
    assert "Changed after it was signed" in added
    assert "What it was before it was changed" in added
    assert "was issued by this court" not in added
    broken = verify(door.nobody, with_one_byte_changed(pdf))
    assert "The signature does not hold" in broken
    for page in (added, broken):
        assert "Genuine" not in page


def test_a_record_signed_by_somebody_else_is_not_the_courts(cast, record, door, house, given_out, tmp_path):
    version = keep(record, VersionKind.EDITED, by=cast.clerk)
    services.make_files(version, "us-25", Clearance.PARTY, lambda share: None)
    unsigned = PagesFile.objects.get(pagination__version=version).file.read()
    house.DATA_DIR = tmp_path
    house.COURT_SIGNING_P12 = str(tmp_path / "pki" / "court.p12")
    theirs = seal(unsigned, name=house.COURT_NAME, reason="Certified record", place=house.COURT_ORIGIN)
    house.DATA_DIR, house.COURT_SIGNING_P12 = given_out.folder, str(given_out.folder / "pki" / "court.p12")
    page = verify(door.nobody, theirs)
    assert "Not signed by this court" in page
    assert record.case.label not in page
    assert "No signature" in verify(door.nobody, unsigned)


def test_what_a_file_says_of_itself_is_never_repeated_as_the_courts_word(door):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made := BytesIO())
    ours = seal(made.getvalue(), name="Court", reason="Order C-2026-9999/O1", place="Online")
    page = verify(door.nobody, ours)
    assert "C-2026-9999" not in page
    assert "was issued by this court" not in page


def test_a_file_the_court_gave_out_stays_genuine_when_the_court_has_another_certificate(
    record, pdf, door, house, tmp_path
):
    house.DATA_DIR = tmp_path
    house.COURT_SIGNING_P12 = str(tmp_path / "pki" / "court.p12")
    page = verify(door.nobody, pdf)
    assert "Genuine and unchanged" in page
    assert record.case.label in page
