"""The tree of units on a day, as plain rows: quick enough to read whole, once a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection

from roedtraad.core import clock


@dataclass
class Node:
    """A unit as it was on the day, with its children in Danish order."""

    id: int
    key: str
    kind: str
    name: str
    short_name: str
    parent_id: int | None
    municipality_id: str | None
    children: list[Node] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name

    def walk(self) -> Iterator[Node]:
        """The node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Tree:
    """All units of a day."""

    as_of: dt.date
    by_id: dict[int, Node]
    roots: list[Node]

    def by_key(self, key: str) -> Node | None:
        """The unit with this key on the day, if it existed."""
        return next((node for node in self.by_id.values() if node.key == key), None)

    def path(self, unit_id: int) -> list[Node]:
        """From the root down to the unit."""
        steps: list[Node] = []
        current: int | None = unit_id
        while current is not None and current in self.by_id and len(steps) < 50:
            steps.append(self.by_id[current])
            current = self.by_id[current].parent_id
        return steps[::-1]

    def below(self, unit_id: int) -> set[int]:
        """The unit and all below it."""
        node = self.by_id.get(unit_id)
        return {n.id for n in node.walk()} if node else set()

    def above(self, unit_id: int, kind: str) -> Node | None:
        """The nearest unit of `kind` at or above the unit."""
        return next((node for node in reversed(self.path(unit_id)) if node.kind == kind), None)


def tree(as_of: dt.date | None = None) -> Tree:
    """The organisation as it was on `as_of` (today). One SQL statement."""
    day = as_of or clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.id, u.key, v.kind, v.name, v.short_name, v.parent_id, v.municipality_id
            FROM organisation_unitversion v JOIN organisation_unit u ON u.id = v.unit_id
            WHERE v.valid @> %s::date ORDER BY v.sort_key
            """,
            [day],
        )
        by_id = {row[0]: Node(*row) for row in cursor.fetchall()}
    roots = []
    for node in by_id.values():
        if node.parent_id is not None and node.parent_id in by_id:
            by_id[node.parent_id].children.append(node)
        else:
            roots.append(node)
    return Tree(day, by_id, roots)


def ids_below(roots: Iterable[int]) -> set[int]:
    """The units and everything that has ever hung under them, today or before. One SQL statement.

    Access follows today's tree; units that are closed today keep the parent they last had, so that a
    leader still reaches the history of a closed offer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation_units_below(%s::bigint[], %s)", [list(roots), clock.today()])
        return {row[0] for row in cursor.fetchall()}
