"""An outsider subtracts what is shown from what is shown, and finds nobody."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, timedelta
from itertools import combinations
from itertools import count as counter

from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.core.period import Period
from roedtraad.core.suppress import THRESHOLD
from roedtraad.practice.rules.effect import EffortSpan, GoalResult, Unit, curve, outcomes_by_unit
from roedtraad.practice.rules.goals import LEVELS, RATED, Outcome, Rater, Rating

DAY = date(2026, 1, 1)


@st.composite
def units(draw: st.DrawFn, depth: int = 2, width: int = 4) -> Unit:
    """A tree of units with goals of people who may live in several of them."""
    numbers = counter()

    def grow(level: int) -> Unit:
        key = next(numbers)
        below = tuple(grow(level - 1) for _ in range(draw(st.integers(0, width)))) if level else ()
        goals: list[GoalResult] = []
        if not below or draw(st.integers(0, 3)) == 0:
            for outcome in draw(st.sets(st.sampled_from(Outcome), max_size=3)):
                first = draw(st.integers(0, 30))
                people = draw(st.integers(1, 4) | st.integers(4, 12))
                goals += [GoalResult(first + n, outcome) for n in range(people)] * draw(st.integers(1, 2))
        return Unit(key, tuple(goals), below)

    return grow(depth)


def people(goals: list[GoalResult], outcome: Outcome) -> set[Hashable]:
    return {goal.citizen for goal in goals if goal.outcome is outcome}


@settings(deadline=None)
@given(units())
def test_no_shown_or_subtracted_count_points_at_few(root: Unit) -> None:
    shown = outcomes_by_unit(root)
    for unit in root.walk():
        if shown[unit.key] is None:
            assert all(shown[below.key] is None for below in unit.walk())
            continue
        rest = list(unit.goals)
        for below in unit.below:
            if shown[below.key] is None:
                rest += below.every_goal()
        for outcome in RATED:
            assert len(people(list(unit.every_goal()), outcome)) not in range(1, THRESHOLD)
            if unit.below:
                assert len(people(rest, outcome)) not in range(1, THRESHOLD)


@settings(deadline=None)
@given(units())
def test_a_hidden_unit_is_never_alone(root: Unit) -> None:
    shown = outcomes_by_unit(root)
    for unit in root.walk():
        away = [below for below in unit.below if shown[below.key] is None]
        if shown[unit.key] is not None and not unit.goals:
            small = [
                below
                for below in away
                if any(len(people(list(below.every_goal()), item)) in range(1, THRESHOLD) for item in RATED)
            ]
            assert not small or len(away) > 1


@settings(deadline=None)
@given(units())
def test_what_is_shown_is_true(root: Unit) -> None:
    for unit in root.walk():
        counts = outcomes_by_unit(root)[unit.key]
        if counts is not None:
            every = list(unit.every_goal())
            assert counts == {item: sum(goal.outcome is item for goal in every) for item in RATED}


@settings(deadline=None)
@given(units())
def test_where_every_group_is_large_nothing_is_hidden(root: Unit) -> None:
    large = all(
        len(people(goals, item)) not in range(1, THRESHOLD)
        for unit in root.walk()
        for goals in (list(unit.goals), list(unit.every_goal()))
        for item in RATED
    )
    hides = None in outcomes_by_unit(root).values()
    assert not (large and hides)


days = st.integers(0, 120).map(lambda n: DAY + timedelta(days=n))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(days)
    return Period(start, start + timedelta(days=draw(st.integers(1, 60))))


@given(
    st.lists(st.builds(Rating, days, st.sampled_from(LEVELS), st.sampled_from(Rater)), max_size=12),
    st.lists(periods() | days.map(Period), max_size=8),
    periods(),
)
def test_a_curve_draws_all_that_lies_in_it_and_no_two_bands_meet(
    ratings: list[Rating], spans: list[Period], shown: Period
) -> None:
    found = curve(ratings, [EffortSpan(n, f"Indsats {n}", days) for n, days in enumerate(spans)], shown)
    drawn = [*found.citizen, *found.staff]
    assert sorted(map(repr, drawn)) == sorted(repr(item) for item in ratings if shown.contains(item.day))
    for line in (found.citizen, found.staff):
        assert [item.day for item in line] == sorted(item.day for item in line)
    assert {band.key for band in found.bands} == {n for n, days in enumerate(spans) if days.overlaps(shown)}
    named: dict[Hashable, Period] = dict(enumerate(spans))
    for band in found.bands:
        assert band.days == named[band.key].intersection(shown)
    for one, other in combinations(found.bands, 2):
        assert one.lane != other.lane or not one.days.overlaps(other.days)
