"""Tags that hand chart geometry to the chart components."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from roedtraad.core import danish
from roedtraad.design import charts, network, radar

register = template.Library()

WIDE, NARROW = 640, 340


def _number(value: Any) -> float | None:
    return charts.as_number(value)


def _series(series: Any, values: Any, name: str) -> list[tuple[str, list[Any]]]:
    if series:
        return [
            (str(charts.read(item, "label", 0)), list(charts.read(item, "values", 1, []))) for item in series
        ]
    return [(name, list(values or []))]


@register.simple_tag
def line_sizes(
    series: Any,
    values: Any,
    labels: Any,
    *,
    name: str = "",
    target: Any = None,
    band: Any = None,
    zero: bool = False,
) -> list[tuple[str, charts.LineChart]]:
    """The same lines drawn twice: for wide and for narrow screens, so that the text keeps its size."""
    lines = _series(series, values, name)
    edges = (float(band[0]), float(band[1])) if band else None
    return [
        (
            size,
            charts.line_chart(
                lines,
                [str(label) for label in labels],
                target=_number(target),
                band=edges,
                zero=bool(zero),
                width=width,
                height=height,
            ),
        )
        for size, width, height in (("wide", WIDE, 280), ("narrow", NARROW, 220))
    ]


@register.simple_tag
def line_table(series: Any, values: Any, labels: Any, *, name: str = "") -> dict[str, Any]:
    """The table twin of a line chart: a head and a row per label."""
    lines = _series(series, values, name)
    return {
        "names": [line_name for line_name, _ in lines],
        "rows": [
            (label, [line_values[place] for _, line_values in lines]) for place, label in enumerate(labels)
        ],
    }


@register.simple_tag
def bar_sizes(
    items: Any, *, target: Any = None, keep_order: bool = False
) -> list[tuple[str, charts.BarChart]]:
    """The same bars drawn twice: for wide and for narrow screens."""
    return [
        (
            size,
            charts.bar_chart(
                list(items),
                target=_number(target),
                keep_order=bool(keep_order),
                width=width,
                narrow=size == "narrow",
            ),
        )
        for size, width in (("wide", WIDE), ("narrow", NARROW))
    ]


@register.simple_tag
def stack(items: Any) -> charts.StackedBar:
    """The parts of a stacked bar."""
    return charts.stacked_bar(list(items), width=WIDE)


@register.simple_tag
def spark(values: Any, *, target: Any = None, width: int = 96, height: int = 28) -> charts.Sparkline:
    """The line of a sparkline."""
    return charts.sparkline(list(values), target=_number(target), width=int(width), height=int(height))


@register.simple_tag
def meter_bar(value: Any, *, target: Any = None, top: Any = 100) -> charts.Meter:
    """The filled part and the tick of a meter."""
    return charts.meter(value, target=_number(target), top=_number(top) or 100)


@register.simple_tag
def tiles_placed(tiles: Any, *, limits: Sequence[Any] | None = None) -> charts.TileMap:
    """The tiles in their places."""
    return charts.tile_map(list(tiles), limits=[float(limit) for limit in limits] if limits else None)


@register.simple_tag
def figure(value: Any, decimals: Any = 0, unit: str = "") -> str:
    """A value as it is written beside a chart: `95,1 %`, `12 kr.`; a dash for a gap."""
    number = charts.as_number(value)
    if number is None:
        return "–"
    text = danish.number(number, int(decimals or 0))
    return f"{text}{danish.NBSP}{unit}" if unit else text


@register.simple_tag
def trend_words(values: Any, labels: Any = (), decimals: Any = 0, unit: str = "") -> str:
    """A sparkline in words: from what, to what, between which labels."""
    known = [(place, value) for place, value in enumerate(values) if charts.as_number(value) is not None]
    if not known:
        return ""
    names = [str(label) for label in labels or ()]
    ends = []
    for place, value in (known[0], known[-1]):
        text = figure(value, decimals, unit)
        ends.append(f"{text} ({names[place]})" if place < len(names) else text)
    return " → ".join(ends)


@register.simple_tag
def network_sizes(sectors: Any, rings: Any, tiers: Any, people: Any) -> list[tuple[str, network.NetworkMap]]:
    """The same map drawn twice: with whole names for wide screens, with first names for narrow ones."""
    parts = list(sectors), list(rings), list(tiers), list(people)
    return [
        ("wide", network.network_map(*parts)),
        ("narrow", network.network_map(*parts, width=360, height=400, radius=138, narrow=True)),
    ]


@register.simple_tag
def network_keys(tiers: Any) -> list[tuple[dict[str, Any], str]]:
    """For each tier its mark and what it is called."""
    return [
        ({"shape": shape, "tier": n}, str(label))
        for n, (shape, label) in enumerate(zip(network.SHAPES, tiers, strict=False), start=1)
    ]


@register.simple_tag
def network_tier(tiers: Any, number: int) -> str:
    """What the tier with this number (from 1) is called."""
    return str(list(tiers)[number - 1])


@register.simple_tag
def radar_sizes(names: Any, series: Any, words: Any) -> list[tuple[str, radar.Radar]]:
    """The same radar for a wide and a narrow screen; `words` are those of the scale's steps, from 0."""
    top = len(list(words)) - 1
    shapes = _series(series, None, "")
    return [
        ("wide", radar.radar(list(names), shapes, top=top)),
        ("narrow", radar.radar(list(names), shapes, top=top, width=360, room=92)),
    ]


@register.simple_tag
def radar_rows(names: Any, series: Any, words: Any) -> list[tuple[str, list[str]]]:
    """The radar as a table: for each axis its name, and the step and its words for each series (– for a gap)."""
    steps = [str(word) for word in words]
    return [
        (str(name), ["–" if value is None else f"{value} · {steps[value]}" for value in values])
        for name, *values in zip(names, *(values for _name, values in _series(series, None, "")), strict=True)
    ]
