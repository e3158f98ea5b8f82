"""Planned and delivered minutes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.period import Period
from roedtraad.core.refusal import Refusal
from roedtraad.practice.rules.delivery import (
    Agreement,
    Delivery,
    Per,
    Task,
    by_week,
    delivered_by_citizen,
    delivered_minutes,
    delivery,
    overlaps,
    planned_minutes,
    task_minutes,
    whole,
)

JUNE = Period.month(2026, 6)
ANE, BO = "ane", "bo"


def at(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=COPENHAGEN)


def task(start: datetime, minutes: int | None, *citizens: str, worker: str = "mette") -> Task:
    end = None if minutes is None else start + timedelta(minutes=minutes)
    return Task(start.isoformat(), worker, frozenset(citizens or (ANE,)), start, end)


@pytest.mark.parametrize(
    ("agreement", "minutes"),
    [
        (Agreement(1, Per.DAY, 20, JUNE), 600),
        (Agreement(3, Per.WEEK, 70, JUNE), 900),
        (Agreement(2, Per.MONTH, 60, JUNE), 120),
        (Agreement(2, Per.MONTH, 60, Period(date(2026, 6, 16))), 60),
        (Agreement(7, Per.WEEK, 10, Period(date(2026, 5, 1), date(2026, 6, 4))), 30),
        (Agreement(1, Per.DAY, 20, Period(date(2026, 7, 1))), 0),
    ],
)
def test_what_is_planned_for_june(agreement: Agreement, minutes: int) -> None:
    assert planned_minutes(agreement, JUNE) == minutes


def test_a_month_counts_by_its_own_days() -> None:
    window = Period(date(2026, 2, 15), date(2026, 3, 2))
    monthly = Agreement(1, Per.MONTH, 310, Period(date(2026, 1, 1)))
    assert planned_minutes(monthly, window) == Fraction(310 * 14, 28) + Fraction(310, 31)


@pytest.mark.parametrize(
    ("times", "minutes", "field"), [(0, 30, "times"), (1, 0, "minutes"), (1, 1441, "minutes")]
)
def test_an_agreement_is_of_numbers_that_can_be_meant(times: int, minutes: int, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        Agreement(times, Per.WEEK, minutes, JUNE)
    assert refused.value.field == field


def test_an_open_window_cannot_be_planned() -> None:
    with pytest.raises(ValueError, match="ingen slutning"):
        planned_minutes(Agreement(1, Per.DAY, 20, JUNE), Period(date(2026, 6, 1)))
    with pytest.raises(ValueError, match="ingen slutning"):
        by_week([], [], Period(date(2026, 6, 1)), ANE)


def test_a_task_without_an_end_does_not_count() -> None:
    assert delivered_minutes([task(at(1, 9), None), task(at(2, 9), 45)], JUNE, ANE) == 45


def test_a_group_task_counts_in_full_for_each() -> None:
    tasks = [task(at(1, 9), 60, ANE, BO), task(at(2, 9), 30, BO)]
    assert delivered_by_citizen(tasks, JUNE) == {ANE: 60, BO: 90}
    assert delivered_minutes(tasks, JUNE, "carl") == 0


def test_a_night_is_cut_at_midnight() -> None:
    night = task(at(30, 23), 120)
    assert task_minutes(night, JUNE) == 60
    assert task_minutes(night, Period.month(2026, 7)) == 60


def test_the_night_the_clock_is_set_back_is_an_hour_longer() -> None:
    start, end = at(24, 23, month=10), at(25, 7, month=10)
    assert task_minutes(Task(1, "mette", frozenset([ANE]), start, end), Period.month(2026, 10)) == 9 * 60


def test_a_task_may_end_in_the_hour_that_comes_twice() -> None:
    start = at(25, 2, 50, month=10)
    short = Task(1, "mette", frozenset([ANE]), start, at(25, 2, 10, month=10).replace(fold=1))
    assert task_minutes(short, Period.month(2026, 10)) == 20


def test_times_must_be_known_and_in_order() -> None:
    with pytest.raises(ValueError, match="tidszone"):
        Task(1, "mette", frozenset(), datetime(2026, 6, 1))
    with pytest.raises(ValueError, match="før den begynder"):
        task(at(1, 9), -1)


def test_tasks_done_at_once_both_count_and_are_shown() -> None:
    first, second = task(at(1, 9), 60), task(at(1, 9, 45), 60, BO)
    beside = task(at(1, 10), 60, worker="ole")
    after = task(at(1, 10, 45), 10)
    (found,) = overlaps([after, second, beside, first])
    assert (found.first, found.second, found.minutes) == (first, second, 15)
    assert delivered_by_citizen([first, second], JUNE) == {ANE: 60, BO: 60}


def test_a_long_task_is_compared_with_all_within_it() -> None:
    forgotten = task(at(1, 8), 8 * 60)
    found = overlaps([forgotten, task(at(1, 9), 10), task(at(1, 12), 20)])
    assert [(item.first, item.minutes) for item in found] == [(forgotten, 10), (forgotten, 20)]


def test_the_share_of_what_was_planned() -> None:
    found = delivery([Agreement(1, Per.DAY, 20, JUNE)], [task(at(1, 9), 450)], JUNE, ANE)
    assert (found.planned, found.delivered, found.share) == (600, 450, Decimal("75.0"))
    assert Delivery(Fraction(0), Fraction(30)).share is None


def test_weeks_are_cut_to_the_window() -> None:
    window = Period(date(2026, 6, 3), date(2026, 6, 17))
    weeks = by_week([Agreement(7, Per.WEEK, 10, JUNE)], [task(at(9, 9), 25)], window, ANE)
    assert [(week.monday.day, week.delivery.planned, week.delivery.delivered) for week in weeks] == [
        (1, 50, 0),
        (8, 70, 25),
        (15, 20, 0),
    ]


def test_shown_minutes_are_whole() -> None:
    assert [whole(Fraction(n, 2)) for n in (0, 1, 2, 3)] == [0, 1, 1, 2]
