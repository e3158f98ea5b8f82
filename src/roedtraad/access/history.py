"""What happened to a row: who, when, why and what changed, read from its history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.backends.postgresql.psycopg_any import Range
from django.utils.translation import gettext as _

from roedtraad.core import danish
from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.encrypted import EncryptedTextField

LONGEST = 50


@dataclass(frozen=True)
class FieldChange:
    """One field before and after, as texts; `before` is empty when the row was made."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One thing that happened to the row."""

    at: dt.datetime
    what: str
    who: str
    why: str
    fields: tuple[FieldChange, ...]


def history_of(obj: models.Model, limit: int = LONGEST) -> list[Change]:
    """The row's latest changes, newest first. Two SQL statements, and one for each foreign key it has.

    The row must be of a model tracked with pghistory. Show it with `{% include "access/history.html" with
    changes=… %}`; whoever shows a person's history writes the look-up.
    """
    # One more than asked for: the oldest one shown is compared with the one before it.
    events = list(obj.events.select_related("pgh_context").order_by("-pgh_id")[: limit + 1])  # type: ignore[attr-defined]  # pghistory's relation
    fields = _tracked_fields(obj, events)
    names = _names_of(fields, events)
    users = _users(events)
    changes = []
    for place, event in enumerate(events[:limit]):
        older = events[place + 1] if place + 1 < len(events) else None
        metadata = event.pgh_context.metadata if event.pgh_context else {}
        changes.append(
            Change(
                at=event.pgh_created_at.astimezone(COPENHAGEN),
                what={"insert": _("Oprettet"), "update": _("Ændret"), "delete": _("Slettet")}[
                    event.pgh_label
                ],
                who=_who(users, metadata),
                why=metadata.get("reason", ""),
                fields=()
                if event.pgh_label == "delete"
                else tuple(_differences(fields, event, older, names)),
            )
        )
    return changes


def _tracked_fields(obj: models.Model, events: list[Any]) -> list[models.Field[Any, Any]]:
    if not events:
        return []
    kept = {field.attname for field in events[0]._meta.concrete_fields}
    return [field for field in obj._meta.concrete_fields if field.attname in kept and not field.primary_key]


def _users(events: list[Any]) -> dict[Any, str]:
    numbers = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context} - {None}
    return {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=numbers)} if numbers else {}


def _who(users: dict[Any, str], metadata: dict[str, Any]) -> str:
    """The name, and when it was done with a PIN, at which tablet."""
    name = users.get(metadata.get("user"), _("systemet"))
    return f"{name} ({metadata['through']})" if metadata.get("through") else name


def _names_of(fields: list[models.Field[Any, Any]], events: list[Any]) -> dict[str, dict[Any, str]]:
    """For each foreign key that took more than one value: what its values are called."""
    names = {}
    for field in fields:
        target = field.related_model if isinstance(field, models.ForeignKey) else None
        if target is None or isinstance(target, str):
            continue
        numbers = {getattr(event, field.attname) for event in events} - {None}
        if numbers:
            names[field.attname] = {
                row.pk: str(row) for row in target._default_manager.filter(pk__in=numbers)
            }
    return names


def _differences(
    fields: list[models.Field[Any, Any]], event: Any, older: Any, names: dict[str, dict[Any, str]]
) -> list[FieldChange]:
    changed = []
    for field in fields:
        now = getattr(event, field.attname)
        before = getattr(older, field.attname) if older is not None else None
        if now != before and not (older is None and now in (None, "", False)):
            known = names.get(field.attname, {})
            changed.append(
                FieldChange(str(field.verbose_name), _words(field, before, known), _words(field, now, known))
            )
    return changed


def _words(field: models.Field[Any, Any], value: Any, names: dict[Any, str]) -> str:
    """A value as a reader writes it."""
    if value is None or value == "":
        return ""
    if isinstance(field, EncryptedTextField):
        # What lies encrypted has readers of its own: that it changed is told to all who see the history, not what.
        return _("skjult")
    if isinstance(value, int | str) and value in names:
        return names[value]
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, Range):
        first = danish.short_day(value.lower) if value.lower else ""
        last = danish.short_day(value.upper - dt.timedelta(days=1)) if value.upper else ""
        return f"{first} – {last}"
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(COPENHAGEN):%d.%m.%Y kl. %H.%M}"
    return danish.short_day(value) if isinstance(value, dt.date) else str(value)
