"""What a database holds, in numbers that can be compared: rows and a checksum for each table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import psycopg
from psycopg import sql

from roedtraad.config.keyring.columns import Column, values_by_key
from roedtraad.core.encrypted import blind_index

from .errors import BackupFailed

FORMAT = 1

# The text of a row depends on these; fixed, so that two servers write it alike.
_SAME_TEXT = """
    SET LOCAL "DateStyle" = 'ISO, YMD'; SET LOCAL "IntervalStyle" = 'iso_8601'; SET LOCAL "TimeZone" = 'UTC';
    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'
"""
_TABLES = """
    SELECT n.nspname, c.relname, row_security_active(c.oid), greatest(c.reltuples, 0)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ORDER BY 1, 2
"""
# Independent of the order of rows: the sum of a 64-bit hash of each. It finds faults, not forgeries.
_MEASURE = sql.SQL(
    """SELECT count(*), coalesce(sum(hashtextextended("the row"::text, 0)), 0)::text FROM {} AS "the row" """
)
_ROLES = """
    SELECT DISTINCT rolname FROM pg_roles WHERE oid IN (
        SELECT refobjid FROM pg_shdepend
        WHERE refclassid = 'pg_authid'::regclass AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    ) AND rolname NOT LIKE 'pg\\_%' ORDER BY 1
"""


def tables(connection: psycopg.Connection[Any]) -> dict[str, dict[str, Any]]:
    """Rows and checksum of every table, read in the connection's transaction. Reads everything once.

    BackupFailed when row-level security hides what lies in a table.
    """
    found: dict[str, dict[str, Any]] = {}
    connection.execute(_SAME_TEXT)
    for schema, name, hidden, estimate in connection.execute(_TABLES).fetchall():
        row = connection.execute(_MEASURE.format(sql.Identifier(schema, name))).fetchone()
        assert row is not None  # noqa: S101  count(*) always answers
        if hidden and row[0] == 0 and estimate > 0:
            raise BackupFailed(
                f"Databasen viser ingen rækker i {schema}.{name}, men der er nogen. Kør som en rolle, der må se "
                "alle rækker (DATABASE_OWNER_URL)."
            )
        found[f"{schema}.{name}"] = {"rows": row[0], "sum": row[1]}
    return found


def describe(connection: psycopg.Connection[Any], columns: Sequence[Column]) -> dict[str, Any]:
    """The manifest of a backup of what this connection sees. Names no person and holds no key."""
    cursor = connection.cursor()
    keys: set[str] = set()
    for column in columns:
        keys |= set(values_by_key(column, cursor))
    return {
        "format": FORMAT,
        "version": version("roedtraad"),
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "postgres": connection.info.server_version // 10_000,
        "migrations": sorted(cursor.execute("SELECT app, name FROM django_migrations").fetchall()),
        "roles": [name for (name,) in cursor.execute(_ROLES)],
        "keys": sorted(keys),
        "index": index_mark(),
        "encrypted": [asdict(column) for column in columns],
        "tables": tables(connection),
    }


def index_mark() -> str:
    """Which index key is in use, told by something that does not give it away."""
    return blind_index("index key", "backup manifest").hex()[:16]


def differences(connection: psycopg.Connection[Any], manifest: dict[str, Any]) -> list[str]:
    """What a restored database lacks or has too much of, by the manifest; empty when they agree."""
    here, there = tables(connection), manifest["tables"]
    return [
        f"{name}: {_told(there.get(name))} i kopien, {_told(here.get(name))} efter genskabelsen"
        for name in sorted(here.keys() | there.keys())
        if here.get(name) != there.get(name)
    ]


def _told(table: dict[str, Any] | None) -> str:
    return "ingen tabel" if table is None else f"{table['rows']} rækker (sum {table['sum']})"
