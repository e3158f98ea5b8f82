"""Places that are free, or soon will be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from roedtraad.journeys.queries.sql import ask, unit_list
from roedtraad.organisation.models.places import AgeGroup, Category, TargetGroup

WEEKS_AHEAD = 12

# The place's life from the day on, less all that is booked or lived. An overdue stay holds the place until the
# citizen has moved; its ordered days are over, so it is held without an end.
_FREE = """
    WITH life AS (
        SELECT place_id, range_agg(valid) * datemultirange(daterange(%(day)s::date, NULL)) AS days
        FROM organisation_placeterm
        WHERE upper_inf(valid) OR upper(valid) > %(day)s::date
        GROUP BY place_id
    ), held AS (
        SELECT place_id, range_agg(
            CASE WHEN actual_start IS NOT NULL AND actual_end IS NULL AND ordered_end < %(day)s::date THEN actual
                 ELSE planned END) AS days
        FROM journeys_staydays
        WHERE withdrawn_at IS NULL
          AND (actual_end IS NULL OR actual_end >= %(day)s::date)
        GROUP BY place_id
    ), open_days AS (
        SELECT life.place_id, life.days - coalesce(held.days, '{}'::datemultirange) AS days
        FROM life LEFT JOIN held ON held.place_id = life.place_id
    ), first_gap AS (
        SELECT o.place_id, g.gap FROM open_days o
        CROSS JOIN LATERAL (SELECT gap FROM unnest(o.days) gap ORDER BY lower(gap) LIMIT 1) g
        WHERE NOT isempty(o.days) AND lower(g.gap) <= %(until)s::date
    )
    SELECT p.id, p.code, p.category, t.unit_id, b.law || ' ' || b.paragraph, t.target_group, t.age_group,
           lower(f.gap), upper(f.gap) - 1
    FROM first_gap f
    JOIN organisation_place p ON p.id = f.place_id
    JOIN organisation_placeterm t ON t.place_id = f.place_id AND t.valid @> lower(f.gap)
    JOIN organisation_legalbasis b ON b.id = t.legal_basis_id
    WHERE (%(units)s::bigint[] IS NULL OR t.unit_id = ANY(%(units)s))
      AND (%(category)s::text IS NULL OR p.category = %(category)s)
      AND (%(paragraph)s::text IS NULL OR b.code = %(paragraph)s)
      AND (%(target_group)s::text IS NULL OR t.target_group = %(target_group)s)
      AND (%(age_group)s::text IS NULL OR t.age_group = %(age_group)s)
    ORDER BY lower(f.gap), p.code
"""


@dataclass(frozen=True)
class FreePlace:
    """A place that is free from a day, until and including another (None: as far as is known), and whom it suits."""

    place_id: int
    code: str
    category: str
    unit_id: int
    paragraph: str
    target_group: str
    age_group: str
    free_from: dt.date
    free_until: dt.date | None

    @property
    def facts(self) -> list[str]:
        """What must match a citizen, in words: category, paragraph, target group, age group."""
        return [
            str(Category(self.category).label),
            self.paragraph,
            str(TargetGroup(self.target_group).label),
            str(AgeGroup(self.age_group).label),
        ]


def free_places(
    as_of: dt.date,
    until: dt.date | None = None,
    *,
    unit_ids: Iterable[int] | None = None,
    category: str | None = None,
    paragraph: str | None = None,
    target_group: str | None = None,
    age_group: str | None = None,
) -> list[FreePlace]:
    """`definitions.COMING_FREE`: places free on `as_of` or at the latest on `until` (twelve weeks on). One SQL.

    For each place the first gap is given, soonest first; `paragraph` is the legal basis' code.
    """
    asked = {
        "day": as_of,
        "until": until or as_of + dt.timedelta(weeks=WEEKS_AHEAD),
        "units": unit_list(unit_ids),
        "category": category or None,
        "paragraph": paragraph or None,
        "target_group": target_group or None,
        "age_group": age_group or None,
    }
    return [FreePlace(*row) for row in ask(_FREE, asked)]
