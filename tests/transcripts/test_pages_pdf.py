"""The numbered pages on paper: what is printed is what is stored, without what is hidden, signed when certified."""

import io
import json
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse
from pypdf import PdfReader

from court.cases.models import Role
from court.hearings.models import Presentation
from tests.archives import faults
from tests.transcripts.hearings import a_case, heard
from tests.transcripts.numbered import SECRET, a_record, redact
from transcripts.models import (
    Certificate,
    Clearance,
    Correction,
    CorrectionState,
    Level,
    PagesFile,
    VersionKind,
)
from transcripts.pages import index, printing, services
from transcripts.pages.masking import blocked, hidden_words
from transcripts.pages.printing import Book, render
from transcripts.text import BLOCK
from transcripts.versions import keep


@pytest.fixture
def record(cast):
    return a_record(cast)


@pytest.fixture
def version(record):
    return index.version_to_cite(record)


def certify(version, *, by):
    return Certificate.objects.create(
        version=version,
        transcript=version.transcript,
        certified_by=by,
        manifest=json.dumps({"text": version.sha256, "media": [["sound.opus", "ab" * 32]], "alignment": "cd" * 32}),
        sha256="ef" * 32,
    )


def printed(file) -> list[list[str]]:
    """The lines of each page, as an independent reader finds them."""
    return [page.extract_text().splitlines() for page in PdfReader(io.BytesIO(file)).pages]


def everything_in(pdf: bytes) -> bytes:
    """All that is in a PDF: its bytes, every stream unpacked, every string, and the text of its pages."""
    found = [pdf]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    found.append(thing.read_bytes())
                except pikepdf.PdfError:
                    found.append(thing.read_raw_bytes())
                found.append(repr(dict(thing)).encode())
            else:
                found.append(repr(thing).encode())
    for page in PdfReader(io.BytesIO(pdf)).pages:
        found.append(page.extract_text().encode())
    return b"\n".join(found)


@pytest.mark.parametrize("format", ["us-25", "a4-32"])
def test_every_printed_line_is_the_stored_one(cast, record, version, format):
    pages = index.paginated(version, format)
    read = printed(render(Book(pages, Clearance.COURT), 1))
    wrong = []
    for line in pages.page_lines.exclude(text=""):
        if line.text.rstrip() not in read[line.page - 1]:
            wrong.append((str(line), line.text, read[line.page - 1]))
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "text", "heading"),
    [
        ("ko", "소포가 삼월 삼일에 도착하였고 원고는 계약서에 서명하지 않았습니다.", "ko"),
        ("zh", "原告三月三日收到包裹，被告没有签字。", "zh-hans"),
    ],
)
def test_korean_and_chinese_are_printed_as_they_are_stored(cast, language, text, heading):
    record = heard(a_case(cast), [("김지우", "claimant", 1.0, text)] * 3, judge=cast.judge, language=language)
    pages = index.paginated(index.version_to_cite(record), "a4-25")
    assert pages.language == heading
    read = printed(render(Book(pages, Clearance.COURT), 1))
    for line in pages.page_lines.exclude(first_word=None):
        assert line.text.rstrip() in read[line.page - 1]


def test_what_is_hidden_is_nowhere_in_the_file_and_moves_no_line(cast, record, version):
    pages = index.paginated(version)
    redact(record, SECRET, by=cast.clerk)
    said = record.utterances.order_by("position")[3].words
    Correction.objects.create(
        transcript=record, first_word=said[0][4], last_word=said[-1][4], stands=f"the name {SECRET}",
        proposed=f"the name {SECRET}ya", reason=f"She is called {SECRET}.", asked_by=cast.claimant,
        state=CorrectionState.REFUSED, decided_by=cast.judge, answer=f"The sound has {SECRET}.",
    )  # fmt: skip
    public = render(Book(pages, Clearance.PUBLIC), 1)
    found = everything_in(public)
    for form in (SECRET.encode(), SECRET.lower().encode(), SECRET.encode("utf-16-be"), SECRET.encode().hex().encode()):
        assert form not in found
    read = printed(public)
    line = pages.page_lines.filter(text__contains=SECRET).first()
    text, left = blocked(line.text, line.words, hidden_words(version, Clearance.PUBLIC), 60)
    assert BLOCK in text
    assert text.rstrip() in read[line.page - 1]
    for number, first, last in left:
        assert text[first:last] == next(line.text[a:b] for n, a, b in line.words if n == number)
    court = render(Book(pages, Clearance.COURT), 1)
    assert SECRET.encode() in everything_in(court)
    assert any(SECRET in line for page in printed(court) for line in page)


