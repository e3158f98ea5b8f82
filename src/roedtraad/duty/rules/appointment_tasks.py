"""When the task of an appointment is due: a fixed time before it begins, in Danish wall time. Pure."""

from __future__ import annotations

import datetime as dt

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.refusal import Refusal
from roedtraad.duty.rules.recurrence import Plan, Time, times
from roedtraad.practice.rules.recurrence import LONGEST_WINDOW

_MINUTE = dt.timedelta(minutes=1)
_DAY = dt.timedelta(days=1)


def minutes_before(starts: dt.datetime, leave: dt.time, *, all_day: bool) -> int:
    """How long before an appointment a task that begins at `leave` the same day is due.

    Less than zero in a whole-day appointment, which begins at midnight. Refusal for a task that begins after the
    appointment has.
    """
    wall = _wall(starts)
    before = int((wall - dt.datetime.combine(wall.date(), leave)) / _MINUTE)
    if before < 0 and not all_day:
        raise Refusal(
            "Opgaven begynder efter aftalen. Skriv, hvornår I skal gå, senest når aftalen begynder.", "leave"
        )
    return before


def due_at(starts: dt.datetime, before: int) -> dt.datetime:
    """When the task of an appointment that begins then is due, in UTC."""
    wall = _wall(starts) - before * _MINUTE
    return wall.replace(tzinfo=COPENHAGEN).astimezone(dt.UTC)


def time_of_day(starts: dt.datetime, before: int) -> dt.time:
    """The time of day a repeated task is due. Refusal when that is the day before the appointment."""
    wall = _wall(starts)
    due = wall - before * _MINUTE
    if due.date() != wall.date():
        raise Refusal(
            "Opgaven ville begynde dagen før aftalen. Ret opgaven, eller fjern den, først.", "leave"
        )
    return due.time()


def next_time(plan: Plan, day: dt.date) -> Time | None:
    """The first time of the plan that begins on the day or later, within a year; also a time that is called off."""
    every = Plan(plan.starts, plan.ends, plan.rule, plan.until)
    begins = max(dt.datetime.combine(day, dt.time(), COPENHAGEN), plan.starts.astimezone(COPENHAGEN) - _DAY)
    found = times(every, begins, begins + LONGEST_WINDOW - 32 * _DAY)
    return next((time for time in found if time.day >= day), None)


def is_time(plan: Plan, day: dt.date) -> bool:
    """Does a time of the plan begin on the day, called off or not?"""
    found = next_time(plan, day)
    return found is not None and found.day == day


def _wall(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(COPENHAGEN).replace(tzinfo=None)
