"""Which shifts a unit has, and which one is on."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from roedtraad.core import clock
from roedtraad.duty.defaults import SHIFTS
from roedtraad.duty.models import ShiftKind
from roedtraad.duty.rules.shifts import Kind, Span, shift_at
from roedtraad.organisation.tree import Tree
from roedtraad.organisation.tree import tree as tree_of


def kinds_for(unit_id: int, at: dt.datetime | None = None, tree: Tree | None = None) -> list[Kind]:
    """The shifts in force in the unit: its own, else the nearest above it, else everybody's, else the usual three.

    At most two SQL statements.
    """
    path = [node.id for node in (tree or tree_of()).path(unit_id)]
    rows = list(
        ShiftKind.objects.filter(Q(unit__in=path) | Q(unit__isnull=True), valid__contains=at or clock.now())
    )
    depth = {known: number for number, known in enumerate(path)}
    nearest = max((depth.get(row.unit_id or 0, -1) for row in rows), default=-1)
    found = [
        Kind(row.code, row.name, row.starts, row.ends)
        for row in rows
        if depth.get(row.unit_id or 0, -1) == nearest
    ]
    # A moment before the first shifts were set still lies in a shift.
    return found or [Kind(*shift) for shift in SHIFTS]


def shift_now(unit_id: int, at: dt.datetime | None = None, tree: Tree | None = None) -> Span:
    """The shift that is on in the unit. At most two SQL statements."""
    moment = at or clock.now()
    return shift_at(kinds_for(unit_id, moment, tree), moment)
