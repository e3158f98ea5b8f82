"""The risk of the day as it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

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
    moment = at or clock.now()
    path = [] if unit_id is None else [node.id for node in (tree or tree_of()).path(unit_id)]
    scales = RiskScale.objects.filter(
        Q(unit__in=path) | Q(unit__isnull=True), valid__contains=moment
    ).prefetch_related("levels", "items")
    depth = {known: number for number, known in enumerate(path)}
    return max(scales, key=lambda scale: depth.get(scale.unit_id or 0, -1), default=None)


def _now(row: RiskReading, moment: dt.datetime) -> RiskNow:
    stale = rules.is_stale(row.set_at, moment, row.level.scale.stale_after_hours)
    words = rules.reading_words(row.level.name, str(row.set_by), row.set_at, moment, stale=stale)
    return RiskNow(row, stale, words)
