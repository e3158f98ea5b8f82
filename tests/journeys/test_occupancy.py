"""Bed-days per unit and month."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest

from roedtraad.core import clock
from roedtraad.journeys import occupancy
from roedtraad.journeys.checks import CHECKS
from roedtraad.journeys.models import OccupancyMonth, Stay
from roedtraad.organisation.models import PlaceTerm, Unit
from tests.factories import citizen, place, region_root, stay, term, unit

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def offer() -> Unit:
    return unit("solsiden", parent=region_root())


def months(of: Unit) -> dict[tuple[int, int], int]:
    rows = OccupancyMonth.objects.filter(unit=of)
    return {(row.month.year, row.month.month): row.bed_days for row in rows}


def test_last_day_counts_and_an_open_stay_counts_until_today(offer: Unit) -> None:
    stay(citizen(), place("A", offer), D(2026, 4, 29), ordered_end=D(2026, 5, 2), moved_in=True)
    stay(citizen(), place("B", offer), D(2026, 5, 31), moved_in=True)

    occupancy.refresh()

    assert months(offer) == {(2026, 4): 2, (2026, 5): 2 + 1, (2026, 6): 15}


def test_an_end_in_the_future_is_not_counted_before_it_has_been(offer: Unit) -> None:
    stay(citizen(), place("A", offer), D(2026, 6, 10), ordered_end=D(2026, 7, 20), moved_in=True)

    occupancy.refresh()

    assert months(offer) == {(2026, 6): 6}


def test_catching_up_after_a_quiet_month_and_after_the_clock_was_set_back(offer: Unit) -> None:
    stay(citizen(), place("A", offer), D(2026, 6, 10), moved_in=True)
    occupancy.refresh()
    with clock.fixed(D(2026, 8, 2)):
        occupancy.catch_up()
        assert months(offer) == {(2026, 6): 21, (2026, 7): 31, (2026, 8): 2}
    occupancy.catch_up()
    assert months(offer) == {(2026, 6): 6}
    assert occupancy.catch_up() == 0


def test_planned_and_withdrawn_stays_do_not_count(offer: Unit) -> None:
    stay(citizen(), place("A", offer), D(2026, 5, 1))
    stay(citizen(), place("B", offer), D(2026, 5, 1), moved_in=True, withdrawn_at=clock.now())

    assert occupancy.refresh() == 0


def test_days_belong_to_the_unit_the_place_had_on_the_day(offer: Unit) -> None:
    other = unit("skovhuset", parent=region_root())
    moved = place("A", offer, end=D(2026, 5, 11))
    term(moved, other, D(2026, 5, 11))
    stay(citizen(), moved, D(2026, 5, 1), ordered_end=D(2026, 5, 31), moved_in=True)

    occupancy.refresh()

    assert months(offer) == {(2026, 5): 10}
    assert months(other) == {(2026, 5): 21}


def test_rows_that_became_zero_go_and_right_rows_stay_untouched(offer: Unit) -> None:
    lived = stay(citizen(), place("A", offer), D(2026, 4, 1), ordered_end=D(2026, 5, 31), moved_in=True)
    assert occupancy.refresh() == 2
    kept = OccupancyMonth.objects.get(month=D(2026, 4, 1)).pk

    Stay.objects.filter(pk=lived.pk).update(actual_end=D(2026, 4, 30))

    assert occupancy.refresh() == 1
    assert list(OccupancyMonth.objects.values_list("pk", "bed_days")) == [(kept, 30)]
    assert occupancy.refresh() == 0


def test_only_the_months_and_units_asked_for_are_touched(offer: Unit) -> None:
    other = unit("skovhuset", parent=region_root())
    stay(citizen(), place("A", offer), D(2026, 1, 1), moved_in=True)
    stay(citizen(), place("B", other), D(2026, 1, 1), moved_in=True)

    assert occupancy.refresh([offer.pk], D(2026, 2, 15), D(2026, 3, 1)) == 2

    assert months(offer) == {(2026, 2): 28, (2026, 3): 31}
    assert months(other) == {}
    assert occupancy.refresh([]) == 0
    assert occupancy.refresh(first=D(2027, 1, 1)) == 0


def _random_world(seed: int) -> list[Unit]:
    """Places that change unit, with stays one after another; some withdrawn, some open, some only planned."""
    chance = random.Random(seed)
    units = [unit(f"tilbud-{number}", parent=region_root()) for number in range(3)]
    for number in range(12):
        category = chance.choice(["residential", "day"])
        change = D(2025, 1, 1) + dt.timedelta(chance.randrange(500))
        made = place(f"P{number}", chance.choice(units), category, end=change)
        term(made, chance.choice(units), change)
        day = D(2025, 1, 1) + dt.timedelta(chance.randrange(60))
        while day < D(2026, 7, 30):
            last = day + dt.timedelta(chance.randrange(200))
            moved_in = day <= clock.today()
            over = moved_in and last < clock.today()
            stay(
                citizen(),
                made,
                day,
                ordered_end=last,
                actual_start=day if moved_in else None,
                actual_end=last if over else None,
                withdrawn_at=clock.now() if chance.random() < 0.15 else None,
            )
            day = last + dt.timedelta(1 + chance.randrange(40))
    return units


def _recount() -> Counter[tuple[int, str, dt.date]]:
    """The same count, day by day and without SQL."""
    counted: Counter[tuple[int, str, dt.date]] = Counter()
    terms = list(PlaceTerm.objects.select_related("place"))
    for lived in Stay.objects.filter(withdrawn_at=None, actual_start__isnull=False):
        day = lived.actual_start
        while day <= min(lived.actual_end or clock.today(), clock.today()):
            for found in terms:
                if found.place_id == lived.place_id and day in found.valid:
                    counted[found.unit_id, found.place.category, day.replace(day=1)] += 1
            day += dt.timedelta(1)
    return counted


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_refresh_equals_a_recount_day_by_day(seed: int) -> None:
    _random_world(seed)

    occupancy.refresh()

    rows = OccupancyMonth.objects.values_list("unit_id", "category", "month", "bed_days")
    assert {(u, c, m): days for u, c, m, days in rows} == dict(_recount())
    assert occupancy.refresh() == 0


def test_the_nightly_checks_find_what_is_wrong(offer: Unit) -> None:
    checks = {check.name: check for check in CHECKS}
    stay(citizen(), place("A", offer), D(2026, 1, 1), ordered_end=D(2026, 4, 30), moved_in=True)
    overdue = stay(
        citizen(), place("B", offer), D(2026, 1, 1), ordered_end=D(2026, 5, 1), actual_start=D(2026, 1, 1)
    )
    occupancy.refresh()
    quiet = [name for name in checks if name not in ("overdue_stays", "agreed_places_without_places")]
    assert {name: checks[name].find() for name in quiet} == {name: [] for name in quiet}
    assert checks["overdue_stays"].find() == [(overdue.key, D(2026, 5, 1))]

    OccupancyMonth.objects.filter(month=D(2026, 3, 1)).update(bed_days=1)
    OccupancyMonth.objects.filter(month=D(2026, 2, 1)).delete()

    found = checks["occupancy_months_recount"].find()
    assert sorted((row[2], row[3], row[4]) for row in found) == [
        (D(2026, 2, 1), None, 56),
        (D(2026, 3, 1), 1, 62),
    ]


def test_overlap_of_one_citizens_residential_stays_is_a_warning(offer: Unit) -> None:
    check = next(c for c in CHECKS if c.name == "overlapping_residential_stays_of_one_citizen")
    twice = citizen()
    stay(twice, place("A", offer), D(2026, 1, 1), moved_in=True)
    stay(twice, place("D", offer, "day"), D(2026, 1, 1), moved_in=True)
    assert check.find() == []

    stay(twice, place("B", offer), D(2026, 3, 1), moved_in=True)

    assert len(check.find()) == 1
    assert check.severity == "advarsel"
