"""The address lies encrypted, at the citizen and in the history, and nothing of the old text stays in the tables."""

from collections.abc import Callable
from typing import Any

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from roedtraad.core.encrypted import EncryptedTextField, decrypt, encrypt

CONTEXT = "citizens_citizen.address"
BATCH = 5_000
TABLES = (("citizens_citizen", "id"), ("citizens_citizenevent", "pgh_id"))
# History cannot be rewritten; but how a row is written down may change, once, here.
APPEND_ONLY = "{pgtrigger_append_only_9df6d}"


def lock_up(_apps: Any, schema_editor: Any) -> None:
    """Every address as encrypted bytes."""
    _exchange(schema_editor.connection, "bytea", lambda text: encrypt(text, CONTEXT))


def open_again(_apps: Any, schema_editor: Any) -> None:
    """Every address as text."""
    _exchange(schema_editor.connection, "varchar(200)", lambda stored: decrypt(bytes(stored), CONTEXT))


def _exchange(connection: Any, column_type: str, other_form: Callable[[Any], Any]) -> None:
    """Put the column's values in another form and type, by way of a column beside it."""
    with connection.cursor() as cursor:
        for table, key in TABLES:
            # The names are the two above.
            cursor.execute(f"ALTER TABLE {table} RENAME COLUMN address TO address_before")
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN address {column_type}")
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [APPEND_ONLY])
            after = 0
            while rows := _batch(cursor, table, key, after):
                cursor.execute(
                    f"UPDATE {table} t SET address = v.address"  # noqa: S608
                    f" FROM unnest(%s::bigint[], %s::{column_type}[]) AS v (key, address) WHERE t.{key} = v.key",
                    [[number for number, _value in rows], [other_form(value) for _number, value in rows]],
                )
                after = rows[-1][0]
            cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN address SET NOT NULL")
            cursor.execute(f"ALTER TABLE {table} DROP COLUMN address_before")
            # A dropped column's values stay in the table's file until the rows are written anew.
            cursor.execute(f"CLUSTER {table} USING {table}_pkey")
            cursor.execute(f"ALTER TABLE {table} SET WITHOUT CLUSTER")


def _batch(cursor: Any, table: str, key: str, after: int) -> list[tuple[int, Any]]:
    cursor.execute(
        f"SELECT {key}, address_before FROM {table} WHERE {key} > %s ORDER BY {key} LIMIT %s",  # noqa: S608
        [after, BATCH],
    )
    return list(cursor.fetchall())


def _field() -> EncryptedTextField:
    return EncryptedTextField(blank=True, context=CONTEXT, verbose_name="adresse")


UPDATE_TRIGGER = pgtrigger.compiler.Trigger(
    name="update_update",
    sql=pgtrigger.compiler.UpsertTriggerSql(
        condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."address_protected" IS DISTINCT FROM (NEW."address_protected") OR OLD."birth_date" IS DISTINCT FROM (NEW."birth_date") OR OLD."cpr_index" IS DISTINCT FROM (NEW."cpr_index") OR OLD."first_name" IS DISTINCT FROM (NEW."first_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."last_name" IS DISTINCT FROM (NEW."last_name") OR OLD."sort_key" IS DISTINCT FROM (NEW."sort_key"))',
        func='INSERT INTO "citizens_citizenevent" ("address", "address_protected", "birth_date", "cpr_index", "first_name", "id", "key", "last_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sort_key") VALUES (NEW."address", NEW."address_protected", NEW."birth_date", NEW."cpr_index", NEW."first_name", NEW."id", NEW."key", NEW."last_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sort_key"); RETURN NULL;',
        hash="36c76b26b97dbe460772d81d2ee3f481a742739e",
        operation="UPDATE",
        pgid="pgtrigger_update_update_7544f",
        table="citizens_citizen",
        when="AFTER",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("citizens", "0004_sensitive_fact"),
    ]

    operations = [
        # It asks whether the column has changed, and so holds on to it.
        pgtrigger.migrations.RemoveTrigger(model_name="citizen", name="update_update"),
        migrations.RunPython(lock_up, open_again),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(model_name="citizen", name="address", field=_field()),
                migrations.AlterField(model_name="citizenevent", name="address", field=_field()),
            ]
        ),
        pgtrigger.migrations.AddTrigger(model_name="citizen", trigger=UPDATE_TRIGGER),
    ]
