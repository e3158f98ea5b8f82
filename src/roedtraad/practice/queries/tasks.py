"""What is to be done when, what was done, and how many minutes a goal got."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, DurationField, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _

from roedtraad.access.scope import reach
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.journeys.models import StayDays
from roedtraad.organisation.models import PlaceTerm
from roedtraad.practice import occurrences
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.models import Task, TaskCitizen, TaskSeries, TaskSeriesCitizen
from roedtraad.practice.rules import tasks as rules

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

# How far back a task that still runs is looked for.
RUNNING_BACK = dt.timedelta(days=7)


@dataclass(frozen=True)
class TakingPart:
    """A citizen a task is for, and the goal it works towards."""

    citizen_id: int
    citizen_key: UUID
    name: str
    first_name: str
    effort: str = ""
    goal_id: int | None = None
    goal: str = ""


@dataclass(frozen=True)
class DueTask:
    """A task as a line of a list: a row, or a time of a series that nobody has touched (`task_id` is None)."""

    key: UUID
    task_id: int | None
    series_key: UUID | None
    series_id: int | None
    due_at: dt.datetime
    title: str
    instruction: str
    minutes: int | None
    unit_id: int
    citizen_id: int | None
    parts: tuple[TakingPart, ...] = ()
    responsible: str = ""
    responsible_id: int | None = None
    started_at: dt.datetime | None = None
    started_by: str = ""
    started_by_id: int | None = None
    ended_at: dt.datetime | None = None
    ended_by: str = ""
    ended_by_id: int | None = None
    skipped_at: dt.datetime | None = None
    skipped_by: str = ""
    skipped_by_id: int | None = None
    skipped_reason: str = ""

    @property
    def state(self) -> str:
        """planned, running, done or skipped."""
        if self.ended_at is not None:
            return "done"
        if self.skipped_at is not None:
            return "skipped"
        return "running" if self.started_at is not None else "planned"

    @property
    def is_open(self) -> bool:
        """Is it still to be done, or being done?"""
        return self.ended_at is None and self.skipped_at is None

    @property
    def took(self) -> int | None:
        """The minutes it took, whole."""
        if self.started_at is None or self.ended_at is None:
            return None
        return rules.whole_minutes(self.ended_at - self.started_at)

    @property
    def running_for(self) -> int:
        """The whole seconds since it began."""
        return int((clock.now() - self.started_at).total_seconds()) if self.started_at else 0

    @property
    def running_minutes(self) -> int:
        """The whole minutes since it began."""
        return self.running_for // 60

    @property
    def is_late(self) -> bool:
        """Should it have begun by now?"""
        return self.state == "planned" and self.due_at < clock.now()

    @property
    def was_today(self) -> bool:
        """Did the last thing that happened to it happen today?"""
        last = self.ended_at or self.skipped_at or self.started_at
        return last is not None and rules.same_day(last, clock.now())

    @property
    def in_one_tap(self) -> bool:
        """Was it begun and ended by one tap (`services.tasks.done`)? Then one tap takes both back."""
        lasted = dt.timedelta(minutes=self.minutes or 0)
        return self.ended_at is not None and self.started_at == self.ended_at - lasted

    @property
    def citizen(self) -> TakingPart | None:
        """The one it is about; None for a task of a group or a unit."""
        return self.parts[0] if self.citizen_id is not None and self.parts else None

    @property
    def who(self) -> str:
        """Whom it is for, in a few words."""
        if len(self.parts) == 1:
            return self.parts[0].first_name
        if self.parts:
            return _("Gruppe på %(n)d") % {"n": len(self.parts)}
        return _("Enheden")

    @property
    def goals(self) -> list[str]:
        """The goals it works towards, each once."""
        return list(dict.fromkeys(part.goal for part in self.parts if part.goal))


def tasks_in_record(user: User) -> QuerySet[Task]:
    """Tasks of the records the user may read, and of the units the user works in."""
    return Task.objects.filter(_within(user, "record.view"))


def tasks_to_work_on(user: User) -> QuerySet[Task]:
    """Tasks the user may begin and end."""
    return Task.objects.filter(_within(user, "record.write"))


def series_to_work_on(user: User) -> QuerySet[TaskSeries]:
    """Series the user may touch and change."""
    return TaskSeries.objects.filter(_within(user, "record.write"))


def _within(user: User, action: str) -> Q:
    citizens = Citizen.objects.filter(visible_q(CITIZEN, user, action)).values("pk")
    return Q(citizen__in=citizens) | Q(citizen__isnull=True, unit__in=reach(user, action).all_units)


def due(user: User, unit_ids: Collection[int], begins: dt.datetime, ends: dt.datetime) -> list[DueTask]:
    """What is due in the units in [begins, ends), and what still runs: rows and times of series, by the clock.

    A citizen who has moved into the units brings along what was planned where they lived. Called-off tasks are left
    out. Three SQL statements, and the tree of units when the request has not read it yet.
    """
    here = _here(unit_ids)
    tasks = Task.objects.filter(_within(user, "record.write"), here)
    series = TaskSeries.objects.filter(_within(user, "record.write"), here)
    return _merged(tasks, series, begins, ends, running=True)


def of_citizen(
    citizen_id: int,
    begins: dt.datetime,
    ends: dt.datetime,
    *,
    running: bool = False,
    series: list[TaskSeries] | None = None,
) -> list[DueTask]:
    """The citizen's tasks in [begins, ends), those of groups too; with `running` also what began before and still runs.

    Whether the record may be read is the caller's to know (`practice.access.open_record`). Three SQL statements, one
    less when the caller has read the `series` (`series_of_citizen`).
    """
    tasks = Task.objects.filter(
        Exists(TaskCitizen.objects.filter(task=OuterRef("pk"), citizen_id=citizen_id))
    )
    every = TaskSeries.objects.filter(
        Exists(TaskSeriesCitizen.objects.filter(series=OuterRef("pk"), citizen_id=citizen_id))
    )
    return _merged(tasks, every if series is None else series, begins, ends, running=running)


def series_of_citizen(citizen_id: int) -> list[TaskSeries]:
    """The citizen's series that have not ended. One SQL statement."""
    return list(
        TaskSeries.objects.filter(
            Exists(TaskSeriesCitizen.objects.filter(series=OuterRef("pk"), citizen_id=citizen_id)),
            Q(last_on__isnull=True) | Q(last_on__gte=clock.today()),
        ).order_by("at", "pk")
    )


