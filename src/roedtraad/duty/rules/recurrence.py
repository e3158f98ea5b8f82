"""When an appointment takes place. Pure; what comes again is read and laid out by `practice.rules.recurrence`.

A rule counts in Danish wall time, so that nine o'clock stays nine o'clock when the clocks change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.danish import short_day
from roedtraad.core.refusal import Refusal
from roedtraad.practice.rules import recurrence as rules

# The ways of repeating that the form offers, in words.
EVERY = {
    "": "nej",
    "daily": "hver dag",
    "workdays": "alle hverdage",
    "weekly": "hver uge, samme ugedag",
    "fortnightly": "hver anden uge, samme ugedag",
    "monthly": "hver måned, samme dato",
}
# How long one time may last, and how many minutes before it one may be reminded of it.
LONGEST = dt.timedelta(days=31)
EARLIEST_REMINDER = 2 * 24 * 60
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """When something was agreed for: its first time, a rule that repeats it up to a last day, and days called off."""

    starts: dt.datetime
    ends: dt.datetime
    rule: str = ""
    until: dt.date | None = None
    except_days: Collection[dt.date] = ()


@dataclass(frozen=True)
class Time:
    """One time it takes place: [starts, ends); `day` is the day it begins on and names it in its series."""

    day: dt.date
    starts: dt.datetime
    ends: dt.datetime


def rule_of(every: str, first: dt.date) -> str:
    """The rule for one of `EVERY`, on the weekday or date of the first day. Refusal for another."""
    match every:
        case "":
            return ""
        case "daily":
            return rules.daily().text
        case "workdays":
            return rules.workdays().text
        case "weekly":
            return rules.weekly([first.weekday()]).text
        case "fortnightly":
            return rules.weekly([first.weekday()], 2).text
        case "monthly":
            return rules.monthly(first.day).text
    raise Refusal(rules.UNKNOWN, "every")


def every_of(rule: str, first: dt.date) -> str | None:
    """Which of `EVERY` a rule is for something that begins on `first`; None for one that was written elsewhere."""
    return next((name for name in EVERY if rule_of(name, first) == rule), None)


def check(plan: Plan) -> None:
    """Refusal for a rule that cannot be read, and for a series that ends before its first time."""
    if not plan.rule:
        return
    try:
        rules.parse(plan.rule)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, "every") from refusal
    if _wall(plan.ends) <= _wall(plan.starts):
        raise Refusal("Aftalen slutter, før den begynder. Ret sluttidspunktet.", "ends_at")
    if plan.until is not None and not times(plan, plan.starts, plan.starts + rules.LONGEST_WINDOW - LONGEST):
        raise Refusal("Gentagelsen slutter, før den begynder. Vælg en senere sidste dag.", "until")


def times(plan: Plan, begins: dt.datetime, ends: dt.datetime) -> list[Time]:
    """The times that share a moment with [begins, ends), in order, without the days called off.

    ValueError for a window of much more than a year.
    """
    if plan.rule:
        lasts = _wall(plan.ends) - _wall(plan.starts)
        first = _wall(plan.starts)
        made = [
            Time(start.date(), start, _aware(_wall(start) + lasts))
            for start in rules.occurrences(
                rules.parse(plan.rule),
                first.date(),
                first.time(),
                plan.until,
                plan.except_days,
                # A day more: the window is in moments, the length in wall time.
                between=(begins - lasts - _ONE_DAY, ends),
            )
        ]
    else:
        made = [Time(_wall(plan.starts).date(), plan.starts, plan.ends)]
    return [
        time
        for time in made
        if _instant(time.starts) < _instant(ends) and _instant(begins) < _instant(time.ends)
    ]


def time_on(plan: Plan, day: dt.date) -> Time | None:
    """The time of the plan that begins on `day`, unless it is called off or there is none."""
    begins = dt.datetime.combine(day, dt.time(), COPENHAGEN)
    ends = dt.datetime.combine(day + _ONE_DAY, dt.time(), COPENHAGEN)
    return next((time for time in times(plan, begins, ends) if time.day == day), None)


def words(rule: str, until: dt.date | None) -> str:
    """How often, in words: "hver mandag til og med 01.12.2026"; empty for what is once."""
    if not rule:
        return ""
    said = rules.in_words(rules.parse(rule))
    return said if until is None else f"{said} til og med {short_day(until)}"


def _wall(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(COPENHAGEN).replace(tzinfo=None)


def _aware(wall: dt.datetime) -> dt.datetime:
    return wall.replace(tzinfo=COPENHAGEN)


def _instant(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)
