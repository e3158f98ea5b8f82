"""How many places there are on a day, and how many of them are lived in, kept or free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from roedtraad.core import danish
from roedtraad.core.shares import percent_of
from roedtraad.journeys.queries.sql import ask, unit_list
from roedtraad.journeys.queries.units import AREA, OFFER, last_known_tree, municipality_of, placer
from roedtraad.organisation.models import Municipality
from roedtraad.organisation.models.places import AgeGroup, Category, TargetGroup
from roedtraad.organisation.tree import Tree

# By which facts places can be told apart. Places are agreed for units, so only some axes have an agreed number.
AXES = ("area", "offer", "paragraph", "age", "municipality", "target")
AGREED_AXES = frozenset({"area", "offer", "municipality"})
# Unit, category, places.
Agreed = tuple[int, str, int]


@dataclass
class Places:
    """Places of one category on a day. `agreed` is None where places are not agreed for such a group."""

    existing: int = 0
    occupied: int = 0
    reserved: int = 0
    agreed: int | None = 0

    @property
    def free(self) -> int:
        """Places where nobody lives and nobody is booked on the day."""
        return self.existing - self.occupied - self.reserved

    @property
    def percent(self) -> Decimal | None:
        """Occupied places in per cent of the agreed ones, one decimal."""
        return percent_of(self.occupied, self.agreed)

    @property
    def of_existing(self) -> Decimal | None:
        """Occupied places in per cent of the existing ones, one decimal."""
        return percent_of(self.occupied, self.existing)


@dataclass
class Capacity:
    """The places of a group of units on a day, round the clock and by day."""

    as_of: dt.date
    residential: Places = field(default_factory=Places)
    day: Places = field(default_factory=Places)

    def of(self, category: str) -> Places:
        """The places of one category."""
        return self.residential if category == Category.RESIDENTIAL else self.day


@dataclass
class Part:
    """One part of a breakdown: what it is called and its places. `unit_ids` are the units it is made of."""

    key: str
    label: str
    capacity: Capacity
    unit_ids: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Group:
    """Places that are alike in every way the axes know."""

    unit_id: int
    category: str
    paragraph: str
    age_group: str
    target_group: str
    existing: int
    occupied: int
    reserved: int


@dataclass(frozen=True)
class Snapshot:
    """Everything counted on one day, from which totals and breakdowns are added up without asking again."""

    as_of: dt.date
    tree: Tree
    groups: list[Group]
    agreed: list[Agreed]

    def total(self, unit_ids: Iterable[int] | None = None) -> Capacity:
        """All places of the units together."""
        chosen = None if unit_ids is None else set(unit_ids)
        found = Capacity(self.as_of)
        for group in self.groups:
            if chosen is None or group.unit_id in chosen:
                _add(found.of(group.category), group)
        for unit_id, category, places in self.agreed:
            if chosen is None or unit_id in chosen:
                _agree(found.of(category), places)
        return found

    def by(self, axis: str) -> list[Part]:
        """The places told apart by `axis`, in Danish order. The parts add up to the total.

        ValueError for an unknown axis.
        """
        name_of = self._names(axis)
        parts: dict[str, Part] = {}

        def part(key: str, label: str) -> Part:
            if key not in parts:
                parts[key] = Part(key, label, Capacity(self.as_of))
                if axis not in AGREED_AXES:
                    parts[key].capacity.residential.agreed = parts[key].capacity.day.agreed = None
            return parts[key]

        for group in self.groups:
            found = part(*name_of(group))
            found.unit_ids.add(group.unit_id)
            _add(found.capacity.of(group.category), group)
        if axis in AGREED_AXES:
            for unit_id, category, places in self.agreed:
                found = part(*name_of(Group(unit_id, category, "", "", "", 0, 0, 0)))
                found.unit_ids.add(unit_id)
                _agree(found.capacity.of(category), places)
        return sorted(parts.values(), key=lambda part: (not part.key, danish.sort_key(part.label)))

    def _names(self, axis: str) -> Callable[[Group], tuple[str, str]]:
        if axis in ("area", "offer"):
            place = placer(self.tree, AREA if axis == "area" else OFFER)
            return lambda group: place(group.unit_id)
        if axis == "municipality":
            code_of = municipality_of(self.tree)
            names = dict(Municipality.objects.order_by().values_list("code", "name"))
            nowhere = ("", _("Uden kommune"))

            def where(group: Group) -> tuple[str, str]:
                code = code_of(group.unit_id)
                return (code, names.get(code, code)) if code else nowhere

            return where
        plain: dict[str, Callable[[Group], tuple[str, str]]] = {
            "paragraph": lambda group: (group.paragraph, group.paragraph),
            "age": lambda group: (group.age_group, str(AgeGroup(group.age_group).label).capitalize()),
            "target": lambda group: (
                group.target_group,
                str(TargetGroup(group.target_group).label).capitalize(),
            ),
        }
        if axis not in plain:
            raise ValueError(_("Ukendt opdeling: %(axis)s.") % {"axis": axis})
        return plain[axis]


def _add(places: Places, group: Group) -> None:
    places.existing += group.existing
    places.occupied += group.occupied
    places.reserved += group.reserved


def _agree(places: Places, number: int) -> None:
    places.agreed = (places.agreed or 0) + number


# Two constraints of the table see to it that a place has at most one stay of each sort on a day.
_GROUPS = """
    WITH living AS (
        SELECT place_id FROM journeys_staydays WHERE withdrawn_at IS NULL AND actual @> %(day)s::date
    ), coming AS (
        SELECT place_id FROM journeys_staydays
        WHERE withdrawn_at IS NULL AND actual_end IS NULL AND actual_start IS NULL AND planned @> %(day)s::date
    )
    SELECT x.unit_id, x.category, b.law || ' ' || b.paragraph, x.age_group, x.target_group,
           x.existing, x.occupied, x.reserved
    FROM (
        SELECT t.unit_id, p.category, t.legal_basis_id, t.age_group, t.target_group, count(*) AS existing,
               count(living.place_id) AS occupied,
               count(coming.place_id) FILTER (WHERE living.place_id IS NULL) AS reserved
        FROM organisation_placeterm t
        JOIN organisation_place p ON p.id = t.place_id
        LEFT JOIN living ON living.place_id = t.place_id
        LEFT JOIN coming ON coming.place_id = t.place_id
        WHERE t.valid @> %(day)s::date AND (%(units)s::bigint[] IS NULL OR t.unit_id = ANY(%(units)s))
        GROUP BY 1, 2, 3, 4, 5
    ) x JOIN organisation_legalbasis b ON b.id = x.legal_basis_id
