"""The organisation as a chart."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from roedtraad.organisation.models.unit import UnitKind
from roedtraad.organisation.queries.pictures import (
    Picture,
    UnitOnDay,
    kinds_counted,
    picture,
    social_operation_id,
)


@dataclass
class ChartNode:
    """A unit in the chart with what hangs under it; `match` is false when it is only shown for its place."""

    unit: UnitOnDay
    offers_below: int
    match: bool
    children: list[ChartNode] = field(default_factory=list)


@dataclass(frozen=True)
class Chart:
    """The chart of a day, narrowed by kind, text or to the Socialområde."""

    as_of: dt.date
    roots: list[ChartNode]
    found: int
    total: int
    social: UnitOnDay | None
    social_kinds: dict[str, int]
    path_to_social: list[UnitOnDay]


def chart(as_of: dt.date, *, kind: str = "", text: str = "", only_social: bool = False) -> Chart:
    """The organisation on a day as a tree. Three SQL statements.

    A unit is found when it is of `kind` and its name, short name, leader, town or tasks hold `text`; what it
    hangs under is shown with it.
    """
    whole = picture(as_of)
    social = whole.units.get(social_operation_id() or 0)
    within = set(whole.units)
    if only_social:
        within = {social.id, *(unit.id for unit in whole.below(social.id))} if social else set()
    wanted = " ".join(text.casefold().split())
    found = {
        unit_id
        for unit_id in within
        if (not kind or whole.units[unit_id].kind == kind) and _holds(whole.units[unit_id], wanted)
    }
    shown = set(found)
    for unit_id in found:
        shown.update(step.id for step in whole.path(unit_id) if step.id in within)
    return Chart(
        as_of=as_of,
        roots=_nodes(whole, shown, found),
        found=len(found),
        total=len(whole.units),
        social=social,
        social_kinds=kinds_counted(whole.below(social.id)) if social else {},
        path_to_social=whole.path(social.id) if social else [],
    )


def _holds(unit: UnitOnDay, text: str) -> bool:
    if not text:
        return True
    where = (
        unit.name,
        unit.short_name,
        unit.manager_title,
        unit.municipality,
        unit.sites,
        unit.tasks,
        unit.key,
    )
    return any(text in part.casefold() for part in where)


def _nodes(whole: Picture, shown: set[int], found: set[int]) -> list[ChartNode]:
    nodes = {
        unit_id: ChartNode(unit, 0, unit_id in found)
        for unit_id, unit in whole.units.items()
        if unit_id in shown
    }
    roots = []
    for unit_id, node in nodes.items():
        parent = nodes.get(node.unit.parent_id or 0)
        if parent is not None and parent is not node:
            parent.children.append(node)
        else:
            roots.append(node)
        if node.unit.kind != UnitKind.OFFER:
            node.offers_below = kinds_counted(whole.below(unit_id)).get(UnitKind.OFFER, 0)
    return roots
