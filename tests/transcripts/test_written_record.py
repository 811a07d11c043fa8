"""A record somebody wrote, beside the sound: taken in whole, compared, and decided difference by difference."""

import hashlib
import html
import io
import re
import zipfile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from court.cases.models import DocketEntry
from court.work.models import Job, State
from court.work.services import look_around
from tests.transcripts.hearings import a_case, heard
from transcripts.alignment import align
from transcripts.models import Clearance, Discrepancy, Transcript, WrittenRecord, WrittenState
from transcripts.text import lines_of
from transcripts.written import comparing, services

SAID = [
    ("Kim Jiwoo", "claimant", 1.0, "The parcel arrived on the third of March and it was open."),
    ("Li Wei", "respondent", 12.0, "We did not open the parcel before it left our warehouse."),
    ("Kim Jiwoo", "claimant", 24.0, "The frame was broken in two places."),
]
MINUTES = (
    "KIM: The parcel arrived on the thirteenth of March and it was open.\n"
    "LI: We did open the parcel before it left our warehouse.\n"
    "The court rose at noon for half an hour.\n"
    "KIM: The frame was broken in two places.\n"
)
DOCX = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>The parcel </w:t></w:r><w:ins><w:r><w:t>arrived.</w:t></w:r></w:ins>"
    "<w:del><w:r><w:delText>was lost.</w:delText></w:r></w:del></w:p>"
    "<w:p><w:r><w:t>원고는 출석하였다.</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.fixture
def transcript(cast) -> Transcript:
    return heard(a_case(cast), SAID, judge=cast.judge)


@pytest.fixture
def add(door, transcript):
    """``add(text)`` is the clerk's answer to a record that was sent in; keywords replace fields."""

    def send(text=MINUTES, **more):
        return door.clerk.post(
            f"/transcripts/{transcript.pk}/written/", {"title": "Minutes", "language": "en", "text": text, **more}
        )

    return send


@pytest.fixture
def written(add, work) -> WrittenRecord:
    assert add().status_code == 302
    work()
    return WrittenRecord.objects.get()


def page_of(written, door, query=""):
    return door.clerk.get(f"/transcripts/{written.transcript_id}/written/{written.pk}/{query}").content.decode()


def decide(written, door, number, decision, *, seen="open", note="", **more):
    return door.clerk.post(
        f"/transcripts/{written.transcript_id}/written/{written.pk}/differences/{number}",
        {"decision": decision, "seen": seen, "note": note},
        **more,
    )


def docx(content=DOCX, name="word/document.xml"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, content)
    return file.getvalue()


def pdf(*, javascript=False):
    """A page that says: The parcel arrived."""
    file = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(300, 400))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream(b"BT /F1 12 Tf 20 300 Td (The parcel arrived.) Tj ET")
        if javascript:
            document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.save(file)
    return file.getvalue()


def test_a_record_is_kept_whole_with_its_hash(written):
    assert written.text == MINUTES
    assert written.sha256 == hashlib.sha256(MINUTES.encode()).hexdigest()
    entry = DocketEntry.objects.get(kind="written_record_added")
    assert (entry.actor_name, entry.audience, entry.details["sha256"]) == ("Tom Reed", "court", written.sha256)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("minutes.txt", "\ufeffThe parcel arrived.\r\nIt was open.".encode(), "The parcel arrived.\nIt was open."),
        ("minutes.txt", "원고는 출석하였다.".encode("utf-16"), "원고는 출석하였다."),
        ("minutes.docx", docx(), "The parcel arrived.\n원고는 출석하였다."),
        ("minutes.pdf", pdf(), "The parcel arrived."),
    ],
)
def test_the_text_of_a_document_is_read(add, name, content, text):
    assert add("", file=SimpleUploadedFile(name, content)).status_code == 302
    assert WrittenRecord.objects.get().text.strip() == text
    told = DocketEntry.objects.get(kind="written_record_added").details
    assert told["file_sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("minutes.txt", b"", "This file is empty"),
        ("minutes.txt", "Das Paket kam für Müller.".encode("latin-1"), "Save it as UTF-8"),
        ("minutes.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Choose a plain text"),
        ("minutes.docx", docx(name="other.xml"), "Choose a plain text"),
        ("minutes.docx", docx(DOCX[:200]), "damaged"),
        ("minutes.docx", docx('<!DOCTYPE x [<!ENTITY a "b">]>' + DOCX[21:]), "contains a program"),
        ("minutes.docx", b"PK\x03\x04 and no more", "damaged"),
        ("minutes.pdf", b"%PDF-1.7 and no more", "damaged"),
        ("minutes.pdf", pdf(javascript=True), "contains a program"),
        ("minutes.txt", b"  \n \n", "There is no text in it"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_in_words(add, name, content, words):
    answer = add("", file=SimpleUploadedFile(name, content))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert 'value="Minutes"' in answer.content.decode()  # what was typed stays
    assert not WrittenRecord.objects.exists()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"text": ""}, "Paste the text or choose a file."),
        ({"text": "x", "file": SimpleUploadedFile("a.txt", b"x")}, "not both"),
        ({"title": ""}, "Title"),
        ({"text": "\0\0"}, "Paste the text or choose a file."),
    ],
)
def test_a_form_that_is_not_complete_says_what_is_missing(add, form, words):
    answer = add(**form)
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_the_record_stands_beside_what_was_heard(written, door):
    page = page_of(written, door)
    assert page.count("<h1") == 1
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    row = re.search(r'<li class="pair" id="s0".*?</li>', page, re.DOTALL).group()
    left, right = row.split("pair__lane--heard")
    assert "thirteenth" in left
    assert "Kim Jiwoo" in right
    assert "third" in re.sub("thirteenth", "", right)
    assert "The court rose at noon for half an hour" in page
    assert "Not found in the sound" in page


