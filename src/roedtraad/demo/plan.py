"""The whole synthetic world as plain rows, without a database. Pure: the same seed gives the same rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from roedtraad.demo import chains as chaining
from roedtraad.demo import distributions as d
from roedtraad.demo import facts, notable, people, places, staff, stays
from roedtraad.demo.names import CprSeries
from roedtraad.demo.operators import Operator, Scale, UnitPlan, operators
from roedtraad.demo.places import AgreedPlan, PlacePlan

SEED = 2026
# Counted up when a change here gives another world, so that an old database is recognised as such.
VERSION = 3


@dataclass(frozen=True)
class OperatorPlan:
    """Everything of one operator. `old_places` and their agreements have neither stays nor staff."""

    key: str
    units: tuple[UnitPlan, ...]
    places: list[PlacePlan]
    agreements: list[AgreedPlan]
    citizens: list[people.CitizenPlan]
    positions: list[staff.PositionPlan]


def plan(scale: Scale, seed: int = SEED, series: CprSeries | None = None) -> Iterator[OperatorPlan]:
    """The operators' rows one after another, so that a large world never lies in memory whole.

    `series` gives the CPR numbers and tells afterwards how many citizens have none.
    """
    series = series or CprSeries()
    for operator in operators(scale):
        yield _operator(operator, seed, series)


def _operator(operator: Operator, seed: int, series: CprSeries) -> OperatorPlan:
    present = places.present_places(operator)
    chains = chaining.chains(stays.spells(present, seed), seed)
    if operator.fitted:
        for category in (d.RESIDENTIAL, d.DAY):
            chains = chaining.fit(chains, category, *facts.unique_citizens(category))
    # The offers of 2013 are in the documents once; a copy of the region has no past of its own.
    old = [] if operator.key else places.old_places()
    market = people.Market(operator.buyers)
    citizens = list(people.citizens(people.courses(chains, seed), market, series, seed))
    if not operator.key:
        citizens = notable.shaped(citizens, {place.code: place for place in present}, series)
    return OperatorPlan(
        key=operator.key,
        units=operator.units,
        places=old + present,
        agreements=(places.agreements(old) if old else []) + places.agreements(present),
        citizens=citizens,
        positions=staff.positions(operator, present, seed),
    )


def digest(parts: Iterator[OperatorPlan]) -> str:
    """A fingerprint of the rows: equal when, and only when, two worlds are alike."""
    total = hashlib.sha256()
    for part in parts:
        for rows in (part.units, part.places, part.agreements, part.citizens, part.positions):
            for row in rows:
                total.update(repr(row).encode())
    return total.hexdigest()
