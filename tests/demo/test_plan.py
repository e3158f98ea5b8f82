"""The synthetic world as plain rows: what is stated comes out, and the rows are the same every time."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from roedtraad.core.cpr import is_test_number, parse_cpr
from roedtraad.demo import distributions as d
from roedtraad.demo import facts, stays
from roedtraad.demo.draws import share_out, stream
from roedtraad.demo.names import CprSeries
from roedtraad.demo.operators import operators
from roedtraad.demo.places import PlacePlan, present_places
from roedtraad.demo.plan import SEED, OperatorPlan, digest, plan

YEAR_DAYS = 365.2425


@pytest.fixture(scope="module")
def region() -> OperatorPlan:
    return next(plan("region"))


def standing(places: list[PlacePlan], day: dt.date) -> list[PlacePlan]:
    return [place for place in places if place.start <= day and (place.end is None or day < place.end)]


@pytest.mark.parametrize("seed", [SEED, 1, 77])
def test_the_same_seed_gives_the_same_rows(seed: int) -> None:
    assert digest(plan("region", seed)) == digest(plan("region", seed))


def test_another_seed_gives_other_rows() -> None:
    assert digest(plan("region", 1)) != digest(plan("region", 2))


def test_the_rows_do_not_depend_on_how_this_process_hashes() -> None:
    program = "from roedtraad.demo.plan import digest, plan; print(digest(plan('region')))"
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {digest(plan("region")) + "\n"}


@pytest.mark.parametrize("seed", range(1, 5))
def test_any_seed_can_be_fitted_to_the_counted_citizens(seed: int) -> None:
    part = next(plan("region", seed))
    categories = {place.code: place.category for place in part.places}
    for category in (d.RESIDENTIAL, d.DAY):
        year, stated = facts.unique_citizens(category)
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        living = {
            citizen.key
            for citizen in part.citizens
            for stay in citizen.stays
            if categories[stay.place] == category
            and stay.actual_start is not None
            and stay.actual_start <= last
            and (stay.actual_end is None or stay.actual_end >= first)
        }
        assert len(living) == stated


def test_no_citizen_has_two_stays_of_a_category_at_once(region: OperatorPlan) -> None:
    categories = {place.code: place.category for place in region.places}
    for citizen in region.citizens:
        for category in (d.RESIDENTIAL, d.DAY):
            mine = [stay for stay in citizen.stays if categories[stay.place] == category]
            for one, other in pairwise(mine):
                ends = one.actual_end or one.ordered_end
                begins = other.actual_start or other.ordered_start
                assert ends is not None
                assert ends < begins


def test_nothing_has_happened_after_the_cut_day(region: OperatorPlan) -> None:
    for stay in (stay for citizen in region.citizens for stay in citizen.stays):
        assert stay.actual_start is None or stay.actual_start <= d.CUT_DAY
        assert stay.actual_end is None or stay.actual_end <= d.CUT_DAY
        if stay.actual_start is None:
            assert d.CUT_DAY < stay.ordered_start <= d.HORIZON


def test_every_age_fits_the_kind_of_place(region: OperatorPlan) -> None:
    places = {place.code: place for place in region.places}
    for citizen in region.citizens:
        for stay in citizen.stays:
            low, _, high = d.PROFILES[places[stay.place].profile].ages
            start = stay.actual_start or stay.ordered_start
            last = min(stay.actual_end or d.CUT_DAY, d.CUT_DAY)
            assert (start - citizen.birth_date).days >= low * YEAR_DAYS
            assert (last - citizen.birth_date).days < (high + 1) * YEAR_DAYS


def test_every_cpr_number_is_a_test_number_of_the_right_birth_day_and_given_once(
    region: OperatorPlan,
) -> None:
    numbers = [(c.cpr, c.birth_date) for c in region.citizens if c.cpr is not None]
    for number, birth in numbers:
        read = parse_cpr(number)
        assert is_test_number(read)
        assert read.birth_date == birth
    assert len({number for number, _ in numbers}) == len(numbers)


def test_only_citizens_the_test_series_cannot_cover_are_without_a_number() -> None:
    series = CprSeries()
    part = next(plan("region", series=series))
    without = [c for c in part.citizens if c.cpr is None]
    assert series.without == len(without)
    assert all(c.birth_date.year < d.FIRST_CPR_YEAR for c in without)


def test_a_birth_day_has_fifty_numbers_for_each_sex() -> None:
    series = CprSeries()
    birth = dt.date(1990, 2, 3)
    given = [series.take(birth, male=True) for _ in range(51)]
    assert given[-1] is None
    assert len(set(given[:50])) == 50
    assert {parse_cpr(number).is_male for number in given[:50] if number} == {True}
    assert series.take(dt.date(1936, 12, 31), male=False) is None


def test_rates_lie_around_published_ones(region: OperatorPlan) -> None:
    places = {place.code: place for place in region.places}
    for citizen in region.citizens:
        for stay in citizen.stays:
            published = stays.class_rates(d.PROFILES[places[stay.place].profile].rate_class)
            start = stay.actual_start or stay.ordered_start
            index = (1 + d.RATE_RISE) ** (start.year - d.RATE_YEAR)
            assert float(min(published)) * (1 - d.RATE_SPREAD) * index - 1 <= float(stay.rate)
            assert float(stay.rate) <= float(max(published)) * (1 + d.RATE_SPREAD) * index + 1


def test_each_class_of_rates_has_published_rates() -> None:
    assert all(stays.class_rates(name) for name in d.RATE_CLASSES)
    assert {profile.rate_class for profile in d.PROFILES.values()} == set(d.RATE_CLASSES)


def test_child_places_change_paragraph_with_the_law(region: OperatorPlan) -> None:
    changing = [
        place for place in region.places if place.profile and d.PROFILES[place.profile].basis_before_2024
    ]
    across = [place for place in changing if place.end is None and place.start < d.CHILD_LAW]
    assert across
    for place in across:
        before, after = place.terms
        assert before.end == after.start == d.CHILD_LAW
        assert (before.basis, after.basis) == (
            d.PROFILES[place.profile].basis_before_2024,
            d.PROFILES[place.profile].basis,
        )


def test_places_lie_inside_their_units_life(region: OperatorPlan) -> None:
    for place in region.places:
        for term in place.terms:
            assert facts.unit_on(term.unit, term.start)
            last = (term.end or d.HORIZON) - dt.timedelta(days=1)
            assert facts.unit_on(term.unit, last)


def test_the_offers_of_2013_are_the_31_of_the_fixtures() -> None:
    stated = {
        key
        for key, versions in facts.units().items()
        for v in versions
        if v.kind == "tilbud" and v.start <= d.OLD_START and (v.end is None or v.end > d.OLD_START)
    }
    assert {row[0] for row in d.OFFERS_2013} == stated
    assert len(stated) == 31


def test_agreements_are_the_places_of_the_years_first_day(region: OperatorPlan) -> None:
    agreed: dict[tuple[int, str], int] = defaultdict(int)
    for row in region.agreements:
        agreed[row.start.year, row.category] += row.places
    for (year, category), places in agreed.items():
        there = [p for p in standing(region.places, dt.date(year, 1, 1)) if p.category == category]
        assert len(there) == places


def test_a_move_of_payer_changes_who_decides_only_outside_adults_housing(region: OperatorPlan) -> None:
    places = {place.code: place for place in region.places}
    moved = [c for c in region.citizens if len([r for r in c.relations if r.kind == "paying"]) > 1]
    assert moved
    for citizen in moved:
        housed = any(
            d.PROFILES[places[stay.place].profile].basis in {"SEL107", "SEL108", "ABL105"}
            for stay in citizen.stays
        )
        deciding = [r for r in citizen.relations if r.kind == "acting"]
        assert len(deciding) == (1 if housed else 2)


def test_who_pays_for_a_stay_is_the_citizens_payer_throughout(region: OperatorPlan) -> None:
    for citizen in region.citizens:
        paying = [r for r in citizen.relations if r.kind == "paying"]
        for stay in citizen.stays:
            start = stay.actual_start or stay.ordered_start
            payer = next(r for r in paying if r.start <= start and (r.end is None or start < r.end))
            assert payer.municipality == stay.payer
            assert payer.end is None or (stay.actual_end is not None and stay.actual_end < payer.end)


def test_shares_add_up_and_stay_near_their_weights() -> None:
    rng = stream(SEED, "test")
    for _ in range(200):
        weights = [rng.random() for _ in range(rng.randint(1, 12))]
        total = rng.randint(0, 500)
        shares = share_out(total, weights)
        assert sum(shares) == total
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - total * weight / sum(weights)) < 1


def test_national_operators_have_the_countrys_places() -> None:
    everyone = operators("national")
    regions = [o for o in everyone if o.key == "" or o.key.startswith("r")]
    totals: Counter[str] = Counter()
    for operator in regions:
        for (category, age_group), places in operator.totals.items():
            if category == d.RESIDENTIAL:
                totals[age_group] += places
    assert len(regions) == 5
    assert len(everyone) - len(regions) == sum(len(names) for names in facts.municipalities().values()) == 98
    assert {age: totals[age] for age in totals} == {age: facts.residential_places(age)[1] for age in totals}


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="region, national, x20"):
        operators("galaxy")  # type: ignore[arg-type]


@pytest.mark.parametrize("scale", ["x20", "national"])
def test_a_larger_worlds_units_and_places_hang_together(scale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(d, "COPIES", 3)
    known = set(facts.units())
    codes: list[str] = []
    for operator in operators(scale):  # type: ignore[arg-type]  # the parameters are scales
        for unit in operator.units:
            assert unit.key not in known
            assert unit.parent in known or not unit.parent
            known.add(unit.key)
        made = present_places(operator)
        assert {place.unit for place in made} | {place.area for place in made} <= known
        codes += [place.code for place in made]
    assert len(set(codes)) == len(codes)
    assert max(map(len, codes)) <= 40


def test_each_copy_of_the_region_is_fitted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(d, "COPIES", 2)
    home, copy = plan("x20")
    assert len(copy.citizens) > 0
    assert {c.key for c in home.citizens}.isdisjoint(c.key for c in copy.citizens)
    assert {c.cpr for c in home.citizens if c.cpr}.isdisjoint(c.cpr for c in copy.citizens if c.cpr)
    present = [place for place in home.places if place.start >= d.WORLD_START]
    assert len(copy.places) == len(present)