def test_every_word_of_the_record_stands_on_the_page_in_its_order(written, door):
    page = page_of(written, door)
    lanes = re.findall(r'<div class="pair__lane">(.*?)</div>', page, re.DOTALL)
    plain = [re.sub(r"<[^>]+>", "", re.sub(r"</p>", " ", lane.partition("</p>")[2])) for lane in lanes]
    seen = html.unescape(" ".join(plain))
    assert seen.split() == MINUTES.split()


def test_numbers_and_negations_come_first_and_are_for_a_person(written, door):
    found = list(Discrepancy.objects.filter(written=written))
    first = [one for one in found if one.for_person]
    assert {one.record for one in first} >= {"thirteenth"} or any("thirteenth" in one.record for one in first)
    assert any("not" in one.spoken for one in first)
    assert [one.for_person for one in found] == sorted((one.for_person for one in found), reverse=True)
    page = page_of(written, door, "?show=person")
    assert page.count("data-difference=") == len(first)
    assert "a negation" in page


def test_each_difference_is_marked_in_both_lanes_and_leads_to_the_list(written, door):
    page = page_of(written, door)
    for one in Discrepancy.objects.filter(written=written, set_aside=False):
        number = one.position + 1
        assert f'id="d{number}"' in page
        marks = page.count(f'data-mark="{number}"')
        assert marks >= 2 or one.kind in ("moved", "wrong_speaker"), one.kind


def test_words_that_were_not_found_have_no_time(written):
    words = written.alignment["words"]
    rose = next(word for word in words if word["text"] == "rose")
    assert (rose["status"], rose["start"], rose["end"]) == ("unaligned", None, None)


def test_a_decision_is_logged_with_who_and_when(written, door):
    answer = decide(written, door, 1, "sound", note="Clearly the third.")
    assert answer.status_code == 302
    first = Discrepancy.objects.get(written=written, position=0)
    assert (first.decision, first.note, first.decided_by.name) == ("sound", "Clearly the third.", "Tom Reed")
    entry = DocketEntry.objects.get(kind="difference_decided")
    assert (entry.details["decision"], entry.details["before"], entry.audience) == ("sound", "open", "court")
    assert "Clearly the third." in page_of(written, door)


def test_a_decision_that_is_changed_leaves_the_earlier_in_the_docket(written, door):
    decide(written, door, 1, "sound")
    decide(written, door, 1, "record", seen="sound")
    assert Discrepancy.objects.get(written=written, position=0).decision == "record"
    told = [
        entry.details["decision"] for entry in DocketEntry.objects.filter(kind="difference_decided").order_by("pk")
    ]
    assert told == ["sound", "record"]
    docket = door.clerk.get(f"/cases/{written.transcript.case.number}/").content.decode()
    assert "(before: What is heard is right)" in docket or "before: What was heard is right" in docket


