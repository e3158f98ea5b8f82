"""What an alarm's log says, and what follows from it. Pure: no Django, no clock.

An alarm is what its steps say: it was raised, sent to colleagues, answered, passed on to the neighbours, ended. Nothing
of it is kept a second time, so it cannot come to differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

#: Seconds without an answer before the neighbours are called, and between which a unit may choose.
SECONDS, FEWEST_SECONDS, MOST_SECONDS = 60, 5, 900
#: Minutes between two check-ins of somebody who works alone.
MINUTES, FEWEST_MINUTES, MOST_MINUTES = 30, 5, 240

Who = TypeVar("Who")


class Kind(StrEnum):
    """What can happen to an alarm."""

    RAISED = "raised"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    UNANSWERED = "unanswered"
    ENDED = "ended"


#: What shall be heard; the rest only changes what is shown.
CALLS = frozenset({Kind.RAISED, Kind.ESCALATED, Kind.UNANSWERED})


class State(StrEnum):
    """How an alarm stands."""

    OPEN = "open"
    ESCALATED = "escalated"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True)
class Step:
    """One line of an alarm's log: when, and the user or the unit it is about."""

    kind: Kind
    at: dt.datetime
    user: int | None = None
    unit: int | None = None


@dataclass(frozen=True)
class Due:
    """Something to be done about an alarm now; `unit` is the one to call."""

    kind: Kind
    unit: int | None = None


def state(steps: Iterable[Step]) -> State:
    """How the alarm stands by its log. Who answered late has answered; what is ended stays ended."""
    kinds = {step.kind for step in steps}
    if Kind.ENDED in kinds:
        return State.ENDED
    if Kind.ACKNOWLEDGED in kinds:
        return State.ANSWERED
    if Kind.UNANSWERED in kinds:
        return State.UNANSWERED
    return State.ESCALATED if Kind.ESCALATED in kinds else State.OPEN


def units_called(unit: int, steps: Iterable[Step]) -> frozenset[int]:
    """The units whose staff are called: the alarm's own, and those it was passed on to."""
    return frozenset({unit} | {s.unit for s in steps if s.kind == Kind.ESCALATED and s.unit is not None})


def due(
    steps: Sequence[Step],
    *,
    raised_at: dt.datetime,
    seconds: int,
    unit: int,
    neighbours: Collection[int],
    now: dt.datetime,
) -> list[Due]:
    """What has become due: first the neighbours, and as long again after them the word that nobody answers.

    Nothing once somebody is coming. The neighbours' time begins when they were called, also when that was late.
    """
    if state(steps) in (State.ANSWERED, State.ENDED, State.UNANSWERED):
        return []
    called = [step.at for step in steps if step.kind == Kind.ESCALATED]
    if now - max([raised_at, *called]) < dt.timedelta(seconds=seconds):
        return []
    missing = set() if called else set(neighbours) - {unit}
    return [Due(Kind.ESCALATED, one) for one in sorted(missing)] or [Due(Kind.UNANSWERED)]


def on_shift(listening: Mapping[Who, Collection[int]], called: Collection[int]) -> set[Who]:
    """Who of those listening is called: the ones on shift in a unit that is.

    On shift is who has a page of Rødtråd open, connected, and works there. Nothing else is known to the system.
    """
    return {who for who, units in listening.items() if not set(units).isdisjoint(called)}


def is_sounding(steps: Sequence[Step], *, raised_by: int, user: int) -> bool:
    """Shall the alarm be heard at this user's? Not one's own, and not when somebody is coming."""
    return raised_by != user and state(steps) not in (State.ANSWERED, State.ENDED)


def next_check_in(last: dt.datetime, minutes: int) -> dt.datetime:
    """When who works alone must have said that all is well."""
    return last + dt.timedelta(minutes=minutes)


def is_overdue(last: dt.datetime, minutes: int, now: dt.datetime) -> bool:
    """Has that moment passed?"""
    return now >= next_check_in(last, minutes)
