"""The one place that knows what day it is, in Danish time.

The day can be held still in two ways: ``fixed(...)`` within a block (the current thread or task
only), and the environment variable ``ROEDTRAAD_TODAY`` (an ISO date or time) for a whole process.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

_held: ContextVar[datetime | None] = ContextVar("roedtraad_clock", default=None)


def today() -> date:
    """Today's date in Denmark."""
    return now().date()


def now() -> datetime:
    """The current time, aware, in Denmark's time zone.

    Raises ValueError when ``ROEDTRAAD_TODAY`` cannot be read.
    """
    held = _held.get()
    if held is not None:
        return held
    text = os.environ.get("ROEDTRAAD_TODAY", "").strip()
    return _from_environment(text) if text else datetime.now(COPENHAGEN)


def running() -> datetime:
    """The time that passes, for what must run out: sessions, waiting, keys.

    ``fixed`` holds it too, but ``ROEDTRAAD_TODAY`` does not: with a clock that stands still nobody would ever be
    logged out, and a wrong password would never be forgotten.
    """
    held = _held.get()
    return held if held is not None else datetime.now(COPENHAGEN)


@contextmanager
def fixed(moment: date | datetime) -> Iterator[datetime]:
    """Hold the clock still within the block; a plain date means noon, a naive time means Danish time."""
    token = _held.set(_in_copenhagen(moment))
    try:
        yield now()
    finally:
        _held.reset(token)


def _in_copenhagen(moment: date | datetime) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(12))
    if moment.tzinfo is None:
        return moment.replace(tzinfo=COPENHAGEN)
    return moment.astimezone(COPENHAGEN)


def _from_environment(text: str) -> datetime:
    try:
        return _in_copenhagen(date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text))
    except ValueError:
        raise ValueError(
            f"ROEDTRAAD_TODAY er sat til “{text}”, som ikke er en dato. Skriv den som 2026-03-01."
        ) from None
