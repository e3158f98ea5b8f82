"""The heat map: places down, weeks across, days in use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from roedtraad.core import clock
from roedtraad.journeys.queries.sql import ask, unit_list

DAYS_IN_WEEK = 7
# First day, and first day no longer.
Days = tuple[dt.date, dt.date]

# A row for each term and each stay of its place in the weeks; a term without stays has one row.
_ROWS = """
    SELECT p.id, p.code, p.category, t.unit_id, lower(t.valid * w.days), upper(t.valid * w.days),
           s.id, lower(s.days), upper(s.days), s.moved_in
    FROM (SELECT daterange(%(first)s::date, %(stop)s::date) AS days) w
    JOIN organisation_placeterm t ON t.valid && w.days AND t.unit_id = ANY(%(units)s)
    JOIN organisation_place p ON p.id = t.place_id
    LEFT JOIN LATERAL (
        SELECT id, coalesce(actual, planned) * w.days AS days, actual_start IS NOT NULL AS moved_in
        FROM journeys_staydays
        WHERE place_id = p.id AND withdrawn_at IS NULL AND coalesce(actual, planned) && w.days
    ) s ON true
    ORDER BY p.category DESC, p.code, lower(t.valid)
"""


@dataclass(frozen=True)
class Week:
    """One week of one place: days lived in, days kept for somebody, days on which the place does not exist."""

    lived: int
    reserved: int
    closed: int

    @property
    def used(self) -> int:
        """Days that are not free, 0–7."""
        return self.lived + self.reserved


@dataclass(frozen=True)
class PlaceWeeks:
    """A place and its weeks."""

    place_id: int
    code: str
    category: str
    unit_id: int
    weeks: list[Week]


@dataclass(frozen=True)
class HeatMap:
    """The weeks (their Mondays) and the places that existed in them."""

    mondays: list[dt.date]
    rows: list[PlaceWeeks]


def heatmap(unit_ids: Iterable[int], first_week: dt.date, weeks: int) -> HeatMap:
    """`definitions.HEAT_MAP` from the week of `first_week` on. One SQL statement.

    A place is shown under the last of the given units that it belonged to in the weeks. A stay that has begun
    and not ended keeps the place for the rest of the weeks, whatever was ordered.
    """
    monday = first_week - dt.timedelta(days=first_week.weekday())
    mondays = [monday + dt.timedelta(weeks=number) for number in range(weeks)]
    window = {"first": monday, "stop": monday + dt.timedelta(weeks=weeks), "units": unit_list(unit_ids)}
    about: dict[int, tuple[str, str, int]] = {}
    alive: dict[int, set[Days]] = {}
    lived: dict[int, set[Days]] = {}
    kept: dict[int, set[Days]] = {}
    now = clock.today() + dt.timedelta(days=1)
    for place_id, code, category, unit_id, since, until, stay_id, begun, over, moved_in in ask(_ROWS, window):
        about[place_id] = (code, category, unit_id)
        alive.setdefault(place_id, set()).add((since, until))
        if stay_id is None:
            continue
        if moved_in and begun < now:
            lived.setdefault(place_id, set()).add((begun, min(over, now)))
        if not moved_in or over > now:
            kept.setdefault(place_id, set()).add((max(begun, now) if moved_in else begun, over))
    rows = []
    for place_id, (code, category, unit_id) in about.items():
        cells = []
        for week in mondays:
            living = _days(lived.get(place_id, set()), week)
            exists = _days(alive[place_id], week)
            reserved = min(_days(kept.get(place_id, set()), week), exists - living)
            cells.append(Week(living, max(reserved, 0), DAYS_IN_WEEK - exists))
        rows.append(PlaceWeeks(place_id, code, category, unit_id, cells))
    return HeatMap(mondays, rows)


def _days(pieces: set[Days], monday: dt.date) -> int:
    end = monday + dt.timedelta(days=DAYS_IN_WEEK)
    return sum(max((min(until, end) - max(since, monday)).days, 0) for since, until in pieces)
