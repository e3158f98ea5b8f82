"""How long one waits after wrong passwords and codes, and when a session has ended. Pure: no Django, no clock.

The counting follows OWASP's device cookies (Authentication Cheat Sheet): tries from a device the user has logged
in from before are counted for that device alone, and all other devices share one count for the account. Whoever
hammers an account from elsewhere therefore never keeps its owner out of the owner's own devices.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

ZERO = dt.timedelta()


class Kind(StrEnum):
    """What a count is about."""

    PASSWORD = "password"  # noqa: S105  the name of a count
    CODE = "code"
    ADDRESS = "address"


@dataclass(frozen=True)
class Patience:
    """How many failures cost nothing, how the waiting grows after them, and when they are forgotten."""

    free: int
    first: dt.timedelta
    longest: dt.timedelta
    forgotten_after: dt.timedelta


PATIENCE: dict[Kind, Patience] = {
    Kind.PASSWORD: Patience(5, dt.timedelta(seconds=30), dt.timedelta(minutes=15), dt.timedelta(hours=24)),
    # Six digits can be guessed in the end, so the last step is an hour: some 24 tries a day.
    Kind.CODE: Patience(5, dt.timedelta(seconds=30), dt.timedelta(hours=1), dt.timedelta(hours=24)),
    # Here the failures are different accounts. A house, or the whole region, may share one address.
    Kind.ADDRESS: Patience(30, dt.timedelta(seconds=30), dt.timedelta(minutes=15), dt.timedelta(hours=1)),
}


@dataclass(frozen=True)
class Tries:
    """Failures in a row, and when the last one was."""

    failures: int = 0
    last: dt.datetime | None = None


@dataclass(frozen=True)
class Bucket:
    """What tries are counted together: a kind, the account, and the device or address (empty: unknown devices)."""

    kind: Kind
    account: str
    place: str = ""


def buckets(kind: Kind, account: str, *, known_device: str = "", address: str = "") -> tuple[Bucket, ...]:
    """Where a try is counted. A known device has its own count and touches no other."""
    if known_device:
        return (Bucket(kind, account, known_device),)
    shared = Bucket(kind, account)
    return (shared, Bucket(Kind.ADDRESS, account, address)) if kind == Kind.PASSWORD else (shared,)


def wait_after(failures: int, patience: Patience) -> dt.timedelta:
    """How long to wait after the last of so many failures: nothing, then doubling up to the longest."""
    over = failures - patience.free
    if over < 0:
        return ZERO
    # 2**20 steps of half a minute is a year, far beyond any longest wait.
    return min(patience.first * 2 ** min(over, 20), patience.longest)


def remembered(tries: Tries, now: dt.datetime, patience: Patience) -> Tries:
    """The tries as they count now: none when the last one is long enough ago."""
    if tries.last is None or now - tries.last >= patience.forgotten_after:
        return Tries()
    return tries


def wait_left(tries: Tries, now: dt.datetime, patience: Patience) -> dt.timedelta:
    """How much of the waiting is left. A clock that was set back never makes it longer than the wait itself."""
    counted = remembered(tries, now, patience)
    if counted.last is None:
        return ZERO
    wait = wait_after(counted.failures, patience)
    return max(ZERO, min(wait, counted.last + wait - now))


def failed(tries: Tries, now: dt.datetime, patience: Patience) -> Tries:
    """The tries after one more failure."""
    counted = remembered(tries, now, patience)
    last = now if counted.last is None else max(counted.last, now)
    return Tries(counted.failures + 1, last)


class Ended(StrEnum):
    """Why a session ended by itself."""

    IDLE = "idle"
    OLD = "old"


@dataclass(frozen=True)
class Span:
    """How long a session may lie unused, and how long it may last at all."""

    idle: dt.timedelta
    longest: dt.timedelta


@dataclass(frozen=True)
class Activity:
    """When a session began and was last used."""

    began: dt.datetime
    last: dt.datetime


def ended(activity: Activity, now: dt.datetime, span: Span) -> Ended | None:
    """Why the session has ended by now, or None. A clock that was set back ends nothing."""
    if now - activity.began >= span.longest:
        return Ended.OLD
    return Ended.IDLE if now - activity.last >= span.idle else None


def left(activity: Activity, now: dt.datetime, span: Span) -> dt.timedelta:
    """How long until the session ends if nothing more is done in it."""
    return max(ZERO, min(activity.last + span.idle, activity.began + span.longest) - now)
