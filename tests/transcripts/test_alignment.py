"""The aligner through its public door: what it promises of times, statuses and discrepancies."""

import random
import re

import pytest

from transcripts.alignment import SpokenWord, Turn, align

SAID = (
    "The witness said that the garden wall fell down on the night of the storm. He was asleep and heard nothing. "
    "In the morning he called the respondent, who came at nine and promised to pay two hundred pounds. "
    "No money was ever paid. The claimant then wrote three letters."
)


def heard(text: str, *, speaker: str = "", start: float = 1.0) -> list[SpokenWord]:
    """Words a third of a second apart, as a recogniser would give them."""
    return [SpokenWord(word, start + at / 3, start + at / 3 + 0.3, speaker) for at, word in enumerate(text.split())]


def kinds(found) -> list[str]:
    return [one.kind for one in found.discrepancies]


def test_a_true_record_is_matched_word_for_word():
    found = align(SAID, heard(SAID), language="en")
    assert {word.status for word in found.words} == {"matched"}
    assert {sentence.status for sentence in found.sentences} == {"matched"}
    assert [round(word.start, 3) for word in found.words] == [
        round(1.0 + at / 3, 3) for at in range(len(SAID.split()))
    ]
    assert len(found.sentences) == 5
    assert found.discrepancies == []


@pytest.mark.parametrize(
    ("record", "kind", "written", "said"),
    [
        (SAID.replace("garden wall", "garden fence"), "substitution", "fence", "wall"),
        (SAID.replace("was asleep and ", ""), "omission", "", "was asleep and"),
        (SAID.replace("three letters", "three long letters"), "addition", "long", ""),
        (SAID.replace("wrote three letters", "writes three letter"), "substitution", "writes", "wrote"),
        (SAID.replace("asleep", "asleep, uh,"), "disfluency", "uh", ""),
        (SAID.replace("letters", "letter"), "wording", "letter", "letters"),
    ],
)
def test_a_difference_is_found_and_named(record, kind, written, said):
    found = align(record, heard(SAID), language="en")
    one = next(one for one in found.discrepancies if one.kind == kind)
    assert (one.record, one.spoken) == (written, said)
    assert record[one.char_start : one.char_end] == written


def test_a_sentence_nobody_said_is_told_whole_though_the_next_begins_alike():
    record = "Li Wei: I was waiting. I offered to pay for six bowls.\nJudge: I have heard enough."
    found = align(record, heard("I was waiting. I have heard enough."), language="en")
    assert [(one.kind, one.record) for one in found.discrepancies] == [("addition", "I offered to pay for six bowls")]
    assert [word.status for word in found.words if word.text == "I"] == ["matched", "unaligned", "matched"]


def test_a_sentence_left_out_is_told_whole_though_the_next_begins_alike():
    said = "The wall was old. The wall was damp. The wall fell."
    found = align("The wall was old. The wall fell.", heard(said), language="en")
    assert [(one.kind, one.spoken) for one in found.discrepancies] == [("omission", "The wall was damp")]
    assert round(found.sentences[1].start, 3) == round(1.0 + 8 / 3, 3)


def test_numbers_are_the_same_in_words_and_digits_and_are_told_as_format():
    found = align(SAID.replace("two hundred pounds", "£200").replace("at nine", "at 9"), heard(SAID), language="en")
    assert {word.status for word in found.words} == {"matched"}
    assert {(one.kind, one.record, one.spoken) for one in found.discrepancies} == {
        ("format", "£200", "two hundred pounds"),
        ("format", "9", "nine"),
    }


@pytest.mark.parametrize(
    ("record", "about"),
    [
        (SAID.replace("two hundred", "three hundred"), "number"),
        (SAID.replace("No money was ever paid", "Money was ever paid"), "negation"),
        (SAID.replace("heard nothing", "heard something"), "negation"),
    ],
)
def test_numbers_and_negations_always_go_to_a_person_and_come_first(record, about):
    found = align(record.replace("wrote", "sent"), heard(SAID), language="en")
    assert found.discrepancies[0].needs_person
    assert about in found.discrepancies[0].concerns
    assert not next(one for one in found.discrepancies if one.record == "sent").needs_person


def test_names_and_dates_go_to_a_person():
    said = "On the third of March Mr Kim met Mrs Alvarez at the station. He told Alvarez that Kim was late."
    record = "On 4 March Mr Kim met Mrs Alvarado at the station. He told Alvarado that Kim was late."
    found = align(record, heard(said), language="en")
    about = {one.record: one.concerns for one in found.discrepancies}
    assert "date" in about["4 March"]
    assert "name" in about["Alvarado"]


def test_moved_text_is_found_where_it_was_said():
    sentences = re.findall(r"[^.]+\.", SAID)
    record = "".join([sentences[2], sentences[0], sentences[1], *sentences[3:]]).strip()
    found = align(record, heard(SAID), language="en")
    (moved,) = [one for one in found.discrepancies if one.kind == "moved"]
    assert kinds(found) == ["moved"]
    assert moved.record in record
    assert {word.status for word in found.words} == {"matched"}
    times = {word.text: word.start for word in found.words}
    assert times["promised"] == pytest.approx(1.0 + SAID.split().index("promised") / 3)


