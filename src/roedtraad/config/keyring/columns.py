"""The encrypted columns of the whole house, history tables included, and the keys their values lie under."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from roedtraad.core.encrypted import EncryptedTextField


@dataclass(frozen=True)
class Column:
    """One encrypted column; `index` is its blind index and `purpose` what that is derived for."""

    table: str
    column: str
    key: str
    context: str
    index: str | None = None
    purpose: str = ""

    @property
    def name(self) -> str:
        """ "table.column"."""
        return f"{self.table}.{self.column}"

    def names(self) -> dict[str, sql.Identifier]:
        """Its parts, quoted for SQL."""
        return {
            "table": sql.Identifier(self.table),
            "column": sql.Identifier(self.column),
            "key": sql.Identifier(self.key),
            "index": sql.Identifier(self.index or self.column),
        }


def encrypted_columns() -> list[Column]:
    """Every EncryptedTextField of every installed app, by table and column. Asks the models, not the database."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        columns = {field.name: field for field in model._meta.local_fields}
        for field in model._meta.local_fields:
            if not isinstance(field, EncryptedTextField):
                continue
            index = columns.get(f"{field.name}_index")
            found.append(
                Column(
                    table=model._meta.db_table,
                    column=str(field.column),
                    key=str(model._meta.pk.column),
                    context=field.context,
                    index=str(index.column) if isinstance(index, models.BinaryField) else None,
                    purpose=field.name,
                )
            )
    return sorted(found, key=lambda column: column.name)


_BY_KEY = sql.SQL(
    """
    SELECT CASE WHEN length({column}) > 2 AND get_byte({column}, 0) = 1
                THEN encode(substring({column} FROM 3 FOR get_byte({column}, 1)), 'escape') ELSE '' END,
           count(*)
    FROM {table} WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1
    """
)


def values_by_key(column: Column, cursor: Any = None) -> Counter[str]:
    """How many values of a column lie under each key id; "" counts those that have no form of ours.

    One SQL, which reads the whole column; in Django's database, or where `cursor` is.
    """
    cursor = cursor or connection.cursor()
    cursor.execute(_BY_KEY.format(**column.names()))
    return Counter(dict(cursor.fetchall()))
