"""The history of a row of a plan: who changed what, when and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from roedtraad.accounts.models import User
from roedtraad.steering.models import IndicatorTarget, PlanEffort, TimetableEntry

# Rows that the staff may add, so that adding them can be undone; the others belong to their plan.
ADDABLE: tuple[type[models.Model], ...] = (PlanEffort, TimetableEntry, IndicatorTarget)

# Columns that say where a fact is kept rather than what it is.
_SILENT = {"id", "track", "pejlemaerke", "plan", "indicator", "key"}


@dataclass(frozen=True)
class Change:
    """One event: `fields` are (name, before, after). Only the newest can be undone."""

    event_id: int
    kind: str
    at: dt.datetime
    who: str
    reason: str
    fields: tuple[tuple[str, Any, Any], ...]
    newest: bool
    can_undo: bool


def event_model(model: type[models.Model]) -> Any:
    """The table with the history of a model."""
    return apps.get_model("steering", f"{model.__name__}Event")


def changes(model: type[models.Model], pk: int) -> list[Change]:
    """What happened to the row, newest first. Two SQL statements."""
    events = list(event_model(model).objects.filter(id=pk).select_related("pgh_context").order_by("pgh_id"))
    contexts = [event.pgh_context.metadata if event.pgh_context else {} for event in events]
    ids = {context["user"] for context in contexts if context.get("user")}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}
    found = []
    for place, (event, context) in enumerate(zip(events, contexts, strict=True)):
        before = events[place - 1] if place and event.pgh_label == "update" else None
        found.append(
            Change(
                event_id=event.pgh_id,
                kind=event.pgh_label,
                at=event.pgh_created_at,
                who=names.get(context.get("user"), ""),
                reason=context.get("reason", ""),
                fields=_differences(model, before, event) if before else (),
                newest=place == len(events) - 1,
                can_undo=event.pgh_label != "insert" or model in ADDABLE,
            )
        )
    return found[::-1]


def _differences(model: type[models.Model], before: Any, after: Any) -> tuple[tuple[str, Any, Any], ...]:
    return tuple(
        (str(field.verbose_name).capitalize(), getattr(before, field.attname), getattr(after, field.attname))
        for field in model._meta.concrete_fields
        if field.name not in _SILENT and getattr(before, field.attname) != getattr(after, field.attname)
    )
