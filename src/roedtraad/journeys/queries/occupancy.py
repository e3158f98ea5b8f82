"""How much of the agreed capacity was used: bed-days over agreed days, by time and by kind."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from roedtraad.core import clock
from roedtraad.core.period import Period, months
from roedtraad.core.shares import percent_of
from roedtraad.journeys.queries.sql import ask, lived_parameters, lived_window, unit_list
from roedtraad.organisation.models.places import Category

Key = tuple[int | None, str, int]


@dataclass(frozen=True)
class Days:
    """Days lived and days agreed: places in the framework agreement × days of the period until today."""

    bed_days: int = 0
    agreed_days: int = 0

    @property
    def percent(self) -> Decimal | None:
        """Bed-days in per cent of agreed days, one decimal; None when nothing was agreed."""
        return percent_of(self.bed_days, self.agreed_days)

    def __add__(self, other: Days) -> Days:
        return Days(self.bed_days + other.bed_days, self.agreed_days + other.agreed_days)


@dataclass(frozen=True)
class TimeDays:
    """The days of one day, month or year (`start` is its first day), round the clock and by day."""

    start: dt.date
    by_category: dict[str, Days] = field(default_factory=dict)

    @property
    def residential(self) -> Days:
        """Round the clock."""
        return self.by_category.get(Category.RESIDENTIAL, Days())

    @property
    def day(self) -> Days:
        """By day."""
        return self.by_category.get(Category.DAY, Days())

    @property
    def total(self) -> Days:
        """Both together."""
        return self.residential + self.day


# Agreed days of the steps of time (a month, a year): each agreement cut to the step and to today.
_AGREED_STEPS = """
    SELECT {unit} AS unit_id, a.category, s.first, sum(a.places * (upper(d.days) - lower(d.days)))::bigint
    FROM organisation_agreedplaces a
    CROSS JOIN (SELECT m::date AS first, (m + interval '1 {step}')::date AS stop
                FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 {step}') m) s
    CROSS JOIN LATERAL (
        SELECT a.valid * daterange(s.first, greatest(s.first, least(s.stop, %(today)s::date + 1))) AS days) d
    WHERE NOT isempty(d.days) AND (%(units)s::bigint[] IS NULL OR a.unit_id = ANY(%(units)s))
    GROUP BY 1, 2, 3
"""

_LIVED_STEPS = """
    SELECT {unit} AS unit_id, category, date_trunc('{step}', month)::date AS first, sum(bed_days)::bigint
    FROM journeys_occupancymonth
    WHERE month >= %(first)s::date AND month < (%(last)s::date + interval '1 {step}')
      AND (%(units)s::bigint[] IS NULL OR unit_id = ANY(%(units)s))
    GROUP BY 1, 2, 3
"""


def yearly(
    years: Iterable[int], by_unit: bool = True, unit_ids: Iterable[int] | None = None
) -> dict[Key, Days]:
    """Occupancy of whole calendar years: {(unit, category, year): Days}; the running year up to today.

    Bed-days are the unit's own (see `last_known_tree` for adding up what lies below), summed from the months.
    With `by_unit=False` the unit is None and everything is added up. Two SQL statements.
    """
    asked = sorted(set(years))
    if not asked:
        return {}
    rows = _steps("year", dt.date(asked[0], 1, 1), dt.date(asked[-1], 1, 1), by_unit, unit_ids)
    return {
        (unit, category, start.year): days
        for (unit, category, start), days in rows.items()
        if start.year in set(asked)
    }


def monthly(unit_ids: Iterable[int] | None, first_month: dt.date, last_month: dt.date) -> list[TimeDays]:
    """Occupancy month by month, from the month of the first date to that of the last. Two SQL statements.

    The running month counts up to today; later months are left out.
    """
    first, last = first_month.replace(day=1), min(last_month, clock.today()).replace(day=1)
    if last < first:
        return []
    rows = _steps("month", first, last, False, unit_ids)
    found: dict[dt.date, dict[str, Days]] = defaultdict(dict)
    for (_unit, category, start), days in rows.items():
        found[start][category] = days
    ends = last + dt.timedelta(days=1)
    return [TimeDays(month.start, found.get(month.start, {})) for month in months(Period(first, ends))]


def _steps(
    step: str, first: dt.date, last: dt.date, by_unit: bool, unit_ids: Iterable[int] | None
) -> dict[tuple[int | None, str, dt.date], Days]:
    asked: dict[str, Any] = {
        "first": first,
        "last": last,
        "today": clock.today(),
        "units": unit_list(unit_ids),
    }
    unit = "{alias}unit_id" if by_unit else "NULL::bigint"
    lived = ask(_LIVED_STEPS.format(step=step, unit=unit.format(alias="")), asked)
    agreed = ask(_AGREED_STEPS.format(step=step, unit=unit.format(alias="a.")), asked)
    agreed_days = {(row[0], row[1], row[2]): int(row[3]) for row in agreed}
    found = {(row[0], row[1], row[2]): int(row[3]) for row in lived}
    return {
        key: Days(found.get(key, 0), agreed_days.get(key, 0)) for key in sorted(found | agreed_days, key=str)
    }


# The days one by one: each piece of lived time or agreement is a step up on its first day and down after its last.
_DAILY = """
    WITH steps AS (
        SELECT lower(d.days) AS at, p.category, 1 AS lived, 0 AS agreed, upper(d.days) AS until
        FROM journeys_staydays s
        JOIN organisation_placeterm t ON t.place_id = s.place_id AND t.valid && s.actual
        JOIN organisation_place p ON p.id = s.place_id
        CROSS JOIN LATERAL (SELECT s.actual * t.valid * %(window)s::daterange AS days) d
        WHERE s.withdrawn_at IS NULL AND s.actual && %(window)s::daterange AND NOT isempty(d.days)
          AND (%(units)s::bigint[] IS NULL OR t.unit_id = ANY(%(units)s))
        UNION ALL
        SELECT lower(d.days), a.category, 0, a.places, upper(d.days)
        FROM organisation_agreedplaces a
        CROSS JOIN LATERAL (SELECT a.valid * %(window)s::daterange AS days) d
        WHERE NOT isempty(d.days) AND (%(units)s::bigint[] IS NULL OR a.unit_id = ANY(%(units)s))
    ), changes AS (
        SELECT at, category, sum(lived) AS lived, sum(agreed) AS agreed FROM (
            SELECT at, category, lived, agreed FROM steps
            UNION ALL SELECT until, category, -lived, -agreed FROM steps
        ) both_ways GROUP BY at, category
    )
    SELECT day::date, c.category,
           (sum(coalesce(x.lived, 0)) OVER w)::int, (sum(coalesce(x.agreed, 0)) OVER w)::int
    FROM generate_series(lower(%(window)s::daterange), upper(%(window)s::daterange) - 1, interval '1 day') day
    CROSS JOIN unnest(ARRAY['residential', 'day']) AS c(category)
    LEFT JOIN changes x ON x.at = day::date AND x.category = c.category
    WINDOW w AS (PARTITION BY c.category ORDER BY day)
    ORDER BY day
"""


def daily(unit_ids: Iterable[int] | None, first: dt.date, last: dt.date) -> list[TimeDays]:
    """Occupancy day by day from the first to the last date, none after today. One SQL statement."""
    if lived_window(first, last) == "empty":
        return []
    found: dict[dt.date, dict[str, Days]] = {}
    for day, category, lived, agreed in ask(_DAILY, lived_parameters(first, last, unit_ids)):
        found.setdefault(day, {})[category] = Days(lived, agreed)
    return [TimeDays(day, by_category) for day, by_category in found.items()]
