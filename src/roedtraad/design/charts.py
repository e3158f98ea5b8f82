"""Chart geometry: from values to places in a drawing.

Pure functions, no Django: the same values give the same picture on screen, in print and in a file. Lengths
are SVG user units with the origin at the top left. A missing value (None) is a gap, never a zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from roedtraad.core import danish
from roedtraad.design.plotting import (
    CHARACTER,
    as_number,
    lone_points,
    nice_ticks,
    path_of,
    read,
    scale,
    shorten,
    spread,
    tick_labels,
    wrap,
)
from roedtraad.design.shapes import (
    Bar,
    BarChart,
    HeatCell,
    HeatRow,
    Line,
    LineChart,
    Meter,
    Point,
    Segment,
    Sparkline,
    StackedBar,
    Tick,
    Tile,
    TileMap,
)

__all__ = [
    "HUES",
    "TONES",
    "Bar",
    "BarChart",
    "HeatCell",
    "HeatRow",
    "Line",
    "LineChart",
    "Meter",
    "Point",
    "Segment",
    "Sparkline",
    "StackedBar",
    "Tick",
    "Tile",
    "TileMap",
    "as_number",
    "bar_chart",
    "even_limits",
    "heat_rows",
    "line_chart",
    "meter",
    "read",
    "sparkline",
    "stacked_bar",
    "tile_map",
    "tone",
]

HUES = 4
TONES = 5
LABEL_GAP = 18.0

Number = float | int


def line_chart(
    series: Sequence[tuple[str, Sequence[Any]]],
    labels: Sequence[str],
    *,
    target: Number | None = None,
    band: tuple[Number, Number] | None = None,
    zero: bool = False,
    width: int = 720,
    height: int = 280,
) -> LineChart:
    """Lines over a common row of labels; at most four, each named at its end.

    Raises ValueError for more series than hues, or a series whose length is not that of the labels.
    """
    if len(series) > HUES:
        raise ValueError(f"A line chart carries at most {HUES} lines; use small multiples.")
    for name, values in series:
        if len(values) != len(labels):
            raise ValueError(f"The series {name!r} has {len(values)} values for {len(labels)} labels.")
    known = [number for _, values in series for value in values if (number := as_number(value)) is not None]
    limits = [*known, *([float(target)] if target is not None else []), *(float(edge) for edge in band or ())]
    if zero or not limits:
        limits.append(0.0)
    ticks = nice_ticks(min(limits), max(limits), 5 if height > 200 else 4)
    tick_names = tick_labels(ticks)
    longest = max(len(name) for name in tick_names)
    left = 14 + longest * CHARACTER
    names = max((len(name) for name, _ in series), default=0) if len(series) > 1 else 0
    right = width - 12 - min(names * CHARACTER, width * 0.3)
    top, bottom = 14.0, height - 30.0
    count = len(labels)

    def x_of(place: int) -> float:
        return scale(place, 0, max(count - 1, 1), left, right) if count > 1 else round((left + right) / 2, 1)

    def y_of(value: float) -> float:
        return scale(value, ticks[0], ticks[-1], bottom, top)

    drawn: list[tuple[str, list[Point | None]]] = []
    for name, values in series:
        row: list[Point | None] = []
        for place, value in enumerate(values):
            number = as_number(value)
            row.append(
                None if number is None else Point(x_of(place), y_of(number), number, str(labels[place]))
            )
        drawn.append((name, row))
    ends = [next((p for p in reversed(row) if p is not None), None) for _, row in drawn]
    name_ys = spread([end.y if end else bottom for end in ends], LABEL_GAP, top + 4, bottom)
    lines = tuple(
        Line(
            name=name,
            hue=number + 1,
            path=path_of(row),
            points=tuple(point for point in row if point is not None),
            lone=lone_points(row),
            last=ends[number],
            name_y=name_ys[number],
        )
        for number, (name, row) in enumerate(drawn)
    )
    widest = max((len(str(label)) for label in labels), default=1) * CHARACTER + 10
    every = max(math.ceil(count * widest / max(right - left, 1)), 1)
    x_ticks = tuple(
        Tick(x_of(place), place, str(labels[place]))
        for place in range(count - 1, -1, -every)  # counted from the end: the newest is always named
    )
    band_y = y_of(max(band)) if band else None
    return LineChart(
        width=width,
        height=height,
        left=round(left, 1),
        right=round(right, 1),
        top=top,
        bottom=bottom,
        x_ticks=tuple(reversed(x_ticks)),
        y_ticks=tuple(Tick(y_of(tick), tick, text) for tick, text in zip(ticks, tick_names, strict=True)),
        lines=lines,
        target_y=None if target is None else y_of(float(target)),
        band_y=band_y,
        band_height=round(y_of(min(band)) - band_y, 1) if band and band_y is not None else None,
    )


def bar_chart(
    items: Sequence[Any],
    *,
    target: Number | None = None,
    keep_order: bool = False,
    width: int = 720,
    narrow: bool = False,
) -> BarChart:
    """Horizontal bars on a zero line, longest first; items are (label, value, url, marked).

    `narrow` puts each label over its bar, for a phone. A missing value has a label, no bar, and stands last.
    """
    rows = [
        (
            str(read(item, "label", 0)),
            as_number(read(item, "value", 1, None)),
            str(read(item, "url", 2) or ""),
            bool(read(item, "marked", 3, False)),
        )
        for item in items
    ]
    if not keep_order:
        rows.sort(key=lambda row: (row[1] is None, -(row[1] or 0)))
    known = [value for _, value, _, _ in rows if value is not None]
    edge = [0.0, *known, *([float(target)] if target is not None else [])]
    low, high = min(edge), max(edge)
    if low == high:
        high = 1.0
    longest = max((len(label) for label, *_ in rows), default=0) * CHARACTER
    start = 0.0 if narrow else min(longest + 12, width * 0.36)
    value_room = 76.0
    left, right = start + (value_room if low < 0 else 0), width - value_room
    pitch, thick, drop = (48, 16, 26) if narrow else (32, 20, 6)
    zero_x = scale(0, low, high, left, right)
    bars = []
    for place, (label, value, url, marked) in enumerate(rows):
        y = place * pitch + drop
        end = zero_x if value is None else scale(value, low, high, left, right)
        back = value is not None and value < 0
        bars.append(
            Bar(
                label=label,
                value=value,
                x=min(zero_x, end),
                y=y,
                width=round(abs(end - zero_x), 1),
                height=thick,
                label_x=0 if narrow else round(start - 10, 1),
                label_y=y - 8 if narrow else y + thick / 2 + 4.5,
                label_anchor="start" if narrow else "end",
                value_x=round(end - 6, 1) if back else round(end + 6, 1),
                value_y=y + thick / 2 + 4.5,
                value_anchor="end" if back else "start",
                short=shorten(label, width if narrow else start - 10),
                url=url,
                marked=marked,
            )
        )
    return BarChart(
        width=width,
        height=max(len(rows) * pitch + 4, pitch),
        zero_x=zero_x,
        bars=tuple(bars),
        target_x=None if target is None else scale(float(target), low, high, left, right),
    )


def stacked_bar(items: Sequence[Any], *, width: int = 720, height: int = 44) -> StackedBar:
    """One bar cut into parts, in the order given; items are (label, value, url).

    Raises ValueError for a negative part: a stack of parts cannot hold one.
    """
    parts = [
        (str(read(i, "label", 0)), as_number(read(i, "value", 1, None)) or 0.0, str(read(i, "url", 2) or ""))
        for i in items
    ]
    if any(value < 0 for _, value, _ in parts):
        raise ValueError("A stacked bar cannot hold a negative part.")
    total = sum(value for _, value, _ in parts)
    segments, run = [], 0.0
    for number, (label, value, url) in enumerate(parts, start=1):
        x = scale(run, 0, total, 0, width) if total else 0.0
        run += value
        end = scale(run, 0, total, 0, width) if total else 0.0
        share = value / total * 100 if total else 0.0
        segments.append(
            Segment(number, label, value, x, round(end - x, 1), share, (number - 1) % HUES + 1, url)
        )
    return StackedBar(width, height, total, tuple(segments))


def sparkline(
    values: Sequence[Any], *, target: Number | None = None, width: int = 96, height: int = 28
) -> Sparkline:
    """A word-sized line with its last point; the scale is that of the values and the target."""
    numbers = [as_number(value) for value in values]
    limits = [number for number in numbers if number is not None]
    if target is not None:
        limits.append(float(target))
    low, high = (min(limits), max(limits)) if limits else (0.0, 1.0)
    row = [
        None
        if number is None
        else Point(
            scale(place, 0, max(len(numbers) - 1, 1), 3, width - 4),
            scale(number, low, high, height - 4, 4),
            number,
            "",
        )
        for place, number in enumerate(numbers)
    ]
    return Sparkline(
        width,
        height,
        path_of(row),
        next((point for point in reversed(row) if point is not None), None),
        None if target is None else scale(float(target), low, high, height - 4, 4),
    )


def meter(value: Any, *, target: Number | None = None, top: Number = 100, width: int = 160) -> Meter:
    """A percent bar from zero to `top`, or to the value or target when these are larger."""
    number = as_number(value) or 0.0
    end = max(float(top), number, float(target or 0))
    return Meter(
        width,
        scale(max(number, 0), 0, end, 0, width),
        None if target is None else scale(float(target), 0, end, 0, width),
        number > float(top),
    )


def tone(value: Any, limits: Sequence[Number]) -> int | None:
    """Tone 0–4 of a value: how many of the four rising `limits` it has reached; None for a gap."""
    number = as_number(value)
    if number is None:
        return None
    return min(sum(number >= limit for limit in limits), TONES - 1)


def even_limits(values: Iterable[Any]) -> tuple[float, ...]:
    """Four rising limits that cut the range of the values into five equal steps."""
    numbers = [number for value in values if (number := as_number(value)) is not None]
    if not numbers or min(numbers) == max(numbers):
        edge = numbers[0] if numbers else 0.0
        return (edge, math.inf, math.inf, math.inf)
    low, high = min(numbers), max(numbers)
    return tuple(low + (high - low) * step / TONES for step in range(1, TONES))


def _plain(value: Any) -> str:
    number = as_number(value)
    return "" if number is None else danish.number(number, 0 if number == int(number) else 1)


def heat_rows(
    rows: Sequence[tuple[str, Sequence[Any]]], columns: Sequence[str], limits: Sequence[Number] | None = None
) -> list[HeatRow]:
    """Rows of plain values as heat-map rows: tone by `limits`, or by five equal steps of the range."""
    cuts = limits or even_limits(value for _, values in rows for value in values)
    return [
        HeatRow(
            label,
            [
                HeatCell(tone(value, cuts), _plain(value), f"{label}, {column}")
                for column, value in zip(columns, values, strict=True)
            ],
        )
        for label, values in rows
    ]


def tile_map(
    tiles: Sequence[Any], *, limits: Sequence[Number] | None = None, size: int = 96, gap: int = 6
) -> TileMap:
    """Tiles on a grid, like a map one can read; items are (x, y, label, value, url, text) in grid steps."""
    cuts = limits or even_limits(read(item, "value", 3, None) for item in tiles)
    placed, right, bottom = [], 0, 0
    for item in tiles:
        column, row = int(read(item, "x", 0, 0)), int(read(item, "y", 1, 0))
        label, value = str(read(item, "label", 2)), read(item, "value", 3, None)
        text = str(read(item, "text", 5) or _plain(value))
        right, bottom = max(right, column + 1), max(bottom, row + 1)
        placed.append(
            Tile(
                label=label,
                text=text,
                x=column * (size + gap),
                y=row * (size + gap),
                size=size,
                tone=tone(value, cuts),
                lines=wrap(label, size - 8),
                url=str(read(item, "url", 4) or ""),
            )
        )
    return TileMap(
        max(right * (size + gap) - gap, size), max(bottom * (size + gap) - gap, size), tuple(placed)
    )
