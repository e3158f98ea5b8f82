"""The risk of the day as it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from roedtraad.core import clock
from roedtraad.duty.models import RiskLevel, RiskReading, RiskScale
from roedtraad.duty.rules import risk as rules
from roedtraad.organisation.tree import Tree
from roedtraad.organisation.tree import tree as tree_of


@dataclass(frozen=True)
class RiskNow:
    """A citizen's latest reading and what it is worth now."""

    reading: RiskReading
    stale: bool
    words: str

    @property
    def level(self) -> RiskLevel:
        """The level it was set to."""
        return self.reading.level

    @property
    def tone(self) -> str:
        """The state it is shown in: nothing is known from what is too old."""
        return "none" if self.stale else self.level.tone


def risk_now(citizen_ids: Collection[int], now: dt.datetime | None = None) -> dict[int, RiskNow]:
    """The latest reading of each of the citizens, by number; without those who have none. One SQL statement.

    Whose readings may be shown is the caller's to know; the database shows no more than the record.
    """
    moment = now or clock.now()
    rows = (
        RiskReading.objects.filter(citizen__in=citizen_ids, set_at__lte=moment)
        .select_related("level__scale", "set_by")
        .order_by("citizen", "-set_at", "-id")
        .distinct("citizen")
    )
    return {row.citizen_id: _now(row, moment) for row in rows}


def readings_of(citizen_id: int, limit: int = 20) -> list[RiskReading]:
    """The citizen's latest readings, newest first. One SQL statement."""
    rows = RiskReading.objects.filter(citizen=citizen_id).select_related("level__scale", "set_by")
    return list(rows.order_by("-set_at", "-id")[:limit])


def scale_for(
    unit_id: int | None, at: dt.datetime | None = None, tree: Tree | None = None
) -> RiskScale | None:
    """The scale in force in the unit: its own, the nearest above it, or the one for everybody. At most two SQL.

    Its levels and items come with it (two more statements when they are read).
    """
    path = [] if unit_id is None else [node.id for node in (tree or tree_of()).path(unit_id)]
    return _nearest(_in_force(path, at or clock.now()).prefetch_related("items"), path)


def scales_for(unit_ids: Collection[int], at: dt.datetime, tree: Tree) -> dict[int, RiskScale]:
    """The scale in force in each of the units, with its levels; without those that have none. Two SQL statements."""
    paths = {unit_id: [node.id for node in tree.path(unit_id)] for unit_id in unit_ids}
    scales = list(_in_force({step for path in paths.values() for step in path}, at))
    found = {unit_id: _nearest(scales, path) for unit_id, path in paths.items()}
    return {unit_id: scale for unit_id, scale in found.items() if scale is not None}


def _in_force(unit_ids: Collection[int], at: dt.datetime) -> QuerySet[RiskScale]:
    """The scales of the units and the one for everybody, with their levels."""
    scales = RiskScale.objects.filter(Q(unit__in=unit_ids) | Q(unit__isnull=True), valid__contains=at)
    return scales.prefetch_related("levels")


def _nearest(scales: Iterable[RiskScale], path: Sequence[int]) -> RiskScale | None:
    """Of the scales on a path of units the one furthest down; the one for everybody counts least."""
    depth = {known: number for number, known in enumerate(path)}
    on_it = (scale for scale in scales if scale.unit_id is None or scale.unit_id in depth)
    return max(on_it, key=lambda scale: depth.get(scale.unit_id or 0, -1), default=None)


def _now(row: RiskReading, moment: dt.datetime) -> RiskNow:
    stale = rules.is_stale(row.set_at, moment, row.level.scale.stale_after_hours)
    words = rules.reading_words(row.level.name, str(row.set_by), row.set_at, moment, stale=stale)
    return RiskNow(row, stale, words)
