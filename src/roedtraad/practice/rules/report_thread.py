"""What a status report is drawn from: the thread as plain values, and the same as JSON that can be locked. Pure.

A report keeps its inputs as they were on the day it was drawn. `as_json` and `from_json` are each other's inverse, so a
locked report can be drawn once more from exactly what it was drawn from.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import Any, TypeVar, Union

from roedtraad.core.danish import day as day_in_words
from roedtraad.practice.rules.assessments import Change
from roedtraad.practice.rules.goals import FollowUp, GoalKind, Rating


class SourceKind(StrEnum):
    """What part of the thread a sentence is drawn from."""

    THREAD = "thread"
    WISH = "wish"
    GOAL = "goal"
    EFFORT = "effort"
    ASSESSMENT = "assessment"
    ATTENDANCE = "attendance"
    NETWORK = "network"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Source:
    """A part of the thread by its key."""

    kind: SourceKind
    key: str


@dataclass(frozen=True, slots=True)
class About:
    """Whom the report is about, where they lived on its last day, and the municipalities that decide and pay."""

    name: str
    born: date
    home: str = ""
    acting: str = ""
    paying: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """The citizen's wish in their own words, whether they had help to write it down, or whether others read it so."""

    key: str
    text: str
    day: date
    with_help: bool = False
    interpreted: bool = False


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with what has been rated and decided. `levels` are the five descriptions, where there are any."""

    key: str
    title: str
    kind: GoalKind
    ratings: tuple[Rating, ...] = ()
    baseline: int | None = None
    levels: Mapping[int, str] = field(default_factory=dict)
    next_follow_up: date | None = None
    decision: FollowUp | None = None
    municipal_goal: str = ""


@dataclass(frozen=True, slots=True)
class EffortLine:
    """An effort with the keys of the goals it serves and its whole minutes in the period."""

    key: str
    name: str
    goals: tuple[str, ...]
    planned: int
    delivered: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """The latest assessment up to the period's last day, and the day of the one it is compared with, if any."""

    key: str
    day: date
    earlier: date | None = None


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """What has changed in one theme since the assessment before. `key` names the later of the two."""

    key: str
    theme: str
    change: Change


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many days of the period the citizen was away, and of what kinds the absences were, in words."""

    key: str
    away: int
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkIndex:
    """How many people stood in each tier of the network map on a day, the nearest first."""

    key: str
    day: date
    primary: int
    secondary: int
    tertiary: int


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """What the citizen has agreed to share with a municipality: since when, and in words what."""

    key: str
    municipality: str
    day: date
    scopes: tuple[str, ...]
    by_guardian: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """All that the report is drawn from. `first` and `last` are the days it covers, both included."""

    key: str
    name: str
    first: date
    last: date
    wishes: tuple[Wish, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    efforts: tuple[EffortLine, ...] = ()
    changes: tuple[AssessmentLine, ...] = ()
    networks: tuple[NetworkIndex, ...] = ()
    assessed: Assessed | None = None
    attendance: Attendance | None = None
    consents: tuple[ConsentLine, ...] = ()
    about: About | None = None


def titles(thread: Thread) -> dict[Source, str]:
    """What each source is called where it is linked to or listed."""
    found = {Source(SourceKind.THREAD, thread.key): "Tråden"}
    for wish in thread.wishes:
        found[Source(SourceKind.WISH, wish.key)] = f"Ønske fra {day_in_words(wish.day)}"
    for goal in thread.goals:
        found[Source(SourceKind.GOAL, goal.key)] = f"Mål: {goal.title}"
    for effort in thread.efforts:
        found[Source(SourceKind.EFFORT, effort.key)] = f"Indsats: {effort.name}"
    for line in thread.changes:
        found[Source(SourceKind.ASSESSMENT, line.key)] = "Udredning"
    if thread.assessed:
        words = f"Udredning {day_in_words(thread.assessed.day)}"
        found[Source(SourceKind.ASSESSMENT, thread.assessed.key)] = words
    if thread.attendance:
        found[Source(SourceKind.ATTENDANCE, thread.attendance.key)] = "Fravær i perioden"
    for network in thread.networks:
        found[Source(SourceKind.NETWORK, network.key)] = f"Netværkskort {day_in_words(network.day)}"
    for consent in thread.consents:
        found[Source(SourceKind.CONSENT, consent.key)] = f"Samtykke fra {day_in_words(consent.day)}"
    return found


Value = TypeVar("Value")


def as_json(value: Any) -> Any:
    """Plain values of the dataclasses here as JSON: days as ISO, tuples as lists, keys of mappings as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: as_json(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    return value


def from_json(data: Any, kind: type[Value]) -> Value:
    """The inverse of `as_json` for a value of this kind. What a later edition has added gets its default."""
    made: Value = _read(data, kind)
    return made


def _read(data: Any, kind: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(one for one in typing.get_args(kind) if one is not type(None))
        return None if data is None else _read(data, inner)
    if origin is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(_read(item, inner) for item in data)
    if origin is not None and issubclass(origin, Mapping):
        key, inner = typing.get_args(kind)
        return {key(name): _read(item, inner) for name, item in data.items()}
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _read(item, hints[name]) for name, item in data.items() if name in hints})  # type: ignore[operator]  # a class
    if isinstance(kind, type) and issubclass(kind, date):
        return kind.fromisoformat(data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    return data
