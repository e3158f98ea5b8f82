"""Opens a spreadsheet and gives its rows one at a time, never the whole file.

CSV may be UTF-8 (with or without byte order mark), UTF-16 with one, or Windows-1252, with semicolons, commas or
tabs; a workbook is read from its first sheet. Row numbers are those of the sheet: the headings are row 1.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import puremagic
from openpyxl import load_workbook

from roedtraad.exchange.columns import Column, Format
from roedtraad.exchange.parsing import Cell, as_text, shown
from roedtraad.exchange.refusals import FileRefused
from roedtraad.exchange.workbooks import BROKEN, NO_SHEET, inspect

__all__ = ["LARGEST", "FileRefused", "Table", "opened"]

LARGEST = 50 * 1024 * 1024
# Below this, puremagic goes by two or three letters, and a heading may well begin with them.
_SURE = 0.4
_PAPERS = {"application/pdf", "application/rtf", "text/rtf"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_CHUNK = 1024 * 1024
# The longest note, with room for the signs around it.
_LONGEST_CELL = 25_000
_MOST_COLUMNS = 200
# All cells of a row together, in signs.
_LONGEST_ROW = 1_000_000
# The last row a workbook can have; a part may name any number.
_LAST_ROW = 1_048_576


@dataclass(frozen=True)
class Table:
    """An opened file: the columns it has, about how many rows, and the rows as they come.

    Each row is its number in the sheet and its cells by column name; empty rows are left out.
    """

    present: frozenset[str]
    total: int
    rows: Iterator[tuple[int, dict[str, Cell]]]


@contextmanager
def opened(path: Path, form: Format) -> Iterator[Table]:
    """The file's rows as `form` describes them. FileRefused when it is something else."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("Filen er tom. Vælg en fil med overskrifter og mindst én række.")
    if size > LARGEST:
        raise FileRefused(
            f"Filen fylder mere end {LARGEST // 1024 // 1024} MB. Del den i flere filer, eller gem den som CSV."
        )
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLD_OFFICE:
        raise FileRefused(
            "Filen er beskyttet med adgangskode eller gemt i det gamle Excel-format (.xls). "
            "Fjern adgangskoden, og gem den som .xlsx eller CSV."
        )
    if start.startswith(_ZIP):
        with _workbook_rows(path) as (total, rows):
            yield _table(form, total, rows)
    else:
        _refuse_other_kinds(path)
        with _csv_rows(path) as (total, rows):
            yield _table(form, total, rows)


def _refuse_other_kinds(path: Path) -> None:
    """A picture or a paper is told as what it is, by its first bytes; a text has none that say what it is."""
    try:
        kinds = {found.mime_type for found in puremagic.magic_file(path) if found.confidence >= _SURE}
    except (puremagic.PureError, ValueError, OSError):
        return
    if kinds & _PAPERS:
        raise FileRefused(
            "Filen er et dokument, ikke et regneark. Vælg en CSV-fil eller en Excel-fil (.xlsx)."
        )
    if any(kind.startswith(("image/", "video/", "audio/")) for kind in kinds):
        raise FileRefused(
            "Filen er et billede eller en optagelse, ikke et regneark. Vælg en CSV- eller Excel-fil."
        )


def _table(form: Format, total: int, rows: Iterator[Sequence[Cell]]) -> Table:
    try:
        headings = next(rows)
    except StopIteration:
        raise FileRefused("Filen er tom. Vælg en fil med overskrifter og mindst én række.") from None
    names = _columns(form, headings)
    return Table(frozenset(name for name in names if name), total, _numbered(names, rows))


def _numbered(names: list[str], rows: Iterator[Sequence[Cell]]) -> Iterator[tuple[int, dict[str, Cell]]]:
    for number, cells in enumerate(rows, start=2):
        row = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        if any(cell is not None and cell != "" for cell in row.values()):
            # A row may end before the last column.
            yield number, {name: row.get(name) for name in names if name}


def _columns(form: Format, headings: Sequence[Cell]) -> list[str]:
    """The column name of each heading, "" for an empty one. FileRefused for headings that do not fit."""
    by_heading = {column.heading: column for column in form.columns}
    found: list[str] = []
    unknown: list[str] = []
    for cell in headings[:_MOST_COLUMNS]:
        heading = " ".join(as_text(cell).replace("\ufeff", "").casefold().split())
        column = by_heading.get(heading)
        if heading and column is None:
            unknown.append(heading)
        found.append(column.name if column else "")
    missing = [column for column in form.columns if column.required and column.name not in found]
    if len(missing) == len([column for column in form.columns if column.required]):
        raise FileRefused(
            f"Det ligner ikke en fil med {form.words.casefold()}: ingen af overskrifterne passer. "
            f"Første række skal have overskrifterne {_quoted(form.headings)}."
        )
    if missing:
        raise FileRefused(
            f"Filen mangler {_plural(missing)}. Hent den tomme skabelon, og se overskrifterne der."
        )
    if unknown:
        raise FileRefused(_unknown(unknown, form))
    doubled = sorted({name for name in found if name and found.count(name) > 1})
    if doubled:
        raise FileRefused(f"Kolonnen »{form.column(doubled[0]).heading}« står der to gange. Slet den ene.")
    return found


