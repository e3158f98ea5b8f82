"""The yearly report of the target picture: one set of figures, four forms.

render(report(2019), "text")
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from roedtraad.core.sheets import XLSX
from roedtraad.steering.report.build import Report, report, report_of
from roedtraad.steering.report.pdf import pdf_of
from roedtraad.steering.report.sheet import workbook_of
from roedtraad.steering.report.text import json_of, text_of

__all__ = ["FORMATS", "Format", "Report", "render", "report", "report_of"]


@dataclass(frozen=True)
class Format:
    """A form the report can take: who makes it, and how it is named and served as a file."""

    make: Callable[[Report], str | bytes]
    content_type: str
    ending: str


FORMATS = {
    "text": Format(text_of, "text/plain; charset=utf-8", "txt"),
    "json": Format(json_of, "application/json", "json"),
    "pdf": Format(pdf_of, "application/pdf", "pdf"),
    "xlsx": Format(workbook_of, XLSX, "xlsx"),
}


def render(content: Report, fmt: str) -> str | bytes:
    """The report as `text` or `json` (str), `pdf` or `xlsx` (bytes). ValueError for any other form."""
    if fmt not in FORMATS:
        raise ValueError(
            _("Rapporten findes ikke som »%(format)s«. Vælg en af %(formats)s.")
            % {"format": fmt, "formats": ", ".join(FORMATS)}
        )
    return FORMATS[fmt].make(content)
