"""The network map: where everybody is drawn, and what the drawing says besides."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.citizens.network import rules
from roedtraad.design import network
from tests.design.test_components import draw

SECTORS = ["Familie og venner", "Uddannelse og beskæftigelse", "Fritid", "Bolig", "Andet"]
RINGS = ["1", "2", "3", "4", "5"]
TIERS = ["primær", "sekundær", "tertiær"]
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["Mona Elm", "Bo", "Christian Alexander Rosenkrantz", "Åse"]),
            "angle": st.floats(0, 359.9),
            "distance": st.floats(0, 1),
            "tier": st.integers(0, 2),
        }
    ),
    max_size=15,
)


@given(PEOPLE)
def test_everybody_stands_where_the_rules_say(people: list[dict[str, Any]]) -> None:
    chart = network.network_map(SECTORS, RINGS, TIERS, people)
    assert network.CORE == rules.CORE
    for mark, one in zip(chart.marks, people, strict=True):
        spot = rules.Spot(one["angle"], one["distance"])
        x, y = spot.xy
        assert mark.x == pytest.approx(chart.x + x * chart.radius, abs=0.1)
        assert mark.y == pytest.approx(chart.y + y * chart.radius, abs=0.1)
        assert mark.sector == SECTORS[rules.SECTORS.index(spot.sector)]
        assert mark.ring == str(spot.ring)
        assert mark.anchor in {"start", "end", "middle"}


@pytest.mark.parametrize(("width", "height", "radius"), [(660, 580, 250), (360, 400, 138)])
def test_the_names_of_the_sectors_are_outside_the_rim_and_inside_the_drawing(
    width: int, height: int, radius: int
) -> None:
    chart = network.network_map(SECTORS, RINGS, TIERS, [], width=width, height=height, radius=radius)
    assert len(chart.sectors) == len(SECTORS)
    for n, name in enumerate(chart.sectors):
        long = max(len(line) for line in name.lines) * 7
        begin = name.x - {"start": 0, "middle": long / 2, "end": long}[name.anchor]
        assert begin >= -1
        assert begin + long <= width + 1
        assert math.hypot(name.x - chart.x, name.y - chart.y) > radius - 20
        turned = math.degrees(math.atan2(name.x - chart.x, chart.y - name.y)) % 360
        assert abs(turned - (n + 0.5) * 72) < 40
    assert [len(ring.label) for ring in chart.rings] == [1] * 5


def test_two_names_side_by_side_do_not_lie_on_each_other() -> None:
    people = [
        {"name": "Mona", "angle": 88, "distance": 0.5, "tier": 0},
        {"name": "Bo", "angle": 92, "distance": 0.56, "tier": 0},
    ]
    one, other = network.network_map(SECTORS, RINGS, TIERS, people).marks
    assert (one.name_x, one.name_y) != (other.name_x, other.name_y)


def test_a_fourth_tier_has_no_shape() -> None:
    with pytest.raises(ValueError, match="at most 3 tiers"):
        network.network_map(SECTORS, RINGS, [*TIERS, "fjerde"], [])


def page(**extra: Any) -> str:
    people = [
        {"key": "k1", "name": "Mona <Elm>", "note": "mor", "angle": 10.5, "distance": 0.25, "tier": 0}
        | {"url": "/ret/", "version": 3}
        | extra,
        {"key": "k2", "name": "Bo", "angle": 200, "distance": 0.9, "tier": 2, "gone": bool(extra)},
    ]
    return draw(
        '<c-network-map title="Kort" summary="S" middle="Ane" :sectors="s" :rings="r" :tiers="t" :people="p" '
        'move="{{ move }}" hint="Flyt" />',
        s=SECTORS,
        r=RINGS,
        t=TIERS,
        p=people,
        move="" if extra else "/flyt/",
    )


def test_a_map_to_change_is_links_with_words_and_a_table() -> None:
    html = page()
    assert html.count('data-network-move="/flyt/"') == 1
    assert 'aria-label="Mona &lt;Elm&gt;, mor. Familie og venner. 2. primær"' in html
    assert 'data-key="k1" data-version="3" data-angle="10.5" data-distance="0.25"' in html
    assert (
        '<th scope="row">Mona &lt;Elm&gt;</th><td>mor</td><td>Familie og venner</td><td>2</td><td>primær</td>'
        in html
    )
    assert "Siden sidst" not in html
    assert 'data-download="png"' in html
    for tag in re.findall(r'<svg class="plot[^>]*>', html):
        assert 'aria-label="Kort. S"' in tag
    numbers = re.findall(r' (?:x|y|cx|cy|r)="([^"]*)"', html)
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", number) for number in numbers)


def test_a_comparison_shows_where_they_stood_and_who_is_gone() -> None:
    html = page(before=(40, 0.8), change="tættere på", url="")
    assert "data-network-move" not in html
    assert html.count('class="net-way"') == html.count('class="net-ghost"') == 2
    assert 'class="net-person net-gone"' in html
    assert "<td>tættere på</td>" in html
    assert "Siden sidst" in html


def test_a_long_name_is_shown_in_whole_words_and_never_without_its_first() -> None:
    from roedtraad.design.plotting import whole_words

    assert whole_words("Støtte fra frivilligcenter", 130) == "Støtte fra…"
    assert whole_words("Værkstedslederassistent", 20) == "Værkstedslederassistent"
    assert whole_words("Bo", 130) == "Bo"
    assert whole_words("Bibliotekaren, der finder bøger", 0) == "Bibliotekaren…"
