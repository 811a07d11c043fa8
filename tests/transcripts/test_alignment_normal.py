"""One form for each way of writing the same thing, and never a wrong character."""

import pytest

from transcripts.alignment.normal import tokens, units
from transcripts.alignment.pronouncing import pronunciations
from transcripts.alignment.pronouncing_east import pronounced, spoken_number
from transcripts.alignment.sounding import alike


def forms(text: str, language: str = "en") -> list[str]:
    return [unit.form for unit in units(tokens(text), language)]


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("twenty-five", "25", "en"),
        ("twenty five", "25", "en"),
        ("the twenty-fifth witness", "the 25th witness", "en"),
        ("one thousand two hundred pounds and fifty pence", "£1,200.50", "en"),
        ("two hundred and five", "205", "en"),
        ("a hundred dollars", "$100", "en"),
        ("two point five million", "2.5 million", "en"),
        ("$2 million", "two million dollars", "en"),
        ("forty per cent", "40%", "en"),
        ("nineteen ninety-five", "1995", "en"),
        ("the third of March, twenty twenty-six", "March 3rd, 2026", "en"),
        ("3 March 2026", "on March 3, 2026"[3:], "en"),
        ("I don’t know", "I do not know", "en"),
        ("they cannot", "they can't", "en"),
        ("the colour of his neighbour's centre", "the color of his neighbor's center", "en"),
        ("organise", "organize", "en"),
        ("U.S. law", "US law", "en"),
        ("ＡＢＣ １２", "abc 12", "en"),
        ("二〇二六年三月", "2026年3月", "zh"),
        ("二十五元", "25元", "zh"),
        ("百万", "100万", "zh"),
        ("百分之五", "5%", "zh"),
        ("法官說這個問題", "法官说这个问题", "zh"),
        ("이십오일에", "25일에", "ko"),
        ("삼백만 원", "300만원", "ko"),
        ("이천이십육년 삼월", "2026년 3월", "ko"),
        ("세 시에", "3시에", "ko"),
    ],
)
def test_both_ways_of_writing_are_one(one, other, language):
    assert forms(one, language) == forms(other, language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("fifteen", "fifty", "en"),
        ("can", "can't", "en"),
        ("2.5", "25", "en"),
        ("十五", "五十", "zh"),
        ("이월", "일월", "ko"),
    ],
)
def test_what_means_something_else_stays_apart(one, other, language):
    assert forms(one, language) != forms(other, language)


@pytest.mark.parametrize(
    "text", ["", "   ", "…", "a" * 100_000, "1" * 5_000, "\u0301\u0301", "é" * 50, "가" * 3_000, "﷽", "I\x00I"]
)
def test_odd_text_is_survived(text):
    for language in ("en", "ko", "zh"):
        for token in tokens(text):
            assert text[token.start : token.end] == token.text
        forms(text, language)
        pronounced([token.text for token in tokens(text)][:5], "ko")
        alike(text[:200], "wall", language)


@pytest.mark.parametrize(
    "word", ["wall", "Przybylski", "MS-13", "£1,200.50", "D.C.", "co-operate", "2026", "café", "bcdfg", "25th"]
)
def test_every_english_word_can_be_pronounced(word):
    assert all(way and all(phone.isupper() for phone in way) for way in pronunciations(word))
    assert pronunciations(word)


def test_numbers_are_read_out_as_they_are_said():
    assert [spoken_number(digits, "ko") for digits in ("25", "2026", "2000000", "0")] == [
        "이십오",
        "이천이십육",
        "이백만",
        "영",
    ]
    assert [spoken_number(digits, "zh") for digits in ("15", "25", "007")] == ["十五", "二十五", "零零七"]
    assert ("T", "W", "EH", "N", "T", "IY", "T", "W", "EH", "N", "T", "IY", "S", "IH", "K", "S") in pronunciations(
        "2026"
    )


def test_what_sounds_alike_is_known_to():
    assert alike("银杏", "营姓", "zh") > 0.7
    assert alike("气", "憩", "zh") == 1.0
    assert alike("비치었다", "빛이었다", "ko") == 1.0
    assert alike("their", "there", "en") == 1.0
    assert alike("wall", "respondent", "en") < 0.3
