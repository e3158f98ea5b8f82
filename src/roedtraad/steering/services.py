"""What can happen to plans, indicators and targets. Each change keeps its history, with who and why.

Every function raises AccessDenied when the user may not edit plans, and ValueError with a sentence when the
change cannot be made; then nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pghistory
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from roedtraad.access.scope import require
from roedtraad.core.danish import day as day_words
from roedtraad.core.period import Period
from roedtraad.organisation.models import Unit
from roedtraad.organisation.models.base import Basis
from roedtraad.steering.models import (
    Goal,
    Indicator,
    IndicatorTarget,
    Pejlemaerke,
    Plan,
    PlanEffort,
    Statement,
    TimetableEntry,
    Track,
)
from roedtraad.steering.queries.changes import ADDABLE, event_model

ACTION = "plan.edit"
# The plans' own years, with room for those to come.
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@contextmanager
def _change(user: Any, reason: str, unit_id: int | None = None) -> Iterator[None]:
    require(user, ACTION, unit_id=unit_id)
    if not reason.strip():
        raise ValueError(_("Skriv en begrundelse. Den står i historikken, så andre kan se, hvorfor."))
    with transaction.atomic(), pghistory.context(user=user.pk, reason=reason.strip()):
        yield


def _set(row: models.Model, **values: Any) -> None:
    """Write the columns that differ; texts are trimmed, must not be empty where needed, and must fit."""
    changed = []
    for name, value in values.items():
        field = row._meta.get_field(name)
        fresh = value.strip() if isinstance(value, str) else value
        longest = getattr(field, "max_length", None)
        words = str(getattr(field, "verbose_name", name)).capitalize()
        if isinstance(fresh, str) and not fresh and not getattr(field, "blank", False):
            raise ValueError(_("%(field)s må ikke være tom.") % {"field": words})
        if isinstance(fresh, str) and longest and len(fresh) > longest:
            raise ValueError(
                _("%(field)s er på %(length)s tegn. Gør den højst %(longest)s tegn lang.")
                % {"field": words, "length": len(fresh), "longest": longest}
            )
        if getattr(row, name) != fresh:
            setattr(row, name, fresh)
            changed.append(name)
    if not changed:
        raise ValueError(_("Der er ikke ændret noget."))
    row.save(update_fields=changed)


def edit_plan(user: Any, plan: Plan, *, name: str, vision: str, reason: str) -> Plan:
    """Change a plan's name and vision."""
    with _change(user, reason):
        _set(plan, name=name, vision=vision)
    return plan


def edit_track(user: Any, track: Track, *, name: str, summary: str, reason: str) -> Track:
    """Change a track's name and what it is in short."""
    with _change(user, reason):
        _set(track, name=name, summary=summary)
    return track


def edit_statement(user: Any, statement: Statement, *, text: str, reason: str) -> Statement:
    """Change a statement."""
    with _change(user, reason):
        _set(statement, text=text)
    return statement


def edit_goal(user: Any, goal: Goal, *, name: str, summary: str, reason: str) -> Goal:
    """Change a goal's name and what it is in short."""
    with _change(user, reason):
        _set(goal, name=name, summary=summary)
    return goal


def edit_pejlemaerke(
    user: Any, mark: Pejlemaerke, *, heading: str, title: str, summary: str, reason: str
) -> Pejlemaerke:
    """Change a pejlemærke's heading, title and what it is in short."""
    with _change(user, reason):
        _set(mark, heading=heading, title=title, summary=summary)
    return mark


def edit_effort(user: Any, effort: PlanEffort, *, text: str, reason: str) -> PlanEffort:
    """Change an effort."""
    with _change(user, reason):
        _set(effort, text=text)
    return effort


def add_effort(user: Any, mark: Pejlemaerke, *, text: str, reason: str) -> PlanEffort:
    """Add an effort at the end of a pejlemærke's list."""
    with _change(user, reason):
        Pejlemaerke.objects.select_for_update().get(pk=mark.pk)
        effort = PlanEffort(pejlemaerke=mark, number=_next(mark.efforts.all()))
        return _added(effort, text)


def remove_effort(user: Any, effort: PlanEffort, *, reason: str) -> None:
    """Take an effort off the list; its history stays."""
    with _change(user, reason):
        effort.delete()


def edit_timetable_entry(user: Any, entry: TimetableEntry, *, text: str, reason: str) -> TimetableEntry:
    """Change a line of the timetable."""
    with _change(user, reason):
        _set(entry, text=text)
    return entry


def add_timetable_entry(user: Any, track: Track, *, year: int, text: str, reason: str) -> TimetableEntry:
    """Add a line at the end of a year of the timetable."""
    with _change(user, reason):
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise ValueError(_("Skriv et årstal med fire cifre, for eksempel 2026."))
        Track.objects.select_for_update().get(pk=track.pk)
        entry = TimetableEntry(track=track, year=year, number=_next(track.timetable.filter(year=year)))
        return _added(entry, text)


