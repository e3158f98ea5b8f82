"""When an appointment takes place. Pure: no Django; repeating itself is `dateutil.rrule` (RFC 5545).

A rule counts in Danish wall time, so that nine o'clock stays nine o'clock when the clocks change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from dateutil import rrule

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.refusal import Refusal

# The ways of repeating that the form offers: the words, and the rule without its last day.
EVERY = {
    "": ("nej", ""),
    "daily": ("hver dag", "FREQ=DAILY"),
    "weekdays": ("hverdage", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "weekly": ("hver uge", "FREQ=WEEKLY"),
    "fortnightly": ("hver anden uge", "FREQ=WEEKLY;INTERVAL=2"),
    "monthly": ("hver måned", "FREQ=MONTHLY"),
}
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "UNTIL", "COUNT", "WKST"}
)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_UNREADABLE = (
    "Gentagelsen kan ikke læses. Vælg den på listen, eller skriv den som i RFC 5545, fx FREQ=WEEKLY;BYDAY=MO."
)
# A series is looked through at most this far from its beginning.
MOST_TIMES = 20_000
# How long one time may last, and how many minutes before it one may be reminded of it.
LONGEST = dt.timedelta(days=31)
EARLIEST_REMINDER = 2 * 24 * 60


@dataclass(frozen=True)
class Plan:
    """When something was agreed for: its first time, a rule that repeats it, and the days that are called off."""

    starts: dt.datetime
    ends: dt.datetime
    rule: str = ""
    except_days: Collection[dt.date] = ()


@dataclass(frozen=True)
class Time:
    """One time it takes place: [starts, ends); `day` is the day it begins on and names it in its series."""

    day: dt.date
    starts: dt.datetime
    ends: dt.datetime


def rule_of(every: str, last: dt.date | None) -> str:
    """The rule for one of `EVERY`, with its last day (included). Refusal for another."""
    if every not in EVERY:
        raise Refusal(_UNREADABLE, "every")
    rule = EVERY[every][1]
    return f"{rule};UNTIL={last:%Y%m%d}T235959" if rule and last is not None else rule


def every_of(rule: str) -> str | None:
    """Which of `EVERY` a rule is; None for one that was written by hand elsewhere."""
    without = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL="))
    return next((name for name, (_words, known) in EVERY.items() if known == without), None)


def check_rule(rule: str, starts: dt.datetime) -> None:
    """Refusal for a rule that cannot be read, repeats within a day, or never takes place."""
    if not rule:
        return
    names = dict(part.partition("=")[::2] for part in rule.split(";"))
    if not set(names) <= _PARTS or names.get("FREQ") not in _FREQUENCIES or "Z" in names.get("UNTIL", ""):
        raise Refusal(_UNREADABLE, "every")
    try:
        first = next(iter(_repeated(rule, starts)), None)
    except (ValueError, TypeError, OverflowError) as error:
        raise Refusal(_UNREADABLE, "every") from error
    if first is None:
        raise Refusal("Gentagelsen slutter, før den begynder. Vælg en senere sidste dag.", "last")


def last_day(plan: Plan) -> dt.date | None:
    """The day the last time begins on; None for a series without end. A single time has its own day."""
    if not plan.rule:
        return _wall(plan.starts).date()
    if not ("UNTIL=" in plan.rule or "COUNT=" in plan.rule):
        return None
    latest = _wall(plan.starts)
    for number, latest in enumerate(_repeated(plan.rule, plan.starts)):  # noqa: B007  the last one is wanted
        if number >= MOST_TIMES:
            return None
    return latest.date()


def times(plan: Plan, begins: dt.datetime, ends: dt.datetime) -> list[Time]:
    """The times that share a moment with [begins, ends), in order, without the days called off."""
    if plan.rule:
        lasts = _wall(plan.ends) - _wall(plan.starts)
        # A day more on either side: the window is in moments, the rule in wall time.
        earliest = _wall(begins) - lasts - dt.timedelta(days=1)
        found = _repeated(plan.rule, plan.starts).between(
            max(earliest, _wall(plan.starts)), _wall(ends) + dt.timedelta(days=1), inc=True
        )
        made = [Time(wall.date(), _aware(wall), _aware(wall + lasts)) for wall in found]
    else:
        made = [Time(_wall(plan.starts).date(), plan.starts, plan.ends)]
    called_off = set(plan.except_days)
    return [
        time
        for time in made
        if time.day not in called_off
        and time.starts.astimezone(dt.UTC) < ends.astimezone(dt.UTC)
        and begins.astimezone(dt.UTC) < time.ends.astimezone(dt.UTC)
    ]


def time_on(plan: Plan, day: dt.date) -> Time | None:
    """The time of the plan that begins on `day`, unless it is called off or there is none."""
    begins = dt.datetime.combine(day, dt.time(), COPENHAGEN)
    ends = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), COPENHAGEN)
    return next((time for time in times(plan, begins, ends) if time.day == day), None)


def words(rule: str) -> str:
    """How often, in words."""
    if not rule:
        return ""
    every = every_of(rule)
    until = next((part[6:14] for part in rule.split(";") if part.startswith("UNTIL=")), "")
    said = EVERY[every][0] if every else "gentages"
    return f"{said} til og med {until[6:8]}.{until[4:6]}.{until[:4]}" if until else said


def _repeated(rule: str, starts: dt.datetime) -> rrule.rrule:
    made = rrule.rrulestr(rule, dtstart=_wall(starts))
    if not isinstance(made, rrule.rrule):
        raise ValueError(rule)
    return made


def _wall(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(COPENHAGEN).replace(tzinfo=None)


def _aware(wall: dt.datetime) -> dt.datetime:
    return wall.replace(tzinfo=COPENHAGEN)
