"""Rows of the fixture files, read with care: whatever is wrong is told with file and row number."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from psycopg.types.range import DateRange

from roedtraad.core.period import Period
from roedtraad.organisation.models.base import Basis

FIXTURES = Path(__file__).parent / "fixtures"
# Figures the documents state and the product computes for itself: read by the synthetic year and by tests.
STATED = ("agreement_facts", "staffing_facts", "turnover_facts", "usage_facts")

Found = TypeVar("Found")


class LoadingError(ValueError):
    """A file cannot be loaded; the message is a Danish sentence that names file and row."""


@dataclass(frozen=True)
class Row:
    """One row of a file."""

    file: str
    number: int
    values: Mapping[str, str]

    def wrong(self, what: str) -> LoadingError:
        """The error that says what is wrong with this row."""
        return LoadingError(f"{self.file}, række {self.number} {what}.")

    def text(self, column: str) -> str:
        """The cell without surrounding blanks; empty when the file has no such column."""
        return (self.values.get(column) or "").strip()

    def needed(self, column: str) -> str:
        """A cell that must not be empty."""
        if not self.text(column):
            raise self.wrong(f"mangler {column}")
        return self.text(column)

    def choice(self, column: str, allowed: Collection[str]) -> str:
        """A cell that must be one of `allowed`."""
        value = self.needed(column)
        if value not in allowed:
            raise self.wrong(f"har {column} »{value}«; det skal være en af {', '.join(allowed)}")
        return value

    def found(self, column: str, among: Mapping[str, Found]) -> Found:
        """What the cell points to."""
        value = self.needed(column)
        if value not in among:
            raise self.wrong(f"peger med {column} på »{value}«, som ikke findes")
        return among[value]

    def integer(self, column: str) -> int:
        """A whole number, not negative."""
        value = self.needed(column)
        if not value.isdecimal():
            raise self.wrong(f"har {column} »{value}«, som ikke er et helt tal")
        return int(value)

    def decimal(self, column: str) -> Decimal:
        """A number with a decimal point."""
        value = self.needed(column)
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise self.wrong(f"har {column} »{value}«, som ikke er et tal")
        return number

    def decimal_or_none(self, column: str) -> Decimal | None:
        """A number, or None for an empty cell."""
        return self.decimal(column) if self.text(column) else None

    def date(self, column: str) -> dt.date:
        """An ISO date."""
        value = self.needed(column)
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise self.wrong(f"har {column} »{value}«, som ikke er en dato (ÅÅÅÅ-MM-DD)") from None

    def period(self) -> DateRange:
        """The half-open period of valid_from and valid_to."""
        end = self.date("valid_to") if self.text("valid_to") else None
        try:
            return Period(self.date("valid_from"), end).to_range()
        except LoadingError:
            raise
        except ValueError as error:
            raise self.wrong(f"har en periode, der ikke går op: {error}") from error

    def source(self) -> dict[str, Any]:
        """Document, section, note and what the row rests on.

        Where the period is chosen and not stated, the row counts as an assumption, whatever else in it is
        documented: a reader must know that the day may be another.
        """
        document = self.needed("document")
        basis = self.text("basis") or self.text("date_basis")
        if not basis:
            basis = Basis.ASSUMPTION if document == "K" else Basis.DOCUMENT
        if basis not in Basis.values:
            raise self.wrong(f"har basis »{basis}«; det skal være en af {', '.join(Basis.values)}")
        return {
            "basis": basis,
            "source_document": document,
            "source_section": self.text("section"),
            "note": self.text("note"),
        }


def read(folder: Path, name: str) -> list[Row]:
    """All rows of `<name>.csv` in `folder`; LoadingError when there is no such file or it is empty."""
    path = folder / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            # The first row after the header is row 2, as a spreadsheet numbers it.
            rows = [Row(path.name, number, values) for number, values in enumerate(reader, start=2)]
    except FileNotFoundError:
        raise LoadingError(f"Filen {name}.csv findes ikke.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise LoadingError(f"Filen {name}.csv kan ikke læses som en UTF-8-tabel.") from error
    if not rows:
        raise LoadingError(f"Filen {name}.csv har ingen rækker.")
    for row in rows:
        if None in row.values or any(value is None for value in row.values.values()):
            raise row.wrong("har et andet antal kolonner end overskriften")
    return rows


def stated_facts(name: str, folder: Path = FIXTURES) -> list[dict[str, str]]:
    """The rows of one of the files in `STATED`, as texts. ValueError for any other name."""
    if name not in STATED:
        raise ValueError(f"»{name}« er ikke en fil med oplyste tal: {', '.join(STATED)}.")
    return [dict(row.values) for row in read(folder, name)]
