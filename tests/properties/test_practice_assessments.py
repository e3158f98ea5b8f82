"""What holds for every assessment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from roedtraad.practice.rules.assessments import (
    ADULT_THEMES,
    Direction,
    Level,
    assessed,
    changes,
    differences,
    profile,
    theme_score,
)

levels = st.none() | st.sampled_from(list(Level))
keys = st.sampled_from([theme.key for theme in ADULT_THEMES])
assessments = st.dictionaries(keys, levels)
OPPOSITE = {
    Direction.BETTER: Direction.WORSE,
    Direction.WORSE: Direction.BETTER,
    Direction.NEW: Direction.GONE,
    Direction.GONE: Direction.NEW,
}


@given(assessments, assessments)
def test_the_changes_lead_from_the_earlier_to_the_later(
    earlier: dict[str, Level | None], later: dict[str, Level | None]
) -> None:
    after = {theme: assessed(level) for theme, level in earlier.items()}
    for change in changes(earlier, later):
        assert after.get(change.theme) == change.before
        after[change.theme] = change.after
    wanted = {theme: assessed(level) for theme, level in later.items()}
    assert {k: v for k, v in after.items() if v is not None} == {
        k: v for k, v in wanted.items() if v is not None
    }


@given(assessments, assessments)
def test_going_back_undoes_every_change(one: dict[str, Level | None], other: dict[str, Level | None]) -> None:
    there = {c.theme: c.direction for c in changes(one, other)}
    back = {c.theme: c.direction for c in changes(other, one)}
    assert back == {theme: OPPOSITE[direction] for theme, direction in there.items()}


@given(assessments)
def test_nothing_changes_by_itself(one: dict[str, Level | None]) -> None:
    assert changes(one, one) == []
    assert differences(one, one) == []


@given(assessments, assessments)
def test_a_difference_is_one_from_either_side(
    own: dict[str, Level | None], seen: dict[str, Level | None]
) -> None:
    assert {(d.theme, d.steps) for d in differences(own, seen)} == {
        (d.theme, d.steps) for d in differences(seen, own)
    }


@given(st.lists(levels), st.sampled_from([None, Level.NOT_ASSESSED]))
def test_what_is_not_assessed_moves_no_score(some: list[Level | None], nothing: Level | None) -> None:
    assert theme_score([*some, nothing]) == theme_score(some)


@given(assessments)
def test_the_profile_stays_on_the_scale(one: dict[str, Level | None]) -> None:
    axes = profile(ADULT_THEMES, one)
    assert len(axes) == len(ADULT_THEMES)
    assert all(axis.value in (None, 0, 1, 2, 3, 4) for axis in axes)
