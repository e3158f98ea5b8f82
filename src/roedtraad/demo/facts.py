"""What the documents state, read from the organisation's fixture files and the published rates. Pure.

Nothing stated there is typed again in the demo: the world is fitted to these figures.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from math import cos, hypot, radians

from roedtraad.demo.distributions import ADULT, CHILD

_FIXTURES, _OWN = "roedtraad.organisation", "roedtraad.demo"
HOME_REGION = "1082"
# The day the document of 2020 counts places and staff.
COUNTED_ON = dt.date(2020, 7, 1)
# The middle of the synthetic years: membership of a region is read on this day (the regions merge in 2027).
_MEMBERSHIP_DAY = dt.date(2020, 1, 1)
STAFF_CATEGORIES = {
    "Pædagogisk personale": "pedagogical",
    "Plejepersonale": "care",
    "Øvrigt sundhedspersonale": "health",
    "Administrativt personale": "administrative",
    "Øvrige": "other",
}


@dataclass(frozen=True)
class UnitFact:
    """A unit's version in the fixture file."""

    key: str
    kind: str
    name: str
    short_name: str
    parent_key: str
    start: dt.date
    end: dt.date | None
    municipality: str


@dataclass(frozen=True)
class PublishedRate:
    """One published rate, kr. per day."""

    service: str
    unit: str
    amount: Decimal
    year: str
    source: str


def rows(name: str, *, own: bool = False) -> list[dict[str, str]]:
    """The rows of a fixture file of the organisation (or of the demo's own data)."""
    package, folder = (_OWN, "data") if own else (_FIXTURES, "fixtures")
    text = (files(package) / folder / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def day(text: str) -> dt.date | None:
    """An ISO date, or None for an empty cell."""
    return dt.date.fromisoformat(text) if text else None


@cache
def agreed(year: int, category: str) -> int:
    """Places in the framework agreement as the documents state them for the year."""
    return next(
        int(r["places"])
        for r in rows("agreement_facts")
        if (int(r["year"]), r["category"]) == (year, category)
    )


@cache
def agreement_source(year: int, category: str) -> tuple[str, str]:
    """The document and section that state the year's total; empty where none does."""
    found = [
        (r["document"], r["section"])
        for r in rows("agreement_facts")
        if (int(r["year"]), r["category"]) == (year, category)
    ]
    return found[0] if found else ("", "")


@cache
def unique_citizens(category: str) -> tuple[int, int]:
    """The year counted and the number of different citizens in it."""
    return next(
        (int(r["year"]), int(r["unique_citizens"])) for r in rows("usage_facts") if r["category"] == category
    )


@cache
def residential_places(age_group: str) -> tuple[int, int]:
    """The region's own residential places for the age group, and the country's."""
    return next(
        (int(r["own_places"]), int(r["places"]))
        for r in rows("national_places")
        if r["age_group"] == age_group
    )


@cache
def staff() -> dict[str, int]:
    """Full-time posts by category on the day counted."""
    return {STAFF_CATEGORIES[r["category"]]: int(r["fte"]) for r in rows("staffing_facts")}


@cache
def turnover_shares(left_out: str) -> dict[str, float]:
    """The share of turnover by region code, the label `left_out` shared among the others."""
    codes = {r["name"]: r["code"] for r in rows("regions")}
    stated = {
        codes[r["label"]]: float(r["value"])
        for r in rows("turnover_facts")
        if r["measure"] == "share" and r["label"] != left_out
    }
    return {code: value / sum(stated.values()) for code, value in stated.items()}


@cache
def units() -> dict[str, list[UnitFact]]:
    """Every unit's versions by key, oldest first."""
    found: dict[str, list[UnitFact]] = defaultdict(list)
    for r in rows("units"):
        found[r["key"]].append(
            UnitFact(
                r["key"],
                r["kind"],
                r["name"],
                r["short_name"],
                r["parent_key"],
                dt.date.fromisoformat(r["valid_from"]),
                day(r["valid_to"]),
                r["municipality_code"],
            )
        )
    for versions in found.values():
        versions.sort(key=lambda version: version.start)
    return dict(found)


def unit_on(key: str, on: dt.date) -> UnitFact:
    """The unit as it was on the day. KeyError when it was not."""
    for version in units()[key]:
        if version.start <= on and (version.end is None or on < version.end):
            return version
    raise KeyError(f"{key} {on}")


def area_of(key: str, on: dt.date) -> str:
    """The specialist area a unit lay in on the day."""
    version = unit_on(key, on)
    while version.kind != "specialomraade":
        version = unit_on(version.parent_key, on)
    return version.key


@cache
def municipalities() -> dict[str, dict[str, str]]:
    """Name by code, by region code, in the years of the world; those outside every region are left out."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for r in rows("municipalities"):
        start, end = day(r["valid_from"]), day(r["valid_to"])
        if r["region_code"] and start and start <= _MEMBERSHIP_DAY and (end is None or end > _MEMBERSHIP_DAY):
            found[r["region_code"]][r["code"]] = r["name"]
    return dict(found)


@cache
def km_from_home() -> dict[str, float]:
    """How far each municipality lies from the nearest one of Region Midtjylland, km as the crow flies."""
    where = {r["code"]: (float(r["lat"]), float(r["lon"])) for r in rows("municipality_positions")}
    home = [where[code] for code in municipalities()[HOME_REGION]]

    def km(a: tuple[float, float], b: tuple[float, float]) -> float:
        return 111.2 * hypot(a[0] - b[0], (a[1] - b[1]) * cos(radians(a[0])))

    return {code: min(km(position, other) for other in home) for code, position in where.items()}


@cache
def published_rates() -> tuple[PublishedRate, ...]:
    """The published day rates with their year and source; hourly and kilometre rates are no day rates."""
    return tuple(
        PublishedRate(r["ydelse"], r["enhed"], Decimal(r["takst"]), r["år"], r["kilde"])
        for r in rows("published_rates", own=True)
        if r["enhed"] == "kr/døgn"
    )


def national_rest(age_group: str) -> int:
    """The country's residential places for the age group outside Region Midtjylland."""
    own, national = residential_places(age_group)
    return national - own


def home_places() -> dict[tuple[str, str], int]:
    """Region Midtjylland's own residential places by (category, age group), and its day places."""
    return {
        ("residential", CHILD): residential_places(CHILD)[0],
        ("residential", ADULT): residential_places(ADULT)[0],
        ("day", ""): agreed(COUNTED_ON.year, "day"),
    }
