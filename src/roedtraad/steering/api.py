"""The plans and the indicators over the REST API."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError

from roedtraad.access.tokens import api_action
from roedtraad.core import clock
from roedtraad.core.api import DEFAULT_LIMIT, After, Error, Limit, Page, page_of_rows
from roedtraad.core.period import Period
from roedtraad.steering import queries
from roedtraad.steering.models import Plan, Track

router = Router(tags=["styring"])
REFUSALS = {400: Error, 401: Error, 403: Error, 404: Error, 422: Error}
_LARGEST_ID = 2**63 - 1


class StatementOut(Schema):
    """A statement of a track."""

    track: int
    number: int
    text: str


class GoalOut(Schema):
    """A goal."""

    track: int
    key: str
    number: int
    name: str
    summary: str


class EffortOut(Schema):
    """An effort under a pejlemærke."""

    pejlemaerke: int
    number: int
    text: str


class PejlemaerkeOut(Schema):
    """A pejlemærke."""

    id: int
    track: int
    number: int
    heading: str
    title: str
    summary: str
    efforts: list[EffortOut]


class UnTargetOut(Schema):
    """A sub-goal of a UN goal."""

    code: str
    text: str


class UnGoalOut(Schema):
    """A UN goal."""

    track: int
    number: int
    name: str
    summary: str
    targets: list[UnTargetOut]


class TimetableOut(Schema):
    """What a track plans to start in a year."""

    year: int
    number: int
    text: str


class TrackOut(Schema):
    """A track with everything under it."""

    key: str
    number: int
    name: str
    summary: str
    statements: list[StatementOut]
    goals: list[GoalOut]
    pejlemaerker: list[PejlemaerkeOut]
    un_goals: list[UnGoalOut]
    timetable: list[TimetableOut]


class PlanOut(Schema):
    """A plan whole; the flat lists hold the same rows as the tracks. `valid_to` is the first day not valid."""

    id: int
    key: str
    name: str
    kind: str
    vision: str
    valid_from: str
    valid_to: str | None
    successor_of: str | None
    tracks: list[TrackOut]
    statements: list[StatementOut]
    goals: list[GoalOut]
    pejlemaerker: list[PejlemaerkeOut]
    un_goals: list[UnGoalOut]
    efforts: list[EffortOut]


class TrendOut(Schema):
    """A year of an indicator; null when there is none, or when it is hidden."""

    year: int
    value: float | None
    provisional: bool
    hidden: bool


class IndicatorOut(Schema):
    """An indicator's figure for a unit and a year.

    `hidden`: few people are behind it, or it would give away a figure with few people behind it.
    """

    key: str
    number: int
    name: str
    unit: str
    unit_key: str | None
    year: int
    value: float | None
    target: float | None
    state: str
    trend: list[TrendOut]
    numerator: int | None
    denominator: int | None
    persons: int | None
    definition: str
    provisional: bool
    hidden: bool
    no_data: bool
    fed_by: str


Year = Annotated[int | None, Query(ge=1900, le=2200, description="Årstal; i år når det udelades.")]
UnitKey = Annotated[str, Query(max_length=80, description="Enhedens nøgle; alle enheder når den udelades.")]
PlanId = Annotated[str, Path(max_length=80, description="Planens id eller nøgle.")]


@router.get("/plans", response={200: Page[PlanOut], **REFUSALS}, summary="Alle planer")
@api_action("maalbillede.view")
def plans(request: HttpRequest, limit: Limit = DEFAULT_LIMIT, after: After = None) -> Any:
    """The plans in the order of their keys, each whole."""
    rows, cursor = page_of_rows(list(queries.plan_with_all()), lambda plan: (plan.key,), after, limit)
    return {"items": [_plan(row) for row in rows], "next": cursor}


@router.get("/plans/{plan_id}", response={200: PlanOut, **REFUSALS}, summary="En plan")
@api_action("maalbillede.view")
def plan(request: HttpRequest, plan_id: PlanId) -> Any:
    """One plan, by id or key."""
    wanted = plan_id.replace("\x00", "")
    by_id = wanted.isascii() and wanted.isdigit() and int(wanted) <= _LARGEST_ID
    found = queries.plan_with_all().filter(**({"pk": int(wanted)} if by_id else {"key": wanted})).first()
    if found is None:
        raise HttpError(404, _("Planen findes ikke."))
    return _plan(found)


@router.get("/indicators", response={200: Page[IndicatorOut], **REFUSALS}, summary="Indikatorernes tal")
@api_action("maalbillede.view")
def indicators(
    request: HttpRequest,
    year: Year = None,
    unit: UnitKey = "",
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Any:
    """The indicators of a year for a unit, in the order of their numbers. Small groups are hidden."""
    chosen = year or clock.today().year
    try:
        views = queries.indicators_of(chosen, unit.replace("\x00", ""))
    except LookupError as refusal:
        raise HttpError(404, str(refusal)) from refusal
    rows, cursor = page_of_rows(views, lambda view: (view.number, view.key), after, limit)
    return {"items": [_indicator(row, chosen, unit) for row in rows], "next": cursor}


def _indicator(view: queries.IndicatorView, year: int, unit: str) -> dict[str, Any]:
    found = view.measured
    return {
        "key": view.key,
        "number": view.number,
        "name": view.name,
        "unit": view.unit_of_measure,
        "unit_key": unit or None,
        "year": year,
        "value": _number(found.value),
        "target": _number(found.target),
        "state": found.state,
        "trend": [
            {
                "year": item.year,
                "value": _number(item.value),
                "provisional": item.provisional,
                "hidden": item.hidden,
            }
            for item in found.trend
        ],
        "numerator": found.numerator,
        "denominator": found.denominator,
        "persons": found.persons,
        "definition": view.definition,
        "provisional": found.provisional,
        "hidden": found.hidden,
        "no_data": found.no_data,
        "fed_by": view.source,
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _plan(row: Plan) -> dict[str, Any]:
    held = Period.from_range(row.valid)
    tracks = [_track(track) for track in row.tracks.all()]
    flat: dict[str, list[Any]] = {
        name: [item for track in tracks for item in track[name]]
        for name in ("statements", "goals", "pejlemaerker", "un_goals")
    }
    return {
        "id": row.pk,
        "key": row.key,
        "name": row.name,
        "kind": row.kind,
        "vision": row.vision,
        "valid_from": held.start.isoformat(),
        "valid_to": held.end.isoformat() if held.end else None,
        "successor_of": row.successor_of.key if row.successor_of else None,
        "tracks": tracks,
        **flat,
        "efforts": [effort for mark in flat["pejlemaerker"] for effort in mark["efforts"]],
    }


def _track(row: Track) -> dict[str, Any]:
    return {
        "key": row.key,
        "number": row.number,
        "name": row.name,
        "summary": row.summary,
        "statements": [
            {"track": row.number, "number": item.number, "text": item.text} for item in row.statements.all()
        ],
        "goals": [
            {
                "track": row.number,
                "key": item.key,
                "number": item.number,
                "name": item.name,
                "summary": item.summary,
            }
            for item in row.goals.all()
        ],
        "pejlemaerker": [
            {
                "id": item.pk,
                "track": row.number,
                "number": item.number,
                "heading": item.heading,
                "title": item.title,
                "summary": item.summary,
                "efforts": [
                    {"pejlemaerke": item.number, "number": effort.number, "text": effort.text}
                    for effort in item.efforts.all()
                ],
            }
            for item in row.pejlemaerker.all()
        ],
        "un_goals": [
            {
                "track": row.number,
                "number": item.number,
                "name": item.name,
                "summary": item.summary,
                "targets": [{"code": each.code, "text": each.text} for each in item.targets.all()],
            }
            for item in row.un_goals.all()
        ],
        "timetable": [
            {"year": item.year, "number": item.number, "text": item.text} for item in row.timetable.all()
        ],
    }
