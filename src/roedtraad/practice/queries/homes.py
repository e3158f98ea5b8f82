"""Where a citizen lives now, and who lives where one works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, DateField, Q, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.danish import sort_key
from roedtraad.journeys.models import StayDays
from roedtraad.journeys.queries.stays import living_here, where_now
from roedtraad.practice.access import CITIZEN

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


def home_unit_id(citizen_id: int) -> int | None:
    """The number of the unit where the citizen lives today, else where they are coming; None for neither.

    Round the clock goes before by day. One SQL statement.
    """
    today = clock.today()
    lives = Q(actual__contains=today)
    first_day = Greatest("ordered_start", Value(today, output_field=DateField()))
    unit: int | None = (
        StayDays.objects.booked()
        .filter(lives | Q(actual_start__isnull=True), citizen_id=citizen_id)
        .annotate(coming=Case(When(lives, then=0), default=1), day=first_day)
        .filter(place__terms__valid__contains=first_day)
        .order_by("coming", "-place__category", "ordered_start", "pk")
        .values_list("place__terms__unit_id", flat=True)
        .first()
    )
    return unit


def among_namesakes(user: User, citizen: Citizen) -> str:
    """Where the citizen lives, when the user may see another of the very same name; empty otherwise. One SQL statement."""
    same = Citizen.objects.filter(first_name=citizen.first_name, last_name=citizen.last_name)
    found = {one.pk: one for one in where_now(same.filter(visible_q(CITIZEN, user, "record.view")), user)}
    if not found.keys() - {citizen.pk}:
        return ""
    now = getattr(found.get(citizen.pk), "now", None)
    if not now:
        return _("bor ikke på en plads i dag")
    return _("bor på %(place)s, %(unit)s") % {"place": now["code"], "unit": now["unit"]}


@dataclass(frozen=True)
class Resident:
    """Somebody who lives on a unit now, as a list to choose from shows them."""

    pk: int
    key: UUID
    name: str
    initials: str
    place: str


def residents(user: User) -> list[tuple[str, list[Resident]]]:
    """Those who live where the user may write today, by unit, each unit's in Danish order. One SQL statement.

    The caller logs everybody shown.
    """
    living = living_here(Citizen.objects.filter(visible_q(CITIZEN, user, "record.write")), user)
    units: dict[str, list[Resident]] = {}
    for citizen in where_now(living, user).order_by("sort_key", "pk"):
        now = getattr(citizen, "now", None) or {}
        units.setdefault(now.get("unit", ""), []).append(
            Resident(
                pk=citizen.pk,
                key=citizen.key,
                name=str(citizen),
                initials=f"{citizen.first_name[:1]}{citizen.last_name[:1]}".upper(),
                place=now.get("code", ""),
            )
        )
    return sorted(units.items(), key=lambda unit: sort_key(unit[0]))
