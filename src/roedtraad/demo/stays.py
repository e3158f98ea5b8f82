"""The stays on each place, as they follow one another. Whose they are is decided in `chains`. Pure."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from roedtraad.demo import distributions as d
from roedtraad.demo import facts
from roedtraad.demo.draws import stream
from roedtraad.demo.places import PlacePlan

_DAY = dt.timedelta(days=1)
YEAR_DAYS = 365.2425


@dataclass(slots=True, eq=False)
class Spell:
    """Somebody on a place from `start` to `end`, both included, as it would go if nothing were cut off.

    `rate` is kr. a day. `next_is_booked` says that the next stay on the place has been ordered already.
    """

    place: PlacePlan
    number: int
    start: dt.date
    end: dt.date
    rate: Decimal
    next_is_booked: bool = False

    @property
    def profile(self) -> d.Profile:
        """What stays on this place are like."""
        return d.PROFILES[self.place.profile]

    @property
    def happened(self) -> bool:
        """Whether the citizen had moved in by the cut day."""
        return self.start <= d.CUT_DAY

    @property
    def is_open(self) -> bool:
        """Whether the citizen lives there on the cut day, with no end registered."""
        return self.happened and self.end > d.CUT_DAY

    def lives_in(self, year: int) -> bool:
        """Whether any day of the year was actually lived here."""
        return self.happened and self.start.year <= year <= min(self.end, d.CUT_DAY).year

    def birth_window(self) -> tuple[int, int]:
        """The first and last birth day (as ordinals) for which the age fits the place throughout."""
        low, _, high = self.profile.ages
        last = min(self.end, d.HORIZON)
        return (
            math.ceil(last.toordinal() - (high + 1) * YEAR_DAYS) + 1,
            math.floor(self.start.toordinal() - low * YEAR_DAYS) - 1,
        )


def spells(places: Iterable[PlacePlan], seed: int) -> list[Spell]:
    """All stays on the places, by start and place."""
    factors: dict[str, float] = {}
    found: list[Spell] = []
    for place in places:
        if place.unit not in factors:
            factors[place.unit] = stream(seed, "vacancy", place.unit).uniform(*d.VACANCY_FACTOR)
        found += _on_place(place, factors[place.unit], stream(seed, "stays", place.code))
    found.sort(key=lambda spell: (spell.start, spell.place.code))
    return found


def _on_place(place: PlacePlan, factor: float, rng: random.Random) -> list[Spell]:
    profile = d.PROFILES[place.profile]
    base_rate = _base_rate(profile, rng)
    closes = place.end or dt.date.max
    day = place.start
    made: list[Spell] = []
    residual = day == d.WORLD_START and rng.random() >= d.VACANT_AT_START
    if not residual:
        day += _days(rng.expovariate(1 / (profile.vacant_days * factor)))
    while day <= d.HORIZON and (closes - day).days > d.NO_NEW_BEFORE_CLOSING:
        length = _length(profile, rng, residual=residual)
        residual = False
        end = min(day + _days(length - 1), closes - _DAY)
        if day > d.CUT_DAY:
            # Beyond the cut day a place has at most one booking.
            if rng.random() < d.BOOKED_AHEAD_SHARE:
                if made:
                    made[-1].next_is_booked = True
                made.append(Spell(place, len(made) + 1, day, end, _rate(base_rate, day)))
            break
        made.append(Spell(place, len(made) + 1, day, end, _rate(base_rate, day)))
        day = end + _DAY + _days(rng.expovariate(1 / (profile.vacant_days * factor)))
    return made


def _days(amount: float) -> dt.timedelta:
    # Nothing is ever further away than a long life; the bound keeps dates inside the calendar.
    return dt.timedelta(days=min(int(amount), 36_500))


def _length(profile: d.Profile, rng: random.Random, *, residual: bool) -> int:
    """Days of a stay. A stay under way on the first day is met at a random point of a length-biased draw."""
    scale = profile.mean_days / profile.shape
    if residual:
        return max(1, round(rng.gammavariate(profile.shape + 1, scale) * rng.random()))
    return max(2, round(rng.gammavariate(profile.shape, scale)))


def class_rates(rate_class: str) -> list[Decimal]:
    """The published rates a class of places is drawn around, kr. a day.

    Day offers share words with the housing of the same name, so they are told apart by what is paid: a day
    place is below a thousand kroner. Half-time prices are left out, as a place here is a whole one.
    """
    words = d.RATE_CLASSES[rate_class]
    by_day = rate_class in ("dag", "skole")
    return [
        rate.amount
        for rate in facts.published_rates()
        if any(word in rate.service for word in words)
        and "halv tid" not in rate.service
        and ("skole" in rate.service) == (rate_class == "skole")
        and (by_day == (rate.amount < d.DAY_RATE_BELOW))
    ]


def _base_rate(profile: d.Profile, rng: random.Random) -> Decimal:
    published = rng.choice(class_rates(profile.rate_class))
    return published * Decimal(str(round(rng.uniform(1 - d.RATE_SPREAD, 1 + d.RATE_SPREAD), 4)))


def _rate(base: Decimal, start: dt.date) -> Decimal:
    """The rate agreed when the stay was ordered, whole kroner."""
    index = Decimal(str((1 + d.RATE_RISE) ** (start.year - d.RATE_YEAR)))
    return (base * index).quantize(Decimal(1))