def one(task: Task) -> DueTask:
    """A task as a line, for its own page. Two SQL statements."""
    row = Task.objects.select_related("series", "responsible", "started_by", "ended_by", "skipped_by").get(
        pk=task.pk
    )
    return _of_row(row, _taking_part([row.pk], [])[0].get(row.pk, []))


def untouched(series: TaskSeries, due_at: dt.datetime) -> DueTask | None:
    """A time of a series as a line; None when it is not due then. One SQL statement."""
    moment = due_at.astimezone(dt.UTC)
    if moment not in occurrences.times(series, moment, moment + dt.timedelta(minutes=1)):
        return None
    parts = _taking_part([], [series.pk])[1].get(series.pk, [])
    return _of_series(series, moment, tuple(parts))


def _here(unit_ids: Collection[int]) -> Q:
    """In the units, or of a citizen who lives there now and no longer in the unit it was planned in."""
    today = clock.today()
    lives = StayDays.objects.occupying(today).filter(citizen_id=OuterRef("citizen_id"))
    terms = PlaceTerm.objects.filter(place=OuterRef("place"), valid__contains=today)
    in_them = Exists(lives.filter(Exists(terms.filter(unit__in=list(unit_ids)))))
    in_its_own = Exists(lives.filter(Exists(terms.filter(unit=OuterRef(OuterRef("unit"))))))
    return Q(unit__in=list(unit_ids)) | (Q(citizen__isnull=False) & Q(in_them) & ~Q(in_its_own))


