"""The second lock: for whom a connection reads and writes, so that row-level security can decide again.

The first lock is `access.visibility` in Python. The database repeats it: the tables with personal data show a
connection nothing until it says who it works for, and then no more than that person's grants reach
(docs/decisions/0004-row-level-security.md). A request works for its user, a command or a job for the system under
a name; a connection without either sees no person at all.

The context is a set of settings on the connection (`roedtraad.user`, `.system`, `.now` and `.unit`). It is
said again on every connection taken from the pool, so that nothing is inherited from who had it before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.pq import TransactionStatus

from roedtraad.access.narrowing import narrowing_of
from roedtraad.core import clock


@dataclass(frozen=True)
class Context:
    """For whom a connection works: an account's number, or the system under a name. Neither is nobody.

    `unit` narrows the account to a unit and what is below it (`access.narrowing`).
    """

    user: int | None = None
    system: str = ""
    unit: int | None = None


_NOBODY = Context()
_context: ContextVar[Context | None] = ContextVar("roedtraad_rows", default=None)
_process: list[Context] = []


def current() -> Context | None:
    """The context in force here; None where nothing was said, which is nobody (in the suite: the owner)."""
    said = _context.get()
    return said if said is not None else (_process[0] if _process else None)


@contextmanager
def as_user(user: Any) -> Iterator[None]:
    """Work for this person: rows are seen as far as their grants reach today. A stranger sees none."""
    number = getattr(user, "pk", None)
    narrowing = narrowing_of(number)
    with _as(Context(user=number, unit=narrowing.unit_id if narrowing else None)):
        yield


@contextmanager
def as_system(name: str) -> Iterator[None]:
    """Work for the system under this name: every row is seen. For commands, jobs, and services that have
    checked access themselves and must look past it (is the place taken, is the number known)."""
    if not name:
        raise ValueError("The system works under a name.")
    with _as(Context(system=name)):
        yield


def process_is(name: str) -> None:
    """Say that all this process does is done by the system under a name: commands and the job worker."""
    _process[:] = [Context(system=name)]


@contextmanager
def _as(context: Context) -> Iterator[None]:
    token = _context.set(context)
    try:
        _say()
        yield
    finally:
        _context.reset(token)
        _say()


def _say() -> None:
    # A connection not yet open says it when it opens.
    if connection.connection is not None:
        tell(connection)


def tell(wrapper: Any) -> None:
    """Say the context on a connection; called whenever one is opened or taken from the pool.

    Not through Django's cursor: like the time zone, it belongs to the connection and is no query of the page's.
    """
    raw = wrapper.connection
    if raw.closed or raw.info.transaction_status == TransactionStatus.INERROR:
        # A failed transaction takes no more statements; rolling it back brings back what was said before it.
        return
    context = current()
    role = getattr(settings, "ROWS_ROLE", "")
    said = context or _NOBODY
    raw.execute(
        "SELECT set_config('roedtraad.user', %s, false), set_config('roedtraad.system', %s, false), "
        "set_config('roedtraad.now', %s, false), set_config('roedtraad.unit', %s, false)",
        [
            str(said.user or ""),
            said.system,
            clock.now().isoformat() if said.user else "",
            str(said.unit or ""),
        ],
    )
    if role:
        # The suite owns its tables, and an owner is not bound: with a context it becomes the app's role.
        raw.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)) if context else "RESET ROLE")


def tell_new(connection: Any, **_signal: Any) -> None:
    """The receiver of Django's `connection_created`."""
    tell(connection)
