"""Who and what the used days were for: occupancy of a period told apart by kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from roedtraad.core import danish
from roedtraad.core.shares import percent_of
from roedtraad.core.suppress import THRESHOLD
from roedtraad.journeys.queries import definitions
from roedtraad.journeys.queries.sql import PIECES, ask, compose, lived_parameters
from roedtraad.journeys.queries.units import AREA, OFFER, last_known_tree, placer
from roedtraad.organisation.models.places import AgeGroup, TargetGroup

KINDS = ("area", "offer", "paragraph", "age", "target", "municipality", "region")
OTHERS = "others"


@dataclass
class Share:
    """The used days of one kind, and what they are measured against (None when there is nothing to measure by)."""

    key: str
    label: str
    bed_days: int = 0
    base_days: int | None = 0
    citizens: set[int] = field(default_factory=set, repr=False)

    @property
    def percent(self) -> Decimal | None:
        """Bed-days in per cent of the base days, one decimal."""
        return percent_of(self.bed_days, self.base_days)


@dataclass(frozen=True)
class Shares:
    """The used days of a period told apart, with the words for the denominator. `agreed` says if it is agreed days."""

    kind: str
    denominator: str | Promise
    agreed: bool
    items: list[Share]


def occupancy_by(
    kind: str,
    first: dt.date,
    last: dt.date,
    unit_ids: Iterable[int] | None = None,
    category: str | None = None,
) -> Shares:
    """Bed-days from `first` to `last` told apart by a kind of `KINDS`; the items add up to all bed-days.

    Areas and offers are measured against agreed days, paragraph, age and target group against the days the
    places existed (nothing is agreed for those), paying municipality and region against all bed-days. Payers
    with fewer than five citizens are put together. At most three SQL statements. ValueError for an unknown kind.
    """
    asked = {**lived_parameters(first, last, unit_ids), "category": category}
    if kind in ("area", "offer"):
        return _by_unit(kind, last, asked)
    if kind in ("paragraph", "age", "target"):
        return _by_place(kind, asked)
    if kind in ("municipality", "region"):
        return _by_payer(kind, asked)
    raise ValueError(_("Ukendt opdeling: %(axis)s.") % {"axis": kind})


_CATEGORY = "(%(category)s::text IS NULL OR category = %(category)s)"

_BY_UNIT = compose(
    """
    SELECT unit_id, sum(bed_days)::bigint FROM ({pieces}) x WHERE {category} GROUP BY 1
""",
    pieces=PIECES,
    category=_CATEGORY,
)

_AGREED = compose(
    """
    SELECT a.unit_id, sum(a.places * (upper(d.days) - lower(d.days)))::bigint
    FROM organisation_agreedplaces a
    CROSS JOIN LATERAL (SELECT a.valid * %(window)s::daterange AS days) d
    WHERE NOT isempty(d.days) AND {category}
      AND (%(units)s::bigint[] IS NULL OR a.unit_id = ANY(%(units)s))
    GROUP BY 1
""",
    category=_CATEGORY,
)


def _by_unit(kind: str, last: dt.date, asked: dict[str, Any]) -> Shares:
    place = placer(last_known_tree(last), AREA if kind == "area" else OFFER)
    found: dict[str, Share] = {}
    for unit_id, bed_days in ask(_BY_UNIT, asked):
        key, label = place(unit_id)
        found.setdefault(key, Share(key, label)).bed_days += int(bed_days)
    for unit_id, agreed_days in ask(_AGREED, asked):
        key, label = place(unit_id)
        share = found.setdefault(key, Share(key, label))
        share.base_days = (share.base_days or 0) + int(agreed_days)
    return Shares(kind, definitions.AGREED_DAYS, True, _in_order(found))


# A paragraph is one thing through all its periods of law, so its words are the key, not its row.
_PLACE_COLUMN = {
    "paragraph": "(SELECT b.law || ' ' || b.paragraph FROM organisation_legalbasis b WHERE b.id = legal_basis_id)",
    "age": "age_group",
    "target": "target_group",
}

_BY_PLACE = """
    SELECT key, sum(bed_days)::bigint, sum(place_days)::bigint FROM (
        SELECT {column} AS key, bed_days, 0 AS place_days FROM (
            SELECT legal_basis_id, age_group, target_group, sum(bed_days) AS bed_days
            FROM ({pieces}) x WHERE {category} GROUP BY 1, 2, 3) lived
        UNION ALL
        SELECT {column}, 0, place_days FROM (
            SELECT t.legal_basis_id, t.age_group, t.target_group,
                   sum(upper(t.valid * %(window)s::daterange) - lower(t.valid * %(window)s::daterange)) AS place_days
            FROM organisation_placeterm t JOIN organisation_place p ON p.id = t.place_id
            WHERE t.valid && %(window)s::daterange AND {category}
              AND (%(units)s::bigint[] IS NULL OR t.unit_id = ANY(%(units)s))
            GROUP BY 1, 2, 3) existed
    ) both_sides GROUP BY key
