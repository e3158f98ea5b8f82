"""When a task may be said to have begun and ended, and what it is called. Pure: no Django.

Minutes are measured between two taps. Where nobody tapped when it began, they are the planned ones, said by the one
who did it; and a task that was forgotten is not measured until somebody has said how long it took.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from uuid import UUID

from roedtraad.core import ids
from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.danish import short_day
from roedtraad.core.refusal import Refusal

# A phone that was without a net tells what happened when it is back; older than this is written as a note.
LONGEST_BACK = dt.timedelta(days=7)
# A phone's clock may be a little fast.
FAST = dt.timedelta(minutes=2)
# A task that has run for longer than a shift was forgotten.
FORGOTTEN = dt.timedelta(hours=12)
LONGEST_MINUTES = 24 * 60

# Why a task was not done, to choose with one tap.
REASONS = (
    "Borgeren ville ikke",
    "Borgeren var ikke hjemme",
    "Borgeren sov",
    "Borgeren var syg",
    "Borgeren klarede det selv",
    "Vi nåede det ikke",
)


def occurrence_key(series_key: UUID, due_at: dt.datetime) -> UUID:
    """The key of one time of a series: the same whoever touches it first, and in whichever time zone."""
    return ids.stable_id("task", series_key, due_at.astimezone(dt.UTC).isoformat())


def moment(at: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """When it happened: now, or when the phone says. Refusal for the future and for more than seven days ago."""
    if at is None:
        return now
    if at.tzinfo is None:
        at = at.replace(tzinfo=COPENHAGEN)
    if at > now + FAST:
        raise Refusal("Tidspunktet ligger i fremtiden. Se efter, om telefonens ur går rigtigt.", "at")
    if at < now - LONGEST_BACK:
        raise Refusal(
            "Tidspunktet ligger mere end 7 dage tilbage. Skriv det som et notat i stedet, så datoen er tydelig.",
            "at",
        )
    return min(at, now)


def ended(started_at: dt.datetime, at: dt.datetime, minutes: int | None) -> dt.datetime:
    """When a task that began then ended: at `at`, or so many minutes after it began, when somebody says how many.

    Refusal for an end before the beginning, for minutes that reach past `at`, and for a task that was forgotten.
    """
    if minutes is not None:
        over = started_at + dt.timedelta(minutes=checked_minutes(minutes))
        if over > at + FAST:
            raise Refusal(
                f"Opgaven blev begyndt {clock_words(started_at, at)}, så den kan ikke have varet så længe endnu.",
                "minutes",
            )
        return min(over, at)
    if at < started_at:
        raise Refusal(f"Opgaven blev begyndt {clock_words(started_at, at)}. Den kan ikke slutte før.", "at")
    if at - started_at > FORGOTTEN:
        raise Refusal(
            f"Opgaven blev begyndt {clock_words(started_at, at)}. Skriv, hvor mange minutter den tog.",
            "minutes",
        )
    return at


def began(ended_at: dt.datetime, minutes: int | None, planned: int | None) -> dt.datetime:
    """When a task began that nobody started: the minutes said, else the planned ones, before it ended."""
    said = minutes if minutes is not None else planned
    if said is None:
        raise Refusal("Skriv, hvor mange minutter opgaven tog.", "minutes")
    return ended_at - dt.timedelta(minutes=checked_minutes(said))


def checked_minutes(minutes: int) -> int:
    """The minutes, when a task can take that many. Refusal otherwise."""
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Refusal("Skriv et antal minutter mellem 1 og 1440.", "minutes")
    return minutes


def same_day(moment: dt.datetime, now: dt.datetime) -> bool:
    """Was it today, in Danish time?"""
    return moment.astimezone(COPENHAGEN).date() == now.astimezone(COPENHAGEN).date()


def clock_words(moment: dt.datetime, now: dt.datetime) -> str:
    """When it was, said now: "kl. 14.05", "i går kl. 22.10", "12.06.2026 kl. 08.15"."""
    then = moment.astimezone(COPENHAGEN)
    days = (now.astimezone(COPENHAGEN).date() - then.date()).days
    day = {0: "", 1: "i går "}.get(days, f"{short_day(then.date())} ")
    return f"{day}kl. {then:%H.%M}"


def whole_minutes(lasted: dt.timedelta) -> int:
    """The time in whole minutes, half a minute up."""
    return int((lasted.total_seconds() + 30) // 60)


def names_somebody(text: str, names: Iterable[str]) -> str:
    """The first of the names that stands as a word in the text; empty when none does."""
    words = set(re.findall(r"\w+", text.casefold()))
    return next((name for name in names if set(re.findall(r"\w+", name.casefold())) & words), "")
