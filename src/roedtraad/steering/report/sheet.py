"""The report as a workbook: the figures, the marks, and the definitions."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from roedtraad.core import danish
from roedtraad.core.sheets import safe_cell
from roedtraad.steering.report.build import Report, ReportFigure, ReportIndicator

Rows = list[list[Any]]


def table_of(report: Report) -> tuple[list[str], Rows]:
    """The figures as one flat table: a row for the unit and for each unit below, for each indicator."""
    header = [
        _("År"), _("Indikator"), _("Enhed"), _("Værdi, pct."), _("Mål, pct."),
        _("Tæller"), _("Nævner"), _("Borgere"), _("Status"), _("Foreløbig"),
    ]  # fmt: skip
    rows = [
        _row(report, indicator, figure, report.unit if figure is indicator.total else figure.name)
        for indicator in report.indicators
        for figure in (indicator.total, *indicator.units)
    ]
    return header, rows


def _row(report: Report, indicator: ReportIndicator, figure: ReportFigure, name: str) -> list[Any]:
    return [
        report.year,
        indicator.total.name,
        name,
        float(figure.value) if figure.value is not None else None,
        float(figure.target) if figure.target is not None else None,
        figure.numerator,
        figure.denominator,
        figure.persons,
        figure.state_word,
        _("ja") if indicator.provisional else _("nej"),
    ]


def workbook_of(report: Report) -> bytes:
    """Four sheets: figures, years, marks and definitions."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": report.title, "subject": report.vision})
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        tenth = book.add_format({"num_format": "0.0", "valign": "top"})
        whole = book.add_format({"num_format": "#,##0", "valign": "top"})
        for name, header, rows, widths in _sheets(report):
            page = book.add_worksheet(name)
            page.write_row(0, 0, [safe_cell(title) for title in header], bold)
            for line, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    cell = safe_cell(value)
                    is_count = isinstance(cell, int) and cell > 9999
                    look = tenth if isinstance(cell, float) else whole if is_count else wrap
                    page.write(line, column, cell, look)
            for column, width in enumerate(widths):
                page.set_column(column, column, width)
            page.freeze_panes(1, 0)
            page.set_landscape()
            page.fit_to_pages(1, 0)
            if report.example_data:
                page.set_footer(f"&L{_('Eksempeldata')}")
    return buffer.getvalue()


def _sheets(report: Report) -> list[tuple[str, list[str], Rows, list[int]]]:
    header, rows = table_of(report)
    years: Rows = [
        [indicator.total.name, year, float(value) if value is not None else None]
        for indicator in report.indicators
        for year, value in indicator.years
    ]
    marks: Rows = [
        [track.name, mark.number, mark.title, mark.state_word]
        for track in report.tracks
        for mark in track.marks
    ]
    definitions: Rows = [
        [
            indicator.total.name,
            indicator.definition,
            f"{indicator.numerator_words} ÷ {indicator.denominator_words}",
            indicator.document,
        ]
        for indicator in report.indicators
    ]
    definitions.append([_("Små grupper"), report.protection, "", ""])
    definitions.append([_("Opgjort pr."), danish.day(report.as_of), "", ""])
    if report.example_data:
        definitions.append(
            [_("Eksempeldata"), _("Tallene er opdigtede og kan ikke bruges til andet."), "", ""]
        )
    return [
        (_("Tal"), header, rows, [8, 28, 34, 12, 12, 12, 12, 10, 22, 10]),
        (_("Udvikling"), [_("Indikator"), _("År"), _("Værdi, pct.")], years, [28, 8, 14]),
        (_("Målbillede"), [_("Spor"), _("Nummer"), _("Mærke"), _("Status")], marks, [34, 10, 44, 24]),
        (
            _("Definitioner"),
            [_("Indikator"), _("Det betyder"), _("Sådan regnes det"), _("Kilde")],
            definitions,
            [28, 60, 60, 44],
        ),
    ]