def test_of_two_passages_that_changed_places_the_shorter_is_told_as_moved():
    moved = "No manufacturer has taken the initiative in pointing out the cost involved."
    rest = (
        "Most young people rise early every day. Clasp the screw in your left hand and turn it twice. When peeling an "
        "orange it is hard not to spray juice. The two artists exchanged autographs after the show. Which church did "
        "the Smiths worship in before the war? In simpler terms it amounts to pointing the platform in the proper "
        "direction. She ran away on a black night with a lawful wedded man."
    )
    garbled = " ".join("crumble" if at % 5 == 3 else word for at, word in enumerate(rest.split()))
    found = align(f"{rest} {moved}", heard(f"{moved} {garbled}"), language="en")
    assert [one.record for one in found.discrepancies if one.kind == "moved"] == [moved.rstrip(".")]


def test_a_negation_left_out_of_moved_text_still_goes_to_a_person():
    moved = "On Monday the witness did not sign the letter that the respondent sent."
    record = SAID.replace(" No money", f" {moved.replace('did not sign', 'did sign')} No money")
    found = align(record, heard(f"{moved} {SAID}"), language="en")
    assert [one.kind for one in found.discrepancies if one.kind == "moved"]
    one = next(one for one in found.discrepancies if one.spoken == "not")
    assert (one.kind, one.needs_person, one.concerns) == ("omission", True, ("negation",))


@pytest.mark.parametrize(
    ("language", "record", "said"),
    [
        (
            "zh",
            "法官问证人那天晚上看见了什么。证人回答说雨下得很大。报告说这面墙没有合适的地基。清晨薄雾笼罩着整个大地。",
            "清晨饱悟笼赵着争个大弟 法官问证人那天晚上看见了什么 证人回答说雨下得很大 报告说这面墙没有合适的地基",
        ),
        (
            "en",
            "The witness said that the wall fell down on the night of the storm. "
            "He was asleep and heard nothing at all. Were any payments ever made to you?",
            "or any pavements ever maid to you the witness said that the wall fell down on the night of the storm "
            "he was asleep and heard nothing at all",
        ),
    ],
)
def test_moved_text_is_found_even_where_it_was_misheard(language, record, said):
    words = said.split() if language == "en" else list(said.replace(" ", ""))
    found = align(record, heard(" ".join(words)), language=language)
    assert set(kinds(found)) == {"moved"}
    assert all(one.record in record and one.start < 4.0 for one in found.discrepancies)


def test_chinese_characters_that_sound_the_same_are_told_apart_from_what_differs_beside_them():
    """The recogniser's 饱悟 for 薄雾 is one difference, the clerk's 高山 for 大地 another."""
    words = [SpokenWord(sign, 1 + at / 3, 1.3 + at / 3) for at, sign in enumerate("那天清晨保务笼罩大地没有人看见")]
    found = align("那天清晨薄雾高山没有人看见。", words, language="zh")
    assert "薄雾" not in [one.record for one in found.discrepancies if "笼" in one.spoken]
    assert any(one.record == "高山" for one in found.discrepancies)


def test_words_given_to_the_wrong_person_are_found():
    turns = [
        ("Kim", "Did the wall fall in January?"),
        ("Lee", "It did, in the night of the storm."),
        ("Kim", "Who saw it?"),
    ]
    words, start = [], 1.0
    for who, said in turns:
        words += heard(said, speaker=who, start=start)
        start = words[-1].end + 0.5
    right = "\n".join(f"{who}: {said}" for who, said in turns)
    assert align(right, words, language="en").discrepancies == []
    found = align(right.replace("Lee: It", "Kim: It"), words, language="en")
    (wrong,) = found.discrepancies
    assert (wrong.kind, wrong.record_speaker, wrong.spoken_speaker) == ("wrong_speaker", "Kim", "Lee")
    assert wrong.record == "It did, in the night of the storm"


def test_speakers_may_be_told_by_time_and_labels_are_learnt_by_who_says_most():
    said = "Did the wall fall? Yes it fell down. Did you see it fall? No I was asleep then."
    words = heard(said)
    turns = [Turn(0, 2.3, "judge"), Turn(2.3, 3.6, "witness"), Turn(3.6, 5.6, "judge"), Turn(5.6, 9, "witness")]
    record = "Q. Did the wall fall?\nA. Yes it fell down.\nQ. Did you see it fall?\nA. No I was asleep then."
    found = align(record, words, language="en", speakers=turns)
    assert found.discrepancies == []
    assert [sentence.speaker for sentence in found.sentences] == ["Q", "A", "Q", "A"]


def test_what_was_not_said_has_no_times():
    found = align(SAID + " The judge thanked everybody warmly and adjourned.", heard(SAID), language="en")
    last = found.sentences[-1]
    assert (last.status, last.start, last.end, last.similarity) == ("unaligned", None, None, 0.0)
    assert all(word.start is None for word in found.words if word.status == "unaligned")
    assert kinds(found) == ["addition"]


