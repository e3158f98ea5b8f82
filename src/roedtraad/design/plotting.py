"""Small reckoning that every chart shares: reading items, round ticks, scales, paths and labels. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from roedtraad.core import danish
from roedtraad.design.shapes import Point

CHARACTER = 7.4  # mean width of a 13-unit character in the text face; room for labels is reckoned with it


def read(item: Any, name: str, place: int, default: Any = "") -> Any:
    """The part of an item called `name`, whether the item is an object, a mapping or a plain tuple."""
    if isinstance(item, Mapping):
        return item.get(name, default)
    if hasattr(item, name):
        return getattr(item, name)
    if isinstance(item, (tuple, list)):
        return item[place] if len(item) > place else default
    return default


def as_number(value: Any) -> float | None:
    """A value as a float; None and not-a-number are gaps."""
    if value is None or value == "":
        return None
    number = float(value)
    return None if math.isnan(number) else number


def nice_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers that cover [low, high] in steps of 1, 2, 2.5 or 5 times a power of ten."""
    if high <= low:
        low, high = (low - 1, low + 1) if low else (0.0, 1.0)
    rough = (high - low) / max(wanted - 1, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if rough <= power * factor * 1.0000001)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def scale(value: float, low: float, high: float, start: float, end: float) -> float:
    """Where `value` of [low, high] falls between `start` and `end`, rounded to a tenth."""
    if high == low:
        return round((start + end) / 2, 1)
    return round(start + (value - low) / (high - low) * (end - start), 1)


def path_of(points: Iterable[Point | None]) -> str:
    """An SVG path that lifts the pen at each gap; points without a neighbour are left to be drawn as dots."""
    parts: list[str] = []
    run: list[Point] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
            continue
        if len(run) > 1:
            parts.append("M" + "L".join(f"{p.x:g} {p.y:g}" for p in run))
        run = []
    return "".join(parts)


def lone_points(points: Sequence[Point | None]) -> tuple[Point, ...]:
    """Points with a gap on both sides."""
    padded = [None, *points, None]
    return tuple(
        point
        for before, point, after in zip(padded, padded[1:], padded[2:], strict=False)
        if point is not None and before is None and after is None
    )


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places apart until they are `gap` from each other, keeping order and staying within the room."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    floor = low
    for index in order:
        moved[index] = max(moved[index], floor)
        floor = moved[index] + gap
    ceiling = high
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    return [round(place, 1) for place in moved]


def shorten(text: str, room: float) -> str:
    """The text if it fits in `room` units, else its beginning and an ellipsis."""
    fits = max(int(room / CHARACTER), 2)
    return text if len(text) <= fits else text[: fits - 1].rstrip() + "…"


def whole_words(text: str, room: float) -> str:
    """The text if it fits in `room` units, else as many whole words as do, and always the first.

    For a name that is said aloud in full: what is seen of it is then found in what is heard.
    """
    fits = int(room / CHARACTER)
    if len(text) <= fits:
        return text
    first, *others = text.split()
    kept = first
    for word in others:
        if len(kept) + 1 + len(word) >= fits:
            break
        kept += f" {word}"
    return f"{kept.rstrip('.,;:')}…" if kept != text else text


def wrap(text: str, room: float, lines: int = 2) -> tuple[str, ...]:
    """Break a label at spaces and hyphens into at most `lines` lines; what does not fit is shortened."""
    done: list[str] = []
    for word in re.split(r"(?<=-)|\s+", text.strip()):
        glue = "" if done and done[-1].endswith("-") else " "
        if done and (len(done) == lines or (len(done[-1]) + len(glue + word)) * CHARACTER <= room):
            done[-1] += glue + word
        else:
            done.append(word)
    return tuple(shorten(line, room) for line in done)


def tick_labels(ticks: Sequence[float]) -> list[str]:
    """The ticks as Danish numbers, with just the decimals that their step needs."""
    decimals = next((places for places in range(6) if all(round(tick, places) == tick for tick in ticks)), 6)
    return [danish.number(tick, decimals) for tick in ticks]
