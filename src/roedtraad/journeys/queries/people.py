"""How many citizens, and how they come and go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from roedtraad.core import clock
from roedtraad.journeys.queries.sql import PIECES, ask, compose, lived_parameters, unit_list

_UNIQUE = compose(
    "SELECT count(DISTINCT citizen_id) FROM ({pieces}) x WHERE category = %(category)s", pieces=PIECES
)


def unique_citizens(
    first: dt.date, last: dt.date, category: str, unit_ids: Iterable[int] | None = None
) -> int:
    """`definitions.UNIQUE_CITIZENS`: different citizens with at least one actual day in the period. One SQL."""
    asked = {**lived_parameters(first, last, unit_ids), "category": category}
    return int(ask(_UNIQUE, asked)[0][0])


@dataclass(frozen=True)
class StayTurnover:
    """Stays begun and ended in a period, and the mean length in days of those ended (None when none ended)."""

    begun: int
    ended: int
    mean_days: Decimal | None


_TURNOVER = """
    SELECT count(*) FILTER (WHERE s.actual_start BETWEEN %(first)s AND %(last)s AND begin.unit_id IS NOT NULL),
           count(*) FILTER (WHERE s.actual_end BETWEEN %(first)s AND %(last)s AND finish.unit_id IS NOT NULL),
           avg(s.actual_end - s.actual_start + 1)
               FILTER (WHERE s.actual_end BETWEEN %(first)s AND %(last)s AND finish.unit_id IS NOT NULL)
    FROM journeys_staydays s
    JOIN organisation_place p ON p.id = s.place_id
    LEFT JOIN organisation_placeterm begin ON begin.place_id = s.place_id AND begin.valid @> s.actual_start
         AND (%(units)s::bigint[] IS NULL OR begin.unit_id = ANY(%(units)s))
    LEFT JOIN organisation_placeterm finish ON finish.place_id = s.place_id AND finish.valid @> s.actual_end
         AND (%(units)s::bigint[] IS NULL OR finish.unit_id = ANY(%(units)s))
    WHERE s.withdrawn_at IS NULL AND (%(category)s::text IS NULL OR p.category = %(category)s)
      AND s.actual && daterange(%(first)s::date, %(last)s::date, '[]')
"""


def stay_turnover(
    first: dt.date, last: dt.date, category: str | None = None, unit_ids: Iterable[int] | None = None
) -> StayTurnover:
    """`definitions.STAY_TURNOVER`: who came, who left and how long those had stayed; none after today. One SQL.

    A stay belongs to the unit its place had on the day it began or ended.
    """
    until = min(last, clock.today())
    if until < first:
        return StayTurnover(0, 0, None)
    asked = {"first": first, "last": until, "category": category, "units": unit_list(unit_ids)}
    begun, ended, mean = ask(_TURNOVER, asked)[0]
    shown = None if mean is None else Decimal(mean).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return StayTurnover(begun, ended, shown)
