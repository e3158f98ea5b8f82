"""Minutes are conserved: cutting a period loses none and makes none."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.period import Period
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
)

# From before summer time begins to after it has ended.
FIRST = date(2026, 3, 1)
days = st.integers(0, 260).map(lambda n: FIRST + timedelta(days=n))
ANE, BO = "ane", "bo"


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(days)
    return Period(start, start + timedelta(days=draw(st.integers(1, 120))))


agreements = st.lists(
    st.builds(Agreement, st.integers(1, 20), st.sampled_from(Per), st.integers(1, 300), periods()), max_size=4
)


@st.composite
def tasks(draw: st.DrawFn) -> list[Task]:
    found = []
    for key in range(draw(st.integers(0, 8))):
        start = datetime.combine(draw(days), draw(st.times()), COPENHAGEN)
        length = draw(st.none() | st.integers(0, 30 * 60))
        end = None if length is None else start + timedelta(minutes=length)
        who = draw(st.frozensets(st.sampled_from([ANE, BO]), min_size=1))
        if end is None or end >= start:
            found.append(Task(key, draw(st.sampled_from(["mette", "ole"])), who, start, end))
    return found


@given(agreements, tasks(), periods(), st.lists(days, max_size=4))
def test_a_period_cut_anywhere_has_the_same_minutes(
    agreed: list[Agreement], done: list[Task], window: Period, cuts: list[date]
) -> None:
    assert window.end is not None
    edges = sorted({window.start, window.end, *(day for day in cuts if window.contains(day))})
    pieces = [delivery(agreed, done, Period(a, b), ANE) for a, b in pairwise(edges)]
    assert sum(pieces, Delivery(Fraction(0), Fraction(0))) == delivery(agreed, done, window, ANE)


@given(agreements, tasks(), periods())
def test_the_weeks_add_up_to_the_period(agreed: list[Agreement], done: list[Task], window: Period) -> None:
    weeks = by_week(agreed, done, window, ANE)
    total = sum((week.delivery for week in weeks), Delivery(Fraction(0), Fraction(0)))
    assert total == delivery(agreed, done, window, ANE)
    assert all(week.monday.weekday() == 0 for week in weeks)
    assert sum(week.days.days() for week in weeks) == window.days()


@given(tasks())
def test_everybodys_minutes_are_those_of_the_tasks(done: list[Task]) -> None:
    ever = Period(date(2025, 1, 1), date(2028, 1, 1))
    by_citizen = delivered_by_citizen(done, ever)
    passed = sum(
        (
            Fraction(int((task.end.timestamp() - task.start.timestamp()) * 1000 + 0.5), 60_000)
            * len(task.citizens)
            for task in done
            if task.end is not None
        ),
        Fraction(0),
    )
    assert abs(sum(by_citizen.values(), Fraction(0)) - passed) < Fraction(1, 100)
    assert all(by_citizen[who] == delivered_minutes(done, ever, who) for who in by_citizen)


@given(agreements, periods())
def test_more_days_never_plan_less(agreed: list[Agreement], window: Period) -> None:
    assert window.end is not None
    longer = Period(window.start - timedelta(days=3), window.end + timedelta(days=3))
    for agreement in agreed:
        assert 0 <= planned_minutes(agreement, window) <= planned_minutes(agreement, longer)


@given(tasks())
def test_every_pair_done_at_once_is_found_and_no_other(done: list[Task]) -> None:
    def together(a: Task, b: Task) -> bool:
        if a.end is None or b.end is None or a.worker != b.worker:
            return False
        return max(a.start, b.start).timestamp() < min(a.end, b.end).timestamp()

    wanted = {frozenset((a.key, b.key)) for a, b in combinations(done, 2) if together(a, b)}
    found = overlaps(done)
    assert {frozenset((item.first.key, item.second.key)) for item in found} == wanted
    assert len(found) == len(wanted)
    assert all(item.minutes > 0 for item in found)
