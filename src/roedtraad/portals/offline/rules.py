"""What a phone sends when its net is back: how it is read, in which order, and which time it is given. Pure: no Django.

A phone makes a key (UUID version 7), a number and a time for each entry. The number alone decides the order: a clock may
be wrong, and may be set while one is on shift.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

# So many at a time: an answer comes before a patient proxy gives up, and a batch stays below what a form may carry.
MOST = 50
# Clocks within this of ours are right: the rest is the way through the net.
CLOSE = dt.timedelta(minutes=2)
# Milliseconds since 1970 that a date can hold (the years 1970 to 9999).
_LATEST = 253_402_300_799_000
_MOST_TEXT = 40


class Kind(StrEnum):
    """What may be written without a net."""

    NOTE = "note"
    CORRECTION = "correction"
    START = "start"
    END = "end"
    DONE = "done"
    SKIP = "skip"
    RATING = "rating"
    RISK = "risk"


class Unreadable(ValueError):
    """What was sent is none of our phones' sending."""


@dataclass(frozen=True)
class Entry:
    """One thing that was done on a phone. `what` is as the phone wrote it and has been believed in nothing yet."""

    key: UUID
    number: int
    at: dt.datetime
    kind: str
    what: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """Entries in the order they were made, and what the phone's clock said when it sent them."""

    sent_at: dt.datetime
    entries: tuple[Entry, ...]


def read_batch(raw: object) -> Batch:
    """The batch of a sending. Unreadable for what has not its form; what an entry says is judged later, one by one."""
    parts = _mapping(raw)
    entries = parts.get("entries")
    if not isinstance(entries, list) or len(entries) > MOST:
        raise Unreadable("entries")
    return Batch(moment(parts.get("sent_at")), in_order(_entry(each) for each in entries))


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries as they were made, each key once."""
    first = {
        entry.key: entry for entry in sorted(entries, key=lambda one: (one.number, one.key), reverse=True)
    }
    return tuple(sorted(first.values(), key=lambda one: (one.number, one.key)))


def corrected(at: dt.datetime, phone_now: dt.datetime, now: dt.datetime) -> dt.datetime:
    """When it happened by our clock: the phone's time, moved by how wrong its clock is now, and never after now.

    A clock that is nearly right is believed, so that the time stands as the colleague saw it. Order is kept, and so
    is the time between a beginning and an end that are sent together.
    """
    wrong = now - phone_now
    try:
        moved = at if abs(wrong) <= CLOSE else at + wrong
    except OverflowError:
        return now
    return min(moved, now)


def says_the_same(mine: str, theirs: str) -> bool:
    """Do two texts say the same, whatever the spaces? Then there is nothing to choose between."""
    return " ".join(mine.split()) == " ".join(theirs.split())


def moment(raw: object) -> dt.datetime:
    """A phone's time: whole milliseconds since 1970, UTC. Unreadable otherwise."""
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= _LATEST:
        raise Unreadable("time")
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=raw)


def key_of(raw: object) -> UUID:
    """A key as text. Unreadable otherwise."""
    try:
        return UUID(raw) if isinstance(raw, str) else _no_key()
    except ValueError:
        return _no_key()


def _no_key() -> UUID:
    raise Unreadable("key")


def _entry(raw: object) -> Entry:
    parts = _mapping(raw)
    number, kind = parts.get("number"), parts.get("kind")
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise Unreadable("number")
    if not isinstance(kind, str) or len(kind) > _MOST_TEXT:
        raise Unreadable("kind")
    return Entry(key_of(parts.get("key")), number, moment(parts.get("at")), kind, _mapping(parts.get("what")))


def _mapping(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise Unreadable("mapping")
    return cast("Mapping[str, Any]", raw)
