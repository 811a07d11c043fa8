"""Finding what was said, and finding nothing one may not see."""

import contextlib
import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Value

from court.accounts.models import Office, User
from court.cases.access import appoint, dismiss, seat_party
from court.cases.models import Case, Party, Role, Stage
from court.hearings.models import Hearing, HearingState
from court.rooms.models import Recording, Room, Track, TrackKind
from transcripts import index
from transcripts.asking import NothingToFind, understand
from transcripts.finding import sources, statements
from transcripts.models import Transcript, TranscriptState, Utterance
from transcripts.search import Filters, search
from transcripts.tokenizer import singles, tokens

START = datetime(2026, 3, 3, 10, tzinfo=UTC)


def heard(cast, number, lines, *, start=START, claimant=None, sealed=False):
    """A case with a heard hearing in which (speaker, text) lines were said, four seconds apart."""
    case = Case.objects.create(
        number=number, title="Kim v Li", stage=Stage.HEARD, opened_by=cast.claimant, sealed=sealed
    )
    if claimant:
        party = Party.objects.create(
            case=case, role=Role.CLAIMANT, name=claimant.name, email=claimant.email, user=claimant
        )
        seat_party(party)
    appoint(case, cast.judge, Role.JUDGE)
    room = Room.objects.create(name=number)
    hearing = Hearing.objects.create(
        case=case, room=room, judge=cast.judge, starts_at=start, state=HearingState.ENDED, listed_by=cast.clerk
    )
    recording = Recording.objects.create(room=room, started_at=start, ended_at=start, ready_at=start)
    track = Track.objects.create(recording=recording, kind=TrackKind.SOUND, name="x")
    transcript = Transcript.objects.create(
        recording=recording, hearing=hearing, case=case, state=TranscriptState.READY
    )
    said = []
    for position, (speaker, text) in enumerate(lines):
        at = position * 4.0
        words = [
            [word, at + 0.3 * n, at + 0.3 * n + 0.25, 0.9, position * 1000 + n, "h"]
            for n, word in enumerate(text.split())
        ]
        said.append(
            Utterance(
                transcript=transcript, case=case, hearing=hearing, track=track, position=position, speaker=speaker,
                role="claimant", start=at, end=words[-1][2], spoken_at=start + timedelta(seconds=at), text=text,
                words=words,
            )
        )  # fmt: skip
    index.write(Utterance.objects.bulk_create(said), index.rows(said))
    return case


LINES = [
    ("Kim Jiwoo", "The parcel arrived on the third of March, and it didn’t look sealed."),
    ("Li Wei", "We dispute that. The parcel was sealed."),
    ("Kim Jiwoo", "계약서에 서명했습니다. 보증금은 500만원입니다."),
    ("Li Wei", "我们在三月签订了合同，押金已经付了。"),
    ("Ada Park", "Exhibit Ａ１ says １２ March; the rent is 1,200 pounds."),
]


@pytest.fixture
def case(cast):
    return heard(cast, "C-2026-0001", LINES, claimant=cast.claimant)


def texts(typed, user, **filters):
    return [hit.utterance.text for hit in search(typed, user=user, filters=Filters(**filters)).hits]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("parcel", [0, 1]),
        ("PARCEL sealed", [0, 1]),
        ('"parcel was sealed"', [1]),
        ("“parcel was sealed”", [1]),
        ("arrived dispute", []),
        ("arrived OR dispute", [0, 1]),
        ("parcel -dispute", [0]),
        ("arriv*", [0]),
        ("didn't", [0]),
        ("계약", [2]),
        ("계약서", [2]),
        ("약서", [2]),
        ('"계약서에 서명"', [2]),
        ("계약서명", []),
        ("보증금 서명", [2]),
        ("500만원", [2]),
        ("合同", [3]),
        ("签订了合同", [3]),
        ("签", [3]),
        ("합", []),
        ("A1", [4]),
        ("Ａ１ 12", [4]),
        ("1,200", [4]),
        ("ｒｅｎｔ", [4]),
        ('"unclosed parcel', []),
        ('"the parcel', [0, 1]),
        ("NEAR(parcel", []),
        ("parcel'); DROP TABLE cases; --", []),
        ("said:parcel", []),
        ("parcel\x00sealed", [0, 1]),
    ],
)
def test_what_is_typed_finds_what_was_said(cast, case, typed, lines):
    assert sorted(texts(typed, cast.claimant)) == sorted(LINES[number][1] for number in lines)


