"""Occupancy through time and by kind, citizens, market and turnover."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest

from roedtraad.core.period import Period
from roedtraad.journeys import occupancy
from roedtraad.journeys.models import Stay
from roedtraad.journeys.queries.market import market_share
from roedtraad.journeys.queries.occupancy import Days, daily, monthly, yearly
from roedtraad.journeys.queries.people import StayTurnover, stay_turnover, unique_citizens
from roedtraad.journeys.queries.shares import KINDS, OTHERS, occupancy_by
from roedtraad.journeys.queries.turnover import turnover_by_region
from roedtraad.organisation.models import NationalPlaces, Region, RegionMembership, Unit
from tests.factories import agreed, citizen, municipality, place, region_root, stay, unit

pytestmark = pytest.mark.django_db
D = dt.date
TODAY = D(2026, 6, 15)


@pytest.fixture
def offer() -> Unit:
    municipality("0791")
    root = unit("region", kind="region", name="Region Midtjylland", municipality_id="0791")
    area = unit("autisme", kind="specialomraade", parent=root)
    return unit("solsiden", parent=area)


@pytest.fixture
def world(offer: Unit) -> Unit:
    """Thirty places with stays after one another in 2025 and 2026, paid from several regions."""
    chance = random.Random(7)
    other = unit("skovhuset", parent=unit("hjerneskade", kind="specialomraade", parent=region_root()))
    payers = [municipality(code) for code in ("0751", "0751", "0791", "0851", "0101")]
    for number in range(30):
        made = place(
            f"P{number}",
            [offer, other][number % 2],
            "day" if number % 3 == 0 else "residential",
            age_group="child" if number % 5 == 0 else "adult",
            target_group="autism" if number % 4 else "crime",
        )
        day = D(2025, 1, 1) + dt.timedelta(chance.randrange(60))
        while day < D(2026, 6, 1):
            last = day + dt.timedelta(chance.randrange(30, 250))
            over = last < TODAY
            stay(
                citizen(),
                made,
                day,
                ordered_end=last,
                actual_start=day,
                actual_end=last if over else None,
                paying_municipality=chance.choice(payers),
                agreed_day_rate=Decimal(1000 + number),
            )
            day = last + dt.timedelta(1 + chance.randrange(30))
    agreed(offer, 10)
    agreed(offer, 5, "day")
    agreed(other, 9, start=D(2025, 3, 1))
    occupancy.refresh()
    return other


def _bed_days(first: dt.date, last: dt.date) -> int:
    """Counted one by one."""
    return sum(
        max((min(s.actual_end or TODAY, last, TODAY) - max(s.actual_start, first)).days + 1, 0)
        for s in Stay.objects.all()
    )


def test_days_months_and_years_agree(world: Unit, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        days = daily(None, D(2025, 1, 1), D(2026, 12, 31))
    with django_assert_max_num_queries(2):
        months = monthly(None, D(2025, 1, 1), D(2026, 12, 31))
    with django_assert_max_num_queries(2):
        years = yearly([2025, 2026], by_unit=False)
    with django_assert_max_num_queries(2):
        by_unit = yearly([2025, 2026])

    assert days[-1].start == TODAY
    assert months[-1].start == D(2026, 6, 1)
    for category in ("residential", "day"):
        each_day = sum((day.by_category[category] for day in days), Days())
        assert each_day == sum((m.by_category.get(category, Days()) for m in months), Days())
        assert each_day == sum((d for (_u, c, _y), d in years.items() if c == category), Days())
        assert each_day == sum((d for (_u, c, _y), d in by_unit.items() if c == category), Days())
    assert sum(day.total.bed_days for day in days) == _bed_days(D(2025, 1, 1), TODAY)


def test_agreed_days_follow_the_agreement_and_stop_today(world: Unit) -> None:
    found = yearly([2025, 2026])

    assert found[world.pk, "residential", 2025].agreed_days == 9 * (365 - 59)
    assert found[world.pk, "residential", 2026].agreed_days == 9 * 166


def test_percent_has_one_decimal_and_a_denominator() -> None:
    assert Days(951, 1000).percent == Decimal("95.1")
    assert Days(1, 3).percent == Decimal("33.3")
    assert Days(5, 0).percent is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("category", [None, "residential", "day"])
def test_any_division_adds_up_to_all_bed_days(
    world: Unit, kind: str, category: str | None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):
        found = occupancy_by(kind, D(2025, 2, 3), D(2026, 12, 31), category=category)
    days = daily(None, D(2025, 2, 3), D(2026, 12, 31))
    lived = sum((day.total if category is None else day.by_category[category]).bed_days for day in days)

    assert sum(item.bed_days for item in found.items) == lived
    assert str(found.denominator)
    if found.agreed:
        agreed_days = sum(
            (d.total if category is None else d.by_category[category]).agreed_days for d in days
        )
        assert sum(item.base_days or 0 for item in found.items) == agreed_days


def test_units_limit_every_division(world: Unit) -> None:
    for kind in KINDS:
        both = sum(i.bed_days for i in occupancy_by(kind, D(2025, 1, 1), TODAY).items)
        one = sum(i.bed_days for i in occupancy_by(kind, D(2025, 1, 1), TODAY, [world.pk]).items)
        assert 0 < one < both, kind


def test_payers_of_few_citizens_are_put_together(offer: Unit) -> None:
    for number in range(6):
        stay(citizen(), place(f"A{number}", offer), D(2026, 6, 1), moved_in=True)
    for number in range(7):
        payer = municipality("0791")
        stay(citizen(), place(f"B{number}", offer), D(2026, 6, 1), moved_in=True, paying_municipality=payer)
    stay(citizen(), place("C", offer), D(2026, 6, 1), moved_in=True, paying_municipality=municipality("0101"))

    found = occupancy_by("municipality", D(2026, 6, 1), D(2026, 6, 30)).items

    # One citizen from København alone would be told by subtraction, so the next smallest payer joins.
    assert [(item.key, item.bed_days) for item in found] == [("0791", 7 * 15), (OTHERS, 7 * 15)]


def test_region_of_the_payer_is_that_of_the_day(offer: Unit) -> None:
    payer = municipality("0265")
    RegionMembership.objects.filter(municipality=payer).update(
        valid=Period(D(2007, 1, 1), D(2026, 1, 1)).to_range()
    )
    merged = Region.objects.create(code="1090", name="Region Østdanmark", sort_key="region |stdanmark")
    RegionMembership.objects.create(
        municipality=payer, region=merged, valid=Period(D(2026, 1, 11)).to_range()
    )
    for number in range(5):
        stay(
            citizen(),
            place(f"A{number}", offer),
            D(2025, 12, 22),
            ordered_end=D(2026, 1, 20),
            moved_in=True,
            paying_municipality=payer,
            agreed_day_rate=Decimal("1000"),
        )

    found = occupancy_by("region", D(2025, 12, 1), D(2026, 1, 31)).items
    year = turnover_by_region(2026)

    assert {item.label: item.bed_days for item in found} == {
        "Region Sjælland": 50,
        "Region Østdanmark": 50,
        "Uden region": 50,
    }
    assert [(r.name, r.amount) for r in year.regions] == [
        ("Region Østdanmark", Decimal(50000)),
        ("Uden region", Decimal(50000)),
    ]
    assert year.outside_percent == Decimal("100.0")


def test_turnover_by_region_is_days_times_rate(world: Unit, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        found = turnover_by_region(2025)

    expected = Decimal(0)
    for lived in Stay.objects.all():
        last = min(lived.actual_end or TODAY, D(2025, 12, 31))
        expected += max((last - lived.actual_start).days + 1, 0) * (lived.agreed_day_rate or 0)
    own = [region for region in found.regions if region.inside]
    assert found.total == sum(region.amount for region in found.regions) == expected
    assert [region.name for region in own] == ["Region Midtjylland"]
    assert found.outside == found.total - own[0].amount


def test_unique_citizens_counts_each_person_once(offer: Unit, django_assert_num_queries: Any) -> None:
    other = unit("skovhuset", parent=region_root())
    twice = citizen()
    stay(twice, place("A", offer), D(2025, 1, 1), ordered_end=D(2025, 2, 1), moved_in=True)
    stay(twice, place("B", other), D(2025, 5, 1), ordered_end=D(2025, 6, 1), moved_in=True)
    stay(citizen(), place("C", offer), D(2024, 12, 1), ordered_end=D(2024, 12, 31), moved_in=True)
    stay(citizen(), place("D", offer, "day"), D(2025, 1, 1), moved_in=True)
    stay(citizen(), place("E", offer), D(2025, 1, 1))

    with django_assert_num_queries(1):
        assert unique_citizens(D(2025, 1, 1), D(2025, 12, 31), "residential") == 1
    assert unique_citizens(D(2024, 12, 31), D(2025, 12, 31), "residential") == 2
    assert unique_citizens(D(2025, 3, 1), D(2025, 12, 31), "residential", [offer.pk]) == 0
    assert unique_citizens(D(2025, 1, 1), D(2025, 12, 31), "day") == 1
    assert unique_citizens(D(2026, 6, 16), D(2026, 12, 31), "day") == 0


def test_turnover_of_stays(offer: Unit) -> None:
    stay(citizen(), place("A", offer), D(2025, 1, 1), ordered_end=D(2025, 1, 10), moved_in=True)
    stay(citizen(), place("B", offer), D(2024, 12, 22), ordered_end=D(2025, 1, 5), moved_in=True)
    stay(citizen(), place("C", offer), D(2025, 12, 31), moved_in=True)

    assert stay_turnover(D(2025, 1, 1), D(2025, 12, 31)) == StayTurnover(2, 2, Decimal("12.5"))
    assert stay_turnover(D(2027, 1, 1), D(2027, 12, 31)) == StayTurnover(0, 0, None)


def test_market_share_names_its_source_and_explains_a_difference(offer: Unit) -> None:
    for age, total, own in (("child", 621, 3), ("adult", 2321, None)):
        NationalPlaces.objects.create(
            year=2020,
            age_group=age,
            category="residential",
            places=total,
            stated_own_places=own,
            source_document="000",
            source_section="2.1",
        )
    for number in range(4):
        place(f"A{number}", offer, age_group="child", end=D(2021, 1, 1))
    place("B", offer, "day", age_group="child")

    child, adult = market_share(2020)

    assert (child.age_group, child.own_places, child.percent, child.difference) == (
        "child",
        4,
        Decimal("0.6"),
        1,
    )
    assert (child.year, child.source) == (2020, "000, 2.1")
    assert (adult.own_places, adult.percent, adult.difference) == (0, Decimal("0.0"), None)
    assert market_share(as_of=D(2026, 6, 1))[0].own_places == 0
