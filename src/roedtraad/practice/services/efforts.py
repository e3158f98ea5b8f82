"""What can happen to an effort: planned, changed, ended. What was delivered is counted from tasks, never typed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.practice.access import require_write
from roedtraad.practice.models import Effort, Goal, Method
from roedtraad.practice.services.common import Changed, write_once

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class EffortText:
    """What is planned, as it is typed: so many `times` `per` day, week or month, of so many `minutes`."""

    title: str
    times: int
    per: str
    minutes: int
    starts_on: dt.date
    ends_on: dt.date | None = None
    method: Method | None = None
    description: str = ""
    responsible: User | None = None
    service_package: str = ""


@transaction.atomic
def plan_effort(user: User, goal: Goal, text: EffortText, *, key: UUID | None = None) -> Effort:
    """Plan an effort for a goal. Refusal for what cannot be, beside its field."""
    require_write(user, goal.citizen)
    if goal.closed_on is not None:
        raise Refusal(_("Målet er afsluttet. Åbn det igen, før I planlægger en indsats."))
    values = _checked(text)
    with change(user, "indsats planlagt"):
        effort, _new = write_once(user, Effort, key, citizen=goal.citizen, goal=goal, **values)
    return effort


@transaction.atomic
def change_effort(user: User, effort: Effort, text: EffortText, *, version: int) -> Effort:
    """Change an effort. `Changed` when somebody else has changed it since `version` was read."""
    require_write(user, effort.citizen)
    held = Effort.objects.select_for_update().get(pk=effort.pk)
    if held.version != version:
        raise Changed(held)
    with change(user, "indsats rettet"):
        for name, value in _checked(text).items():
            setattr(held, name, value)
        held.version += 1
        held.save()
    return held


@transaction.atomic
def end_effort(user: User, effort: Effort, last: dt.date | None = None) -> Effort:
    """End an effort with `last` (today unless given) as its last day. Refusal for a day before it began."""
    require_write(user, effort.citizen)
    held = Effort.objects.select_for_update().get(pk=effort.pk)
    day = last or clock.today()
    if day < held.starts_on:
        raise Refusal(_("Den sidste dag ligger, før indsatsen begynder. Vælg en senere dag."), "ends_on")
    with change(user, "indsats afsluttet"):
        held.ends_on = day
        held.version += 1
        held.save(update_fields=["ends_on", "version"])
    return held


def _checked(text: EffortText) -> Mapping[str, object]:
    title = " ".join(text.title.split())
    if not title:
        raise Refusal(_("Skriv, hvad indsatsen er."), "title")
    if len(title) > 200:
        raise Refusal(_("Indsatsen må højst fylde 200 tegn. Skriv resten under »sådan gør vi«."), "title")
    if not 1 <= text.times <= 50:
        raise Refusal(_("Skriv, hvor mange gange, fra 1 til 50."), "times")
    if text.per not in Effort.Per.values:
        raise Refusal(_("Vælg, om det er om dagen, om ugen eller om måneden."), "per")
    if not 1 <= text.minutes <= 1440:
        raise Refusal(_("Skriv, hvor mange minutter det tager hver gang, fra 1 til 1440."), "minutes")
    if text.ends_on is not None and text.ends_on < text.starts_on:
        raise Refusal(_("Den sidste dag ligger, før indsatsen begynder. Ret en af datoerne."), "ends_on")
    return {
        "title": title,
        "times": text.times,
        "per": text.per,
        "minutes": text.minutes,
        "starts_on": text.starts_on,
        "ends_on": text.ends_on,
        "method": text.method,
        "description": text.description.strip()[:4000],
        "responsible": text.responsible,
        "service_package": " ".join(text.service_package.split())[:120],
    }
