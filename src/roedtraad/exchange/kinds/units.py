"""Units: one row, one period of a unit, known again by key and first day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from roedtraad.core import danish
from roedtraad.core.period import Period
from roedtraad.exchange import formats
from roedtraad.exchange.kinds import words
from roedtraad.exchange.kinds.base import Check, Cursor, Field, Kind, SourcedEntity, Values, overlap
from roedtraad.journeys.queries.sql import compose


def _text(column: str, heading: str) -> Field:
    return Field(column, f"coalesce(i.{column}, '')", column, heading, "''")


VERSION = SourcedEntity(
    table="organisation_unitversion",
    fields=(
        Field("unit_id", "u.id", "key", "nøgle"),
        Field("valid", "i.valid", "valid_last", "gælder til og med", "i.valid"),
        Field("kind", "i.kind", "kind", "art"),
        Field("name", "i.name", "name", "navn"),
        Field("sort_key", "i.sort_key", "name", "navn"),
        _text("short_name", "kort navn"),
        Field("parent_id", "pu.id", "parent", "hører under", "NULL::bigint"),
        _text("manager_title", "lederens titel"),
        Field("municipality_id", "i.municipality", "municipality", "kommune", "NULL::varchar"),
        _text("sites", "placering"),
        _text("address", "adresse"),
        _text("tasks", "opgaver"),
    ),
    source="""
        FROM incoming i
        LEFT JOIN organisation_unit u ON u.key = i.key
        LEFT JOIN organisation_unitversion e ON e.unit_id = u.id AND lower(e.valid) = lower(i.valid)
        LEFT JOIN organisation_unit pu ON pu.key = i.parent
    """,
    extra="i.key, i.parent AS parent_key",
    constant={
        "basis": "'registered'",
        "source_document": "''",
        "source_section": "''",
        "note": "''",
        "municipality_basis": "''",
    },
)

# Every unit's periods as they will be; `line` where they come from the file.
_AFTER = """
    SELECT line, unit_id, parent_id, valid FROM staged
    UNION ALL
    SELECT NULL, v.unit_id, v.parent_id, v.valid FROM organisation_unitversion v
    WHERE NOT EXISTS (SELECT 1 FROM staged s WHERE s.id = v.id)
"""


def _stage(row: Values) -> tuple[Any, ...]:
    return (
        row["key"],
        row["kind"],
        row["name"],
        danish.sort_key(row["name"]),
        row.get("short_name"),
        row.get("parent") or None,
        row.get("manager_title"),
        row.get("municipality") or None,
        row.get("sites"),
        row.get("address"),
        row.get("tasks"),
        Period.inclusive(row["valid_from"], row.get("valid_last")).to_range(),
    )


def _prepare(cursor: Cursor, present: frozenset[str]) -> None:
    cursor.execute(
        "INSERT INTO organisation_unit (key) SELECT DISTINCT key FROM incoming ON CONFLICT (key) DO NOTHING"
    )
    VERSION.stage(cursor, present)


def _apply(cursor: Cursor) -> Iterator[int]:
    VERSION.change(cursor)
    yield from VERSION.insert(cursor)


_CHECKS = (
    Check(
        "SELECT line, parent_key AS value FROM staged WHERE parent_key IS NOT NULL AND parent_id IS NULL"
        " AND parent_key NOT IN (SELECT name FROM faulty)",
        lambda args: words.unknown(
            "hører under", args["value"], "Tag enheden med i filen, eller ret nøglen."
        ),
    ),
    Check(
        overlap(
            "unit_id",
            "valid",
            """
            SELECT v.unit_id AS owner, v.valid AS period, to_char(lower(v.valid), 'YYYY-MM-DD') AS called
            FROM organisation_unitversion v
            WHERE v.unit_id IN (SELECT unit_id FROM staged WHERE state <> 'same')
              AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.id = v.id)
            """,
        ),
        lambda args: words.clash(
            "Enheden står",
            args,
            "den periode, der er skrevet fra {called}; tag den med i filen med en slutdato",
        ),
    ),
    Check(
        compose(
            """
        WITH after AS ({after}), lives AS (SELECT unit_id, range_agg(valid) AS life FROM after GROUP BY unit_id)
        SELECT s.line, s.parent_key AS key,
               lower((multirange(s.valid) - coalesce(l.life, datemultirange()))) AS first
        FROM staged s LEFT JOIN lives l ON l.unit_id = s.parent_id
        WHERE s.parent_id IS NOT NULL AND s.state <> 'same' AND NOT coalesce(l.life, datemultirange()) @> s.valid
          AND coalesce(s.parent_key, '') NOT IN (SELECT name FROM faulty)
        """,
            after=_AFTER,
        ),
        lambda args: (
            f"Enheden hører under »{args['key']}«, som ikke findes {words.span(args)}."
            " Ret datoerne, eller vælg en anden enhed."
        ),
    ),
    Check(
        compose(
            """
        WITH after AS ({after}), lives AS (SELECT unit_id, range_agg(valid) AS life FROM after GROUP BY unit_id)
        SELECT (SELECT min(s.line) FROM staged s WHERE s.unit_id = a.parent_id AND s.state <> 'same') AS line,
               min(u.key) AS key, min(lower(multirange(a.valid) - l.life)) AS first
        FROM after a JOIN lives l ON l.unit_id = a.parent_id JOIN organisation_unit u ON u.id = a.unit_id
        WHERE a.line IS NULL AND NOT l.life @> a.valid
          AND a.parent_id IN (SELECT unit_id FROM staged WHERE state = 'changed')
        GROUP BY a.parent_id
        """,
            after=_AFTER,
        ),
        lambda args: (
            f"Enheden »{args['key']}« hører under denne enhed {words.span(args)}, hvor den er væk."
            " Flyt eller luk den først."
        ),
    ),
    Check(
        compose(
            """
        WITH RECURSIVE after AS ({after}), up AS (
            SELECT unit_id AS start, lower(valid) AS day, parent_id, ARRAY[unit_id] AS path FROM after
            WHERE parent_id IS NOT NULL
            UNION ALL
            SELECT up.start, up.day, a.parent_id, up.path || a.unit_id
            FROM up JOIN after a ON a.unit_id = up.parent_id AND a.valid @> up.day
            WHERE NOT a.unit_id = ANY(up.path)
        )
        SELECT DISTINCT s.line, s.key, up.day AS first FROM up
        JOIN staged s ON s.unit_id = ANY(up.path) AND s.valid @> up.day AND s.state <> 'same'
        WHERE up.parent_id = up.start
        """,
            after=_AFTER,
        ),
        lambda args: (
            f"Enheden »{args['key']}« kommer til at høre under sig selv {words.span(args)}."
            " Ret »hører under«."
        ),
    ),
)

UNITS = Kind(
    form=formats.UNITS,
    incoming={
        "key": "text",
        "kind": "text",
        "name": "text",
        "sort_key": 'text COLLATE "C"',
        "short_name": "text",
        "parent": "text",
        "manager_title": "text",
        "municipality": "varchar",
        "sites": "text",
        "address": "text",
        "tasks": "text",
        "valid": "daterange",
    },
    stage=_stage,
    prepare=_prepare,
    checks=_CHECKS,
    apply=_apply,
    name_of="key",
    label="s.key",
    entity=VERSION,
)
