"""The breakdown of capacity as a table: the same columns on the page and in the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from roedtraad.core import danish
from roedtraad.journeys.queries.capacity import Capacity, Part

# Column in the address → the figure it sorts by.
SORTS: dict[str, Callable[[Capacity], Decimal | int | None]] = {
    "aftalt": lambda found: found.residential.agreed,
    "belagt": lambda found: found.residential.occupied,
    "ledig": lambda found: found.residential.free,
    "procent": lambda found: found.residential.percent,
    "dag-aftalt": lambda found: found.day.agreed,
    "dag-belagt": lambda found: found.day.occupied,
    "dag-ledig": lambda found: found.day.free,
    "dag-procent": lambda found: found.day.percent,
}


@dataclass(frozen=True)
class Row:
    """A line of the table; `own` when all its units are the reader's."""

    part: Part
    own: bool

    @property
    def label(self) -> str:
        """What the line is about."""
        return self.part.label

    @property
    def key(self) -> str:
        """The key of the unit, paragraph or group."""
        return self.part.key

    @property
    def capacity(self) -> Capacity:
        """Its places."""
        return self.part.capacity


def table(parts: list[Part], own_units: frozenset[int], sort: str = "") -> list[Row]:
    """The lines in the order asked for; without one, the reader's own first, then in Danish order."""
    rows = [Row(part, bool(part.unit_ids) and part.unit_ids <= own_units) for part in parts]
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    if name in SORTS:
        # Lines without the figure stand last both ways.
        known = [row for row in rows if SORTS[name](row.capacity) is not None]
        unknown = [row for row in rows if SORTS[name](row.capacity) is None]
        return sorted(known, key=lambda row: SORTS[name](row.capacity) or 0, reverse=falling) + unknown
    if name == "navn":
        return sorted(rows, key=lambda row: danish.sort_key(row.label), reverse=falling)
    if all(row.own for row in rows):
        return rows
    return sorted(rows, key=lambda row: not row.own)


def header(first: str | Promise) -> list[str]:
    """The heads of the columns of the file."""
    heads = [str(first)]
    for kind in (_("døgn"), _("dag")):
        heads += [
            f"{kind}: {name}"
            for name in (
                _("pladser"),
                _("aftalte"),
                _("belagte"),
                _("reserverede"),
                _("ledige"),
                _("belægning i %"),
            )
        ]
    return heads


def cells(label: str, found: Capacity) -> list[Any]:
    """A line of the file."""
    line: list[Any] = [label]
    for places in (found.residential, found.day):
        line += [
            places.existing,
            places.agreed,
            places.occupied,
            places.reserved,
            places.free,
            places.percent,
        ]
    return line
