"""How often somebody may ask. So generous that a person never meets it; a script that empties the house does.

Counted in the database, so that every server process counts the same. One statement a counted request.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from roedtraad.core import clock

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_COUNT = """
    INSERT INTO access_requestcount AS held (kind, subject, period, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (kind, subject) DO UPDATE SET
        count = CASE WHEN held.period = excluded.period THEN least(held.count + 1, 2000000000) ELSE 1 END,
        period = excluded.period
    RETURNING count
"""


class Kind(StrEnum):
    """What is counted: calls of an API key; and of an account what it changes, takes out and searches for."""

    API = "api"
    WRITE = "write"
    EXPORT = "export"
    SEARCH = "search"


@dataclass(frozen=True)
class Rate:
    """So many in so many seconds."""

    most: int
    seconds: int

    @classmethod
    def read(cls, text: str) -> Rate:
        """ "600/m" as a rate: a number, and a second, minute or hour. ValueError for anything else."""
        number, _slash, unit = text.strip().partition("/")
        if not (number.isascii() and number.isdecimal()) or int(number) < 1 or unit not in _SECONDS:
            raise ValueError(f"»{text}« is no rate")
        return cls(int(number), _SECONDS[unit])


def wait_for(kind: Kind, subject: int, rate: Rate) -> int:
    """Count one more of a kind for an account or key. Seconds to wait when that is too many, else 0. One SQL."""
    period, passed = divmod(clock.running().timestamp(), rate.seconds)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [kind.value, subject, int(period)])
        count: int = cursor.fetchone()[0]
    return max(1, math.ceil(rate.seconds - passed)) if count > rate.most else 0
