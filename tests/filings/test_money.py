"""Amounts are read as people type them, or refused with a reason."""

import pytest
from django.core.exceptions import ValidationError

from court.filings.money import read_amount, typed_amount
from court.filings.queries import same_name


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1,250.50", "GBP", 125_050),
        ("£1250.5", "GBP", 125_050),
        (" 1250 ", "GBP", 125_000),
        ("GBP 12", "GBP", 1_200),
        ("12.00", "KRW", 12),
        ("1,250,000원", "KRW", 1_250_000),
        ("１２３", "CNY", 12_300),
        ("1.234", "KWD", 1_234),
    ],
)
def test_amounts_are_read_into_minor_units(typed, currency, minor):
    assert read_amount(typed, currency) == minor


@pytest.mark.parametrize(
    "typed", ["", "a lot", "1,25", "1.250,50", "12.345", "-5", "0", "0.00", "1e9", "9" * 16, "1.2.3", "NaN", "inf"]
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        read_amount(typed, "GBP")


@pytest.mark.parametrize(
    ("minor", "currency"), [(125_050, "GBP"), (5, "GBP"), (1_250_000, "KRW"), (1, "CNY"), (7, "CHF")]
)
def test_an_amount_in_a_field_reads_back_as_itself(minor, currency):
    assert read_amount(typed_amount(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("signed", "name"),
    [
        ("kim jiwoo", "Kim Jiwoo"),
        ("Jiwoo Kim", "Kim Jiwoo"),
        ("김 지우", "김지우"),
        ("José  García", "Jose Garcia"),
        ("Ann-Marie O’Neil", "Ann Marie O'Neil"),
        ("Müller", "MÜLLER"),
    ],
)
def test_a_signature_may_differ_in_writing(signed, name):
    assert same_name(signed, name)


@pytest.mark.parametrize(
    ("signed", "name"), [("", "Kim"), ("Kim", "Kim Jiwoo"), ("Li Wei", "Kim Jiwoo"), ("", ""), ("-", "")]
)
def test_another_name_is_no_signature(signed, name):
    assert not same_name(signed, name)
