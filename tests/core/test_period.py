from datetime import date

import pytest
from psycopg.types.range import Range

from roedtraad.core.period import Period, days_overlap, gaps, months, subtract, union, years


def test_the_end_does_not_belong_to_the_period() -> None:
    july = Period.month(2019, 7)
    assert (july.start, july.end, july.last) == (date(2019, 7, 1), date(2019, 8, 1), date(2019, 7, 31))
    assert july.contains(date(2019, 7, 1)) and july.contains(date(2019, 7, 31))
    assert not july.contains(date(2019, 8, 1)) and not july.contains(date(2019, 6, 30))
    assert Period(date(2019, 7, 1)).contains(date(2050, 1, 1))


@pytest.mark.parametrize("end", [date(2020, 7, 1), date(2020, 6, 30)])
def test_a_period_must_end_after_it_begins(end: date) -> None:
    with pytest.raises(ValueError, match=r"begynder 1\. juli 2020\. Slutningen skal ligge efter"):
        Period(date(2020, 7, 1), end)


def test_inclusive_counts_the_last_day() -> None:
    assert Period.inclusive(date(2020, 7, 1), date(2020, 7, 1)).days() == 1
    assert Period.inclusive(date(2020, 7, 1), None).is_open
    with pytest.raises(ValueError, match=r"Den sidste dag, 30\. juni 2020, ligger før"):
        Period.inclusive(date(2020, 7, 1), date(2020, 6, 30))
    with pytest.raises(ValueError, match="Lad den sidste dag stå tom"):
        Period.inclusive(date(2020, 7, 1), date.max)


def test_years_have_their_days() -> None:
    assert Period.year(2019).days() == 365
    assert Period.year(2020).days() == 366
    assert Period.month(2020, 2).days() == 29
    assert Period.month(2019, 12).end == date(2020, 1, 1)


def test_an_open_period_is_counted_until_a_day() -> None:
    running = Period(date(2020, 7, 1))
    assert running.days(until=date(2020, 7, 11)) == 10
    assert running.days(until=date(2020, 1, 1)) == 0
    assert Period.month(2020, 7).days(until=date(2021, 1, 1)) == 31
    with pytest.raises(ValueError, match="ingen slutning"):
        running.days()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Range(date(2020, 1, 1), date(2020, 2, 1), "[)"), Period.month(2020, 1)),
        (Range(date(2020, 1, 1), date(2020, 1, 31), "[]"), Period.month(2020, 1)),
        (Range(date(2019, 12, 31), date(2020, 1, 31), "(]"), Period.month(2020, 1)),
        (Range(date(2020, 1, 1), None, "[)"), Period(date(2020, 1, 1))),
    ],
)
def test_any_bounds_of_a_daterange_are_read(value: Range[date], expected: Period) -> None:
    assert Period.from_range(value) == expected
    assert Period.from_range(expected.to_range()) == expected
    assert expected.to_range().bounds == "[)"


@pytest.mark.parametrize("value", [Range(empty=True), Range(None, date(2020, 1, 1))])
def test_a_daterange_without_a_first_day_is_refused(value: Range[date]) -> None:
    with pytest.raises(ValueError, match="mangler en første dag"):
        Period.from_range(value)


def test_periods_that_only_touch_do_not_overlap() -> None:
    june, july = Period.month(2020, 6), Period.month(2020, 7)
    assert not june.overlaps(july) and june.intersection(july) is None
    assert days_overlap(june, july) == 0
    assert union([july, june]) == [Period(date(2020, 6, 1), date(2020, 8, 1))]


def test_open_periods_meet_in_an_open_period() -> None:
    a, b = Period(date(2020, 1, 1)), Period(date(2020, 6, 1))
    assert a.intersection(b) == b
    assert subtract(a, [b]) == [Period(date(2020, 1, 1), date(2020, 6, 1))]
    assert subtract(b, [a]) == []
    assert union([b, a, Period.year(2019)]) == [Period(date(2019, 1, 1))]
    with pytest.raises(ValueError, match="ingen slutning"):
        days_overlap(a, b)


def test_gaps_are_what_is_not_covered() -> None:
    quarter = Period(date(2020, 1, 1), date(2020, 4, 1))
    assert gaps(quarter, [Period.month(2020, 2)]) == [Period.month(2020, 1), Period.month(2020, 3)]
    assert gaps(quarter, []) == [quarter]
    assert gaps(quarter, [Period.year(2020)]) == []


def test_months_and_years_are_cut_to_the_period() -> None:
    period = Period(date(2019, 12, 20), date(2020, 2, 2))
    assert list(months(period)) == [
        Period(date(2019, 12, 20), date(2020, 1, 1)),
        Period.month(2020, 1),
        Period(date(2020, 2, 1), date(2020, 2, 2)),
    ]
    assert [piece.days() for piece in years(period)] == [12, 32]
    with pytest.raises(ValueError, match="kan ikke deles op"):
        months(Period(date(2020, 1, 1)))
