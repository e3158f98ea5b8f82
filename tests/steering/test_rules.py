"""How figures are judged."""

from __future__ import annotations

from decimal import Decimal

import pytest

from roedtraad.steering.rules import Movement, State, YearValue, gathered, movement, state_of


@pytest.mark.parametrize(
    ("value", "target", "direction", "state"),
    [
        ("95.0", "95", "up", "good"),
        ("97.3", "95", "up", "good"),
        ("94.9", "95", "up", "partly"),
        ("90.3", "95", "up", "partly"),
        ("90.2", "95", "up", "attention"),
        ("4.0", "4", "down", "good"),
        ("4.2", "4", "down", "partly"),
        ("4.3", "4", "down", "attention"),
        ("100.9", "100", "band", "good"),
        ("99.0", "100", "band", "good"),
        ("101.1", "100", "band", "partly"),
        ("95.0", "100", "band", "partly"),
        ("94.9", "100", "band", "attention"),
        (None, "95", "up", "none"),
        ("95.0", None, "up", "none"),
    ],
)
def test_a_figure_against_its_target(
    value: str | None, target: str | None, direction: str, state: State
) -> None:
    assert (
        state_of(Decimal(value) if value else None, Decimal(target) if target else None, direction) == state
    )


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ([], "none"),
        (["none", "none"], "none"),
        (["good", "none"], "good"),
        (["good", "partly"], "partly"),
        (["partly"], "partly"),
        (["good", "attention", "partly"], "attention"),
    ],
)
def test_states_are_gathered(states: list[State], state: State) -> None:
    assert gathered(states) == state


def trend(*values: str | None) -> list[YearValue]:
    return [YearValue(2017 + i, Decimal(value) if value else None) for i, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("95.0",), None),
        (("95.0", None), None),
        ((None, "95.0"), None),
        (("90.0", "95.1", "94.6", "95.0"), Movement("stable", 2018, Decimal("0.4"))),
        (("93.0", "95.1"), Movement("up", 2017, Decimal("2.1"))),
        (("95.0", "93.0"), Movement("down", 2017, Decimal("2.0"))),
        (("95.0", None, "95.0", "95.2"), Movement("stable", 2019, Decimal("0.2"))),
    ],
)
def test_a_trend_in_words(values: tuple[str | None, ...], said: Movement | None) -> None:
    assert movement(trend(*values)) == said