@pytest.mark.parametrize(
    "typed", ["", "   ", '"', '""', "*", "-", "!!!", "…，。", "\x00", "OR", "a" * 301, "a " * 60, "-parcel"]
)
def test_a_query_without_anything_to_find_says_so_plainly(cast, case, door, typed):
    with pytest.raises(NothingToFind) as told:
        search(typed, user=cast.claimant)
    assert str(told.value)
    page = door.claimant.get("/search/", {"q": typed, "speaker": "Kim"})
    assert page.status_code == 400
    assert str(told.value) in page.content.decode()


def test_a_search_that_finds_nothing_says_so_and_can_be_kept_until_something_is_said(door, case):
    page = door.claimant.get("/search/", {"q": "zebra"}).content.decode()
    assert "Nothing was found." in page
    assert "Try fewer words or another spelling." in page
    assert "Save this search" in page


@pytest.mark.parametrize(
    "typed",
    [
        '"a" "b',
        "a AND OR NOT b",
        "(a",
        "a)",
        "a^2",
        "{a b}",
        "col:a",
        "a+b",
        "'",
        "\\",
        "%",
        "_",
        "a\ud800b",
        "💥",
        "🇰🇷 a",
        "a" * 300,
    ],
)
def test_nothing_that_can_be_typed_is_an_error(cast, case, typed):
    with contextlib.suppress(NothingToFind):
        search(typed, user=cast.claimant)


def test_a_hit_gives_the_words_found_their_times_and_their_context(cast, case):
    (hit,) = search('"third of March"', user=cast.claimant).hits
    assert [word["word"] for word in hit.words] == ["third", "of", "March,"]
    assert (hit.start, hit.end) == pytest.approx((1.5, 2.35))
    assert [text for text, found in hit.pieces if found] == ["third of March"]
    assert "".join(text for text, _found in hit.pieces) == LINES[0][1]


def test_pairs_of_two_words_are_not_taken_for_one(cast, case):
    assert texts('"계약 약서"', cast.claimant) == []


def test_filters_narrow_by_speaker_case_and_days_of_the_courts_zone(cast, case, settings):
    other = heard(cast, "C-2026-0002", [("Kim Jiwoo", "Another parcel.")], claimant=cast.claimant,
                  start=datetime(2026, 3, 31, 23, 30, tzinfo=UTC))  # fmt: skip
    assert len(texts("parcel", cast.claimant)) == 3
    assert texts("parcel", cast.claimant, speaker="li") == [LINES[1][1]]
    assert texts("parcel", cast.claimant, speaker="Wei Li") == [LINES[1][1]]
    assert texts("parcel", cast.claimant, case=other.number.lower()) == ["Another parcel."]
    # 23:30 UTC on 31 March is the 1st of April in London.
    day = datetime(2026, 4, 1, tzinfo=UTC).date()
    assert texts("parcel", cast.claimant, since=day) == ["Another parcel."]
    assert texts("parcel", cast.claimant, since=day, until=day) == ["Another parcel."]
    assert len(texts("parcel", cast.claimant, until=datetime(2026, 3, 31, tzinfo=UTC).date())) == 2
    assert texts("parcel", cast.claimant, speaker="%") == texts("parcel", cast.claimant)


