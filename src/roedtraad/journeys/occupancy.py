"""Bed-days per unit and month, summed from the stays (`OccupancyMonth`).

A bed-day is a day on which a citizen actually lived on a place: stay.actual, cut to the place's term, so that it
belongs to the unit the place had on that day. Withdrawn stays do not count. The running month counts up to and
including today, so an open stay never counts days that have not been.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.journeys.models import OccupancyMonth
from roedtraad.journeys.queries.sql import compose, unit_list

# The recount. Used here to fill the table and by the nightly check to doubt it.
COUNTED = """
    SELECT unit_id, category, m::date AS month,
           sum(least(until, (m + interval '1 month')::date) - greatest(since, m::date))::int AS bed_days
    FROM (
        SELECT t.unit_id, p.category, lower(d.days) AS since, upper(d.days) AS until
        FROM journeys_staydays s
        JOIN organisation_placeterm t ON t.place_id = s.place_id AND t.valid && s.actual
        JOIN organisation_place p ON p.id = s.place_id
        CROSS JOIN LATERAL (SELECT s.actual * t.valid * {window} AS days) d
        WHERE s.withdrawn_at IS NULL AND s.actual && {window} AND NOT isempty(d.days) AND {units}
    ) lived
    CROSS JOIN LATERAL generate_series(
        date_trunc('month', since::timestamp), (until - 1)::timestamp, interval '1 month') m
    GROUP BY unit_id, category, m
"""

_REFRESH = compose(
    """
    WITH counted AS (
        {counted}
    ), removed AS (
        DELETE FROM journeys_occupancymonth o
        WHERE o.month <@ %(span)s::daterange AND (%(units)s::bigint[] IS NULL OR o.unit_id = ANY(%(units)s))
          AND NOT EXISTS (
            SELECT 1 FROM counted c WHERE (c.unit_id, c.category, c.month) = (o.unit_id, o.category, o.month))
        RETURNING 1
    ), written AS (
        INSERT INTO journeys_occupancymonth AS o (unit_id, category, month, bed_days)
        SELECT unit_id, category, month, bed_days FROM counted
        ON CONFLICT (unit_id, category, month) DO UPDATE SET bed_days = excluded.bed_days
            WHERE o.bed_days <> excluded.bed_days
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM written)
    """,
    counted=compose(
        COUNTED,
        window="%(window)s::daterange",
        units="(%(units)s::bigint[] IS NULL OR t.unit_id = ANY(%(units)s))",
    ),
)

# First half of the advisory locks' key; the second is the unit, or 0 for all units.
_LOCK = 7_104_021


def refresh(
    unit_ids: Iterable[int] | None = None, first: dt.date | None = None, last: dt.date | None = None
) -> int:
    """Count the bed-days again, for the units (all) and the months from that of `first` to that of `last` (all).

    Returns the number of rows written or removed; rows that were right are left alone. Two transactions that
    change stays of the same unit wait for each other here, so that neither overlooks the other's change.
    """
    units = unit_list(unit_ids)
    if units == []:
        return 0
    start = None if first is None else first.replace(day=1)
    end = None if last is None else Period.month(last.year, last.month).end
    today_over = clock.today() + dt.timedelta(days=1)
    parameters: dict[str, Any] = {
        "units": units,
        "span": _range(start, end),
        "window": _range(start, today_over if end is None else min(end, today_over)),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        _wait_for_turn(cursor, units)
        cursor.execute(_REFRESH, parameters)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def catch_up() -> int:
    """Count what time has changed since the last count: open stays grow by a day each day.

    From the latest month counted (or the running one, when the clock was set back) and on. Returns the number
    of rows written or removed. Run when the system starts and every hour.
    """
    latest = OccupancyMonth.objects.aggregate(month=Max("month"))["month"]
    if latest is None:
        return 0
    before = min(latest, clock.today().replace(day=1)) - dt.timedelta(days=1)
    return refresh(first=before)


def _range(start: dt.date | None, end: dt.date | None) -> str:
    if start is not None and end is not None and end <= start:
        return "empty"
    return f"[{start or ''},{end or ''})"


def _wait_for_turn(cursor: Any, units: list[int] | None) -> None:
    if units is None:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_LOCK])
        return
    # In the order of the list: two transactions never wait for each other crosswise.
    cursor.execute(
        "SELECT pg_advisory_xact_lock_shared(%s, 0), "
        "(SELECT count(pg_advisory_xact_lock(%s, (u %% 2147483647)::int)) FROM unnest(%s::bigint[]) u)",
        [_LOCK, _LOCK, units],
    )
