"""Who could be named when a citizen is protected: those who see the citizen by their work today."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import role_label
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.core import clock
from roedtraad.journeys.models import StayDays
from roedtraad.journeys.queries.units import last_known_tree
from roedtraad.organisation.models import PlaceTerm

_BY_UNIT = (Role.SUPPORT_WORKER, Role.LEADER, Role.INSPECTOR)


@dataclass(frozen=True)
class Colleague:
    """Somebody with access to the citizen: in which role, and where. `near` works on the citizen's own unit."""

    user: User
    role: Role
    where: str
    near: bool

    @property
    def label(self) -> str:
        """Name, role and workplace, as a list to choose from shows them."""
        return f"{self.user} · {role_label(self.role)}, {self.where}"


def colleagues(citizen: Citizen) -> list[Colleague]:
    """Those whose grants reach the citizen today, the nearest first. Three SQL statements."""
    today = clock.today()
    tree = last_known_tree(today)
    stays = StayDays.objects.booked().filter(citizen_id=citizen.pk)
    open_stays = stays.filter(Q(actual_end__isnull=True) | Q(actual_end__gte=today))
    homes = set(
        PlaceTerm.objects.filter(
            place__in=open_stays.values("place"), valid__endswith__isnull=True
        ).values_list("unit", flat=True)
    )
    steps = {
        node.id: len(path) - n for home in homes for path in [tree.path(home)] for n, node in enumerate(path)
    }
    payers = MunicipalityRelation.objects.filter(
        citizen=citizen, kind__in=["acting", "paying"], valid__contains=today
    )
    by_work = Q(role__in=_BY_UNIT, unit__in=steps) | Q(
        role=Role.CASEWORKER, municipality__in=payers.values("municipality")
    )
    grants = (
        Grant.objects.in_force().filter(by_work, user__is_active=True).select_related("user", "municipality")
    )
    found: dict[int, tuple[int, Colleague]] = {}
    for grant in grants:
        distance = steps.get(grant.unit_id or 0, 99)
        where = tree.by_id[grant.unit_id].label if grant.unit_id else str(grant.municipality)
        near = grant.role == Role.SUPPORT_WORKER
        if grant.user_id not in found or distance < found[grant.user_id][0]:
            found[grant.user_id] = (distance, Colleague(grant.user, Role(grant.role), where, near))
    return [one for _far, one in sorted(found.values(), key=lambda each: (each[0], str(each[1].user)))]