@pytest.mark.parametrize(
    ("person", "finds"),
    [
        ("claimant", True), ("judge", True), ("clerk", True), ("respondent", False), ("mediator", False),
        ("stranger", False), ("administrator", False), ("interpreter", False), ("observer", False),
    ],
)  # fmt: skip
def test_who_has_no_part_in_a_case_gets_no_hit_no_count_and_no_hint(cast, case, door, person, finds):
    found = search("parcel", user=getattr(cast, person))
    assert (found.total, len(found.hits)) == ((2, 2) if finds else (0, 0))
    page, nothing = (
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", asked.content.decode())
        for asked in (getattr(door, person).get("/search/", {"q": word}) for word in ("dispute", "zebra"))
    )
    if finds:
        assert "1 passage" in page
    else:
        assert page.replace("dispute", "zebra") == nothing


def test_a_sealed_case_is_found_by_its_judge_and_not_by_a_clerk(cast):
    heard(cast, "C-2026-0009", LINES, claimant=cast.claimant, sealed=True)
    assert search("parcel", user=cast.judge).total == 2
    assert search("parcel", user=cast.clerk).total == 0
    assert search("parcel", user=cast.clerk, filters=Filters(case="C-2026-0009")).total == 0


@pytest.mark.parametrize(
    ("at_once", "narrow", "keyed"),
    [(4096, 100, 2048), (3, 100, 2048), (3, 1, 4), (3, 1, 1)],
    ids=["few hearings", "many", "more than the index is narrowed to", "more than are asked one by one"],
)
def test_a_person_of_many_hearings_finds_what_was_said_in_all_of_them_and_in_no_other(
    cast, monkeypatch, at_once, narrow, keyed
):
    monkeypatch.setattr(sources, "FETCHED", at_once)
    monkeypatch.setattr(sources, "LATER", at_once)
    for name, value in (("FIRST", min(at_once, 2)), ("AT_ONCE", at_once), ("NARROW", narrow), ("KEYED", keyed)):
        monkeypatch.setattr(statements, name, value)
    numbers = [f"C-2026-{at:04d}" for at in range(1, 8)]
    for day, number in enumerate(numbers):
        heard(cast, number, LINES[:2], start=START + timedelta(days=day), sealed=day == 4)
    open_to_clerks = [number for number in reversed(numbers) for _line in range(2) if number != "C-2026-0005"]
    found = search("parcel", user=cast.clerk)
    assert sorted(hit.utterance.case.number for hit in found.hits) == sorted(open_to_clerks)
    assert (found.total, found.more) == (12, False)
    for asked, wanted in (
        ("parcel", 14),
        ('"the parcel"', 14),
        ("disp*", 7),
        ("parcel NEAR/3 arrived", 7),
        ("nothing", 0),
    ):
        assert search(asked, user=cast.judge).total == wanted, asked
    monkeypatch.setattr("transcripts.search.DEPTH", 3)
    newest = search("parcel", user=cast.clerk)
    assert sorted(hit.utterance.case.number for hit in newest.hits) == sorted(open_to_clerks[:3])
    assert (newest.total, newest.more) == (3, True)
    assert search("parcel", user=cast.stranger).total == 0


def test_a_mediator_does_not_find_what_was_said_before_the_judge(cast, case):
    appoint(case, cast.mediator, Role.MEDIATOR)
    assert search("parcel", user=cast.mediator).total == 0
    appoint(case, cast.mediator, Role.OBSERVER)
    assert search("parcel", user=cast.mediator).total == 2


def test_a_grant_taken_back_takes_the_hits_back(cast, case):
    appoint(case, cast.observer, Role.OBSERVER)
    assert search("parcel", user=cast.observer).total == 2
    dismiss(case, cast.observer, Role.OBSERVER)
    assert search("parcel", user=cast.observer).total == 0


def test_who_may_find_what_is_asked_anew_for_each_person_and_each_search(cast, case):
    stranger = cast.stranger
    assert search("parcel", user=cast.clerk).total == 2
    assert search("parcel", user=stranger).total == 0
    stranger.office = cast.clerk.office
    assert search("parcel", user=stranger).total == 2
    stranger.is_active = False
    assert search("parcel", user=stranger).total == 0
    for sealed, found in ((True, 0), (False, 2)):
        Case.objects.filter(pk=case.pk).update(sealed=sealed)
        assert search("parcel", user=cast.clerk).total == found


