"""What must hold for one row of a file, whatever the data say. Pure: values in, sentences out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from roedtraad.citizens.rules import checked_name
from roedtraad.core.cpr import Cpr
from roedtraad.core.danish import day as in_words
from roedtraad.core.refusal import Refusal
from roedtraad.journeys.rules import Booking, check_happened

Values = Mapping[str, Any]
ROLES = {"acting": "handlekommune", "paying": "betalingskommune", "residence": "bopælskommune"}


def in_order(first: dt.date | None, last: dt.date | None, from_heading: str, to_heading: str) -> list[str]:
    """A last day may not lie before the first; without a first day there is nothing to end."""
    if last is None:
        return []
    if first is None:
        return [f"»{to_heading}« er udfyldt, men »{from_heading}« er tom."]
    if last < first:
        return [f"»{to_heading}« ({in_words(last)}) ligger før »{from_heading}« ({in_words(first)})."]
    return []


def unit_faults(row: Values) -> list[str]:
    """What is wrong with a row about a unit in a period."""
    faults = in_order(row["valid_from"], row.get("valid_last"), "gælder fra", "gælder til og med")
    if row.get("parent") and row["parent"] == row["key"]:
        faults.append("En enhed kan ikke høre under sig selv.")
    return faults


def place_faults(row: Values) -> list[str]:
    """What is wrong with a row about a place in a period."""
    return in_order(row["valid_from"], row.get("valid_last"), "gælder fra", "gælder til og med")


def citizen_faults(row: Values) -> list[str]:
    """What is wrong with a row about a citizen and their municipalities."""
    faults = []
    number: Cpr | None = row.get("cpr")
    born: dt.date | None = row.get("birth_date")
    if number is None and row.get("key") is None and not row.get("source_id"):
        faults.append("Udfyld »nøgle«, »cpr« eller »kilde-id«, så borgeren kan kendes igen.")
    if bool(row.get("source_id")) != bool(row.get("system")):
        faults.append("Udfyld både »kildesystem« og »kilde-id«, eller lad begge stå tomme.")
    if number is not None and born is not None and not number.is_replacement and number.birth_date != born:
        faults.append("»fødselsdato« er en anden dag end den, CPR-nummeret begynder med.")
    for name, what in (("first_name", "Fornavnet"), ("last_name", "Efternavnet")):
        try:
            checked_name(row.get(name) or "", name, what)
        except Refusal as refusal:
            faults.append(str(refusal))
    for role, heading in ROLES.items():
        code, first, last = (row.get(f"{role}{end}") for end in ("", "_from", "_last"))
        faults += in_order(first, last, f"{heading} fra", f"{heading} til og med")
        if code and first is None:
            faults.append(f"Udfyld »{heading} fra«, når der står en {heading}.")
        if first is not None and not code:
            faults.append(f"Udfyld »{heading}«, når der står en dato for den.")
    return faults


def stay_faults(row: Values, today: dt.date) -> list[str]:
    """What is wrong with a row about a stay. Each end is the last day."""
    try:
        Booking(
            row["ordered_start"],
            row.get("ordered_end"),
            row.get("actual_start"),
            row.get("actual_end"),
            row.get("agreed_day_rate"),
        ).check()
        for name in ("actual_start", "actual_end"):
            if row.get(name) is not None:
                check_happened(row[name], today, name)
    except Refusal as refusal:
        return [str(refusal)]
    if row.get("withdrawn") is not None and row.get("actual_start") is not None:
        return [
            "Et ophold, borgeren er flyttet ind på, kan ikke være fortrudt. Tøm »fortrudt« eller »flyttet ind«."
        ]
    return []
