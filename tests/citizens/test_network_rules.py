"""The network map's rules, on every place there is."""

from __future__ import annotations

import itertools
import math
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.citizens.network import rules
from roedtraad.citizens.network.rules import Change, Entry, Spot
from roedtraad.core.refusal import Refusal

SPOTS = st.builds(rules.held, st.floats(-1e4, 1e4, allow_nan=False), st.floats(-2, 3, allow_nan=False))
CELLS = st.tuples(st.sampled_from(rules.SECTORS), st.integers(1, rules.RINGS))
TIER = st.sampled_from(rules.TIERS)


def maps(most: int = 8) -> st.SearchStrategy[list[Entry]]:
    people = st.lists(st.tuples(st.integers(1, 12), SPOTS, TIER), max_size=most, unique_by=lambda p: p[0])
    return people.map(
        lambda drawn: [Entry(UUID(int=n), f"Person {n}", spot, tier) for n, spot, tier in drawn]
    )


@given(SPOTS)
def test_every_place_has_one_ring_and_one_sector(spot: Spot) -> None:
    assert 0 <= spot.angle < 360
    assert rules.ring_start(spot.ring) <= spot.distance <= rules.ring_start(spot.ring + 1)
    first = rules.SECTORS.index(spot.sector) * rules.WIDTH
    assert first <= spot.angle < first + rules.WIDTH
    assert rules.held(spot.angle, spot.distance) == spot


@given(SPOTS)
def test_a_place_in_the_plane_is_where_angle_and_distance_say(spot: Spot) -> None:
    x, y = spot.xy
    far = math.hypot(x, y)
    assert rules.CORE - 1e-9 <= far <= 1 + 1e-9
    assert (far - rules.CORE) / (1 - rules.CORE) == pytest.approx(spot.distance, abs=1e-9)
    assert math.degrees(math.atan2(x, -y)) % 360 == pytest.approx(spot.angle, abs=1e-6)


def test_the_first_sector_begins_at_the_top_and_goes_clockwise() -> None:
    x, y = Spot(10, 1).xy
    assert x > 0 > y
    assert [Spot(angle, 0).sector for angle in (0, 72, 144, 216, 288, 359.9)] == [
        *rules.SECTORS,
        rules.SECTORS[-1],
    ]
    assert [Spot(0, distance).ring for distance in (0, 0.199, 0.2, 0.999, 1)] == [1, 1, 2, 5, 5]


@pytest.mark.parametrize("angle", [math.nan, math.inf])
def test_what_is_no_number_is_no_place(angle: float) -> None:
    with pytest.raises(Refusal):
        rules.held(angle, 0.5)
    with pytest.raises(Refusal):
        rules.held(10, angle)


@given(CELLS, st.lists(SPOTS, max_size=20))
def test_a_free_place_is_in_the_cell_that_was_asked_for(cell: tuple[str, int], taken: list[Spot]) -> None:
    spot = rules.free_spot(*cell, taken)
    assert (spot.sector, spot.ring) == cell


def test_the_middle_of_an_empty_cell_is_taken_first() -> None:
    assert rules.free_spot("leisure", 3, []) == Spot(180, 0.5)


@pytest.mark.parametrize(
    ("sector", "ring", "field"), [("skole", 1, "sector"), ("home", 0, "ring"), ("home", 6, "ring")]
)
def test_there_are_five_sectors_and_five_rings(sector: str, ring: int, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.free_spot(sector, ring, [])
    assert refused.value.field == field


# As many as there is room for in the innermost ring and in one of the outer ones.
ROOMY = st.lists(CELLS, max_size=40).filter(
    lambda cells: all(cells.count(cell) <= (2 if cell[1] == 1 else 4 + cell[1]) for cell in set(cells))
)


@given(ROOMY)
def test_those_who_are_spread_lie_apart(cells: list[tuple[str, int]]) -> None:
    spots = rules.spread(cells)
    assert [(spot.sector, spot.ring) for spot in spots] == cells
    for one, other in itertools.combinations(spots, 2):
        assert rules.gap(one, other) >= rules.APART


@given(maps())
def test_the_figures_count_everybody_once(entries: list[Entry]) -> None:
    found = rules.figures(entries)
    for counts in (found.by_ring, found.by_tier, found.by_sector):
        assert sum(counts.values()) == found.count == len(entries)
    assert list(found.by_ring) == [1, 2, 3, 4, 5]
    assert found.close == sum(entry.spot.ring <= 2 for entry in entries)
    if entries:
        assert found.mean_ring is not None
        assert 1 <= found.mean_ring <= rules.RINGS
    else:
        assert found.mean_ring is None


@given(maps(), maps())
def test_comparing_forgets_nobody_and_turns_round(before: list[Entry], after: list[Entry]) -> None:
    there = rules.compare(before, after)
    keys = [move.entry.key for move in there]
    assert len(keys) == len(set(keys))
    assert set(keys) == {entry.key for entry in before} | {entry.key for entry in after}
    opposite = {
        Change.CLOSER: Change.FARTHER,
        Change.FARTHER: Change.CLOSER,
        Change.NEW: Change.GONE,
        Change.GONE: Change.NEW,
        Change.SAME: Change.SAME,
    }
    back = {move.entry.key: move.change for move in rules.compare(after, before)}
    assert {move.entry.key: opposite[move.change] for move in there} == back


@given(maps())
def test_a_map_is_like_itself(entries: list[Entry]) -> None:
    assert all(
        move.change is Change.SAME and not move.other_sector for move in rules.compare(entries, entries)
    )


def test_who_came_closer_and_who_changed_sector() -> None:
    one = Entry(UUID(int=1), "Mona", Spot(100, 0.7), "primary")
    near = Entry(UUID(int=1), "Mona", Spot(10, 0.3), "primary")
    (move,) = rules.compare([one], [near])
    assert (move.change, move.other_sector, move.entry) == (Change.CLOSER, True, near)
