"""The contrast of the colour tokens, reckoned as WCAG 2.2 does, in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import roedtraad.design

CSS = (Path(roedtraad.design.__file__).parent / "static" / "design" / "tokens.css").read_text()
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)
}
GROUNDS = ("paper", "surface", "surface-2", "past")
STATES = ("good", "partly", "none", "attention")

TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "act") for ground in GROUNDS),
    *((state, ground) for state in STATES for ground in ("paper", "surface", "past", f"{state}-soft")),
    *((f"on-{tone}", f"tone-{tone}") for tone in ("0", "1", "2", "3", "4", "gap")),
    ("act-ink", "act"),
    ("act-ink", "act-strong"),
    ("act", "act-soft"),
    ("ink", "act-soft"),
    ("ink", "attention-soft"),
    ("act", "attention-soft"),
    ("past-ink", "past"),
    ("ink", "band"),
    ("paper", "ink"),
]
SHAPES = [
    *(
        (shape, ground)
        for shape in ("thread", "line-strong", "focus", "target")
        for ground in ("paper", "surface", "past")
    ),
    *((f"hue-{number}", ground) for number in (1, 2, 3, 4) for ground in ("paper", "surface", "band")),
    ("hue-1", "surface-2"),
    ("focus", "act-soft"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable(ink: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_told_from_their_ground(shape: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[shape][theme], TOKENS[ground][theme]) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_heat_tones_rise_in_steps_one_can_see(theme: int) -> None:
    levels = [luminance(TOKENS[f"tone-{tone}"][theme]) for tone in range(5)]
    assert levels == sorted(levels, reverse=theme == 0)
    for tone in range(4):
        assert contrast(TOKENS[f"tone-{tone}"][theme], TOKENS[f"tone-{tone + 1}"][theme]) >= 1.12
