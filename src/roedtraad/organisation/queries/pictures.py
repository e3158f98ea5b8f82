"""The organisation as it was on a day: every unit with its facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Min
from django.db.models.functions import Lower

from roedtraad.core import clock
from roedtraad.organisation import rules
from roedtraad.organisation.models import Headcount, UnitVersion
from roedtraad.organisation.models.base import SourcedFact
from roedtraad.organisation.models.unit import UnitKind


@dataclass(frozen=True)
class CountedStaff:
    """How many a unit has, as the source says it; `scope` names the part when it is not the whole unit."""

    number: Decimal
    wording: str
    measure: str
    as_of: dt.date
    scope: str
    basis: str
    source: str

    @property
    def phrase(self) -> str:
        """In words: "cirka 2300 medarbejdere"."""
        return f"{self.wording} {self.measure}"


@dataclass(frozen=True)
class UnitOnDay:
    """A unit's facts on a day. `valid_to` is the first day they no longer hold, None when it is open."""

    id: int
    key: str
    kind: str
    kind_label: str
    name: str
    short_name: str
    sort_key: str
    parent_id: int | None
    valid_from: dt.date
    valid_to: dt.date | None
    manager_title: str
    municipality_code: str
    municipality: str
    sites: str
    address: str
    tasks: str
    basis: str
    basis_label: str
    source: str
    staff: CountedStaff | None = None

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


@dataclass(frozen=True)
class Picture:
    """All units of a day, in Danish order."""

    as_of: dt.date
    units: dict[int, UnitOnDay]

    @cached_property
    def by_key(self) -> dict[str, UnitOnDay]:
        """The units by key."""
        return {unit.key: unit for unit in self.units.values()}

    def path(self, unit_id: int) -> list[UnitOnDay]:
        """From the root down to the unit."""
        steps: list[UnitOnDay] = []
        current: int | None = unit_id
        while current is not None and current in self.units and self.units[current] not in steps:
            steps.append(self.units[current])
            current = self.units[current].parent_id
        return steps[::-1]

    def children(self, unit_id: int) -> list[UnitOnDay]:
        """The units right under a unit."""
        return [unit for unit in self.units.values() if unit.parent_id == unit_id]

    def below(self, unit_id: int) -> list[UnitOnDay]:
        """All units under a unit at any depth, the unit itself left out."""
        under: dict[int | None, list[UnitOnDay]] = {}
        for unit in self.units.values():
            under.setdefault(unit.parent_id, []).append(unit)
        found: list[UnitOnDay] = []
        pending = [unit_id]
        met = {unit_id}
        while pending:
            for child in under.get(pending.pop(), ()):
                if child.id not in met:
                    met.add(child.id)
                    found.append(child)
                    pending.append(child.id)
        return found

    def above(self, unit_id: int, kind: str) -> UnitOnDay | None:
        """The nearest unit of `kind` at or above the unit."""
        return next((unit for unit in reversed(self.path(unit_id)) if unit.kind == kind), None)

    def compared(self) -> dict[str, rules.UnitFacts]:
        """The facts that are compared between two days, by key."""
        return {
            unit.key: rules.UnitFacts(
                key=unit.key,
                kind=unit.kind,
                name=unit.name,
                parent=self.units[unit.parent_id].key if unit.parent_id in self.units else "",
                manager_title=unit.manager_title,
                municipality=unit.municipality_code,
            )
            for unit in self.units.values()
        }


def kinds_counted(units: Iterable[UnitOnDay]) -> dict[str, int]:
    """How many units of each kind."""
    counts: dict[str, int] = {}
    for unit in units:
        counts[unit.kind] = counts.get(unit.kind, 0) + 1
    return counts


def picture(as_of: dt.date | None = None, *, with_staff: bool = True) -> Picture:
    """Every unit that existed on `as_of` (today). Two SQL statements, one without headcounts."""
    day = as_of or clock.today()
    staff = newest_counts(day) if with_staff else {}
    versions = (
        UnitVersion.objects.filter(valid__contains=day)
        .select_related("unit", "municipality")
        .order_by("sort_key", "unit_id")
    )
    return Picture(day, {v.unit_id: on_day(v, staff.get(v.unit_id)) for v in versions})


def on_day(version: UnitVersion, staff: CountedStaff | None = None) -> UnitOnDay:
    """A version's facts; its unit and municipality must be loaded."""
    return UnitOnDay(
        id=version.unit_id,
        key=version.unit.key,
        kind=version.kind,
        kind_label=version.get_kind_display(),
        name=version.name,
        short_name=version.short_name,
        sort_key=version.sort_key,
        parent_id=version.parent_id,
        valid_from=version.valid.lower,
        valid_to=version.valid.upper,
        manager_title=version.manager_title,
        municipality_code=version.municipality_id or "",
        municipality=version.municipality.name if version.municipality else "",
        sites=", ".join(version.sites.split("|")) if version.sites else "",
        address=version.address,
        tasks=version.tasks,
        basis=version.basis,
        basis_label=version.get_basis_display(),
        source=source_of(version),
        staff=staff,
    )


def source_of(fact: SourcedFact) -> str:
    """Document and section in words: "004, 6.3"; empty for what was registered here."""
    return ", ".join(part for part in (fact.source_document, fact.source_section) if part)


def counted(row: Headcount) -> CountedStaff:
    """A headcount as a plain value."""
    return CountedStaff(row.number, row.wording, row.measure, row.as_of, row.scope, row.basis, source_of(row))


def newest_counts(day: dt.date, unit_ids: Collection[int] | None = None) -> dict[int, CountedStaff]:
    """The newest headcount of each whole unit on `day`; parts never stand for it. One SQL statement."""
    rows = Headcount.objects.filter(as_of__lte=day, scope="").order_by("unit_id", "as_of", "pk")
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    by_unit: dict[int, list[Headcount]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)
    newest = {}
    for unit_id, counts in by_unit.items():
        place = rules.headline_count([(c.as_of, c.measure, i) for i, c in enumerate(counts)])
        if place is not None:
            newest[unit_id] = counted(counts[place])
    return newest


def bounds() -> tuple[dt.date, dt.date]:
    """The first and last day the pages can show. One SQL statement."""
    first = UnitVersion.objects.aggregate(first=Min(Lower("valid")))["first"]
    return rules.slider_bounds(first, clock.today())


def social_operation_id() -> int | None:
    """The unit the specialist areas hang under: what people here call Socialområdet. One SQL statement."""
    row = (
        UnitVersion.objects.filter(kind=UnitKind.AREA, parent__isnull=False)
        .values("parent_id")
        .annotate(areas=Count("unit", distinct=True))
        .order_by("-areas", "parent_id")
        .first()
    )
    return row["parent_id"] if row else None


__all__ = [
    "CountedStaff",
    "Picture",
    "UnitOnDay",
    "bounds",
    "counted",
    "kinds_counted",
    "newest_counts",
    "on_day",
    "picture",
    "social_operation_id",
    "source_of",
]
