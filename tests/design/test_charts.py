"""Chart geometry: what the drawings promise, checked on the numbers behind them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.design import charts, plotting

VALUES = st.lists(
    st.none() | st.floats(min_value=-1e6, max_value=1e6, allow_nan=False), min_size=1, max_size=30
)
SIZES = st.floats(min_value=0, max_value=1e6, allow_nan=False)


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_ticks_cover_the_range_in_equal_round_steps(low: float, spread: float) -> None:
    ticks = plotting.nice_ticks(low, low + spread)
    assert ticks[0] <= low + spread * 1e-6
    assert ticks[-1] >= low + spread * (1 - 1e-6)
    steps = [after - before for before, after in itertools.pairwise(ticks)]
    assert max(steps) == pytest.approx(min(steps), rel=1e-6, abs=1e-9)
    assert 2 <= len(ticks) <= 8


def test_ticks_are_written_the_danish_way_with_the_decimals_they_need() -> None:
    assert plotting.tick_labels([0, 2.5, 5]) == ["0,0", "2,5", "5,0"]
    assert plotting.tick_labels([0, 1000]) == ["0", "1.000"]


@given(VALUES)
def test_every_known_value_has_a_point_inside_the_plot(values: list[float | None]) -> None:
    chart = charts.line_chart([("", values)], [str(place) for place in range(len(values))])
    points = chart.lines[0].points
    assert len(points) == sum(value is not None for value in values)
    for point in points:
        assert chart.left <= point.x <= chart.right + 0.1
        assert chart.top - 0.1 <= point.y <= chart.bottom + 0.1


@given(VALUES)
def test_a_larger_value_never_lies_lower(values: list[float | None]) -> None:
    points = charts.line_chart([("", values)], [str(place) for place in range(len(values))]).lines[0].points
    for one, other in itertools.pairwise(sorted(points, key=lambda point: point.value)):
        assert other.y <= one.y


def test_a_gap_lifts_the_pen_and_a_lone_value_becomes_a_dot() -> None:
    line = charts.line_chart([("", [1, 2, None, 3, None, 4, 5])], list("abcdefg")).lines[0]
    assert line.path.count("M") == 2
    assert [point.label for point in line.lone] == ["d"]
    assert line.last is not None
    assert line.last.label == "g"


def test_the_newest_label_is_always_named_and_labels_have_room() -> None:
    labels = [f"januar {year}" for year in range(1990, 2027)]
    chart = charts.line_chart([("", list(range(len(labels))))], labels, width=340)
    assert chart.x_ticks[-1].label == "januar 2026"
    for one, other in itertools.pairwise(chart.x_ticks):
        assert other.at - one.at >= len(one.label) * plotting.CHARACTER


def test_the_names_of_lines_that_end_together_do_not_lie_on_each_other() -> None:
    chart = charts.line_chart([("a", [1, 5]), ("b", [2, 5]), ("c", [3, 5.1])], ["før", "nu"])
    places = sorted(line.name_y for line in chart.lines)
    assert all(after - before >= charts.LABEL_GAP - 0.1 for before, after in itertools.pairwise(places))


def test_target_and_band_are_inside_the_plot_even_when_the_values_are_far_away() -> None:
    chart = charts.line_chart([("", [1, 2])], ["a", "b"], target=95, band=(90, 98))
    assert chart.target_y is not None
    assert chart.band_y is not None
    assert chart.band_height is not None
    assert chart.top <= chart.band_y <= chart.target_y <= chart.band_y + chart.band_height <= chart.bottom


@pytest.mark.parametrize(
    ("series", "message"),
    [([("", [1])], "labels"), ([(str(n), [1, 2]) for n in range(5)], "small multiples")],
)
def test_a_line_chart_refuses_what_it_cannot_show(series: list[tuple[str, list[int]]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        charts.line_chart(series, ["a", "b"])


@given(st.lists(st.tuples(st.text(max_size=40), st.none() | SIZES), min_size=1, max_size=40), st.booleans())
def test_bars_are_sorted_start_at_zero_and_are_as_long_as_their_value(
    items: list[tuple[str, float | None]], narrow: bool
) -> None:
    chart = charts.bar_chart(items, narrow=narrow)
    known = [bar.value for bar in chart.bars if bar.value is not None]
    assert known == sorted(known, reverse=True)
    assert len(chart.bars) == len(items)
    longest = max(known, default=0)
    full = next((bar.width for bar in chart.bars if bar.value == longest), 0)
    for bar in chart.bars:
        assert bar.x == chart.zero_x
        assert bar.y + bar.height <= chart.height
        expected = full * (bar.value or 0) / longest if longest else 0
        assert bar.width == pytest.approx(expected, abs=0.11)


def test_negative_bars_grow_to_the_left_of_the_zero_line() -> None:
    up, down = charts.bar_chart([("op", 4), ("ned", -2)]).bars
    assert down.x + down.width == pytest.approx(up.x, abs=0.1)
    assert up.width == pytest.approx(2 * down.width, abs=0.2)


@given(st.lists(SIZES, min_size=1, max_size=8))
def test_the_parts_fill_the_bar_without_holes(values: list[float]) -> None:
    bar = charts.stacked_bar([(str(value), value) for value in values])
    assert bar.total == pytest.approx(sum(values))
    for one, other in itertools.pairwise(bar.segments):
        assert one.x + one.width == pytest.approx(other.x, abs=0.11)
    if bar.total:
        assert sum(part.share for part in bar.segments) == pytest.approx(100)
        assert bar.segments[-1].x + bar.segments[-1].width == pytest.approx(bar.width, abs=0.11)


def test_a_stack_refuses_a_negative_part() -> None:
    with pytest.raises(ValueError, match="negative"):
        charts.stacked_bar([("a", -1)])


@given(st.lists(st.floats(0, 1000), min_size=2, max_size=50))
def test_tones_follow_the_order_of_the_values(values: list[float]) -> None:
    cuts = charts.even_limits(values)
    tones = [charts.tone(value, cuts) for value in sorted(values)]
    assert tones == sorted(tones, key=lambda tone: tone or 0)
    if min(values) < max(values):
        assert (tones[0], tones[-1]) == (0, charts.TONES - 1)


def test_a_missing_value_has_no_tone() -> None:
    rows = charts.heat_rows([("hus", [1, None])], ["a", "b"])
    assert [cell.tone for cell in rows[0].cells] == [1, None]


def test_meter_keeps_the_fill_and_the_target_on_one_scale() -> None:
    bar = charts.meter(50, target=100, width=200)
    assert (bar.fill, bar.target_x, bar.over) == (100, 200, False)
    assert charts.meter(120, target=100, width=120).over
    assert charts.meter(120, target=100, width=120).target_x == 100


def test_tiles_stand_on_their_grid_and_break_double_names() -> None:
    drawing = charts.tile_map(
        [(0, 0, "Lyngby-Taarbæk", 3), {"x": 2, "y": 1, "label": "Vejle", "value": None}]
    )
    first, second = drawing.tiles
    assert first.lines == ("Lyngby-", "Taarbæk")
    assert (second.x, second.y, second.tone, second.text) == (204, 102, None, "")
    assert (drawing.width, drawing.height) == (300, 198)


def test_sparkline_without_values_is_empty_not_wrong() -> None:
    line = charts.sparkline([None, None])
    assert (line.path, line.last) == ("", None)
