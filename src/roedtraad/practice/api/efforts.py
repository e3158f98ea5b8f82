"""`/api/v1/efforts`: what is done to reach a goal, and how much of it was delivered."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from roedtraad.access.idempotency import Answer, Write, api_write
from roedtraad.access.tokens import api_action
from roedtraad.citizens.api.reach import CitizenQuery, caller, opened, opened_row
from roedtraad.core import clock
from roedtraad.core.api import (
    DEFAULT_LIMIT,
    REFUSALS,
    WRITE_REFUSALS,
    After,
    Day,
    Limit,
    Page,
    Text,
    example,
    page_of,
)
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Effort, Goal, Method
from roedtraad.practice.queries.delivered import minutes, planned_minutes, with_delivered
from roedtraad.practice.queries.goals import days_back
from roedtraad.practice.queries.thread import PERIOD
from roedtraad.practice.services.efforts import EffortText, plan_effort

router = Router(tags=["journal"])
PART = "indsatser"


class EffortOut(Schema):
    """An effort, with the minutes planned and delivered over the last four weeks, today included."""

    id: UUID
    citizen: UUID
    goal: UUID
    title: str
    description: str
    method: str | None = Field(description="Metodens nøgle.")
    times: int
    per: str = Field(description="day, week eller month.")
    minutes: int
    responsible: str
    service_package: str
    starts_on: dt.date
    ends_on: dt.date | None = Field(description="Den sidste dag, som selv er med.")
    planned_minutes: int
    delivered_minutes: int = Field(description="Talt fra de udførte opgaver, aldrig skrevet.")
    version: int
    written_at: dt.datetime

    model_config = example(
        id="0190f5fe-7c00-7a00-8000-000000000040",
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        goal="0190f5fe-7c00-7a00-8000-000000000020",
        title="Madlavning sammen",
        description="",
        method=None,
        times=2,
        per="week",
        minutes=45,
        responsible="Mette Holm",
        service_package="",
        starts_on="2026-06-15",
        ends_on=None,
        planned_minutes=360,
        delivered_minutes=315,
        version=1,
        written_at="2026-06-15T10:25:00+02:00",
    )


class EffortIn(Schema):
    """An effort to plan."""

    goal: UUID
    title: Text
    times: Annotated[int, Field(ge=1, le=50)]
    per: Literal["day", "week", "month"] = "week"
    minutes: Annotated[int, Field(ge=1, le=1440, description="Minutter hver gang.")]
    starts_on: Day
    ends_on: Annotated[Day | None, Field(description="Den sidste dag, som selv er med.")] = None
    method: Annotated[Text | None, Field(description="Metodens nøgle.")] = None
    description: Text = ""
    service_package: Text = ""

    model_config = example(
        goal="0190f5fe-7c00-7a00-8000-000000000020",
        title="Madlavning sammen",
        times=2,
        per="week",
        minutes=45,
        starts_on="2026-06-15",
    )


def effort_out(effort: Any, citizen: UUID) -> EffortOut:
    """An effort read by `with_delivered` over the last four weeks, with its goal, method and responsible."""
    return EffortOut(
        id=effort.key,
        citizen=citizen,
        goal=effort.goal.key,
        title=effort.title,
        description=effort.description,
        method=effort.method.key if effort.method else None,
        times=effort.times,
        per=effort.per,
        minutes=effort.minutes,
        responsible=str(effort.responsible or ""),
        service_package=effort.service_package,
        starts_on=effort.starts_on,
        ends_on=effort.ends_on,
        planned_minutes=planned_minutes(effort, days_back(PERIOD), clock.today()),
        delivered_minutes=minutes(effort.delivered),
        version=effort.version,
        written_at=effort.written_at,
    )


def _whole(efforts: Any) -> Any:
    rows = efforts.select_related("goal", "method", "responsible")
    return with_delivered(rows, days_back(PERIOD), clock.today())


@router.get(
    "/efforts",
    response={200: Page[EffortOut], **REFUSALS},
    summary="En borgers indsatser",
    description=(
        "Borgerens indsatser, den ældste først, med planlagte og leverede minutter de seneste fire uger; »goal« giver "
        "kun dem for ét mål. Omfang: record."
    ),
)
@api_action("record.view")
def get_efforts(
    request: HttpRequest,
    citizen: CitizenQuery,
    goal: Annotated[UUID | None, Query(description="Kun indsatser for dette mål.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Page[EffortOut]:
    """The efforts in the order they were planned."""
    person = opened(request, citizen, PART)
    rows = Effort.objects.filter(citizen=person)
    if goal is not None:
        rows = rows.filter(goal__key=goal)
    shown, following = page_of(_whole(rows), [("id", int)], after, limit)
    return Page(items=[effort_out(effort, person.key) for effort in shown], next=following)


@router.post(
    "/efforts",
    response={201: EffortOut, **WRITE_REFUSALS},
    summary="Planlæg en indsats",
    description="Planlæg en indsats for et mål, der løber. Omfang: record.write.",
)
@api_write("record.write")
def post_effort(request: HttpRequest, effort: EffortIn) -> Write:
    """Plan an effort."""
    goal = opened_row(request, Goal.objects.all(), effort.goal, PART)

    def write() -> Answer:
        method = None
        if effort.method:
            method = Method.objects.filter(key=effort.method, retired_on__isnull=True).first()
            if method is None:
                raise Refusal(_("Metoden er der ikke, eller bruges ikke længere. Vælg en anden."), "method")
        typed = effort.model_dump(exclude={"goal", "method"})
        made = plan_effort(caller(request), goal, EffortText(**typed, method=method))
        return Answer(201, effort_out(_whole(Effort.objects.filter(pk=made.pk)).get(), goal.citizen.key))

    return write
