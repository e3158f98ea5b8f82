"""Who works with a task: colleagues it can be handed to, and the units and residents it can be planned for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.visibility import visible_q
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock, danish
from roedtraad.journeys.models import StayDays
from roedtraad.journeys.queries.colleagues import colleagues
from roedtraad.journeys.queries.homes import living
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.organisation.models import PlaceTerm, Unit
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.models import Effort, Task, TaskSeries

if TYPE_CHECKING:
    from roedtraad.organisation.tree import Tree

_WORKING = (Role.SUPPORT_WORKER, Role.LEADER)


@dataclass(frozen=True)
class Worker:
    """Somebody a task can be handed to, and what a list calls them."""

    user: User
    label: str


def workers_for(task: Task | TaskSeries) -> list[Worker]:
    """Those who work where the task is, the nearest first. At most three SQL statements."""
    if task.citizen is not None:
        return [Worker(one.user, one.label) for one in colleagues(task.citizen) if one.role in _WORKING]
    tree = last_known_tree(clock.today())
    path = {node.id: node.label for node in tree.path(task.unit_id)}
    grants = (
        Grant.objects.in_force()
        .filter(role__in=_WORKING, unit__in=path, user__is_active=True)
        .select_related("user")
    )
    found = {
        grant.user_id: Worker(grant.user, f"{grant.user} · {path[grant.unit_id or 0]}") for grant in grants
    }
    return sorted(found.values(), key=lambda one: danish.sort_key(str(one.user)))


def lived_in(tree: Tree, unit_ids: Collection[int]) -> list[tuple[Unit, str]]:
    """Those of the units where somebody lives or is coming today, with their names. One SQL statement."""
    today = clock.today()
    stays = StayDays.objects.booked().filter(place=OuterRef("place"), planned__contains=today)
    terms = PlaceTerm.objects.filter(unit__in=list(unit_ids), valid__contains=today).filter(Exists(stays))
    units = Unit.objects.filter(pk__in=terms.values("unit"))
    named = [(unit, tree.by_id[unit.pk].label) for unit in units if unit.pk in tree.by_id]
    return sorted(named, key=lambda one: danish.sort_key(one[1]))


def residents(user: User, unit_ids: Collection[int]) -> list[tuple[Citizen, list[Effort]]]:
    """Those who live in the units today and whose record the user may write in, with their efforts. Two SQL
    statements."""
    today = clock.today()
    lives = living(StayDays.objects, today).filter(unit_id__in=list(unit_ids), citizen_id=OuterRef("pk"))
    people = list(
        Citizen.objects.filter(Exists(lives), visible_q(CITIZEN, user, "record.write")).order_by(
            "sort_key", "pk"
        )
    )
    by_citizen: dict[int, list[Effort]] = {}
    for effort in running_efforts([citizen.pk for citizen in people]):
        by_citizen.setdefault(effort.citizen_id, []).append(effort)
    return [(citizen, by_citizen.get(citizen.pk, [])) for citizen in people]


def running_efforts(citizen_ids: Collection[int]) -> list[Effort]:
    """The citizens' efforts that have not ended, with their goals. One SQL statement."""
    return list(
        Effort.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()), citizen__in=citizen_ids
        )
        .select_related("goal")
        .order_by("title", "pk")
    )
