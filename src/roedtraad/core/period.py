"""Half-open date periods [start, end): the value behind every ``daterange`` column.

The end is the first day that no longer belongs to the period; an open period has no end.
Amounts of time are always whole days.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from psycopg.types.range import DateRange, Range

from roedtraad.core.danish import day as day_text

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A period of at least one day, ``[start, end)``; ``end=None`` means that it is still running.

    Raises ValueError (a Danish sentence) when the end is not after the start.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(
                f"Perioden slutter {day_text(self.end)}, men begynder {day_text(self.start)}. "
                "Slutningen skal ligge efter begyndelsen."
            )

    @classmethod
    def inclusive(cls, first: date, last: date | None) -> "Period":
        """The period from ``first`` to and including ``last`` ("til og med")."""
        if last is None:
            return cls(first, None)
        if last < first:
            raise ValueError(
                f"Den sidste dag, {day_text(last)}, ligger før den første dag, {day_text(first)}."
            )
        if last == date.max:
            raise ValueError("Lad den sidste dag stå tom, når perioden ikke har nogen slutning.")
        return cls(first, last + _ONE_DAY)

    @classmethod
    def year(cls, year: int) -> "Period":
        """The calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """The calendar month (1–12)."""
        start = date(year, month, 1)
        return cls(start, _next_month(start))

    @classmethod
    def from_range(cls, value: Range[Any]) -> "Period":
        """The period of a PostgreSQL ``daterange``, whatever its bounds.

        Raises ValueError for an empty range and for one without a first day.
        """
        if value.isempty or value.lower is None:
            raise ValueError("Perioden mangler en første dag.")
        start = value.lower if value.lower_inc else value.lower + _ONE_DAY
        end = value.upper
        if end is not None and value.upper_inc:
            end += _ONE_DAY
        return cls(start, end)

    def to_range(self) -> DateRange:
        """The same period as a PostgreSQL ``daterange`` with bounds ``[)``."""
        return DateRange(self.start, self.end, "[)")

    @property
    def is_open(self) -> bool:
        """Whether the period has no end."""
        return self.end is None

    @property
    def last(self) -> date | None:
        """The last day that belongs to the period ("til og med"), None when it is open."""
        return None if self.end is None else self.end - _ONE_DAY

    def contains(self, day: date) -> bool:
        """Whether the day belongs to the period."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share at least one day."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    def intersection(self, other: "Period") -> "Period | None":
        """The days the two share, or None."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.end, other.end) if end is not None]
        return Period(max(self.start, other.start), min(ends) if ends else None)

    def days(self, until: date | None = None) -> int:
        """The number of days; with ``until`` only the days before that date count (never below 0).

        Raises ValueError for an open period without ``until``.
        """
        ends = [end for end in (self.end, until) if end is not None]
        if not ends:
            raise ValueError("Perioden har ingen slutning. Angiv en dag at tælle frem til.")
        return max(0, (min(ends) - self.start).days)


def union(periods: Iterable[Period]) -> list[Period]:
    """The same days as ordered, disjoint periods; overlapping and adjacent ones become one."""
    merged: list[Period] = []
    for period in sorted(periods, key=lambda p: p.start):
        previous = merged[-1] if merged else None
        if previous is None or (previous.end is not None and previous.end < period.start):
            merged.append(period)
        elif previous.end is not None and (period.end is None or period.end > previous.end):
            merged[-1] = Period(previous.start, period.end)
    return merged


def subtract(period: Period, others: Iterable[Period]) -> list[Period]:
    """The days of ``period`` that are in none of the others, in order."""
    rest: list[Period] = []
    start = period.start
    for other in union(others):
        shared = period.intersection(other)
        if shared is None:
            continue
        if shared.start > start:
            rest.append(Period(start, shared.start))
        if shared.end is None:
            return rest
        start = shared.end
    if period.end is None or start < period.end:
        rest.append(Period(start, period.end))
    return rest


def gaps(within: Period, periods: Iterable[Period]) -> list[Period]:
    """Where ``within`` is covered by none of the periods."""
    return subtract(within, periods)


def days_overlap(a: Period, b: Period) -> int:
    """How many days the two share; ValueError when both are open and so share endlessly many."""
    shared = a.intersection(b)
    return 0 if shared is None else shared.days()


def months(period: Period) -> Iterator[Period]:
    """The calendar months the period touches, cut to the period so that their days add up to it.

    Raises ValueError for an open period.
    """
    return _pieces(period, _next_month)


def years(period: Period) -> Iterator[Period]:
    """The calendar years the period touches, cut to the period so that their days add up to it.

    Raises ValueError for an open period.
    """
    return _pieces(period, lambda day: date(day.year + 1, 1, 1))


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _pieces(period: Period, next_start: Callable[[date], date]) -> Iterator[Period]:
    end = period.end
    if end is None:
        raise ValueError("Perioden har ingen slutning og kan ikke deles op.")

    def pieces() -> Iterator[Period]:
        start = period.start
        while start < end:
            stop = min(next_start(start), end)
            yield Period(start, stop)
            start = stop

    return pieces()
