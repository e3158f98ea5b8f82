"""Tråden: a citizen's record as one picture, from the wish through goals and efforts to what came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.design.steps import StepsChart, steps_chart
from roedtraad.practice.models import Wish
from roedtraad.practice.queries.goals import Lane, days_back, goals_of, lanes, wishes_now
from roedtraad.practice.rules.goals import LEVELS

PERIOD = 28
SHOWN_MONTHS = 12


@dataclass(frozen=True)
class Strand:
    """A wish, and the goals that come of it. The last strand has no wish: goals that nobody has tied to one."""

    wish: Wish | None
    lanes: list[Lane]


@dataclass(frozen=True)
class Thread:
    """The whole picture: strands, and sums over the last four weeks in minutes."""

    strands: list[Strand]
    goals: int
    reached: int
    planned: int
    delivered: int
    since: dt.date

    @property
    def share(self) -> int | None:
        """Delivered of planned minutes, in per cent; None when nothing was planned."""
        return round(100 * self.delivered / self.planned) if self.planned else None


def thread(citizen: Citizen) -> Thread:
    """The citizen's thread today: the goals that run, under the wishes they come of. Seven SQL statements."""
    since = days_back(PERIOD)
    wishes = list(wishes_now(citizen).select_related("written_by"))
    goals = list(goals_of(citizen, closed=False))
    found = lanes(goals, since=since)
    newest = {wish.pk: wish for wish in wishes}
    strands = [Strand(wish, [lane for lane in found if lane.goal.wish_id == wish.pk]) for wish in wishes]
    loose = [lane for lane in found if lane.goal.wish_id not in newest]
    if loose:
        strands.append(Strand(None, loose))
    every = [lane for top in found for lane in (top, *top.subgoals)]
    return Thread(
        strands=strands,
        goals=len(every),
        reached=sum(lane.outcome == "reached" for lane in every),
        planned=sum(lane.planned for lane in every),
        delivered=sum(lane.delivered for lane in every),
        since=since,
    )


def curve(lane: Lane, *, width: int = 560) -> StepsChart | None:
    """The goal's ratings over time with its efforts under; None before anybody has rated."""
    if not lane.ratings or not lane.goal.levels:
        return None
    today = clock.today()
    days = [(rating.rated_at.astimezone(clock.COPENHAGEN).date(), rating) for rating in lane.ratings]
    first = max(min(lane.goal.starts_on, days[0][0]), today - dt.timedelta(days=31 * SHOWN_MONTHS))
    last = max(lane.goal.closed_on or today, days[-1][0])
    names = {"staff": "personalet", "citizen": "borgeren"}
    series = [
        (
            names[rater],
            [(day, rating.level) for day, rating in days if rating.rater == rater and day >= first],
        )
        for rater in ("staff", "citizen")
    ]
    bars = [
        (row.effort.title, "", max(row.effort.starts_on, first), row.effort.ends_on)
        for row in lane.efforts
        if row.effort.starts_on <= last and (row.effort.ends_on is None or row.effort.ends_on >= first)
    ]
    levels = list(zip(LEVELS, lane.goal.levels, strict=True))
    return steps_chart(series, levels, bars, first=first, last=last, width=width)
