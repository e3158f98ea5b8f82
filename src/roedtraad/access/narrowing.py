"""A login that reaches less than its owner does: one unit, and only what is done on a shift there.

Whoever changed user on a shared tablet with a PIN works under it (docs/decisions/0014-shared-tablet.md). It lies around
the request and not on the user, so that a user fetched once more reaches no further; `access.scope` narrows the
grants by it and `access.rows` tells the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Narrowing:
    """Whose login reaches no further than a unit and what is below it, and how the log of look-ups says so."""

    user_id: int
    unit_id: int
    words: str


_narrowing: ContextVar[Narrowing | None] = ContextVar("roedtraad_narrowing", default=None)


def narrowing_of(user_id: int | None) -> Narrowing | None:
    """How far this user's login is narrowed here; None when it is not."""
    found = _narrowing.get()
    return found if found is not None and found.user_id == user_id else None


@contextmanager
def narrowed(to: Narrowing) -> Iterator[None]:
    """Within it the user reaches no further."""
    token = _narrowing.set(to)
    try:
        yield
    finally:
        _narrowing.reset(token)
