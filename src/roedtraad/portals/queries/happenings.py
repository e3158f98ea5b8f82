"""What happens for a citizen on some days: from every part of the house that knows of something.

A part is one function in `OWN` (what the citizen sees of it) or `SHARED` (what a relative sees while the citizen
shares the calendar); each answers with at most one or two SQL statements, and hides what the reader must not see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.practice.models import Task, TaskCitizen


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


def tasks(user: User, citizen: Citizen, first: dt.date, last: dt.date) -> list[Happening]:
    """The citizen's tasks, alone or in a group, that are not called off. One SQL statement."""
    begin = dt.datetime.combine(first, dt.time(), clock.COPENHAGEN)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), clock.COPENHAGEN)
    in_group = TaskCitizen.objects.filter(citizen=citizen).values("task")
    found = (
        Task.objects.filter(Q(citizen=citizen) | Q(pk__in=in_group), due_at__gte=begin, due_at__lt=end)
        .filter(cancelled_at__isnull=True, skipped_at__isnull=True)
        .select_related("responsible")
        .order_by("due_at", "pk")
    )
    return [
        Happening(
            at=task.due_at,
            title=task.title,
            note=task.responsible.full_name if task.responsible else "",
            done=task.ended_at is not None,
        )
        for task in found
    ]


OWN: list[Part] = [tasks]
SHARED: list[Part] = []


def happenings(
    parts: list[Part], user: User, citizen: Citizen, first: dt.date, last: dt.date
) -> list[Happening]:
    """Everything from `first` to `last` (included), in the order of the day; what lasts all day comes first."""
    found = [one for part in parts for one in part(user, citizen, first, last)]
    return sorted(found, key=lambda one: (one.day, not one.whole_day, one.at))
