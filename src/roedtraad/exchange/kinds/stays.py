"""Stays: one row, one stay, known again by its key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from roedtraad.core.encrypted import blind_index
from roedtraad.exchange import formats
from roedtraad.exchange.kinds import words
from roedtraad.exchange.kinds.base import Check, Cursor, Entity, Field, Kind, Values, overlap
from roedtraad.journeys.queries.sql import compose

_ZONE = "'Europe/Copenhagen'"

STAY = Entity(
    table="journeys_stay",
    fields=(
        Field("key", "i.key", "key", "nøgle"),
        Field("citizen_id", "coalesce(ck.id, ci.id)", "citizen", "borger"),
        Field("place_id", "p.id", "place", "plads"),
        Field("paying_municipality_id", "i.payer", "payer", "betalingskommune"),
        Field("ordered_start", "i.ordered_start", "ordered_start", "bestilt fra"),
        Field("ordered_end", "i.ordered_end", "ordered_end", "bestilt til og med", "NULL::date"),
        Field("actual_start", "i.actual_start", "actual_start", "flyttet ind", "NULL::date"),
        Field("actual_end", "i.actual_end", "actual_end", "boede der til og med", "NULL::date"),
        Field("agreed_day_rate", "i.agreed_day_rate", "agreed_day_rate", "aftalt takst", "NULL::numeric"),
        Field(
            "withdrawn_at",
            # The file knows the day only; the time of a withdrawal that is known stays.
            f"CASE WHEN (e.withdrawn_at AT TIME ZONE {_ZONE})::date = i.withdrawn THEN e.withdrawn_at"
            f" ELSE (i.withdrawn + time '12:00') AT TIME ZONE {_ZONE} END",
            "withdrawn",
            "fortrudt",
            "NULL::timestamptz",
        ),
    ),
    source="""
        FROM incoming i
        LEFT JOIN journeys_stay e ON e.key = i.key
        LEFT JOIN citizens_citizen ck ON ck.key = i.citizen_key
        LEFT JOIN citizens_citizen ci ON ci.cpr_index = i.citizen_index
        LEFT JOIN organisation_place p ON p.code = i.place
    """,
    extra="i.place AS place_code, e.citizen_id AS was_citizen",
)

_PLANNED = "daterange(coalesce(actual_start, ordered_start), coalesce(actual_end, ordered_end), '[]')"
_ACTUAL = "CASE WHEN actual_start IS NOT NULL THEN daterange(actual_start, actual_end, '[]') END"


def _stage(row: Values) -> tuple[Any, ...]:
    who = row["citizen"]
    by_key = isinstance(who, UUID)
    return (
        row["key"],
        who if by_key else None,
        None if by_key else blind_index(who.number, "cpr"),
        row["place"],
        row["payer"],
        row["ordered_start"],
        row.get("ordered_end"),
        row.get("actual_start"),
        row.get("actual_end"),
        row.get("agreed_day_rate"),
        row.get("withdrawn"),
    )


def _prepare(cursor: Cursor, present: frozenset[str]) -> None:
    STAY.stage(cursor, present)
    cursor.execute(
        f"ALTER TABLE staged ADD planned daterange GENERATED ALWAYS AS ({_safe(_PLANNED)}) STORED, "
        f"ADD actual daterange GENERATED ALWAYS AS ({_safe(_ACTUAL)}) STORED"
    )
    cursor.execute("ANALYZE staged")


def _safe(expression: str) -> str:
    """The period, or null when its days are in the wrong order (a fault of its own when columns are left out)."""
    return (
        "CASE WHEN coalesce(actual_start, ordered_start) <= coalesce(actual_end, ordered_end, 'infinity')"
        f" AND (actual_start IS NULL OR actual_start <= coalesce(actual_end, 'infinity')) THEN {expression} END"
    )


def _others(period: str, condition: str) -> str:
    return compose(
        """
        SELECT s.place_id AS owner, s.{period} AS period, s.key AS called FROM journeys_stay s
        WHERE s.withdrawn_at IS NULL AND {condition}
          AND s.place_id IN (SELECT place_id FROM staged WHERE state <> 'same')
          AND NOT EXISTS (SELECT 1 FROM staged x WHERE x.id = s.id)
    """,
        period=period,
        condition=condition,
    )


_CHECKS = (
    Check(
        "SELECT * FROM (SELECT line, key, lag(line) OVER (PARTITION BY key ORDER BY line) AS other FROM staged) d"
        " WHERE other IS NOT NULL",
        words.doubled,
    ),
    Check(
        "SELECT line FROM staged WHERE citizen_id IS NULL",
        lambda _args: "Borgeren findes ikke. Indlæs borgerne først, eller ret nøglen eller CPR-nummeret.",
    ),
    Check(
        "SELECT line, place_code AS value FROM staged WHERE place_id IS NULL",
        lambda args: words.unknown("plads", args["value"], "Indlæs pladserne først, eller ret nummeret."),
    ),
    Check(
        "SELECT line, key FROM staged WHERE was_citizen <> citizen_id",
        lambda args: (
            f"Opholdet »{args['key']}« findes allerede for en anden borger. Giv opholdet en anden nøgle."
        ),
    ),
    Check(
        "SELECT line FROM staged WHERE planned IS NULL OR ordered_end < ordered_start"
        " OR (actual_end IS NOT NULL AND actual_start IS NULL)"
        " OR (actual_end IS NULL AND ordered_end < actual_start)",
        lambda _args: (
            "Datoerne passer ikke sammen med dem, der er skrevet om opholdet i forvejen. Tag alle fire datoer med."
        ),
    ),
    Check(
        """
        SELECT line, place_code AS code, lower(planned) AS first, upper(planned) - 1 AS last FROM staged s
        WHERE withdrawn_at IS NULL AND state <> 'same' AND place_id IS NOT NULL AND planned IS NOT NULL
          AND NOT EXISTS (
            SELECT 1 FROM organisation_placeterm t WHERE t.place_id = s.place_id
            HAVING range_agg(t.valid) @> s.planned)
        """,
        lambda args: (
            f"Plads {args['code']} er ikke åben i hele opholdet ({words.span(args)})."
            " Ret datoerne, eller vælg en anden plads."
        ),
    ),
    Check(
        overlap("place_id", "planned", _others("planned", "TRUE"), "withdrawn_at IS NULL"),
        lambda args: words.clash("Pladsen er optaget", args, "opholdet »{called}«, som ikke er i filen"),
    ),
    Check(
        overlap(
            "place_id",
            "actual",
            _others("actual", "s.actual IS NOT NULL"),
            "withdrawn_at IS NULL AND actual IS NOT NULL",
        ),
        lambda args: words.clash(
            "Der bor en borger på pladsen", args, "opholdet »{called}«, som ikke er i filen"
        ),
    ),
)


def _apply(cursor: Cursor) -> Iterator[int]:
    try:
        with transaction.atomic():
            STAY.change(cursor)
    except IntegrityError:
        # Two stays may have changed places with each other; as withdrawn ones they let each other pass.
        cursor.execute(
            "UPDATE journeys_stay t SET withdrawn_at = now() FROM staged s"
            " WHERE t.id = s.id AND s.state = 'changed' AND t.withdrawn_at IS NULL"
        )
        STAY.change(cursor)
    yield from STAY.insert(cursor)


STAYS = Kind(
    form=formats.STAYS,
    incoming={
        "key": "text",
        "citizen_key": "uuid",
        "citizen_index": "bytea",
        "place": "text",
        "payer": "varchar",
        "ordered_start": "date",
        "ordered_end": "date",
        "actual_start": "date",
        "actual_end": "date",
        "agreed_day_rate": "numeric(10,2)",
        "withdrawn": "date",
    },
    stage=_stage,
    prepare=_prepare,
    checks=_CHECKS,
    apply=_apply,
    name_of="key",
    label="s.key",
    entity=STAY,
    citizens="SELECT DISTINCT citizen_id FROM staged WHERE citizen_id IS NOT NULL",
    units="""
        SELECT DISTINCT t.unit_id FROM organisation_placeterm t
        WHERE t.place_id IN (
            SELECT place_id FROM staged WHERE state <> 'same'
            UNION SELECT e.place_id FROM journeys_stay e JOIN staged s ON s.id = e.id AND s.state <> 'same')
    """,
)
