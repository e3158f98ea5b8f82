"""The indicators' figures for every unit and year, as they may be published.

A year is always counted in the tree of that year (a unit closed within it hangs where it last hung), so that
the same year never appears added up in two ways: two trees of the same people could be subtracted from one
another. Every page, file and API answer takes its figures from here and nowhere else.

What is counted is kept in memory until something it was counted from has changed, which the history tells.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from roedtraad.core import clock
from roedtraad.core.shares import percent_of
from roedtraad.practice.rules import effect
from roedtraad.practice.rules.goals import Outcome
from roedtraad.steering import freshness
from roedtraad.steering.indicators import Own, Query, query_of
from roedtraad.steering.protection import Counted, above, hidden_keys, leaf

EVERYTHING = 0


@dataclass
class UnitFigure:
    """A unit in a year with its figure. `id` is negative for the part counted directly under a unit.

    `parts` is what the denominator falls into, for an indicator that says so; empty when hidden.
    """

    id: int
    key: str
    unit_name: str
    kind: str
    parent: UnitFigure | None = field(default=None, repr=False)
    children: list[UnitFigure] = field(default_factory=list, repr=False)
    own: Own = field(default_factory=Own, repr=False)
    hidden: bool = False
    numerator: int | None = None
    denominator: int | None = None
    persons: int | None = None
    parts: dict[Outcome, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The unit's short name, or what is gathered here."""
        if self.id == EVERYTHING:
            return _("Alle enheder")
        return _("Direkte under %(unit)s") % {"unit": self.unit_name} if self.id < 0 else self.unit_name

    @property
    def value(self) -> Decimal | None:
        """The percentage, one decimal; None without a denominator or when hidden."""
        return percent_of(self.numerator, self.denominator) if self.numerator is not None else None

    @property
    def path(self) -> list[UnitFigure]:
        """From the top of the tree down to the unit, without the gathering node."""
        steps: list[UnitFigure] = []
        step: UnitFigure | None = self
        while step is not None and step.id != EVERYTHING:
            steps.append(step)
            step = step.parent
        return steps[::-1]


@dataclass
class YearTree:
    """All units with a figure in a year. `top` is the lowest unit that has everything below it."""

    year: int
    root: UnitFigure
    by_key: dict[str, UnitFigure]
    provisional: bool

    @property
    def top(self) -> UnitFigure:
        """The lowest unit with all figures below it; the gathering node when there is no such unit."""
        unit = self.root
        while len(unit.children) == 1 and unit.children[0].id > EVERYTHING:
            unit = unit.children[0]
        return unit


# indicator key → (what it was counted from, {year: tree})
_kept: dict[str, tuple[tuple[Any, ...], dict[int, YearTree]]] = {}


class Reading:
    """What several indicators on one page need read, each at most once."""

    @cached_property
    def state(self) -> tuple[Any, ...]:
        """What is counted from, as it stands. One SQL statement."""
        return freshness.state()

    @cached_property
    def versions(self) -> dict[int, list[_Version]]:
        """The units through time. One SQL statement."""
        return _versions()


def figures(indicator_key: str, first_year: int, reading: Reading | None = None) -> dict[int, YearTree]:
    """The trees of all years from `first_year` to this year; empty for an indicator without a query.

    One SQL statement when nothing has changed, five when everything is counted anew; less with a `reading` that
    other indicators have used.
    """
    query = query_of(indicator_key)
    if query is None:
        return {}
    read = reading or Reading()
    state = (first_year, *read.state)
    kept = _kept.get(indicator_key)
    if kept is None or kept[0] != state:
        years = range(first_year, clock.today().year + 1)
        kept = (state, _published(query, years, read) if years else {})
        _kept[indicator_key] = kept
    return kept[1]


def _published(query: Query, years: Sequence[int], read: Reading) -> dict[int, YearTree]:
    by_year: dict[int, dict[int, Own]] = defaultdict(dict)
    for (unit_id, year), own in query.count(years, read.state).items():
        by_year[year][unit_id] = own
    return {year: _tree(query, year, by_year[year], read.versions) for year in years}