def test_two_who_decide_at_once_do_not_overwrite_each_other(written, door):
    decide(written, door, 1, "sound")
    late = decide(written, door, 1, "record", seen="open", headers={"accept": "application/json"})
    assert late.status_code == 409
    assert "Somebody else" in late.json()["error"]
    assert Discrepancy.objects.get(written=written, position=0).decision == "sound"


def test_the_page_is_told_what_was_decided_without_loading_anew(written, door):
    total = Discrepancy.objects.filter(written=written, set_aside=False).count()
    told = decide(written, door, 1, "neither", headers={"accept": "application/json"}).json()
    assert (told["decision"], told["words"], told["open"]) == ("neither", "Neither is right", total - 1)
    assert told["by"].startswith("Tom Reed, ")
    back = decide(written, door, 1, "open", seen="neither", headers={"accept": "application/json"}).json()
    assert (back["decision"], back["by"], back["open"]) == ("open", "", total)


@pytest.mark.parametrize("decision", ["", "maybe", "x" * 5000, "\0"])
def test_a_decision_that_is_none_is_refused(written, door, decision):
    assert decide(written, door, 1, decision).status_code == 400
    assert decide(written, door, 1, decision, headers={"accept": "application/json"}).status_code == 400
    assert not Discrepancy.objects.filter(written=written).exclude(decision="open").exists()


def test_only_the_kind_asked_for_is_listed(written, door):
    kinds = set(Discrepancy.objects.filter(written=written, set_aside=False).values_list("kind", flat=True))
    for kind in kinds:
        page = page_of(written, door, f"?kind={kind}")
        count = Discrepancy.objects.filter(written=written, kind=kind, set_aside=False).count()
        assert page.count("data-difference=") == count
    decide(written, door, 1, "sound")
    assert 'id="d1"' not in page_of(written, door, "?show=open")
    assert 'id="d1"' in page_of(written, door, "?show=nonsense&kind=nonsense&d=x")


def test_comparing_again_keeps_the_decisions_that_still_fit(written, door, work):
    decide(written, door, 1, "sound", note="Heard it.")
    before = Discrepancy.objects.get(written=written, position=0)
    assert door.clerk.post(f"/transcripts/{written.transcript_id}/written/{written.pk}/again").status_code == 302
    work()
    again = Discrepancy.objects.get(written=written, char_start=before.char_start, kind=before.kind)
    assert again.pk != before.pk
    assert (again.decision, again.note, again.decided_at) == ("sound", "Heard it.", before.decided_at)


def test_a_comparison_follows_the_transcript_as_it_was_corrected(written, door, work):
    said = written.transcript.utterances.first()
    said.text = said.text.replace("third", "thirteenth")
    for word in said.words:
        word[0] = word[0].replace("third", "thirteenth")
    said.save()
    door.clerk.post(f"/transcripts/{written.transcript_id}/written/{written.pk}/again")
    work()
    assert not Discrepancy.objects.filter(written=written, record__contains="thirteenth").exists()


def test_a_word_only_written_into_the_transcript_gives_no_time(written, door, work):
    said = written.transcript.utterances.first()
    arrived = next(word for word in said.words if word[0] == "arrived")
    arrived[1:3] = [None, None]
    arrived[5] = "u"
    said.save()
    door.clerk.post(f"/transcripts/{written.transcript_id}/written/{written.pk}/again")
    work()
    written.refresh_from_db()
    told = next(word for word in written.alignment["words"] if word["text"] == "arrived")
    assert told["status"] != "matched"


def test_a_comparison_can_be_stopped_and_begun_again(add, door, work, transcript):
    add()
    written = WrittenRecord.objects.get()
    address = f"/transcripts/{transcript.pk}/written/{written.pk}"
    assert door.clerk.get(f"{address}/progress").json() == {"state": "waiting", "share": 0.0}
    assert "is being compared with the sound" in page_of(written, door)
    assert door.clerk.post(f"{address}/stop").status_code == 302
    assert Job.objects.get(name="compare_record").state == State.CANCELLED
    work()
    assert door.clerk.get(f"{address}/progress").json()["state"] == "failed"
    assert "Compare again" in page_of(written, door)
    door.clerk.post(f"{address}/again")
    work()
    assert door.clerk.get(f"{address}/progress").json() == {"state": "ready", "share": 1.0}


