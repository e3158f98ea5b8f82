"""What comes again: choices, words, RRULE text, and the times they fall on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.refusal import Refusal
from roedtraad.practice.rules.recurrence import (
    Every,
    Rule,
    daily,
    from_words,
    in_words,
    monthly,
    monthly_on,
    occurrences,
    parse,
    weekly,
    workdays,
)

EVENING = time(18)
CASES = [
    (daily(), "FREQ=DAILY", "hver dag"),
    (daily(3), "FREQ=DAILY;INTERVAL=3", "hver 3. dag"),
    (workdays(), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "alle hverdage"),
    (weekly([3, 0]), "FREQ=WEEKLY;BYDAY=MO,TH", "hver mandag og torsdag"),
    (weekly([5, 2, 6]), "FREQ=WEEKLY;BYDAY=WE,SA,SU", "hver onsdag, lørdag og søndag"),
    (weekly([1], 2), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "hver 2. uge: tirsdag"),
    (monthly(15), "FREQ=MONTHLY;BYMONTHDAY=15", "den 15. i hver måned"),
    (monthly(-1, 3), "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "den sidste dag i hver 3. måned"),
    (monthly(30), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "den 30. i hver måned"),
    (monthly_on(1, 0), "FREQ=MONTHLY;BYDAY=1MO", "den første mandag i hver måned"),
    (monthly_on(-1, 4, 2), "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR", "den sidste fredag i hver 2. måned"),
]


def at(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=COPENHAGEN)


@pytest.mark.parametrize(("rule", "text", "words"), CASES)
def test_a_choice_is_text_and_words_and_back(rule: Rule, text: str, words: str) -> None:
    assert rule.text == text
    assert parse(text) == rule
    assert in_words(rule) == words
    assert from_words(words) == (rule, None)


def test_the_time_of_day_is_said_with_the_rule() -> None:
    assert in_words(weekly([0, 3]), EVENING) == "hver mandag og torsdag kl. 18.00"
    assert from_words("Hver  mandag og torsdag kl. 18:00.") == (weekly([0, 3]), EVENING)


def test_text_from_other_calendars_is_read_whatever_its_order() -> None:
    assert parse("RRULE:byday=th,mo;WKST=MO;FREQ=WEEKLY;INTERVAL=1;") == weekly([0, 3])


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=HOURLY",
        "FREQ=YEARLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;BYMINUTE=1",
        "FREQ=DAILY;COUNT=9",
        "FREQ=DAILY;UNTIL=20270101T000000Z",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=MO;WKST=SU",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=1000000000000",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=MONTHLY",
        "BYDAY=MO",
        "hver mandag",
        "",
    ],
)
def test_other_rules_are_refused_in_words(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert refused.value.field == "rule"


@pytest.mark.parametrize(
    "words",
    ["", "hver", "hver onsda", "den femte mandag i hver måned", "hver dag kl. 25.00", "den 32. i hver måned"],
)
def test_words_that_are_no_rule_are_refused(words: str) -> None:
    with pytest.raises(Refusal) as refused:
        from_words(words)
    assert refused.value.field == "rule"


def test_a_week_needs_a_weekday() -> None:
    with pytest.raises(Refusal) as refused:
        weekly([])
    assert refused.value.field == "days"
    with pytest.raises(Refusal, match="dage, uger eller måneder"):
        Rule(Every.DAY, days=(1,))


def test_the_times_of_a_month_without_the_exceptions() -> None:
    times = occurrences(
        weekly([0, 3]),
        date(2026, 6, 3),
        EVENING,
        until=date(2026, 6, 18),
        exceptions={date(2026, 6, 11)},
        between=(at(2026, 6, 1), at(2026, 7, 1)),
    )
    assert times == [at(2026, 6, day, 18) for day in (4, 8, 15, 18)]


def test_the_window_holds_its_first_moment_and_not_its_last() -> None:
    window = (at(2026, 6, 1, 18), at(2026, 6, 3, 18))
    assert occurrences(daily(), date(2020, 1, 1), EVENING, between=window) == [
        at(2026, 6, 1, 18),
        at(2026, 6, 2, 18),
    ]


def test_every_other_week_keeps_its_week_for_years() -> None:
    times = occurrences(weekly([0], 2), date(2016, 6, 8), EVENING, between=(at(2026, 6, 1), at(2026, 7, 1)))
    assert times
    first_monday = date(2016, 6, 6)
    assert all((moment.date() - first_monday).days % 14 == 0 for moment in times)


def test_a_short_month_has_its_last_day_instead() -> None:
    times = occurrences(monthly(31), date(2026, 1, 31), EVENING, between=(at(2026, 1, 1), at(2026, 5, 1)))
    assert [moment.date() for moment in times] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


def test_summer_time_moves_no_evening_and_skips_no_night() -> None:
    window = (at(2026, 3, 28), at(2026, 3, 31))
    evenings = occurrences(daily(), date(2026, 3, 1), EVENING, between=window)
    assert [moment.hour for moment in evenings] == [18, 18, 18]
    assert [moment.utcoffset() for moment in evenings] == [timedelta(hours=n) for n in (1, 2, 2)]
    nights = occurrences(daily(), date(2026, 3, 1), time(2, 30), between=window)
    assert [(moment.day, moment.hour, moment.minute) for moment in nights] == [
        (28, 2, 30),
        (29, 3, 30),
        (30, 2, 30),
    ]


def test_of_two_alike_in_autumn_it_is_the_first() -> None:
    (night,) = occurrences(
        daily(), date(2026, 3, 1), time(2, 30), between=(at(2026, 10, 25), at(2026, 10, 26))
    )
    assert night.utcoffset() == timedelta(hours=2)


def test_a_window_has_bounds() -> None:
    with pytest.raises(ValueError, match="400 dage"):
        occurrences(daily(), date(2026, 1, 1), EVENING, between=(at(2026, 1, 1), at(2028, 1, 1)))
    with pytest.raises(ValueError, match="tidszone"):
        occurrences(daily(), date(2026, 1, 1), EVENING, between=(datetime(2026, 1, 1), datetime(2026, 1, 2)))
