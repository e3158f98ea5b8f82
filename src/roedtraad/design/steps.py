"""A chart of steps over time: where something stood on a few described steps, and what was done meanwhile.

Pure, as `design.charts`: values in, places in a drawing out. It knows no domain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from roedtraad.core.danish import MINUS
from roedtraad.design.plotting import shorten

ROW = 26
BAR = 20
LEFT = 34
RIGHT = 14
TOP = 12


@dataclass(frozen=True)
class StepDot:
    """One value: where it is drawn, and what it says."""

    x: float
    y: float
    level: int
    day: dt.date


@dataclass(frozen=True)
class StepLine:
    """One series, drawn as stairs: its name, hue, path and dots."""

    name: str
    hue: int
    path: str
    dots: tuple[StepDot, ...]


@dataclass(frozen=True)
class StepRow:
    """One step: where its line is drawn, its sign, and its words."""

    y: float
    sign: str
    words: str
    level: int


@dataclass(frozen=True)
class StepBar:
    """Something that went on from a day to a day, under the curve."""

    x: float
    y: float
    width: float
    label: str
    note: str


@dataclass(frozen=True)
class StepsChart:
    """The whole drawing, in SVG units."""

    width: int
    height: int
    left: float
    right: float
    rows: tuple[StepRow, ...]
    lines: tuple[StepLine, ...]
    bars: tuple[StepBar, ...]
    ticks: tuple[tuple[float, str, str], ...]
    base_y: float


def steps_chart(
    series: Sequence[tuple[str, Sequence[tuple[dt.date, int]]]],
    levels: Sequence[tuple[int, str]],
    bars: Sequence[tuple[str, str, dt.date, dt.date | None]] = (),
    *,
    first: dt.date,
    last: dt.date,
    width: int = 560,
) -> StepsChart:
    """Places for the series (name, [(day, level)]) on `levels` (level, words), with bars (label, note, from, to) below.

    The time axis runs from `first` to `last`; what lies outside is drawn at its edge. Bars are shown from the day they
    began to the day they ended, or to `last`.
    """
    right = width - RIGHT
    span = max((last - first).days, 1)

    def x_of(day: dt.date) -> float:
        inside = min(max((day - first).days, 0), span)
        return round(LEFT + (right - LEFT) * inside / span, 1)

    ordered = sorted(levels, reverse=True)
    y_of = {level: TOP + ROW * place for place, (level, _words) in enumerate(ordered)}
    base = TOP + ROW * (len(ordered) - 1) + 16
    lines = []
    for hue, (name, values) in enumerate(series, start=1):
        dots = tuple(StepDot(x_of(day), y_of[level], level, day) for day, level in values if level in y_of)
        lines.append(StepLine(name, hue, _stairs(dots, right), dots))
    drawn = tuple(
        StepBar(
            x_of(begin),
            base + BAR * place,
            max(round(x_of(end or last) - x_of(begin), 1), 4),
            shorten(label, right - LEFT - 12),
            note,
        )
        for place, (label, note, begin, end) in enumerate(bars)
    )
    height = round(base + BAR * len(drawn) + 22)
    return StepsChart(
        width=width,
        height=height,
        left=LEFT,
        right=right,
        rows=tuple(StepRow(y_of[level], _sign(level), words, level) for level, words in ordered),
        lines=tuple(lines),
        bars=drawn,
        ticks=((LEFT, f"{first:%d.%m.%Y}", "start"), (right, f"{last:%d.%m.%Y}", "end")),
        base_y=base,
    )


def _stairs(dots: Sequence[StepDot], right: float) -> str:
    """Level until the next dot, then up or down; the last step goes on to today."""
    if not dots:
        return ""
    path = f"M{dots[0].x} {dots[0].y}"
    for dot in dots[1:]:
        path += f"H{dot.x}V{dot.y}"
    return f"{path}H{right}"


def _sign(level: int) -> str:
    return f"+{level}" if level > 0 else f"{MINUS}{-level}" if level else "0"
