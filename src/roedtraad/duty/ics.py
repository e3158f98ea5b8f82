"""A calendar as other programs read it (RFC 5545), by the library `icalendar`.

It tells as little as is useful on a phone that lies about: never where, with whom or what for, for a citizen's
appointments. Each time of a series stands for itself, so that what is called off or moved is simply not there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from icalendar import Alarm, Calendar, Event

from roedtraad.core import clock
from roedtraad.duty.queries.calendar import Occurrence

PRODUCT = "-//Rødtråd//Kalender//DA"
REFRESH = dt.timedelta(hours=1)


def calendar_of(occurrences: Iterable[Occurrence], *, with_names: bool, own: bool = False) -> bytes:
    """The times as one calendar. `own`: the reader is the citizen, who sees their own titles."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Rødtråd")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for one in occurrences:
        calendar.add_component(_event(one, with_names=with_names, own=own))
    return calendar.to_ical()


def _event(one: Occurrence, *, with_names: bool, own: bool) -> Event:
    about = one.appointment
    event = Event()
    event.add("uid", f"{about.key}-{one.day:%Y%m%d}@roedtraad")
    event.add("dtstamp", clock.now().astimezone(dt.UTC))
    event.add("sequence", about.version)
    if about.all_day:
        event.add("dtstart", one.starts.astimezone(clock.COPENHAGEN).date())
        event.add("dtend", one.ends.astimezone(clock.COPENHAGEN).date())
    else:
        event.add("dtstart", one.starts.astimezone(dt.UTC))
        event.add("dtend", one.ends.astimezone(dt.UTC))
    event.add("summary", _title(one, with_names=with_names, own=own))
    event.add("class", "PRIVATE")
    if about.reminder_minutes is not None:
        event.add_component(_alarm(about.reminder_minutes, str(event["summary"])))
    return event


def _title(one: Occurrence, *, with_names: bool, own: bool) -> str:
    if one.citizen is None or own:
        return one.appointment.title
    return f"Aftale: {one.citizen.first_name}" if with_names else "Aftale"


def _alarm(minutes: int, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -dt.timedelta(minutes=minutes))
    return alarm