"""

_AGREED = """
    SELECT unit_id, category, '', '', '', places, NULL, NULL FROM organisation_agreedplaces
    WHERE valid @> %(day)s::date AND (%(units)s::bigint[] IS NULL OR unit_id = ANY(%(units)s))
"""


def snapshot(as_of: dt.date, unit_ids: Iterable[int] | None = None, tree: Tree | None = None) -> Snapshot:
    """Everything about the units' places on a day: `definitions.EXISTING`, `OCCUPIED`, `RESERVED`, `AGREED`.

    Two SQL statements, one when the tree is given (it must be `last_known_tree(as_of)`).
    """
    groups, agreed = _counts(as_of, unit_ids)
    return Snapshot(as_of, tree or last_known_tree(as_of), groups, agreed)


def capacity(as_of: dt.date, unit_ids: Iterable[int] | None = None) -> Capacity:
    """Places existing, agreed, occupied, reserved and free on the day. One SQL statement."""
    groups, agreed = _counts(as_of, unit_ids)
    return Snapshot(as_of, Tree(as_of, {}, []), groups, agreed).total()


def capacity_by(as_of: dt.date, axis: str, unit_ids: Iterable[int] | None = None) -> list[Part]:
    """The same told apart by an axis of `AXES`; the parts add up to `capacity`. At most three SQL statements.

    ValueError for an unknown axis.
    """
    return snapshot(as_of, unit_ids).by(axis)


def _counts(as_of: dt.date, unit_ids: Iterable[int] | None) -> tuple[list[Group], list[Agreed]]:
    rows = ask(f"{_GROUPS} UNION ALL {_AGREED}", {"day": as_of, "units": unit_list(unit_ids)})
    # What is agreed has no number of occupied places.
    groups = [Group(*row) for row in rows if row[6] is not None]
    return groups, [(row[0], row[1], row[5]) for row in rows if row[6] is None]
