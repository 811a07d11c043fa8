"""Words near each other, numbers in either spelling, and what is closest first."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from court.cases.models import Case
from transcripts import index
from transcripts.asking import NothingToFind, understand
from transcripts.finding.atoms import atoms_of
from transcripts.finding.figures import figures
from transcripts.finding.ranking import Answer
from transcripts.models import Level, Redaction, RedactionState, Transcript, Utterance
from transcripts.search import Filters, search

from .test_search import heard, texts

SAID = [
    ("Kim Jiwoo", "The contract was, as I said, broken in two places."),
    ("Li Wei", "Broken promises do not make a contract that can be enforced by anybody at all in any court."),
    ("Kim Jiwoo", "We paid twenty-five pounds on the third of March, two thousand and twenty-six."),
    ("Li Wei", "Paragraph 25 says 1,200 pounds, due on 3rd March 2026."),
    ("Kim Jiwoo", "임대차 계약을 그들이 먼저 깨뜨렸습니다. 보증금은 삼백만원입니다."),
    ("Li Wei", "보증금 300만원은 이천이십육년 삼월에 지급했습니다."),
    ("Kim Jiwoo", "合同在二〇二六年签订，租金三百元，押金一千二百元。"),
    ("Li Wei", "押金1200元，2026年3月已付。"),
    ("Ada Park", "That is one thousand two hundred, or twelve hundred if you like."),
]


@pytest.fixture
def case(cast):
    return heard(cast, "C-2026-0001", SAID, claimant=cast.claimant)


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("contract NEAR/5 broken", [0]),
        ("broken NEAR/5 contract", [0]),
        ("contract NEAR/4 broken", []),
        ("contract NEAR/6 broken", [0, 1]),
        ("contract NEAR broken", [0, 1]),
        ('"the contract" NEAR/5 "broken in"', [0]),
        ("contract NEAR/5 brok*", [0]),
        ("contract NEAR/50 places", [0]),
        ("contract NEAR/5 broken NEAR/3 places", [0]),
        ("contract NEAR/5 broken NEAR/2 places", []),
        ("contract NEAR/5 broken OR enforced", [0, 1]),
        ("contract -contract NEAR/5 broken", [1]),
        ("paid NEAR/1 25", [2]),
        ("twenty-five NEAR/1 pounds", [2]),
        ("25 NEAR/2 1200", [3]),
        ("계약 NEAR/3 깨뜨렸", [4]),
        ("계약 NEAR/2 깨뜨렸", []),
        ("깨뜨렸습니다 NEAR/3 계약을", [4]),
        ("合同 NEAR/7 签订", [6]),
        ("合同 NEAR/6 签订", []),
        ("签订 NEAR/7 合同", [6]),
        ("보증금 NEAR/1 300만원", [4, 5]),
    ],
)
def test_words_near_each_other_are_found_in_either_order(cast, case, typed, lines):
    assert sorted(texts(typed, cast.claimant)) == sorted(SAID[number][1] for number in lines)


@pytest.mark.parametrize("number", ["0", "51", "x", "", "-1", "²", "9" * 99])
def test_a_distance_that_makes_no_sense_is_said_so(number):
    with pytest.raises(NothingToFind) as told:
        understand(f"a NEAR/{number} b")
    assert "from 1 to 50" in str(told.value)


@pytest.mark.parametrize(
    "typed", ["NEAR/5", "NEAR/5 a", "a NEAR/5", "a NEAR/5 NEAR/5 b", "a OR NEAR/5 b", "a NEAR/5 !!"]
)
def test_near_wants_a_word_on_either_side(typed):
    with pytest.raises(NothingToFind) as told:
        understand(typed)
    assert "between two words" in str(told.value)


def test_near_in_small_letters_is_a_word_like_others():
    assert len(understand("near the wall").wanted) == 3


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("25", [2, 3]),
        ("twenty-five", [2, 3]),
        ('"twenty five"', [2, 3]),
        ("1,200", [3, 6, 7, 8]),
        ("1200", [3, 6, 7, 8]),
        ('"twelve hundred"', [3, 6, 7, 8]),
        ('"one thousand two hundred"', [3, 6, 7, 8]),
        ("3rd", [2, 3]),
        ("third", [2, 3]),
        ("2026", [2, 3, 5, 6, 7]),
        ("二〇二六", [2, 3, 5, 6, 7]),
        ("삼백만", [4, 5]),
        ("300만원", [4, 5]),
        ("오백만", []),
        ("300", [5, 6]),
        ("三百元", [6]),
        ("300元", [6]),
        ("3월", [5]),
        ("삼월", [5]),
        ("三月", [7]),
        ('"paid 25 pounds"', [2]),
        ('"the 3rd of March"', [2]),
        ('"twenty five pounds"', [2]),
        ("一千二百", [3, 6, 7, 8]),
        ("pounds -25", []),
    ],
)
def test_a_number_is_found_in_either_spelling(cast, case, typed, lines):
    assert sorted(texts(typed, cast.claimant)) == sorted(SAID[number][1] for number in lines)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ('"paid 租金 today"', 1),
        ('"paid 租"', 1),
        ('"金 today"', 1),
        ('"租 today"', 0),
        ('"paid 金"', 0),
        ('"지우 paid"', 1),
        ('"today and 金 again"', 1),
        ('"and 金"', 1),
        ('"金 again"', 1),
        ('"again 租约 25"', 1),
        ('"again 约 25"', 0),
        ('"约 25 times"', 1),
        ('"约 twenty five times"', 1),
        ('"paid today"', 0),
        ("today-an*", 1),
        ("paid-to*", 0),
        ('"again 租约" NEAR/2 times', 1),
    ],
)
def test_a_phrase_of_several_scripts_is_found_where_it_stands_and_nowhere_else(cast, typed, found):
    heard(cast, "C-2026-0007", [("A", "김지우 paid 租金 today and 金 again 租约 25 times.")])
    assert search(typed, user=cast.judge).total == found


def test_the_words_of_a_number_are_marked_in_the_hit(cast, case):
    hits = search("25", user=cast.claimant).hits
    marked = {piece for hit in hits for piece, found in hit.pieces if found}
    assert marked == {"twenty-five", "25"}


def test_numbers_have_one_form_in_three_languages():
    def forms(text):
        return [form for _start, _end, form in figures(text)]

    assert forms("one hundred and five, 105") == ["0n105"] * 2
    assert forms("三百 300 삼백 원") == ["0n300"] * 3
    assert forms("一般 万一 sailing attention") == []


def test_what_stands_closest_comes_first_and_then_the_newest(cast):
    heard(
        cast,
        "C-2026-0001",
        [
            ("A", "The boiler stood far away from the flat and nobody could see it had any leak."),
            ("B", "A boiler leak was seen."),
            ("C", "The leak of the boiler was seen."),
            ("D", "A boiler leak was seen."),
        ],
        claimant=cast.claimant,
    )
    found = search("boiler leak", user=cast.claimant).hits
    assert [hit.utterance.speaker for hit in found] == ["D", "B", "C", "A"]


def test_patterns_and_atoms_tell_the_same():
    asked = ("parcel", '"the parcel"', "parcel sealed", "계약", "签订 合同", "arriv*", '"보증금은 500"', "a1 OR 合同")
    for typed in asked:
        answer = Answer(understand(typed))
        for text in (
            "The parcel was sealed.", "parcels sealed", "계약서에 서명", "보증금은 500만원", "签订了合同",
            "A1合同 is here", "It arrived", "the  parcel", "the, parcel",
        ):  # fmt: skip
            assert (answer.worth(text) is None) == (answer.read(text) is None), (typed, text)


def test_distances_are_the_same_by_patterns_and_by_atoms():
    texts = [
        "계약을 그들이 먼저 깨뜨렸습니다", "계약 깨뜨렸", "계약깨뜨렸", "계약을깨뜨렸다", "合同깨뜨렸",
        "contract 계약 was 깨뜨렸 broken",
        "合同在二〇二六年签订", "签订合同", "合同，签订", "合 同签订 a b 合同", "the contract was, as I said, broken",
    ]  # fmt: skip
    for one, other in (
        ("계약", "깨뜨렸"),
        ("合同", "签订"),
        ("contract", "broken"),
        ("合同", "깨뜨렸"),
        ("contract", "깨뜨렸"),
    ):
        for within in range(1, 9):
            answer = Answer(understand(f"{one} NEAR/{within} {other}"))
            for text in texts:
                assert (answer.worth(text) is None) == (answer.read(text) is None), (one, other, within, text)


def test_words_are_counted_as_people_count_them():
    written, _numbers = atoms_of("two words 계약서에 서명했습니다 合同 A1합")
    assert written.words == [0, 1, *[2] * 4, *[3] * 6, 4, 5, 6, 7]


def test_facets_count_what_was_ranked_and_narrow(cast, case, door):
    found = search("pounds OR 보증금 OR 押金", user=cast.claimant)
    facets = {facet.name: dict(facet.values) for facet in found.facets}
    assert facets["kind"] == {"said": found.total}
    assert facets["speaker"] == {"Kim Jiwoo": 3, "Li Wei": 3}
    assert facets["month"] == {"2026-03": 6}
    assert list(facets["case"]) == [str(case.pk)]
    assert search("pounds", user=cast.claimant, filters=Filters(role="claimant")).total == 2
    assert search("pounds", user=cast.claimant, filters=Filters(role="judge")).total == 0
    assert search("pounds", user=cast.claimant, filters=Filters(language="ko")).total == 0
    page = door.claimant.get("/search/", {"q": "pounds OR 보증금 OR 押金"})
    (speaker,) = [facet for facet in page.context["facets"] if facet.name == "speaker"]
    narrowed = door.claimant.get("/search/" + speaker.choices[0].url)
    assert narrowed.context["page"].paginator.count == speaker.choices[0].count == 3
    (chosen,) = [facet for facet in narrowed.context["facets"] if facet.name == "speaker"]
    assert chosen.choices[0].chosen
    assert door.claimant.get("/search/" + chosen.choices[0].url).context["page"].paginator.count == 6


def test_a_hidden_case_is_as_good_as_absent(cast, case, door):
    def seen():
        found = search("pounds", user=cast.claimant)
        page = door.claimant.get("/search/", {"q": "pounds"}).content.decode()
        return found.total, found.more, found.facets, found.keys, page[page.index("<main") :].split("csrf")[0]

    before = seen()
    heard(cast, "C-2026-0777", [("Spy", "A thousand pounds, pounds, pounds.")] * 3, start=timezone.now())
    assert seen() == before
    absent = search("pounds", user=cast.claimant, filters=Filters(case="C-2026-0999"))
    assert search("pounds", user=cast.claimant, filters=Filters(case="C-2026-0777")) == absent


def test_the_statements_asked_are_the_same_for_a_hidden_case_and_an_absent_one(cast, case):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked():
        with CaptureQueriesContext(connection) as queries:
            search("pounds secret", user=cast.claimant)
        return [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.?\d*", "", query["sql"]) for query in queries]

    before = asked()
    heard(cast, "C-2026-0777", [("Spy", "The secret pounds.")], start=timezone.now())
    assert asked() == before


def test_hidden_words_are_found_by_nobody_and_shown_to_nobody(cast, case):
    utterance = Utterance.objects.get(text=SAID[0][1])
    word = next(word for word in utterance.words if word[0].startswith("broken"))
    Redaction.objects.create(
        transcript=utterance.transcript, track=utterance.track, words=[word[4]], start=word[1], end=word[2],
        level=Level.REDACTED, reason="x", asked_by=cast.clerk, state=RedactionState.APPLIED,
    )  # fmt: skip
    said = list(utterance.transcript.utterances.all())
    index.write(said, index.rows(said))
    assert texts("contract NEAR/9 broken", cast.claimant) == [SAID[1][1]]
    assert texts('"said broken"', cast.claimant) == []
    (hit,) = search('"contract was"', user=cast.claimant).hits
    assert "broken" not in "".join(text for text, _found in hit.pieces)


def test_a_released_record_is_found_by_everybody_and_no_other(cast, case):
    assert search("pounds", user=cast.stranger).total == 0
    Transcript.objects.filter(case=case).update(release_at=timezone.now() - timedelta(hours=1))
    assert search("pounds", user=cast.stranger).total == 2
    assert search("pounds", user=cast.stranger, filters=Filters(case="C-2026-0001")).total == 2
    Case.objects.filter(pk=case.pk).update(sealed=True)
    assert search("pounds", user=cast.stranger).total == 0
    Case.objects.filter(pk=case.pk).update(sealed=False)
    Transcript.objects.filter(case=case).update(release_at=timezone.now() + timedelta(hours=1))
    assert search("pounds", user=cast.stranger).total == 0
