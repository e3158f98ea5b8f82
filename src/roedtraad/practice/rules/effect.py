"""What the efforts have led to: the curve of a goal, its sentence, and counts by unit that point at nobody. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import inf

from roedtraad.core.period import Period
from roedtraad.core.suppress import THRESHOLD, Node, suppress
from roedtraad.practice.rules.goals import (
    RATED,
    GoalKind,
    Outcome,
    Rater,
    Rating,
    outcome,
    share_of_outcomes,
    signed,
    standing,
    start_level,
)

NUMBER_WORDS = {1: "et", 2: "to", 3: "tre", 4: "fire"}


@dataclass(frozen=True, slots=True)
class EffortSpan:
    """An effort and the days it is valid."""

    key: Hashable
    name: str
    days: Period


@dataclass(frozen=True, slots=True)
class Band:
    """An effort as it is drawn under the curve: cut to the days shown, on a lane where it meets no other.

    `goes_on` says that it has no end, or one after the days shown.
    """

    key: Hashable
    name: str
    days: Period
    lane: int
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """The ratings of a goal, each side its own line in order of days, with the efforts under them."""

    shown: Period
    citizen: tuple[Rating, ...]
    staff: tuple[Rating, ...]
    bands: tuple[Band, ...]
    start: int | None

    @property
    def lanes(self) -> int:
        """How many lanes the bands take up."""
        return 1 + max((band.lane for band in self.bands), default=-1)


@dataclass(frozen=True, slots=True)
class GoalResult:
    """What has come of one goal of one citizen."""

    citizen: Hashable
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with the goals of those who live in it, and the units below it. Goals stand where the citizen lives."""

    key: Hashable
    goals: tuple[GoalResult, ...] = ()
    below: tuple[Unit, ...] = ()

    def walk(self) -> Iterator[Unit]:
        """The unit and all below it, parents first."""
        yield self
        for unit in self.below:
            yield from unit.walk()

    def every_goal(self) -> Iterator[GoalResult]:
        """The goals of the unit and all below it."""
        for unit in self.walk():
            yield from unit.goals


def curve(
    ratings: Iterable[Rating], efforts: Iterable[EffortSpan], shown: Period, baseline: int | None = None
) -> Curve:
    """The curve of a goal over the days shown.

    Ratings of the same day keep their order. An effort gets the first lane that is free on its first day. Raises
    ValueError when the days shown have no end.
    """
    if shown.end is None:
        raise ValueError("Kurven skal have en sidste dag.")
    every = sorted(ratings, key=lambda rating: rating.day)
    lines: dict[Rater, list[Rating]] = {rater: [] for rater in Rater}
    for rating in every:
        if shown.contains(rating.day):
            lines[rating.rater].append(rating)
    return Curve(
        shown,
        tuple(lines[Rater.CITIZEN]),
        tuple(lines[Rater.STAFF]),
        tuple(_bands(efforts, shown)),
        start_level(every, baseline),
    )


def _bands(efforts: Iterable[EffortSpan], shown: Period) -> Iterator[Band]:
    free_from: list[date] = []
    for effort in sorted(efforts, key=lambda item: item.days.start):
        days = effort.days.intersection(shown)
        if days is None or days.end is None:
            continue
        lane = next((n for n, free in enumerate(free_from) if free <= days.start), len(free_from))
        free_from[lane : lane + 1] = [days.end]
        yield Band(effort.key, effort.name, days, lane, effort.days.end is None or effort.days.end > days.end)


def sentence(name: str, kind: GoalKind, ratings: Iterable[Rating], baseline: int | None = None) -> str:
    """Where the citizen, called `name`, stands with a goal: "Målet er nået: Ane ligger på +1, to trin over starten."

    Follows the same rating as `goals.outcome`, and says so when it is the citizen's own because staff has not rated.
    """
    every = list(ratings)
    where, start = standing(every), start_level(every, baseline)
    if where.counts is None or start is None:
        return "Målet er ikke vurderet endnu."
    level = where.counts.level
    lies = "ser sig selv på" if where.staff is None else "ligger på"
    return f"{_OPENING[outcome(kind, every, start)]}: {name} {lies} {signed(level)}, {_from_start(level - start)}."


