"""`/api/v1/scenarios`: what a leadership would cost, and whether there is room."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from roedtraad.access.tokens import api_action
from roedtraad.core.api import DEFAULT_LIMIT, After, Limit, Page, page_of_rows
from roedtraad.organisation.api import REFUSALS
from roedtraad.organisation.scenarios import queries

router = Router(tags=["Organisation"])


class PostOut(Schema):
    """One change of posts."""

    action: str
    title: str
    from_title: str
    count: int
    yearly_pay: float = Field(description="Kr. pr. stilling om året; negativt, når der spares.")
    basis: str


class ScenarioOut(Schema):
    """A leadership scenario; amounts in kr. a year."""

    id: int
    key: str
    name: str
    base: str | None
    extra_pay: float = Field(description="Ekstra lønudgift i alt, med grundmodellens.")
    own_extra_pay: float = Field(description="Det, varianten selv lægger til.")
    room: float = Field(description="Råderummet: merafløft minus det, der forlods er afsat.")
    room_year: int
    fits: bool
    to_save: float
    posts: list[PostOut]
    lines: list[list[str]] = Field(description="[stilling, refererer til]")


@router.get("scenarios", response={200: Page[ScenarioOut], **REFUSALS}, summary="Ledelsesscenarier")
@api_action("scenario.view")
def list_scenarios(
    request: HttpRequest, limit: Limit = DEFAULT_LIMIT, after: After = None
) -> dict[str, object]:
    """Published scenarios and the caller's own."""
    rows, following = page_of_rows(queries.scenarios_for(request.user), lambda row: [row.id], after, limit)
    return {"items": [_out(row) for row in rows], "next": following}


def _out(row: queries.ScenarioView) -> dict[str, object]:
    return {
        "id": row.id,
        "key": row.key,
        "name": row.name,
        "base": row.base_name or None,
        "extra_pay": float(row.verdict.extra_pay),
        "own_extra_pay": float(row.own_extra_pay),
        "room": float(row.verdict.room),
        "room_year": row.room.year,
        "fits": row.verdict.fits,
        "to_save": float(row.verdict.to_save),
        "posts": [
            {
                "action": post.action,
                "title": post.title,
                "from_title": post.from_title,
                "count": post.count,
                "yearly_pay": float(post.yearly_pay),
                "basis": post.basis,
            }
            for post in row.posts
        ],
        "lines": [list(line) for line in row.lines],
    }
