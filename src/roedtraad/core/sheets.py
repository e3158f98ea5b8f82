"""Tables as files: CSV as Danish Excel opens it, and real Excel workbooks.

CSV is UTF-8 with a byte order mark, semicolons between the cells and a comma in decimals. A text that begins
with = + - @ (or a tab or line break) is prefixed with an apostrophe, so that no cell of ours can run as a
formula in the reader's spreadsheet; `unescaped` takes the apostrophe off again on the way in.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
# XML, and so a workbook, cannot hold these.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDEST = 60
_NARROWEST = 8

Cells = Sequence[Any]


def safe_cell(value: Any) -> Any:
    """The value as it may stand in a file: texts that a spreadsheet would run get an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal | dt.date):
        return value
    text = _CONTROL.sub("", str(value))
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def unescaped(text: str) -> str:
    """The text as it was before `safe_cell`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGEROUS) else text


def csv_text(header: Cells, rows: Iterable[Cells]) -> str:
    """The table as CSV, without the byte order mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([_csv_cell(value) for value in header])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return buffer.getvalue()


def xlsx_bytes(header: Cells, rows: Iterable[Cells], *, sheet: str = "Data") -> bytes:
    """The table as a workbook with one sheet: bold frozen header, filter, real dates and numbers."""
    buffer = io.BytesIO()
    # Strings stay strings: no formula, number or link is guessed from a text.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        page = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        date_format = book.add_format({"num_format": "dd-mm-yyyy"})
        widths = [len(str(title)) for title in header]
        page.write_row(0, 0, [safe_cell(title) for title in header], bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                cell = safe_cell(value)
                if isinstance(cell, dt.datetime):
                    page.write_datetime(last, column, cell.replace(tzinfo=None), date_format)
                elif isinstance(cell, dt.date):
                    page.write_datetime(last, column, dt.datetime.combine(cell, dt.time()), date_format)
                else:
                    page.write(last, column, cell)
                if column < len(widths):
                    widths[column] = max(widths[column], len(str(cell)))
        for column, width in enumerate(widths):
            page.set_column(column, column, min(max(width, _NARROWEST), _WIDEST) + 1)
        page.freeze_panes(1, 0)
        if widths:
            page.autofilter(0, 0, last, len(widths) - 1)
    return buffer.getvalue()


def csv_response(filename: str, header: Cells, rows: Iterable[Cells]) -> HttpResponse:
    """The table as a CSV file to save. `filename` without ending."""
    body = "\ufeff" + csv_text(header, rows)
    return _attachment(body.encode(), "text/csv; charset=utf-8", f"{filename}.csv")


def xlsx_response(filename: str, header: Cells, rows: Iterable[Cells]) -> HttpResponse:
    """The table as an Excel file to save. `filename` without ending."""
    return _attachment(xlsx_bytes(header, rows), XLSX, f"{filename}.xlsx")


def sheet_response(kind: str, filename: str, header: Cells, rows: Iterable[Cells]) -> HttpResponse | None:
    """The table as the kind of file asked for ("csv" or "xlsx"), None for anything else."""
    if kind == "csv":
        return csv_response(filename, header, rows)
    return xlsx_response(filename, header, rows) if kind == "xlsx" else None


def _attachment(body: bytes, content_type: str, filename: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{re.sub(r"[^A-Za-z0-9._-]", "-", filename)}"'
    return response


def _csv_cell(value: Any) -> Any:
    cell = safe_cell(value)
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, float | Decimal):
        return str(cell).replace(".", ",")
    return cell.isoformat() if isinstance(cell, dt.date) else cell
