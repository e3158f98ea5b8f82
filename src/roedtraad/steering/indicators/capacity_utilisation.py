"""Kapacitetsudnyttelse: bed-days used over agreed places × days, round the clock and by day together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roedtraad.core import clock
from roedtraad.core.danish import short_day
from roedtraad.core.suppress import THRESHOLD
from roedtraad.journeys.models import Stay
from roedtraad.journeys.queries.occupancy import yearly
from roedtraad.steering.indicators.base import Own, Query, Row, register

# Who lived in a unit in a year: the stay's actual days, cut to the place's term, as bed-days are counted.
_PERSONS = """
    SELECT unit_id, year, count(DISTINCT citizen_id),
           CASE WHEN count(DISTINCT citizen_id) < %(few)s THEN array_agg(DISTINCT citizen_id) END
    FROM (
        SELECT t.unit_id, s.citizen_id,
               generate_series(extract(year FROM lower(d.days))::int,
                               extract(year FROM upper(d.days) - 1)::int) AS year
        FROM journeys_staydays s
        JOIN organisation_placeterm t ON t.place_id = s.place_id AND t.valid && s.actual
        CROSS JOIN LATERAL (SELECT s.actual * t.valid * %(window)s::daterange AS days) d
        WHERE s.withdrawn_at IS NULL AND s.actual && %(window)s::daterange AND NOT isempty(d.days)
    ) lived
    GROUP BY unit_id, year
"""

_PLACES = """
    SELECT p.id, p.code, p.category, sum(upper(h.days) - lower(h.days))::int,
           coalesce(sum(l.bed_days), 0)::int
    FROM organisation_placeterm t
    JOIN organisation_place p ON p.id = t.place_id
    CROSS JOIN LATERAL (SELECT t.valid * %(window)s::daterange AS days) h
    LEFT JOIN LATERAL (
        SELECT sum(upper(s.actual * h.days) - lower(s.actual * h.days)) AS bed_days
        FROM journeys_staydays s
        WHERE s.place_id = p.id AND s.withdrawn_at IS NULL AND s.actual && h.days
    ) l ON true
    WHERE t.unit_id = %(unit)s AND NOT isempty(h.days)
    GROUP BY p.id, p.code, p.category
    ORDER BY p.code
"""

# A stay's days on the unit's places in the window.
_LIVED = """(
    SELECT sum(upper(d.days) - lower(d.days))::int
    FROM organisation_placeterm t
    CROSS JOIN LATERAL (SELECT t.valid * journeys_stay.actual * %s::daterange AS days) d
    WHERE t.place_id = journeys_stay.place_id AND t.unit_id = %s AND NOT isempty(d.days)
)"""


def _until_today(first: int, last: int) -> str:
    """The days of the years that have been, as a daterange."""
    end = min(dt.date(last + 1, 1, 1), clock.today() + dt.timedelta(days=1))
    start = dt.date(first, 1, 1)
    return f"[{start},{end})" if start < end else "empty"


@register("kapacitetsudnyttelse")
class CapacityUtilisation(Query):
    """Bed-days from the stays; agreed days from the framework agreement."""

    definite = _("Kapacitetsudnyttelsen")
    row_word = _("Plads")
    person_word = _("Ophold")

    def count(self, years: Sequence[int], state: tuple[Any, ...]) -> dict[tuple[int, int], Own]:
        """Three SQL statements, however many years and units."""
        days: dict[tuple[int, int], tuple[int, int]] = {}
        for (unit_id, _category, year), found in yearly(years).items():
            if unit_id is not None:
                used, agreed = days.get((unit_id, year), (0, 0))
                days[unit_id, year] = (used + found.bed_days, agreed + found.agreed_days)
        people = self._persons(min(years), max(years))
        nobody: tuple[int, frozenset[int]] = (0, frozenset())
        return {
            key: Own(*days.get(key, (0, 0)), *people.get(key, nobody))
            for key in days.keys() | people.keys()
            if key[1] in years
        }

    def _persons(self, first: int, last: int) -> dict[tuple[int, int], tuple[int, frozenset[int]]]:
        with connection.cursor() as cursor:
            cursor.execute(_PERSONS, {"few": THRESHOLD, "window": _until_today(first, last)})
            return {(row[0], row[1]): (row[2], frozenset(row[3] or ())) for row in cursor.fetchall()}

    def rows(self, unit_id: int, year: int) -> list[Row]:
        """The unit's places: days used and days the place was there in the year."""
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, {"unit": unit_id, "window": _until_today(year, year)})
            found = cursor.fetchall()
        words = {"residential": _("døgn"), "day": _("dag")}
        return [
            Row(code, str(words.get(category, category)), used, there, reverse("journeys:place", args=[pk]))
            for pk, code, category, there, used in found
        ]

    def person_rows(self, unit_id: int, year: int, user: Any) -> list[Row]:
        """The stays on the unit's places in the year, those the user may see."""
        window = _until_today(year, year)
        stays = (
            Stay.objects.visible_to(user)
            .booked()
            .filter(actual_start__isnull=False)
            .annotate(used=RawSQL(_LIVED, [window, unit_id], output_field=IntegerField()))  # noqa: S611  our own text
            .filter(used__gt=0)
            .select_related("citizen", "place")
            .order_by("citizen__sort_key", "actual_start")
        )
        rows = []
        for stay in stays:
            start = short_day(stay.actual_start) if stay.actual_start else ""
            note = f"{stay.place.code} · {start}–{short_day(stay.actual_end) if stay.actual_end else ''}"
            url = reverse("journeys:citizen", args=[stay.citizen.key])
            rows.append(Row(str(stay.citizen), note, stay.used, None, url, stay.citizen_id))
        return rows
