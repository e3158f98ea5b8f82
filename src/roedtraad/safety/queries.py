"""What can be asked about alarms: who is called, what is going on, and what the log says."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Prefetch

from roedtraad.access.roles import Role
from roedtraad.access.scope import grants_of, reach, reach_as
from roedtraad.core import clock
from roedtraad.organisation.models import UnitVersion
from roedtraad.organisation.models.unit import UnitKind
from roedtraad.organisation.tree import Node, Tree, tree
from roedtraad.safety import rules
from roedtraad.safety.models import Alarm, AlarmNeighbour, AlarmSettings, AlarmStep, LoneWork
from roedtraad.safety.rules import Kind, State

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

PAGE = 50


def units_on_shift(user: User) -> frozenset[int]:
    """Where the user is called by an alarm. At most two SQL statements.

    A support worker: in the units of their grants and all below. A leader: in the units the grants name and those right
    under them; who leads a whole region is not woken by each of its houses.
    """
    grants = [grant for grant in grants_of(user) if grant.unit_id]
    led = {grant.unit_id for grant in grants if grant.role == Role.LEADER}
    called = set(reach_as(user, Role.SUPPORT_WORKER).all_units) | led
    if led:
        right_under = UnitVersion.objects.filter(parent_id__in=led, valid__contains=clock.today())
        called |= set(right_under.values_list("unit_id", flat=True))
    return frozenset(one for one in called if one is not None)


def settings_of(unit_id: int) -> AlarmSettings | None:
    """How the unit's alarm is set up today; None where nobody has said. One SQL statement."""
    return AlarmSettings.objects.filter(unit_id=unit_id, valid__contains=clock.today()).first()


def neighbours_of(unit_id: int) -> list[int]:
    """The units that are called today when the unit's own alarm is not answered. One SQL statement."""
    found = AlarmNeighbour.objects.filter(settings__unit_id=unit_id, settings__valid__contains=clock.today())
    return list(found.values_list("unit_id", flat=True))


@dataclass(frozen=True)
class Answer:
    """Who said »jeg kommer«, and when."""

    name: str
    at: dt.datetime


@dataclass(frozen=True)
class Line:
    """One line of an alarm's log, with names."""

    kind: Kind
    at: dt.datetime
    who: str
    unit: str


@dataclass(frozen=True)
class Shown:
    """An alarm as pages show it to one reader."""

    alarm: Alarm
    key: UUID
    about: str
    unit: str
    place: str
    raised_by: str
    raised_at: dt.datetime
    state: State
    answers: list[Answer]
    reached: list[str]
    passed_on: list[str]
    lines: list[Line]
    is_mine: bool
    is_sounding: bool
    can_answer: bool


def going_on(user: User) -> list[Shown]:
    """The alarms that call the user now, the newest first. At most six SQL statements, however many."""
    units = units_on_shift(user)
    if not units:
        return []
    return _shown(user, Alarm.objects.called_in(units).going_on().order_by("-raised_at"))


def one(user: User, key: UUID) -> Shown | None:
    """One alarm, as far as the user may see it."""
    found = _shown(user, Alarm.objects.visible_to(user).filter(key=key))
    return found[0] if found else None


def log(user: User, unit_id: int, before: int | None = None) -> tuple[list[Shown], int | None]:
    """The alarms raised in or passed on to the unit, the newest first, and where the next page begins.

    Nothing of a unit where the user does not work.
    """
    if unit_id not in reach(user, "duty.work").all_units:
        return [], None
    asked = Alarm.objects.visible_to(user).called_in({unit_id}).order_by("-pk")
    if before is not None:
        asked = asked.filter(pk__lt=before)
    found = _shown(user, asked[: PAGE + 1])
    more = found[PAGE - 1].alarm.pk if len(found) > PAGE else None
    return found[:PAGE], more


def _shown(user: User, asked: Any) -> list[Shown]:
    steps = Prefetch("steps", AlarmStep.objects.select_related("user").order_by("at", "pk"))
    alarms = list(asked.select_related("raised_by", "ended_by").prefetch_related(steps))
    wanted = {alarm.unit_id for alarm in alarms}
    wanted |= {step.unit_id for alarm in alarms for step in alarm.steps.all() if step.unit_id}
    names = unit_names(wanted)
    return [_one_shown(user, alarm, names) for alarm in alarms]


