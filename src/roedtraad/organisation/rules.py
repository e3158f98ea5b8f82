"""The organisation's rules as pure functions: what differs, what became of a unit, what fits.

Nothing here knows the database; the queries and services bring plain values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from roedtraad.core.period import Period, gaps

# People first: a reader asks how many work there before how many full-time posts it makes.
_MEASURES = ("medarbejdere", "ansatte", "fastansatte")


class ChangeKind(StrEnum):
    """What can differ about a unit between two days."""

    APPEARED = "appeared"
    DISAPPEARED = "disappeared"
    RENAMED = "renamed"
    MOVED = "moved"
    OTHER_KIND = "other_kind"
    OTHER_MANAGER = "other_manager"
    OTHER_MUNICIPALITY = "other_municipality"


@dataclass(frozen=True)
class UnitFacts:
    """What is compared about a unit. Parent and municipality by their keys."""

    key: str
    kind: str
    name: str
    parent: str = ""
    manager_title: str = ""
    municipality: str = ""


Picture = Mapping[str, UnitFacts]

_COMPARED: tuple[tuple[ChangeKind, str], ...] = (
    (ChangeKind.RENAMED, "name"),
    (ChangeKind.MOVED, "parent"),
    (ChangeKind.OTHER_KIND, "kind"),
    (ChangeKind.OTHER_MANAGER, "manager_title"),
    (ChangeKind.OTHER_MUNICIPALITY, "municipality"),
)


@dataclass(frozen=True)
class Change:
    """One difference about one unit; `before` and `after` are the values that differ.

    For a unit that appeared or disappeared, `before` and `after` are empty and its name.
    """

    key: str
    kind: ChangeKind
    before: str
    after: str


def diff(before: Picture, after: Picture) -> list[Change]:
    """What differs between two pictures of the organisation, by key and then by kind of change."""
    changes: list[Change] = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            changes.append(Change(key, ChangeKind.APPEARED, "", new.name))
        elif new is None and old is not None:
            changes.append(Change(key, ChangeKind.DISAPPEARED, old.name, ""))
        elif old is not None and new is not None:
            for kind, field in _COMPARED:
                was, now = getattr(old, field), getattr(new, field)
                if was != now:
                    changes.append(Change(key, kind, was, now))
    return changes


def applied(before: Picture, changes: Iterable[Change], appeared: Picture) -> dict[str, UnitFacts]:
    """The picture that `changes` lead to; `appeared` gives the facts of the units that came."""
    fields = dict(_COMPARED)
    result = dict(before)
    for change in changes:
        if change.kind is ChangeKind.APPEARED:
            result[change.key] = appeared[change.key]
        elif change.kind is ChangeKind.DISAPPEARED:
            del result[change.key]
        else:
            values: dict[str, str] = {fields[change.kind]: change.after}
            result[change.key] = replace(result[change.key], **values)
    return result


@dataclass(frozen=True)
class Event:
    """A succession: on the day `on`, `predecessor` went over into `successor` ("" when it closed)."""

    predecessor: str
    successor: str
    on: dt.date
    kind: str


@dataclass(frozen=True)
class Fate:
    """What became of a unit: the events on the way, and where its thread ends."""

    key: str
    events: tuple[Event, ...]
    lives_on_in: tuple[str, ...]
    closed: tuple[Event, ...]

    @property
    def is_gone(self) -> bool:
        """Whether nothing carries it on."""
        return not self.lives_on_in


def fate(key: str, events: Iterable[Event], since: dt.date, until: dt.date, alive: Collection[str]) -> Fate:
    """Follow a unit from the day `since` to `until`; `alive` are the units that exist on the last day.

    A unit may go over into several and several into one; a unit that is met twice is followed once, so rows
    that go round in a circle end. Going backwards in time nothing is followed: succession has a direction.
    """
    following: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda e: (e.on, e.successor)):
        following.setdefault(event.predecessor, []).append(event)
    met: dict[str, dt.date] = {key: since + dt.timedelta(days=1) if since < dt.date.max else since}
    pending, walked = [key], list[Event]()
    while pending:
        current = pending.pop(0)
        for event in following.get(current, ()):
            if not met[current] <= event.on <= until:
                continue
            walked.append(event)
            if event.successor and event.successor not in met:
                met[event.successor] = event.on
                pending.append(event.successor)
    return Fate(
        key=key,
        events=tuple(walked),
        lives_on_in=tuple(unit for unit in met if unit in alive),
        closed=tuple(event for event in walked if not event.successor),
    )


def slider_bounds(first: dt.date | None, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and last day one can look at: from the first known day to the end of next year."""
    start = min(first or today, today)
    return start, dt.date(today.year + 1, 12, 31)


