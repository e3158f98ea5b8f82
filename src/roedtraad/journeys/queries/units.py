"""Where units belong, also those that are closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import connection
from django.utils.translation import gettext as _

from roedtraad.organisation.tree import Node, Tree

AREA, OFFER = "specialomraade", "tilbud"
Named = tuple[str, str]


def last_known_tree(day: dt.date) -> Tree:
    """The organisation on `day`; a unit closed by then hangs where it last hung. One SQL statement.

    Figures over a period are gathered by it, so that nothing is lost when a unit closed within the period.
    A unit that begins later than `day` is placed as it will first be.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.id, u.key, v.kind, v.name, v.short_name, v.parent_id, v.municipality_id
            FROM (
                SELECT DISTINCT ON (unit_id) * FROM organisation_unitversion
                ORDER BY unit_id, (lower(valid) <= %(day)s) DESC,
                    CASE WHEN lower(valid) <= %(day)s THEN %(day)s - lower(valid) ELSE lower(valid) - %(day)s END
            ) v JOIN organisation_unit u ON u.id = v.unit_id
            ORDER BY v.sort_key
            """,
            {"day": day},
        )
        by_id = {row[0]: Node(*row) for row in cursor.fetchall()}
    roots: list[Node] = []
    for node in by_id.values():
        parent = by_id.get(node.parent_id) if node.parent_id is not None else None
        (parent.children if parent else roots).append(node)
    return Tree(day, by_id, roots)


def placer(tree: Tree, kind: str) -> Callable[[int], Named]:
    """A function from a unit to the (key, name) of the nearest unit of `kind` at or above it, with a memory."""
    known: dict[int, Named] = {}
    nowhere = ("", _("Uden specialområde") if kind == AREA else _("Uden tilbud"))

    def place(unit_id: int) -> Named:
        if unit_id not in known:
            node = tree.above(unit_id, kind)
            known[unit_id] = (node.key, node.name) if node else nowhere
        return known[unit_id]

    return place


def municipality_of(tree: Tree) -> Callable[[int], str | None]:
    """A function from a unit to the code of the municipality it lies in: its own, or the nearest above."""
    known: dict[int, str | None] = {}

    def code(unit_id: int) -> str | None:
        if unit_id not in known:
            steps = reversed(tree.path(unit_id))
            known[unit_id] = next((node.municipality_id for node in steps if node.municipality_id), None)
        return known[unit_id]

    return code
