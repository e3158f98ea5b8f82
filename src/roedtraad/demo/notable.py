"""The persons of the demo that somebody will look for, and what is made of them. Pure.

Who they are follows from the stays alone, so that the rows stay the same for the same seed: the citizen behind each
login, two with the same name and birthday, one with a long history, one who has died, one with a protected address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from roedtraad.demo import distributions as d
from roedtraad.demo.names import CprSeries
from roedtraad.demo.people import CitizenPlan, StayPlan
from roedtraad.demo.places import PlacePlan
from roedtraad.demo.stays import YEAR_DAYS

# Where the support worker of the demo works, with the citizen who has a login; and where the relative's child lives.
WORKPLACE, RELATIVES_OFFER = "tangkaer", "holmstrupgaard"


@dataclass(frozen=True)
class Notable:
    """Who they are, by their keys."""

    own: UUID
    relatives: UUID
    long_history: UUID
    namesakes: tuple[UUID, UUID]
    address_protected: UUID
    died: UUID


def lives_there(stay: StayPlan, prefix: str) -> bool:
    """Whether the stay is round the clock on a place of the unit, and still going on at the cut day."""
    return stay.place.startswith(f"{prefix}-d") and stay.actual_start is not None and stay.actual_end is None


def long_resident(citizens: Sequence[CitizenPlan], unit: str) -> CitizenPlan:
    """The first with a number who has lived in the unit for a year or more. StopIteration when there is none."""
    since = d.CUT_DAY - dt.timedelta(days=365)
    return next(
        citizen
        for citizen in citizens
        if citizen.cpr is not None
        and any(
            lives_there(stay, unit) and stay.actual_start is not None and stay.actual_start < since
            for stay in citizen.stays
        )
    )


def notable(citizens: Sequence[CitizenPlan], places: Mapping[str, PlacePlan]) -> Notable:
    """Find them among the region's citizens, before or after they are shaped."""
    own = long_resident(citizens, WORKPLACE)
    at_work = [
        c
        for c in citizens
        if c is not own and c.cpr is not None and any(lives_there(s, WORKPLACE) for s in c.stays)
    ]
    longest = next(
        c
        for c in at_work
        if any(lives_there(s, WORKPLACE) and s.actual_start == d.WORLD_START for s in c.stays)
    )
    others = [c for c in at_work if c is not longest]
    one, other = next(_namesakes(others, places))
    protected = next(c for c in others if c not in (one, other))
    return Notable(
        own.key,
        long_resident(citizens, RELATIVES_OFFER).key,
        longest.key,
        (one.key, other.key),
        protected.key,
        _died(citizens).key,
    )


def shaped(
    citizens: Sequence[CitizenPlan], places: Mapping[str, PlacePlan], series: CprSeries
) -> list[CitizenPlan]:
    """The citizens with the namesakes given one name and birthday, each a number of their own."""
    found = notable(citizens, places)
    first = next(c for c in citizens if c.key == found.namesakes[0])
    changes: dict[UUID, dict[str, Any]] = {
        found.namesakes[1]: {
            "first_name": first.first_name,
            "last_name": first.last_name,
            "birth_date": first.birth_date,
            "cpr": series.take(first.birth_date, male=_is_male(first)),
        },
        found.address_protected: {"address_protected": True},
    }
    return [replace(citizen, **changes.get(citizen.key, {})) for citizen in citizens]


def _is_male(citizen: CitizenPlan) -> bool:
    return citizen.cpr is not None and int(citizen.cpr[-1]) % 2 == 1


def _namesakes(
    citizens: Sequence[CitizenPlan], places: Mapping[str, PlacePlan]
) -> Iterator[tuple[CitizenPlan, CitizenPlan]]:
    """Pairs of the same sex of which the second could have the first's birthday at every stay."""
    for i, one in enumerate(citizens):
        for other in citizens[i + 1 :]:
            if _is_male(one) == _is_male(other) and _fits(one.birth_date, other, places):
                yield one, other


def _fits(birth: dt.date, citizen: CitizenPlan, places: Mapping[str, PlacePlan]) -> bool:
    known = min(relation.start for relation in citizen.relations)
    return birth <= known and all(_fits_stay(birth, stay, places[stay.place]) for stay in citizen.stays)


def _fits_stay(birth: dt.date, stay: StayPlan, place: PlacePlan) -> bool:
    low, _, high = d.PROFILES[place.profile].ages
    first, last = stay.actual_start or stay.ordered_start, stay.actual_end or d.HORIZON
    youngest, oldest = (first - birth).days / YEAR_DAYS, (last - birth).days / YEAR_DAYS
    return youngest > low and oldest < high


def _died(citizens: Sequence[CitizenPlan]) -> CitizenPlan:
    """The eldest of those whose last stay at the workplace ended within the year."""
    since = d.CUT_DAY - dt.timedelta(days=365)
    gone = [
        c
        for c in citizens
        if (last := max(c.stays, key=lambda s: s.actual_start or s.ordered_start)).actual_end is not None
        and last.place.startswith(f"{WORKPLACE}-d")
        and last.actual_end >= since
        and all(stay.actual_end is not None for stay in c.stays)
    ]
    return min(gone, key=lambda c: (c.birth_date, str(c.key)))
