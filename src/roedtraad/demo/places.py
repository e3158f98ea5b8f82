"""Which places an operator has, and what was agreed. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from roedtraad.demo import distributions as d
from roedtraad.demo import facts
from roedtraad.demo.draws import share_out
from roedtraad.demo.operators import Offer, Operator

FOREVER = dt.date.max


@dataclass(frozen=True, slots=True)
class TermPlan:
    """Where a place belongs in a period; `end` is the first day after, None when open."""

    start: dt.date
    end: dt.date | None
    unit: str
    basis: str
    target_group: str
    age_group: str


@dataclass(frozen=True, slots=True)
class PlacePlan:
    """A place with its life and what kind of stays it has ("" when it has none, as in 2013)."""

    code: str
    category: str
    profile: str
    area: str
    municipality: str
    terms: tuple[TermPlan, ...]

    @property
    def start(self) -> dt.date:
        """The first day of the place."""
        return self.terms[0].start

    @property
    def end(self) -> dt.date | None:
        """The first day after its life."""
        return self.terms[-1].end

    @property
    def unit(self) -> str:
        """The unit, which does not change in this world."""
        return self.terms[-1].unit


@dataclass(frozen=True, slots=True)
class AgreedPlan:
    """Places agreed for a unit in a period."""

    unit: str
    category: str
    places: int
    start: dt.date
    end: dt.date
    document: str
    section: str


def present_places(operator: Operator) -> list[PlacePlan]:
    """The operator's places from the first day of the world, fitted to its stated totals."""
    numbers: Counter[str] = Counter()
    made: list[PlacePlan] = []
    for offer, count in _sizes(operator):
        closing = _closing(operator, offer)
        for i in range(count):
            end = closing[1] if closing and i >= count - closing[0] else None
            made.append(_place(offer, numbers, d.WORLD_START, end))
    if operator.moves_capacity:
        by_name = {(offer.base_key, offer.profile): offer for offer in operator.offers}
        for unit, profile, count, start, end in d.EXTRA_PLACES:
            made += [_place(by_name[unit, profile], numbers, start, end) for _ in range(count)]
    return made


def _sizes(operator: Operator) -> list[tuple[Offer, int]]:
    """How many places each offer has, so that the operator's totals come out."""
    sized: list[tuple[Offer, int]] = []
    for (category, age_group), total in operator.totals.items():
        group = [
            offer
            for offer in operator.offers
            if d.PROFILES[offer.profile].category == category
            and age_group in ("", d.PROFILES[offer.profile].age_group)
        ]
        sized += zip(group, share_out(total, [offer.weight for offer in group]), strict=True)
    return sized


def _closing(operator: Operator, offer: Offer) -> tuple[int, dt.date] | None:
    if not operator.moves_capacity:
        return None
    found = [
        (n, end)
        for unit, profile, n, end in d.CLOSED_PLACES
        if (unit, profile) == (offer.base_key, offer.profile)
    ]
    return found[0] if found else None


def _place(offer: Offer, numbers: Counter[str], start: dt.date, end: dt.date | None) -> PlacePlan:
    profile = d.PROFILES[offer.profile]
    letter = "d" if profile.category == d.RESIDENTIAL else "a"
    series = f"{offer.unit}-{letter}"
    numbers[series] += 1
    periods = [(start, end, profile.basis)]
    if profile.basis_before_2024 and start < d.CHILD_LAW:
        periods = [(start, min(end or FOREVER, d.CHILD_LAW), profile.basis_before_2024)]
        if end is None or end > d.CHILD_LAW:
            periods.append((d.CHILD_LAW, end, profile.basis))
    return PlacePlan(
        code=f"{series}{numbers[series]:02d}",
        category=profile.category,
        profile=offer.profile,
        area=offer.area,
        municipality=offer.municipality,
        terms=tuple(
            TermPlan(since, until, offer.unit, basis, offer.target_group, profile.age_group)
            for since, until, basis in periods
        ),
    )


def old_places() -> list[PlacePlan]:
    """The places of 2013 on the offers of 2013, until the present ones begin or the offer closes."""
    made: list[PlacePlan] = []
    for category, column in ((d.RESIDENTIAL, 2), (d.DAY, 3)):
        total = facts.agreed(d.OLD_START.year, category)
        adults = round(total * d.ADULT_SHARE_2013)
        for age_group, places in ((d.ADULT, adults), (d.CHILD, total - adults)):
            group = [row for row in d.OFFERS_2013 if row[1] == age_group]
            counts = share_out(places, [float(row[column]) for row in group])
            for row, count in zip(group, counts, strict=True):
                made += [_old_place(row[0], category, age_group, i + 1) for i in range(count)]
    return made


def _old_place(unit: str, category: str, age_group: str, number: int) -> PlacePlan:
    area = facts.area_of(unit, d.OLD_START)
    closed = facts.units()[unit][-1].end
    term = TermPlan(
        d.OLD_START,
        min(closed or d.OLD_END, d.OLD_END),
        unit,
        d.BASIS_2013[category, age_group],
        d.TARGET_GROUPS[area],
        age_group,
    )
    letter = "d" if category == d.RESIDENTIAL else "a"
    return PlacePlan(f"{unit}-2013-{letter}{number:02d}", category, "", area, "", (term,))


def agreements(places: Sequence[PlacePlan]) -> list[AgreedPlan]:
    """What was agreed year by year: the places of each unit on the year's first day.

    An agreement ends early where all its places do (an offer of 2013 that closed within the year).
    """
    made: list[AgreedPlan] = []
    years = range(min(place.start for place in places).year, d.CUT_DAY.year + 1)
    for year in years:
        first, after = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
        lives = [p for p in places if p.start <= first and (p.end is None or p.end > first)]
        counts = Counter((place.unit, place.category) for place in lives)
        ends: dict[tuple[str, str], dt.date] = {}
        for place in lives:
            key = (place.unit, place.category)
            ends[key] = max(ends.get(key, first), min(place.end or after, after))
        made += [
            AgreedPlan(
                unit, category, n, first, ends[unit, category], *facts.agreement_source(year, category)
            )
            for (unit, category), n in counts.items()
        ]
    return made
