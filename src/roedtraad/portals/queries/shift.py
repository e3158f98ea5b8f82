"""*Min vagt*: who is here, what is to be done now, and what waits for me. Each part of the page is a part of its own.

At most 15 SQL statements with the page's frame, however many citizens and tasks there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from roedtraad.access.lookups import record
from roedtraad.access.scope import grants_of, reach
from roedtraad.accounts.models import User
from roedtraad.core import clock, danish
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.organisation.tree import Tree
from roedtraad.portals.queries.scopes import together
from roedtraad.portals.queries.stays import Moves, StayRow, moves
from roedtraad.practice.models import Goal
from roedtraad.practice.queries.tasks import DueTask, due

WORK = "duty.work"
# What is late is shown as long as a shift lasts, what is coming half a shift ahead.
BEHIND = dt.timedelta(hours=8)
AHEAD = dt.timedelta(hours=4)
# Whoever reaches more residents than can be looked at begins with one unit.
MOST_AT_ONCE = 60


@dataclass(frozen=True)
class UnitChoice:
    """A unit whose shift can be looked at."""

    key: str
    name: str
    residents: int
    chosen: bool


@dataclass(frozen=True)
class Resident:
    """A citizen of the strip. `short` is what tells them apart in it."""

    citizen_id: int
    key: UUID
    name: str
    short: str
    initials: str
    unit_name: str


@dataclass(frozen=True)
class LateFollowUp:
    """A goal whose follow-up should have been held."""

    citizen_key: UUID
    goal_key: UUID
    name: str
    title: str
    due_on: dt.date


@dataclass(frozen=True)
class MyShift:
    """The parts of the page."""

    where: str
    choices: list[UnitChoice]
    residents: list[Resident]
    now: list[DueTask]
    over: list[DueTask]
    late_follow_ups: list[LateFollowUp]
    moves: Moves
    several_houses: bool

    @property
    def left(self) -> int:
        """How many of the tasks are still to be begun or ended."""
        return len(self.now)


def my_shift(user: User, asked: str = "") -> MyShift:
    """The shift in the unit with the key `asked`, when the user works there; else in the first of theirs.

    Everyone shown is written in the log of look-ups.
    """
    now = clock.now()
    tree = last_known_tree(now.date())
    units = reach(user, WORK).all_units
    found = moves(user, tree, unit_ids=units)
    choices = _choices(user, tree, found.living, asked)
    chosen = next((choice for choice in choices if choice.chosen), None)
    node = tree.by_key(chosen.key) if chosen else None
    here = units & tree.below(node.id) if node else units
    shown = found.within(here)
    residents = _strip(shown.living)
    tasks = due(user, here, now - BEHIND, now + AHEAD)
    late = late_follow_ups([one.citizen_id for one in residents], now.date())
    taking_part = {part.citizen_id for task in tasks for part in task.parts}
    if shown.citizen_ids | taking_part:
        record(user, sorted(shown.citizen_ids | taking_part), "min vagt")
    return MyShift(
        where=node.label if node else together(sorted(_own_units(user, tree).values())),
        choices=choices if len(choices) > 1 else [],
        residents=residents,
        now=[task for task in tasks if task.is_open],
        over=[task for task in tasks if not task.is_open],
        late_follow_ups=late,
        moves=shown,
        several_houses=len({one.unit_name for one in residents}) > 1,
    )


def late_follow_ups(citizen_ids: Collection[int], today: dt.date) -> list[LateFollowUp]:
    """The citizens' goals that run and whose follow-up is late, the oldest first. One SQL statement."""
    goals = (
        Goal.objects.filter(citizen__in=citizen_ids, closed_on__isnull=True, follow_up_on__lt=today)
        .select_related("citizen")
        .order_by("follow_up_on", "pk")
    )
    return [
        LateFollowUp(goal.citizen.key, goal.key, goal.citizen.first_name, goal.title, goal.follow_up_on)
        for goal in goals
        if goal.follow_up_on is not None
    ]


def _own_units(user: User, tree: Tree) -> dict[int, str]:
    """The units the user's grants name, by number."""
    named = {grant.unit_id for grant in grants_of(user) if grant.unit_id in reach(user, WORK).all_units}
    return {number: tree.by_id[number].label for number in named if number in tree.by_id}


def _choices(user: User, tree: Tree, living: list[StayRow], asked: str) -> list[UnitChoice]:
    """The user's own units and those below where somebody lives; one is chosen when there is any.

    The one that was asked for, else the first that is small enough to look at, else the smallest.
    """
    own = set(_own_units(user, tree))
    wanted = own | {row.unit_id for row in living if row.unit_id is not None}
    counted: list[tuple[bool, str, str, str, int]] = []
    for number in wanted:
        below = tree.below(number)
        count = sum(row.unit_id in below for row in living)
        node = tree.by_id.get(number)
        if count and node is not None:
            counted.append((number not in own, danish.sort_key(node.label), node.key, node.label, count))
    counted.sort()
    keys = [one[2] for one in counted]
    small = [one[2] for one in counted if one[4] <= MOST_AT_ONCE]
    smallest = min(counted, key=lambda one: one[4])[2] if counted else ""
    chosen = asked if asked in keys else (small[0] if small else smallest)
    return [UnitChoice(key, label, count, key == chosen) for _below, _sort, key, label, count in counted]


def _strip(living: list[StayRow]) -> list[Resident]:
    """The residents in Danish order; a first name that two share gets the letter of the last name."""
    people = {row.citizen_id: row for row in reversed(living)}
    rows = sorted(people.values(), key=lambda row: danish.sort_key(row.name))
    firsts = [row.name.split()[0] for row in rows]
    return [
        Resident(
            citizen_id=row.citizen_id,
            key=row.citizen_key,
            name=row.name,
            short=first if firsts.count(first) == 1 else f"{first} {row.name.split()[-1][:1]}.",
            initials=(row.name[:1] + row.name.split()[-1][:1]).upper(),
            unit_name=row.unit_name,
        )
        for row, first in zip(rows, firsts, strict=True)
    ]