def remove_timetable_entry(user: Any, entry: TimetableEntry, *, reason: str) -> None:
    """Take a line off the timetable; its history stays."""
    with _change(user, reason):
        entry.delete()


def set_target(
    user: Any,
    indicator: Indicator,
    *,
    unit: Unit | None,
    value: Decimal,
    start: dt.date,
    last: dt.date | None,
    reason: str,
) -> IndicatorTarget:
    """Set the target of an indicator for a unit (all) from `start` to and including `last`.

    ValueError when another target of the same unit holds in the period.
    """
    with _change(user, reason, unit.pk if unit else None):
        Indicator.objects.select_for_update().get(pk=indicator.pk)
        period = Period.inclusive(start, last)
        _refuse_overlap(indicator, unit, period)
        return IndicatorTarget.objects.create(
            indicator=indicator, unit=unit, value=value, valid=period.to_range(), basis=Basis.REGISTERED
        )


def edit_target(
    user: Any,
    target: IndicatorTarget,
    *,
    value: Decimal,
    start: dt.date,
    last: dt.date | None,
    reason: str,
) -> IndicatorTarget:
    """Change a target's value or period. ValueError when it would overlap another of the same unit."""
    with _change(user, reason, target.unit_id):
        Indicator.objects.select_for_update().get(pk=target.indicator_id)
        period = Period.inclusive(start, last)
        _refuse_overlap(target.indicator, target.unit, period, but=target.pk)
        _set(target, value=value, valid=period.to_range())
    return target


def undo(user: Any, model: type[models.Model], event_id: int) -> None:
    """Take back the newest change of a row: an edit, an addition or a removal. The undoing is history too.

    ValueError when something has happened to the row since, or its place has been taken.
    """
    events = event_model(model)
    with _change(user, _("fortrudt")):
        event = events.objects.filter(pgh_id=event_id).first()
        newer = event and events.objects.filter(id=event.id, pgh_id__gt=event.pgh_id).exists()
        if event is None or newer:
            raise ValueError(
                _("Ændringen kan ikke fortrydes, fordi der er sket mere siden. Ret teksten i stedet.")
            )
        columns = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
        if event.pgh_label == "insert":
            if model not in ADDABLE:
                raise ValueError(_("Rækken hører til planen og kan ikke fjernes. Ret dens tekst i stedet."))
            model._default_manager.filter(pk=event.id).delete()
            return
        before = events.objects.filter(id=event.id, pgh_id__lt=event.pgh_id).order_by("-pgh_id").first()
        source = event if event.pgh_label == "delete" else before
        if source is None:
            raise ValueError(_("Ændringen kan ikke fortrydes: historikken rækker ikke så langt tilbage."))
        values = {name: getattr(source, name) for name in columns}
        try:
            with transaction.atomic():
                _put_back(model, event, values)
        except IntegrityError:
            raise ValueError(
                _("Ændringen kan ikke fortrydes, fordi noget andet har taget pladsen. Ret det først.")
            ) from None


def _put_back(model: type[models.Model], event: Any, values: dict[str, Any]) -> None:
    if event.pgh_label != "delete":
        model._default_manager.filter(pk=event.id).update(**values)
        return
    row: Any = model(pk=event.id, **values)
    if "number" in values:
        row.number = _free_number(model, row)
    row.save(force_insert=True)


def _free_number(model: type[models.Model], row: Any) -> int:
    """The row's own number, or the next one when another has taken it meanwhile."""
    within = {"track": row.track_id, "year": row.year} if model is TimetableEntry else {}
    within = within or {"pejlemaerke": row.pejlemaerke_id}
    siblings = model._default_manager.filter(**within)
    return _next(siblings) if siblings.filter(number=row.number).exists() else row.number


def _next(rows: Any) -> int:
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _added(row: Any, text: str) -> Any:
    trimmed = text.strip()
    longest = row._meta.get_field("text").max_length
    if not trimmed:
        raise ValueError(_("Skriv en tekst."))
    if len(trimmed) > longest:
        raise ValueError(
            _("Teksten er på %(length)s tegn. Gør den højst %(longest)s tegn lang.")
            % {"length": len(trimmed), "longest": longest}
        )
    row.text = trimmed
    row.basis = Basis.REGISTERED
    row.save(force_insert=True)
    return row


def _refuse_overlap(indicator: Indicator, unit: Unit | None, period: Period, but: int | None = None) -> None:
    others = IndicatorTarget.objects.filter(indicator=indicator, unit=unit, valid__overlap=period.to_range())
    found = others.exclude(pk__in=[but] if but else []).order_by("valid").first()
    if found is not None:
        held = Period.from_range(found.valid)
        until = _("til og med %(day)s") % {"day": day_words(held.last)} if held.last else _("uden slutdato")
        raise ValueError(
            _("Der er allerede et mål fra %(start)s %(until)s. Ret det, eller vælg en periode uden for det.")
            % {"start": day_words(held.start), "until": until}
        )