def _merged(
    tasks: QuerySet[Task],
    series: QuerySet[TaskSeries] | list[TaskSeries],
    begins: dt.datetime,
    ends: dt.datetime,
    *,
    running: bool,
) -> list[DueTask]:
    window = Q(due_at__gte=begins, due_at__lt=ends)
    if running:
        window |= Q(
            started_at__gte=begins - RUNNING_BACK,
            started_at__isnull=False,
            ended_at__isnull=True,
            skipped_at__isnull=True,
        )
    rows = list(
        tasks.filter(window).select_related("series", "responsible", "started_by", "ended_by", "skipped_by")
    )
    first, last = (moment.astimezone(clock.COPENHAGEN).date() for moment in (begins, ends))
    if isinstance(series, QuerySet):
        series = series.filter(Q(last_on__isnull=True) | Q(last_on__gte=first), first_on__lte=last)
    planned = list(series)
    taking, in_series = _taking_part([row.pk for row in rows], [each.pk for each in planned])
    found = [_of_row(row, taking.get(row.pk, [])) for row in rows if row.cancelled_at is None]
    touched = {(row.series_id, row.due_at) for row in rows}
    for each in planned:
        parts = tuple(in_series.get(each.pk, []))
        for moment in occurrences.times(each, begins, ends):
            if (each.pk, moment) not in touched:
                found.append(_of_series(each, moment, parts))
    return sorted(found, key=lambda line: (line.due_at, line.title, str(line.key)))


_PART = (
    "citizen__sort_key",
    "citizen_id",
    "citizen__key",
    "citizen__first_name",
    "citizen__last_name",
    "effort__title",
    "effort__goal_id",
    "effort__goal__title",
)


def _taking_part(
    task_ids: Collection[int], series_ids: Collection[int]
) -> tuple[dict[int, list[TakingPart]], dict[int, list[TakingPart]]]:
    """Those who take part in the tasks and in the series, in Danish order. One SQL statement for both."""
    in_tasks = TaskCitizen.objects.filter(task__in=task_ids).values_list(Value(0), "task_id", *_PART)
    in_series = TaskSeriesCitizen.objects.filter(series__in=series_ids).values_list(
        Value(1), "series_id", *_PART
    )
    found: tuple[dict[int, list[TakingPart]], dict[int, list[TakingPart]]] = ({}, {})
    rows = sorted(in_tasks.union(in_series, all=True), key=lambda row: row[2:4])
    for which, owner, _sort_key, citizen_id, key, first, last, effort, goal_id, goal in rows:
        part = TakingPart(citizen_id, key, f"{first} {last}", first, effort or "", goal_id, goal or "")
        found[which].setdefault(owner, []).append(part)
    return found


def _of_row(row: Task, parts: list[TakingPart]) -> DueTask:
    return DueTask(
        key=row.key,
        task_id=row.pk,
        series_key=row.series.key if row.series else None,
        series_id=row.series_id,
        due_at=row.due_at,
        title=row.title,
        instruction=row.instruction,
        minutes=row.minutes,
        unit_id=row.unit_id,
        citizen_id=row.citizen_id,
        parts=tuple(parts),
        responsible=str(row.responsible or ""),
        responsible_id=row.responsible_id,
        started_at=row.started_at,
        started_by=str(row.started_by or ""),
        started_by_id=row.started_by_id,
        ended_at=row.ended_at,
        ended_by=str(row.ended_by or ""),
        ended_by_id=row.ended_by_id,
        skipped_at=row.skipped_at,
        skipped_by=str(row.skipped_by or ""),
        skipped_by_id=row.skipped_by_id,
        skipped_reason=row.skipped_reason,
    )


