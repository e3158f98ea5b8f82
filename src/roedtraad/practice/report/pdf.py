"""A status report on paper: a tagged PDF (PDF/UA-1), made from what the report holds and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from roedtraad.core import clock, danish
from roedtraad.design.pdf import set_pdf
from roedtraad.practice.report.shown import LANGUAGE, GoalFigure, Shown

_TEMPLATE = Path(__file__).parent / "statusrapport.typ"


def pdf_of(report: Shown) -> bytes:
    """The report as a PDF. An approved report gives the same bytes on any day."""
    with translation.override(LANGUAGE):
        return set_pdf(_TEMPLATE, _content(report))


def _content(report: Shown) -> dict[str, Any]:
    """Everything the paper shows, in words; numbers only where something is drawn from them."""
    day = report.approved_at.astimezone(clock.COPENHAGEN).date() if report.approved_at else None
    return {
        "title": report.title,
        "period": report.period,
        "note": report.note,
        "facts": report.facts,
        "made": [day.year, day.month, day.day] if day else [],
        "parts": [
            {"key": part.key, "heading": part.heading, "paragraphs": [one.text for one in part.paragraphs]}
            for part in report.parts
        ],
        "goals": [_goal(goal) for goal in report.goals],
        "efforts": [
            {
                "name": one.name,
                "planned": danish.number(one.planned),
                "delivered": danish.number(one.delivered),
                "share": one.share,
            }
            for one in report.efforts
        ],
        "sources": report.sources,
        "signed": report.signed,
        "seal": report.seal,
        "words": {
            "page": _("Side"),
            "about": _("Om rapporten"),
            "sources": _("Det bygger rapporten på"),
            "seal": _("Segl"),
            "seal_note": _("Rapporten kan ikke ændres uden at seglet bliver et andet."),
            "day": _("Dag"),
            "who": _("Hvem"),
            "level": _("Trin"),
            "means": _("Det betyder"),
            "effort": _("Indsats"),
            "planned": _("Planlagt, minutter"),
            "delivered": _("Givet, minutter"),
            "share": _("Andel"),
        },
    }


def _goal(goal: GoalFigure) -> dict[str, Any]:
    """A goal with its ratings; the curve as lines of points across and up, the drawing's sides being 1."""
    chart = goal.chart
    lines = []
    if chart is not None:
        wide = chart.right - chart.left
        for line in chart.lines:
            dots = [[round((dot.x - chart.left) / wide, 4), dot.level] for dot in line.dots]
            lines.append({"name": line.name, "dots": dots})
    return {
        "title": goal.title,
        "kind": goal.kind,
        "outcome": goal.outcome,
        "state": goal.state,
        "lines": [line for line in lines if line["dots"]],
        "ratings": [
            {"day": danish.day(one.day), "who": one.who, "level": one.sign, "words": one.words}
            for one in goal.ratings
        ],
    }
