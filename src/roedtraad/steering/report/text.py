"""The report as aligned text for a terminal, and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from roedtraad.core import danish
from roedtraad.steering.report.build import Report, ReportFigure, ReportIndicator

WIDTH = 96
_SHAPES = {"good": "●", "partly": "◐", "none": "○", "attention": "▲"}


def text_of(report: Report) -> str:
    """The report in lines of at most 96 characters, the figures aligned."""
    lines = [report.title, "=" * len(report.title), ""]
    if report.example_data:
        lines += [_("EKSEMPELDATA"), ""]
    if report.vision:
        lines += [*textwrap.wrap(f"»{report.vision}«", WIDTH), report.plan, ""]
    as_of = _("Enhed: %(unit)s. Opgjort pr. %(day)s.") % {
        "unit": report.unit, "day": danish.day(report.as_of),
    }  # fmt: skip
    lines += [as_of, ""]
    for track in report.tracks:
        lines += [f"{track.number}. {track.name.upper()}"]
        for statement in track.statements:
            lines += textwrap.wrap(statement, WIDTH, initial_indent="   – ", subsequent_indent="     ")
        for mark in track.marks:
            lines.append(f"   {mark.number:>2} {_SHAPES[mark.state]} {mark.title:<56} {mark.state_word}")
        lines.append("")
    for indicator in report.indicators:
        lines += _indicator_lines(indicator, report.unit)
    if report.hides:
        lines += [*textwrap.wrap(report.protection, WIDTH), ""]
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _indicator_lines(indicator: ReportIndicator, unit: str) -> list[str]:
    name = indicator.total.name
    lines = [name, "-" * len(name), *textwrap.wrap(indicator.sentence, WIDTH)]
    if indicator.units or indicator.total.value is not None:
        header = (_("Enhed"), _("Værdi"), _("Mål"), _("Tæller"), _("Nævner"), _("Borgere"), _("Status"))
        figures = [_cells(unit, indicator.total), *(_cells(row.name, row) for row in indicator.units)]
        lines += ["", *_aligned([header, *figures])]
    if indicator.years:
        lines += ["", "  ".join(f"{year}: {_number(value)}" for year, value in indicator.years)]
    lines += ["", *textwrap.wrap(f"{_('Det betyder')}: {indicator.definition}", WIDTH)]
    formula = f"{indicator.numerator_words} ÷ {indicator.denominator_words}"
    lines += textwrap.wrap(f"{_('Sådan regnes det')}: {formula}", WIDTH)
    if indicator.document:
        lines += textwrap.wrap(f"{_('Kilde')}: {_('dokument')} {indicator.document}", WIDTH)
    return [*lines, ""]


def _cells(name: str, row: ReportFigure) -> tuple[str, ...]:
    counts = (row.numerator, row.denominator, row.persons)
    shown = tuple("–" if count is None else danish.number(count) for count in counts)
    return (name, row.value_words, row.target_words, *shown, f"{_SHAPES[row.state]} {row.state_word}")


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    last = len(widths) - 1
    return [
        "  ".join(
            cell.ljust(width) if column in (0, last) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _number(value: Decimal | None) -> str:
    return "–" if value is None else danish.percent(value)


def json_of(report: Report) -> str:
    """The report as JSON with plain numbers; null where nothing may or can be shown."""
    return json.dumps(plain(report), ensure_ascii=False, indent=2) + "\n"


def plain(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "title": report.title,
        "year": report.year,
        "as_of": report.as_of.isoformat(),
        "made_on": report.made_on.isoformat(),
        "plan": report.plan,
        "vision": report.vision,
        "unit": report.unit,
        "example_data": report.example_data,
        "tracks": [
            {
                "number": track.number,
                "name": track.name,
                "statements": list(track.statements),
                "marks": [
                    {"number": mark.number, "title": mark.title, "state": mark.state, "word": mark.state_word}
                    for mark in track.marks
                ],
            }
            for track in report.tracks
        ],
        "indicators": [
            {
                "key": row.key,
                **_figure(row.total),
                "sentence": row.sentence,
                "provisional": row.provisional,
                "definition": row.definition,
                "numerator_words": row.numerator_words,
                "denominator_words": row.denominator_words,
                "source": row.document,
                "fed_by": row.source,
                "trend": [{"year": year, "value": _plain_number(value)} for year, value in row.years],
                "units": [_figure(unit) for unit in row.units],
            }
            for row in report.indicators
        ],
    }


def _figure(row: ReportFigure) -> dict[str, Any]:
    return {
        "name": row.name,
        "value": _plain_number(row.value),
        "target": _plain_number(row.target),
        "numerator": row.numerator,
        "denominator": row.denominator,
        "persons": row.persons,
        "state": row.state,
        "state_word": row.state_word,
        "hidden": row.hidden,
    }


def _plain_number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