_OPENING: Mapping[Outcome, str] = {
    Outcome.REACHED: "Målet er nået",
    Outcome.PROGRESSED: "Det går fremad",
    Outcome.KEPT: "Målet står, hvor det begyndte",
    Outcome.LOST: "Det er blevet sværere",
}


def _from_start(steps: int) -> str:
    if not steps:
        return "det samme som ved starten"
    return f"{NUMBER_WORDS[abs(steps)]} trin {'over' if steps > 0 else 'under'} starten"


def outcomes_by_unit(root: Unit, threshold: int = THRESHOLD) -> dict[Hashable, Mapping[Outcome, int] | None]:
    """How many goals of each unit came to what, the units below counted in; None where it must not be shown.

    Only rated goals are counted, and the keys are those of `goals.RATED`. A unit's four counts are shown together or
    not at all. People and not goals are what must not be pointed at, so:

    * a unit is hidden, with all below it, when any of its counts has 1 to `threshold` − 1 people behind it;
    * more is hidden where the size of a hidden group could be found by subtraction (`core.suppress`, once for each
      outcome; what is hidden for one is hidden for all);
    * what is left when the shown units are subtracted from the one above them has nobody or at least `threshold`
      different people behind each count. Somebody who lives in two units is one of them, not two.

    The goals of a unit's own, beside those of the units below it, are protected like a unit below but not shown.
    """
    crowds = {unit.key: _crowds(unit.every_goal()) for unit in root.walk()}
    hidden: set[Hashable] = set()
    for item in RATED:
        published = suppress(_people(root, item, crowds, threshold), threshold)
        hidden |= {place.unit for place, shown in published.items() if shown is None and not place.own}
    for unit in root.walk():
        if unit.key in hidden:
            hidden.update(below.key for below in unit.walk())
    while more := _exposed(root, crowds, hidden, threshold):
        hidden.update(below.key for below in more.walk())
    return {unit.key: None if unit.key in hidden else _counts(unit) for unit in root.walk()}


Crowds = Mapping[Outcome, frozenset[Hashable]]


@dataclass(frozen=True, slots=True)
class _Place:
    """A unit in the tree of people, or the part of it that belongs to no unit below."""

    unit: Hashable
    own: bool = False

    def __str__(self) -> str:
        return f"{self.unit}"


def _crowds(goals: Iterable[GoalResult]) -> Crowds:
    found: dict[Outcome, set[Hashable]] = {item: set() for item in RATED}
    for goal in goals:
        if goal.outcome in found:
            found[goal.outcome].add(goal.citizen)
    return {item: frozenset(crowd) for item, crowd in found.items()}


def _people(unit: Unit, item: Outcome, crowds: Mapping[Hashable, Crowds], threshold: int) -> Node[_Place]:
    place, crowd = _Place(unit.key), crowds[unit.key][item]
    if len(crowd) < threshold or not unit.below:
        return Node(place, len(crowd))
    children = [_people(below, item, crowds, threshold) for below in unit.below]
    if unit.goals:
        children.append(Node(_Place(unit.key, own=True), len(_crowds(unit.goals)[item])))
    return Node(place, sum(child.count for child in children), tuple(children))


def _exposed(
    root: Unit, crowds: Mapping[Hashable, Crowds], hidden: set[Hashable], threshold: int
) -> Unit | None:
    """One more unit that must be hidden, None when nothing small is left by subtraction."""
    for unit in root.walk():
        if unit.key in hidden or not unit.below:
            continue
        own = _crowds(unit.goals)
        for item in RATED:
            away = [crowds[below.key][item] for below in unit.below if below.key in hidden]
            if not 0 < len(own[item].union(*away)) < threshold:
                continue
            shown = [below for below in unit.below if below.key not in hidden]
            ranked = [(len(crowds[below.key][item]) or inf, str(below.key), below) for below in shown]
            return min(ranked, key=lambda entry: entry[:2])[2] if ranked else unit
    return None


def _counts(unit: Unit) -> dict[Outcome, int]:
    counts = share_of_outcomes(goal.outcome for goal in unit.every_goal()).counts
    return {item: counts[item] for item in RATED}