"""


def _by_place(kind: str, asked: dict[str, Any]) -> Shares:
    words: dict[str, Callable[[str], str]] = {
        "paragraph": str,
        "age": lambda key: str(AgeGroup(key).label).capitalize(),
        "target": lambda key: str(TargetGroup(key).label).capitalize(),
    }
    sql = _BY_PLACE.format(column=_PLACE_COLUMN[kind], pieces=PIECES, category=_CATEGORY)
    found = {
        key: Share(key, words[kind](key), int(lived), int(existed)) for key, lived, existed in ask(sql, asked)
    }
    return Shares(kind, definitions.PLACE_DAYS, False, _in_order(found))


_BY_MUNICIPALITY = compose(
    """
    SELECT m.code, m.name, x.bed_days, x.citizens
    FROM (SELECT paying_municipality_id AS code, sum(bed_days)::bigint AS bed_days,
                 array_agg(DISTINCT citizen_id) AS citizens
          FROM ({pieces}) x WHERE {category} GROUP BY 1) x
    JOIN organisation_municipality m ON m.code = x.code
""",
    pieces=PIECES,
    category=_CATEGORY,
)

# The payer's region on each single day; days on which it lies in none come out with a null region.
_BY_REGION = compose(
    """
    WITH pieces AS (SELECT * FROM ({pieces}) x WHERE {category}),
    placed AS (
        SELECT rm.region_id AS code, upper(x.days * rm.valid) - lower(x.days * rm.valid) AS bed_days, x.citizen_id
        FROM pieces x
        JOIN organisation_regionmembership rm
          ON rm.municipality_id = x.paying_municipality_id AND rm.valid && x.days
        UNION ALL
        SELECT NULL, bed_days - coalesce((
            SELECT sum(upper(x.days * rm.valid) - lower(x.days * rm.valid)) FROM organisation_regionmembership rm
            WHERE rm.municipality_id = x.paying_municipality_id AND rm.valid && x.days), 0), citizen_id
        FROM pieces x
    )
    SELECT p.code, r.name, sum(p.bed_days)::bigint, array_agg(DISTINCT p.citizen_id)
    FROM placed p LEFT JOIN organisation_region r ON r.code = p.code
    WHERE p.bed_days > 0 GROUP BY 1, 2
""",
    pieces=PIECES,
    category=_CATEGORY,
)


def _by_payer(kind: str, asked: dict[str, Any]) -> Shares:
    rows = ask(_BY_MUNICIPALITY if kind == "municipality" else _BY_REGION, asked)
    total = sum(int(row[2]) for row in rows)
    shares = [
        Share(code or "", name or _("Uden region"), int(bed_days), total, set(citizens))
        for code, name, bed_days, citizens in rows
    ]
    kept = {share.key: share for share in _put_together(shares, total)}
    return Shares(kind, definitions.ALL_BED_DAYS, False, _in_order(kept))


def _put_together(shares: list[Share], total: int) -> list[Share]:
    """Payers with fewer than five citizens as one item, with the next smallest until that item has five."""
    by_size = sorted(shares, key=lambda share: (len(share.citizens), share.key))
    others = Share(OTHERS, _("Øvrige med få borgere"), 0, total)
    while by_size and (len(by_size[0].citizens) < THRESHOLD or 0 < len(others.citizens) < THRESHOLD):
        small = by_size.pop(0)
        others.bed_days += small.bed_days
        others.citizens |= small.citizens
    return [*by_size, others] if others.citizens else by_size


def _in_order(found: dict[str, Share]) -> list[Share]:
    return sorted(found.values(), key=lambda share: (share.key in ("", OTHERS), danish.sort_key(share.label)))
