"""Whether the configured keys fit what lies in the database: one sentence for each thing that does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg import sql

from roedtraad.core.encrypted import blind_index, decrypt, head
from roedtraad.core.fieldkeys import FieldKeyError, load_keys

from .columns import Column, encrypted_columns, values_by_key

#: How many values of each column and key are opened, from either end of the table.
SAMPLE = 3

_SAMPLES = sql.SQL(
    """
    (SELECT {column}, {index} FROM {table} WHERE substring({column} FROM 1 FOR %(length)s) = %(head)s
     ORDER BY {key} LIMIT %(many)s)
    UNION ALL
    (SELECT {column}, {index} FROM {table} WHERE substring({column} FROM 1 FOR %(length)s) = %(head)s
     ORDER BY {key} DESC LIMIT %(many)s)
    """
)


def key_faults(columns: Sequence[Column] | None = None, cursor: Any = None) -> list[str]:
    """What is wrong with the keys, in sentences without secrets; empty when every value can be read.

    Says so when the keys themselves cannot be read, when values lie under a key that is not configured, when
    a sample does not open, and when the stored blind indexes were made with another index key. Looks at all
    columns of the installed apps in Django's database, or at `columns` where `cursor` is.
    """
    cursor = cursor or connection.cursor()
    try:
        known = load_keys().ciphers
    except FieldKeyError as fault:
        return [str(fault)]
    faults = []
    for column in encrypted_columns() if columns is None else columns:
        for key_id, many in values_by_key(column, cursor).items():
            if not key_id:
                faults.append(f"{many} værdier i {column.name} er ikke krypteret, som de skal være.")
            elif key_id not in known:
                faults.append(
                    f"{many} værdier i {column.name} er krypteret med nøglen “{key_id}”, som ikke findes her. "
                    "Tilføj den sidst i ROEDTRAAD_FIELD_KEYS."
                )
            else:
                faults += _sample_faults(column, key_id, cursor)
    return faults


def _sample_faults(column: Column, key_id: str, cursor: Any) -> list[str]:
    begins = head(key_id)
    cursor.execute(_SAMPLES.format(**column.names()), {"head": begins, "length": len(begins), "many": SAMPLE})
    rows = cursor.fetchall()
    try:
        for stored, index in rows:
            text = decrypt(bytes(stored), column.context)
            if column.index and index is not None and blind_index(text, column.purpose) != bytes(index):
                return [
                    f"Opslagene i {column.table}.{column.index} er lavet med en anden nøgle end den, der står i "
                    "ROEDTRAAD_INDEX_KEY. Sæt den oprindelige ind igen; ellers kan ingen findes på nummer."
                ]
    except FieldKeyError as fault:
        return [str(fault)]
    return []
