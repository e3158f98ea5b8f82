"""Places on a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from roedtraad.core import clock
from roedtraad.journeys.queries.capacity import AGREED_AXES, AXES, capacity, capacity_by
from roedtraad.journeys.queries.free import free_places
from roedtraad.journeys.queries.heat import Week, heatmap
from roedtraad.journeys.queries.moves import MoveKind, coming_moves
from roedtraad.organisation.models import Unit
from tests.factories import agreed, citizen, legal_basis, municipality, place, region_root, stay, term, unit

pytestmark = pytest.mark.django_db
D = dt.date
TODAY = D(2026, 6, 15)


@pytest.fixture
def area() -> Unit:
    municipality("0791")
    return unit("autisme", kind="specialomraade", parent=region_root(), municipality_id="0791")


@pytest.fixture
def offer(area: Unit) -> Unit:
    return unit("solsiden", parent=area)


def test_occupied_reserved_and_free_are_told_apart(offer: Unit, django_assert_num_queries: Any) -> None:
    lived, kept, overdue, left, _empty = (place(code, offer) for code in "ABCDE")
    place("F", offer, end=D(2026, 6, 15))
    stay(citizen(), lived, D(2026, 1, 1), moved_in=True)
    stay(citizen(), kept, D(2026, 6, 10), ordered_end=D(2026, 9, 1))
    stay(citizen(), overdue, D(2026, 1, 1), ordered_end=D(2026, 6, 1), actual_start=D(2026, 1, 1))
    stay(citizen(), left, D(2026, 1, 1), ordered_end=D(2026, 6, 14), moved_in=True)
    agreed(offer, 4)

    with django_assert_num_queries(1):
        found = capacity(TODAY).residential

    assert (found.existing, found.agreed, found.occupied, found.reserved, found.free) == (5, 4, 2, 1, 2)
    assert found.percent == Decimal("50.0")
    assert capacity(D(2026, 6, 14)).residential.existing == 6


def test_a_withdrawn_stay_leaves_the_place_free_and_an_overdue_one_hides_a_booking(offer: Unit) -> None:
    first, second = place("A", offer), place("B", offer)
    stay(citizen(), first, D(2026, 1, 1), moved_in=True, withdrawn_at=clock.now())
    stay(citizen(), second, D(2026, 1, 1), ordered_end=D(2026, 6, 1), actual_start=D(2026, 1, 1))
    stay(citizen(), second, D(2026, 6, 2))

    found = capacity(TODAY).residential

    assert (found.occupied, found.reserved, found.free) == (1, 0, 1)


def test_an_agreement_of_a_percentage_without_agreed_places_is_none(offer: Unit) -> None:
    place("A", offer)

    assert capacity(TODAY).residential.percent is None


@pytest.fixture
def mixed(area: Unit, offer: Unit) -> None:
    """Places of every kind, spread so that each axis has several parts and some fall outside the units' kinds."""
    other = unit("skovhuset", parent=unit("hjerneskade", kind="specialomraade", parent=region_root()))
    house = unit("hus-1", kind="hus", parent=offer)
    for number in range(20):
        where = [offer, other, house, area][number % 4]
        category = "day" if number % 3 == 0 else "residential"
        made = place(
            f"P{number}",
            where,
            category,
            age_group="child" if number % 5 == 0 else "adult",
            target_group="autism" if number % 2 else "brain_injury",
            basis=legal_basis("SEL107") if number % 7 == 1 else None,
        )
        if number % 3:
            stay(citizen(), made, D(2026, 1, 1), moved_in=True)
        elif number % 2:
            stay(citizen(), made, D(2026, 6, 10))
    for where in (offer, other):
        agreed(where, 6)
        agreed(where, 2, "day")


@pytest.mark.parametrize("axis", AXES)
def test_the_parts_of_any_axis_add_up_to_the_total(
    mixed: None, axis: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):
        parts = capacity_by(TODAY, axis)
    total = capacity(TODAY)

    assert len(parts) > 1
    for category in ("residential", "day"):
        for figure in ("existing", "occupied", "reserved", "free"):
            added = sum(getattr(part.capacity.of(category), figure) for part in parts)
            assert added == getattr(total.of(category), figure), (category, figure)
        if axis in AGREED_AXES:
            assert sum(part.capacity.of(category).agreed or 0 for part in parts) == total.of(category).agreed
        else:
            assert all(part.capacity.of(category).agreed is None for part in parts)


def test_parts_follow_the_tree_of_the_day(mixed: None) -> None:
    offers = {part.label: part.capacity.residential.existing for part in capacity_by(TODAY, "offer")}
    houses = {part.label: part.capacity for part in capacity_by(TODAY, "municipality")}

    assert set(offers) == {"Solsiden", "Skovhuset", "Uden tilbud"}
    assert set(houses) == {"Viborg", "Uden kommune"}


def test_an_unknown_axis_is_refused_in_words(offer: Unit) -> None:
    with pytest.raises(ValueError, match="Ukendt opdeling: vejr"):
        capacity_by(TODAY, "vejr")


