"""Page and line: the same for every reader, in the citation, on the page and in time."""

from datetime import timedelta

import pytest
from django.urls import reverse

from court.cases.models import Role
from court.hearings.models import Presentation
from tests.transcripts.numbered import SECRET, a_record, redact
from transcripts.models import Level, VersionKind
from transcripts.pages import index
from transcripts.pages.breaking import broken, width
from transcripts.text import BLOCK
from transcripts.versions import keep


@pytest.fixture
def record(cast):
    return a_record(cast)


@pytest.fixture
def version(record):
    return index.version_to_cite(record)


def test_a_long_word_breaks_and_a_short_one_does_not():
    lines = broken("", "aa bbbb " + "c" * 25, [(1, 0, 2, 0.0), (2, 3, 7, 0.5), (3, 8, 33, 1.0)], 10)
    assert [line.text for line in lines] == ["aa bbbb", "c" * 10, "c" * 10, "c" * 5]
    assert [line.words for line in lines] == [[[1, 0, 2], [2, 3, 7]], [[3, 0, 10]], [[3, 0, 10]], [[3, 0, 5]]]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("原告三月三日收到包裹。被告没有签字。", ["原告三月三", "日收到包", "裹。被告没", "有签字。"]),
        ("소포가 삼월 삼일에 도착", ["소포가", "삼월", "삼일에", "도착"]),
    ],
)
def test_chinese_breaks_between_characters_and_korean_between_words(text, lines):
    found = broken("", text, [], 10)
    assert all(width(line.text) <= 10 for line in found)
    assert not any(line.text.startswith(("。", "，")) for line in found)
    if text.startswith("소"):
        assert [line.text for line in found] == ["소포가", "삼월", "삼일에", "도착"]
    assert "".join(line.text for line in found).replace(" ", "") == text.replace(" ", "")


def test_every_word_stands_on_one_place_and_every_place_gives_its_words_back(record, version):
    pages = index.paginated(version)
    places = index.places_of(pages)
    numbers = [word[4] for said in record.utterances.order_by("position") for word in said.words]
    assert list(places.of) == numbers
    texts = {word[4]: word[0] for said in record.utterances.all() for word in said.words}
    for line in pages.page_lines.exclude(first_word=None):
        for number, first, last in line.words:
            assert line.text[first:last] == texts[number]
    assert all(width(line.text) <= 60 for line in pages.page_lines.all())
    assert {line.line for line in pages.page_lines.all()} == set(range(1, 26))


def test_a_citation_is_read_as_it_is_written(record, version):
    said = record.utterances.order_by("position")[2].words
    pages = index.paginated(version)
    place = index.cited_on(pages, said[0][4], said[-1][4])
    first, last = index.read_citation(place)
    assert first == index.places_of(pages).of[said[0][4]]
    assert last == index.places_of(pages).of[said[-1][4]]
    assert index.read_citation("3:14-16") == ((3, 14), (3, 16))
    assert index.read_citation("4:2-3:1") is None
    assert index.read_citation("three") is None
    assert index.cited_on(pages, said[0][4], 999_999) == ""


def test_the_papers_of_one_number_of_lines_share_page_and_line(version):
    us, a4 = (index.places_of(index.paginated(version, name)).of for name in ("us-25", "a4-25"))
    assert us == a4
    assert index.places_of(index.paginated(version, "us-32")).of != us


def test_a_witness_answers_in_questions_and_answers(version):
    lines = [line.text.strip() for line in index.paginated(version).page_lines.all()]
    assert "EXAMINATION OF CHOI MIN BY ADA PARK" in lines
    assert lines.count("EXAMINATION OF CHOI MIN BY KIM JIWOO") == 1
    assert any(line.startswith("Q.   Please tell the court") for line in lines)
    assert any(line.startswith("A.   The van came at nine") for line in lines)
    assert any(line.startswith("LI WEI:  I object") for line in lines)
    assert any(line.startswith("THE COURT:  This is the hearing") for line in lines)
    assert "BY KIM JIWOO:" in lines
    assert any(line.startswith("by Kim Jiwoo ..") for line in lines)


def test_an_exhibit_is_indexed_where_it_was_shown(cast, record, tmp_path):
    from court.evidence.models import Exhibit, Kind

    party = record.case.parties.get(role=Role.CLAIMANT)
    exhibit = Exhibit.objects.create(
        case=record.case, party=party, label="C1", title="The label", kind=Kind.IMAGE, original_name="a.png",
        media_type="image/png", size=1, sha256="0" * 64, uploaded_by=cast.claimant,
    )  # fmt: skip
    at = record.recording.started_at + timedelta(seconds=33)
    Presentation.objects.create(hearing=record.hearing, exhibit=exhibit, by=cast.judge, at=at)
    version = keep(record, VersionKind.EDITED, by=cast.clerk)
    pages = index.paginated(version)
    line = pages.page_lines.get(text__contains="C1  The label")
    said_then = pages.page_lines.filter(second__lte=33.0).last()
    assert line.text.endswith(f" {said_then.page}:{said_then.line}")


def test_a_reader_goes_to_a_page_and_line_or_to_a_word(record, version, door):
    there = reverse("transcript_pages", args=[record.pk])
    answer = door.claimant.get(there, {"at": "3:14"})
    assert answer.status_code == 302
    assert answer["Location"].endswith("page=3#p3l14")
    shown = door.claimant.get(answer["Location"].partition("#")[0]).content.decode()
    assert 'id="p3l14"' in shown
    line = index.paginated(version).page_lines.get(page=3, line=14)
    assert line.text.strip() in shown.replace("&#x27;", "'")
    word = line.words[-1][0]
    page, number = index.places_of(index.paginated(version)).of[word]
    assert door.claimant.get(there, {"w": str(word)})["Location"].endswith(f"#p{page}l{number}")
    for bad in ({"at": "99:1"}, {"at": "3:26"}, {"at": "soon"}, {"page": "0"}, {"page": "9" * 30},
                {"page": "0000000017"}, {"page": "0" * 5000 + "1"}):  # fmt: skip
        answer = door.claimant.get(there, bad)
        assert answer.status_code == 400
        assert "There is no such page and line" in answer.content.decode()


def test_each_reader_sees_the_page_without_what_is_hidden_from_them(cast, record, version, door):
    redact(record, SECRET, by=cast.clerk, level=Level.SEALED)
    there = reverse("transcript_pages", args=[record.pk])
    line = index.paginated(version).page_lines.filter(text__contains=SECRET).first()
    assert SECRET in door.clerk.get(there, {"page": line.page}).content.decode()
    shown = door.claimant.get(there, {"page": line.page}).content.decode()
    assert SECRET not in shown
    assert BLOCK in shown
    assert door.stranger.get(there).status_code == 404
