"""What happens for a citizen on some days: from every part of the house that knows of something.

A part is one function in `OWN` (what the citizen sees of it) or `SHARED` (what a relative sees while the citizen
shares the calendar); each answers with at most one or two SQL statements, and hides what the reader must not see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.duty.queries.calendar import Occurrence, day_bounds, own_agenda, relatives_agenda
from roedtraad.practice.queries.tasks import of_citizen


@dataclass(frozen=True)
class Happening:
    """Something that happens at a time, or on a day: in words, with whom or where, and whether it is done."""

    at: dt.datetime
    title: str
    note: str = ""
    whole_day: bool = False
    done: bool = False
    picture: str = "clock"

    @property
    def day(self) -> dt.date:
        """The day here in Denmark."""
        return self.at.astimezone(clock.COPENHAGEN).date()


Part = Callable[[User, Citizen, dt.date, dt.date], list[Happening]]


def own_tasks(user: User, citizen: Citizen, first: dt.date, last: dt.date) -> list[Happening]:
    """The citizen's tasks, alone or in a group, those of series too. Three SQL statements."""
    return [
        Happening(one.due_at, one.title, note=one.responsible, done=one.state == "done")
        for one in of_citizen(citizen.pk, *day_bounds(first, (last - first).days + 1))
        if one.state != "skipped"
    ]


def own_appointments(user: User, citizen: Citizen, first: dt.date, last: dt.date) -> list[Happening]:
    """The citizen's appointments that they themselves see. One SQL statement."""
    return _agenda(own_agenda(citizen.pk, *day_bounds(first, (last - first).days + 1)))


def shared_appointments(user: User, citizen: Citizen, first: dt.date, last: dt.date) -> list[Happening]:
    """The citizen's appointments that relatives see, while the citizen shares the calendar. One SQL statement."""
    bounds = day_bounds(first, (last - first).days + 1)
    return _agenda(relatives_agenda(user, *bounds, citizen_id=citizen.pk))


def _agenda(times: list[Occurrence]) -> list[Happening]:
    return [
        Happening(
            at=one.starts,
            title=one.appointment.title,
            note=" · ".join(filter(None, (one.appointment.with_whom, one.appointment.place))),
            whole_day=one.appointment.all_day,
        )
        for one in times
    ]


OWN: list[Part] = [own_tasks, own_appointments]
SHARED: list[Part] = [shared_appointments]


def happenings(
    parts: list[Part], user: User, citizen: Citizen, first: dt.date, last: dt.date
) -> list[Happening]:
    """Everything from `first` to `last` (included), in the order of the day; what lasts all day comes first."""
    found = [one for part in parts for one in part(user, citizen, first, last)]
    return sorted(found, key=lambda one: (one.day, not one.whole_day, one.at))
