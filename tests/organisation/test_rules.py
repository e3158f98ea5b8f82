"""The organisation's rules: differences, threads through time, circles and the map's grid."""

from __future__ import annotations

import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.core.period import Period
from roedtraad.organisation import rules
from roedtraad.organisation.rules import ChangeKind, Event, Hanging, UnitFacts

DAY = dt.date(2020, 1, 1)
LATER = dt.date(2026, 1, 1)
keys = st.sampled_from(string.ascii_lowercase[:6])
words = st.sampled_from(["", "et", "to"])


@st.composite
def pictures(draw: st.DrawFn) -> dict[str, UnitFacts]:
    """A small organisation."""
    return {
        key: UnitFacts(key, draw(words), draw(words), draw(words), draw(words), draw(words))
        for key in draw(st.sets(keys))
    }


@given(pictures())
def test_nothing_differs_from_itself(one: dict[str, UnitFacts]) -> None:
    assert rules.diff(one, one) == []


@given(pictures(), pictures())
def test_applying_the_difference_gives_the_later_picture(
    one: dict[str, UnitFacts], other: dict[str, UnitFacts]
) -> None:
    assert rules.applied(one, rules.diff(one, other), other) == other


@given(pictures(), pictures())
def test_the_way_back_is_the_way_forth_turned_round(
    one: dict[str, UnitFacts], other: dict[str, UnitFacts]
) -> None:
    turned = {ChangeKind.APPEARED: ChangeKind.DISAPPEARED, ChangeKind.DISAPPEARED: ChangeKind.APPEARED}
    forth = {(c.key, c.kind, c.before, c.after) for c in rules.diff(one, other)}
    back = {(c.key, turned.get(c.kind, c.kind), c.after, c.before) for c in rules.diff(other, one)}
    assert forth == back


def test_each_kind_of_change_is_told() -> None:
    was = UnitFacts("a", "tilbud", "Gammel", "x", "Leder", "0751")
    now = UnitFacts("a", "afdeling", "Ny", "y", "Chef", "0791")
    assert [(c.kind, c.before, c.after) for c in rules.diff({"a": was}, {"a": now})] == [
        (ChangeKind.RENAMED, "Gammel", "Ny"),
        (ChangeKind.MOVED, "x", "y"),
        (ChangeKind.OTHER_KIND, "tilbud", "afdeling"),
        (ChangeKind.OTHER_MANAGER, "Leder", "Chef"),
        (ChangeKind.OTHER_MUNICIPALITY, "0751", "0791"),
    ]


events = st.lists(
    st.builds(
        Event,
        predecessor=keys,
        successor=st.one_of(keys, st.just("")),
        on=st.dates(dt.date(2019, 1, 1), dt.date(2027, 1, 1)),
        kind=st.just("merged"),
    ),
    max_size=20,
)


@given(keys, events, st.sets(keys))
def test_following_always_ends_among_the_living(key: str, rows: list[Event], alive: set[str]) -> None:
    fate = rules.fate(key, rows, DAY, LATER, alive)
    assert set(fate.lives_on_in) <= alive
    assert len(set(fate.lives_on_in)) == len(fate.lives_on_in)
    assert all(DAY < event.on <= LATER for event in fate.events)
    assert fate.is_gone is (not fate.lives_on_in)


def test_a_thread_goes_through_merger_split_and_closing() -> None:
    rows = [
        Event("a", "c", dt.date(2021, 1, 1), "merged"),
        Event("b", "c", dt.date(2021, 1, 1), "merged"),
        Event("c", "d", dt.date(2022, 1, 1), "split"),
        Event("d", "", dt.date(2023, 1, 1), "closed"),
    ]
    fate = rules.fate("a", rows, DAY, LATER, {"c"})
    assert fate.lives_on_in == ("c",)
    assert [event.predecessor for event in fate.events] == ["a", "c", "d"]
    assert [event.predecessor for event in fate.closed] == ["d"]
    assert rules.fate("b", rows, DAY, dt.date(2020, 12, 31), {"b"}).events == ()


def test_rows_that_go_round_end() -> None:
    rows = [Event("a", "b", dt.date(2021, 1, 1), "moved"), Event("b", "a", dt.date(2022, 1, 1), "moved")]
    assert rules.fate("a", rows, DAY, LATER, {"a"}).lives_on_in == ("a",)


def test_the_slider_goes_from_the_first_day_to_the_end_of_next_year() -> None:
    today = dt.date(2026, 6, 15)
    low, high = rules.slider_bounds(dt.date(2007, 1, 1), today)
    assert (low, high) == (dt.date(2007, 1, 1), dt.date(2027, 12, 31))
    assert rules.slider_bounds(None, today) == (today, dt.date(2027, 12, 31))
    assert rules.held_within(dt.date(1999, 1, 1), (low, high)) == low
    assert rules.held_within(dt.date(2999, 1, 1), (low, high)) == high
    assert rules.held_within(today, (low, high)) == today


def test_a_circle_is_seen_on_whatever_day_it_closes() -> None:
    whole = Period(DAY)
    others = [
        Hanging(2, 3, Period(DAY, dt.date(2021, 1, 1))),
        Hanging(2, 1, Period(dt.date(2021, 1, 1))),
        Hanging(3, None, whole),
    ]
    assert rules.makes_circle(Hanging(1, 2, whole), others)
    assert not rules.makes_circle(Hanging(1, 2, Period(DAY, dt.date(2020, 6, 1))), others)
    assert not rules.makes_circle(Hanging(1, 3, whole), others)
    assert not rules.makes_circle(Hanging(1, None, whole), others)


def test_the_first_gap_in_a_parents_life() -> None:
    lives = [Period(DAY, dt.date(2021, 1, 1)), Period(dt.date(2022, 1, 1))]
    assert rules.first_gap(Period(DAY), lives) == Period(dt.date(2021, 1, 1), dt.date(2022, 1, 1))
    assert rules.first_gap(Period(dt.date(2023, 1, 1)), lives) is None


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], None),
        ([(DAY, "fuldtidsstillinger", 0), (DAY, "medarbejdere", 1)], 1),
        ([(DAY, "medarbejdere", 0), (LATER, "fuldtidsstillinger", 1)], 1),
    ],
)
def test_the_newest_headcount_is_shown_and_people_before_posts(
    counts: list[tuple[dt.date, str, int]], shown: int | None
) -> None:
    assert rules.headline_count(counts) == shown


@given(
    st.dictionaries(
        st.integers(0, 60).map(str),
        st.tuples(st.floats(54, 58, allow_nan=False), st.floats(8, 13, allow_nan=False)),
        max_size=50,
    )
)
def test_no_two_municipalities_share_a_tile(positions: dict[str, tuple[float, float]]) -> None:
    grid = rules.tile_grid(positions)
    assert set(grid) == set(positions)
    assert len(set(grid.values())) == len(grid)


def test_the_grid_keeps_north_up_and_west_left() -> None:
    grid = rules.tile_grid({"nv": (57.0, 8.0), "so": (55.0, 11.0)})
    assert grid["nv"][0] < grid["so"][0] and grid["nv"][1] < grid["so"][1]
