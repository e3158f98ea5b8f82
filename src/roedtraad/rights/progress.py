"""How far work has come, told while its own transaction is still open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections, models
from psycopg import sql

from roedtraad.core import clock

Progress = Callable[[str, int, int], None]


@contextmanager
def told_outside(model: type[models.Model], number: int) -> Iterator[Progress]:
    """A progress (what, done, of how many) written through a connection of its own, so that others see it at once."""
    outside = connections.create_connection(DEFAULT_DB_ALIAS)
    update = sql.SQL("UPDATE {} SET phase = %s, done = %s, total = %s, touched_at = %s WHERE id = %s").format(
        sql.Identifier(model._meta.db_table)
    )

    def tell(phase: str, done: int, total: int) -> None:
        with outside.cursor() as cursor:
            cursor.execute(update, [phase, done, total, clock.now(), number])

    try:
        yield tell
    finally:
        outside.close()
