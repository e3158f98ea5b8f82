"""Which units' figures stay hidden because few people are behind them. Pure.

Builds on `core.suppress`, which hides by the number of people. A figure has a numerator too, which adds up
through the tree, so two more things are seen to here:

* A person who lived in two units counts in both, so that people add up. Where the same few people are behind
  several units, the unit above them is hidden as one small group, not shown as the larger sum.
* The hidden units under a shown one have a numerator that anybody can find by subtraction. It must leave each
  of them a span of at least `MARGIN` of its denominator, also for a reader who believes that no numerator
  exceeds its denominator and that each hidden unit has a numerator of at least one. If not, more is hidden:
  the smallest sibling first, and when no sibling is left the unit above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from roedtraad.core.suppress import THRESHOLD, Node, suppress

# Of the denominator: a hidden percentage can never be narrowed down to less than five percentage points.
MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class Counted:
    """A unit's figure with what lies below it: sums of the children where there are any.

    `persons` is the number of people behind it, `few` who they are when they are fewer than the threshold.
    """

    key: int
    numerator: int
    denominator: int
    persons: int
    few: frozenset[int] | None = None
    children: tuple[Counted, ...] = ()

    def walk(self) -> Iterator[Counted]:
        """The unit and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def leaf(key: int, numerator: int, denominator: int, persons: int, few: frozenset[int]) -> Counted:
    """A unit with nothing below it. `few` is ignored when there are enough people."""
    return Counted(key, numerator, denominator, persons, few if persons < THRESHOLD else None)


def above(key: int, children: tuple[Counted, ...]) -> Counted:
    """A unit that is the sum of those below it."""
    few: frozenset[int] | None = None
    if all(child.few is not None for child in children):
        together = frozenset().union(*(child.few or frozenset() for child in children))
        few = together if len(together) < THRESHOLD else None
    return Counted(
        key,
        sum(child.numerator for child in children),
        sum(child.denominator for child in children),
        len(few) if few else sum(child.persons for child in children),
        few,
        children,
    )


def hidden_keys(root: Counted) -> set[int]:
    """The keys of the units whose figures must not be shown."""
    hidden = {key for key, count in suppress(_people(root)).items() if count is None}
    for unit in root.walk():
        if unit.key in hidden:
            hidden.update(below.key for below in unit.walk())
    while more := _exposed(root, hidden):
        hidden.update(below.key for below in more.walk())
    return hidden


def _people(unit: Counted) -> Node[int]:
    if unit.few:
        return Node(unit.key, len(unit.few))
    return Node(unit.key, unit.persons, tuple(_people(child) for child in unit.children))


def _exposed(root: Counted, hidden: set[int]) -> Counted | None:
    """One more unit that must be hidden, None when all hidden ones are safe."""
    for unit in root.walk():
        if unit.key in hidden:
            continue
        away = [child for child in unit.children if child.key in hidden]
        if not away or _is_safe(away):
            continue
        shown = [child for child in unit.children if child.key not in hidden]
        return min(shown, key=lambda c: (c.persons == 0, c.persons, str(c.key))) if shown else unit
    return None


def _is_safe(away: list[Counted]) -> bool:
    if len(away) < 2 or sum(child.persons for child in away) - (len(away) - 1) < THRESHOLD:
        return False
    total = sum(child.numerator for child in away)
    lows = [1] * len(away)
    highs: list[float] = [child.denominator for child in away]
    if total > sum(highs) or any(high < 1 for high in highs):
        highs = [float("inf")] * len(away)  # the reader's belief does not hold, so it gives nothing
    for place, child in enumerate(away):
        low = max(lows[place], total - (sum(highs) - highs[place]))
        high = min(highs[place], total - (sum(lows) - lows[place]))
        if high - low < max(child.denominator * MARGIN, 1):
            return False
    return True
