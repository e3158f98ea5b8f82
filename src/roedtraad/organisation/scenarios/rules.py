"""What a leadership scenario costs and whether it fits. Pure.

Source: hearing note 2020, sections 2.2 (the room) and 3–4 (the models).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from roedtraad.core import danish


@dataclass(frozen=True)
class PostChange:
    """One change of posts: how many, and the yearly pay of each in kr. (negative when money is saved)."""

    action: str
    title: str
    from_title: str
    count: int
    yearly_pay: Decimal
    basis: str
    from_base: bool = False

    @property
    def pay(self) -> Decimal:
        """The yearly pay of all of them, kr."""
        return self.count * self.yearly_pay


@dataclass(frozen=True)
class Verdict:
    """Whether a scenario can be paid for: extra pay against the room, both kr. a year."""

    extra_pay: Decimal
    room: Decimal

    @property
    def fits(self) -> bool:
        """The extra pay is no more than the room."""
        return self.extra_pay <= self.room

    @property
    def left(self) -> Decimal:
        """What is left of the room, kr.; 0 when it does not fit."""
        return max(self.room - self.extra_pay, Decimal(0))

    @property
    def to_save(self) -> Decimal:
        """What must be saved elsewhere, kr.; 0 when it fits."""
        return max(self.extra_pay - self.room, Decimal(0))

    @property
    def percent_of_room(self) -> Decimal | None:
        """How much of the room it takes, per cent; None when there is no room at all."""
        return 100 * self.extra_pay / self.room if self.room > 0 else None

    def sentence(self) -> str:
        """The verdict in words."""
        if self.fits:
            return f"Kan holdes inden for råderummet; der er {danish.mio(self.left)} tilbage."
        return f"Kræver besparelser andre steder på {danish.mio(self.to_save)}"


def extra_pay(posts: Iterable[PostChange]) -> Decimal:
    """The yearly extra pay of a set of changes, kr."""
    return sum((post.pay for post in posts), Decimal(0))


def room(surplus_income: Decimal, set_aside: Decimal) -> Decimal:
    """The room: surplus overhead income (merafløft) less what is set aside beforehand, kr."""
    return surplus_income - set_aside


def lines_with_base(own: Sequence[tuple[str, str]], base: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines of reference of a variant: its base's, with its own put in their place or added."""
    replaced = {from_title for from_title, _to in own}
    return [line for line in base if line[0] not in replaced] + list(own)


def reference_levels(lines: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The titles by level, the top first; a title that refers to two stands under the lowest of them.

    ValueError with a sentence when somebody in the end refers to themselves.
    """
    above: dict[str, set[str]] = {}
    for from_title, to_title in lines:
        above.setdefault(from_title, set()).add(to_title)
        above.setdefault(to_title, set())
    depth: dict[str, int] = {}

    def find(title: str, path: tuple[str, ...]) -> int:
        if title in path:
            raise ValueError(f"{title} refererer i sidste ende til sig selv. Ret en af linjerne.")
        if title not in depth:
            depth[title] = max((find(over, (*path, title)) + 1 for over in above[title]), default=0)
        return depth[title]

    for title in above:
        find(title, ())
    levels: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for title in above:
        levels[depth[title]].append(title)
    return levels