def _unknown(unknown: list[str], form: Format) -> str:
    near = difflib.get_close_matches(unknown[0], form.headings, n=1)
    hint = f" Mente du »{near[0]}«?" if near else ""
    return f"Kender ikke kolonnen »{shown(unknown[0])}«.{hint} Ret overskriften, eller slet kolonnen."


def _plural(missing: list[Column]) -> str:
    names = _quoted([column.heading for column in missing])
    return f"kolonnen {names}" if len(missing) == 1 else f"kolonnerne {names}"


def _quoted(headings: Sequence[str]) -> str:
    return ", ".join(f"»{heading}«" for heading in headings)


@contextmanager
def _csv_rows(path: Path) -> Iterator[tuple[int, Iterator[Sequence[Cell]]]]:
    encoding, lines = _encoding(path)
    with path.open("r", encoding=encoding, newline="") as file:
        sample = file.readline(100_000)
        delimiter = max(";,\t", key=sample.count)
        file.seek(0)
        yield max(lines - 1, 0), _csv_records(file, delimiter)


def _csv_records(file: io.TextIOBase | Any, delimiter: str) -> Iterator[Sequence[Cell]]:
    csv.field_size_limit(_LONGEST_CELL)
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        lines.taken = 0
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise FileRefused(
                f"Række {number} kan ikke læses: en celle er meget lang, eller et anførselstegn er ikke afsluttet."
            ) from None


class _Lines:
    """The lines of a text, counted by `taken`; csv.Error when one row takes more than a row can have.

    A row may go over many lines, so it is not enough to look at one.
    """

    def __init__(self, file: io.TextIOBase | Any) -> None:
        self.file = file
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line: str = self.file.readline(_LONGEST_ROW)
        self.taken += len(line)
        if self.taken >= _LONGEST_ROW:
            raise csv.Error
        if not line:
            raise StopIteration
        return line


def _encoding(path: Path) -> tuple[str, int]:
    """How the text is written, and how many lines it has. FileRefused when it is no text at all."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", _valid_lines(path, "utf-16")
    try:
        return "utf-8-sig", _valid_lines(path, "utf-8-sig")
    except UnicodeDecodeError:
        pass
    return "cp1252", _valid_lines(path, "cp1252")


def _valid_lines(path: Path, encoding: str) -> int:
    # Five bytes mean nothing in Windows-1252; a text with them is no text.
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                text = decoder.decode(chunk)
                if "\x00" in text:
                    raise FileRefused(NO_SHEET)
                lines += text.count("\n")
            lines -= 0 if decoder.decode(b"", final=True) else 1
    except UnicodeDecodeError:
        if encoding == "utf-8-sig":
            raise
        raise FileRefused(NO_SHEET) from None
    return lines


@contextmanager
def _workbook_rows(path: Path) -> Iterator[tuple[int, Iterator[Sequence[Cell]]]]:
    inspect(path)
    # By its content: a stored file's ending says nothing.
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            # Some programs write a size of the sheet that is not true.
            stated = sheet.max_row or 0
            sheet.reset_dimensions()
        except Exception as error:  # the library raises whatever the broken part made it stumble over
            raise FileRefused(BROKEN) from error
        try:
            yield max(stated - 1, 0), _sheet_rows(sheet)
        finally:
            book.close()


def _sheet_rows(sheet: Any) -> Iterator[Sequence[Cell]]:
    rows = _bounded_rows(sheet)
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except Exception as error:  # as above: a broken part shows itself only when it is reached
            raise FileRefused(BROKEN) from error


def _bounded_rows(sheet: Any) -> Iterator[Sequence[Cell]]:
    """No further right than the headings: a cell may say that it stands in column XFD of row ten million."""
    headings: Sequence[Cell] = next(sheet.iter_rows(max_row=1, values_only=True), ())
    width = max((n for n, cell in enumerate(headings, start=1) if cell not in (None, "")), default=1)
    yield from sheet.iter_rows(max_col=min(width, _MOST_COLUMNS), max_row=_LAST_ROW, values_only=True)