def held_within(day: dt.date, bounds: tuple[dt.date, dt.date]) -> dt.date:
    """The day, or the nearest day that can be looked at."""
    return min(max(day, bounds[0]), bounds[1])


@dataclass(frozen=True)
class Hanging:
    """That a unit hangs under a parent in a period."""

    unit: int
    parent: int | None
    period: Period


def makes_circle(new: Hanging, others: Sequence[Hanging]) -> bool:
    """Whether a unit would come to hang under itself on any day of the new period."""
    if new.parent is None:
        return False
    rows = [row for row in others if row.unit != new.unit and row.period.overlaps(new.period)]
    # What hangs where only changes on these days.
    days = {new.period.start} | {row.period.start for row in rows if new.period.contains(row.period.start)}
    for day in days:
        parents = {row.unit: row.parent for row in rows if row.period.contains(day)}
        current: int | None = new.parent
        met = set[int]()
        while current is not None and current not in met:
            if current == new.unit:
                return True
            met.add(current)
            current = parents.get(current)
    return False


def first_gap(wanted: Period, lives: Iterable[Period]) -> Period | None:
    """The first stretch of `wanted` that is not covered, None when all of it is."""
    return next(iter(gaps(wanted, lives)), None)


def headline_count(counts: Sequence[tuple[dt.date, str, int]]) -> int | None:
    """Which of several headcounts of a whole unit to show: the place in the list of the newest one.

    Each is (date, measure, place). On the same date people go before full-time posts.
    """

    def rank(item: tuple[dt.date, str, int]) -> tuple[dt.date, int, int]:
        place = _MEASURES.index(item[1]) if item[1] in _MEASURES else len(_MEASURES)
        return item[0], -place, -item[2]

    return max(counts, key=rank)[2] if counts else None


def tile_grid(
    positions: Mapping[str, tuple[float, float]], columns: int = 6, rows: int = 6
) -> dict[str, tuple[int, int]]:
    """A cell (column, row) for each place at (latitude, longitude), so that neighbours stay neighbours.

    Each takes the free cell nearest to where it lies, those at the edges first: they have least choice.
    """
    if not positions:
        return {}
    latitudes = [lat for lat, _lon in positions.values()]
    longitudes = [lon for _lat, lon in positions.values()]
    top, left = max(latitudes), min(longitudes)
    height, width = (top - min(latitudes)) or 1.0, (max(longitudes) - left) or 1.0
    while columns * rows < len(positions):
        rows += 1
    wanted = {
        code: ((lon - left) / width * (columns - 1), (top - lat) / height * (rows - 1))
        for code, (lat, lon) in positions.items()
    }
    middle = ((columns - 1) / 2, (rows - 1) / 2)
    free = {(column, row) for column in range(columns) for row in range(rows)}
    placed: dict[str, tuple[int, int]] = {}
    for code in sorted(wanted, key=lambda c: (-_square(wanted[c], middle), c)):
        cell = min(free, key=lambda c: (_square(c, wanted[code]), c))
        placed[code] = cell
        free.discard(cell)
    return placed


def _square(a: tuple[float, float], b: tuple[float, float]) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
