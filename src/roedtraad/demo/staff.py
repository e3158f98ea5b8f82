"""Posts: exactly the stated full-time posts on the day counted, drifting a little before and after. Pure."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from roedtraad.demo import distributions as d
from roedtraad.demo import facts
from roedtraad.demo.draws import stream, weighted
from roedtraad.demo.operators import Operator
from roedtraad.demo.places import PlacePlan

CATEGORIES = ("pedagogical", "care", "health", "administrative", "other")
_FULL = 100


@dataclass(frozen=True, slots=True)
class PositionPlan:
    """A post in a unit; `end` is the first day after, None when open."""

    code: str
    unit: str
    category: str
    title: str
    fte: Decimal
    start: dt.date
    end: dt.date | None


class _Maker:
    """Makes the posts of one category, numbered as they come."""

    def __init__(self, prefix: str, category: str, weights: dict[str, float], rng: random.Random) -> None:
        self._prefix, self._category, self._rng = prefix, category, rng
        self._units, self._weights = list(weights), list(weights.values())
        self.made: list[PositionPlan] = []

    def post(self, hundredths: int, start: dt.date, end: dt.date | None) -> None:
        self.made.append(
            PositionPlan(
                code=f"{self._prefix}-{self._category[:3]}-{len(self.made) + 1:05d}",
                unit=weighted(self._rng, self._units, self._weights),
                category=self._category,
                title=self._rng.choice(d.TITLES[self._category]),
                fte=Decimal(hundredths) / _FULL,
                start=start,
                end=end,
            )
        )


def positions(operator: Operator, places: Sequence[PlacePlan], seed: int) -> list[PositionPlan]:
    """The operator's posts from the first day of the world to the cut day."""
    counted = facts.COUNTED_ON
    made: list[PositionPlan] = []
    for category in CATEGORIES:
        rng = stream(seed, "staff", operator.key, category)
        maker = _Maker(operator.key or "rm", category, _weights(places, category), rng)
        hundredths = round(operator.staff[category] * _FULL)
        for fte in _fractions(hundredths, rng):
            start = _between(rng, d.WORLD_START, counted) if rng.random() < d.BEGAN_LATER else d.WORLD_START
            ends = rng.random() < d.ENDS_AFTER[category]
            maker.post(fte, start, _between(rng, counted, d.CUT_DAY) if ends else None)
        for fte in _fractions(round(hundredths * d.ENDED_BEFORE), rng):
            maker.post(fte, d.WORLD_START, _between(rng, d.WORLD_START, counted))
        for fte in _fractions(round(hundredths * d.COMES_AFTER[category]), rng):
            maker.post(fte, _between(rng, counted, d.CUT_DAY), None)
        made += maker.made
    return made


def _between(rng: random.Random, after: dt.date, last: dt.date) -> dt.date:
    """The first of a month after the one day and not after the other: posts begin and end at the month."""
    months = (last.year - after.year) * 12 + last.month - after.month
    month = after.month - 1 + rng.randint(1, months)
    return dt.date(after.year + month // 12, month % 12 + 1, 1)


def _fractions(total: int, rng: random.Random) -> list[int]:
    """Shares of full time, in hundredths, that add up to the total exactly; the last one is what is left."""
    steps, weights = zip(*d.FTE_STEPS, strict=True)
    parts: list[int] = []
    left = total
    while left > 0:
        part = min(weighted(rng, steps, weights), left)
        parts.append(part)
        left -= part
    return parts


def _weights(places: Sequence[PlacePlan], category: str) -> dict[str, float]:
    """How a category's posts spread over the units, by the places they had on the day counted."""
    at = CATEGORIES.index(category)
    office = d.AREA_OFFICE_SHARE if category == "administrative" else 0.0
    found: dict[str, float] = defaultdict(float)
    for place in places:
        if place.start <= facts.COUNTED_ON and (place.end is None or place.end > facts.COUNTED_ON):
            weight = d.PROFILES[place.profile].staff[at]
            found[place.unit] += weight * (1 - office)
            found[place.area] += weight * office
    return {unit: weight for unit, weight in found.items() if weight > 0}
