"""Who has come, moved and stopped in a leader's units, and which accesses nobody uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q

from roedtraad.access.models import ApiToken, Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import reach, role_label
from roedtraad.access.services import leader_may_end
from roedtraad.accounts.models import User
from roedtraad.core import clock, danish
from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.period import Period
from roedtraad.portals.queries.scopes import scope_names

AROUND = dt.timedelta(days=30)
UNUSED = dt.timedelta(days=90)


@dataclass(frozen=True)
class GrantLine:
    """An access as a line: who, which role, where, from when and until when, given by whom.

    `other` is the unit the person came from or went to; `last_used` the latest day they were logged in.
    """

    grant: Grant
    who: str
    role: str
    unit: str
    first: dt.date
    last: dt.date | None
    given_by: str
    other: str
    last_used: dt.date | None
    may_end: bool


@dataclass(frozen=True)
class Movers:
    """The four lists, each in the order of unit and name."""

    came: list[GrantLine]
    moved: list[GrantLine]
    stopped: list[GrantLine]
    unused: list[GrantLine]


def movers(user: User) -> Movers:
    """The grants for the leader's units that began or end within thirty days, and those unused for ninety.

    Who begins in one unit as the same role ends in another has moved; it is told once, where they came. An access
    is used when its holder logs in or an API key of theirs is. At most eight SQL statements.
    """
    today = clock.today()
    units = reach(user, "grants.overview").all_units
    here = list(
        Grant.objects.filter(unit__in=units)
        .filter(Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=today - AROUND))
        .select_related("user", "granted_by")
    )
    around = [grant for grant in here if _began(grant, today) or _ends(grant, today)]
    others = list(
        Grant.objects.filter(user__in={grant.user_id for grant in around}, unit__isnull=False).exclude(
            role__in=(Role.CITIZEN, Role.RELATIVE)
        )
    )
    names = scope_names([*here, *others])
    used = _last_used({grant.user_id for grant in here})

    def line(grant: Grant, other: Grant | None = None) -> GrantLine:
        period = Period.from_range(grant.valid)
        return GrantLine(
            grant=grant,
            who=str(grant.user),
            role=role_label(grant.role),
            unit=names[grant.pk],
            first=period.start,
            last=period.last,
            given_by=str(grant.granted_by) if grant.granted_by else "",
            other=names[other.pk] if other else "",
            last_used=used.get(grant.user_id),
            may_end=(period.last is None or period.last >= today) and leader_may_end(user, grant),
        )

    came: list[GrantLine] = []
    moved: list[GrantLine] = []
    stopped: list[GrantLine] = []
    for grant in around:
        if _began(grant, today):
            before = _neighbour(grant, others, earlier=True)
            (moved if before else came).append(line(grant, before))
        if _ends(grant, today):
            after = _neighbour(grant, others, earlier=False)
            if after is None:
                stopped.append(line(grant))
            elif after.unit_id not in units:
                moved.append(line(grant, after))
    unused = [
        line(grant)
        for grant in here
        if Period.from_range(grant.valid).contains(today)
        and grant.valid.lower <= today - UNUSED
        and (used.get(grant.user_id) or dt.date.min) <= today - UNUSED
        and grant.user.is_active
    ]
    return Movers(*(_in_order(lines) for lines in (came, moved, stopped, unused)))


def _began(grant: Grant, today: dt.date) -> bool:
    return abs(grant.valid.lower - today) <= AROUND


def _ends(grant: Grant, today: dt.date) -> bool:
    last = Period.from_range(grant.valid).last
    return last is not None and abs(last - today) <= AROUND


def _neighbour(grant: Grant, others: Iterable[Grant], *, earlier: bool) -> Grant | None:
    """The same person's access elsewhere that ends as this begins (or begins as this ends), within thirty days."""
    period = Period.from_range(grant.valid)
    for other in others:
        if other.user_id != grant.user_id or other.unit_id == grant.unit_id or other.role != grant.role:
            continue
        there = Period.from_range(other.valid)
        ends, begins = (there.last, period.start) if earlier else (period.last, there.start)
        if ends is not None and abs(begins - ends) <= AROUND:
            return other
    return None


def _last_used(users: set[int]) -> dict[int, dt.date]:
    """The latest day each was logged in, or a key of theirs was used. Two SQL statements."""
    found: dict[int, dt.date] = {}
    logins = User.objects.filter(pk__in=users, last_login__isnull=False).values_list("pk", "last_login")
    keys = (
        ApiToken.objects.filter(user__in=users, last_used_at__isnull=False)
        .values_list("user")
        .annotate(at=Max("last_used_at"))
    )
    for number, at in [*logins, *keys]:
        if at is not None:
            day = at.astimezone(COPENHAGEN).date()
            found[number] = max(day, found.get(number, day))
    return found


def _in_order(lines: list[GrantLine]) -> list[GrantLine]:
    return sorted(lines, key=lambda line: (danish.sort_key(line.unit), danish.sort_key(line.who)))
