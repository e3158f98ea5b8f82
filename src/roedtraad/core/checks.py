"""Nightly questions to the data that must be answered with no rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection
from django.utils.functional import Promise

from roedtraad.core import clock

Severity = Literal["fejl", "advarsel"]


@dataclass(frozen=True)
class Check:
    """A question in words, and the SQL that finds what is wrong: one row for each thing found.

    The SQL may use `%(today)s`. A "fejl" is a figure or a fact that cannot be right; an "advarsel" is something
    a person should look at.
    """

    name: str
    question: str | Promise
    sql: str
    severity: Severity = "fejl"

    def find(self, limit: int = 50) -> list[tuple[Any, ...]]:
        """At most `limit` of the rows that should not be there."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, {"today": clock.today()})
            return cursor.fetchmany(limit)
