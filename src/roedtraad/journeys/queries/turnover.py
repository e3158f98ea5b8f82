"""What the used days cost, by the region of the municipality that paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from roedtraad.core import danish
from roedtraad.core.shares import percent_of
from roedtraad.journeys.queries.sql import PIECES, ask, compose, lived_parameters
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.organisation.tree import Tree

_TURNOVER = compose(
    """
    WITH pieces AS (SELECT * FROM ({pieces}) x WHERE agreed_day_rate IS NOT NULL),
    placed AS (
        SELECT x.unit_id, rm.region_id, x.agreed_day_rate,
               upper(x.days * rm.valid) - lower(x.days * rm.valid) AS bed_days
        FROM pieces x
        JOIN organisation_regionmembership rm
          ON rm.municipality_id = x.paying_municipality_id AND rm.valid && x.days
        UNION ALL
        SELECT x.unit_id, NULL, x.agreed_day_rate, x.bed_days - coalesce((
            SELECT sum(upper(x.days * rm.valid) - lower(x.days * rm.valid)) FROM organisation_regionmembership rm
            WHERE rm.municipality_id = x.paying_municipality_id AND rm.valid && x.days), 0)
        FROM pieces x
    )
    SELECT p.unit_id, p.region_id, r.name, sum(p.bed_days)::bigint, sum(p.bed_days * p.agreed_day_rate)
    FROM placed p LEFT JOIN organisation_region r ON r.code = p.region_id
    WHERE p.bed_days > 0 GROUP BY 1, 2, 3
""",
    pieces=PIECES,
)

# Where an operator lies: the region of its own municipality on the day, else the region it has its name from.
_HOMES = """
    SELECT v.unit_id, coalesce(
        (SELECT rm.region_id FROM organisation_regionmembership rm
         WHERE rm.municipality_id = v.municipality_id AND rm.valid @> %(day)s::date),
        (SELECT r.code FROM organisation_region r WHERE r.name = v.name))
    FROM organisation_unitversion v
    WHERE v.unit_id = ANY(%(roots)s) AND v.valid @> %(day)s::date
"""


@dataclass(frozen=True)
class RegionTurnover:
    """Turnover paid from one region, in kroner, and its share of all turnover in per cent."""

    code: str
    name: str
    bed_days: int
    amount: Decimal
    percent: Decimal | None
    inside: bool


@dataclass(frozen=True)
class Turnover:
    """Turnover of a year by region, largest first. `outside_percent` is what came from outside the operator's own."""

    year: int
    total: Decimal
    regions: list[RegionTurnover]
    outside: Decimal

    @property
    def outside_percent(self) -> Decimal | None:
        """Turnover from outside the operator's region in per cent of all, one decimal."""
        return percent_of(self.outside, self.total)


def turnover_by_region(year: int, unit_ids: Iterable[int] | None = None) -> Turnover:
    """`definitions.TURNOVER_BY_REGION` of a calendar year, the running one up to today. Three SQL statements."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    rows = ask(_TURNOVER, lived_parameters(first, last, unit_ids))
    home_of = _homes(last_known_tree(last), {row[0] for row in rows}, last)
    amounts: dict[str, list[Decimal]] = {}
    names: dict[str, str] = {}
    days: dict[str, int] = {}
    homes: dict[str, bool] = {}
    outside = Decimal(0)
    for unit_id, region, name, bed_days, amount in rows:
        code = region or ""
        names[code] = name or _("Uden region")
        amounts.setdefault(code, []).append(amount)
        days[code] = days.get(code, 0) + int(bed_days)
        inside = bool(region) and home_of.get(unit_id) == region
        homes[code] = homes.get(code, False) or inside
        outside += 0 if inside else amount
    sums = {code: sum(parts, Decimal(0)) for code, parts in amounts.items()}
    total = sum(sums.values(), Decimal(0))
    regions = [
        RegionTurnover(code, names[code], days[code], amount, percent_of(amount, total), homes[code])
        for code, amount in sums.items()
    ]
    regions.sort(key=lambda found: (-found.amount, danish.sort_key(found.name)))
    return Turnover(year, total, regions, outside)


def _homes(tree: Tree, unit_ids: set[int], day: dt.date) -> dict[int, str | None]:
    """The region code of the operator each unit belongs to."""
    root_of = {unit_id: path[0].id for unit_id in unit_ids if (path := tree.path(unit_id))}
    found = dict(ask(_HOMES, {"roots": sorted(set(root_of.values())), "day": day}))
    return {unit_id: found.get(root) for unit_id, root in root_of.items()}
