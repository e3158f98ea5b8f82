"""Data as the same files the import reads, row by row and only what the user may see."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.db import transaction
from django.db.models import Prefetch, QuerySet

from roedtraad.access import lookups
from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.period import Period
from roedtraad.core.sheets import safe_cell
from roedtraad.exchange.columns import words_of
from roedtraad.exchange.formats import FORMATS
from roedtraad.exchange.parsing import is_guarded
from roedtraad.exchange.rules import ROLES
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import PlaceTerm, UnitVersion
from roedtraad.organisation.models.places import AgeGroup, Category, TargetGroup
from roedtraad.organisation.models.unit import UnitKind

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

PART = "udtræk"
_CHUNK = 2_000
# The column of a formatted day in a workbook.
_DAY = "dd-mm-yyyy"

Row = list[Any]
Told = Callable[[str, int, int], None]


@dataclass
class Export:
    """An export of one kind. Without a user it is the operator's own, and holds everything.

    With `as_of` only what was in force that day; without it everything through time, as the import reads it back.
    """

    kind: str
    user: User | None = None
    as_of: dt.date | None = None
    with_cpr: bool = False
    citizens: set[int] = field(default_factory=set)

    def count(self) -> int:
        """About how many rows it will have. One SQL statement."""
        return self._queryset().count()

    def rows(self) -> Iterator[Row]:
        """The rows, a chunk at a time; whom they are about is gathered in `citizens`."""
        makers: dict[str, Callable[[Any], Iterable[Row]]] = {
            "enheder": self._unit,
            "pladser": self._place,
            "borgere": self._citizen,
            "ophold": self._stay,
        }
        maker = makers[self.kind]
        for thing in self._queryset().iterator(chunk_size=_CHUNK):
            yield from maker(thing)

    def write(self, path: Path, told: Told = lambda _phase, _done, _total: None) -> int:
        """Write the file (its ending says which sort) and the look-ups, in one transaction. Returns the rows."""
        with transaction.atomic():
            total = self.count()
            rows = _counted(self.rows(), total, told)
            headings = FORMATS[self.kind].headings
            written = (
                _write_xlsx(path, headings, rows)
                if path.suffix == ".xlsx"
                else _write_csv(path, headings, rows)
            )
            self._log()
        return written

    def _log(self) -> None:
        part = f"{PART} med CPR-numre" if self.with_cpr else PART
        people = sorted(self.citizens)
        for start in range(0, len(people), _CHUNK):
            chunk = people[start : start + _CHUNK]
            if self.user is None:
                lookups.record_system("kommandolinjen", chunk, part, "udtræk fra kommandolinjen")
            else:
                lookups.record(self.user, chunk, part)

    def _queryset(self) -> QuerySet[Any]:
        if self.kind == "enheder":
            found: QuerySet[Any] = UnitVersion.objects.select_related("unit", "parent").order_by(
                "unit__key", "valid"
            )
            return found.filter(valid__contains=self.as_of) if self.as_of else found
        if self.kind == "pladser":
            found = PlaceTerm.objects.select_related("place", "unit", "legal_basis").order_by(
                "place__code", "valid"
            )
            return found.filter(valid__contains=self.as_of) if self.as_of else found
        if self.kind == "borgere":
            people = Citizen.objects.visible_to(self.user) if self.user else Citizen.objects.all()
            relations = MunicipalityRelation.objects.order_by("valid")
            if self.as_of:
                relations = relations.filter(valid__contains=self.as_of)
            return people.order_by("sort_key", "pk").prefetch_related(
                Prefetch("municipality_relations", relations)
            )
        stays = Stay.objects.visible_to(self.user) if self.user else Stay.objects.all()
        if self.as_of:
            stays = stays.filter(planned__contains=self.as_of)
        return stays.select_related("citizen", "place").order_by("ordered_start", "pk")

    def _unit(self, version: UnitVersion) -> Iterable[Row]:
        valid = Period.from_range(version.valid)
        yield [
            version.unit.key,
            words_of(UnitKind)[version.kind],
            version.name,
            version.short_name,
            version.parent.key if version.parent else "",
            version.manager_title,
            version.municipality_id or "",
            version.sites,
            version.address,
            version.tasks,
            valid.start,
            valid.last,
        ]

    def _place(self, term: PlaceTerm) -> Iterable[Row]:
        valid = Period.from_range(term.valid)
        yield [
            term.place.code,
            words_of(Category)[term.place.category],
            term.unit.key,
            term.legal_basis.code,
            words_of(TargetGroup)[term.target_group],
            words_of(AgeGroup)[term.age_group],
            valid.start,
            valid.last,
        ]

    def _citizen(self, citizen: Citizen) -> Iterable[Row]:
        self.citizens.add(citizen.pk)
        person = [
            str(citizen.key),
            citizen.cpr if self.with_cpr else "",
            citizen.first_name,
            citizen.last_name,
            citizen.birth_date,
            "" if citizen.address_protected else citizen.address,
            "ja" if citizen.address_protected else "nej",
        ]
        said: dict[str, list[Row]] = {role: [] for role in ROLES}
        for relation in citizen.municipality_relations.all():
            valid = Period.from_range(relation.valid)
            said[relation.kind].append([relation.municipality_id, valid.start, valid.last])
        # At least one row, and one more for each further period of a role.
        lines = list(zip_longest(*said.values(), fillvalue=["", None, None])) or [([""] * 3,) * len(ROLES)]
        for line in lines:
            # Numbers of other systems are kept as fingerprints only.
            yield [*person, *(cell for cells in line for cell in cells), "", ""]

    def _stay(self, stay: Stay) -> Iterable[Row]:
        self.citizens.add(stay.citizen_id)
        yield [
            stay.key,
            str(stay.citizen.key),
            stay.place.code,
            stay.paying_municipality_id,
            stay.ordered_start,
            stay.ordered_end,
            stay.actual_start,
            stay.actual_end,
            stay.agreed_day_rate,
            stay.withdrawn_at.astimezone(COPENHAGEN).date() if stay.withdrawn_at else None,
        ]


def _counted(rows: Iterable[Row], total: int, told: Told) -> Iterator[Row]:
    for done, row in enumerate(rows, start=1):
        if done % _CHUNK == 1:
            told("skriver", done - 1, max(total, done))
        yield row


def _write_csv(path: Path, headings: list[str], rows: Iterable[Row]) -> int:
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(headings)
        for row in rows:
            writer.writerow([_csv_cell(value) for value in row])
            written += 1
    return written


def _safe(value: Any) -> Any:
    # A text that already begins with an apostrophe gets one more, so that the import takes the right one off.
    already = isinstance(value, str) and value.startswith("'") and is_guarded(value)
    return f"'{safe_cell(value)}" if already else safe_cell(value)


def _csv_cell(value: Any) -> Any:
    cell = _safe(value)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell if isinstance(cell, str) else str(cell).replace(".", ",")


def _write_xlsx(path: Path, headings: list[str], rows: Iterable[Row]) -> int:
    written = 0
    options = {
        # Rows go to the disk as they come.
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Data")
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": _DAY})
        sheet.set_column(0, len(headings) - 1, 18)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, headings, bold)
        for written, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(written, column, dt.datetime.combine(value, dt.time()), day)
                elif value not in (None, ""):
                    sheet.write(written, column, _safe(value))
    return written
