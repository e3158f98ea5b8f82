"""The effect: the curve, its sentence, and counts by unit."""

from __future__ import annotations

from datetime import date

import pytest

from roedtraad.core.period import Period
from roedtraad.practice.rules.effect import (
    Band,
    EffortSpan,
    GoalResult,
    Unit,
    curve,
    outcomes_by_unit,
    sentence,
)
from roedtraad.practice.rules.goals import GoalKind, Outcome, Rater, Rating

SPRING = Period(date(2026, 3, 1), date(2026, 6, 1))


def staff(month: int, level: int) -> Rating:
    return Rating(date(2026, month, 10), level, Rater.STAFF)


def own(month: int, level: int) -> Rating:
    return Rating(date(2026, month, 10), level, Rater.CITIZEN)


def test_each_side_has_its_line_over_the_days_shown() -> None:
    found = curve([staff(5, 1), own(4, 0), staff(3, -1), staff(1, -2)], [], SPRING)
    assert found.staff == (staff(3, -1), staff(5, 1))
    assert found.citizen == (own(4, 0),)
    assert found.start == -2
    assert (found.bands, found.lanes) == ((), 0)


def test_efforts_lie_under_the_curve_on_lanes_of_their_own() -> None:
    cooking = EffortSpan("c", "Madlavning", Period(date(2026, 1, 1), date(2026, 4, 1)))
    talks = EffortSpan("t", "Samtaler", Period(date(2026, 3, 10)))
    walks = EffortSpan("w", "Gåture", Period(date(2026, 4, 1), date(2026, 5, 1)))
    past = EffortSpan("p", "Svømning", Period(date(2025, 1, 1), date(2025, 2, 1)))
    found = curve([], [talks, walks, past, cooking], SPRING)
    assert found.bands == (
        Band("c", "Madlavning", Period(date(2026, 3, 1), date(2026, 4, 1)), 0, False),
        Band("t", "Samtaler", Period(date(2026, 3, 10), date(2026, 6, 1)), 1, True),
        Band("w", "Gåture", Period(date(2026, 4, 1), date(2026, 5, 1)), 0, False),
    )
    assert found.lanes == 2


def test_a_curve_has_a_last_day() -> None:
    with pytest.raises(ValueError, match="sidste dag"):
        curve([], [], Period(date(2026, 3, 1)))


@pytest.mark.parametrize(
    ("kind", "ratings", "start", "words"),
    [
        (GoalKind.DEVELOP, [staff(5, 1)], -1, "Målet er nået: Ane ligger på +1, to trin over starten."),
        (GoalKind.DEVELOP, [staff(5, -1)], -2, "Det går fremad: Ane ligger på −1, et trin over starten."),
        (
            GoalKind.DEVELOP,
            [staff(5, -1)],
            -1,
            "Målet står, hvor det begyndte: Ane ligger på −1, det samme som ved starten.",
        ),
        (
            GoalKind.MAINTAIN,
            [staff(5, -2)],
            1,
            "Det er blevet sværere: Ane ligger på −2, tre trin under starten.",
        ),
        (GoalKind.LIMIT_LOSS, [staff(5, 0)], 1, "Målet er nået: Ane ligger på 0, et trin under starten."),
        (GoalKind.DEVELOP, [own(5, 2)], -2, "Målet er nået: Ane ser sig selv på +2, fire trin over starten."),
        (GoalKind.DEVELOP, [], -2, "Målet er ikke vurderet endnu."),
    ],
)
def test_the_sentence_of_a_goal(kind: GoalKind, ratings: list[Rating], start: int, words: str) -> None:
    assert sentence("Ane", kind, ratings, start) == words


def goals(outcome: Outcome, first: int, people: int, each: int = 1) -> tuple[GoalResult, ...]:
    return tuple(GoalResult(first + n, outcome) for n in range(people) for _ in range(each))


REACHED, LOST = Outcome.REACHED, Outcome.LOST


def test_large_groups_are_shown_and_add_up() -> None:
    house = Unit("house", goals(REACHED, 0, 6) + goals(LOST, 0, 5, each=2))
    other = Unit("other", goals(REACHED, 20, 8) + goals(Outcome.NOT_RATED, 30, 1))
    found = outcomes_by_unit(Unit("area", below=(house, other)))
    nothing = {Outcome.PROGRESSED: 0, Outcome.KEPT: 0}
    assert found == {
        "area": {REACHED: 14, LOST: 10, **nothing},
        "house": {REACHED: 6, LOST: 10, **nothing},
        "other": {REACHED: 8, LOST: 0, **nothing},
    }


def test_many_goals_of_few_people_are_hidden() -> None:
    assert outcomes_by_unit(Unit("house", goals(LOST, 0, 4, each=9))) == {"house": None}


def test_a_small_unit_takes_another_with_it() -> None:
    below = tuple(
        Unit(key, goals(REACHED, n * 20, size))
        for n, (key, size) in enumerate({"a": 3, "b": 9, "c": 7}.items())
    )
    found = outcomes_by_unit(Unit("area", below=below))
    assert found["a"] is None
    assert found["c"] is None
    assert found["b"] is not None
    assert found["area"] is not None


def test_what_is_hidden_for_one_outcome_is_hidden_for_all() -> None:
    small = Unit("small", goals(REACHED, 0, 9) + goals(LOST, 0, 1))
    others = tuple(Unit(n, goals(REACHED, 20 * n, 9) + goals(LOST, 20 * n, 6)) for n in (1, 2))
    found = outcomes_by_unit(Unit("area", below=(small, *others)))
    assert found["small"] is None
    assert list(found.values()).count(None) == 2


def test_the_same_few_people_in_several_units_are_few() -> None:
    twins = tuple(Unit(key, goals(REACHED, 0, 3)) for key in ("a", "b"))
    crowd = tuple(Unit(n, goals(REACHED, 100 * n, 9)) for n in (1, 2))
    found = outcomes_by_unit(Unit("area", below=(*twins, *crowd)))
    assert found["area"] is not None
    assert [found[key] is None for key in ("a", "b", 1, 2)] == [True, True, True, False]


def test_the_same_few_people_protect_nobody_else() -> None:
    mid = Unit("mid", below=tuple(Unit(key, goals(REACHED, 0, 3)) for key in ("a", "b")))
    others = [Unit(f"of {size}", goals(REACHED, 100 * size, size)) for size in (2, 9, 12)]
    found = outcomes_by_unit(Unit("area", below=(mid, *others)))
    assert {key for key, counts in found.items() if counts} == {"area", "of 12"}


def test_a_units_own_goals_cannot_be_found_by_subtraction() -> None:
    area = Unit(
        "area", goals(REACHED, 0, 2), (Unit("a", goals(REACHED, 20, 9)), Unit("b", goals(REACHED, 40, 7)))
    )
    found = outcomes_by_unit(area)
    assert found["area"] is not None
    assert found["a"] is not None
    assert found["b"] is None


def test_below_a_hidden_unit_nothing_is_shown() -> None:
    empty = Unit("empty", goals(REACHED, 0, 9))
    small = Unit("small", below=(Unit("smaller", goals(LOST, 20, 2)), empty))
    found = outcomes_by_unit(small)
    assert set(found.values()) == {None}
