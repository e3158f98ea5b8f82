"""Protection of small groups in a tree of counts that is published with its totals.

What is guaranteed. A reader who knows every published number, that counts add up and are never
negative, and that a zero is published unless all its siblings are hidden with it, cannot tell the
size of a hidden group, nor even rule out that it has ``threshold`` people or more.

What an outsider could still learn:

* that a tree whose root is hidden counts 1 to threshold - 1 people: only that hides a root;
* that a hidden group is at most as big as the sum of its hidden siblings and itself;
* where a node's few groups are all hidden and its total is little above the threshold, that the
  groups are small (a total of 5 over two hidden groups), though not how small;
* in rare cases more, by running this very procedure on every possible set of numbers and keeping
  those that hide the same groups (a minimality attack): three hidden groups of 4 beside a
  published one of 5 could be found so;
* anything that follows from a second publication of the same people: another tree, another date,
  or a sum above the root. Counts that are published together must be one tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

THRESHOLD = 5

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Node(Generic[K]):
    """A group, how many it counts in all, and the groups it falls into (none for a leaf)."""

    key: K
    count: int
    children: "tuple[Node[K], ...]" = ()

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("Et antal kan ikke være negativt.")
        if self.children and sum(child.count for child in self.children) != self.count:
            raise ValueError(f"Grupperne under {self.key} giver ikke tilsammen gruppens antal.")

    def walk(self) -> "Iterator[Node[K]]":
        """The node and everything under it, parents first."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children))


def suppress(tree: Node[K], threshold: int = THRESHOLD) -> dict[K, int | None]:
    """What may be published for each key: its count, or None when it must be hidden.

    1. Every count of 1 … threshold − 1 is hidden, and everything under a hidden node.
    2. Under a published total the hidden children are none, or at least two whose sum leaves each
       of them the possibility of ``threshold`` when the others are at least one. Where that fails,
       further children are hidden, the smallest first (ties by the key's text); zeros only when
       all the others together are not enough, since a zero shown protects nobody.

    A total of at least ``threshold`` can always be published: if one child is too small, another
    child makes up the rest. Raises ValueError when two nodes have the same key.
    """
    published: dict[K, int | None] = {}
    hidden_nodes = {id(tree)} if _is_small(tree.count, threshold) else set[int]()
    for node in tree.walk():
        if node.key in published:
            raise ValueError(f"Nøglen {node.key} forekommer to gange.")
        if id(node) in hidden_nodes:
            published[node.key] = None
            hidden_nodes.update(map(id, node.children))
        else:
            published[node.key] = node.count
            hidden_nodes.update(map(id, _hidden_children(node, threshold)))
    return published


def _is_small(count: int, threshold: int) -> bool:
    return 0 < count < threshold


def _hidden_children(parent: Node[K], threshold: int) -> list[Node[K]]:
    hidden = [child for child in parent.children if _is_small(child.count, threshold)]
    if not hidden:
        return []
    large = [child for child in parent.children if child.count >= threshold]
    for child in sorted(large, key=lambda c: (c.count, str(c.key))):
        if _is_protected(hidden, threshold):
            return hidden
        hidden.append(child)
    return hidden if _is_protected(hidden, threshold) else list(parent.children)


def _is_protected(hidden: list[Node[K]], threshold: int) -> bool:
    # Zeros are shown, so each of the others takes up at least one of the sum. A single small group
    # never passes: its own count is the sum.
    return sum(child.count for child in hidden) - (len(hidden) - 1) >= threshold
