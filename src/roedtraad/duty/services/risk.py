"""Somebody sets a citizen's risk; a leader says how it is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from roedtraad.access.scope import require
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import RiskItem, RiskLevel, RiskReading, RiskScale
from roedtraad.duty.queries.risk import scale_for
from roedtraad.duty.rules import risk as rules
from roedtraad.duty.services.common import (
    line_of,
    moment_of,
    once,
    require_citizen,
)
from roedtraad.journeys.queries.homes import home_of
from roedtraad.organisation.models import Unit

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

CONFIGURE = "duty.configure"
MOST_LEVELS, MOST_ITEMS = 5, 12


@transaction.atomic
def set_risk(
    user: User,
    citizen: Citizen,
    level: RiskLevel,
    scores: Mapping[str, bool | int] | None = None,
    text: str = "",
    *,
    key: UUID | None = None,
    at: dt.datetime | None = None,
) -> RiskReading:
    """Set the citizen's risk: the level, what of the checklist was seen (code → yes/no), and a few words.

    `at` is when a phone without net noted it. The same user sending the same key again gets the row that is there.
    Refusal for a level of another scale than the citizen's unit uses (or used when it was noted), and for an
    observation the scale does not have; AccessDenied out of reach.
    """
    require_citizen(user, citizen)
    words = line_of(text, 400, "text")
    now = clock.now()
    known = RiskReading.objects.filter(key=key, set_by=user, citizen=citizen).first() if key else None
    if known is not None:
        return known
    moment = moment_of(at, "at")
    _check_level(citizen, level, moment)
    points = {item.code: item.points for item in RiskItem.objects.filter(scale=level.scale_id)}
    seen = {code: int(bool(value)) for code, value in (scores or {}).items()}
    try:
        rules.total(points, seen)
    except ValueError as error:
        raise Refusal(_("Tjeklisten er ændret. Åbn siden igen, og sæt risikoen på ny."), "scores") from error

    def make(new_key: UUID) -> RiskReading:
        with change(user, "risiko sat"):
            return RiskReading.objects.create(
                key=new_key,
                citizen=citizen,
                level=level,
                scores=seen,
                text=words,
                set_at=moment,
                set_by=user,
                received_at=now,
            )

    return once(RiskReading, user, key, "set_by", make, citizen=citizen)


def _check_level(citizen: Citizen, level: RiskLevel, moment: dt.datetime) -> None:
    home = home_of(citizen.pk, clock.today())
    unit_id = home.unit_id if home else None
    in_use = {
        scale.pk
        for scale in (scale_for(unit_id, moment), scale_for(unit_id, clock.now()))
        if scale is not None
    }
    if level.scale_id not in in_use:
        raise Refusal(_("Skalaen er ændret. Åbn siden igen, og sæt risikoen på ny."), "level")


@dataclass(frozen=True)
class NewLevel:
    """One step of a scale as it is typed, the calmest first."""

    name: str
    tone: str
    shape: str
    meaning: str
    action: str
    from_score: int | None = None


@dataclass(frozen=True)
class NewItem:
    """One observation of a checklist as it is typed."""

    text: str
    points: int = 1


@transaction.atomic
def configure_scale(
    user: User,
    unit: Unit,
    *,
    name: str,
    stale_after_hours: int,
    levels: Sequence[NewLevel],
    items: Sequence[NewItem] = (),
) -> RiskScale:
    """Give the unit, and those below it without one of their own, a scale from now on.

    What was set before keeps the scale it was set on. Refusal for fewer than two or more than five levels, two
    alike, and a step that is suggested before a calmer one; AccessDenied for who does not lead the unit.
    """
    require(user, CONFIGURE, unit_id=unit.pk)
    _check_scale(levels, items, stale_after_hours)
    title = line_of(name, 80, "name") or _("Dagens risiko")
    with change(user, "risikoskala ændret"):
        _end_scale(unit)
        scale = RiskScale.objects.create(
            unit=unit,
            name=title,
            valid=TimestamptzRange(clock.now(), None, "[)"),
            stale_after_hours=stale_after_hours,
        )
        for rank, level in enumerate(levels):
            RiskLevel.objects.create(scale=scale, rank=rank, **level.__dict__)
        codes: set[str] = set()
        for rank, item in enumerate(items):
            code = slugify(item.text)[:26] or "punkt"
            code = f"{code}-{rank}" if code in codes else code
            codes.add(code)
            RiskItem.objects.create(scale=scale, code=code, rank=rank, text=item.text, points=item.points)
    return scale


@transaction.atomic
def use_common_scale(user: User, unit: Unit) -> None:
    """End the unit's own scale: from now on it uses the one above it."""
    require(user, CONFIGURE, unit_id=unit.pk)
    with change(user, "egen risikoskala afsluttet"):
        _end_scale(unit)


def _end_scale(unit: Unit) -> None:
    """End the scale in force. One that began this very moment never was, and would overlap: it has no time to end."""
    now = clock.now()
    # Whoever changes the unit's scale waits here for the one who is changing it.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    for scale in RiskScale.objects.filter(unit=unit, valid__contains=now):
        begins = scale.valid.lower
        if begins >= now:
            raise Refusal(_("Skalaen er lige ændret. Vent et øjeblik, og prøv igen."))
        scale.valid = TimestamptzRange(begins, now, "[)")
        scale.save(update_fields=["valid"])


def _check_scale(levels: Sequence[NewLevel], items: Sequence[NewItem], hours: int) -> None:
    if not 2 <= len(levels) <= MOST_LEVELS:
        raise Refusal(_("En skala har mellem to og %(most)s trin.") % {"most": MOST_LEVELS})
    if len(items) > MOST_ITEMS:
        raise Refusal(_("Tjeklisten kan højst have %(most)s punkter.") % {"most": MOST_ITEMS})
    if not 1 <= hours <= 168:
        raise Refusal(_("Skriv mellem 1 og 168 timer."), "stale_after_hours")
    for what in ("name", "shape"):
        if len({getattr(level, what).casefold() for level in levels}) < len(levels):
            raise Refusal(_("To trin har samme navn eller form. De skal kunne kendes fra hinanden."))
    limits = [level.from_score for level in levels if level.from_score is not None]
    if limits != sorted(set(limits)):
        raise Refusal(_("Pointgrænserne skal stige fra det roligste trin til det sværeste."))
    for level in levels:
        if level.tone not in RiskLevel.Tone.values or level.shape not in RiskLevel.Shape.values:
            raise Refusal(_("Vælg farve og form på listen."))
        if not (level.name.strip() and level.meaning.strip() and level.action.strip()):
            raise Refusal(_("Skriv for hvert trin, hvad det hedder, hvad det betyder, og hvad I gør."))
