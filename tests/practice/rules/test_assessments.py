"""The assessment: scores, two views, what has changed, and the profile."""

from __future__ import annotations

import pytest

from roedtraad.practice.rules.assessments import (
    ADULT_THEMES,
    CHILD_THEMES,
    LEVEL_WORDS,
    SUPPORT_WORDS,
    Axis,
    Change,
    Difference,
    Direction,
    Level,
    SubTheme,
    SupportNeed,
    Theme,
    assessed,
    changes,
    differences,
    profile,
    theme_score,
)


def test_the_short_lists_have_a_name_for_everything_and_no_key_twice() -> None:
    assert len(ADULT_THEMES) == 12
    assert [theme.key for theme in CHILD_THEMES] == ["development", "parenting", "family"]
    subs = [sub for theme in CHILD_THEMES for sub in theme.sub_themes]
    every: list[Theme | SubTheme] = [*ADULT_THEMES, *CHILD_THEMES, *subs]
    assert len({item.key for item in every}) == len(every)
    assert len({item.name for item in every}) == len(every)


def test_every_level_and_need_has_its_words() -> None:
    assert set(LEVEL_WORDS) == set(Level)
    assert set(SUPPORT_WORDS) == set(SupportNeed)


def test_a_theme_is_as_limited_as_its_most_limited_part() -> None:
    assert theme_score([1, 3, 9, None]) is Level.SEVERE
    assert theme_score([0, 0]) is Level.NONE
    assert theme_score([9, None]) is None
    assert theme_score([]) is None


def test_levels_off_the_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="fra 0 til 4"):
        assessed(5)
    assert assessed(9) is None


def test_the_two_views_are_compared_where_both_have_one() -> None:
    own = {"health": 0, "mind": 1, "leisure": 9, "sleep_habits": 2, "relations": 1}
    seen = {"health": 1, "mind": 4, "leisure": 2, "sleep_habits": 2}
    assert differences(own, seen) == [
        Difference("mind", Level.LIGHT, Level.COMPLETE),
        Difference("health", Level.NONE, Level.LIGHT),
    ]
    assert differences(own, seen)[0].steps == 3


def test_what_has_changed_since_last_time() -> None:
    earlier = {"health": 3, "mind": 1, "leisure": 9, "relations": 2, "everyday": 2}
    later = {"mind": 2, "health": 1, "leisure": 2, "everyday": 2}
    assert changes(earlier, later) == [
        Change("mind", Level.LIGHT, Level.MODERATE, Direction.WORSE),
        Change("health", Level.SEVERE, Level.LIGHT, Direction.BETTER),
        Change("leisure", None, Level.MODERATE, Direction.NEW),
        Change("relations", Level.MODERATE, None, Direction.GONE),
    ]


def test_the_profile_has_a_spoke_for_each_theme_in_order() -> None:
    axes = profile(ADULT_THEMES, {"mind": 3, "health": 9})
    assert [axis.key for axis in axes] == [theme.key for theme in ADULT_THEMES]
    assert axes[3] == Axis("mind", "Sind og følelser", 3)
    assert axes[2].value is None


def test_a_side_of_the_triangle_is_scored_from_its_parts_unless_it_has_a_level_itself() -> None:
    parts = {"child_health": 1, "child_learning": 3, "family": 2, "family_work": 4}
    assert [axis.value for axis in profile(CHILD_THEMES, parts)] == [3, None, 2]