def test_a_misheard_word_is_interpolated_between_its_neighbours():
    found = align(SAID.replace("promised", "agreed"), heard(SAID), language="en")
    word = next(word for word in found.words if word.text == "agreed")
    assert word.status == "interpolated"
    at = SAID.split().index("promised")
    assert 1.0 + at / 3 - 0.04 <= word.start < word.end <= 1.0 + (at + 1) / 3


@pytest.mark.parametrize(
    "record",
    [
        "나는 그 사람을 전혀 모릅니다. 처음 듣는 이야기입니다.",
        "Photosynthesis converts sunlight into sugar within green leaves. Chlorophyll absorbs blue wavelengths.",
        "x" * 20_000,
        "- — … !",
    ],
)
def test_a_record_of_something_else_is_told_to_be_that(record):
    found = align(record, heard(SAID), language="en")
    assert all(word.status == "unaligned" for word in found.words)
    assert all(sentence.status == "unaligned" for sentence in found.sentences)


def test_part_of_the_record_and_part_of_the_sound_find_each_other():
    sentences = re.findall(r"[^.]+\.", SAID)
    middle = align(sentences[2].strip(), heard(SAID), language="en")
    assert {word.status for word in middle.words} == {"matched"}
    assert {one.kind for one in middle.discrepancies} == {"omission"}
    whole = align(SAID, heard(sentences[2]), language="en")
    assert [sentence.status for sentence in whole.sentences] == [
        "unaligned", "unaligned", "matched", "unaligned", "unaligned",
    ]  # fmt: skip


def test_silence_matches_nothing():
    found = align(SAID, [], language="en")
    assert {word.status for word in found.words} == {"unaligned"}
    assert kinds(found) == ["addition"]


def test_a_passage_said_twice_keeps_its_order():
    twice = "I swear to tell the truth. The wall fell. I swear to tell the truth. The roof held."
    found = align(twice, heard(twice), language="en")
    starts = [word.start for word in found.words]
    assert starts == sorted(starts)
    assert found.discrepancies == []


def test_chinese_is_compared_by_character_in_either_script():
    said = [
        SpokenWord(text, at * 0.5, at * 0.5 + 0.4) for at, text in enumerate(["法官", "问", "证人", "那天", "晚上"])
    ]
    found = align("法官問證人那天早上。", said, language="zh")
    assert [word.text for word in found.words] == list("法官問證人那天早上")
    assert [word.status for word in found.words].count("matched") == 8
    (one,) = found.discrepancies
    assert (one.kind, one.record, one.spoken) == ("substitution", "早", "晚")


def test_korean_endings_and_spacing_do_not_break_a_match():
    found = align(
        "피고는 그날 밤에 담장이 무너졌다고 했다.", heard("피고는 그 날밤에 담장이 무너졌다고 말했다."), language="ko"
    )
    assert {word.status for word in found.words[:-1]} == {"matched"}
    assert found.sentences[0].similarity > 0.9


def test_clerks_notes_are_not_taken_for_something_unsaid():
    found = align(SAID.replace(" He was", " [Pause.] He was"), heard(SAID), language="en")
    assert found.discrepancies == []


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_offsets_times_and_statuses_always_hold(language):
    """Whatever is written and whatever was heard."""
    chance = random.Random(41)
    words = {
        "en": f"{SAID} don’t £1,200.50 MS-13 25th U.S. (sworn) — Kim: café 👍 ２０２６".split(),
        "ko": ["피고는", "담장이", "무너졌다고", "이백만", "원을", "25일에", "어", "없습니다.", "판사:", "3시"],
        "zh": [*"法官问证人二十五元。那天晚上不，看见了什么", "2026", "MS-13", "\n"],
    }[language]
    for _ in range(60):
        space = "" if language == "zh" else chance.choice([" ", "\n", "  "])
        record = space.join(chance.choices(words, k=chance.randrange(1, 60)))
        said = " ".join(chance.choices(words, k=chance.randrange(0, 60)))
        found = align(record, heard(said), language=language)
        last, place = 0.0, 0
        moved = [(one.char_start, one.char_end) for one in found.discrepancies if one.kind == "moved"]
        for word in found.words:
            assert record[word.char_start : word.char_end] == word.text
            assert word.char_start >= place
            place = word.char_end
            assert (word.status == "unaligned") == (word.start is None) == (word.end is None)
            if word.start is not None and not any(a <= word.char_start < b for a, b in moved):
                assert word.end >= word.start >= last
                last = word.start
        for sentence in found.sentences:
            assert record[sentence.char_start : sentence.char_end] == sentence.text
            assert 0.0 <= sentence.similarity <= 1.0
            assert (sentence.status == "unaligned") == (sentence.start is None)
        for one in [*found.discrepancies, *found.set_aside]:
            assert record[one.char_start : one.char_end] == one.record
            assert one.record or one.spoken
            assert one.start is None or one.end >= one.start
