"""Geometry of a radar: a few axes around a middle, and up to two shapes over them. Pure; knows no domain.

The lowest value is a small ring and not the middle itself, so that a shape of lowest values can be seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from roedtraad.design.plotting import wrap

FEWEST = 3
MOST_SERIES = 2
_LINE = 15.0
_GAP = 12.0
_PUSH = 10.0


@dataclass(frozen=True)
class Spoke:
    """One axis: its name in lines, where its end is, and where its name stands."""

    name: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class RadarDot:
    """One value of a shape on its axis."""

    x: float
    y: float
    value: int


@dataclass(frozen=True)
class Shape:
    """One series: its name, hue, outline, and dots; `closed` when no axis lacks a value."""

    name: str
    hue: int
    path: str
    closed: bool
    dots: tuple[RadarDot, ...]
    values: tuple[int | None, ...]


@dataclass(frozen=True)
class Ring:
    """One step of the scale: its outline, its number, and where the number stands."""

    value: int
    path: str
    label_y: float


@dataclass(frozen=True)
class Radar:
    """The whole drawing, in SVG units."""

    width: int
    height: int
    x: float
    y: float
    rings: tuple[Ring, ...]
    spokes: tuple[Spoke, ...]
    shapes: tuple[Shape, ...]


def radar(
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[int | None]]],
    *,
    top: int,
    width: int = 640,
    room: int = 150,
) -> Radar:
    """Places for the axes `names` and the series (name, a value from 0 to `top` for each axis; None is a gap).

    The first axis points up and the others follow clockwise; names stand at their axes' ends in `room` units. Raises
    ValueError for fewer than three axes, more than two series, a series of another length, or a value off the scale.
    """
    if len(names) < FEWEST:
        raise ValueError(f"A radar needs at least {FEWEST} axes; use bars.")
    if len(series) > MOST_SERIES:
        raise ValueError(f"A radar carries at most {MOST_SERIES} shapes.")
    for name, values in series:
        if len(values) != len(names):
            raise ValueError(f"The series {name!r} has {len(values)} values for {len(names)} axes.")
        if any(value is not None and not 0 <= value <= top for value in values):
            raise ValueError(f"The series {name!r} has a value off the scale 0 to {top}.")
    radius = width / 2 - room - _GAP
    labels = [wrap(str(name), room, 3) for name in names]
    x = width / 2
    y = len(labels[0]) * _LINE + _GAP + _PUSH + radius + 4

    def at(place: int, distance: float) -> tuple[float, float]:
        angle = 2 * math.pi * place / len(names)
        return round(x + distance * math.sin(angle), 1), round(y - distance * math.cos(angle), 1)

    def step(value: int) -> float:
        return radius * (value + 1) / (top + 1)

    spokes = []
    for place, (name, lines) in enumerate(zip(names, labels, strict=True)):
        angle = 2 * math.pi * place / len(names)
        side, height = round(math.sin(angle), 3), round(math.cos(angle), 3)
        # The nearer to the vertical, the further out: neighbours there stand under each other and need the room.
        end, out = at(place, radius), at(place, radius + _GAP + _PUSH * abs(height))
        # Names over the middle end at their axis, those under begin there, and those beside are centred on it.
        up = (1 + height**3) / 2
        first = out[1] + 9 - up * (len(lines) - 1) * _LINE - up * 7
        anchor = "start" if side > 0 else "end" if side < 0 else "middle"
        spokes.append(Spoke(str(name), *end, out[0], round(first, 1), anchor, lines))
    low = max(spoke.label_y + (len(spoke.lines) - 1) * _LINE for spoke in spokes)
    return Radar(
        width=width,
        height=math.ceil(max(low, *(spoke.y for spoke in spokes)) + 8),
        x=x,
        y=round(y, 1),
        rings=tuple(
            Ring(
                value,
                _path([at(place, step(value)) for place in range(len(names))], closed=True),
                round(y - step(value), 1),
            )
            for value in range(top + 1)
        ),
        spokes=tuple(spokes),
        shapes=tuple(
            _shape(
                name,
                hue,
                values,
                [None if value is None else at(place, step(value)) for place, value in enumerate(values)],
            )
            for hue, (name, values) in enumerate(series, start=1)
        ),
    )


def _shape(
    name: str, hue: int, values: Sequence[int | None], places: Sequence[tuple[float, float] | None]
) -> Shape:
    dots = tuple(
        RadarDot(*place, value)
        for place, value in zip(places, values, strict=True)
        if place is not None and value is not None
    )
    closed = len(dots) == len(places)
    if closed:
        path = _path([(dot.x, dot.y) for dot in dots], closed=True)
    else:
        # A line from each value to the next axis's, where both are known: a gap is never bridged.
        pairs = zip(places, [*places[1:], places[0]], strict=True)
        path = "".join(_path([one, two]) for one, two in pairs if one is not None and two is not None)
    return Shape(str(name), hue, path, closed, dots, tuple(values))


def _path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("Z" if closed else "")
