"""The rows a unit's figure was counted from, as far as the user may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from roedtraad.access import lookups
from roedtraad.access.scope import may, reach
from roedtraad.steering.figures import UnitFigure, figures
from roedtraad.steering.indicators import Row, query_of, source_words
from roedtraad.steering.models import Indicator
from roedtraad.steering.queries.picture import sentence
from roedtraad.steering.rules import Measured


@dataclass(frozen=True)
class CountedRows:
    """What was counted. `hidden`: few people are behind the figure; `closed`: the user may not see single places."""

    sentence: str
    path: tuple[UnitFigure, ...] = ()
    rows: tuple[Row, ...] = ()
    persons: tuple[Row, ...] = ()
    hidden: bool = False
    closed: bool = False
    row_word: str = ""
    person_word: str = ""
    person_columns: tuple[str, str] = ("", "")
    closed_words: tuple[str, str] = ("", "")


def counted_rows(indicator: Indicator, year: int, unit: str, user: Any) -> CountedRows:
    """The rows behind the unit's own figure in the year, without and with persons, each for those who may see them.

    One place is one or two persons, so rows without persons too are shown only within reach of the query's
    `row_action`, and left out when the unit's figure is hidden. Showing persons is written to the log.
    At most six SQL statements beyond the figures' own. No rows for a unit that counts nothing itself.
    LookupError with a sentence when the unit has nothing counted in any year.
    """
    query = query_of(indicator.key)
    trees = figures(indicator.key, indicator.valid.lower.year)
    if not any(unit in tree.by_key for tree in trees.values()):
        raise LookupError(_("Enheden findes ikke, eller der er ikke talt noget for den endnu."))
    tree = trees.get(year)
    node = tree.by_key.get(unit) if tree else None
    found = Measured(
        value=node.value if node else None,
        hidden=bool(node and node.hidden),
        provisional=bool(tree and tree.provisional),
    )
    name = str(query.definite) if query else indicator.name
    said = sentence(name, found, year, source_words(indicator.data_source))
    if query is None or tree is None or node is None:
        return CountedRows(said)
    path = tuple(node.path[max(len(tree.top.path) - 1, 0) :])
    own = next((child for child in node.children if child.id == -node.id), None if node.children else node)
    if own is None:
        return CountedRows(said, path)
    persons = query.person_rows(node.id, year, user) if may(user, query.person_action) else []
    if persons:
        seen = [row.citizen_id for row in persons if row.citizen_id is not None]
        lookups.record(user, seen, f"{query.person_word} bag {indicator.name} {year}".lower())
    closed = node.id not in reach(user, query.row_action).all_units
    return CountedRows(
        said,
        path,
        rows=() if own.hidden or closed else tuple(query.rows(node.id, year)),
        persons=tuple(persons),
        hidden=own.hidden,
        closed=closed,
        row_word=str(query.row_word),
        person_word=str(query.person_word),
        person_columns=(str(query.person_columns[0]), str(query.person_columns[1])),
        closed_words=(str(query.closed[0]), str(query.closed[1])),
    )
