"""Rated goals for tests of what has come of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.practice.models import Goal, GoalRating


def rate(user: User, goal: Goal, level: int, day: dt.date, rater: str = "staff") -> GoalRating:
    """A rating at noon of the day."""
    at = dt.datetime.combine(day, dt.time(12), clock.COPENHAGEN)
    return GoalRating.objects.create(
        citizen=goal.citizen, goal=goal, level=level, rater=rater, rated_at=at, written_by=user
    )


def rated(user: User, citizen: Citizen, *levels: int, year: int = 2025, **changes: Any) -> Goal:
    """A goal of the citizen from 1 February of the year, rated on the first of March, April and so on."""
    values = {"title": "Jeg laver mad", "kind": "develop", "starts_on": dt.date(year, 2, 1)} | changes
    goal = Goal.objects.create(citizen=citizen, written_by=user, **values)
    for month, level in enumerate(levels, start=3):
        rate(user, goal, level, dt.date(year, month, 1))
    return goal
