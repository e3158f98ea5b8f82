"""Making many tables in one step of a migration gives the same tables as making them one by one."""

from __future__ import annotations

import pytest
from django.db import connection, models
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.state import ProjectState

from roedtraad.core.migrating import Together

ID = ("id", models.BigAutoField(primary_key=True))


def operations() -> list[object]:
    return [
        CreateModel("Shelf", [ID, ("name", models.CharField(max_length=20))]),
        CreateModel("Book", [ID, ("title", models.CharField(max_length=20))]),
        AddField("Book", "shelf", models.ForeignKey("core_try.Shelf", models.PROTECT)),
        AddConstraint("Book", models.UniqueConstraint(fields=["shelf", "title"], name="once")),
        AddIndex("Shelf", models.Index(fields=["name"], name="by_name")),
    ]


def shape() -> list[tuple[str, ...]]:
    """Columns, constraints and indexes of the two tables, as the database tells them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
            "WHERE table_name LIKE 'core_try_%' UNION ALL "
            "SELECT tablename, indexdef, '', '' FROM pg_indexes WHERE tablename LIKE 'core_try_%' UNION ALL "
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid), '', '' FROM pg_constraint "
            "WHERE conrelid::regclass::text LIKE 'core_try_%'"
        )
        return sorted(tuple(row) for row in cursor.fetchall())


def carry_out(steps: list[object]) -> list[tuple[ProjectState, ProjectState, object]]:
    state, done = ProjectState(), []
    with connection.schema_editor() as editor:
        for step in steps:
            before = state.clone()
            step.state_forwards("core_try", state)  # type: ignore[attr-defined]  # an operation
            step.database_forwards("core_try", editor, before, state)  # type: ignore[attr-defined]  # an operation
            done.append((before, state.clone(), step))
    return done


def undo(done: list[tuple[ProjectState, ProjectState, object]]) -> None:
    with connection.schema_editor() as editor:
        for before, after, step in reversed(done):
            step.database_backwards("core_try", editor, after, before)  # type: ignore[attr-defined]  # an operation


@pytest.mark.django_db
def test_together_and_one_by_one_make_the_same_tables() -> None:
    one_by_one = carry_out(operations())
    wanted = shape()
    undo(one_by_one)
    assert shape() == []
    together = carry_out([Together(operations())])  # type: ignore[arg-type]  # operations
    assert shape() == wanted
    assert len(wanted) > 8
    undo(together)
    assert shape() == []


def test_what_belongs_to_an_older_table_is_refused() -> None:
    with pytest.raises(ValueError, match="out of Together"):
        Together([AddField("Old", "name", models.CharField(max_length=20))])
