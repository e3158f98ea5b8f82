"""Documents on paper: tagged PDF (PDF/UA-1) of A4 pages, set by typst with the house's own letters.

A document is a template beside the code that makes it, and data. The data are handed over as data and never as markup,
so no text that somebody has written can be read as commands. Templates begin with `#import "/design/typst/paper.typ": *`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

from roedtraad.design import typesetter

_HOUSE = Path(__file__).parent.parent
_FONTS = Path(__file__).parent / "static" / "vendor" / "dkfds" / "fonts"
# What stands for a letter that no font here has: PDF/UA takes no text that cannot be seen.
STAND_IN = "□"
_LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_MOST_TRIES = 40


class NotSetError(Exception):
    """A document could not be set; the message is typst's own."""


def set_pdf(template: Path, data: dict[str, Any], *, apart: bool = False) -> bytes:
    """The document as a PDF. The template reads `data` as `json(bytes(sys.inputs.data))`.

    Letters that no font of the house has (emoji, some writing of the world) are set as □, and a line at the end says so.
    `apart` sets it in a process that gives its memory back, for documents of hundreds of pages. NotSetError when the
    template or the data are wrong.
    """
    text = json.dumps(data, ensure_ascii=False)
    inputs = {"data": text}
    for _try in range(_MOST_TRIES):
        try:
            return _set_apart(template, inputs) if apart else _set_here(template, inputs)
        except NotSetError as error:
            lacking = _lacking(str(error))
            if not lacking:
                raise
            for letters in lacking:
                text = text.replace(letters, STAND_IN)
            inputs = {
                "data": text,
                "lacking": _("%(mark)s står for et tegn, som papiret ikke kan vise.") % {"mark": STAND_IN},
            }
    raise ValueError(_("Dokumentet har for mange tegn, som papiret ikke kan vise."))


def _set_here(template: Path, inputs: dict[str, str]) -> bytes:
    try:
        return typesetter.typeset(str(template), str(_HOUSE), str(_FONTS), inputs)
    except typst.TypstError as error:
        raise NotSetError(f"{error} {getattr(error, 'diagnostic', '')}") from error


def _set_apart(template: Path, inputs: dict[str, str]) -> bytes:
    told = {"template": str(template), "root": str(_HOUSE), "fonts": str(_FONTS), "inputs": inputs}
    done = subprocess.run(
        [sys.executable, "-m", "roedtraad.design.typesetter"],
        input=json.dumps(told).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode == typesetter.NOT_SET:
        raise NotSetError(done.stderr.decode())
    done.check_returncode()
    return done.stdout


def _lacking(said: str) -> set[str]:
    """The letters that an attempt could not show."""
    return {_ESCAPED.sub(lambda code: chr(int(code[1], 16)), found) for found in _LACKING.findall(said)} - {
        STAND_IN
    }
