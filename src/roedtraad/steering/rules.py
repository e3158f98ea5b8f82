"""How a figure is judged: its value, its state against a target, its trend, and states gathered. Pure.

The documents set no limits between the states; those below are declared assumptions of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

State = Literal["good", "partly", "none", "attention"]

# Assumption: a figure is "partly" while it misses its target by at most a twentieth of it …
PARTLY_WITHIN = Decimal("0.05")
# … and, where the target itself is best, "good" while it is within a hundredth of it.
BAND_WITHIN = Decimal("0.01")
# Assumption: a figure that moves by less than one percentage point has been stable.
STABLE_WITHIN = Decimal(1)


@dataclass(frozen=True)
class YearValue:
    """A year of a trend. `value` is None when there is none, or when it is hidden."""

    year: int
    value: Decimal | None
    provisional: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Measured:
    """An indicator's figure for a unit and a year, as it may be published.

    `value` is in the indicator's unit of measure with one decimal. `persons` counts the people behind it, a
    person once for each unit lived in. When `hidden`, value, numerator, denominator and persons are all None.
    """

    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    target: Decimal | None = None
    state: State = "none"
    trend: tuple[YearValue, ...] = ()
    provisional: bool = False
    persons: int | None = None
    hidden: bool = False

    @property
    def no_data(self) -> bool:
        """Nothing is counted, and it is not because it is hidden."""
        return self.value is None and not self.hidden

    @property
    def before(self) -> Decimal | None:
        """The figure of the year before; None when there is none, or it is hidden."""
        return self.trend[-2].value if len(self.trend) > 1 else None

    @property
    def trend_values(self) -> list[Decimal | None]:
        """The figures of the trend, None for a gap."""
        return [item.value for item in self.trend]

    @property
    def trend_years(self) -> list[str]:
        """The years of the trend."""
        return [str(item.year) for item in self.trend]


def state_of(value: Decimal | None, target: Decimal | None, direction: str) -> State:
    """The state of a figure against its target: `none` when either is missing.

    up: good from the target and above; down: at the target and below; band: within a hundredth of it.
    partly: it misses by at most a twentieth of the target. attention: it misses by more.
    """
    if value is None or target is None:
        return "none"
    if direction == "band":
        missed = max(abs(value - target) - abs(target) * BAND_WITHIN, Decimal(0))
        room = abs(target) * (PARTLY_WITHIN - BAND_WITHIN)
    else:
        missed = max(target - value if direction == "up" else value - target, Decimal(0))
        room = abs(target) * PARTLY_WITHIN
    if missed == 0:
        return "good"
    return "partly" if missed <= room else "attention"


def gathered(states: Iterable[State]) -> State:
    """One state for what hangs on several figures: those without data do not count.

    good when all are good, attention when any needs attention, partly in between, none when nothing is known.
    """
    known = {state for state in states if state != "none"}
    if not known:
        return "none"
    if "attention" in known:
        return "attention"
    return "good" if known == {"good"} else "partly"


@dataclass(frozen=True)
class Movement:
    """What a trend says: stable since a year, or changed by so much since the year before. None: nothing."""

    kind: Literal["stable", "up", "down"]
    since: int
    change: Decimal


def movement(trend: Sequence[YearValue]) -> Movement | None:
    """How the last figure of a trend stands to those before it; None with fewer than two in a row."""
    if len(trend) < 2 or trend[-1].value is None or trend[-2].value is None:
        return None
    now = trend[-1].value
    since = trend[-1].year
    for earlier in reversed(trend[:-1]):
        if earlier.value is None or abs(earlier.value - now) >= STABLE_WITHIN:
            break
        since = earlier.year
    if since < trend[-1].year:
        return Movement("stable", since, now - trend[-2].value)
    change = now - trend[-2].value
    return Movement("up" if change > 0 else "down", trend[-2].year, abs(change))


def until_year(trend: Sequence[YearValue], year: int) -> tuple[YearValue, ...]:
    """The trend up to and including the year."""
    return tuple(item for item in trend if item.year <= year)
