"""Goals: one row, one goal. KL's rules for reporting are remarks here: a goal from an old system may break them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from roedtraad.exchange import formats
from roedtraad.exchange.kinds import foreign
from roedtraad.exchange.kinds.base import Args, Check, Cursor, Field, Kind, Values
from roedtraad.exchange.record_rules import goal_remarks, with_origin

# The theme the goal is about now, and the one the file names: by its code, or else by its name.
_THEME = """
    LEFT JOIN practice_goaltheme first ON first.goal_id = e.id AND first.rank = 1
    LEFT JOIN LATERAL (
        SELECT t.id, t.list, t.is_activity, t.parent_id, t.code FROM practice_theme t
        WHERE t.retired_on IS NULL AND (t.code = i.theme OR lower(t.name) = lower(i.theme))
        ORDER BY t.code = i.theme DESC, t.list = 'ffb' DESC, t.parent_id IS NOT NULL DESC, t.id LIMIT 1
    ) theme ON i.theme <> ''
    """

GOAL = foreign.ForeignEntity(
    table="practice_goal",
    kind="maal",
    fields=(
        Field("citizen_id", foreign.CITIZEN_ID, "citizen", "borger"),
        Field("title", "i.title", "title", "mål"),
        Field("kind", "i.kind", "kind", "type"),
        Field("description", "i.description", "description", "beskrivelse", "i.description"),
        Field("municipal_goal", "i.municipal_goal", "municipal_goal", "mål i kommunens handleplan", "''"),
        Field("starts_on", "i.starts_on", "starts_on", "begynder"),
        Field("follow_up_on", "i.follow_up_on", "follow_up_on", "følges op", "NULL::date"),
        Field("closed_on", "i.closed_on", "closed_on", "afsluttet den", "NULL::date"),
        Field("closed_note", "i.closed_note", "closed_note", "hvorfor afsluttet", "''"),
    ),
    source=foreign.matched("maal", "practice_goal") + _THEME,
    extra="""
        i.theme AS theme_given, theme.id AS theme_id, theme.is_activity, theme.code AS theme_code,
        (theme.list = 'ffb' AND theme.parent_id IS NOT NULL) AS is_condition
    """,
    touched="e.version <> k.version",
    differs="i.theme <> '' AND theme.id IS DISTINCT FROM first.theme_id",
    on_change="version = t.version + 1",
    constant={
        "key": "s.new_key",
        "levels": "'{}'",
        "agreed_with": "'{}'",
        "agreed_note": "''",
        "pejlemaerke": "''",
        "un_target": "''",
        "version": "1",
        "written_by_id": foreign.WRITER,
        "written_at": "now()",
    },
)


def _stage(row: Values) -> tuple[Any, ...]:
    return (
        *foreign.staged_origin("maal", row),
        row["title"],
        row["kind"],
        with_origin(row.get("description") or "", row),
        row.get("municipal_goal") or "",
        row["starts_on"],
        row.get("follow_up_on"),
        row.get("closed_on"),
        row.get("closed_note") or "",
        row.get("theme") or "",
    )


def _apply(cursor: Cursor) -> Iterator[int]:
    yield from GOAL.write(cursor)
    # A goal is about one theme: the one the file names takes the place of the former.
    cursor.execute(
        """
        DELETE FROM practice_goaltheme g USING staged s
        WHERE g.goal_id = s.id AND s.state = 'changed' AND s.theme_id IS NOT NULL
          AND (g.rank = 1) <> (g.theme_id = s.theme_id)
        """
    )
    cursor.execute(
        """
        INSERT INTO practice_goaltheme (goal_id, theme_id, rank)
        SELECT coalesce(s.id, t.id), s.theme_id, 1
        FROM staged s LEFT JOIN practice_goal t ON t.key = s.new_key
        WHERE s.state <> 'same' AND s.theme_id IS NOT NULL
        ON CONFLICT DO NOTHING
        """
    )


def _cannot_be_reported(args: Args) -> str:
    sentences = goal_remarks(
        args["theme_code"] or "",
        is_condition=bool(args["is_condition"]),
        is_activity=bool(args["is_activity"]),
    )
    return f"Målet indlæses, men kan ikke indberettes til KL, som det er: {' '.join(sentences)}"


GOALS = Kind(
    form=formats.GOALS,
    incoming={
        **foreign.INCOMING,
        "title": "varchar",
        "kind": "varchar",
        "description": "text",
        "municipal_goal": "varchar",
        "starts_on": "date",
        "follow_up_on": "date",
        "closed_on": "date",
        "closed_note": "varchar",
        "theme": "text",
    },
    stage=_stage,
    prepare=GOAL.stage,
    checks=(
        *foreign.CHECKS,
        Check(
            "SELECT line, theme_given FROM staged WHERE theme_given <> '' AND theme_id IS NULL",
            lambda args: (
                f"»tema« peger på »{args['theme_given']}«, som ikke findes. Indlæs terminologien først, eller lad cellen "
                "stå tom."
            ),
        ),
    ),
    apply=_apply,
    name_of="source_id",
    label="s.source_id",
    entity=GOAL,
    citizens=foreign.CITIZENS,
    remarks=(
        foreign.KEPT,
        Check(
            """
            SELECT line, theme_code, is_condition, is_activity FROM staged
            WHERE state <> 'same' AND closed_on IS NULL AND NOT coalesce(is_condition AND is_activity, false)
            """,
            _cannot_be_reported,
        ),
    ),
    signed=True,
)