def test_free_now_and_coming(offer: Unit) -> None:
    _now, soon, late, overdue, between, open_end = (place(code, offer) for code in "ABCDEF")
    stay(citizen(), soon, D(2026, 1, 1), ordered_end=D(2026, 7, 1), actual_start=D(2026, 1, 1))
    stay(citizen(), late, D(2026, 1, 1), ordered_end=D(2026, 12, 1), actual_start=D(2026, 1, 1))
    stay(citizen(), overdue, D(2026, 1, 1), ordered_end=D(2026, 6, 1), actual_start=D(2026, 1, 1))
    stay(citizen(), between, D(2026, 7, 1))
    stay(citizen(), open_end, D(2026, 1, 1), moved_in=True)

    found = free_places(TODAY)

    assert [(p.code, p.free_from, p.free_until) for p in found] == [
        ("A", TODAY, None),
        ("E", TODAY, D(2026, 6, 30)),
        ("B", D(2026, 7, 2), None),
    ]
    assert [p.code for p in free_places(TODAY, D(2026, 12, 2))] == ["A", "E", "B", "C"]
    assert len(free_places(TODAY, TODAY)) == capacity(TODAY).residential.free


def test_free_places_take_their_facts_from_the_day_they_are_free(offer: Unit) -> None:
    other = unit("skovhuset", parent=region_root())
    moved = place("A", offer, end=D(2026, 7, 1), target_group="autism")
    term(moved, other, D(2026, 7, 1), target_group="crime", age_group="child")
    stay(citizen(), moved, D(2026, 1, 1), ordered_end=D(2026, 7, 9), actual_start=D(2026, 1, 1))

    (found,) = free_places(TODAY)

    assert (found.unit_id, found.target_group, found.age_group) == (other.pk, "crime", "child")
    assert found.free_from == D(2026, 7, 10)
    assert free_places(TODAY, unit_ids=[offer.pk]) == []
    assert free_places(TODAY, target_group="autism") == []
    assert free_places(TODAY, target_group="crime", age_group="child", paragraph="SEL108") == [found]
    assert free_places(TODAY, category="day") == []


def test_a_place_is_not_free_outside_its_life(offer: Unit) -> None:
    place("A", offer, end=D(2026, 6, 15))
    place("B", offer, start=D(2026, 8, 1), end=D(2026, 9, 1))

    assert [(p.code, p.free_from, p.free_until) for p in free_places(TODAY)] == [
        ("B", D(2026, 8, 1), D(2026, 8, 31))
    ]


def test_coming_moves(offer: Unit) -> None:
    codes = [place(code, offer) for code in "ABCDEF"]
    stay(citizen(), codes[0], D(2026, 6, 20))
    stay(citizen(), codes[1], D(2026, 6, 1))
    stay(citizen(), codes[2], D(2026, 1, 1), ordered_end=D(2026, 6, 30), actual_start=D(2026, 1, 1))
    stay(citizen(), codes[3], D(2026, 1, 1), ordered_end=D(2026, 6, 10), actual_start=D(2026, 1, 1))
    stay(citizen(), codes[4], D(2026, 12, 1))
    stay(citizen(), codes[5], D(2026, 6, 20), withdrawn_at=clock.now())

    found = coming_moves(TODAY, weeks=4)

    assert [(move.place_code, move.kind, move.day) for move in found] == [
        ("B", MoveKind.LATE, D(2026, 6, 1)),
        ("D", MoveKind.OVERDUE, D(2026, 6, 10)),
        ("A", MoveKind.COMING, D(2026, 6, 20)),
        ("C", MoveKind.LEAVING, D(2026, 6, 30)),
    ]
    assert [move.needs_attention for move in found] == [True, True, False, False]


def test_heat_map_tells_lived_kept_and_closed_days(offer: Unit, django_assert_num_queries: Any) -> None:
    # Weeks from Mondays 1 June, 8 June, 15 June (today is its Monday) and 22 June.
    lived, kept = place("A", offer), place("B", offer, start=D(2026, 6, 10))
    stay(citizen(), lived, D(2026, 6, 4), ordered_end=D(2026, 6, 24), actual_start=D(2026, 6, 4))
    stay(citizen(), kept, D(2026, 6, 23), ordered_end=D(2026, 6, 25))

    with django_assert_num_queries(1):
        found = heatmap([offer.pk], D(2026, 6, 3), 4)

    assert found.mondays == [D(2026, 6, 1), D(2026, 6, 8), D(2026, 6, 15), D(2026, 6, 22)]
    weeks = {row.code: row.weeks for row in found.rows}
    assert weeks["A"] == [Week(4, 0, 0), Week(7, 0, 0), Week(1, 6, 0), Week(0, 7, 0)]
    assert weeks["B"] == [Week(0, 0, 7), Week(0, 0, 2), Week(0, 0, 0), Week(0, 3, 0)]
