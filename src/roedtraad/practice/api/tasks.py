"""`/api/v1/tasks`: what is to be done for a citizen, and what was done."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from roedtraad.access import lookups
from roedtraad.access.idempotency import Answer, Write, api_write
from roedtraad.access.tokens import api_action
from roedtraad.citizens.api.reach import CitizenQuery, caller, opened
from roedtraad.core.api import (
    DEFAULT_LIMIT,
    REFUSALS,
    WRITE_REFUSALS,
    After,
    Day,
    Limit,
    Moment,
    Page,
    Text,
    example,
    page_of_rows,
)
from roedtraad.core.refusal import Refusal
from roedtraad.practice import occurrences
from roedtraad.practice.models import Effort, Task, TaskCitizen
from roedtraad.practice.queries.tasks import DueTask, of_citizen, one
from roedtraad.practice.services import tasks as services

router = Router(tags=["journal"])
PART = "opgaver"
LONGEST_DAYS = 31

TaskPath = Annotated[UUID, Path(description="Opgavens id.")]


class TaskOut(Schema):
    """A task, or a time of a recurring one that nobody has touched yet: then `series` names it."""

    id: UUID
    series: UUID | None = Field(description="Gentagelsen, opgaven kommer fra.")
    due_at: dt.datetime
    title: str
    instruction: str
    planned_minutes: int | None
    state: str = Field(description="planned, running, done eller skipped.")
    group: bool = Field(description="Er opgaven også for andre?")
    effort: str = Field(description="Den indsats, opgaven leverer for borgeren.")
    goal: str
    responsible: str
    started_at: dt.datetime | None
    started_by: str
    ended_at: dt.datetime | None
    ended_by: str
    minutes: int | None = Field(description="De minutter, den tog.")
    skipped_at: dt.datetime | None
    skipped_by: str
    skipped_reason: str

    model_config = example(
        id="0190f5fe-7c00-7a00-8000-000000000060",
        series=None,
        due_at="2026-06-15T09:00:00+02:00",
        title="Madlavning sammen",
        instruction="",
        planned_minutes=45,
        state="done",
        group=False,
        effort="Madlavning sammen",
        goal="Jeg laver aftensmad",
        responsible="",
        started_at="2026-06-15T09:02:00+02:00",
        started_by="Mette Holm",
        ended_at="2026-06-15T09:44:00+02:00",
        ended_by="Mette Holm",
        minutes=42,
        skipped_at=None,
        skipped_by="",
        skipped_reason="",
    )


class TaskIn(Schema):
    """A task to plan for one citizen."""

    citizen: UUID
    due_at: Moment
    effort: Annotated[UUID | None, Field(description="Den indsats, opgaven leverer.")] = None
    title: Annotated[Text, Field(description="Uden den: indsatsens.")] = ""
    instruction: Text = ""
    minutes: Annotated[int | None, Field(ge=1, le=1440, description="Uden dem: indsatsens.")] = None

    model_config = example(
        citizen="0190f5fe-7c00-7a00-8000-000000000001",
        due_at="2026-06-15T09:00:00+02:00",
        title="Madlavning sammen",
        minutes=45,
    )


class Touch(Schema):
    """When it happened; and for a time of a recurring task that nobody has touched, which one it is."""

    at: Annotated[Moment | None, Field(description="Højst syv dage tilbage. Uden det: nu.")] = None
    series: Annotated[
        UUID | None, Field(description="»series« fra listen, når opgaven er en gentagelse.")
    ] = None
    due_at: Annotated[
        Moment | None, Field(description="»due_at« fra listen, når opgaven er en gentagelse.")
    ] = None

    model_config = example(at="2026-06-15T09:02:00+02:00")


class TaskEnd(Touch):
    """When it was over, or how long it took."""

    minutes: Annotated[
        int | None, Field(ge=1, le=1440, description="Hvor længe den tog, når det ikke er målt.")
    ] = None

    model_config = example(at="2026-06-15T09:44:00+02:00")


class TaskSkip(Touch):
    """Why the task came to nothing."""

    reason: Text

    model_config = example(reason="Borgeren ville ikke")


def task_out(task: DueTask, citizen_id: int | None) -> TaskOut:
    """A line as the citizen's own: of the others in a group nothing is told."""
    mine = next((part for part in task.parts if part.citizen_id == citizen_id), None)
    return TaskOut(
        id=task.key,
        series=task.series_key,
        due_at=task.due_at,
        title=task.title,
        instruction=task.instruction,
        planned_minutes=task.minutes,
        state=task.state,
        group=task.citizen_id is None,
        effort=mine.effort if mine else "",
        goal=mine.goal if mine else "",
        responsible=task.responsible,
        started_at=task.started_at,
        started_by=task.started_by,
        ended_at=task.ended_at,
        ended_by=task.ended_by,
        minutes=task.took,
        skipped_at=task.skipped_at,
        skipped_by=task.skipped_by,
        skipped_reason=task.skipped_reason,
    )


