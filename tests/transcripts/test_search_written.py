"""Log notes, exhibits and decisions in the same box, each found by those who may read it; saved searches."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from court.cases.access import appoint, dismiss
from court.cases.models import Case, Role
from court.evidence.models import Exhibit
from court.hearings.models import Hearing
from court.hearings.services import note
from court.orders.models import OrderKind
from court.orders.services import TEXT_FIELDS, issue_order, save_draft, sign_order, start_order
from court.work.models import Job
from court.work.services import perform
from tests.world import _exhibit
from transcripts.finding import saved
from transcripts.finding.tasks import index_what_is_written, look_for_new_passages
from transcripts.finding.writings import language_of, passages
from transcripts.models import ExhibitReading, ReadingState, SavedSearch, Writing
from transcripts.search import Filters, search

from .test_search import heard

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


@pytest.fixture
def case(cast):
    return heard(cast, "C-2026-0001", [("Kim Jiwoo", "The parcel arrived late.")], claimant=cast.claimant)


@pytest.fixture
def scan(tmp_path):
    """A picture of a letter, without any text of its own."""
    picture = Image.new("RGB", (1200, 500), "white")
    ImageDraw.Draw(picture).text(
        (60, 160), "Invoice for the bicycle frame", fill="black", font=ImageFont.truetype(FONT, 60)
    )
    picture.save(tmp_path / "scan.png")
    return tmp_path / "scan.png"


def found(typed, user, **filters):
    return [
        hit.writing.title if hit.writing else "said"
        for hit in search(typed, user=user, filters=Filters(**filters)).hits
    ]


def work(name):
    for job in Job.objects.filter(name=name):
        perform(job.pk)


def an_order(case, judge, text):
    order = start_order(case, kind=OrderKind.DIRECTIONS, language="en", by=judge)
    texts = {name: getattr(order, name).replace("____", "3 March") for name in TEXT_FIELDS}
    order = save_draft(order, version=order.version, by=judge, **{**texts, "title": "Directions", "ordered": text})
    sign_order(order, by=judge)
    return order


def test_a_log_note_is_found_by_the_court_alone(cast, case):
    appoint(case, cast.observer, Role.OBSERVER)
    written = note(Hearing.objects.get(), "The witness pointed at the boiler.", by=cast.judge)
    assert found("boiler", cast.judge) == found("boiler", cast.clerk) == ["Ada Park"]
    for person in (cast.claimant, cast.observer, cast.stranger, cast.administrator):
        assert search("boiler", user=person).total == 0
        assert search("boiler", user=person).facets == search("zebra", user=person).facets
    written.delete()
    assert found("boiler", cast.judge) == []


def test_a_log_note_leads_to_its_moment_in_the_transcript(cast, case, door):
    transcript = case.transcripts.get()
    recording = transcript.recording
    recording.ended_at = recording.started_at + timedelta(hours=1)
    recording.save()
    written = note(Hearing.objects.get(), "The witness pointed at the boiler.", by=cast.judge)
    type(written).objects.filter(pk=written.pk).update(at=recording.started_at + timedelta(seconds=75))
    page = door.judge.get("/search/", {"q": "boiler"}).content.decode()
    assert f'href="/transcripts/{transcript.pk}/?t=75.00"' in page
    assert "1:15" in page


def test_an_exhibit_is_read_page_by_page_and_a_scan_by_its_picture(cast, case, tmp_path, scan):
    import pikepdf

    from court.cases.models import Stage

    Case.objects.filter(pk=case.pk).update(stage=Stage.ANSWERED)
    case.refresh_from_db()
    exhibit = _exhibit(case, cast.claimant, scan, "A letter")
    assert found("letter", cast.claimant) == ["C1 A letter"]
    assert found("invoice", cast.claimant) == []
    index_what_is_written()
    work("read_exhibit")
    reading = ExhibitReading.objects.get(exhibit=exhibit)
    assert (reading.state, reading.pages_read, reading.scanned) == (ReadingState.READ, 1, 1)
    assert found("invoice bicycle", cast.claimant) == found("invoice", cast.judge) == ["C1 A letter"]
    assert found("invoice", cast.stranger) == found("invoice", cast.respondent) == []
    Image.open(scan).save(tmp_path / "scan.pdf")
    text = b"BT /F1 12 Tf 50 150 Td (The heating engineer came twice to the flat.) Tj ET"
    with pikepdf.open(tmp_path / "scan.pdf") as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page = pikepdf.Page(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Page, MediaBox=[0, 0, 400, 200], Contents=pdf.make_stream(text),
                Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font))),
            )
        )  # fmt: skip
        pdf.pages.append(page)
        pdf.save(tmp_path / "both.pdf")
    both = _exhibit(case, cast.claimant, tmp_path / "both.pdf", "Two pages")
    index_what_is_written()
    work("read_exhibit")
    assert sorted(Writing.objects.filter(source=both.pk, page__gt=0).values_list("page", flat=True)) == [1, 2]
    assert ExhibitReading.objects.get(exhibit=both).scanned == 1
    assert found('"heating engineer"', cast.claimant) == ["C2 Two pages"]
    assert found("heating", cast.claimant, kind="exhibit") == ["C2 Two pages"]
    assert found("heating", cast.claimant, kind="said") == []


def test_a_page_that_resists_is_left_empty(cast, case, tmp_path, scan):
    from court.cases.models import Stage

    Case.objects.filter(pk=case.pk).update(stage=Stage.ANSWERED)
    case.refresh_from_db()
    exhibit = _exhibit(case, cast.claimant, scan, "A letter")
    exhibit.file.storage.delete(exhibit.file.name)
    index_what_is_written()
    work("read_exhibit")
    assert ExhibitReading.objects.get(exhibit=exhibit).state == ReadingState.READ
    assert found("letter", cast.claimant) == ["C1 A letter"]


def test_an_exhibit_taken_out_is_found_no_more(cast, case, scan):
    from court.cases.models import Stage

    Case.objects.filter(pk=case.pk).update(stage=Stage.ANSWERED)
    case.refresh_from_db()
    exhibit = _exhibit(case, cast.claimant, scan, "A letter")
    Exhibit.objects.filter(pk=exhibit.pk).update(withdrawn_at=timezone.now())
    index_what_is_written()
    assert found("letter", cast.claimant) == []


def test_an_order_is_found_once_it_is_issued(cast, case, door):
    order = an_order(case, cast.judge, "The respondent must repair the boiler within 14 days.")
    assert found("repair", cast.judge) == []
    issue_order(order.pk)
    order.refresh_from_db()
    assert found("repair boiler", cast.claimant) == [f"{order.number} Directions"]
    assert found('"fourteen days"', cast.claimant) == [f"{order.number} Directions"]
    assert search("repair", user=cast.stranger).total == 0
    page = door.claimant.get("/search/", {"q": "repair"}).content.decode()
    assert f'href="/orders/{order.pk}/"' in page


def test_what_was_lost_is_found_by_the_look_around(cast, case):
    note(Hearing.objects.get(), "The boiler leaked.", by=cast.judge)
    Writing.objects.all().delete()
    assert found("boiler", cast.judge) == []
    index_what_is_written()
    assert found("boiler", cast.judge) == ["Ada Park"]
    from court.hearings.models import LogNote

    LogNote.objects.all()._raw_delete("default")
    index_what_is_written()
    assert found("boiler", cast.judge) == []


def test_a_long_page_is_cut_where_sentences_end():
    text = " ".join(f"This is sentence number {number} of the page." for number in range(100))
    made = passages(text)
    assert all(len(one.text) <= 900 and one.text.endswith(".") for one in made)
    assert " ".join(one.text for one in made) == text
    assert passages("x" * 2000)[0].text == "x" * 900
    assert [language_of(text) for text in ("계약서에", "合同签订了", "the", "12 ...")] == ["ko", "zh", "en", ""]


def keep(person, query, **more):
    return saved.keep(
        query=query, filters=more.pop("filters", {}), name=more.pop("name", query), letters=True, by=person
    )


def later(search, **how_long):
    SavedSearch.objects.filter(pk=search.pk).update(looked_at=timezone.now() - timedelta(**how_long))


def look(search, **how_long):
    later(search, **(how_long or {"minutes": 20}))
    look_for_new_passages()
    for job in Job.objects.filter(name="look_for_saved"):
        perform(job.pk)
    search.refresh_from_db()


def letters():
    return Job.objects.filter(name="send_letter", key__contains="search-")


def test_a_saved_search_tells_of_what_is_new_once(cast, case, door):
    search = keep(cast.claimant, "parcel")
    look(search)
    assert (search.new, letters().count()) == (0, 0)
    heard(cast, "C-2026-0002", [("Li Wei", "Another parcel.")], start=timezone.now(), claimant=cast.claimant)
    look(search)
    assert search.new == 1
    (letter,) = letters()
    assert letter.details["to"] == cast.claimant.email
    assert "q=parcel" in letter.details["body"]
    home = door.claimant.get("/").content.decode()
    assert "new passage" in home and f"saved={search.pk}" in home
    look(search)
    assert (search.new, letters().count()) == (1, 1)
    door.claimant.get("/search/", {"q": "parcel", "saved": str(search.pk)})
    search.refresh_from_db()
    assert search.new == 0
    assert "new passage" not in door.claimant.get("/").content.decode()


def test_at_most_one_letter_a_day_and_nothing_is_forgotten(cast, case):
    search = keep(cast.claimant, "parcel")
    for number in (2, 3):
        heard(
            cast,
            f"C-2026-000{number}",
            [("Li Wei", "Another parcel.")],
            start=timezone.now() + timedelta(days=number),
            claimant=cast.claimant,
        )
        look(search)
    assert (search.new, search.untold, letters().count()) == (2, 1, 1)
    SavedSearch.objects.update(letter_at=timezone.now() - timedelta(hours=25))
    look(search)
    assert (search.new, search.untold, letters().count()) == (2, 0, 2)


def test_a_search_tells_only_of_what_its_owner_may_read_now(cast, case):
    search = keep(cast.observer, "parcel")
    look(search)
    assert search.new == 0
    appoint(case, cast.observer, Role.OBSERVER)
    look(search)
    assert search.new == 1  # said long ago, readable only now
    dismiss(case, cast.observer, Role.OBSERVER)
    heard(cast, "C-2026-0002", [("Li Wei", "Another parcel.")], start=timezone.now(), claimant=cast.claimant)
    look(search)
    assert search.new == 1


def test_a_saved_search_keeps_its_days_however_they_were_typed(cast, case, door):
    told = {"q": "parcel", "since": "10/25/2026", "until": "Oct 30 2026", "name": "October", "letters": "on"}
    door.claimant.post("/search/save", told)
    kept = SavedSearch.objects.get().filters
    assert (kept["since"], kept["until"]) == ("2026-10-25", "2026-10-30")


@pytest.mark.parametrize(
    "asked",
    [{"role": '"'}, {"language": '"'}, {"role": "judge*"}, {"kind": "smell"}, {"saved": "²"}, {"page": "²"},
     {"since": "0001-01-01"}, {"until": "9999-12-31"}, {"since": "9999-12-31"}, {"speaker": '"*'}],
    ids=str,
)  # fmt: skip
def test_a_filter_nobody_can_choose_is_no_fault(cast, case, door, asked):
    assert door.claimant.get("/search/", {"q": "parcel", **asked}).status_code == 200


def test_a_kind_of_passage_there_is_none_of_finds_nothing_and_not_everything(cast, case, door):
    note(Hearing.objects.get(), "The parcel was shown.", by=cast.judge)
    assert len(door.judge.get("/search/", {"q": "parcel", "kind": "note"}).context["hits"]) == 1
    assert door.judge.get("/search/", {"q": "parcel", "kind": "smell"}).context["hits"] == []


def test_a_search_is_saved_listed_and_deleted_by_its_owner_alone(cast, case, door):
    told = {"q": "parcel", "speaker": "Kim", "since": "2026-01-01", "name": "My parcels", "letters": "on"}
    assert door.claimant.post("/search/save", told).status_code == 302
    search = SavedSearch.objects.get()
    assert (search.query, search.filters) == ("parcel", {"speaker": "Kim", "since": "2026-01-01"})
    assert "My parcels" in door.claimant.get("/search/saved/").content.decode()
    assert "My parcels" not in door.judge.get("/search/saved/").content.decode()
    again = door.claimant.post("/search/save", told)
    assert again.status_code == 400
    assert "already" in again.content.decode()
    assert door.claimant.post("/search/save", {"q": "!!", "name": "x"}).status_code == 400
    assert door.claimant.post("/search/save", {"q": "parcel"}).status_code == 400
    assert door.judge.post(f"/search/saved/{search.pk}/delete").status_code == 404
    assert door.claimant.post(f"/search/saved/{search.pk}/delete").status_code == 302
    assert not SavedSearch.objects.exists()


def test_there_is_a_most_of_saved_searches(cast, case):
    for number in range(saved.MOST):
        keep(cast.claimant, "parcel", name=str(number))
    with pytest.raises(saved.TooMany):
        keep(cast.claimant, "parcel", name="one more")


def test_the_command_prints_what_is_written_too(cast, case):
    from .test_search import command

    note(Hearing.objects.get(), "The boiler leaked.", by=cast.judge)
    (hit,) = json.loads(command("boiler", "--user", "judge@example.org", "--json")[1])["hits"]
    assert (hit["kind"], hit["text"]) == ("note", "The boiler leaked.")
    assert "The [boiler] leaked." in command("boiler", "--user", "judge@example.org")[1]
    assert json.loads(command("boiler", "--user", "claimant@example.org", "--json")[1])["count"] == 0
    assert json.loads(command("boiler", "--json", "--kind", "note")[1])["count"] == 1
