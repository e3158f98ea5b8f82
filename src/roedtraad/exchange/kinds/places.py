"""Places: one row, one period of a place's life, known again by number and first day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from roedtraad.core.period import Period
from roedtraad.exchange import formats
from roedtraad.exchange.columns import words_of
from roedtraad.exchange.kinds import words
from roedtraad.exchange.kinds.base import Check, Cursor, Entity, Field, Kind, Values, overlap
from roedtraad.journeys.queries.sql import compose

TERM = Entity(
    table="organisation_placeterm",
    fields=(
        Field("place_id", "p.id", "code", "plads"),
        # The first day is what the row is known by; a file without last days leaves them as they are.
        Field("valid", "i.valid", "valid_last", "gælder til og med", "i.valid"),
        Field("unit_id", "u.id", "unit", "enhed"),
        Field("legal_basis_id", "coalesce(el.id, l.id)", "legal_basis", "lovgrundlag"),
        Field("target_group", "i.target_group", "target_group", "målgruppe"),
        Field("age_group", "i.age_group", "age_group", "aldersgruppe"),
    ),
    source="""
        FROM incoming i
        LEFT JOIN organisation_place p ON p.code = i.code
        LEFT JOIN organisation_placeterm e ON e.place_id = p.id AND lower(e.valid) = lower(i.valid)
        LEFT JOIN organisation_unit u ON u.key = i.unit
        LEFT JOIN organisation_legalbasis l ON upper(l.code) = upper(i.legal_basis) AND l.valid @> lower(i.valid)
        LEFT JOIN organisation_legalbasis el ON el.id = e.legal_basis_id AND upper(el.code) = upper(i.legal_basis)
    """,
    extra="""
        i.code, i.unit AS unit_key, i.legal_basis AS basis_code, i.category, p.category AS place_category,
        coalesce(el.category, l.category) AS basis_category
    """,
)

# The terms of the file's places as they will be.
_AFTER = """
    SELECT place_id, valid FROM staged
    UNION ALL
    SELECT t.place_id, t.valid FROM organisation_placeterm t
    WHERE t.place_id IN (SELECT place_id FROM staged) AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.id = t.id)
"""


def _stage(row: Values) -> tuple[Any, ...]:
    return (
        row["code"],
        row["category"],
        row["unit"],
        row["legal_basis"],
        row["target_group"],
        row["age_group"],
        Period.inclusive(row["valid_from"], row.get("valid_last")).to_range(),
    )


def _prepare(cursor: Cursor, present: frozenset[str]) -> None:
    cursor.execute(
        "INSERT INTO organisation_place (code, category)"
        " SELECT DISTINCT ON (code) code, category FROM incoming ORDER BY code, line ON CONFLICT (code) DO NOTHING"
    )
    TERM.stage(cursor, present)


def _apply(cursor: Cursor) -> Iterator[int]:
    TERM.change(cursor)
    yield from TERM.insert(cursor)


_CHECKS = (
    Check(
        "SELECT line, code, place_category AS category FROM staged WHERE category <> place_category",
        lambda args: (
            f"Plads {args['code']} er en anden slags ({words_of(formats.Category)[args['category']]}"
            " i »døgn eller dag«). En plads skifter ikke slags; giv den nye plads et andet nummer."
        ),
    ),
    Check(
        "SELECT line, unit_key AS value FROM staged WHERE unit_id IS NULL",
        lambda args: words.unknown("enhed", args["value"], "Indlæs enhederne først, eller ret nøglen."),
    ),
    Check(
        """
        SELECT line, unit_key AS key, lower(valid) AS first FROM staged s
        WHERE state <> 'same' AND unit_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM organisation_unitversion v WHERE v.unit_id = s.unit_id AND v.valid @> lower(s.valid))
        """,
        lambda args: (
            f"Enheden »{args['key']}« findes ikke {words.span(args)}. Ret »gælder fra«, eller vælg en anden enhed."
        ),
    ),
    Check(
        "SELECT line, basis_code AS value FROM staged WHERE legal_basis_id IS NULL",
        lambda args: words.unknown(
            "lovgrundlag", args["value"], "Koden skal være en, der gælder den første dag; se Kapacitet."
        ),
    ),
    Check(
        "SELECT line, basis_code AS code FROM staged WHERE state <> 'same' AND basis_category <> category",
        lambda args: (
            f"Lovgrundlaget »{args['code']}« gælder ikke for den slags plads. Ret »lovgrundlag« eller »døgn eller dag«."
        ),
    ),
    Check(
        overlap(
            "place_id",
            "valid",
            """
            SELECT t.place_id AS owner, t.valid AS period, to_char(lower(t.valid), 'YYYY-MM-DD') AS called
            FROM organisation_placeterm t
            WHERE t.place_id IN (SELECT place_id FROM staged WHERE state <> 'same')
              AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.id = t.id)
            """,
        ),
        lambda args: words.clash(
            "Pladsen står",
            args,
            "den periode, der er skrevet fra {called}; tag den med i filen med en slutdato",
        ),
    ),
    Check(
        compose(
            """
        SELECT DISTINCT ON (st.place_id) c.line, c.code, lower(st.planned) AS first, upper(st.planned) - 1 AS last
        FROM journeys_stay st
        JOIN staged c ON c.place_id = st.place_id AND c.state <> 'same'
        WHERE st.withdrawn_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM ({after}) a WHERE a.place_id = st.place_id HAVING range_agg(a.valid) @> st.planned)
        ORDER BY st.place_id, c.line
        """,
            after=_AFTER,
        ),
        lambda args: (
            f"Plads {args['code']} har et ophold {words.span(args)}, som kommer til at ligge uden for pladsens "
            "levetid. Ret »gælder til og med«, eller ret opholdet først."
        ),
    ),
)

PLACES = Kind(
    form=formats.PLACES,
    incoming={
        "code": "text",
        "category": "text",
        "unit": "text",
        "legal_basis": "text",
        "target_group": "text",
        "age_group": "text",
        "valid": "daterange",
    },
    stage=_stage,
    prepare=_prepare,
    checks=_CHECKS,
    apply=_apply,
    name_of="code",
    label="s.code",
    entity=TERM,
    units="""
        SELECT unit_id FROM staged WHERE state <> 'same' AND unit_id IS NOT NULL
        UNION SELECT e.unit_id FROM organisation_placeterm e JOIN staged s ON s.id = e.id AND s.state <> 'same'
    """,
)
