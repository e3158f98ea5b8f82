"""Counting absence. Pure: no Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from roedtraad.core.clock import COPENHAGEN

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Spell:
    """Away from one moment until the citizen came back; None while they are still away."""

    from_at: dt.datetime
    back_at: dt.datetime | None = None


def absence_days(spells: Iterable[Spell], first: dt.date, last: dt.date, now: dt.datetime) -> int:
    """How many days from `first` to `last` (both included) the citizen was away, in whole days.

    A day counts when the citizen was away as it ended, at midnight Danish time: away from Friday evening to Sunday
    noon is two days, an afternoon out is none. A day that has not ended by `now` does not count yet. Spells that
    overlap count once. ValueError when `last` comes before `first`.
    """
    if last < first:
        raise ValueError("Den sidste dag ligger før den første.")
    counted: set[dt.date] = set()
    for spell in spells:
        day = max(first, spell.from_at.astimezone(COPENHAGEN).date())
        until = min(spell.back_at or now, now)
        while day <= last and _end_of(day) <= until:
            if _end_of(day) > spell.from_at:
                counted.add(day)
            day += _ONE_DAY
    return len(counted)


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + _ONE_DAY, dt.time(), COPENHAGEN)