def test_the_file_names_the_time_of_each_line(version):
    pages = index.paginated(version)
    read = PdfReader(io.BytesIO(render(Book(pages, Clearance.COURT), 1)))
    told = json.loads(read.attachments["page-line-index.json"][0])
    stored = pages.page_lines.exclude(first_word=None)
    assert [(one["page"], one["line"], one["second"]) for one in told["lines"]] == [
        (line.page, line.line, line.second) for line in stored
    ]


def test_a_word_is_found_in_the_word_index(version):
    pages = index.paginated(version)
    book = Book(pages, Clearance.COURT)
    entries = [entry for page in book.pages if page.entries for entry in page.entries]
    driver = next(entry for entry in entries if entry.startswith("driver  "))
    first = pages.page_lines.filter(text__contains="driver").first()
    assert f"{first.page}:{first.line}" in driver
    assert not any(entry.startswith("the  ") for entry in entries)


def test_an_uncertified_record_says_so_on_every_page_and_a_certified_one_is_signed(cast, record, version, door, work):
    there = reverse("transcript_pages", args=[record.pk])
    assert door.claimant.post(reverse("transcript_pages_print", args=[record.pk])).status_code == 302
    assert "The PDF is being made" in door.claimant.get(there).content.decode()
    work()
    file = PagesFile.objects.get()
    assert not file.signed
    assert all("Machine transcript, not certified" in "\n".join(page) for page in printed(file.file.read()))
    kept = keep(record, VersionKind.CERTIFIED, by=cast.clerk)
    certify(kept, by=cast.judge)
    address = reverse("transcript_pages_file", args=[record.pk, file.pk])
    assert door.claimant.get(address).status_code == 200
    door.claimant.post(reverse("transcript_pages_print", args=[record.pk]))
    work()
    made = services.files_of(kept, "us-25", Clearance.PARTY).get()
    answer = door.claimant.get(reverse("transcript_pages_file", args=[record.pk, made.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    pdf = b"".join(answer.streaming_content)
    assert made.signed
    text = printed(pdf)
    assert not any("not certified" in "\n".join(page) for page in text)
    assert any("CERTIFICATE" in line for line in text[-1])
    assert "ef" * 16 in "\n".join(text[-1])


RARE = "\U0001f600 \u0e01 \U00020000 \u0627 \ue000 \U000e0041"  # no installed face has all of these


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The parcel arrived on the third of March"),
        ("ko", "소포가 삼월 삼일에 도착하였습니다"),
        ("zh", "原告三月三日收到包裹，被告没有签字"),
    ],
)
def test_independent_readers_find_nothing_against_a_certified_file_for_archives_and_screen_readers(
    cast, tmp_path, language, text
):
    said = [("Kim Jiwoo", "claimant", 1.0, f"{text} {RARE}"), ("Choi Min", "witness", 9.0, f"{text}.")]
    record = heard(a_case(cast), said * 8, judge=cast.judge, language=language)
    kept = keep(record, VersionKind.CERTIFIED, by=cast.clerk)
    certify(kept, by=cast.judge)
    services.make_files(kept, "a4-25", Clearance.COURT, lambda share: None)
    path = tmp_path / "record.pdf"
    path.write_bytes(services.files_of(kept, "a4-25", Clearance.COURT).get().file.read())
    assert faults(path, language) == []
    told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told


def test_a_file_is_not_given_out_any_more_when_words_were_hidden_since(cast, record, version, door, work):
    door.claimant.post(reverse("transcript_pages_print", args=[record.pk]))
    work()
    file = PagesFile.objects.get()
    address = reverse("transcript_pages_file", args=[record.pk, file.pk])
    assert door.claimant.get(address).status_code == 200
    redact(record, SECRET, by=cast.clerk, level=Level.SEALED)
    assert door.claimant.get(address).status_code == 404
    assert door.clerk.get(address).status_code == 404
    services.put_away_what_is_outdated()
    assert not PagesFile.objects.exists()
    assert not file.file.storage.exists(file.file.name)


def test_a_long_record_is_printed_in_volumes_with_consecutive_pages(record, version, monkeypatch):
    monkeypatch.setattr(printing, "VOLUME", 3)
    services.make_files(version, "us-25", Clearance.COURT, lambda share: None)
    files = list(services.files_of(version, "us-25", Clearance.COURT))
    assert len(files) > 2
    assert [file.first_page for file in files] == [1, *[file.last_page + 1 for file in files[:-1]]]
    numbers = []
    for file in files:
        pdf = file.file.read()
        reader = PdfReader(io.BytesIO(pdf))
        assert f"volume {file.volume} of {len(files)}" in reader.metadata.title
        numbers += [line.split()[-1] for page in printed(pdf) for line in page if line.startswith("Online Court · ")]
        assert headings(pdf)[0] == "H1"
    assert numbers == [str(number) for number in range(1, files[-1].last_page + 1)]


def headings(pdf: bytes) -> list[str]:
    """The headings of a tagged PDF, in the order they are read."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)
        elif isinstance(node, pikepdf.Dictionary):
            if str(node.get("/S", ""))[1:] in ("H1", "H2", "H3"):
                found.append(str(node.S)[1:])
            if "/K" in node:
                walk(node.K)

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        walk(opened.Root.StructTreeRoot.K)
    return found


def test_the_title_of_an_exhibit_tells_nothing_that_is_hidden(cast, record, door):
    from court.evidence.models import Exhibit, Kind

    exhibit = Exhibit.objects.create(
        case=record.case, party=record.case.parties.get(role=Role.CLAIMANT), label="C1", title=f"Letter of {SECRET}",
        kind=Kind.IMAGE, original_name="a.png", media_type="image/png", size=1, sha256="0" * 64,
        uploaded_by=cast.claimant,
    )  # fmt: skip
    Presentation.objects.create(
        hearing=record.hearing, exhibit=exhibit, by=cast.judge, at=record.recording.started_at + timedelta(seconds=33)
    )
    version = keep(record, VersionKind.EDITED, by=cast.clerk)
    pages = index.paginated(version)
    page = pages.page_lines.get(text__contains=SECRET, first_word=None).page
    there = reverse("transcript_pages", args=[record.pk])
    assert SECRET in door.claimant.get(there, {"page": page}).content.decode()
    redact(record, SECRET, by=cast.clerk, level=Level.SEALED)
    shown = door.claimant.get(there, {"page": page}).content.decode()
    assert SECRET not in shown
    assert SECRET.encode() not in everything_in(render(Book(pages, Clearance.PARTY), 1))


def test_a_correction_is_printed_with_the_page_and_line_of_its_own_format(cast, record, version):
    said = record.utterances.order_by("position").last().words
    Correction.objects.create(
        transcript=record, first_word=said[0][4], last_word=said[1][4], stands="Nothing at", proposed="Nothing of",
        reason="It was of.", asked_by=cast.claimant, state=CorrectionState.ALLOWED, decided_by=cast.judge,
    )  # fmt: skip
    for format in ("us-25", "us-32"):
        pages = index.paginated(version, format)
        page, line = index.places_of(pages).of[said[0][4]]
        text = "\n".join(line.text for page in Book(pages, Clearance.COURT).pages for line in page.lines)
        assert f"{page}:{line}  Allowed" in text
        assert "Asked: Nothing of" in text