def test_a_record_added_before_the_transcript_is_ready_is_compared_afterwards(transcript, cast, work):
    Transcript.objects.filter(pk=transcript.pk).update(state="running")
    transcript.refresh_from_db()
    early = services.add_record(transcript, services.typed(MINUTES), title="Minutes", language="en", by=cast.clerk)
    work()
    look_around()
    early.refresh_from_db()
    assert early.state == WrittenState.WAITING
    Transcript.objects.filter(pk=transcript.pk).update(state="ready")
    look_around()
    work()
    early.refresh_from_db()
    assert early.state == WrittenState.READY


def test_only_the_court_sees_written_records(written, door, cast):
    address = f"/transcripts/{written.transcript_id}/written/"
    for person, _user in cast:
        for path in (address, f"{address}{written.pk}/", f"{address}{written.pk}/progress"):
            wanted = 200 if person in ("clerk", "judge") else 404
            assert (person, getattr(door, person).get(path).status_code) == (person, wanted)
        answer = getattr(door, person).post(f"{address}{written.pk}/differences/1", {"decision": "x"})
        assert (person, answer.status_code) == (person, 400 if person in ("clerk", "judge") else 404)
    transcript = f"/transcripts/{written.transcript_id}/"
    assert address in door.clerk.get(transcript).content.decode()
    assert address not in door.claimant.get(transcript).content.decode()


def test_a_record_of_another_transcript_is_not_found_here(written, door, cast):
    other = heard(written.transcript.case, SAID, judge=cast.judge, started_at="2026-04-03T10:00:00+00:00")
    assert door.clerk.get(f"/transcripts/{other.pk}/written/{written.pk}/").status_code == 404


def test_the_docket_tells_the_parties_nothing_of_written_records(written, door):
    page = door.claimant.get(f"/cases/{written.transcript.case.number}/").content.decode()
    assert "written record" not in page
    assert (
        "The written record “Minutes” was added"
        in door.clerk.get(f"/cases/{written.transcript.case.number}/").content.decode()
    )


def test_a_long_record_is_shown_in_parts_and_each_difference_in_its_own(transcript, door):
    sentences = 2300
    text = " ".join(f"The parcel number {n} arrived." for n in range(sentences))
    written = services.add_record(
        transcript, services.typed(text), title="Long", language="en", by=transcript.hearing.judge
    )
    words, _between = comparing.heard_in(lines_of(transcript, clearance=Clearance.COURT))
    comparing.save(written, align(text, words, language="en"))
    page = page_of(written, door, "?part=3")
    assert "Part 3 of 3" in page
    assert f"number {sentences - 1}" in re.sub(r"<[^>]+>", "", page)
    assert page.count('<li class="pair"') < 1400
    first = page_of(written, door, "?part=1")
    assert "Part 1 of 3" in first
    assert "number 0" in re.sub(r"<[^>]+>", "", first)
    assert "Part 3 of 3" in page_of(written, door, "?part=99")
    for one in Discrepancy.objects.filter(written=written, set_aside=False):
        assert f'data-mark="{one.position + 1}"' in page_of(written, door, f"?d={one.position + 1}")
    assert page_of(written, door, "?part=%00&d=%00&kind=%00")


def test_every_word_knows_its_place_as_a_browser_counts(cast, door):
    said = [("Kim Jiwoo", "claimant", 1.0, "原告 三月 三日 收到 包裹")]
    transcript = heard(a_case(cast), said, judge=cast.judge, language="zh")
    text = "𠮷 原告三月十三日收到包裹。"  # the first character takes two of a browser's units
    written = services.add_record(
        transcript, services.typed(text), title="笔录", language="zh", by=transcript.hearing.judge
    )
    words, _between = comparing.heard_in(lines_of(transcript, clearance=Clearance.COURT))
    comparing.save(written, align(text, words, language="zh"))
    written.refresh_from_db()
    page = page_of(written, door)
    assert 'lang="zh-hans"' in page
    units = text.encode("utf-16-le")
    seen = []
    for packed in re.findall(r'data-words="\[([^\]]+)\]"', page):
        numbers = [int(number) for number in packed.split(",")]
        first = written.alignment["sentences"][0]["char_start"]
        skipped = len(text[:first].encode("utf-16-le")) // 2
        for at in range(0, len(numbers), 5):
            low, high = (2 * (number + skipped) for number in numbers[at : at + 2])
            seen.append(units[low:high].decode("utf-16-le"))
    assert seen == [word["text"] for word in written.alignment["words"]]
    assert "收" in "".join(seen)
