"""Geometry of a network map: people around a middle, in sectors and rings. Pure; knows no domain.

A person stands at an angle (degrees, clockwise from the top) and a distance from 0 (by the middle) to 1 (the rim).
Names stand beside their marks where there is room; what a name would cover decides on which side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from roedtraad.design.plotting import read, whole_words, wrap

CORE = 0.14
SHAPES = ("circle", "square", "triangle")
_MARK = 9.0
_LINE = 16.0
_LETTER = 7.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mark:
    """Somebody on the map: the mark, the name beside it, and where they stood before (`ghost_*`)."""

    key: str
    name: str
    words: str
    note: str
    url: str
    version: str
    angle: float
    distance: float
    x: float
    y: float
    tier: int
    shape: str
    sector: str
    ring: str
    short: str
    name_x: float
    name_y: float
    anchor: str
    change: str = ""
    ghost_x: float | None = None
    ghost_y: float | None = None
    gone: bool = False


@dataclass(frozen=True)
class RingLine:
    """The outer edge of a ring, and where its number stands."""

    radius: float
    label: str
    label_y: float


@dataclass(frozen=True)
class SectorName:
    """What a sector is called, outside the rim."""

    lines: tuple[str, ...]
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class NetworkMap:
    """The whole drawing."""

    width: int
    height: int
    x: float
    y: float
    radius: float
    core: float
    rings: tuple[RingLine, ...]
    dividers: tuple[str, ...]
    sectors: tuple[SectorName, ...]
    marks: tuple[Mark, ...]


def network_map(
    sectors: Sequence[str],
    rings: Sequence[str],
    tiers: Sequence[str],
    people: Sequence[Any],
    *,
    width: int = 660,
    height: int = 580,
    radius: float = 250,
    narrow: bool = False,
) -> NetworkMap:
    """Place everybody. A person is `key name note angle distance tier` and, when there is one, `url version`,
    `before` (angle, distance), `change` (a word) and `gone`; `tier` is its place among `tiers`, from 0.

    Raises ValueError for more tiers than there are shapes to tell them apart.
    """
    if len(tiers) > len(SHAPES):
        raise ValueError(f"A network map tells at most {len(SHAPES)} tiers apart.")
    middle_x, middle_y, core = width / 2, height / 2, radius * CORE

    def at(angle: float, distance: float) -> tuple[float, float]:
        far = core + distance * (radius - core)
        turned = math.radians(angle)
        return round(middle_x + far * math.sin(turned), 1), round(middle_y - far * math.cos(turned), 1)

    each = 360 / len(sectors)
    deep = (radius - core) / len(rings)
    lines = tuple(
        RingLine(
            round(core + (n + 1) * deep, 1), str(label), round(middle_y - core - (n + 0.5) * deep + 4, 1)
        )
        for n, label in enumerate(rings)
    )
    edges = []
    for n in range(len(sectors)):
        (from_x, from_y), (to_x, to_y) = at(n * each, 0), at(n * each, 1)
        edges.append(f"M{from_x:g} {from_y:g}L{to_x:g} {to_y:g}")
    unnamed = [_mark(one, at, sectors=sectors, rings=rings, tiers=tiers, narrow=narrow) for one in people]
    taken: list[Box] = [(mark.x - _MARK, mark.y - _MARK, mark.x + _MARK, mark.y + _MARK) for mark in unnamed]
    taken.append((middle_x - core, middle_y - core, middle_x + core, middle_y + core))
    marks = []
    for mark in unnamed:
        name_x, name_y, anchor, box = _name_place(mark, middle_x, width, taken)
        taken.append(box)
        marks.append(replace(mark, name_x=name_x, name_y=name_y, anchor=anchor))
    return NetworkMap(
        width=width,
        height=height,
        x=middle_x,
        y=middle_y,
        radius=radius,
        core=round(core, 1),
        rings=lines,
        dividers=tuple(edges),
        sectors=tuple(
            _sector_name(
                str(name), n * each, each, middle_x=middle_x, middle_y=middle_y, radius=radius, width=width
            )
            for n, name in enumerate(sectors)
        ),
        marks=tuple(marks),
    )


def spoken(name: str, note: str, *where: str) -> str:
    """Somebody on the map as a screen reader says them."""
    return ". ".join(part for part in (f"{name}, {note}" if note else name, *where) if part)


def _mark(
    one: Any,
    at: Callable[[float, float], tuple[float, float]],
    *,
    sectors: Sequence[str],
    rings: Sequence[str],
    tiers: Sequence[str],
    narrow: bool,
) -> Mark:
    angle, distance = float(read(one, "angle", 2, 0)), float(read(one, "distance", 3, 0))
    tier = int(read(one, "tier", 4, 0))
    name, note = str(read(one, "name", 0)), str(read(one, "note", 1) or "")
    sector = str(sectors[min(int(angle % 360 // (360 / len(sectors))), len(sectors) - 1)])
    ring = str(rings[min(int(distance * len(rings)), len(rings) - 1)])
    change = str(read(one, "change", 9) or "")
    before = read(one, "before", 8, None)
    x, y = at(angle, distance)
    ghost = at(*before) if before else (None, None)
    return Mark(
        key=str(read(one, "key", 5)),
        name=name,
        words=spoken(name, note, sector, ring, str(tiers[tier]), change),
        note=note,
        url=str(read(one, "url", 6) or ""),
        version=str(read(one, "version", 7) or ""),
        angle=angle,
        distance=distance,
        x=x,
        y=y,
        tier=tier + 1,
        shape=SHAPES[tier],
        sector=sector,
        ring=ring,
        short=whole_words(name, 0 if narrow else 130),
        name_x=0,
        name_y=0,
        anchor="start",
        change=change,
        ghost_x=ghost[0],
        ghost_y=ghost[1],
        gone=bool(read(one, "gone", 10, False)),
    )


def _name_place(
    mark: Mark, middle_x: float, width: float, taken: Sequence[Box]
) -> tuple[float, float, str, Box]:
    """Where the name covers the least, relative to the mark: outward first, then inward, below and above."""
    x, y, long = mark.x, mark.y, len(mark.short) * _LETTER
    beside = _MARK + 4
    right = (beside, 4.5, "start", (x + beside, y - 8, x + beside + long, y + 8))
    left = (-beside, 4.5, "end", (x - beside - long, y - 8, x - beside, y + 8))
    below = (0.0, beside + 11, "middle", (x - long / 2, y + beside, x + long / 2, y + beside + _LINE))
    above = (0.0, -beside - 1, "middle", (x - long / 2, y - beside - _LINE, x + long / 2, y - beside))
    places = [right, left, below, above] if x >= middle_x else [left, right, below, above]

    def covered(place: tuple[float, float, str, Box]) -> float:
        box = place[3]
        outside = max(0.0, -box[0]) + max(0.0, box[2] - width)
        return outside * _LINE * 2 + sum(_shared(box, other) for other in taken)

    return min(places, key=covered)


def _shared(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0


def _sector_name(
    name: str, first: float, wide: float, *, middle_x: float, middle_y: float, radius: float, width: float
) -> SectorName:
    """The sector's name outside the rim, as near its middle as the drawing's width allows."""
    lines = wrap(name, max(width / 2 - radius + 40, 90))
    long = max(len(line) for line in lines) * _LETTER
    away = radius + 10
    options = []
    for step in range(19):
        for side in (1, -1):
            angle = first + wide / 2 + side * step * wide / 40
            turned = math.radians(angle)
            x, y = middle_x + away * math.sin(turned), middle_y - away * math.cos(turned)
            lean = math.sin(turned)
            anchor = "start" if lean > 0.25 else "end" if lean < -0.25 else "middle"
            begin = x - {"start": 0.0, "end": long, "middle": long / 2}[anchor]
            over = max(0.0, -begin) + max(0.0, begin + long - width)
            rise = (len(lines) - 1) * _LINE
            top = y - rise if math.cos(turned) > 0 else y + 10
            options.append((over, step, SectorName(lines, round(x, 1), round(top, 1), anchor)))
    return min(options, key=lambda option: option[:2])[2]
