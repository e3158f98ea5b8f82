"""Planned and delivered minutes of efforts: planned from how often, delivered from the tasks that were done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Greatest, Least

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.period import Period
from roedtraad.practice.models import Effort, TaskCitizen
from roedtraad.practice.rules import delivery


def with_delivered(efforts: QuerySet[Effort], first: dt.date, last: dt.date) -> QuerySet[Any]:
    """The efforts with `delivered`: the time (or None) that was given on the days from `first` to `last`, both included.

    As `practice.rules.delivery` counts it: a group task counts in full for each who took part, and of a task over
    midnight the part on the days counts. No SQL statement more.
    """
    given, spent = _given(first, last)
    return efforts.annotate(
        delivered=Subquery(
            given.filter(effort=OuterRef("pk")).values("effort").annotate(total=Sum(spent)).values("total")
        )
    )


def delivered_of(effort_ids: Collection[int], first: dt.date, last: dt.date) -> dict[int, dt.timedelta]:
    """The same for many efforts at once, by their numbers; those without any are left out. One SQL statement."""
    given, spent = _given(first, last)
    totals = given.filter(effort__in=effort_ids).values_list("effort").annotate(total=Sum(spent))
    return dict(totals)


def _given(first: dt.date, last: dt.date) -> tuple[QuerySet[TaskCitizen], ExpressionWrapper]:
    """Who took part in what was done on the days, and the expression for how long on those days."""
    begin = dt.datetime.combine(first, dt.time.min, COPENHAGEN)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, COPENHAGEN)
    spent = ExpressionWrapper(
        Least("task__ended_at", end) - Greatest("task__started_at", begin), output_field=DurationField()
    )
    return TaskCitizen.objects.filter(task__ended_at__gt=begin, task__started_at__lt=end), spent


def minutes(time: dt.timedelta | None) -> int:
    """Whole minutes of a length of time; none is 0."""
    return round(time.total_seconds() / 60) if time else 0


def planned_minutes(effort: Effort, first: dt.date, last: dt.date) -> int:
    """Minutes agreed for the effort on the days from `first` to `last` (both included). No SQL."""
    valid = Period.inclusive(effort.starts_on, effort.ends_on) if effort.ends_on else Period(effort.starts_on)
    agreement = delivery.Agreement(effort.times, delivery.Per(effort.per), effort.minutes, valid)
    return round(delivery.planned_minutes(agreement, Period.inclusive(first, last)))
