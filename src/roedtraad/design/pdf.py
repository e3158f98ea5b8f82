"""Documents on paper: tagged PDF (PDF/UA-1) of A4 pages, set by typst with the house's own letters.

A document is a template beside the code that makes it, and data. The data are handed over as data and never as markup,
so no text that somebody has written can be read as commands. Templates begin with `#import "/design/typst/paper.typ": *`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

_HOUSE = Path(__file__).parent.parent
_FONTS = Path(__file__).parent / "static" / "vendor" / "dkfds" / "fonts"


def set_pdf(template: Path, data: dict[str, Any]) -> bytes:
    """The document as a PDF. The template reads `data` as `json(bytes(sys.inputs.data))`."""
    return typst.compile(
        template,
        root=_HOUSE,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        format="pdf",
    )
