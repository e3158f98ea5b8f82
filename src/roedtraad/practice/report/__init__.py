"""A status report as it is shown: one content, on a page and on paper."""

from __future__ import annotations

from roedtraad.practice.report.pdf import pdf_of
from roedtraad.practice.report.shown import Shown, shown

__all__ = ["Shown", "pdf_of", "shown"]