@router.get(
    "/tasks",
    response={200: Page[TaskOut], **REFUSALS},
    summary="En borgers opgaver",
    description=(
        "Opgaver fra og med »from« til og med »to« (højst 31 dage), efter klokken: de planlagte, de udførte, og de "
        "gange af en gentaget opgave, ingen har rørt endnu. Omfang: record."
    ),
)
@api_action("record.view")
def get_tasks(
    request: HttpRequest,
    *,
    citizen: CitizenQuery,
    first: Annotated[Day, Query(alias="from", description="Periodens første dag.")],
    last: Annotated[Day, Query(alias="to", description="Periodens sidste dag, som selv er med.")],
    limit: Limit = DEFAULT_LIMIT,
    after: After = None,
) -> Page[TaskOut]:
    """The citizen's tasks in a period."""
    if last < first:
        raise HttpError(400, _("Perioden slutter, før den begynder. Byt om på »from« og »to«."))
    if (last - first).days >= LONGEST_DAYS:
        raise HttpError(400, _("Du kan spørge om højst %(days)s dage ad gangen.") % {"days": LONGEST_DAYS})
    person = opened(request, citizen, PART)
    ends = occurrences.midnight(last + dt.timedelta(days=1))
    found = of_citizen(person.pk, occurrences.midnight(first), ends)
    shown, following = page_of_rows(
        found, lambda task: (task.due_at.astimezone(dt.UTC).isoformat(), str(task.key)), after, limit
    )
    return Page(items=[task_out(task, person.pk) for task in shown], next=following)


@router.post(
    "/tasks",
    response={201: TaskOut, **WRITE_REFUSALS},
    summary="Planlæg en opgave",
    description="Planlæg en opgave for en borger, med eller uden en indsats. Omfang: record.write.",
)
@api_write("record.write")
def post_task(request: HttpRequest, task: TaskIn) -> Write:
    """Plan a task."""
    person = opened(request, task.citizen, PART)

    def write() -> Answer:
        effort = None
        if task.effort is not None:
            effort = Effort.objects.filter(citizen=person, key=task.effort).first()
            if effort is None:
                raise Refusal(_("Indsatsen hører til en anden borger."), "effort")
        typed = task.model_dump(exclude={"citizen", "effort"})
        made = services.plan_task(caller(request), citizen=person, effort=effort, **typed)
        return Answer(201, task_out(one(made), person.pk))

    return write


@router.post(
    "/tasks/{task}/start",
    response={200: TaskOut, **WRITE_REFUSALS},
    summary="Begynd en opgave",
    description="Opgaven begynder, og tiden måles herfra. Omfang: record.write.",
)
@api_write("record.write")
def start_task(request: HttpRequest, task: TaskPath, touch: Touch) -> Write:
    """Begin a task."""
    found = _found(request, task, touch)
    return lambda: _told(services.start(caller(request), found, touch.at))


@router.post(
    "/tasks/{task}/end",
    response={200: TaskOut, **WRITE_REFUSALS},
    summary="Afslut en opgave",
    description=(
        "Opgaven er gjort. Minutterne måles fra den begyndte; er den ikke begyndt, er de »minutes« eller de planlagte. "
        "Omfang: record.write."
    ),
)
@api_write("record.write")
def end_task(request: HttpRequest, task: TaskPath, touch: TaskEnd) -> Write:
    """End a task, whether it was begun or not."""
    found = _found(request, task, touch)

    def write() -> Answer:
        if found.started_at is None:
            return _told(services.done(caller(request), found, touch.minutes, touch.at))
        return _told(services.end(caller(request), found, touch.at, touch.minutes))

    return write


@router.post(
    "/tasks/{task}/skip",
    response={200: TaskOut, **WRITE_REFUSALS},
    summary="Spring en opgave over",
    description="Opgaven blev ikke til noget, og hvorfor. Omfang: record.write.",
)
@api_write("record.write")
def skip_task(request: HttpRequest, task: TaskPath, touch: TaskSkip) -> Write:
    """Leave a task out."""
    found = _found(request, task, touch)
    return lambda: _told(services.skip(caller(request), found, touch.reason, touch.at))


def _found(request: HttpRequest, key: UUID, touch: Touch) -> Task:
    """The task to work on, and a line in the log of each whose it is that the user may see. Http404 for none."""
    task = services.found_task(caller(request), key, touch.series, touch.due_at)
    if task is None:
        raise Http404
    citizens = TaskCitizen.objects.filter(task=task).values_list("citizen", flat=True)
    lookups.record(caller(request), citizens, PART, action="record.write")
    return task


def _told(task: Task) -> Answer:
    """The task as it stands: of a group's nothing that is one citizen's own."""
    return Answer(200, task_out(one(task), task.citizen_id))
