"""Shapes of the charts: what the geometry functions answer with, and what the chart components draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it stands and what it says."""

    at: float
    value: float
    label: str = ""
    anchor: str = "middle"


@dataclass(frozen=True)
class Point:
    """One value in its place."""

    x: float
    y: float
    value: float
    label: str


@dataclass(frozen=True)
class Line:
    """One series: its path (with gaps), the points drawn alone, and where its name goes."""

    name: str
    hue: int
    path: str
    points: tuple[Point, ...]
    lone: tuple[Point, ...]
    last: Point | None
    name_y: float


@dataclass(frozen=True)
class LineChart:
    """Geometry of a line chart; `left`, `right`, `top` and `bottom` bound the plot."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    target_y: float | None = None
    band_y: float | None = None
    band_height: float | None = None

    @property
    def plot_width(self) -> float:
        """Width of the plot inside its axes."""
        return round(self.right - self.left, 1)

    @property
    def name_x(self) -> float:
        """Where the names of the lines begin."""
        return self.right + 8


@dataclass(frozen=True)
class Bar:
    """One bar: from the zero line to its value."""

    label: str
    value: float | None
    x: float
    y: float
    width: float
    height: float
    label_x: float
    label_y: float
    label_anchor: str
    value_x: float
    value_y: float
    value_anchor: str
    short: str
    url: str = ""
    marked: bool = False


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars, longest first, on a common zero line."""

    width: int
    height: int
    zero_x: float
    bars: tuple[Bar, ...]
    target_x: float | None = None


@dataclass(frozen=True)
class Segment:
    """A part of a whole: its place in the bar and its share in percent."""

    number: int
    label: str
    value: float
    x: float
    width: float
    share: float
    hue: int
    url: str = ""

    @property
    def middle(self) -> float:
        """Centre of the part, where its number stands."""
        return round(self.x + self.width / 2, 1)

    @property
    def roomy(self) -> bool:
        """Is there room for the number inside the part?"""
        return self.width >= 22


@dataclass(frozen=True)
class StackedBar:
    """One bar cut into parts; `total` is their sum."""

    width: int
    height: int
    total: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Sparkline:
    """A word-sized line; `last` is where it ends."""

    width: int
    height: int
    path: str
    last: Point | None
    target_y: float | None = None


@dataclass(frozen=True)
class Meter:
    """A percent bar: filled part and the tick of the target."""

    width: int
    fill: float
    target_x: float | None
    over: bool


@dataclass(frozen=True)
class HeatCell:
    """A cell of a heat map: tone 0 (least) to 4 (most), what stands in it, what it means in words."""

    tone: int | None
    text: str = ""
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class HeatRow:
    """A row of a heat map; rows with the same `group` stand under one heading."""

    label: str
    cells: Sequence[HeatCell]
    url: str = ""
    group: str = ""


@dataclass(frozen=True)
class Tile:
    """A tile of a tile map, placed on its grid."""

    label: str
    text: str
    x: float
    y: float
    size: float
    tone: int | None
    lines: tuple[str, ...] = ()
    url: str = ""

    @property
    def middle(self) -> float:
        """Centre of the tile across."""
        return round(self.x + self.size / 2, 1)


@dataclass(frozen=True)
class TileMap:
    """Tiles of equal size on a grid."""

    width: int
    height: int
    tiles: tuple[Tile, ...] = field(default=())
