"""Makes a table's rows be the ones a file asks for, touching only what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from psycopg.types.range import Range

from roedtraad.organisation.reading import LoadingError, Row

# Columns of ours that no file speaks about.
_NOT_IN_FILES = frozenset({"id", "owner_id", "withdrawn_at"})


@dataclass
class Counts:
    """What happened to the rows of one table."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0


@dataclass
class Loaded:
    """What loading did, by table."""

    tables: dict[str, Counts] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        """How many rows were made, changed or removed in all."""
        return sum(t.created + t.changed + t.removed for t in self.tables.values())


def sync(
    loaded: Loaded,
    name: str,
    model: type[models.Model],
    identity: Sequence[str],
    wanted: Sequence[tuple[Row | None, models.Model]],
    *,
    stale: models.QuerySet[Any] | None = None,
) -> None:
    """Make the table's rows be the wanted ones: create, change or (among `stale`) remove; touch no other.

    Rows are the same when they agree on `identity`; of a period its first day counts. A row whose period has
    changed is removed and made anew, so that no order of statements can make two periods overlap meanwhile.
    """
    counts = loaded.tables.setdefault(model._meta.db_table, Counts())
    manager = model._default_manager
    columns = [
        f.attname for f in model._meta.concrete_fields if f.attname not in _NOT_IN_FILES and not f.primary_key
    ]
    relations = [f.name for f in model._meta.concrete_fields if f.is_relation]
    here = {_same(row, identity): row for row in manager.all()}
    create: list[models.Model] = []
    change: list[models.Model] = []
    remove: list[models.Model] = []
    met = set()
    for row, item in wanted:
        key = _same(item, identity)
        if key in met and row is not None:
            raise row.wrong("står der to gange")
        met.add(key)
        if row is not None:
            _check(row, item, relations)
        old = here.get(key)
        if old is None:
            create.append(item)
        elif differing := [c for c in columns if getattr(old, c) != getattr(item, c)]:
            if "valid" in differing and stale is not None:
                remove.append(old)
                create.append(item)
            else:
                item.pk = old.pk
                change.append(item)
        else:
            counts.kept += 1
    if stale is not None:
        remove += [row for row in stale if _same(row, identity) not in met]
    try:
        with transaction.atomic():
            if remove:
                manager.filter(pk__in=[row.pk for row in remove]).delete()
            if change:
                manager.bulk_update(change, [c.removesuffix("_id") for c in columns])
            if create:
                manager.bulk_create(create)
    except IntegrityError as error:
        raise LoadingError(f"{name}.csv passer ikke sammen med det, der er i databasen: {error}") from error
    counts.created += len(create)
    counts.changed += len(change)
    counts.removed += len(remove)


def _check(row: Row, item: models.Model, relations: Sequence[str]) -> None:
    try:
        item.clean_fields(exclude=[*relations, "id", "valid"])
    except ValidationError as error:
        column, sentences = next(iter(error.message_dict.items()))
        raise row.wrong(f"har en værdi i {column}, der ikke kan bruges: {sentences[0]}") from error


def _same(item: models.Model, identity: Sequence[str]) -> tuple[Any, ...]:
    return tuple(_first_day(getattr(item, name)) for name in identity)


def _first_day(value: Any) -> Any:
    return value.lower if isinstance(value, Range) else value
