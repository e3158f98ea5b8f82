"""*Min vagt*: who is here, what is to be done now, and what waits for me. Each part of the page is a part of its own.

At most 15 SQL statements with the page's frame, however many citizens and tasks there are.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, DateField, Min, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat, TruncDate

from roedtraad.access.lookups import record
from roedtraad.access.scope import grants_of, reach, roles_of
from roedtraad.accounts.models import User
from roedtraad.core import clock, danish
from roedtraad.duty.models import Absence, Handover
from roedtraad.duty.queries.calendar import Occurrence, agenda
from roedtraad.duty.queries.handover import WAITS, handovers_for
from roedtraad.duty.queries.risk import RiskNow, risk_now
from roedtraad.duty.queries.shifts import kinds_for
from roedtraad.duty.rules.shifts import shift_at
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.organisation.tree import Node, Tree
from roedtraad.portals.queries.scopes import scope_of, together
from roedtraad.portals.queries.stays import Moves, StayRow, moves
from roedtraad.practice.models import Goal
from roedtraad.practice.queries.tasks import DueTask, due
from roedtraad.practice.queries.transitions import waiting_for
from roedtraad.voices.access import worked
from roedtraad.voices.queries import unread

WORK = "duty.work"
# What is late is shown as long as a shift lasts, what is coming half a shift ahead.
BEHIND = dt.timedelta(hours=8)
AHEAD = dt.timedelta(hours=4)
# Whoever reaches more residents than can be looked at begins with one unit.
MOST_AT_ONCE = 60
# So many faces can be taken in above what is due.
A_HOUSE = 12


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
    absence: str = ""
    risk: RiskNow | None = None

    @property
    def noted(self) -> bool:
        """Is the citizen away, or was the last risk that was set another than the calm one?"""
        return bool(self.absence) or (self.risk is not None and self.risk.level.tone != "good")


@dataclass(frozen=True)
class NowLine:
    """What is due now: a task (with the appointment it follows, if any), or an appointment without one."""

    at: dt.datetime
    task: DueTask | None = None
    appointment: Occurrence | None = None


@dataclass(frozen=True)
class LateFollowUp:
    """A goal whose follow-up should have been held."""

    citizen_key: UUID
    goal_key: UUID
    name: str
    title: str
    due_on: dt.date


@dataclass(frozen=True)
class WaitingPackage:
    """A handover package that was sent to the unit and that the user has not read: about whom, from where to where."""

    citizen_id: int
    key: UUID
    name: str
    where: str
    day: dt.date


@dataclass(frozen=True)
class NewMessages:
    """A conversation about a citizen with messages the user has not had open."""

    citizen_key: UUID
    conversation_key: UUID
    name: str
    topic: str
    messages: int


@dataclass(frozen=True)
class MyShift:
    """The parts of the page."""

    where: str
    shift: str
    choices: list[UnitChoice]
    residents: list[Resident]
    now: list[NowLine]
    over: list[DueTask]
    unread: list[Handover]
    drafts: list[Handover]
    late_follow_ups: list[LateFollowUp]
    packages: list[WaitingPackage]
    new_messages: list[NewMessages]
    moves: Moves
    several_houses: bool

    @property
    def left(self) -> int:
        """How many of the tasks are still to be begun or ended."""
        return sum(line.task is not None for line in self.now)

    @property
    def unread_messages(self) -> int:
        """How many messages the user has not had open."""
        return sum(one.messages for one in self.new_messages)

    @property
    def first(self) -> list[Resident]:
        """The residents to look at first: in a small house everybody, in a large one those away or at risk."""
        return (
            self.residents if len(self.residents) <= A_HOUSE else [one for one in self.residents if one.noted]
        )

    @property
    def others(self) -> list[Resident]:
        """The others of a large house, who are as they usually are or of whom nothing is said."""
        return [] if len(self.residents) <= A_HOUSE else [one for one in self.residents if not one.noted]

    @property
    def away(self) -> int:
        """How many of the residents are away."""
        return sum(bool(one.absence) for one in self.residents)


@dataclass(frozen=True)
class Standing:
    """Where somebody stands: the unit that was chosen, the units below it, and who is there."""

    where: str
    node: Node | None
    here: frozenset[int]
    choices: list[UnitChoice]
    shown: Moves
    residents: list[Resident]


def standing_in(user: User, tree: Tree, asked: str, now: dt.datetime) -> Standing:
    """The unit with the key `asked`, when the user works there, else the first of theirs. Two SQL statements.

    Whoever shows the residents logs them.
    """
    units = reach(user, WORK).all_units
    found = moves(user, tree, unit_ids=units, with_absence=True)
    choices = _choices(user, tree, found.living, asked)
    chosen = next((choice for choice in choices if choice.chosen), None)
    node = tree.by_key(chosen.key) if chosen else None
    here = units & tree.below(node.id) if node else units
    shown = found.within(here)
    where = node.label if node else together(sorted(_own_units(user, tree).values()))
    return Standing(where, node, frozenset(here), choices, shown, _strip(shown.living, now))


def my_shift(user: User, asked: str = "") -> MyShift:
    """The shift in the unit with the key `asked`, when the user works there; else in the first of theirs.

    Everyone shown is written in the log of look-ups.
    """
    now = clock.now()
    tree = last_known_tree(now.date())
    # The frame says what each role is for; with the tree at hand that costs nothing.
    for role in roles_of(user):
        scope_of(user, role, tree)
    standing = standing_in(user, tree, asked, now)
    node, here, shown, residents = standing.node, standing.here, standing.shown, standing.residents
    choices = standing.choices
    tasks = _as_in_the_strip(due(user, here, now - BEHIND, now + AHEAD), residents)
    appointments = agenda(user, here, now, now + AHEAD)
    handed_over = _handovers(user, here | {step.id for step in tree.path(node.id)} if node else here, now)
    named = shown.citizen_ids | {part.citizen_id for task in tasks for part in task.parts}
    named |= {one.citizen.pk for one in appointments if one.citizen is not None}
    late, packages, fresh = _waiting(user, [one.citizen_id for one in residents], here, now.date())
    named |= {one.citizen_id for one in packages}
    if named:
        record(user, sorted(named), "min vagt")
    return MyShift(
        where=standing.where,
        shift=_shift_name(tree, node.id, now) if node else "",
        choices=choices if len(choices) > 1 else [],
        residents=residents,
        now=_lines(tasks, appointments),
        over=[task for task in tasks if not task.is_open],
        unread=[one for one in handed_over if one.state == Handover.State.DONE],
        drafts=[one for one in handed_over if one.state == Handover.State.DRAFT],
        packages=packages,
        late_follow_ups=late,
        new_messages=fresh,
        moves=shown,
        several_houses=len({one.unit_name for one in residents}) > 1,
    )


def _shift_name(tree: Tree, unit_id: int, now: dt.datetime) -> str:
    """Which shift is on; nothing where nobody has said which shifts there are. One SQL statement."""
    kinds = kinds_for(unit_id, now, tree)
    return shift_at(kinds, now).name if kinds else ""


def _handovers(user: User, unit_ids: Collection[int], now: dt.datetime) -> list[Handover]:
    """Handovers of the units that wait: finished and not read by the user, or begun and not finished. One SQL."""
    unread = Q(state=Handover.State.DONE, done_at__gt=now - WAITS, read=False)
    begun = Q(state=Handover.State.DRAFT, begins_at__gt=now - WAITS)
    return list(handovers_for(user).filter(unread | begun, unit__in=unit_ids))


def _lines(tasks: list[DueTask], appointments: list[Occurrence]) -> list[NowLine]:
    """What is still to be done, by the clock. An appointment with a task is one line, or none when that is over."""
    about = {task.key: one for one in appointments for task in tasks if one.is_followed_by(task)}
    shown = {(one.appointment.pk, one.day) for one in about.values()}
    lines = [NowLine(task.due_at, task, about.get(task.key)) for task in tasks if task.is_open]
    lines += [
        NowLine(one.starts.astimezone(dt.UTC), appointment=one)
        for one in appointments
        if (one.appointment.pk, one.day) not in shown
    ]
    return sorted(lines, key=lambda line: line.at)


def _waiting(
    user: User, citizen_ids: Collection[int], unit_ids: Collection[int], today: dt.date
) -> tuple[list[LateFollowUp], list[WaitingPackage], list[NewMessages]]:
    """The citizens' goals that run and whose follow-up is late, the packages sent to the units that the user has not
    read, and the citizens' conversations with something new for the user; the oldest first. One SQL statement for
    all."""
    goals = Goal.objects.filter(
        citizen__in=citizen_ids, closed_on__isnull=True, follow_up_on__lt=today
    ).values_list(
        Value(0),
        "citizen_id",
        "citizen__key",
        "key",
        "citizen__first_name",
        "title",
        "follow_up_on",
        Value(0),
    )
    head = {name: KeyTextTransform(name, "head") for name in ("name", "from", "to", "day")}
    packages = waiting_for(user, unit_ids).values_list(
        Value(1),
        "citizen_id",
        "key",
        "key",
        head["name"],
        Concat(head["from"], Value(" → ", TextField()), head["to"]),
        Cast(head["day"], DateField()),
        Value(0),
    )
    about = ("citizen_id", "citizen__key", "conversation__key", "citizen__first_name", "conversation__topic")
    messages = (
        unread(user)
        .filter(conversation__in=worked(user).filter(citizen__in=citizen_ids))
        .order_by()
        .values(*about)
        .annotate(
            which=Value(2), first=TruncDate(Min("written_at"), tzinfo=clock.COPENHAGEN), messages=Count("pk")
        )
        .values_list("which", *about, "first", "messages")
    )
    rows = goals.union(packages, messages, all=True)
    late: list[LateFollowUp] = []
    sent: list[WaitingPackage] = []
    fresh: list[NewMessages] = []
    for which, citizen_id, citizen_key, key, name, words, day, many in sorted(
        rows, key=lambda row: (row[6], str(row[3]))
    ):
        if which == 0:
            late.append(LateFollowUp(citizen_key, key, name, words, day))
        elif which == 1:
            sent.append(WaitingPackage(citizen_id, key, name, words, day))
        else:
            fresh.append(NewMessages(citizen_key, key, name, words, many))
    return late, sent, fresh


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


def _strip(living: list[StayRow], now: dt.datetime) -> list[Resident]:
    """The residents in Danish order, where they are, and their risk. One SQL statement."""
    people = {row.citizen_id: row for row in reversed(living)}
    risk = risk_now(list(people), now)
    rows = sorted(people.values(), key=lambda row: danish.sort_key(row.name))
    return [
        Resident(
            citizen_id=row.citizen_id,
            key=row.citizen_key,
            name=row.name,
            short=short,
            initials=(row.name[:1] + row.name.split()[-1][:1]).upper(),
            unit_name=row.unit_name,
            absence=str(Absence.Kind(row.absence).label) if row.absence else "",
            risk=risk.get(row.citizen_id),
        )
        for row, short in zip(rows, told_apart([(row.name, row.place) for row in rows]), strict=True)
    ]


def _as_in_the_strip(tasks: list[DueTask], residents: list[Resident]) -> list[DueTask]:
    """The tasks, each with the names that tell people apart in the strip above them."""
    short = {one.citizen_id: one.short for one in residents}
    return [
        replace(
            task,
            parts=tuple(
                replace(part, first_name=short.get(part.citizen_id, part.first_name)) for part in task.parts
            ),
        )
        for task in tasks
    ]


def told_apart(people: Sequence[tuple[str, str]]) -> list[str]:
    """For each name and place the least that is nobody else's: the first name, with the letter of the last one, the
    whole name, or the whole name and the place."""
    ways = [
        [
            name.split()[0],
            f"{name.split()[0]} {name.split()[-1][:1]}.",
            name,
            f"{name}, {place}",
        ]
        for name, place in people
    ]
    taken = [Counter(way[n] for way in ways) for n in range(4)]
    return [next((way[n] for n in range(4) if taken[n][way[n]] == 1), way[-1]) for way in ways]
