"""What is to be done again and again, and what was done of it in the last weeks. Pure.

A series delivers an effort. Those of one unit who work on the same goal with something done together share one.
The days somebody touched become tasks: done with measured minutes, or skipped with a reason.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from roedtraad.demo import distributions as d
from roedtraad.demo.draws import stream
from roedtraad.demo.phrases import compose
from roedtraad.demo.phrases.kinds import DAY_SHIFT, NIGHT
from roedtraad.demo.record_people import WORKPLACE, Resident, key_of, moment
from roedtraad.demo.record_thread import EffortPlan, GoalPlan
from roedtraad.practice.rules.tasks import occurrence_key

WEEKS, WORKPLACE_WEEKS = 4, 8
# Of what was planned so much at least is done; each time takes so much of the time meant for it. Together they keep
# what was delivered between 60 and 110 per cent.
DONE_LEAST, DONE_MOST, LENGTH = 0.75, 1.0, (0.84, 1.08)
SKIPPED_SHARE = 0.7
# What is done together by those of a unit who work on the same goal.
TOGETHER, GROUP_SIZE = ("activity",), (2, 6)
# The hours a task may be due at, by the first shift that sees the goal.
HOURS = {DAY_SHIFT: (8, 14), "evening": (16, 20), NIGHT: (21, 22)}
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAILY = "FREQ=DAILY"


@dataclass(frozen=True, slots=True)
class Share:
    """A citizen and the effort a series delivers for them: places in the list of goals and in the goal's efforts."""

    citizen: UUID
    goal: int
    effort: int


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """A task that comes again. `citizen` is None for a group; `shares` are those it is for."""

    key: UUID
    unit: str
    citizen: UUID | None
    title: str
    minutes: int
    rule: str
    weekdays: tuple[int, ...]
    first_on: dt.date
    last_on: dt.date | None
    at: dt.time
    written_at: dt.datetime
    by: str
    shares: tuple[Share, ...]
    staff: tuple[str, ...]
    first_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A day of a series that somebody touched: done from `started_at` to `ended_at`, or skipped with `reason`."""

    key: UUID
    due_at: dt.datetime
    by: str
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    skipped_at: dt.datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    resident: Resident
    goal: GoalPlan
    effort: EffortPlan
    share: Share


def series(threads: Iterable[tuple[Resident, Sequence[GoalPlan]]], seed: int) -> Iterator[SeriesPlan]:
    """The series of all efforts that run on the last day, groups first."""
    alone: list[_Wanted] = []
    together: Mapping[tuple[str, str, str], list[_Wanted]] = defaultdict(list)
    for resident, goals in threads:
        for wanted in _running(resident, goals):
            named = resident.person.first_name in wanted.effort.title
            if wanted.effort.method in TOGETHER and not named:
                together[resident.unit, wanted.goal.bundle.key, wanted.effort.title].append(wanted)
            else:
                alone.append(wanted)
    least, most = GROUP_SIZE
    for (unit, *_), members in sorted(together.items(), key=lambda item: item[0]):
        for i in range(0, len(members), most):
            group = members[i : i + most]
            if len(group) < least:
                alone += group
            else:
                yield _series(
                    stream(seed, "group", unit, group[0].share.citizen, group[0].goal.bundle.key), group
                )
    for wanted in alone:
        yield _series(
            wanted.resident.draws(seed, "series", wanted.goal.bundle.key, wanted.share.effort), [wanted]
        )


def _running(resident: Resident, goals: Sequence[GoalPlan]) -> Iterator[_Wanted]:
    if resident.gone:
        return
    for g, goal in enumerate(goals):
        for e, effort in enumerate(goal.efforts):
            if effort.ends_on is None:
                yield _Wanted(resident, goal, effort, Share(resident.key, g, e))


def _series(rng: random.Random, members: Sequence[_Wanted]) -> SeriesPlan:
    first = members[0]
    effort, resident = first.effort, first.resident
    shift = first.goal.bundle.at[0]
    low, high = HOURS[DAY_SHIFT if resident.by_day_only else shift]
    week = range(5) if any(member.resident.by_day_only for member in members) else range(7)
    weekdays = tuple(sorted(rng.sample(week, min(effort.times_a_week, len(week)))))
    at = dt.time(rng.randint(low, high), rng.choice((0, 15, 30, 45)))
    # A group begins when its last member has come.
    first_on = max(member.effort.starts_on for member in members)
    written_at = moment(first_on, rng.randint(8 * 60, 9 * 60))
    return SeriesPlan(
        key=key_of(rng, written_at),
        unit=resident.unit,
        citizen=resident.key if len(members) == 1 else None,
        title=effort.title,
        minutes=effort.minutes,
        rule=DAILY if len(weekdays) == 7 else f"FREQ=WEEKLY;BYDAY={','.join(CODES[day] for day in weekdays)}",
        weekdays=weekdays,
        first_on=first_on,
        last_on=None,
        at=at,
        written_at=written_at,
        by=effort.responsible,
        shares=tuple(member.share for member in members),
        staff=resident.staff,
        first_names=tuple(member.resident.person.first_name for member in members),
    )


def tasks(
    plan: SeriesPlan,
    persons: Mapping[UUID, compose.Person],
    away: Mapping[UUID, Collection[dt.date]],
    seed: int,
) -> list[TaskPlan]:
    """The days of the last weeks that somebody touched, in order."""
    rng = stream(seed, "tasks", plan.key)
    weeks = WORKPLACE_WEEKS if plan.unit == WORKPLACE else WEEKS
    begin = max(plan.first_on, d.CUT_DAY - dt.timedelta(days=weeks * 7 - 1))
    days = [
        day
        for day in (begin + dt.timedelta(days=n) for n in range((d.CUT_DAY - begin).days + 1))
        if day.weekday() in plan.weekdays
    ]
    done = set(rng.sample(days, math.ceil(len(days) * rng.uniform(DONE_LEAST, DONE_MOST))))
    usual = rng.uniform(*LENGTH)
    # A group goes on without the one who is away.
    not_there = away.get(plan.citizen, ()) if plan.citizen else ()
    made = []
    for day in days:
        due = dt.datetime.combine(day, plan.at, moment(day, 0).tzinfo)
        by = rng.choice(plan.staff)
        if day in not_there:
            made.append(_skipped(plan, due, by, "Ikke på stedet på tidspunktet."))
        elif day in done:
            started = due + dt.timedelta(minutes=rng.randint(-5, 20))
            # Measured by the second, around what this series usually takes.
            seconds = max(60, round(plan.minutes * 60 * usual * rng.uniform(0.97, 1.02)))
            ended = started + dt.timedelta(seconds=seconds)
            made.append(TaskPlan(occurrence_key(plan.key, due), due, by, started, ended, None, ""))
        elif rng.random() < SKIPPED_SHARE:
            reason = compose.skip_reason(rng, persons[plan.shares[0].citizen])
            if plan.citizen is None and any(name in reason for name in plan.first_names):
                reason = "For mange aftaler samme dag."
            made.append(_skipped(plan, due, by, reason))
    return made


def _skipped(plan: SeriesPlan, due: dt.datetime, by: str, reason: str) -> TaskPlan:
    at = due + dt.timedelta(minutes=30)
    return TaskPlan(occurrence_key(plan.key, due), due, by, None, None, at, reason)
