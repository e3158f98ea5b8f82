"""Planned against delivered minutes of an effort. Pure, and exact: minutes are fractions until they are shown.

Neither is ever typed: the planned follow from what is agreed (how often, how long), the delivered from the tasks that
were started and ended. Both may be cut into weeks or months without a second getting lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.period import Period, months
from roedtraad.core.refusal import Refusal
from roedtraad.core.shares import percent_of

DAYS_A_WEEK = 7
MOST_TIMES = 200
LONGEST_TIME = 24 * 60


class Per(StrEnum):
    """What an effort's frequency counts in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


PER_WORDS = {Per.DAY: "om dagen", Per.WEEK: "om ugen", Per.MONTH: "om måneden"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is agreed for one effort of one citizen: so many times, of so many minutes, while it is valid.

    Raises Refusal, with the field, for numbers that cannot be meant.
    """

    times: int
    per: Per
    minutes: int
    valid: Period

    def __post_init__(self) -> None:
        if not 1 <= self.times <= MOST_TIMES:
            raise Refusal(f"Skriv, hvor mange gange, fra 1 til {MOST_TIMES}.", "times")
        if not 1 <= self.minutes <= LONGEST_TIME:
            raise Refusal("Skriv, hvor mange minutter hver gang varer, fra 1 til 1.440 (et døgn).", "minutes")


@dataclass(frozen=True, slots=True)
class Task:
    """A task as one worker did it, for one citizen or a group. `start` and `end` are aware and kept in UTC.

    Without an end it is not over. Raises ValueError when a time is naive or the end lies before the start.
    """

    key: Hashable
    worker: Hashable
    citizens: frozenset[Hashable]
    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise ValueError("En opgaves tider skal have en tidszone.")
        # Two times of one zone compare by the clock on the wall, which shows an hour twice in autumn.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        if self.end is not None:
            object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end is not None and self.end < self.start:
            raise ValueError("Opgaven slutter, før den begynder. Ret et af klokkeslættene.")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two tasks the same worker did at once. Both count; it is shown so that a forgotten end is found."""

    worker: Hashable
    first: Task
    second: Task
    minutes: Fraction


@dataclass(frozen=True, slots=True)
class Delivery:
    """Planned and delivered minutes of a period."""

    planned: Fraction
    delivered: Fraction

    @property
    def share(self) -> Decimal | None:
        """Delivered in per cent of planned, one decimal; None when nothing was planned."""
        if not self.planned:
            return None
        part = self.delivered / self.planned
        return percent_of(part.numerator, part.denominator)

    def __add__(self, other: Delivery) -> Delivery:
        return Delivery(self.planned + other.planned, self.delivered + other.delivered)


@dataclass(frozen=True, slots=True)
class Week:
    """A week that begins on a Monday, cut to the period that was asked for."""

    monday: date
    days: Period
    delivery: Delivery


def planned_minutes(agreement: Agreement, window: Period) -> Fraction:
    """The minutes agreed for the days of the window.

    A week's minutes are spread evenly over its seven days and a month's over the days of that calendar month, so that
    a period that begins in the middle of a week plans for the part that is in it. Raises ValueError for an open window.
    """
    if window.end is None:
        raise ValueError("Perioden har ingen slutning. Angiv en sidste dag.")
    shared = agreement.valid.intersection(window)
    if shared is None:
        return Fraction(0)
    each = Fraction(agreement.times * agreement.minutes)
    match agreement.per:
        case Per.DAY:
            return each * shared.days()
        case Per.WEEK:
            return each * shared.days() / DAYS_A_WEEK
        case Per.MONTH:
            return sum(
                (
                    each * part.days() / Period.month(part.start.year, part.start.month).days()
                    for part in months(shared)
                ),
                Fraction(0),
            )


def task_minutes(task: Task, window: Period) -> Fraction:
    """The minutes of the task that lie on the days of the window, Danish time; 0 while it has no end.

    Time that passed counts, so the night the clock is set back is an hour longer.
    """
    if task.end is None:
        return Fraction(0)
    start = max(task.start, _midnight(window.start))
    end = task.end
    if window.end is not None:
        end = min(end, _midnight(window.end))
    return _minutes(end - start) if end > start else Fraction(0)


def delivered_minutes(tasks: Iterable[Task], window: Period, citizen: Hashable) -> Fraction:
    """What the citizen got in the window: every task, with each worker's time, and group tasks in full."""
    return sum((task_minutes(task, window) for task in tasks if citizen in task.citizens), Fraction(0))


def delivered_by_citizen(tasks: Iterable[Task], window: Period) -> dict[Hashable, Fraction]:
    """The same for everybody in the tasks at once; a group task counts in full for each who took part."""
    found: dict[Hashable, Fraction] = defaultdict(Fraction)
    for task in tasks:
        minutes = task_minutes(task, window)
        for citizen in task.citizens:
            found[citizen] += minutes
    return dict(found)


def overlaps(tasks: Iterable[Task]) -> list[Overlap]:
    """Where a worker did two tasks at once, each pair once, in the order they began."""
    ended = sorted(
        ((task, task.end) for task in tasks if task.end is not None and task.end > task.start),
        key=lambda item: (str(item[0].worker), item[0].start, item[1]),
    )
    found: list[Overlap] = []
    for worker, own in groupby(ended, key=lambda item: item[0].worker):
        going: list[tuple[Task, datetime]] = []
        for task, end in own:
            going = [item for item in going if item[1] > task.start]
            found.extend(
                Overlap(worker, other, task, _minutes(min(other_end, end) - task.start))
                for other, other_end in going
            )
            going.append((task, end))
    return found


def delivery(
    agreements: Iterable[Agreement], tasks: Iterable[Task], window: Period, citizen: Hashable
) -> Delivery:
    """What was planned and what the citizen got in the window."""
    planned = sum((planned_minutes(agreement, window) for agreement in agreements), Fraction(0))
    return Delivery(planned, delivered_minutes(tasks, window, citizen))


def by_week(
    agreements: Iterable[Agreement], tasks: Iterable[Task], window: Period, citizen: Hashable
) -> list[Week]:
    """The same week by week; the weeks add up to the window. Raises ValueError for an open window."""
    agreed, done = list(agreements), list(tasks)
    return [Week(monday, part, delivery(agreed, done, part, citizen)) for monday, part in _weeks(window)]


def whole(minutes: Fraction) -> int:
    """The minutes as they are shown: whole, half rounded up."""
    return int(minutes + Fraction(1, 2))


def _weeks(window: Period) -> Iterator[tuple[date, Period]]:
    if window.end is None:
        raise ValueError("Perioden har ingen slutning. Angiv en sidste dag.")
    start = window.start
    while start < window.end:
        monday = start - timedelta(days=start.weekday())
        stop = min(monday + timedelta(days=DAYS_A_WEEK), window.end)
        yield monday, Period(start, stop)
        start = stop


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), COPENHAGEN).astimezone(UTC)


def _minutes(length: timedelta) -> Fraction:
    return Fraction(length // timedelta(microseconds=1), 60_000_000)