def _one_shown(user: User, alarm: Alarm, names: dict[int, str]) -> Shown:
    known = list(alarm.steps.all())
    steps = [step.as_rule() for step in known]
    who: dict[str, list[str]] = defaultdict(list)
    for step in known:
        who[step.kind].append(str(step.user) if step.user else names.get(step.unit_id or 0, ""))
    state = rules.state(steps)
    has_answered = any(step.kind == Kind.ACKNOWLEDGED and step.user == user.pk for step in steps)
    mine = alarm.raised_by_id == user.pk
    return Shown(
        alarm=alarm,
        key=alarm.key,
        about=alarm.get_about_display(),
        unit=names.get(alarm.unit_id, ""),
        place=alarm.place,
        raised_by=str(alarm.raised_by),
        raised_at=alarm.raised_at,
        state=state,
        answers=[Answer(str(step.user), step.at) for step in known if step.kind == Kind.ACKNOWLEDGED],
        reached=who[Kind.DELIVERED],
        passed_on=who[Kind.ESCALATED],
        lines=[
            Line(Kind(step.kind), step.at, str(step.user or ""), names.get(step.unit_id or 0, ""))
            for step in known
        ],
        is_mine=mine,
        is_sounding=rules.is_sounding(steps, raised_by=alarm.raised_by_id, user=user.pk),
        can_answer=not mine and not has_answered and state != State.ENDED,
    )


def unit_names(units: set[int]) -> dict[int, str]:
    """What the units are called today, or were last. One SQL statement."""
    if not units:
        return {}
    versions = UnitVersion.objects.filter(unit_id__in=units).order_by("valid")
    return {row[0]: row[1] or row[2] for row in versions.values_list("unit_id", "short_name", "name")}


@dataclass(frozen=True)
class Choice:
    """A unit one can choose: its row's number, its key and what it is called."""

    pk: int
    key: str
    label: str


@dataclass(frozen=True)
class SetUp:
    """A unit, how long its alarm waits (None: nobody has said) and what its neighbours are called."""

    unit: Choice
    seconds: int | None
    neighbours: list[str]


def set_up(units: list[Choice]) -> list[SetUp]:
    """How the alarm of each unit is set up today. Three SQL statements."""
    found = AlarmSettings.objects.filter(
        unit_id__in=[unit.pk for unit in units], valid__contains=clock.today()
    ).prefetch_related("neighbours")
    known = {settings.unit_id: settings for settings in found}
    names = unit_names({one.unit_id for settings in known.values() for one in settings.neighbours.all()})
    return [
        SetUp(
            unit,
            known[unit.pk].seconds if unit.pk in known else None,
            sorted(names[one.unit_id] for one in known[unit.pk].neighbours.all()) if unit.pk in known else [],
        )
        for unit in units
    ]


def choices(user: User, action: str) -> list[Choice]:
    """The units of today where the user may do `action`: those their grants name first, then by the tree."""
    units, known = reach(user, action).all_units, tree()
    named = {grant.unit_id for grant in grants_of(user)}
    nodes = [node for root in known.roots for node in root.walk() if node.id in units]
    nodes.sort(key=lambda node: node.id not in named)
    return [Choice(node.id, node.key, _label(known, node, units)) for node in nodes]


def neighbour_choices(unit_id: int) -> list[Choice]:
    """The units that may be called when this one does not answer: the others of its area. One SQL statement."""
    known = tree()
    here = known.by_id.get(unit_id)
    area = known.above(unit_id, UnitKind.AREA) or (known.by_id.get(here.parent_id or 0) if here else None)
    own = known.below(unit_id)
    nodes = [node for node in (area.walk() if area else ()) if node.id not in own and node is not area]
    return [Choice(node.id, node.key, _label(known, node, {n.id for n in nodes})) for node in nodes]


def _label(known: Tree, node: Node, units: Any) -> str:
    """The name, after that of what it lies in where both can be chosen."""
    above = known.by_id.get(node.parent_id or 0)
    return f"{above.label}, {node.label}" if above is not None and above.id in units else node.label


def own_lone_work(user: User) -> LoneWork | None:
    """What the user has going on. One SQL statement."""
    return LoneWork.objects.filter(user=user, ended_at__isnull=True).first()


def colleagues_alone(user: User) -> list[LoneWork]:
    """Who else works alone where the user works. One SQL statement and the unit tree."""
    units = reach(user, "duty.work").all_units
    found = LoneWork.objects.filter(ended_at__isnull=True, unit_id__in=units).exclude(user=user)
    return list(found.select_related("user").order_by("started_at"))