def _of_series(series: TaskSeries, due_at: dt.datetime, parts: tuple[TakingPart, ...]) -> DueTask:
    return DueTask(
        key=rules.occurrence_key(series.key, due_at),
        task_id=None,
        series_key=series.key,
        series_id=series.pk,
        due_at=due_at,
        title=series.title,
        instruction=series.instruction,
        minutes=series.minutes,
        unit_id=series.unit_id,
        citizen_id=series.citizen_id,
        parts=parts,
    )


@dataclass
class Minutes:
    """What was done in a period: how long in all, and how many times."""

    lasted: dt.timedelta = dt.timedelta()
    times: int = 0

    @property
    def minutes(self) -> int:
        """The whole minutes, half a minute up."""
        return rules.whole_minutes(self.lasted)

    def __add__(self, other: Minutes) -> Minutes:
        return Minutes(self.lasted + other.lasted, self.times + other.times)


@dataclass
class Delivered:
    """Delivered minutes of a period, by effort and by goal; `other` is what belonged to no effort."""

    by_effort: dict[int, Minutes] = field(default_factory=dict)
    by_goal: dict[int, Minutes] = field(default_factory=dict)
    other: Minutes = field(default_factory=Minutes)

    @property
    def total(self) -> Minutes:
        """Everything, with and without an effort."""
        return sum(self.by_effort.values(), self.other)


def delivered_minutes(
    first: dt.date,
    last: dt.date,
    *,
    goal_ids: Iterable[int] | None = None,
    effort_ids: Iterable[int] | None = None,
    citizen_id: int | None = None,
) -> Delivered:
    """What was delivered on the days from `first` to `last` (included), Danish time: ended tasks, cut at midnight.

    A group task counts in full for each citizen in it. Narrowed by whichever of the keywords is given. One SQL
    statement; rows that the reader may not see are not counted (row-level security).
    """
    begins, ends = occurrences.midnight(first), occurrences.midnight(last + dt.timedelta(days=1))
    rows = TaskCitizen.objects.filter(
        task__ended_at__isnull=False, task__started_at__lt=ends, task__ended_at__gt=begins
    )
    if goal_ids is not None:
        rows = rows.filter(effort__goal__in=list(goal_ids))
    if effort_ids is not None:
        rows = rows.filter(effort__in=list(effort_ids))
    if citizen_id is not None:
        rows = rows.filter(citizen_id=citizen_id)
    lasted = Least(F("task__ended_at"), Value(ends)) - Greatest(F("task__started_at"), Value(begins))
    found = Delivered()
    for effort, goal, time, times in (
        rows.values_list("effort_id", "effort__goal_id")
        .annotate(time=Sum(lasted, output_field=DurationField()), times=Count("pk"))
        .values_list("effort_id", "effort__goal_id", "time", "times")
    ):
        part = Minutes(time, times)
        if effort is None:
            found.other += part
            continue
        found.by_effort[effort] = part
        found.by_goal[goal] = found.by_goal.get(goal, Minutes()) + part
    return found


@dataclass(frozen=True)
class DidWhat:
    """What one colleague did for a citizen in a period."""

    who: str
    minutes: int
    times: int


def who_did(citizen_id: int, first: dt.date, last: dt.date) -> list[DidWhat]:
    """Who did the citizen's tasks that ended from `first` to `last` (included), most first. One SQL statement."""
    rows = (
        Task.objects.filter(
            Exists(TaskCitizen.objects.filter(task=OuterRef("pk"), citizen_id=citizen_id)),
            ended_at__gte=occurrences.midnight(first),
            ended_at__lt=occurrences.midnight(last + dt.timedelta(days=1)),
        )
        .values("ended_by__full_name", "ended_by__username")
        .annotate(time=Sum(F("ended_at") - F("started_at"), output_field=DurationField()), times=Count("pk"))
        .order_by("-time", "ended_by__username")
    )
    return [
        DidWhat(
            row["ended_by__full_name"] or row["ended_by__username"],
            rules.whole_minutes(row["time"]),
            row["times"],
        )
        for row in rows
    ]
