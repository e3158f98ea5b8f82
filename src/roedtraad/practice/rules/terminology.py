"""The conditions of KL's Fælles Faglige Begreber (FFB), read from a file as one list of themes. Pure.

The file is a table with one row a concept: its code, its words, the code of the concept above, and a definition. The
conditions stand under one root, in areas, themes and conditions; only the themes and the conditions are taken over.
The terminology itself is not part of the product.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from roedtraad.core.refusal import Refusal

ROOT = "FFB tilstande"
ACTIVITY = "Aktivitet og deltagelse"
COLUMNS = ("code", "display", "parent", "definition")
LONGEST_CODE = 60
LONGEST_NAME = 160


@dataclass(frozen=True, slots=True)
class Concept:
    """A theme, or (with `parent`, the code of its theme) a condition of one."""

    code: str
    name: str
    definition: str
    parent: str
    is_activity: bool


def read_ffb(raw: bytes) -> list[Concept]:
    """The themes of the file, each followed by its conditions, in the order of the file.

    Refusal, naming the row, for what is not such a file. Nothing of a faulty file is used.
    """
    rows = _rows(raw)
    by_parent: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_parent.setdefault(row["parent"], []).append(row)
    root = next((row for row in by_parent.get("", []) if row["display"] == ROOT), None)
    if root is None:
        raise Refusal(f"Filen har ikke begrebet »{ROOT}«. Se efter, om det er filen med FFB.")
    found: list[Concept] = []
    for area in by_parent.get(root["code"], []):
        is_activity = area["display"] == ACTIVITY
        for theme in by_parent.get(area["code"], []):
            conditions = by_parent.get(theme["code"], [])
            if not conditions:
                raise Refusal(f"Temaet »{theme['display']}« har ingen tilstande. Se efter, om filen er hel.")
            found.append(_concept(theme, "", is_activity))
            found.extend(_concept(row, theme["code"], is_activity) for row in conditions)
    if not any(concept.is_activity for concept in found):
        raise Refusal(f"Filen har ingen temaer under »{ACTIVITY}«. Se efter, om filen er hel.")
    return found


def _rows(raw: bytes) -> list[dict[str, str]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("Filen kan ikke læses som tekst i UTF-8. Gem den som CSV i UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise Refusal(
                f"Filen mangler {_columns(missing)}. Den første linje skal nævne kolonnerne, delt af komma."
            )
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise Refusal(f"Linje {reader.line_num} har ikke lige så mange felter som den første.")
            rows.append(
                {name: (row[name] or "").strip() for name in COLUMNS} | {"line": str(reader.line_num)}
            )
    except csv.Error:
        raise Refusal(f"Linje {reader.line_num} kan ikke læses som CSV. Se efter, om filen er hel.") from None
    _refuse_odd(rows)
    return rows


def _columns(missing: Sequence[str]) -> str:
    named = ", ".join(missing)
    return f"kolonnen {named}" if len(missing) == 1 else f"kolonnerne {named}"


def _refuse_odd(rows: Sequence[dict[str, str]]) -> None:
    codes: set[str] = set()
    for row in rows:
        line = row["line"]
        if not row["code"] or not row["display"]:
            raise Refusal(f"Linje {line} mangler kode eller navn.")
        if row["code"] in codes:
            raise Refusal(f"Linje {line}: koden {row['code']} står der to gange.")
        if len(row["code"]) > LONGEST_CODE or len(row["display"]) > LONGEST_NAME:
            raise Refusal(f"Linje {line}: koden eller navnet er for langt til et begreb.")
        codes.add(row["code"])
    for row in rows:
        if row["parent"] and row["parent"] not in codes:
            raise Refusal(f"Linje {row['line']}: begrebet ovenover, {row['parent']}, er ikke i filen.")


def _concept(row: dict[str, str], parent: str, is_activity: bool) -> Concept:
    return Concept(row["code"], row["display"], row["definition"], parent, is_activity)
