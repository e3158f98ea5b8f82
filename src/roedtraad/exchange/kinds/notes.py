"""Notes: one row, one note. A note that is changed in the old system is corrected here, as a person would correct it:
the old text stays in the history. One that somebody has corrected or withdrawn here is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from roedtraad.exchange import formats
from roedtraad.exchange.kinds import foreign
from roedtraad.exchange.kinds.base import Check, Cursor, Field, Kind, Values
from roedtraad.exchange.record_rules import with_origin
from roedtraad.practice.models import Note
from roedtraad.practice.rules.words import tags

# Where the citizen lived that day; round the clock goes before by day.
_HOME = """
    LEFT JOIN LATERAL (
        SELECT t.unit_id FROM journeys_stay s
        JOIN organisation_place p ON p.id = s.place_id
        JOIN organisation_placeterm t ON t.place_id = s.place_id AND t.valid @> i.day
        WHERE s.citizen_id = coalesce(ck.id, ci.id, kf.citizen_id) AND s.withdrawn_at IS NULL AND s.actual @> i.day
        ORDER BY p.category DESC, s.ordered_start, s.id LIMIT 1
    ) home ON k.id IS NULL
"""

NOTE = foreign.ForeignEntity(
    table="practice_note",
    kind="notater",
    fields=(
        Field("citizen_id", foreign.CITIZEN_ID, "citizen", "borger"),
        Field("kind", "i.kind", "kind", "art", "i.kind"),
        Field("occurred_at", "i.occurred_at", "occurred_at", "skete"),
        Field("text", "i.text", "text", "notat"),
        Field("tags", "i.tags", "tags", "mærker", "'{}'"),
    ),
    source=foreign.matched("notater", "practice_note") + _HOME,
    extra="home.unit_id, i.goals",
    touched="e.version <> k.version OR e.withdrawn_at IS NOT NULL",
    differs="""
        EXISTS (SELECT 1 FROM unnest(i.goals) g WHERE NOT EXISTS (
            SELECT 1 FROM exchange_foreignrecord f JOIN practice_notegoal n ON n.goal_id = f.target AND n.note_id = e.id
            WHERE f.kind = 'maal' AND f.fingerprint = g))
    """,
    on_change=f"version = t.version + 1, corrected_at = now(), corrected_by_id = {foreign.WRITER}",
    constant={
        "key": "s.new_key",
        "unit_id": "s.unit_id",
        "important": "false",
        "shared_with_citizen": "false",
        "shared_with_relatives": "false",
        "version": "1",
        "withdrawn_reason": "''",
        "written_by_id": foreign.WRITER,
        "written_at": "now()",
    },
)


def _stage(row: Values) -> tuple[Any, ...]:
    return (
        *foreign.staged_origin("notater", row),
        row.get("kind") or Note.Kind.DAILY.value,
        row["occurred_at"],
        row["occurred_at"].date(),
        with_origin(row["text"], row),
        tags(row.get("tags") or ()),
        [foreign.fingerprint("maal", row["system"], goal) for goal in row.get("goals") or ()],
    )


def _apply(cursor: Cursor) -> Iterator[int]:
    yield from NOTE.write(cursor)
    cursor.execute(
        """
        INSERT INTO practice_notegoal (note_id, goal_id)
        SELECT DISTINCT coalesce(s.id, t.id), f.target
        FROM staged s LEFT JOIN practice_note t ON t.key = s.new_key
        CROSS JOIN LATERAL unnest(s.goals) g
        JOIN exchange_foreignrecord f ON f.kind = 'maal' AND f.fingerprint = g
        WHERE s.state <> 'same'
        ON CONFLICT DO NOTHING
        """
    )


_GOALS = """
    SELECT s.line, g.place FROM staged s CROSS JOIN LATERAL unnest(s.goals) WITH ORDINALITY g (fingerprint, place)
    LEFT JOIN exchange_foreignrecord f ON f.kind = 'maal' AND f.fingerprint = g.fingerprint
    LEFT JOIN practice_goal p ON p.id = f.target
    WHERE {fault}
"""

NOTES = Kind(
    form=formats.NOTES,
    incoming={
        **foreign.INCOMING,
        "kind": "varchar",
        "occurred_at": "timestamptz",
        "day": "date",
        "text": "text",
        "tags": "varchar[]",
        "goals": "bytea[]",
    },
    stage=_stage,
    prepare=NOTE.stage,
    checks=(
        *foreign.CHECKS,
        Check(
            _GOALS.format(fault="p.id IS NULL"),
            lambda args: (
                f"Nummer {args['place']} under »mål« er ikke indlæst fra det system. Indlæs målene først, eller tag det ud."
            ),
        ),
        Check(
            _GOALS.format(fault="p.citizen_id <> s.citizen_id"),
            lambda args: f"Nummer {args['place']} under »mål« er en anden borgers mål. Tag det ud.",
        ),
    ),
    apply=_apply,
    name_of="source_id",
    label="s.source_id",
    entity=NOTE,
    citizens=foreign.CITIZENS,
    remarks=(foreign.KEPT,),
    signed=True,
)
