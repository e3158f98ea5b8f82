"""Setting pages: the one place where this app asks for a PDF to be made."""

from __future__ import annotations

from pathlib import Path

import typst

from roedtraad.steering.report.pdf import _FONTS


def compiled(template: Path, inputs: dict[str, str]) -> bytes:
    """A template as PDF/UA-1, set with the house's own fonts alone."""
    return typst.compile(
        template,
        root=template.parent,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards=["ua-1"],
        format="pdf",
    )
