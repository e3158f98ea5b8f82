"""Citizens with their municipalities: one row, one citizen and at most one period of each municipal role.

A citizen is known by key, else by the number in the system they come from, else by CPR number; a citizen may stand on
several rows. A period of a municipality is known by citizen, role and first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from roedtraad.citizens.services import name_sort_key
from roedtraad.core import ids
from roedtraad.core.cpr import Cpr
from roedtraad.core.encrypted import blind_index, decrypt, encrypt
from roedtraad.core.period import Period
from roedtraad.exchange import formats
from roedtraad.exchange.kinds import foreign, words
from roedtraad.exchange.kinds.base import Check, Cursor, Entity, Field, Kind, Values, overlap
from roedtraad.exchange.rules import ROLES
from roedtraad.journeys.queries.sql import compose

_CPR_CONTEXT = "citizens_citizen.cpr"
_ADDRESS_CONTEXT = "citizens_citizen.address"

CITIZEN = Entity(
    table="citizens_citizen",
    fields=(
        Field("first_name", "i.first_name", "first_name", "fornavn"),
        Field("last_name", "i.last_name", "last_name", "efternavn"),
        Field("sort_key", "i.sort_key", "last_name", "efternavn"),
        # The same text is encrypted differently each time: only another number or address is another value.
        Field(
            "cpr",
            "CASE WHEN i.cpr_index IS DISTINCT FROM e.cpr_index THEN coalesce(i.cpr, e.cpr) ELSE e.cpr END",
            "cpr",
            "cpr",
        ),
        Field("cpr_index", "coalesce(i.cpr_index, e.cpr_index)", "cpr", "cpr"),
        Field("birth_date", "coalesce(i.birth_date, e.birth_date)", "first_name", "fødselsdato"),
        Field(
            "address",
            "CASE WHEN i.address_mark = w.mark OR (i.no_address AND e.address_protected) THEN e.address ELSE i.address END",
            "address",
            "adresse",
            "i.address",
        ),
        Field("address_protected", "i.address_protected", "address_protected", "adressebeskyttelse", "false"),
    ),
    source="""
        FROM incoming i LEFT JOIN citizens_citizen e ON e.id = i.citizen_id
        LEFT JOIN written w ON w.citizen_id = i.citizen_id
    """,
    extra="""
        i.citizen_id, i.citizen_key, i.cpr_index AS given_index, i.system, i.fingerprint,
        CASE WHEN i.no_address AND e.address_protected THEN w.mark ELSE i.address_mark END AS address_mark
    """,
)

RELATION = Entity(
    table="citizens_municipalityrelation",
    fields=(
        Field("citizen_id", "i.citizen_id", "first_name", ""),
        Field("kind", "i.kind", "first_name", ""),
        Field("municipality_id", "i.municipality", "first_name", ""),
        Field("valid", "i.valid", "first_name", ""),
    ),
    source="""
        FROM said i LEFT JOIN citizens_municipalityrelation e
          ON e.citizen_id = i.citizen_id AND e.kind = i.kind AND lower(e.valid) = lower(i.valid)
    """,
)

_NEW = "first_name, last_name, sort_key, cpr, cpr_index, birth_date, address, address_protected"


def _stage(row: Values) -> tuple[Any, ...]:
    number: Cpr | None = row.get("cpr")
    address = row.get("address") or ""
    return (
        row.get("key"),
        row["first_name"],
        row["last_name"],
        name_sort_key(row["first_name"], row["last_name"]),
        encrypt(number.number, _CPR_CONTEXT) if number else None,
        blind_index(number.number, "cpr") if number else None,
        row.get("birth_date") or (number.birth_date if number else None),
        encrypt(address, _ADDRESS_CONTEXT),
        _mark(address),
        not address,
        bool(row.get("address_protected")),
        ids.new_id(),
        *(cell for role in ROLES for cell in _relation(row, role)),
        None,
        row.get("system") or "",
        foreign.fingerprint("borgere", row["system"], row["source_id"]) if row.get("source_id") else None,
    )


def _mark(address: str) -> bytes:
    """What an address is known by while a file is compared; it is kept nowhere."""
    return blind_index(address, "address")


def _relation(row: Values, role: str) -> tuple[Any, Any]:
    code = row.get(role)
    if not code:
        return None, None
    return code, Period.inclusive(row[f"{role}_from"], row.get(f"{role}_last")).to_range()


def _prepare(cursor: Cursor, present: frozenset[str]) -> None:
    # New citizens first, from the first row they stand on; those without a date of birth are told of later.
    for known_by, column, key in (
        ("citizen_key IS NOT NULL", "citizen_key", "citizen_key"),
        ("citizen_key IS NULL AND cpr_index IS NOT NULL", "cpr_index", "new_key"),
        ("citizen_key IS NULL AND cpr_index IS NULL", "fingerprint", "new_key"),
    ):
        cursor.execute(
            compose(
                """
            WITH made AS (
                INSERT INTO citizens_citizen (key, {new})
                SELECT DISTINCT ON ({column}) {key}, first_name, last_name, sort_key, cpr, cpr_index, birth_date,
                       address, address_protected
                FROM incoming i
                WHERE {known_by} AND birth_date IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM citizens_citizen c WHERE c.key = i.citizen_key OR c.cpr_index = i.cpr_index)
                  AND (citizen_key IS NOT NULL OR NOT EXISTS (
                    SELECT 1 FROM exchange_foreignrecord k
                    WHERE k.kind = 'borgere' AND k.fingerprint = i.fingerprint))
                ORDER BY {column}, line
                ON CONFLICT DO NOTHING RETURNING id
            )
            INSERT INTO fresh SELECT id FROM made
            """,
                new=_NEW,
                column=column,
                key=key,
                known_by=known_by,
            )
        )
    # By CPR number too: a key that is new stands beside a number somebody has, which is a fault.
    cursor.execute(
        """
        UPDATE incoming i SET citizen_id = c.id, made = c.id IN (SELECT id FROM fresh)
        FROM citizens_citizen c WHERE c.key = i.citizen_key
        """
    )
    cursor.execute(
        """
        UPDATE incoming i SET citizen_id = k.citizen_id FROM exchange_foreignrecord k
        WHERE i.citizen_key IS NULL AND k.kind = 'borgere' AND k.fingerprint = i.fingerprint
        """
    )
    cursor.execute(
        """
        UPDATE incoming i SET citizen_id = c.id, made = c.id IN (SELECT id FROM fresh)
        FROM citizens_citizen c
        WHERE i.citizen_key IS NULL AND i.citizen_id IS NULL AND c.cpr_index = i.cpr_index
        """
    )
    # Those that are new and have no number but the one of their old system.
    cursor.execute(
        """
        UPDATE incoming i SET citizen_id = c.id, made = true
        FROM incoming first JOIN citizens_citizen c ON c.key = first.new_key
        WHERE i.citizen_key IS NULL AND i.citizen_id IS NULL AND i.cpr_index IS NULL
          AND first.fingerprint = i.fingerprint
        """
    )
    cursor.execute("ANALYZE incoming")
    _read_addresses(cursor)
    CITIZEN.stage(cursor, present)
    rows = " UNION ALL ".join(
        compose(
            "SELECT line, false AS made, citizen_id, '{role}' AS kind, {role} AS municipality, {role}_valid AS valid"
            " FROM incoming WHERE citizen_id IS NOT NULL AND {role} IS NOT NULL",
            role=role,
        )
        for role in ROLES
    )
    cursor.execute(f"CREATE TEMPORARY TABLE said ON COMMIT DROP AS {rows}")
    cursor.execute("ANALYZE said")
    RELATION.stage(cursor, present, "relations")


def _read_addresses(cursor: Cursor) -> None:
    """Into `written`: what the addresses are known by that stand at the file's citizens now."""
    cursor.execute(
        "SELECT id, address FROM citizens_citizen WHERE id IN (SELECT citizen_id FROM incoming) ORDER BY id"
    )
    marks = [
        (number, _mark(decrypt(bytes(stored), _ADDRESS_CONTEXT))) for number, stored in cursor.fetchall()
    ]
    cursor.execute(
        "CREATE TEMPORARY TABLE written (citizen_id bigint PRIMARY KEY, mark bytea) ON COMMIT DROP"
    )
    with cursor.copy("COPY written (citizen_id, mark) FROM STDIN") as copy:
        for row in marks:
            copy.write_row(row)
    cursor.execute("ANALYZE written")


