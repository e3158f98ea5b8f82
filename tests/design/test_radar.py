"""The radar: where its axes and shapes are drawn, what a gap does, and the table that says the same."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.design.plotting import CHARACTER
from roedtraad.design.radar import Radar, radar
from tests.design.test_components import draw

NAMES = ["Nord", "Øst", "Syd", "Vest"]
WORDS = ["stille", "let vind", "blæst", "kuling", "storm"]


def one(values: list[int | None], names: list[str] = NAMES) -> Radar:
    return radar(names, [("I dag", values)], top=4)


def test_the_first_axis_points_up_and_the_rest_follow_clockwise() -> None:
    chart = one([4, 4, 4, 4])
    north, east, south, west = chart.spokes
    assert (north.x, south.x) == (chart.x, chart.x)
    assert north.y < chart.y < south.y
    assert west.x < chart.x < east.x
    assert [spoke.anchor for spoke in chart.spokes] == ["middle", "start", "middle", "end"]


def test_a_dot_is_the_further_out_the_higher_it_is_and_the_lowest_can_be_seen() -> None:
    chart = one([0, 1, 2, 4])
    out = [math.hypot(dot.x - chart.x, dot.y - chart.y) for dot in chart.shapes[0].dots]
    assert 0 < out[0] < out[1] < out[2] < out[3]
    assert out[1] - out[0] == pytest.approx(out[2] - out[1], abs=0.2)
    rim = math.hypot(chart.spokes[0].x - chart.x, chart.spokes[0].y - chart.y)
    assert out[3] == pytest.approx(rim, abs=0.2)


def test_a_gap_is_never_bridged() -> None:
    whole, broken = one([1, 2, 3, 4]).shapes[0], one([1, 2, None, 4]).shapes[0]
    assert whole.closed
    assert whole.path.endswith("Z")
    assert not broken.closed
    # Vest–Nord and Nord–Øst, and nothing across the missing south.
    assert broken.path.count("M") == 2
    assert "Z" not in broken.path
    assert len(broken.dots) == 3


def test_values_far_apart_leave_dots_without_lines() -> None:
    shape = one([1, None, 3, None]).shapes[0]
    assert shape.path == ""
    assert [dot.value for dot in shape.dots] == [1, 3]


@pytest.mark.parametrize(
    ("names", "series"),
    [
        (["A", "B"], [("x", [1, 2])]),
        (NAMES, [("x", [1, 2, 3])]),
        (NAMES, [("x", [1, 2, 3, 5])]),
        (NAMES, [("x", [1, 2, 3, -1])]),
        (NAMES, [("x", [1, 2, 3, 4])] * 3),
    ],
)
def test_what_cannot_be_drawn_is_refused(names: list[str], series: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"radar|series"):
        radar(names, series, top=4)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["Søvn", "Praktiske opgaver", "At forstå og blive forstået"]), min_size=3, max_size=12
    ),
    st.sampled_from([(640, 150), (360, 92)]),
)
def test_names_stay_inside_the_drawing(names: list[str], size: tuple[int, int]) -> None:
    width, room = size
    chart = radar(names, [("x", [2] * len(names))], top=4, width=width, room=room)
    for spoke in chart.spokes:
        wide = max(map(len, spoke.lines)) * CHARACTER
        left = {"start": 0.0, "middle": wide / 2, "end": wide}[spoke.anchor]
        assert spoke.label_x - left >= -1
        assert spoke.label_x - left + wide <= width + 1
        assert 0 <= spoke.label_y <= chart.height
        assert spoke.label_y + 15 * (len(spoke.lines) - 1) <= chart.height


def test_the_component_has_a_picture_a_key_and_a_table_twin() -> None:
    html = draw(
        '<c-radar title="Vind" summary="Mest i syd." head="Retning" :names="names" :series="series" :words="words" />',
        names=NAMES,
        series=[("I dag", [0, 1, 4, None]), ("I går", [1, 1, 2, 3])],
        words=WORDS,
    )
    assert html.count('role="img" aria-label="Vind. Mest i syd."') == 2
    assert re.search(r'<path class="line hue-2 radar-area"', html)
    assert '<th scope="row">Syd</th><td>4 · storm</td><td>2 · blæst</td>' in html
    assert '<th scope="row">Vest</th><td>–</td><td>3 · kuling</td>' in html
    assert '<th scope="col">I går</th>' in html
