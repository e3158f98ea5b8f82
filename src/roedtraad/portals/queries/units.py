"""The home pages of those who work in or look into some units or a municipality."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from roedtraad.access.emergencies import waiting_for
from roedtraad.access.lookups import record
from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import grants_of, reach_as, role_label
from roedtraad.accounts.models import User
from roedtraad.core import clock, danish
from roedtraad.core.period import Period
from roedtraad.journeys.queries.capacity import Capacity, Part, capacity, snapshot
from roedtraad.journeys.queries.free import FreePlace, free_places
from roedtraad.journeys.queries.occupancy import TimeDays, monthly
from roedtraad.journeys.queries.units import AREA, last_known_tree, placer
from roedtraad.portals.queries.scopes import scope_of
from roedtraad.portals.queries.stays import Moves, moves
from roedtraad.practice.models import HandoverPackage
from roedtraad.practice.queries import reports
from roedtraad.practice.queries.transitions import waiting_for as packages_for

GRANTS_AHEAD = dt.timedelta(days=60)
MOVES_AHEAD = dt.timedelta(days=30)


@dataclass(frozen=True)
class EndingGrant:
    """An access that ends by itself before long."""

    who: str
    role: str
    last: dt.date


@dataclass(frozen=True)
class LeaderHome:
    """*Min enhed*. `months` are the last twelve whole months, round the clock and by day together."""

    where: str
    capacity: Capacity
    months: list[TimeDays]
    free: list[FreePlace]
    moves: Moves
    ending: list[EndingGrant]
    emergencies: int
    reports: int

    @property
    def trend(self) -> list[Decimal | None]:
        """Occupancy of each month in per cent."""
        return [month.total.percent for month in self.months]

    @property
    def trend_labels(self) -> list[str]:
        """The months, as maj 2026."""
        return [f"{danish.MONTHS[month.start.month - 1]} {month.start.year}" for month in self.months]

    @property
    def latest(self) -> Decimal | None:
        """Occupancy of the latest whole month."""
        return self.trend[-1] if self.trend else None


@dataclass
class AreaRoom:
    """A specialområde with room: places free now, and free within twelve weeks."""

    name: str
    now: int = 0
    coming: int = 0


@dataclass(frozen=True)
class CaseworkerHome:
    """*Kommune*: the municipality's citizens with a stay it pays for, where there is room, and how many status reports
    nobody has signed for."""

    where: str
    moves: Moves
    areas: list[AreaRoom]
    reports: int
    packages: list[HandoverPackage]

    @property
    def free_now(self) -> int:
        """Places free today."""
        return sum(area.now for area in self.areas)

    @property
    def free_coming(self) -> int:
        """Places that become free within twelve weeks."""
        return sum(area.coming for area in self.areas)


@dataclass(frozen=True)
class InspectorHome:
    """*Tilsyn*: the units one may look into, and how long."""

    where: str
    capacity: Capacity
    offers: list[Part]
    last: dt.date | None
    days_left: int | None


def leader_home(user: User) -> LeaderHome:
    """Occupancy, free places, moves and what ends soon in the leader's units."""
    today = clock.today()
    units = reach_as(user, Role.LEADER).all_units
    tree = last_known_tree(today)
    found = moves(user, tree, unit_ids=units, ahead=MOVES_AHEAD)
    waiting = counted(emergencies=waiting_for(user), reports=reports.waiting_for(user))
    record(user, sorted(found.moving_ids), "min enhed")
    this_month = today.replace(day=1)
    last_whole = this_month - dt.timedelta(days=1)
    return LeaderHome(
        where=scope_of(user, Role.LEADER, tree),
        capacity=capacity(today, units),
        months=monthly(units, this_month.replace(year=this_month.year - 1), last_whole),
        free=free_places(today, unit_ids=units),
        moves=found,
        ending=ending_grants(Q(unit__in=units)),
        emergencies=waiting["emergencies"],
        reports=waiting["reports"],
    )


def caseworker_home(user: User) -> CaseworkerHome:
    """The municipality's own citizens, and free places everywhere. Those shown are logged."""
    today = clock.today()
    tree = last_known_tree(today)
    found = moves(
        user, tree, municipalities=reach_as(user, Role.CASEWORKER).municipalities, ahead=MOVES_AHEAD
    )
    packages = list(packages_for(user).order_by("sent_at", "pk"))
    record(user, sorted(found.citizen_ids | {one.citizen_id for one in packages}), "kommunens borgere")
    area_of = placer(tree, AREA)
    areas: dict[str, AreaRoom] = {}
    for place in free_places(today):
        key, name = area_of(place.unit_id)
        area = areas.setdefault(key, AreaRoom(name))
        if place.free_from <= today:
            area.now += 1
        else:
            area.coming += 1
    in_order = sorted(areas.values(), key=lambda area: danish.sort_key(area.name))
    return CaseworkerHome(
        where=scope_of(user, Role.CASEWORKER),
        moves=found,
        areas=in_order,
        reports=reports.unread_count(user),
        packages=packages,
    )


def inspector_home(user: User) -> InspectorHome:
    """The offers in scope with their places, and when the access ends by itself."""
    today = clock.today()
    counted = snapshot(today, reach_as(user, Role.INSPECTOR).all_units)
    lasts = [Period.from_range(grant.valid).last for grant in grants_of(user) if grant.role == Role.INSPECTOR]
    bounded = [day for day in lasts if day is not None]
    last = max(bounded) if len(bounded) == len(lasts) and bounded else None
    return InspectorHome(
        where=scope_of(user, Role.INSPECTOR),
        capacity=counted.total(),
        offers=counted.by("offer"),
        last=last,
        days_left=(last - today).days if last else None,
    )


def counted(**rows: QuerySet[Any]) -> dict[str, int]:
    """How many rows each of the querysets has, by name. One SQL statement for them all."""
    parts = [
        found.order_by().values_list(Value(name)).annotate(n=Count("pk")) for name, found in rows.items()
    ]
    together = parts[0].union(*parts[1:], all=True)
    return dict.fromkeys(rows, 0) | dict(together)


def ending_grants(where: Q, ahead: dt.timedelta = GRANTS_AHEAD, limit: int = 20) -> list[EndingGrant]:
    """Grants in force that end within `ahead`, soonest first. One SQL statement."""
    ends_before = clock.today() + ahead
    rows = (
        Grant.objects.in_force()
        .filter(where, valid__endswith__lte=ends_before, user__is_active=True)
        .select_related("user")
        .order_by("valid__endswith", "pk")
    )
    return [
        EndingGrant(str(grant.user), role_label(grant.role), grant.valid.upper - dt.timedelta(days=1))
        for grant in rows[:limit]
    ]
