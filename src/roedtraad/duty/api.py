"""`/api/v1/citizens/{citizen}/risk`: the risk of the day, and setting it."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from roedtraad.access.idempotency import Answer, Write, api_write
from roedtraad.access.tokens import api_action
from roedtraad.citizens.api.reach import CitizenPath, caller, opened
from roedtraad.core import clock
from roedtraad.core.api import REFUSALS, WRITE_REFUSALS, Moment, Text, example
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import RiskReading, RiskScale
from roedtraad.duty.queries.risk import readings_of, scale_for
from roedtraad.duty.rules import risk as rules
from roedtraad.duty.services.risk import set_risk
from roedtraad.journeys.queries.homes import home_of

router = Router(tags=["vagt"])
PART = "risiko"
SHOWN = 20


class LevelOut(Schema):
    """A step of the unit's scale."""

    rank: int = Field(description="0 er det roligste.")
    name: str
    meaning: str
    action: str


class ItemOut(Schema):
    """An observation of the scale's checklist."""

    code: str
    text: str
    points: int


class ScaleOut(Schema):
    """How the risk is said where the citizen lives."""

    name: str
    stale_after_hours: int
    levels: list[LevelOut]
    items: list[ItemOut]


class ReadingOut(Schema):
    """What the risk was set to; `stale` when it is too old to go by."""

    id: UUID
    rank: int
    name: str
    text: str
    seen: list[str] = Field(description="Koderne på det, der blev set.")
    set_at: dt.datetime
    set_by: str
    stale: bool

    model_config = example(
        id="0190f5fe-7c00-7a00-8000-000000000080",
        rank=0,
        name="Rolig",
        text="Sov godt.",
        seen=[],
        set_at="2026-06-15T07:10:00+02:00",
        set_by="Mette Holm",
        stale=False,
    )


class RiskOut(Schema):
    """The citizen's risk now, what it was before, and the scale it is set on."""

    citizen: UUID
    scale: ScaleOut | None
    now: ReadingOut | None
    readings: list[ReadingOut] = Field(description="De seneste 20, den nyeste først.")

    model_config = example(
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        scale={"name": "Dagens risiko", "stale_after_hours": 24, "levels": [], "items": []},
        now=None,
        readings=[],
    )


class RiskIn(Schema):
    """A risk to set."""

    rank: Annotated[int, Field(ge=0, le=10, description="Trinnet på enhedens skala; 0 er det roligste.")]
    seen: Annotated[list[Text], Field(max_length=20, description="Koderne på det, der blev set.")] = []
    text: Text = ""
    at: Annotated[Moment | None, Field(description="Højst tre døgn tilbage. Uden det: nu.")] = None

    model_config = example(rank=0, text="Sov godt.")


@router.get(
    "/citizens/{citizen}/risk",
    response={200: RiskOut, **REFUSALS},
    summary="En borgers risiko",
    description="Dagens risiko, de seneste før den, og den skala, enheden bruger. Omfang: record.",
)
@api_action("record.view")
def get_risk(request: HttpRequest, citizen: CitizenPath) -> RiskOut:
    """The risk as it stands."""
    person = opened(request, citizen, PART)
    readings = [_reading(row) for row in readings_of(person.pk, SHOWN)]
    scale = _scale(person.pk)
    return RiskOut(
        citizen=person.key,
        scale=_scale_out(scale) if scale else None,
        now=readings[0] if readings else None,
        readings=readings,
    )


@router.post(
    "/citizens/{citizen}/risk",
    response={201: ReadingOut, **WRITE_REFUSALS},
    summary="Sæt en borgers risiko",
    description="Sæt risikoen på den skala, enheden bruger nu. Omfang: duty.work.",
)
@api_write("duty.work")
def post_risk(request: HttpRequest, citizen: CitizenPath, risk: RiskIn) -> Write:
    """Set the risk."""
    person = opened(request, citizen, PART)

    def write() -> Answer:
        scale = _scale(person.pk)
        level = next((one for one in scale.levels.all() if one.rank == risk.rank), None) if scale else None
        if level is None:
            raise Refusal(_("Trinnet findes ikke på den skala, enheden bruger."), "rank")
        seen = dict.fromkeys(risk.seen, True)
        made = set_risk(caller(request), person, level, seen, risk.text, at=risk.at)
        return Answer(201, _reading(made))

    return write


def _scale(citizen_id: int) -> RiskScale | None:
    home = home_of(citizen_id, clock.today())
    return scale_for(home.unit_id if home else None)


def _scale_out(scale: RiskScale) -> ScaleOut:
    return ScaleOut(
        name=scale.name,
        stale_after_hours=scale.stale_after_hours,
        levels=[
            LevelOut(rank=level.rank, name=level.name, meaning=level.meaning, action=level.action)
            for level in scale.levels.all()
        ],
        items=[ItemOut(code=item.code, text=item.text, points=item.points) for item in scale.items.all()],
    )


def _reading(row: RiskReading) -> ReadingOut:
    return ReadingOut(
        id=row.key,
        rank=row.level.rank,
        name=row.level.name,
        text=row.text,
        seen=[code for code, seen in row.scores.items() if seen],
        set_at=row.set_at,
        set_by=str(row.set_by),
        stale=rules.is_stale(row.set_at, clock.now(), row.level.scale.stale_after_hours),
    )
