"""`/api/v1/goals/{goal}/ratings`: where a goal stands, over time."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from roedtraad.access.idempotency import Answer, Write, api_write
from roedtraad.access.tokens import api_action
from roedtraad.citizens.api.reach import caller, opened_row
from roedtraad.core.api import (
    DEFAULT_LIMIT,
    REFUSALS,
    WRITE_REFUSALS,
    After,
    Limit,
    Moment,
    Page,
    Text,
    example,
    page_of,
)
from roedtraad.practice.api.goals import PART, GoalPath
from roedtraad.practice.models import Goal, GoalRating
from roedtraad.practice.services.goals import rate_goal

router = Router(tags=["journal"])


class RatingOut(Schema):
    """Where the goal stood, as the citizen or the staff saw it. Taken back, it stays in the list."""

    id: UUID
    goal: UUID
    level: int = Field(description="−2 til +2.")
    rater: str = Field(description="citizen (borgeren) eller staff (personalet).")
    rated_at: dt.datetime
    text: str
    withdrawn_at: dt.datetime | None
    written_by: str

    model_config = example(
        id="0190f5fe-7c00-7a00-8000-000000000030",
        goal="0190f5fe-7c00-7a00-8000-000000000020",
        level=1,
        rater="staff",
        rated_at="2026-06-15T18:30:00+02:00",
        text="Lavede frikadeller med lidt hjælp.",
        withdrawn_at=None,
        written_by="Mette Holm",
    )


class RatingIn(Schema):
    """A rating to write."""

    level: Annotated[int, Field(ge=-2, le=2)]
    rater: Literal["citizen", "staff"] = "staff"
    text: Text = ""
    rated_at: Annotated[Moment | None, Field(description="Højst 31 dage tilbage. Uden den: nu.")] = None

    model_config = example(level=1, rater="staff", text="Lavede frikadeller med lidt hjælp.")


def rating_out(rating: GoalRating, goal: Goal) -> RatingOut:
    """A rating of the goal, read with its writer."""
    return RatingOut(
        id=rating.key,
        goal=goal.key,
        level=rating.level,
        rater=rating.rater,
        rated_at=rating.rated_at,
        text=rating.text,
        withdrawn_at=rating.withdrawn_at,
        written_by=str(rating.written_by),
    )


@router.get(
    "/goals/{goal}/ratings",
    response={200: Page[RatingOut], **REFUSALS},
    summary="Et måls vurderinger",
    description="Målets vurderinger i den rækkefølge, de er skrevet. Omfang: record.",
)
@api_action("record.view")
def get_ratings(
    request: HttpRequest, goal: GoalPath, limit: Limit = DEFAULT_LIMIT, after: After = None
) -> Page[RatingOut]:
    """The goal's ratings."""
    found = opened_row(request, Goal.objects.all(), goal, PART)
    rows = GoalRating.objects.filter(goal=found).select_related("written_by")
    shown, following = page_of(rows, [("id", int)], after, limit)
    return Page(items=[rating_out(rating, found) for rating in shown], next=following)


@router.post(
    "/goals/{goal}/ratings",
    response={201: RatingOut, **WRITE_REFUSALS},
    summary="Vurdér et mål",
    description="Skriv, hvor målet står. Målet skal løbe og have sine fem trin beskrevet. Omfang: record.write.",
)
@api_write("record.write")
def post_rating(request: HttpRequest, goal: GoalPath, rating: RatingIn) -> Write:
    """Rate a goal."""
    found = opened_row(request, Goal.objects.all(), goal, PART)

    def write() -> Answer:
        made = rate_goal(
            caller(request),
            found,
            rating.level,
            rater=rating.rater,
            text=rating.text,
            rated_at=rating.rated_at,
        )
        return Answer(201, rating_out(made, found))

    return write
