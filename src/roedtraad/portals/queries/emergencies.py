"""Nødadgange as the leader and the administrator look at them afterwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef
from django.utils.translation import gettext as _

from roedtraad.access.emergencies import reviewable_by
from roedtraad.access.lookups import record
from roedtraad.access.models import EmergencyAccess, EmergencyAttempt, EmergencyReview, Grant
from roedtraad.access.scope import reach, role_label
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.portals.queries.scopes import scope_names

PAGE = 50
_IN_VAIN = dt.timedelta(days=30)


@dataclass(frozen=True)
class EmergencyRow:
    """One emergency: who opened, whom (by name where the reader may see the citizen), why, and what came of it."""

    emergency: EmergencyAccess
    where: str
    citizen: str
    review: EmergencyReview | None


@dataclass(frozen=True)
class Emergencies:
    """Those that wait for the reader, then those looked at; and who tried in vain the last thirty days."""

    waiting: list[EmergencyRow]
    reviewed: list[EmergencyRow]
    in_vain: list[tuple[str, int]]


def emergencies_for(user: User) -> Emergencies:
    """What the user is to look at. At most eight SQL statements; a citizen shown by name is written in the log."""
    found = list(
        reviewable_by(user)
        .select_related("user", "review", "review__reviewer")
        .order_by(F("review__at").desc(nulls_first=True), "-opened_at")[: 2 * PAGE]
    )
    names = {
        person.pk: str(person)
        for person in Citizen.objects.visible_to(user).filter(pk__in={one.citizen_id for one in found})
    }
    if names:
        record(user, names, "nødadgang set efter")
    works = _workplaces({one.user_id for one in found})
    rows = [
        EmergencyRow(
            one,
            works.get(one.user_id, ""),
            names.get(one.citizen_id, _("en borger, du ikke har adgang til")),
            getattr(one, "review", None),
        )
        for one in found
    ]
    scope = reach(user, "emergency.review").all_units
    works_here = Grant.objects.in_force().filter(user=OuterRef("user"), unit__in=scope)
    tried = (
        EmergencyAttempt.objects.filter(Exists(works_here), found=False, at__gt=clock.running() - _IN_VAIN)
        .exclude(user=user)
        .values("user__full_name", "user__username")
        .annotate(n=Count("pk"))
        .order_by("-n", "user__username")
    )
    return Emergencies(
        waiting=[row for row in rows if row.review is None][:PAGE],
        reviewed=[row for row in rows if row.review is not None][:PAGE],
        in_vain=[(row["user__full_name"] or row["user__username"], row["n"]) for row in tried],
    )


def _workplaces(users: set[int]) -> dict[int, str]:
    """For each user their roles today and where: "Medarbejder, Tangkær"."""
    grants = list(Grant.objects.in_force().filter(unit__isnull=False, user__in=users).order_by("role", "pk"))
    names = scope_names(grants)
    places: dict[int, str] = {}
    for grant in grants:
        places.setdefault(grant.user_id, f"{role_label(grant.role)}, {names[grant.pk]}")
    return places