@dataclass(frozen=True)
class _Version:
    start: dt.date
    key: str
    kind: str
    name: str
    short_name: str
    sort_key: str
    parent_id: int | None


def _versions() -> dict[int, list[_Version]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.id, lower(v.valid), u.key, v.kind, v.name, v.short_name, v.sort_key, v.parent_id
            FROM organisation_unitversion v JOIN organisation_unit u ON u.id = v.unit_id
            ORDER BY u.id, lower(v.valid)
            """
        )
        found: dict[int, list[_Version]] = defaultdict(list)
        for unit_id, *columns in cursor.fetchall():
            found[unit_id].append(_Version(*columns))
        return dict(found)


def _tree(query: Query, year: int, owns: dict[int, Own], versions: dict[int, list[_Version]]) -> YearTree:
    """Only units with something counted at or below them."""
    day = min(dt.date(year, 12, 31), clock.today())
    root = UnitFigure(EVERYTHING, "", "", "")
    units: dict[int, UnitFigure] = {}
    sort_keys: dict[int, str] = {EVERYTHING: ""}

    def place(unit_id: int, below: frozenset[int]) -> UnitFigure:
        if unit_id in units:
            return units[unit_id]
        rows = versions[unit_id]
        # The version of the day, the last before it, or the first that comes.
        row = rows[max(bisect_right(rows, day, key=lambda version: version.start) - 1, 0)]
        unit = UnitFigure(unit_id, row.key, row.short_name or row.name, row.kind)
        units[unit_id], sort_keys[unit_id] = unit, row.sort_key
        parent = row.parent_id
        # Versions of different days could form a ring; it is cut where it closes.
        reachable = parent in versions and parent not in below
        unit.parent = place(parent, below | {unit_id}) if parent is not None and reachable else root
        unit.parent.children.append(unit)
        return unit

    for unit_id, own in owns.items():
        if unit_id in versions and own != Own():
            place(unit_id, frozenset({unit_id})).own = own
    for unit in [root, *units.values()]:
        unit.children.sort(key=lambda child: (sort_keys.get(child.id, ""), child.id))
        if unit.children and unit.own != Own():
            unit.children.append(UnitFigure(-unit.id, "", unit.unit_name, "", parent=unit, own=unit.own))
    counted = _counted(root)
    parts = effect.outcomes_by_unit(_with_goals(root)) if query.has_parts else {}
    away = {key for key, shown in parts.items() if shown is None} if query.has_parts else hidden_keys(counted)
    sums = {item.key: item for item in counted.walk()}
    for unit in _walk(root):
        found = sums[unit.id]
        # With parts, what is counted directly under a unit is protected like a unit below, and not shown.
        unit.hidden = unit.id in away or (query.has_parts and unit.id < EVERYTHING)
        if not unit.hidden:
            unit.parts = dict(parts.get(unit.id) or {})
            unit.numerator, unit.denominator = found.numerator, found.denominator
            unit.persons = found.persons
    return YearTree(year, root, {unit.key: unit for unit in units.values()}, day < dt.date(year, 12, 31))


def _counted(unit: UnitFigure) -> Counted:
    if unit.children:
        return above(unit.id, tuple(_counted(child) for child in unit.children))
    own = unit.own
    return leaf(unit.id, own.numerator, own.denominator, own.persons, own.few)


def _with_goals(unit: UnitFigure) -> effect.Unit:
    """The tree as the rule of goals takes it: a unit's own goals, and the units below."""
    below = [child for child in unit.children if child.id != -unit.id]
    return effect.Unit(unit.id, unit.own.goals, tuple(_with_goals(child) for child in below))


def _walk(unit: UnitFigure) -> list[UnitFigure]:
    found = [unit]
    for child in unit.children:
        found.extend(_walk(child))
    return found
