"""Our part of the country's places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from roedtraad.core import clock
from roedtraad.core.shares import percent_of
from roedtraad.journeys.queries.sql import ask, unit_list
from roedtraad.organisation.models.places import AgeGroup

_MARKET = """
    SELECT n.year, n.age_group, n.category, n.places, n.stated_own_places, n.source_document, n.source_section,
           (SELECT count(*) FROM organisation_placeterm t JOIN organisation_place p ON p.id = t.place_id
            WHERE t.valid @> %(day)s::date AND t.age_group = n.age_group AND p.category = n.category
              AND (%(units)s::bigint[] IS NULL OR t.unit_id = ANY(%(units)s)))
    FROM (
        SELECT DISTINCT ON (age_group, category) * FROM organisation_nationalplaces
        WHERE category = 'residential'
        ORDER BY age_group, category, (year <= %(year)s) DESC, abs(year - %(year)s)
    ) n
    ORDER BY n.age_group DESC
"""


@dataclass(frozen=True)
class MarketShare:
    """Own residential places of an age group beside the country's, with the source of the latter."""

    age_group: str
    year: int
    own_places: int
    national_places: int
    source: str
    stated_own_places: int | None

    @property
    def percent(self) -> Decimal | None:
        """Own places in per cent of the country's, one decimal."""
        return percent_of(self.own_places, self.national_places)

    @property
    def difference(self) -> int | None:
        """Places counted here beyond those the source states as ours; None when it states none."""
        return None if self.stated_own_places is None else self.own_places - self.stated_own_places

    @property
    def label(self) -> str:
        """The age group in words."""
        return str(AgeGroup(self.age_group).label)


def market_share(
    year: int | None = None, *, as_of: dt.date | None = None, unit_ids: Iterable[int] | None = None
) -> list[MarketShare]:
    """`definitions.MARKET_SHARE` on `as_of`, else on the last day of the year (today in the running one). One SQL.

    The country's places are those of the latest year with a source up to then, or the first there is.
    """
    today = clock.today()
    day = as_of or (today if year is None else min(dt.date(year, 12, 31), max(today, dt.date(year, 1, 1))))
    asked = {"day": day, "year": day.year, "units": unit_list(unit_ids)}
    return [
        MarketShare(
            age_group, found_year, own, national, ", ".join(filter(None, [document, section])), stated
        )
        for found_year, age_group, _category, national, stated, document, section, own in ask(_MARKET, asked)
    ]
