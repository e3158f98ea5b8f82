"""Moments as one says them on a shift. Pure: no Django."""

from __future__ import annotations

import datetime as dt

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.danish import day as day_words
from roedtraad.core.danish import short_day
from roedtraad.practice.rules.recurrence import WEEKDAYS


def week_start(day: dt.date) -> dt.date:
    """The Monday of the week the day lies in."""
    return day - dt.timedelta(days=day.weekday())


def week_words(first: dt.date) -> str:
    """A week that begins on `first`, by its number (ISO 8601) and days: "Uge 25: 15. juni 2026 – 21. juni 2026"."""
    last = first + dt.timedelta(days=6)
    return f"Uge {first.isocalendar().week}: {day_words(first)} – {day_words(last)}"


def weekday_words(day: dt.date) -> str:
    """A day with its weekday: "Tirsdag 16. juni 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {day_words(day)}".capitalize()


def clock_words(moment: dt.datetime) -> str:
    """The time of day: "kl. 14.05"."""
    return f"kl. {moment.astimezone(COPENHAGEN):%H.%M}"


def moment_words(moment: dt.datetime, now: dt.datetime) -> str:
    """When it was or will be, said today: "kl. 14.05", "i går kl. 22.10", "i morgen kl. 09.00", "12.06.2026 kl. 08.15"."""
    day, today = moment.astimezone(COPENHAGEN).date(), now.astimezone(COPENHAGEN).date()
    named = {0: "", -1: "i går ", 1: "i morgen "}.get((day - today).days)
    return f"{short_day(day) + ' ' if named is None else named}{clock_words(moment)}"


def span_words(starts: dt.datetime, ends: dt.datetime, *, all_day: bool = False) -> str:
    """How long something lasts: "09.00–10.30", "hele dagen", "hele dagen til og med 3. marts 2026"."""
    first, last = starts.astimezone(COPENHAGEN), ends.astimezone(COPENHAGEN)
    if all_day:
        final = (last - dt.timedelta(microseconds=1)).date()
        return "hele dagen" if final == first.date() else f"hele dagen til og med {day_words(final)}"
    if last.date() == first.date():
        return f"{first:%H.%M}–{last:%H.%M}"
    return f"{first:%H.%M} – {short_day(last.date())} {last:%H.%M}"
