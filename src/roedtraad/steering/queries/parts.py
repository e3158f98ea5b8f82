"""What a figure's denominator falls into, as the page of an indicator shows it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from roedtraad.core.shares import percent_of
from roedtraad.practice.rules.goals import OUTCOME_WORDS
from roedtraad.steering.figures import UnitFigure


@dataclass(frozen=True)
class Part:
    """A part of what was counted: what it is called, how many, and in per cent of all of it."""

    name: str
    count: int
    percent: Decimal | None


def parts_of(node: UnitFigure | None) -> tuple[Part, ...]:
    """The parts of a unit's figure; none when it is hidden or the indicator has no parts."""
    if node is None:
        return ()
    whole = sum(node.parts.values())
    return tuple(
        Part(OUTCOME_WORDS[item], count, percent_of(count, whole)) for item, count in node.parts.items()
    )
