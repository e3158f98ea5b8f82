"""What holds for every goal and every set of goals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from roedtraad.practice.rules.goals import (
    LEVELS,
    RATED,
    GoalKind,
    Outcome,
    Rater,
    Rating,
    mean_level,
    outcome,
    share_of_outcomes,
    standing,
    t_score,
)

levels = st.sampled_from(LEVELS)
several = st.lists(levels, min_size=1, max_size=12)
kinds = st.sampled_from(GoalKind)
ratings = st.lists(
    st.builds(
        Rating,
        st.integers(0, 400).map(lambda n: date(2026, 1, 1) + timedelta(days=n)),
        levels,
        st.sampled_from(Rater),
    ),
    max_size=12,
)
BETTER_FIRST = {Outcome.REACHED: 3, Outcome.PROGRESSED: 2, Outcome.KEPT: 1, Outcome.LOST: 0}


@given(several)
def test_opposite_levels_lie_as_far_on_the_other_side_of_50(some: list[int]) -> None:
    score, mirrored = t_score(some), t_score([-level for level in some])
    assert score is not None
    assert mirrored is not None
    assert score + mirrored == 100


@given(several, st.data())
def test_the_order_of_goals_does_not_matter(some: list[int], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(some))
    assert t_score(shuffled) == t_score(some)
    assert mean_level(shuffled) == mean_level(some)


@given(several, st.data())
def test_a_goal_that_gets_better_never_lowers_the_score(some: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(some) - 1))
    better = [
        *some[:place],
        data.draw(st.sampled_from([n for n in LEVELS if n >= some[place]])),
        *some[place + 1 :],
    ]
    assert (t_score(better) or 0) >= (t_score(some) or 0)
    assert (mean_level(better) or 0) >= (mean_level(some) or 0)


@given(several, st.integers(1, 9))
def test_weights_that_are_all_alike_change_nothing(some: list[int], weight: int) -> None:
    assert t_score(some, [weight] * len(some)) == t_score(some)


@given(kinds, levels, levels, levels)
def test_a_better_level_is_never_a_worse_outcome(kind: GoalKind, start: int, a: int, b: int) -> None:
    low, high = sorted((a, b))
    day = date(2026, 1, 1)
    worse = outcome(kind, [Rating(day, low, Rater.STAFF)], start)
    better = outcome(kind, [Rating(day, high, Rater.STAFF)], start)
    assert BETTER_FIRST[better] >= BETTER_FIRST[worse]


@given(kinds, ratings, st.none() | levels)
def test_a_goal_is_unrated_exactly_when_it_has_no_rating(
    kind: GoalKind, some: list[Rating], start: int | None
) -> None:
    assert (outcome(kind, some, start) is Outcome.NOT_RATED) == (not some)


@given(ratings)
def test_what_counts_is_staffs_as_soon_as_there_is_one(some: list[Rating]) -> None:
    counts = standing(some).counts
    by_staff = [rating for rating in some if rating.rater is Rater.STAFF]
    if by_staff:
        assert counts in by_staff
        assert counts is not None
        assert counts.day == max(rating.day for rating in by_staff)
    else:
        assert (counts is None) == (not some)


@given(st.lists(st.sampled_from(Outcome), max_size=60))
def test_every_goal_is_counted_once_and_shares_make_a_whole(some: list[Outcome]) -> None:
    shares = share_of_outcomes(some)
    assert sum(shares.counts.values()) == len(some)
    if shares.rated:
        total = sum((shares.percent[item] or Decimal(0) for item in RATED), Decimal(0))
        assert abs(total - 100) <= Decimal("0.2")
