"""The chain that shows whether the log of look-ups has been tampered with.

Each look-up has a seal: SHA-256 over the hash of the seal before it and all columns of the look-up. A changed,
removed, added or swapped row leaves a place in the chain that does not fit. Whoever owns the database and seals
everything anew after a change, or cuts off the newest rows, leaves a chain that fits; that shows only against an
earlier head of the chain kept elsewhere. The nightly job therefore writes the head to the structured log
(`access.tasks.tell_head`), and `roedtraad check --anker` asks whether the chain still goes through it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from roedtraad.access.models import LookupSeal
from roedtraad.core.checks import Severity

START = bytes(32)
EDITION = "1"
_CHUNK = 2_000

_erased: list[str] = []

_SEALED = """
    SELECT s.position, s.previous, s.hash, s.log_id,
           l.id, (extract(epoch FROM l.at) * 1000000)::bigint, l.actor, l.user_id, l.actor_name, l.role,
           l.citizen_id, l.part, l.purpose, l.emergency_id
    FROM access_lookupseal s LEFT JOIN access_lookuplog l ON l.id = s.log_id
"""
# A look-up that a rule of keeping has deleted: its link holds the chain together, and says nothing more.
_ERASED = """
    SELECT position, previous, hash, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM {table}
"""
_UNSEALED = """
    SELECT l.id FROM access_lookuplog l
    WHERE NOT EXISTS (SELECT 1 FROM access_lookupseal s WHERE s.log_id = l.id) ORDER BY l.id LIMIT %s
"""


def use_erased(table: str) -> None:
    """Tell the chain in which table the seals of lawfully deleted look-ups are kept; called once from above."""
    _erased[:] = [table]


def _chain() -> str:
    parts = [_SEALED, *(_ERASED.format(table=table) for table in _erased)]
    return " UNION ALL ".join(parts) + " ORDER BY 1"  # nosec B608  our own words


@dataclass(frozen=True)
class Head:
    """The newest place of the chain and its hash: what it was on a day, kept elsewhere, is an anchor."""

    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


def canonical(columns: Sequence[object]) -> bytes:
    """The columns of a look-up as the database writes them before hashing, each with its length before it."""
    texts = [None if value is None else str(value) for value in (EDITION, *columns)]
    return ",".join("-" if text is None else f"{len(text.encode())}:{text}" for text in texts).encode()


def seal(previous: bytes, columns: Sequence[object]) -> bytes:
    """The hash of a look-up whose predecessor's is `previous`."""
    return hashlib.sha256(previous + canonical(columns)).digest()


def broken() -> Iterator[tuple[int, int, str]]:
    """Each fault of the chain: its place, the look-up's number, and what is wrong. The first is the oldest.

    Reads a chunk at a time, so that the memory does not grow with the log.
    """
    before, expected = START, 1
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_chain())
        while rows := cursor.fetchmany(_CHUNK):
            for position, previous, found, log_id, *columns in rows:
                if position != expected:
                    yield position, log_id, "der mangler led før dette"
                elif bytes(previous) != before:
                    yield position, log_id, "leddet hænger ikke sammen med det før"
                if log_id is None:
                    pass
                elif columns[0] is None:
                    yield position, log_id, "opslaget er fjernet"
                elif seal(bytes(previous), columns) != bytes(found):
                    yield position, log_id, "opslaget er ændret"
                before, expected = bytes(found), position + 1


def unsealed(limit: int) -> list[tuple[int, int, str]]:
    """Look-ups that no commit of the application can have written: they have no place in the chain."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED, [limit])
        return [(0, number, "opslaget har ingen plads i kæden") for (number,) in cursor.fetchall()]


def head() -> Head | None:
    """The newest place of the chain; None while nothing has been looked up. One SQL statement."""
    newest = LookupSeal.objects.order_by("-position").values_list("position", "hash").first()
    return Head(newest[0], bytes(newest[1]).hex()) if newest else None


def goes_through(anchor: Head) -> bool:
    """Does the chain have this hash at this place still? One SQL statement."""
    wanted: list[Any] = [anchor.position, bytes.fromhex(anchor.hash)]
    tables = ["access_lookupseal", *_erased]
    parts = [f"SELECT 1 FROM {table} WHERE position = %s AND hash = %s" for table in tables]  # noqa: S608  # nosec B608  our own tables
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), wanted * len(tables))
        return cursor.fetchone() is not None


def read_anchor(text: str) -> Head:
    """An anchor as the log writes it, "position:hash". ValueError with a sentence when it is none."""
    position, _colon, digest = text.strip().partition(":")
    if not position.isdecimal() or len(digest) != 64 or any(c not in "0123456789abcdef" for c in digest):
        raise ValueError("Et anker skrives som plads:hash, fx 1200:5f3a…, med alle 64 tegn af hashen.")
    return Head(int(position), digest)


@dataclass(frozen=True)
class ChainHolds:
    """The nightly question to the chain, in the shape of the other checks."""

    name: str = "lookup_chain_holds"
    question: str = "Hænger opslagsloggens kæde sammen, så intet opslag er ændret, fjernet eller sat ind?"
    severity: Severity = "fejl"

    def find(self, limit: int = 50) -> list[tuple[Any, ...]]:
        """The first faults, as place in the chain, number of the look-up, and what is wrong."""
        found: list[tuple[Any, ...]] = list(islice(broken(), limit))
        return found + unsealed(limit - len(found)) if len(found) < limit else found
