"""Rows of an old system: known again by the system and their number there, whatever has happened here since.

`exchange_foreignrecord` holds a fingerprint of what the file said about a row the last time. A file that says the same
again changes nothing. One that says something else changes the row, unless somebody has corrected or removed it here:
then it stays as it is, and the page says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from roedtraad.core import ids
from roedtraad.core.cpr import CprError, parse_cpr
from roedtraad.core.encrypted import blind_index
from roedtraad.exchange.kinds.base import Check, Cursor, Entity, Values
from roedtraad.journeys.queries.sql import compose

# Who imports, as the database reads it; `pipeline` says it.
WRITER = "current_setting('exchange.writer')::bigint"
# The first columns of `incoming`, in the order of `staged_origin`.
INCOMING = {
    "system": "varchar",
    "source_id": "text",
    "fingerprint": "bytea",
    "said": "bytea",
    "new_key": "uuid",
    "citizen_key": "uuid",
    "citizen_index": "bytea",
    "citizen_foreign": "bytea",
}
CITIZENS = "SELECT DISTINCT citizen_id FROM staged WHERE citizen_id IS NOT NULL"


def fingerprint(kind: str, system: str, source_id: str) -> bytes:
    """What a number in another system is known by here."""
    return blind_index(json.dumps([kind, system.casefold(), source_id]), "foreign record")


def said(row: Values) -> bytes:
    """A fingerprint of what a row says; an empty cell says as little as none."""
    told = {name: str(value) for name, value in row.items() if value not in (None, "", False, [])}
    return blind_index(json.dumps(told, sort_keys=True), "foreign row")


def staged_origin(kind: str, row: Values) -> tuple[Any, ...]:
    """The first cells of a row in `incoming`: where it comes from, and whom it is about."""
    who = row["citizen"]
    by_key = isinstance(who, UUID)
    return (
        row["system"],
        row["source_id"],
        fingerprint(kind, row["system"], row["source_id"]),
        said(row),
        ids.new_id(),
        who if by_key else None,
        None if by_key else _cpr_index(who),
        None if by_key else fingerprint("borgere", row["system"], who),
    )


def _cpr_index(text: str) -> bytes | None:
    """The index of a CPR number, also one whose first zero the spreadsheet has swallowed; None for another number."""
    try:
        return blind_index(parse_cpr(text.zfill(10) if text.isdecimal() else text).number, "cpr")
    except CprError:
        return None


def matched(kind: str, table: str) -> str:
    """SQL that joins `incoming` (i) to what it is known by (k), to the row it became (e), and to its citizen."""
    return f"""
        FROM incoming i
        LEFT JOIN exchange_foreignrecord k ON k.kind = '{kind}' AND k.fingerprint = i.fingerprint
        LEFT JOIN {table} e ON e.id = k.target
        LEFT JOIN citizens_citizen ck ON ck.key = i.citizen_key
        LEFT JOIN citizens_citizen ci ON ci.cpr_index = i.citizen_index
        LEFT JOIN exchange_foreignrecord kf ON kf.kind = 'borgere' AND kf.fingerprint = i.citizen_foreign
    """  # nosec B608  our own words


CITIZEN_ID = "coalesce(ck.id, ci.id, kf.citizen_id)"


@dataclass(frozen=True)
class ForeignEntity(Entity):
    """A row of the record that came from another system.

    `touched` is SQL for whether somebody here has changed it since (over k and e); `differs` for what else the file may
    say otherwise than the columns; `on_change` what a correction sets beside them.
    """

    kind: str = ""
    touched: str = "false"
    differs: str = "false"
    on_change: str = ""

    def columns(self) -> str:
        """The columns of `staged` that this reads, for `extra`."""
        return f"""
            i.system, i.source_id, i.fingerprint, i.said, i.new_key, k.id AS known, k.said AS was_said,
            k.citizen_id AS was_citizen, (k.id IS NOT NULL AND (e.id IS NULL OR ({self.touched}))) AS touched,
            ({self.differs}) AS otherwise
        """

    def stage(self, cursor: Cursor, present: frozenset[str], name: str = "staged") -> None:
        """As any entity, with the columns of where the rows come from."""
        whole = {**vars(self), "extra": f"{self.columns()} {',' if self.extra else ''} {self.extra}"}
        Entity.stage(type(self)(**whole), cursor, present, name)

    def _state(self, differs: str) -> str:
        return f"""
            CASE WHEN s.known IS NULL THEN 'new' WHEN s.said = s.was_said OR s.touched THEN 'same'
                 WHEN {differs} OR s.otherwise THEN 'changed' ELSE 'same' END
        """

    def _fresh(self) -> str:
        return "s.known IS NULL"

    def _on_change(self, pairs: str) -> str:
        return f"{pairs}, {self.on_change}" if self.on_change else pairs

    def write(self, cursor: Cursor) -> Iterator[int]:
        """Change and insert, and remember what each row became."""
        self.change(cursor)
        yield from self.insert(cursor)
        version = "t.version" if self.on_change else "NULL::integer"
        cursor.execute(
            compose(
                """
                INSERT INTO exchange_foreignrecord
                    (kind, system, fingerprint, citizen_id, target, said, version, written_at)
                SELECT '{kind}', s.system, s.fingerprint, t.citizen_id, t.id, s.said, {version}, now()
                FROM staged s JOIN {table} t ON t.key = s.new_key WHERE s.known IS NULL
                """,
                kind=self.kind,
                table=self.table,
                version=version,
            )
        )
        cursor.execute(
            compose(
                """
                UPDATE exchange_foreignrecord k SET said = s.said, version = {version}, written_at = now()
                FROM staged s JOIN {table} t ON t.id = s.id
                WHERE k.id = s.known AND s.said <> s.was_said AND NOT s.touched
                """,
                table=self.table,
                version=version,
            )
        )


def _unknown(_args: Any) -> str:
    # What is given may be a CPR number, so the sentence does not repeat it.
    return (
        "»borger« er hverken en nøgle, et CPR-nummer eller et nummer fra det gamle system, som findes her. "
        "Indlæs borgerne først, eller ret cellen."
    )


CHECKS = (
    Check(
        "SELECT * FROM (SELECT line, source_id AS key, lag(line) OVER (PARTITION BY fingerprint ORDER BY line) AS other"
        " FROM staged) d WHERE other IS NOT NULL",
        lambda args: (
            f"Kilde-id »{args['key']}« står også i række {args['other']}. Hvert nummer må kun stå én gang."
        ),
    ),
    Check("SELECT line FROM staged WHERE citizen_id IS NULL", _unknown),
    Check(
        "SELECT line, source_id AS key FROM staged WHERE citizen_id <> was_citizen",
        lambda args: (
            f"Kilde-id »{args['key']}« er før indlæst om en anden borger. Flyt det her i journalen, eller ret cellen."
        ),
    ),
)

KEPT = Check(
    "SELECT line, id IS NULL AS gone FROM staged WHERE touched AND said <> was_said",
    lambda args: (
        "Rækken er ændret i filen, men det, den blev til, er slettet her. Rækken springes over."
        if args["gone"]
        else "Rækken er ændret i filen, men der er også rettet her siden. Det, der står her, bliver stående."
    ),
)
