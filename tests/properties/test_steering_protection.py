"""An outsider's audit of hidden figures, sharing no code with what hides them.

The reader sees the numerator, denominator and people of every shown unit, and knows all denominators. What the
shown numbers say about the hidden ones falls apart into one equation per shown unit: its hidden children add up to
what the shown ones leave. Each equation is solved by trying every whole number.
"""

from __future__ import annotations

from itertools import count as counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.steering.protection import Counted, above, hidden_keys, leaf

YEAR = 12  # days of a small year keep the search small


@st.composite
def units(draw: st.DrawFn, depth: int = 2, width: int = 4, year: int = YEAR) -> Counted:
    """A tree whose leaves have persons (who may live in several) and places full to any degree."""
    numbers = counter()
    crowd = st.integers(0, 30)

    def grow(level: int) -> Counted:
        key = next(numbers)
        if level and (below := draw(st.integers(0, width))):
            return above(key, tuple(grow(level - 1) for _ in range(below)))
        people = draw(st.one_of(st.sets(crowd, max_size=3), st.sets(crowd, max_size=9)))
        places = draw(st.integers(0, 3))
        agreed = places * year
        low, high = len(people), max(agreed, len(people))
        used = draw(st.one_of(st.just(high), st.just(low), st.integers(low, high))) if people else 0
        return leaf(key, used, agreed, len(people), frozenset(people))

    return grow(depth)


def equations(root: Counted, hidden: set[int]) -> list[tuple[list[Counted], int, int]]:
    """For each shown unit with hidden children: those, and the numerator and people they share."""
    found = []
    for unit in root.walk():
        away = [child for child in unit.children if child.key in hidden]
        if unit.key in hidden or not away:
            continue
        shown = [child for child in unit.children if child.key not in hidden]
        found.append(
            (
                away,
                unit.numerator - sum(child.numerator for child in shown),
                unit.persons - sum(child.persons for child in shown),
            )
        )
    return found


def possible(highs: list[int], total: int, lowest: int) -> list[set[int]]:
    """What each of the terms of a sum can be, by trying."""
    found: list[set[int]] = [set() for _ in highs]
    for first in product(*(range(lowest, high + 1) for high in highs[:-1])):
        last = total - sum(first)
        if lowest <= last <= highs[-1]:
            for place, value in enumerate((*first, last)):
                found[place].add(value)
    return found


@settings(deadline=None, max_examples=300)
@given(units(width=3))
def test_no_hidden_numerator_can_be_found(root: Counted) -> None:
    hidden = hidden_keys(root)
    for away, total, _persons in equations(root, hidden):
        assert len(away) >= 2
        denominators = [child.denominator for child in away]
        free = [total] * len(away)
        # Once for a reader without beliefs, once for one who thinks that no unit can be more than full.
        for highs in (free, denominators if total <= sum(denominators) else free):
            found = possible(highs, total, 1)
            if not all(found):
                continue  # the reader's belief contradicts what is published, so nothing follows from it
            for child, values in zip(away, found, strict=True):
                assert max(values) - min(values) >= 1
                assert max(values) - min(values) >= child.denominator * 0.05


@settings(deadline=None, max_examples=300)
@given(units(width=3))
def test_no_hidden_count_of_people_can_be_found(root: Counted) -> None:
    hidden = hidden_keys(root)
    for away, _total, persons in equations(root, hidden):
        for values in possible([persons] * len(away), persons, 1):
            assert len(values) > 1
            assert max(values) >= 5


@settings(deadline=None, max_examples=300)
@given(units(depth=3, year=365))
def test_few_people_are_always_hidden(root: Counted) -> None:
    hidden = hidden_keys(root)

    def people(unit: Counted) -> frozenset[int] | None:
        """Who is behind the unit, when that is known: fewer than five in each unit below."""
        if not unit.children:
            return unit.few
        below = [people(child) for child in unit.children]
        return None if None in below else frozenset().union(*(group or frozenset() for group in below))

    for unit in root.walk():
        few = people(unit)
        if few is not None and 0 < len(few) < 5:
            assert unit.key in hidden
        if unit.key in hidden:
            assert all(child.key in hidden for child in unit.children)


@settings(deadline=None, max_examples=200)
@given(units(depth=3, year=365))
def test_large_groups_alone_are_shown(root: Counted) -> None:
    leaves = [unit for unit in root.walk() if not unit.children]
    if all(unit.persons == 0 or unit.persons >= 5 for unit in leaves):
        assert hidden_keys(root) == set()
