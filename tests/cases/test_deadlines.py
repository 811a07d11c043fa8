"""Time limits end when the rules say."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone, translation

from court.cases.deadlines import deadline, explain, is_working_day, meet, set_deadline
from court.cases.models import Deadline
from court.cases.procedure import Rule, read_rules, rule

LONDON = ZoneInfo("Europe/London")


def at(*when):
    return datetime(*when, tzinfo=LONDON)


def limit(days, *, working=False):
    return Rule("test", "R-99", {"en": "t"}, {"en": "t"}, rule("answer").cut_off, days, working)


@pytest.mark.parametrize(
    ("why", "counted_from", "due"),
    [
        ("28 days from a Thursday", at(2026, 11, 26, 10), at(2026, 12, 24, 16)),
        ("exactly at 4 pm is in time", at(2026, 11, 26, 16, 0), at(2026, 12, 24, 16)),
        (
            "after 4 pm counts as the next day, here a Friday; ends on Christmas",
            at(2026, 11, 26, 16, 1),
            at(2026, 12, 29, 16),
        ),
        ("a Sunday counts as Monday", at(2026, 11, 22, 12), at(2026, 12, 21, 16)),
        ("a Friday after 4 pm counts as Monday", at(2026, 11, 20, 17), at(2026, 12, 21, 16)),
        ("a Saturday's end moves over Boxing Day's Monday", at(2026, 11, 27, 9), at(2026, 12, 29, 16)),
        ("a leap day is a day", at(2028, 2, 1, 10), at(2028, 2, 29, 16)),
        ("over a leap day", at(2028, 2, 3, 10), at(2028, 3, 2, 16)),
        ("a year without one", at(2027, 2, 3, 10), at(2027, 3, 3, 16)),
        ("4 pm stays 4 pm when clocks go forward", at(2026, 3, 5, 10), at(2026, 4, 2, 16)),
        ("and when they go back", at(2026, 10, 1, 10), at(2026, 10, 29, 16)),
        ("over the new year", at(2026, 12, 4, 10), at(2027, 1, 4, 16)),
    ],
)
def test_time_to_answer_ends_when_the_rules_say(why, counted_from, due):
    assert deadline("answer", counted_from) == due, why


def test_summer_time_moves_the_end_in_utc_and_not_on_the_courts_clock():
    assert deadline("answer", at(2026, 3, 5, 10)).astimezone(UTC) == datetime(2026, 4, 2, 15, tzinfo=UTC)
    assert deadline("answer", at(2026, 10, 1, 10)).astimezone(UTC) == datetime(2026, 10, 29, 16, tzinfo=UTC)


def test_the_hour_is_that_of_the_court_and_not_of_the_sender():
    half_past_three_in_london_in_summer = datetime(2026, 7, 1, 14, 30, tzinfo=UTC)
    half_past_four_in_london_in_summer = datetime(2026, 7, 1, 15, 30, tzinfo=UTC)
    assert deadline("answer", half_past_three_in_london_in_summer) == at(2026, 7, 29, 16)
    assert deadline("answer", half_past_four_in_london_in_summer) == at(2026, 7, 30, 16)


@pytest.mark.parametrize(
    ("counted_from", "days", "due"),
    [
        (at(2026, 11, 26, 10), 5, at(2026, 12, 3, 16)),
        (at(2026, 12, 23, 10), 2, at(2026, 12, 29, 16)),  # 24th, then Christmas, weekend, holiday, 29th
        (at(2026, 12, 23, 16, 30), 1, at(2026, 12, 29, 16)),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(counted_from, days, due):
    assert deadline(limit(days, working=True), counted_from) == due


def test_holidays_are_those_of_the_courts_country(settings):
    assert not is_working_day(date(2026, 12, 28))
    settings.COURT_COUNTRY = "KR"
    assert is_working_day(date(2026, 12, 28))
    assert not is_working_day(date(2026, 2, 17))
    settings.COURT_COUNTRY = "CN"
    assert is_working_day(date(2026, 2, 14)), "a Saturday worked instead of a day of the Spring Festival"
    settings.COURT_COUNTRY = "GB-ENG"
    assert not is_working_day(date(2026, 4, 6)), "Easter Monday is a holiday in England"
    settings.COURT_COUNTRY = "GB-SCT"
    assert is_working_day(date(2026, 4, 6)), "but not in Scotland"


def test_a_rule_without_days_is_no_time_limit():
    with pytest.raises(ValueError, match="R-14"):
        deadline("truth", at(2026, 11, 26, 10))


def explained(counted_from, found="answer"):
    found = rule(found) if isinstance(found, str) else found
    row = Deadline(
        kind="answer",
        rule=found.number,
        days=found.days,
        counted_from=counted_from,
        due_at=deadline(found, counted_from),
    )
    return explain(row)


def test_the_arithmetic_is_told_with_its_rule():
    assert explained(at(2026, 11, 26, 10)) == "28 days from Thursday 26 November 2026; rule R-12."
    assert explained(at(2026, 11, 28, 10)).startswith(
        "28 days from Monday 30 November 2026, moved from Monday 28 December 2026 to the next working day; rule R-12."
    )
    assert "It happened on Saturday 28 November 2026 outside working hours" in explained(at(2026, 11, 28, 10))


def test_the_arithmetic_of_a_past_deadline_stays_though_the_rule_changed():
    row = Deadline(
        kind="answer",
        rule="R-12",
        days=14,
        counted_from=at(2026, 11, 26, 10),
        due_at=deadline(limit(14), at(2026, 11, 26, 10)),
    )
    assert explain(row) == "14 days from Thursday 26 November 2026; rule R-12."
    row.rule = "R-gone"
    assert explain(row) == "14 days from Thursday 26 November 2026; rule R-gone."


def test_a_duty_done_after_its_time_is_known_as_late(draft_case):
    set_deadline(draft_case, "answer", counted_from=timezone.now())
    assert meet(draft_case, "answer")
    set_deadline(draft_case, "answer", counted_from=at(2020, 1, 2, 10))
    assert not meet(draft_case, "answer")
    assert not draft_case.deadlines.filter(met_at=None).exists()


def test_rules_are_told_in_the_readers_language():
    assert rule("R-12") == rule("answer")
    assert rule("answer").title == "Time to answer"
    with translation.override("ko"):
        assert rule("answer").title == "답변 기간"
    with translation.override("zh-hans"):
        assert rule("answer").title == "答辩期间"
    with translation.override("fr"):
        assert rule("answer").title == "Time to answer"


RULE = '[[rule]]\nkey="{key}"\nnumber="{number}"\n{more}\n[rule.title]\nen="a"\n[rule.text]\nen="b"\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("cut_off = ", "cannot be read"),
        (RULE.format(key="a", number="R-1", more="days=0"), "Rule R-1"),
        (RULE.format(key="a", number="R-1", more='days=3\ncounting="lunar"'), "Rule R-1"),
        (RULE.format(key="a", number="R-1", more='cut_off="noon"'), "Rule R-1"),
        ('[[rule]]\nnumber="R-1"\n', "Rule R-1"),
        (RULE.format(key="a", number="R-1", more="") + RULE.format(key="b", number="R-1", more=""), "twice"),
    ],
)
def test_a_procedure_file_that_cannot_be_used_is_refused_with_the_reason(tmp_path, text, complaint):
    path = tmp_path / "rules.toml"
    path.write_text(text)
    with pytest.raises(ImproperlyConfigured, match=complaint):
        read_rules(path)


def test_a_court_can_have_rules_of_its_own(tmp_path, settings):
    path = tmp_path / "rules.toml"
    path.write_text(
        'cut_off = "12:00"\n' + RULE.format(key="answer", number="7.3", more='days=10\ncounting="working"')
    )
    settings.COURT_PROCEDURE = path
    assert deadline("answer", at(2026, 11, 26, 10)) == at(2026, 12, 10, 12)
    assert explained(at(2026, 11, 26, 13), "7.3").startswith("10 working days from Friday 27 November 2026; rule 7.3.")
