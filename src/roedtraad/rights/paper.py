"""The archive's pages: tagged PDF (PDF/UA-1) of A4, set by typst.

What is given out is handed over as data and never as markup, so that no note can be read as commands. One file for
nearly everybody; who has more rows than `A_VOLUME` gets them in volumes, so that memory does not grow with the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

from roedtraad.core import clock, danish
from roedtraad.design.pdf import set_pdf
from roedtraad.rights.catalogue import GIVEN

if TYPE_CHECKING:
    from roedtraad.rights.archive import Contents
    from roedtraad.rights.models import Receipt

_HERE = Path(__file__).parent
A_VOLUME = 1_000


class Counted(Protocol):
    """Who is told of each row."""

    def one(self) -> None:
        """One more row is done."""


def volumes(contents: Contents, counted: Counted) -> Iterator[tuple[str, bytes]]:
    """The volumes as (name, PDF), each set when the one before has been taken."""
    number, held, sections = 0, 0, [_empty_section("", "")]
    pending: tuple[int, list[dict[str, Any]]] | None = None
    for part in GIVEN:
        left = "; ".join(contents.bases(part))
        sections.append(_empty_section(str(part.title), left))
        for kind, found in (("", contents.given), (_("Tidligere udgave"), contents.former)):
            for row in found(part):
                if not kind:
                    counted.one()
                sections[-1]["rows"].append({"kind": kind, "lines": [list(line) for line in row.lines]})
                held += 1
                if held >= A_VOLUME:
                    if pending is not None:
                        yield _volume(contents, *pending, last=False)
                    number += 1
                    pending = (number, sections)
                    held, sections = 0, [_empty_section(str(part.title), left)]
    if pending is not None:
        if any(section["rows"] for section in sections):
            yield _volume(contents, *pending, last=False)
            number += 1
            pending = (number, sections)
        yield _volume(contents, *pending, last=True)
    else:
        yield _volume(contents, 0, sections, last=True)


def _empty_section(title: str, left_out: str) -> dict[str, Any]:
    return {"title": title, "left_out": left_out, "rows": []}


def _volume(
    contents: Contents, number: int, sections: list[dict[str, Any]], *, last: bool
) -> tuple[str, bytes]:
    """One volume; number 0 is the only one there is."""
    request = contents.request
    volume = _("Bind %(number)s") % {"number": number} if number else ""
    data = {
        "title": _("Alt, vi har om dig"),
        "who": str(request.citizen),
        "volume": volume + (_(" (sidste)") if number and last else ""),
        "made": _("Dannet %(day)s") % {"day": danish.day(clock.today())},
        "intro": _(
            "Her står alt, Rødtråd har om borgeren. Det samme står i filen indsigt.json, som en computer kan læse. "
            "Billeder og lyd ligger i mappen bilag."
        ),
        "words": {
            "page": _("Side"),
            "nothing": _("Ingen oplysninger"),
            "left_out": _("Noget er udeladt efter"),
            "went_on": _("Fortsættes i næste bind"),
        },
        "sections": [section for section in sections if section["title"]],
        "last": last,
    }
    name = f"indsigt-{number:03}.pdf" if number else "indsigt.pdf"
    return name, set_pdf(_HERE / "indsigt.typ", data, apart=True)


def receipt_pdf(receipt: Receipt, facts: list[tuple[str, str]], lines: list[list[str]]) -> bytes:
    """A receipt for a deletion on one page: facts as (label, text), and the lines of its table with their head."""
    data = {
        "title": _("Kvittering for sletning nr. %(number)s") % {"number": receipt.number},
        "facts": [list(fact) for fact in facts],
        "lines": lines,
        "words": {"page": _("Side")},
    }
    return set_pdf(_HERE / "kvittering.typ", data)
