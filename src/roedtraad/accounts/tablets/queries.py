"""Who may come back at a tablet, and which tablets there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from roedtraad.accounts.models import User
from roedtraad.accounts.tablets import rules, services
from roedtraad.accounts.tablets.models import PersonalPin, SharedTablet, TabletVisit
from roedtraad.core import clock, danish


@dataclass(frozen=True)
class Colleague:
    """Somebody who has logged in at the tablet this shift; `closed` says why not with a PIN, empty when they may."""

    key: UUID
    name: str
    closed: str


def colleagues(tablet: SharedTablet) -> list[Colleague]:
    """Those to choose between, by name. One SQL."""
    visits = TabletVisit.objects.filter(
        tablet=tablet, logged_in_at__gt=clock.running() - services.shift()
    ).select_related("user__pin")
    shown = []
    for visit in visits:
        if services.is_open(visit):
            pin: PersonalPin | None = getattr(visit.user, "pin", None)
            closed = rules.closed(pin.wrong if pin else None, tablet.wrong_pins)
            shown.append(Colleague(visit.key, str(visit.user), closed.value if closed else ""))
    return sorted(shown, key=lambda one: danish.sort_key(one.name))


def pin_of(user: User) -> PersonalPin | None:
    """The user's PIN as it stands, without what it is. One SQL."""
    return PersonalPin.objects.filter(user=user).first()


@dataclass(frozen=True)
class Tablet:
    """A tablet as the list shows it."""

    pk: int
    name: str
    unit_id: int
    enrolled_by: str
    enrolled_at: dt.datetime
    last_used_at: dt.datetime | None
    here: bool
    full_of_tries: bool


def tablets_of(unit_ids: Iterable[int], here: SharedTablet | None) -> list[Tablet]:
    """The tablets of the units, those of one unit together. One SQL."""
    found = SharedTablet.objects.filter(unit__in=list(unit_ids), revoked_at__isnull=True)
    return [
        Tablet(
            row.pk,
            row.name,
            row.unit_id,
            str(row.enrolled_by),
            row.enrolled_at,
            row.last_used_at,
            here is not None and row.pk == here.pk,
            row.wrong_pins >= rules.WRONG_PER_TABLET,
        )
        for row in found.select_related("enrolled_by").order_by("unit_id", "name", "pk")
    ]
