"""Writes the plan's rows to the tables by COPY; triggers, constraints and history work as always."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.citizens.services import name_sort_key
from roedtraad.core.danish import sort_key
from roedtraad.core.encrypted import EncryptedTextField, blind_index, encrypt
from roedtraad.demo import distributions as d
from roedtraad.demo.operators import UnitPlan
from roedtraad.demo.people import CitizenPlan
from roedtraad.demo.places import AgreedPlan, PlacePlan
from roedtraad.demo.plan import OperatorPlan
from roedtraad.demo.staff import PositionPlan
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import AgreedPlaces, LegalBasis, Place, PlaceTerm, Unit, UnitVersion
from roedtraad.organisation.models.base import Basis
from roedtraad.people.models import Position

ASSUMED = "Fordelingen på enheder er antaget til eksempeldata"


def copy_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Copy rows into the model's table; fields not named get their default. Returns the number of rows."""
    known = {field.name: field for field in model._meta.concrete_fields}
    given = [known[name] for name in names]
    others = [
        field
        for field in known.values()
        if field not in given and not field.primary_key and not field.generated and not field.has_db_default()
    ]
    columns = ", ".join(f'"{field.column}"' for field in [*given, *others])
    rest = tuple(field.get_default() for field in others)
    count = 0
    table = model._meta.db_table
    with connection.cursor() as cursor:
        # COPY writes to no table with row-level security; so by way of one without.
        # The names are the models' own.
        cursor.execute(f'CREATE TEMP TABLE arriving AS SELECT {columns} FROM "{table}" WITH NO DATA')  # noqa: S608
        with cursor.copy(f"COPY arriving ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, *rest))
                count += 1
        cursor.execute(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM arriving')  # noqa: S608
        cursor.execute("DROP TABLE arriving")
    return count


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Numbers for rows that others will point at, taken from the table's own series."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def period(start: dt.date, end: dt.date | None) -> str:
    """A `daterange` as text, half-open."""
    return f"[{start},{end or ''})"


def _context(column: str) -> str:
    """What the encrypted values of a citizen's column are bound to."""
    field = Citizen._meta.get_field(column)
    if not isinstance(field, EncryptedTextField):
        raise TypeError(f"{column} must lie encrypted.")
    return field.context


class Writer:
    """Writes operators one after another and remembers what later rows point at."""

    def __init__(self) -> None:
        self.units: dict[str, int] = dict(Unit.objects.values_list("key", "pk"))
        self.bases: dict[str, int] = dict(LegalBasis.objects.values_list("code", "pk"))
        self.citizens: dict[str, int] = {}
        self.counts: Counter[str] = Counter()

    def write(self, part: OperatorPlan) -> None:
        """All rows of one operator."""
        self._write_units(part.units)
        self._write_agreements(part.agreements)
        places = self._write_places(part.places)
        self._write_citizens(part.citizens, places)
        self._write_positions(part.positions)

    def _write_units(self, units: Sequence[UnitPlan]) -> None:
        self.units |= zip((unit.key for unit in units), reserve_ids(Unit, len(units)), strict=True)
        copy_rows(Unit, ["id", "key"], ((self.units[unit.key], unit.key) for unit in units))
        names = [
            "unit",
            "valid",
            "kind",
            "name",
            "short_name",
            "sort_key",
            "parent",
            "municipality",
            "basis",
            "note",
        ]
        self.counts["units"] += copy_rows(
            UnitVersion,
            names,
            (
                (
                    self.units[unit.key],
                    period(d.WORLD_START, None),
                    unit.kind,
                    unit.name,
                    unit.short_name,
                    sort_key(unit.name),
                    self.units[unit.parent] if unit.parent else None,
                    unit.municipality or None,
                    Basis.REGISTERED.value,
                    "Opdigtet enhed til eksempeldata",
                )
                for unit in units
            ),
        )

    def _write_agreements(self, agreements: Sequence[AgreedPlan]) -> None:
        names = ["unit", "category", "places", "valid", "basis", "source_document", "source_section", "note"]
        copy_rows(
            AgreedPlaces,
            names,
            (
                (
                    self.units[a.unit],
                    a.category,
                    a.places,
                    period(a.start, a.end),
                    Basis.ASSUMPTION.value,
                    a.document,
                    a.section,
                    ASSUMED,
                )
                for a in agreements
            ),
        )

    def _write_places(self, places: Sequence[PlacePlan]) -> dict[str, int]:
        ids = dict(zip((p.code for p in places), reserve_ids(Place, len(places)), strict=True))
        self.counts["places"] += copy_rows(
            Place, ["id", "code", "category"], ((ids[p.code], p.code, p.category) for p in places)
        )
        copy_rows(
            PlaceTerm,
            ["place", "valid", "unit", "legal_basis", "target_group", "age_group"],
            (
                (
                    ids[place.code],
                    period(term.start, term.end),
                    self.units[term.unit],
                    self.bases[term.basis],
                    term.target_group,
                    term.age_group,
                )
                for place in places
                for term in place.terms
            ),
        )
        return ids

    def _write_citizens(self, citizens: Sequence[CitizenPlan], places: dict[str, int]) -> None:
        ids = reserve_ids(Citizen, len(citizens))
        cpr, address = _context("cpr"), _context("address")
        self.citizens |= zip((str(c.key) for c in citizens), ids, strict=True)
        self.counts["citizens"] += copy_rows(
            Citizen,
            [
                "id",
                "key",
                "first_name",
                "last_name",
                "sort_key",
                "cpr",
                "cpr_index",
                "birth_date",
                "address",
                "address_protected",
            ],
            (
                (
                    pk,
                    c.key,
                    c.first_name,
                    c.last_name,
                    name_sort_key(c.first_name, c.last_name),
                    None if c.cpr is None else encrypt(c.cpr, cpr),
                    None if c.cpr is None else blind_index(c.cpr, "cpr"),
                    c.birth_date,
                    encrypt(c.address, address),
                    c.address_protected,
                )
                for pk, c in zip(ids, citizens, strict=True)
            ),
        )
        copy_rows(
            MunicipalityRelation,
            ["citizen", "kind", "municipality", "valid"],
            (
                (pk, relation.kind, relation.municipality, period(relation.start, relation.end))
                for pk, c in zip(ids, citizens, strict=True)
                for relation in c.relations
            ),
        )
        self.counts["stays"] += copy_rows(
            Stay,
            [
                "key",
                "citizen",
                "place",
                "paying_municipality",
                "ordered_start",
                "ordered_end",
                "actual_start",
                "actual_end",
                "agreed_day_rate",
            ],
            (
                (
                    s.key,
                    pk,
                    places[s.place],
                    s.payer,
                    s.ordered_start,
                    s.ordered_end,
                    s.actual_start,
                    s.actual_end,
                    s.rate,
                )
                for pk, c in zip(ids, citizens, strict=True)
                for s in c.stays
            ),
        )

    def _write_positions(self, positions: Sequence[PositionPlan]) -> None:
        self.counts["positions"] += copy_rows(
            Position,
            ["code", "unit", "category", "title", "fte", "valid"],
            (
                (p.code, self.units[p.unit], p.category, p.title, p.fte, period(p.start, p.end))
                for p in positions
            ),
        )