def _apply(cursor: Cursor) -> Iterator[int]:
    CITIZEN.change(cursor)
    RELATION.change(cursor, "relations")
    yield from RELATION.insert(cursor, "relations")
    cursor.execute(
        """
        INSERT INTO exchange_foreignrecord (kind, system, fingerprint, citizen_id, target, said, written_at)
        SELECT DISTINCT 'borgere', min(system) OVER (PARTITION BY fingerprint), fingerprint, citizen_id, citizen_id,
               ''::bytea, now()
        FROM staged WHERE fingerprint IS NOT NULL ON CONFLICT (kind, fingerprint) DO NOTHING
        """
    )


_CHECKS = (
    Check(
        """
        SELECT line FROM staged s WHERE given_index IS NOT NULL AND (citizen_id IS NULL OR EXISTS (
            SELECT 1 FROM citizens_citizen c WHERE c.cpr_index = s.given_index AND c.id <> s.citizen_id))
        """,
        lambda _args: (
            "CPR-nummeret hører til en borger med en anden nøgle. Ret nøglen, eller lad den stå tom."
        ),
    ),
    Check(
        "SELECT line FROM staged WHERE citizen_id IS NULL AND given_index IS NULL",
        lambda _args: "Borgeren er ny og har intet CPR-nummer. Udfyld »cpr« eller »fødselsdato«.",
    ),
    Check(
        """
        SELECT line FROM staged s WHERE fingerprint IS NOT NULL AND (
            EXISTS (SELECT 1 FROM exchange_foreignrecord k WHERE k.kind = 'borgere'
                    AND k.fingerprint = s.fingerprint AND k.citizen_id <> s.citizen_id)
            OR EXISTS (SELECT 1 FROM staged o WHERE o.fingerprint = s.fingerprint
                       AND o.citizen_id <> s.citizen_id AND o.line < s.line))
        """,
        lambda _args: "»kilde-id« hører til en anden borger. Ret nummeret, nøglen eller CPR-nummeret.",
    ),
    Check(
        """
        SELECT line, other FROM (
            SELECT line, first_value(line) OVER w AS other,
                   ROW(first_name, last_name, cpr_index, birth_date, address_mark, address_protected) AS said,
                   first_value(ROW(first_name, last_name, cpr_index, birth_date, address_mark, address_protected)) OVER w
                       AS said_first
            FROM staged WHERE citizen_id IS NOT NULL WINDOW w AS (PARTITION BY citizen_id ORDER BY line)
        ) d WHERE said IS DISTINCT FROM said_first
        """,
        lambda args: (
            f"Rækken siger noget andet om den samme borger end række {args['other']}."
            " Navn, fødselsdato, adresse og beskyttelse skal være ens på borgerens rækker."
        ),
    ),
    Check(
        overlap(
            "citizen_id::text || kind",
            "valid",
            """
            SELECT m.citizen_id::text || m.kind AS owner, m.valid AS period,
                   to_char(lower(m.valid), 'YYYY-MM-DD') AS called
            FROM citizens_municipalityrelation m
            WHERE m.citizen_id IN (SELECT citizen_id FROM relations WHERE state <> 'same')
              AND NOT EXISTS (SELECT 1 FROM relations r WHERE r.id = m.id)
            """,
            name="relations",
        ),
        lambda args: words.clash(
            "Borgeren har en kommune i samme rolle",
            args,
            "den periode, der er skrevet fra {called}; tag den med i filen med en slutdato",
        ),
    ),
)

CITIZENS = Kind(
    form=formats.CITIZENS,
    incoming={
        "citizen_key": "uuid",
        "first_name": "text",
        "last_name": "text",
        "sort_key": 'text COLLATE "C"',
        "cpr": "bytea",
        "cpr_index": "bytea",
        "birth_date": "date",
        "address": "bytea",
        "address_mark": "bytea",
        "no_address": "boolean",
        "address_protected": "boolean",
        "new_key": "uuid",
        "acting": "varchar",
        "acting_valid": "daterange",
        "paying": "varchar",
        "paying_valid": "daterange",
        "residence": "varchar",
        "residence_valid": "daterange",
        "citizen_id": "bigint",
        "system": "varchar",
        "fingerprint": "bytea",
    },
    stage=_stage,
    prepare=_prepare,
    checks=_CHECKS,
    apply=_apply,
    name_of="key",
    label="coalesce(s.citizen_key::text, '')",
    entity=CITIZEN,
    outcome="CASE WHEN state = 'same' AND line IN (SELECT line FROM relations WHERE state <> 'same')"
    " THEN 'changed' ELSE state END",
    citizens="SELECT DISTINCT citizen_id FROM staged WHERE citizen_id IS NOT NULL",
)
