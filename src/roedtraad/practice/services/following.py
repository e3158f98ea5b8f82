"""Tasks that follow something else, an appointment: moved with it, called off with it, and called back with it.

What somebody has begun, ended or left out is never touched: it happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import transaction

from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.practice import occurrences
from roedtraad.practice.models import Task, TaskSeries
from roedtraad.practice.services.planning import require_planned

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

_DAY = dt.timedelta(days=1)


@transaction.atomic
def follow_to(user: User, task: Task, due_at: dt.datetime | None) -> bool:
    """Let the task be due at another moment, called back if it was called off; None calls it off.

    False when it was begun or is over, and so stands as it did.
    """
    held = Task.objects.select_for_update(of=("self",)).select_related("citizen", "unit").get(pk=task.pk)
    require_planned(user, held)
    if held.started_at is not None or held.skipped_at is not None:
        return False
    with change(user, "opgave følger sin aftale"):
        if due_at is None:
            held.cancelled_at = held.cancelled_at or clock.now()
        else:
            held.due_at, held.cancelled_at = due_at, None
        held.save(update_fields=["due_at", "cancelled_at"])
    return True


@transaction.atomic
def follow_days(
    user: User, series: TaskSeries, *, last_on: dt.date | None, exceptions: Collection[dt.date]
) -> TaskSeries:
    """Let the series have these days left out and this last day (before its first: none at all).

    Touched tasks of days that are gone are called off, those of days that are there again are called back; tasks that
    were begun stay, and so does what was called off on a day that was there all the time.
    """
    held = (
        TaskSeries.objects.select_for_update(of=("self",)).select_related("citizen", "unit").get(pk=series.pk)
    )
    require_planned(user, held)
    gone_before = {task.pk for task in held.tasks.all() if not _is_day(held, task)}
    held.exceptions = sorted(set(exceptions))
    held.last_on = last_on
    if last_on is not None and last_on < held.first_on:
        held.last_on = held.first_on
        held.exceptions = sorted({*exceptions, held.first_on})
    held.version += 1
    with change(user, "gentaget opgave følger sin aftale"):
        held.save(update_fields=["exceptions", "last_on", "version"])
        for task in held.tasks.filter(started_at__isnull=True, skipped_at__isnull=True):
            there = _is_day(held, task)
            if there and task.pk in gone_before and task.cancelled_at is not None:
                _set(task, None)
            elif not there and task.cancelled_at is None:
                _set(task, clock.now())
    return held


def _is_day(series: TaskSeries, task: Task) -> bool:
    """Is the task's moment one of the series' own?"""
    return task.due_at in occurrences.times(series, task.due_at, task.due_at + dt.timedelta(minutes=1))


def _set(task: Task, cancelled_at: Any) -> None:
    task.cancelled_at = cancelled_at
    task.save(update_fields=["cancelled_at"])


def day_task(series: TaskSeries, day: dt.date) -> Task | None:
    """The row of the series' task on a Danish day, when somebody has touched it."""
    return Task.objects.filter(
        series=series, due_at__gte=occurrences.midnight(day), due_at__lt=occurrences.midnight(day + _DAY)
    ).first()
