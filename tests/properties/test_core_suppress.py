"""An outsider's audit of suppression that shares no code with it.

For small trees every tree of the same shape that agrees with the published numbers is enumerated;
from these the audit knows exactly what a reader can find out about each hidden count.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import count as counter
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.core.suppress import THRESHOLD, Node, suppress

Published = dict[int, int | None]
Values = dict[int, int]

counts = st.one_of(st.integers(0, 3), st.integers(0, 7))


@st.composite
def trees(draw: st.DrawFn, width: int = 3, depth: int = 2) -> Node[int]:
    numbers = counter()

    def grow(level: int) -> Node[int]:
        key = next(numbers)
        children = draw(st.integers(0, width)) if level else 0
        below = tuple(grow(level - 1) for _ in range(children))
        return Node(key, sum(child.count for child in below) if below else draw(counts), below)

    return grow(depth)


big_trees = trees(width=6, depth=4)


def agreeing(node: Node[int], total: int, published: Published) -> Iterator[Values]:
    """Every way to fill the tree so that the node counts ``total`` and the published numbers hold."""
    if published[node.key] not in (None, total):
        return
    if not node.children:
        yield {node.key: total}
        return
    for split in splits(total, [published[child.key] for child in node.children]):
        below = [list(agreeing(child, n, published)) for child, n in zip(node.children, split, strict=True)]
        for parts in product(*below):
            filled = {node.key: total}
            for part in parts:
                filled |= part
            yield filled


def splits(total: int, known: list[int | None]) -> Iterator[tuple[int, ...]]:
    if not known:
        if total == 0:
            yield ()
        return
    for first in range(total + 1) if known[0] is None else [known[0]]:
        if first <= total:
            for rest in splits(total - first, known[1:]):
                yield (first, *rest)


def zeros_are_shown(node: Node[int], filled: Values, published: Published) -> bool:
    """Whether a reader who knows that zeros are shown, unless all siblings are hidden, accepts this."""
    if published[node.key] is None:
        return True
    hidden = [child.key for child in node.children if published[child.key] is None]
    if len(hidden) < len(node.children) and any(filled[key] == 0 for key in hidden):
        return False
    return all(zeros_are_shown(child, filled, published) for child in node.children)


def possible(tree: Node[int], published: Published, *, informed: bool) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for filled in agreeing(tree, tree.count, published):
        if not informed or zeros_are_shown(tree, filled, published):
            for key, value in filled.items():
                found[key].add(value)
    return found


def audit(tree: Node[int], *, informed: bool) -> None:
    published = suppress(tree)
    if published[tree.key] is None:
        assert set(published.values()) == {None}
        return
    found = possible(tree, published, informed=informed)
    for node in tree.walk():
        assert node.count in found[node.key]
        if published[node.key] is None:
            assert len(found[node.key]) > 1
            assert max(found[node.key]) >= THRESHOLD


# A tree of 12 people can be filled in some 100,000 ways at most.
small_trees = trees().filter(lambda tree: tree.count <= 12)


@settings(deadline=None)
@given(small_trees)
def test_no_hidden_count_can_be_found_or_kept_under_the_threshold(tree: Node[int]) -> None:
    audit(tree, informed=False)


@settings(deadline=None)
@given(small_trees)
def test_not_even_by_a_reader_who_knows_that_zeros_are_shown(tree: Node[int]) -> None:
    audit(tree, informed=True)


@settings(deadline=None)
@given(
    st.one_of(
        st.lists(st.integers(0, 9), min_size=1, max_size=4),
        st.lists(st.integers(0, 2), min_size=1, max_size=6),
    )
)
def test_one_level_of_siblings_by_exhaustion(values: list[int]) -> None:
    audit(Node(0, sum(values), tuple(Node(i + 1, n) for i, n in enumerate(values))), informed=True)


@settings(deadline=None)
@given(big_trees)
def test_the_stated_rules_hold_at_every_node(tree: Node[int]) -> None:
    published = suppress(tree)
    for node in tree.walk():
        shown = published[node.key]
        assert shown in (None, node.count)
        assert shown is None or not 0 < shown < THRESHOLD
        hidden = [child for child in node.children if published[child.key] is None]
        if shown is None:
            assert len(hidden) == len(node.children)
        elif hidden:
            assert len(hidden) >= 2
            assert sum(child.count for child in hidden) >= THRESHOLD
            assert any(0 < child.count < THRESHOLD for child in hidden)


@settings(deadline=None)
@given(big_trees, st.randoms(use_true_random=False))
def test_the_order_of_children_does_not_matter(tree: Node[int], random: Random) -> None:
    def shuffled(node: Node[int]) -> Node[int]:
        children = [shuffled(child) for child in node.children]
        random.shuffle(children)
        return Node(node.key, node.count, tuple(children))

    assert suppress(shuffled(tree)) == suppress(tree)


@settings(deadline=None)
@given(big_trees)
def test_no_more_is_hidden_than_needed(tree: Node[int]) -> None:
    """Under a published total either nothing small is there, or leaving out the last addition fails."""
    published = suppress(tree)
    for node in tree.walk():
        hidden = [child.count for child in node.children if published[child.key] is None]
        if published[node.key] is None or not hidden or len(hidden) == len(node.children):
            continue
        small = [n for n in hidden if n < THRESHOLD]
        kept = [*small, *sorted(n for n in hidden if n >= THRESHOLD)[:-1]]
        if len(kept) < len(hidden):
            assert len(kept) < 2 or sum(kept) - len(kept) + 1 < THRESHOLD