@pytest.mark.parametrize(
    "rule",
    [
        lambda user, _at: Case.objects.filter(title=user.email),
        lambda user, _at: Case.objects.filter(sealed=not Party.objects.filter(user=user).exists()),
    ],
    ids=["more of the person", "the database"],
)
def test_a_rule_of_permission_that_asks_for_more_than_it_is_given_fails(db, rule):
    with pytest.raises((RuntimeError, User.DoesNotExist)):
        sources._made_ready(lambda user, at: rule(user, at).annotate(noted=Value(False)), "any", Office.NONE, True)


def test_results_come_in_pages_that_do_not_overlap(cast, door):
    heard(cast, "C-2026-0003", [("Kim Jiwoo", f"Parcel number {n}.") for n in range(45)], claimant=cast.claimant)
    pages = [door.claimant.get("/search/", {"q": "parcel", "page": n}).context["hits"] for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({hit["open"] for page in pages for hit in page}) == 45


def test_a_wrong_date_is_said_at_its_field_and_keeps_what_was_typed(cast, case, door):
    page = door.claimant.get("/search/", {"q": "parcel", "since": "2026-13-40"})
    assert page.status_code == 400
    assert "since" in page.context["form"].errors
    assert 'value="parcel"' in page.content.decode()
    page = door.claimant.get("/search/", {"q": "parcel", "since": "2026-04-02", "until": "2026-04-01"})
    assert "until" in page.context["form"].errors


def test_search_asks_for_sign_in(cast, door):
    assert door.nobody.get("/search/?q=parcel").status_code == 302


def command(*words):
    out, errors = StringIO(), StringIO()
    try:
        call_command("search", *words, stdout=out, stderr=errors)
    except SystemExit as ended:
        return ended.code, out.getvalue(), errors.getvalue()
    return 0, out.getvalue(), errors.getvalue()


def test_the_command_prints_hits_with_that_persons_permissions(cast, case):
    code, out, _errors = command("arrived third", "--user", "claimant@example.org", "--json")
    (hit,) = json.loads(out)["hits"]
    assert code == 0
    assert hit["case"] == "C-2026-0001"
    assert hit["speaker"] == "Kim Jiwoo"
    assert [word["word"] for word in hit["matched"]] == ["arrived", "third"]
    assert hit["start"] == pytest.approx(0.6)
    assert hit["text"] == LINES[0][1]
    assert hit["hearing"] == Hearing.objects.get().pk
    assert json.loads(command("parcel", "--user", "stranger@example.org", "--json")[1]) == {
        "query": "parcel", "count": 0, "more": False, "hits": [],
    }  # fmt: skip
    assert json.loads(command("parcel", "--json")[1])["count"] == 2  # the operator owns the database


@pytest.mark.parametrize(
    "words",
    [("parcel", "--user", "nobody@example.org"), ("parcel", "--from", "03.03.2026"), ("parcel", "--to", "2026-02-30"),
     ('"',), ("parcel", "--limit", "0")],
)  # fmt: skip
def test_the_command_refuses_nonsense_in_one_line(cast, case, words):
    code, out, errors = command(*words)
    assert (code, out) == (2, "")
    assert len(errors.strip().splitlines()) == 1


def test_tokens_know_their_place_in_the_text():
    text = "Ａ１ 계약서, don’t！合同 ① é e\u0301"
    assert [token.text for token in tokens(text)] == ["a1", "계약", "약서", "don", "t", "合同", "1", "é", "é"]
    for token in tokens(text):
        assert text[token.start : token.end]
    assert [text[token.start : token.end] for token in tokens(text)][:3] == ["Ａ１", "계약", "약서"]
    assert [token.text for token in singles("가나 ab")] == ["가", "나"]


def test_what_is_excluded_may_be_a_phrase():
    query = understand('rent -"too late"')
    assert [token.text for token in query.unwanted[0].tokens] == ["too", "late"]
