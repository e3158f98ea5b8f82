"""How far work has come, told while its own transaction is still open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

from roedtraad.core import clock
from roedtraad.exchange.pipeline import Progress


@contextmanager
def told_outside(transfer_id: int) -> Iterator[Progress]:
    """A progress that writes to the transfer through a connection of its own, so that others see it at once."""
    outside = connections.create_connection(DEFAULT_DB_ALIAS)

    def tell(phase: str, done: int, total: int) -> None:
        with outside.cursor() as cursor:
            cursor.execute(
                "UPDATE exchange_transfer SET phase = %s, done = %s, total = %s, touched_at = %s WHERE id = %s",
                [phase, done, total, clock.now(), transfer_id],
            )

    try:
        yield tell
    finally:
        outside.close()
