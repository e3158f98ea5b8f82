"""What the questions share: asking, the window of days, and the pieces of lived time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection

from roedtraad.core import clock

# One row for each stay and each term of its place that the citizen lived through within the window.
PIECES = """
    SELECT t.unit_id, p.category, t.legal_basis_id, t.age_group, t.target_group, s.citizen_id,
           s.paying_municipality_id, s.agreed_day_rate, d.days, upper(d.days) - lower(d.days) AS bed_days
    FROM journeys_staydays s
    JOIN organisation_placeterm t ON t.place_id = s.place_id AND t.valid && s.actual
    JOIN organisation_place p ON p.id = s.place_id
    CROSS JOIN LATERAL (SELECT s.actual * t.valid * %(window)s::daterange AS days) d
    WHERE s.withdrawn_at IS NULL AND s.actual && %(window)s::daterange AND NOT isempty(d.days)
      AND (%(units)s::bigint[] IS NULL OR t.unit_id = ANY(%(units)s))
"""


def compose(sql: str, **fragments: str) -> str:
    """A statement put together from constant fragments at {their names}. Never for values: those are parameters."""
    return sql.format(**fragments)


def ask(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def unit_list(unit_ids: Iterable[int] | None) -> list[int] | None:
    """The units as an array parameter; None asks for all."""
    return None if unit_ids is None else sorted(set(unit_ids))


def lived_window(first: dt.date, last: dt.date) -> str:
    """The days from `first` to `last`, both included, but none after today: nobody has lived those yet."""
    until = min(last, clock.today())
    return "empty" if until < first else f"[{first.isoformat()},{until.isoformat()}]"


def lived_parameters(first: dt.date, last: dt.date, unit_ids: Iterable[int] | None) -> dict[str, Any]:
    """The parameters `PIECES` takes."""
    return {"window": lived_window(first, last), "units": unit_list(unit_ids)}
