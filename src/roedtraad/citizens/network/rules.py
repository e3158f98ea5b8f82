"""The network map as geometry and figures: five sectors around the citizen, five rings, the first the closest. Pure.

A place on the map is an angle in degrees, clockwise from the top, and a distance from 0 (by the citizen) to 1 (the
rim). Sector and ring follow from it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from roedtraad.core.refusal import Refusal

SECTORS = ("family_friends", "education_work", "leisure", "home", "other")
TIERS = ("primary", "secondary", "tertiary")
RINGS = 5
WIDTH = 360 / len(SECTORS)
# The citizen takes up this much of the way to the rim.
CORE = 0.14
# Two marks lie apart when there is this much between them, the rim being 1 away from the middle.
APART = 0.08
_EDGE = 5.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map."""

    angle: float
    distance: float

    @property
    def ring(self) -> int:
        """1 (closest) to 5."""
        return min(int(self.distance * RINGS) + 1, RINGS)

    @property
    def sector(self) -> str:
        """The sector the angle points into."""
        return SECTORS[min(int(self.angle // WIDTH), len(SECTORS) - 1)]

    @property
    def xy(self) -> tuple[float, float]:
        """Right and down of the middle; the rim is 1 away."""
        far = CORE + self.distance * (1 - CORE)
        turned = math.radians(self.angle)
        return far * math.sin(turned), -far * math.cos(turned)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on a map, by the key they keep from map to map."""

    key: UUID
    name: str
    spot: Spot
    tier: str


def held(angle: float, distance: float) -> Spot:
    """The nearest place there is: the angle turned into [0, 360), the distance kept within [0, 1], both rounded.

    Refusal for what is no number.
    """
    if not (math.isfinite(angle) and math.isfinite(distance)):
        raise Refusal("Pladsen på kortet kan ikke læses. Flyt personen igen.")
    turned = round(angle % 360, 1)
    return Spot(min(turned, 359.9), round(min(max(distance, 0.0), 1.0), 3))


def ring_start(ring: int) -> float:
    """The distance at which a ring begins."""
    return (ring - 1) / RINGS


def gap(one: Spot, other: Spot) -> float:
    """How far two places are from each other, the rim being 1 away from the middle."""
    return math.dist(one.xy, other.xy)


def free_spot(sector: str, ring: int, taken: Iterable[Spot]) -> Spot:
    """The place in a sector's ring that is farthest from everybody there is, nearest the middle of it when all is free.

    Refusal for a sector or a ring that there is not.
    """
    if sector not in SECTORS:
        raise Refusal("Vælg et felt på kortet.", "sector")
    if not 1 <= ring <= RINGS:
        raise Refusal("Vælg, hvor tæt personen er på, fra 1 til 5.", "ring")
    first = SECTORS.index(sector) * WIDTH
    begin, deep = ring_start(ring), 1 / RINGS
    middle = Spot(round(first + WIDTH / 2, 1), round(begin + deep / 2, 3))
    around = [first + _EDGE + step * (WIDTH - 2 * _EDGE) / 24 for step in range(25)]
    outward = [begin + deep * share for share in (0.15, 0.325, 0.5, 0.675, 0.85)]
    places = [Spot(round(angle, 1), round(distance, 3)) for angle in around for distance in outward]
    others = list(taken)

    def room(spot: Spot) -> tuple[float, float]:
        # Room enough is enough: beyond it, the middle of the cell is the better place.
        nearest = min((gap(spot, other) for other in others), default=1.0)
        return min(nearest, 2 * APART), -gap(spot, middle)

    return max([middle, *places], key=room)


def spread(cells: Sequence[tuple[str, int]]) -> list[Spot]:
    """A place for each of these (sector, ring), in the same order, apart from each other as far as there is room."""
    placed: list[Spot] = []
    for sector, ring in cells:
        placed.append(free_spot(sector, ring, placed))
    return placed


@dataclass(frozen=True, slots=True)
class Figures:
    """The index numbers of a map. `mean_ring` is from 1 (all are close) to 5; None when nobody is there."""

    count: int
    by_ring: Mapping[int, int]
    by_tier: Mapping[str, int]
    by_sector: Mapping[str, int]
    mean_ring: float | None

    @property
    def close(self) -> int:
        """How many are in the two inner rings."""
        return self.by_ring[1] + self.by_ring[2]


def figures(entries: Sequence[Entry]) -> Figures:
    """Count a map's people by ring, tier and sector; every ring, tier and sector has a number, also when it is 0."""
    rings = Counter(entry.spot.ring for entry in entries)
    tiers = Counter(entry.tier for entry in entries)
    sectors = Counter(entry.spot.sector for entry in entries)
    return Figures(
        count=len(entries),
        by_ring={ring: rings[ring] for ring in range(1, RINGS + 1)},
        by_tier={tier: tiers[tier] for tier in TIERS},
        by_sector={sector: sectors[sector] for sector in SECTORS},
        mean_ring=sum(entry.spot.ring for entry in entries) / len(entries) if entries else None,
    )


class Change(StrEnum):
    """What happened to somebody between two maps."""

    CLOSER = "closer"
    FARTHER = "farther"
    NEW = "new"
    GONE = "gone"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody on one map or both; `entry` is as they were last seen."""

    change: Change
    entry: Entry
    before: Entry | None
    after: Entry | None

    @property
    def other_sector(self) -> bool:
        """Whether they stand in another sector than before."""
        return bool(self.before and self.after and self.before.spot.sector != self.after.spot.sector)


def compare(before: Sequence[Entry], after: Sequence[Entry]) -> list[Move]:
    """What became of each: those of the later map in its order, then those who are no longer there.

    Closer and farther are counted in rings: a step within the ring is the hand's, not the friendship's.
    """
    earlier = {entry.key: entry for entry in before}
    moves = [_move(earlier.pop(entry.key, None), entry) for entry in after]
    return moves + [Move(Change.GONE, entry, entry, None) for entry in earlier.values()]


def _move(before: Entry | None, after: Entry) -> Move:
    if before is None:
        return Move(Change.NEW, after, None, after)
    rings = after.spot.ring - before.spot.ring
    change = Change.CLOSER if rings < 0 else Change.FARTHER if rings > 0 else Change.SAME
    return Move(change, after, before, after)
