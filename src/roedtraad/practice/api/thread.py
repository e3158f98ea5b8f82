"""`/api/v1/citizens/{citizen}/thread` and `/timeline`: the whole picture, and everything in one line of time."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from roedtraad.access.tokens import api_action
from roedtraad.citizens.api.reach import CitizenPath, caller, opened
from roedtraad.core.api import REFUSALS, After, Page, example
from roedtraad.practice.queries import timeline as lines
from roedtraad.practice.queries.goals import Lane
from roedtraad.practice.queries.thread import thread

router = Router(tags=["journal"])


class EffortPart(Schema):
    """What is done for a goal, in minutes of the period."""

    id: UUID
    title: str
    runs: bool
    planned_minutes: int
    delivered_minutes: int


class RatingPart(Schema):
    """A rating of a goal."""

    id: UUID
    level: int
    rater: str
    rated_at: dt.datetime


class LanePart(Schema):
    """A goal, how far it has come, and what is done for it."""

    id: UUID
    title: str
    kind: str
    start_level: int | None = Field(description="Hvor målet stod først, −2 til +2.")
    level: int | None = Field(description="Hvor det står nu.")
    level_words: str
    outcome: str = Field(description="reached, progressed, kept, lost eller not_rated.")
    follow_up_on: dt.date | None
    planned_minutes: int
    delivered_minutes: int
    efforts: list[EffortPart]
    ratings: list[RatingPart]
    subgoals: list["LanePart"]


class StrandPart(Schema):
    """A wish and the goals that come of it; without a wish: the goals nobody has tied to one."""

    wish: UUID | None
    text: str
    words: str
    goals: list[LanePart]


class ThreadOut(Schema):
    """The thread: wishes, goals, efforts, delivered minutes and effect."""

    citizen: UUID
    since: dt.date = Field(description="Første dag af de fire uger, minutterne er talt over.")
    goals: int
    reached: int
    planned_minutes: int
    delivered_minutes: int
    percent: int | None = Field(description="Leverede af planlagte minutter.")
    strands: list[StrandPart]

    model_config = example(
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        since="2026-05-19",
        goals=1,
        reached=0,
        planned_minutes=360,
        delivered_minutes=315,
        percent=88,
        strands=[
            {
                "wish": "0190f5fe-7c00-7a00-8000-000000000010",
                "text": "Jeg vil lave mad til mine venner.",
                "words": "helped",
                "goals": [
                    {
                        "id": "0190f5fe-7c00-7a00-8000-000000000020",
                        "title": "Jeg laver aftensmad",
                        "kind": "develop",
                        "start_level": -1,
                        "level": 1,
                        "level_words": "Laver en ret med hjælp.",
                        "outcome": "reached",
                        "follow_up_on": "2026-09-15",
                        "planned_minutes": 360,
                        "delivered_minutes": 315,
                        "efforts": [],
                        "ratings": [],
                        "subgoals": [],
                    }
                ],
            }
        ],
    )


class EntryOut(Schema):
    """An entry of the line of time. Where only the day is known, `at` is its midnight."""

    id: str
    kind: str
    label: str
    at: dt.datetime
    whole_day: bool
    title: str
    text: str
    who: str
    goals: list[str]

    model_config = example(
        id="note-17",
        kind="note",
        label="Notater",
        at="2026-06-15T18:30:00+02:00",
        whole_day=False,
        title="Dagsnotat",
        text="Vi lavede frikadeller.",
        who="Mette Holm",
        goals=["Jeg laver aftensmad"],
    )


@router.get(
    "/citizens/{citizen}/thread",
    response={200: ThreadOut, **REFUSALS},
    summary="Tråden for en borger",
    description=(
        "Fra ønske over mål og indsatser til leverede minutter og virkning, som den står i dag. Minutter er talt over "
        "de seneste fire uger. Omfang: record."
    ),
)
@api_action("record.view")
def get_thread(request: HttpRequest, citizen: CitizenPath) -> ThreadOut:
    """The whole picture of one citizen."""
    person = opened(request, citizen, "tråden")
    found = thread(person)
    return ThreadOut(
        citizen=person.key,
        since=found.since,
        goals=found.goals,
        reached=found.reached,
        planned_minutes=found.planned,
        delivered_minutes=found.delivered,
        percent=found.share,
        strands=[
            StrandPart(
                wish=strand.wish.key if strand.wish else None,
                text=strand.wish.text if strand.wish else "",
                words=strand.wish.words if strand.wish else "",
                goals=[_lane(lane) for lane in strand.lanes],
            )
            for strand in found.strands
        ],
    )


@router.get(
    "/citizens/{citizen}/timeline",
    response={200: Page[EntryOut], **REFUSALS},
    summary="En borgers tidslinje",
    description=(
        "Alt om borgeren på én linje, det nyeste først. »kind« vælger slags og kan stå flere gange. Omfang: record."
    ),
)
@api_action("record.view")
def get_timeline(
    request: HttpRequest,
    *,
    citizen: CitizenPath,
    kind: Annotated[
        list[str] | None, Query(max_length=30, description="Kun den slags; uden den: alle.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Højst så mange rækker i svaret.")] = lines.A_PAGE,
    after: After = None,
) -> Page[EntryOut]:
    """A page of the line of time."""
    unknown = set(kind or ()) - set(lines.kinds())
    if unknown:
        raise HttpError(
            400, _("»kind« skal være en af disse: %(kinds)s.") % {"kinds": ", ".join(sorted(lines.kinds()))}
        )
    place = lines.Place.read(after) if after else None
    if after and place is None:
        raise HttpError(
            400, _("»after« er ikke en markør fra denne liste. Brug »next« fra det forrige svar.")
        )
    person = opened(request, citizen, "tidslinje")
    line = lines.timeline(caller(request), person, kind or (), place, limit)
    items = [
        EntryOut(
            id=entry.key,
            kind=entry.kind,
            label=str(entry.label),
            at=entry.at,
            whole_day=entry.whole_day,
            title=str(entry.title),
            text=entry.text,
            who=entry.who,
            goals=list(entry.goals),
        )
        for entry in line.entries
    ]
    return Page(items=items, next=line.next.cursor() if line.next else None)


def _lane(lane: Lane) -> LanePart:
    return LanePart(
        id=lane.goal.key,
        title=lane.goal.title,
        kind=lane.goal.kind,
        start_level=lane.start,
        level=lane.level,
        level_words=lane.level_words,
        outcome=lane.outcome.value,
        follow_up_on=lane.goal.follow_up_on,
        planned_minutes=lane.planned,
        delivered_minutes=lane.delivered,
        efforts=[
            EffortPart(
                id=row.effort.key,
                title=row.effort.title,
                runs=row.runs,
                planned_minutes=row.planned,
                delivered_minutes=row.delivered,
            )
            for row in lane.efforts
        ],
        ratings=[
            RatingPart(id=one.key, level=one.level, rater=one.rater, rated_at=one.rated_at)
            for one in lane.ratings
        ],
        subgoals=[_lane(below) for below in lane.subgoals],
    )
