"""A row as it is given out: as JSON for machines and as words for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import Range
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from roedtraad.citizens.models import Citizen
from roedtraad.core.clock import COPENHAGEN
from roedtraad.organisation.models import UnitVersion
from roedtraad.rights.catalogue import Part

CHUNK = 500
# Reckoned from the others, or without meaning outside the house.
_LEFT = frozenset({"search", "sort_key", "cpr_index", "planned", "actual", "stored", "content"})
# What a row is called by those who know it, in this order.
_CALLED = ("title", "topic", "full_name", "name", "what", "code", "key")
_WORK = frozenset({"phase", "done", "total", "touched_at", "message"})


@dataclass(frozen=True)
class Row:
    """One row: how it is known, its values for machines, and its lines for people."""

    id: str
    data: dict[str, Any]
    lines: list[tuple[str, str]]


def rows_of(part: Part, citizen_id: int, *, after: int = 0, limit: int = 0) -> Iterator[tuple[int, Row]]:
    """The citizen's rows of a part in the order they were written, each with its number. Reads a chunk at a time."""
    found = part.rows(citizen_id).filter(pk__gt=after)
    found = found.defer("content") if part.files else found
    for chunk in _chunks(found[:limit] if limit else found):
        names = _names(chunk, part.table)
        for each in chunk:
            yield each.pk, _row(each, part.table, names)


def row_of(part: Part, citizen_id: int, row_id: str) -> Row | None:
    """One row by the id it is given out with; None for one that is not the citizen's."""
    column = "key" if any(field.name == "key" for field in part.table._meta.concrete_fields) else "pk"
    try:
        each = part.rows(citizen_id).filter(**{column: row_id}).first()
    except (ValueError, ValidationError):
        return None
    return _row(each, part.table, _names([each], part.table)) if each is not None else None


def former_of(part: Part, citizen_id: int) -> Iterator[Row]:
    """How the part's rows were before they were changed or removed, oldest first; nothing where none is kept."""
    if part.past is None:
        return
    for chunk in _chunks(_former(part, citizen_id)):
        names = _names(chunk, part.past)
        for event in chunk:
            row = _row(event, part.past, names)
            data = {
                "written": _json(event.pgh_created_at),
                "removed": event.pgh_label == "delete",
                **row.data,
            }
            yield Row(row.id, data, row.lines)


def _chunks(found: QuerySet[Any]) -> Iterator[list[Any]]:
    rows = found.iterator(CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _former(part: Part, citizen_id: int) -> QuerySet[Any]:
    events = part.past.objects.order_by("pgh_id")
    names = {field.name for field in part.past._meta.concrete_fields}
    if part.path in names:
        events = events.filter(**{part.path: citizen_id})
    else:
        events = events.filter(pgh_obj__in=part.rows(citizen_id).order_by().values("pk"))
    later = part.past.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__gt=OuterRef("pgh_id"))
    return events.filter(Exists(later) | models.Q(pgh_label="delete"))


def labels_of(part: Part) -> dict[str, str]:
    """The names of the part's values, each with its word."""
    return {field.name: str(field.verbose_name) for field in _fields(part.table)}


@cache
def _fields(model: type[models.Model]) -> tuple[Any, ...]:
    known = _LEFT | (_WORK if model._meta.app_label == "rights" else frozenset())
    return tuple(
        field
        for field in model._meta.concrete_fields
        if field.name not in known
        and not field.name.startswith("pgh_")
        and field.related_model is not Citizen
        and field.name != "id"
    )


def _names(chunk: list[Any], model: type[models.Model]) -> dict[tuple[str, Any], str]:
    """What the rows of a chunk point at, by the name people know it by, else by its key. One SQL for each table."""
    wanted: dict[Any, set[Any]] = {}
    for field in _fields(model):
        if field.is_relation:
            numbers = {getattr(each, field.attname) for each in chunk} - {None}
            wanted.setdefault(field.related_model, set()).update(numbers)
    names: dict[tuple[str, Any], str] = {}
    for target, numbers in wanted.items():
        label = target._meta.label
        if not numbers:
            continue
        if label == "organisation.Unit":
            # The latest name it had: a unit that has closed is known by it still.
            versions = UnitVersion.objects.filter(unit__in=numbers).order_by("valid")
            names |= {(label, number): name for number, name in versions.values_list("unit_id", "name")}
            continue
        column = next(
            (name for name in _CALLED if name in {f.name for f in target._meta.concrete_fields}), "pk"
        )
        found = target._default_manager.filter(pk__in=numbers).values_list("pk", column)
        names |= {(label, number): str(name) for number, name in found}
    return names


def _row(each: Any, model: type[models.Model], names: dict[tuple[str, Any], str]) -> Row:
    data: dict[str, Any] = {"id": str(getattr(each, "key", "") or getattr(each, "id", None) or each.pk)}
    lines: list[tuple[str, str]] = []
    for field in _fields(model):
        value = getattr(each, field.attname)
        text = ""
        if field.is_relation:
            text = "" if value is None else names.get((field.related_model._meta.label, value), str(value))
            data[field.name] = text or None
        else:
            data[field.name] = _json(value)
            if field.choices and value not in (None, ""):
                choices = dict(field.flatchoices)
                text = str(choices.get(value, value))
                data[f"{field.name}_text"] = text
            else:
                text = _words(value)
        if text and field.name != "key":
            lines.append((str(field.verbose_name), text))
    return Row(data["id"], data, lines)


def _json(value: Any) -> Any:
    """A value as JSON has it: days and times as ISO texts (Danish time), periods half-open, amounts as texts."""
    if isinstance(value, Range):
        return {"from": _json(value.lower), "to": _json(value.upper)}
    if isinstance(value, dt.datetime):
        return value.astimezone(COPENHAGEN).isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return None
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    return value


def _words(value: Any) -> str:
    """A value as a reader writes it; empty for nothing."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, Range):
        last = value.upper
        if isinstance(last, dt.date) and not isinstance(last, dt.datetime):
            last -= dt.timedelta(days=1)
        return f"{_words(value.lower)} – {_words(last)}".strip()
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(COPENHAGEN):%d.%m.%Y kl. %H.%M}"
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_words, value)))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_words(one)}" for name, one in value.items())
    if isinstance(value, bytes | memoryview):
        return ""
    return str(value)
