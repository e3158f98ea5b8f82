"""Goals, efforts and tasks for tests, in few lines."""

from __future__ import annotations

import datetime as dt
from typing import Any

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.practice.models import Effort, Goal

TODAY = dt.date(2026, 6, 15)


def at(hour: int, minute: int = 0, day: dt.date = TODAY) -> dt.datetime:
    """A moment of a day in Danish time; without a day, of the suite's today (a Monday)."""
    return dt.datetime.combine(day, dt.time(hour, minute), clock.COPENHAGEN)


def effort(user: User, citizen: Citizen, title: str = "Madlavning", **kw: Any) -> Effort:
    """An effort of 30 minutes twice a week, for a goal of its own unless `goal` is given."""
    goal = kw.pop("goal", None) or Goal.objects.create(
        citizen=citizen,
        written_by=user,
        title=f"Mål for {title.lower()}",
        kind=Goal.Kind.DEVELOP,
        starts_on=TODAY - dt.timedelta(days=60),
    )
    kw.setdefault("starts_on", TODAY - dt.timedelta(days=60))
    return Effort.objects.create(
        citizen=citizen, written_by=user, goal=goal, title=title, **{"times": 2, "minutes": 30, **kw}
    )
