"""The report as a tagged PDF (PDF/UA-1) of A4 pages, set by typst.

The report is handed over as data and never as markup, so no text of a plan can be read as commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from roedtraad.core import danish
from roedtraad.design.pdf import set_pdf
from roedtraad.steering.report.build import Report, ReportFigure

_TEMPLATE = Path(__file__).parent / "maalbillede.typ"


def pdf_of(report: Report) -> bytes:
    """The report as a PDF. The same report gives the same bytes on the same day."""
    return set_pdf(_TEMPLATE, _content(report))


def _content(report: Report) -> dict[str, Any]:
    """Everything the page shows, in Danish words; numbers only where a length is drawn from them."""
    return {
        "lang": (get_language() or "da")[:2],
        "title": report.title,
        "unit": report.unit,
        "vision": report.vision,
        "plan": report.plan,
        "as_of": _("Opgjort pr. %(day)s") % {"day": danish.day(report.as_of)},
        "made_on": _("Dannet %(day)s") % {"day": danish.day(report.made_on)},
        "example": _("Eksempeldata") if report.example_data else "",
        "words": {
            "tracks": _("Spor og mærker"),
            "indicators": _("Indikatorer"),
            "units": _("Enhederne"),
            "unit": _("Enhed"),
            "value": _("Værdi"),
            "target": _("Mål"),
            "numerator": _("Tæller"),
            "denominator": _("Nævner"),
            "persons": _("Borgere"),
            "state": _("Status"),
            "definitions": _("Definitioner og kilder"),
            "meaning": _("Det betyder"),
            "formula": _("Sådan regnes det"),
            "source": _("Kilde"),
            "years": _("Udvikling"),
            "year": _("År"),
            "indicator": _("Indikator"),
            "page": _("Side"),
            "bar": _("Streg: mål"),
        },
        "tracks": [
            {
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
                "total": _figure(row.total),
                "sentence": row.sentence,
                "definition": row.definition,
                "formula": f"{row.numerator_words} ÷ {row.denominator_words}",
                "document": f"{_('Dokument')} {row.document}" if row.document else "",
                "years": [
                    {"year": year, "value": danish.percent(value) if value is not None else "–",
                     "length": float(value) if value is not None else 0}
                    for year, value in row.years
                ],
                "units": [_figure(unit) for unit in row.units],
            }
            for row in report.indicators
        ],
        "protection": report.protection if report.hides else "",
    }  # fmt: skip


def _figure(row: ReportFigure) -> dict[str, Any]:
    counts = {"numerator": row.numerator, "denominator": row.denominator, "persons": row.persons}
    return {
        "name": row.name,
        "value": row.value_words,
        "target": row.target_words,
        "length": float(row.value) if row.value is not None else 0,
        "goal": float(row.target) if row.target is not None else 0,
        "state": row.state,
        "word": row.state_word,
        **{name: danish.number(count) if count is not None else "–" for name, count in counts.items()},
    }
