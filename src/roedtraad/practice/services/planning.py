"""Who a task is for: one citizen, a group or the unit, and the efforts it delivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from roedtraad.access.scope import AccessDenied, reach, require
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.journeys.models import StayDays
from roedtraad.organisation.models import PlaceTerm, Unit
from roedtraad.practice.access import require_write
from roedtraad.practice.models import Effort
from roedtraad.practice.models.tasks import Planned as PlannedModel
from roedtraad.practice.rules import tasks as rules

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


class Part(NamedTuple):
    """A citizen who takes part, and the effort it delivers for that one."""

    citizen: Citizen
    effort: Effort | None = None


@dataclass(frozen=True)
class Plan:
    """The values that a task and a series have in common, and who takes part."""

    values: dict[str, Any]
    parts: Sequence[Part]


def plan(
    user: User,
    *,
    citizen: Citizen | None,
    effort: Effort | None,
    group: Sequence[Part],
    unit: Unit | None,
    title: str,
    instruction: str,
    minutes: int | None,
) -> Plan:
    """What is to be written for a task of these. Refusal with the field it belongs beside; AccessDenied."""
    if effort is not None and citizen is None:
        citizen = effort.citizen
    parts = [Part(citizen, effort)] if citizen is not None else list(group)
    if citizen is not None and group:
        raise Refusal(_("En opgave er for én borger eller for en gruppe, ikke begge dele."), "group")
    if len({part.citizen.pk for part in parts}) < len(parts):
        raise Refusal(_("Den samme borger står to gange i gruppen."), "group")
    for part in parts:
        require_write(user, part.citizen)
        if part.effort is not None and part.effort.citizen_id != part.citizen.pk:
            raise Refusal(_("Indsatsen hører til en anden borger."), "effort")
    where = unit if unit is not None else home_unit(user, citizen) if citizen is not None else None
    if where is None:
        raise Refusal(_("Vælg, hvilken enhed opgaven hører til."), "unit")
    require(user, "record.write", unit_id=where.pk)
    words = title.strip() or (effort.title if effort is not None else "")
    if not words:
        raise Refusal(_("Skriv, hvad der skal gøres."), "title")
    if citizen is None:
        _refuse_names(words, instruction, parts)
    said = minutes if minutes is not None else (effort.minutes if effort is not None else None)
    values = {
        "unit": where,
        "citizen": citizen,
        "title": words[:160],
        "instruction": instruction.strip() or (effort.description[:1000] if effort is not None else ""),
        "minutes": rules.checked_minutes(said) if said is not None else None,
    }
    return Plan(values, parts)


def require_planned(user: User, planned: PlannedModel) -> None:
    """Raise AccessDenied unless the user may work on the task or series: with its citizen, or in its unit."""
    if planned.citizen is not None:
        require_write(user, planned.citizen)
        return
    require(user, "record.write")
    if planned.unit_id not in reach(user, "record.write").all_units:
        raise AccessDenied(_("Du har ikke adgang til opgaver i denne enhed."))


def home_unit(user: User, citizen: Citizen) -> Unit | None:
    """The unit among the user's where the citizen lives, round the clock first, else is coming. One SQL statement."""
    today = clock.today()
    stays = StayDays.objects.booked().filter(citizen_id=citizen.pk, place=OuterRef("place"))
    coming = stays.filter(Q(planned__endswith__gt=today) | Q(planned__endswith__isnull=True))
    term = (
        PlaceTerm.objects.filter(unit__in=reach(user, "record.write").all_units, valid__contains=today)
        .annotate(lives=Exists(stays.filter(actual__contains=today)))
        .filter(Q(lives=True) | Exists(coming))
        .select_related("unit")
        .order_by("-lives", "-place__category", "pk")
        .first()
    )
    return term.unit if term else None


def _refuse_names(title: str, instruction: str, parts: Sequence[Part]) -> None:
    """A group's task is read by the whole unit, also by those from whom one of the group is hidden."""
    names = [part.citizen.first_name for part in parts]
    for field, text in (("title", title), ("instruction", instruction)):
        name = rules.names_somebody(text, names)
        if name:
            raise Refusal(
                _("Skriv ikke %(name)s i teksten: hele enheden læser den. Gruppen står for sig.")
                % {"name": name},
                field,
            )
