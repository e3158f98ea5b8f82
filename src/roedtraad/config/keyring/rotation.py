"""Bringing every encrypted value under the current key while the system is up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from roedtraad.core.encrypted import decrypt, encrypt, head
from roedtraad.core.fieldkeys import load_keys

from .columns import Column

BATCH = 500
#: How long rows that others hold are waited for, in seconds, before they are left for the next run.
PATIENCE = 30.0
_PAUSE = 0.2

_TAKE_FIRST = sql.SQL(
    """
    SELECT {key}, {column} FROM {table}
    WHERE {column} IS NOT NULL AND substring({column} FROM 1 FOR %(length)s) <> %(head)s
    ORDER BY {key} LIMIT %(many)s FOR UPDATE SKIP LOCKED
    """
)
_TAKE_NEXT = sql.SQL(
    """
    SELECT {key}, {column} FROM {table}
    WHERE {column} IS NOT NULL AND substring({column} FROM 1 FOR %(length)s) <> %(head)s AND {key} > %(after)s
    ORDER BY {key} LIMIT %(many)s FOR UPDATE SKIP LOCKED
    """
)
_LEFT = sql.SQL(
    """
    SELECT count(*) FROM {table}
    WHERE {column} IS NOT NULL AND substring({column} FROM 1 FOR %(length)s) <> %(head)s
    """
)
_PUT = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s")
# The table's own triggers: history keepers and the one that keeps a history table from being rewritten.
_HUSH = """
    SELECT set_config('pgtrigger.ignore', coalesce(array_agg(tgname::text), '{}')::text, true)
    FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgname LIKE 'pgtrigger\\_%%'
"""


class RotationRefused(Exception):
    """The database did not let the values be changed; the message is a Danish sentence."""


@dataclass(frozen=True)
class Rotated:
    """What a run did to one column: values brought under the current key, and values others held on to."""

    column: Column
    moved: int
    left: int


def rotate(
    column: Column,
    *,
    batch: int = BATCH,
    patience: float = PATIENCE,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Rotated:
    """Encrypt anew every value of a column that is not under the current key.

    Each batch is one transaction that locks its rows, so readers are not held up and a writer waits for one
    batch at most; rows that somebody else has locked are passed over and taken up again. Nothing but the
    value is touched: no history row is written, also not for values in history tables. It may be stopped at
    any moment and started again, and a second run does nothing. `progress` is told how many of how many.

    Raises FieldKeyError for a value that does not open, and RotationRefused when rows cannot be written;
    batches that were finished stay so.
    """
    moved = 0
    total = left = _count(column)
    deadline = time.monotonic() + patience
    while left:
        for many in iter(_Pass(column, batch).next, 0):
            moved += many
            progress(moved, total)
            deadline = time.monotonic() + patience
        left = _count(column)
        if left and time.monotonic() > deadline:
            break
        if left:
            time.sleep(_PAUSE)
    return Rotated(column, moved, left)


class _Pass:
    """One walk through a column in the order of its keys, a batch at a time."""

    def __init__(self, column: Column, batch: int) -> None:
        self.column = column
        self.batch = batch
        self.after: Any = None

    def next(self) -> int:
        """Move a batch; returns how many values, 0 at the end of the column."""
        names = self.column.names()
        take = (_TAKE_FIRST if self.after is None else _TAKE_NEXT).format(**names)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(take, {**_current(), "after": self.after, "many": self.batch})
            rows = cursor.fetchall()
            if not rows:
                return 0
            context = self.column.context
            fresh = [(encrypt(decrypt(bytes(stored), context), context), key) for key, stored in rows]
            before = _hush(cursor, self.column.table)
            cursor.executemany(_PUT.format(**names), fresh)
            if cursor.rowcount != len(rows):
                raise RotationRefused(
                    f"Databasen lod ikke {self.column.name} blive skrevet. Kør kommandoen som tabellernes ejer "
                    "(DATABASE_OWNER_URL)."
                )
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [before])
        self.after = rows[-1][0]
        return len(rows)


def _hush(cursor: Any, table: str) -> str:
    """Let the table's triggers rest for this transaction; returns the setting as it was."""
    cursor.execute("SELECT coalesce(nullif(current_setting('pgtrigger.ignore', true), ''), '{}')")
    before = str(cursor.fetchone()[0])
    cursor.execute(_HUSH, [connection.ops.quote_name(table)])
    return before


def _count(column: Column) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LEFT.format(**column.names()), _current())
        return int(cursor.fetchone()[0])


def _current() -> dict[str, Any]:
    begins = head(load_keys().current)
    return {"head": begins, "length": len(begins)}
