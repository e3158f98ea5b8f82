"""What has come of the goals of a year, where the citizens lived. Figures: no texts, and nobody's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from roedtraad.core import clock
from roedtraad.practice.rules.goals import GoalKind, Outcome, Rater, Rating, outcome

# A goal in each of the years it ran in, on the last day of the year that it ran and the citizen lived with us;
# in the unit of that day, round the clock before by day. See docs/decisions/0016-goal-outcomes.md.
_FACTS = """
    WITH ran AS (
        SELECT g.id, g.citizen_id, g.kind, y.year, greatest(g.starts_on, y.first) AS first,
               least(coalesce(g.closed_on, y.last), y.last) AS last
        FROM practice_goalfacts g
        JOIN (
            SELECT year, make_date(year, 1, 1) AS first, least(make_date(year, 12, 31), %(today)s::date) AS last
            FROM unnest(%(years)s::int[]) AS year
        ) y ON g.starts_on <= y.last AND (g.closed_on IS NULL OR g.closed_on >= y.first)
    )
    SELECT ran.id, ran.year, ran.citizen_id, ran.kind, home.unit_id, home.day, rated.days, rated.levels, rated.raters
    FROM ran
    CROSS JOIN LATERAL (
        SELECT t.unit_id, (upper(d.days) - 1) AS day
        FROM journeys_staydays s
        JOIN organisation_placeterm t ON t.place_id = s.place_id AND t.valid && s.actual
        JOIN organisation_place p ON p.id = s.place_id
        CROSS JOIN LATERAL (SELECT s.actual * t.valid * daterange(ran.first, ran.last, '[]') AS days) d
        WHERE s.citizen_id = ran.citizen_id AND s.withdrawn_at IS NULL AND NOT isempty(d.days)
        ORDER BY upper(d.days) DESC, p.category DESC, s.id LIMIT 1
    ) home
    CROSS JOIN LATERAL (
        SELECT array_agg(r.day ORDER BY r.rated_at, r.id) AS days,
               array_agg(r.level ORDER BY r.rated_at, r.id) AS levels,
               array_agg(r.rater ORDER BY r.rated_at, r.id) AS raters
        FROM (
            SELECT id, level, rater, rated_at, (rated_at AT TIME ZONE 'Europe/Copenhagen')::date AS day
            FROM practice_ratingfacts WHERE goal_id = ran.id
        ) r WHERE r.day <= home.day
    ) rated
    WHERE %(units)s::bigint[] IS NULL OR home.unit_id = ANY(%(units)s::bigint[])
    ORDER BY ran.year, ran.id
"""


@dataclass(frozen=True, slots=True)
class GoalFact:
    """What had come of a goal in a year: by number, whose it is and where they lived, on the day it is reckoned."""

    goal_id: int
    year: int
    citizen_id: int
    kind: GoalKind
    unit_id: int
    day: dt.date
    outcome: Outcome


def goal_facts(years: Sequence[int], unit_ids: Collection[int] | None = None) -> list[GoalFact]:
    """The goals that ran in each of the years (in the units, or in all), and what had come of each. One SQL statement.

    A goal counts once a year; in a running year it is reckoned today. Those nobody has rated are `not_rated`.
    """
    asked: dict[str, Any] = {
        "years": list(years),
        "today": clock.today(),
        "units": None if unit_ids is None else list(unit_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, asked)
        return [
            GoalFact(
                goal_id,
                year,
                citizen_id,
                GoalKind(kind),
                unit_id,
                day,
                outcome(GoalKind(kind), _ratings(days, levels, raters), None),
            )
            for goal_id, year, citizen_id, kind, unit_id, day, days, levels, raters in cursor.fetchall()
        ]


def _ratings(days: list[dt.date] | None, levels: list[int] | None, raters: list[str] | None) -> list[Rating]:
    rows = zip(days or (), levels or (), raters or (), strict=True)
    return [Rating(day, level, Rater(rater)) for day, level, rater in rows]
