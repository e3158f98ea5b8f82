"""Which units somebody works a shift in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roedtraad.access.scope import reach
from roedtraad.organisation.tree import Node, Tree

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


def units_of(user: User, tree: Tree, action: str = "duty.work") -> list[Node]:
    """The units the user may do `action` in today, parents first, in the order of the tree."""
    mine = reach(user, action).all_units
    return [node for root in tree.roots for node in root.walk() if node.id in mine]
