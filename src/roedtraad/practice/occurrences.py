"""The times of a series of tasks: `rules.recurrence` with what the row says, in UTC."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from roedtraad.core.clock import COPENHAGEN
from roedtraad.practice.rules import recurrence

if TYPE_CHECKING:
    from roedtraad.practice.models import TaskSeries

_DAY = dt.timedelta(days=1)


def times(series: TaskSeries, begins: dt.datetime, ends: dt.datetime) -> list[dt.datetime]:
    """When the series is due in [begins, ends), in order. Counted in Danish wall time: eight o'clock stays eight
    o'clock when the clocks change. ValueError for more than `recurrence.LONGEST_WINDOW`."""
    rule = recurrence.parse(series.rule)
    found = recurrence.occurrences(
        rule, series.first_on, series.at, series.last_on, series.exceptions, between=(begins, ends)
    )
    return [due.astimezone(dt.UTC) for due in found]


def on_day(series: TaskSeries, day: dt.date) -> list[dt.datetime]:
    """When the series is due on the day."""
    return times(series, midnight(day), midnight(day + _DAY))


def coming(
    rule: recurrence.Rule, first_on: dt.date, at: dt.time, last_on: dt.date | None = None, count: int = 5
) -> list[dt.datetime]:
    """The first times of a rule that is not written down yet; none within a year is no time at all."""
    window = (midnight(first_on), midnight(first_on) + recurrence.LONGEST_WINDOW)
    return recurrence.occurrences(rule, first_on, at, last_on, between=window)[:count]


def midnight(day: dt.date) -> dt.datetime:
    """When the day begins in Denmark, in UTC."""
    return dt.datetime.combine(day, dt.time(), COPENHAGEN).astimezone(dt.UTC)
