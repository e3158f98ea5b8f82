"""A file from first row to last: read, checked row by row, checked against the data, and written or taken back.

Everything happens in one transaction. A preview runs the same steps and is rolled back; so what the preview
says is what writing will do, unless the data change meanwhile, and then the same checks find it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from roedtraad.access import lookups
from roedtraad.core.history import change
from roedtraad.exchange.kinds import KINDS, Kind
from roedtraad.exchange.kinds.base import Check
from roedtraad.exchange.reading import FileRefused, Table, opened
from roedtraad.journeys import occupancy
from roedtraad.journeys.queries.sql import compose
from roedtraad.organisation.models import Municipality

Progress = Callable[[str, int, int], None]
KEPT_FAULTS = 5_000
SHOWN_SAMPLES = 12
# Half a second between two words about progress.
_PAUSE = 0.5
# Only one file at a time is written; a second one waits.
_TURN = 7_104_022
_LOOKUP_CHUNK = 2_000

READING, CHECKING, WRITING, COUNTING = "læser filen", "ser efter fejl", "skriver", "tæller døgn op"
_TEMPORARY = ("incoming", "faulty", "fresh", "faults", "remarks", "staged", "said", "relations", "written")
STATES = ("new", "changed", "same")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, by its number in the sheet."""

    row: int
    sentence: str

    def __str__(self) -> str:
        return f"række {self.row}: {self.sentence}"


@dataclass(frozen=True)
class Sample:
    """A row as an example of what will happen: its own name and the headings of what changes."""

    row: int
    label: str
    state: str
    changes: list[str]


@dataclass
class Outcome:
    """What a file comes to: rows by state, how many have faults, the first faults, a few examples."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*STATES, "faulty"), 0))
    faults: list[Fault] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    # Worth knowing about rows that are in order, and how many there are in all.
    remarks: list[Fault] = field(default_factory=list)
    remarked: int = 0

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with any row."""
        return not self.counts["faulty"]

    @property
    def rows(self) -> int:
        """All rows of the file."""
        return sum(self.counts.values())


class _Preview(Exception):
    """Takes the transaction back."""


def run(
    path: Path,
    kind_name: str,
    *,
    write: bool,
    user: Any,
    filename: str,
    progress: Progress = lambda _phase, _done, _total: None,
    before_commit: Callable[[Outcome], None] = lambda _outcome: None,
) -> Outcome:
    """Check the file, and write it when `write` and nothing is wrong: all rows or none.

    `before_commit` is called last inside the transaction that writes. Raises FileRefused for a file that cannot
    be read, and database errors when somebody changed the data in the same moment; nothing is written then.
    """
    kind = KINDS[kind_name]
    if kind.signed and user is None:
        raise FileRefused(
            f"{kind.form.words} skal stå i nogens navn. Sig, hvem der indlæser dem (--som og et brugernavn)."
        )
    outcome = Outcome()
    said = _sparse(progress)
    try:
        with (
            opened(path, kind.form) as table,
            transaction.atomic(),
            change(user, f"indlæst fra {filename}", "import.applied"),
        ):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('exchange.writer', %s, true)", [str(getattr(user, "pk", ""))]
                )
                _stage(cursor, kind, table, outcome, said)
                _check(cursor, kind, table, outcome, said)
                if not write or not outcome.good:
                    raise _Preview
                _write(cursor, kind, outcome, said, filename)
            before_commit(outcome)
    except _Preview:
        pass
    return outcome


def _sparse(progress: Progress) -> Progress:
    """The same, but not more often than anybody can read; a new phase is always told."""
    last_phase, last_time = "", 0.0

    def tell(phase: str, done: int, total: int) -> None:
        nonlocal last_phase, last_time
        now = time.monotonic()
        if phase != last_phase or now - last_time >= _PAUSE:
            last_phase, last_time = phase, now
            progress(phase, done, total)

    return tell


def municipalities() -> dict[str, str]:
    """The code of each municipality by its code and by its name in small letters. One SQL statement."""
    known = {}
    for code, name in Municipality.objects.values_list("code", "name"):
        known[code] = known[name.casefold()] = code
    return known


def _stage(cursor: Any, kind: Kind, table: Table, outcome: Outcome, progress: Progress) -> None:
    """Copy the readable rows into `incoming`; the others become faults."""
    # Whoever writes takes turns from here on; a preview waits too, so that it sees what was written.
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
    cursor.execute("SET LOCAL client_min_messages = warning")
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{name}' for name in _TEMPORARY)}")
    columns = ", ".join(f"{name} {kind_of}" for name, kind_of in kind.incoming.items())
    cursor.execute(
        f"CREATE TEMPORARY TABLE incoming (line integer, {columns}, made boolean NOT NULL DEFAULT false)"
        " ON COMMIT DROP"
    )
    cursor.execute("CREATE TEMPORARY TABLE faulty (name text) ON COMMIT DROP")
    cursor.execute("CREATE TEMPORARY TABLE fresh (id bigint PRIMARY KEY) ON COMMIT DROP")
    unnamed: set[str] = set()
    known = municipalities()
    names = ", ".join(("line", *kind.incoming))
    with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
        for line, staged in _readable(kind, table, known, outcome, unnamed, progress=progress):
            copy.write_row((line, *staged))
    cursor.execute("INSERT INTO faulty SELECT unnest(%s::text[])", [sorted(unnamed)])
    cursor.execute("ANALYZE incoming")


def _readable(
    kind: Kind,
    table: Table,
    known: dict[str, str],
    outcome: Outcome,
    unnamed: set[str],
    *,
    progress: Progress,
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows without faults of their own, as they go into `incoming`."""
    for done, (line, cells) in enumerate(table.rows, start=1):
        progress(READING, done, max(table.total, done))
        values, faults = kind.form.read_row(cells, known)
        if faults:
            outcome.counts["faulty"] += 1
            room = max(0, KEPT_FAULTS - len(outcome.faults))
            outcome.faults += [Fault(line, sentence) for sentence in faults[:room]]
            if isinstance(name := values.get(kind.name_of), str):
                unnamed.add(name)
            continue
        yield line, kind.stage(values)


def _check(cursor: Any, kind: Kind, table: Table, outcome: Outcome, progress: Progress) -> None:
    """Look the rows up, ask every check, count, and pick a few examples."""
    progress(CHECKING, 0, len(kind.checks))
    kind.prepare(cursor, table.present)
    told, count = _asked(cursor, "faults", kind.checks, progress)
    outcome.counts["faulty"] += count
    outcome.faults = sorted([*outcome.faults, *told], key=lambda fault: fault.row)[:KEPT_FAULTS]
    outcome.remarks, outcome.remarked = _asked(cursor, "remarks", kind.remarks, progress)
    cursor.execute(
        compose(
            "SELECT {outcome} AS o, count(*) FROM staged WHERE line NOT IN (SELECT line FROM faults) GROUP BY o",
            outcome=kind.outcome,
        )
    )
    outcome.counts |= dict(cursor.fetchall())
    outcome.samples = _samples(cursor, kind)


def _asked(cursor: Any, name: str, checks: Sequence[Check], progress: Progress) -> tuple[list[Fault], int]:
    """The answers to the checks, kept in a temporary table of this name: as sentences, and how many rows they name."""
    cursor.execute(f"CREATE TEMPORARY TABLE {name} (line integer, number integer, args jsonb) ON COMMIT DROP")
    for number, check in enumerate(checks):
        progress(CHECKING, number, len(checks))
        cursor.execute(
            compose(
                "INSERT INTO {name} SELECT q.line, %s, to_jsonb(q) FROM ({check}) q WHERE q.line IS NOT NULL",
                name=name,
                check=check.sql,
            ),
            [number],
        )
    cursor.execute(compose("SELECT count(DISTINCT line) FROM {name}", name=name))
    count = cursor.fetchone()[0]
    cursor.execute(
        compose("SELECT line, number, args FROM {name} ORDER BY line, number LIMIT %s", name=name),
        [KEPT_FAULTS],
    )
    found = cursor.fetchall()
    return [Fault(line, checks[number].words(_decoded(args))) for line, number, args in found], count


def _decoded(args: Any) -> dict[str, Any]:
    # Django reads jsonb of a plain cursor as text.
    decoded: dict[str, Any] = json.loads(args)
    return decoded


def _samples(cursor: Any, kind: Kind) -> list[Sample]:
    """A few rows of each state that will be written, in the order of the sheet."""
    entity = kind.entity
    differs = ", ".join(
        f"CASE WHEN s.{f.column} IS DISTINCT FROM e.{f.column} THEN '{f.heading}' END" for f in entity.fields
    )
    cursor.execute(
        compose(
            """
        SELECT line, label, o, CASE WHEN o = 'changed' THEN changes ELSE '{{}}' END FROM (
            SELECT s.line, {label} AS label, {outcome} AS o,
                   array_remove(ARRAY[{differs}], NULL) AS changes,
                   row_number() OVER (PARTITION BY {outcome} ORDER BY s.line) AS n
            FROM (SELECT * FROM staged WHERE line NOT IN (SELECT line FROM faults)) s
            LEFT JOIN (SELECT * FROM {table}) e USING (id)
        ) ranked WHERE o <> 'same' AND n <= %s ORDER BY line
        """,
            label=kind.label,
            outcome=kind.outcome,
            differs=differs,
            table=entity.table,
        ),
        [SHOWN_SAMPLES // 2],
    )
    return [
        Sample(line, label or "", state, list(dict.fromkeys(changes)))
        for line, label, state, changes in cursor
    ]


def _write(cursor: Any, kind: Kind, outcome: Outcome, progress: Progress, filename: str) -> None:
    units = _first_column(cursor, kind.units)
    progress(WRITING, 0, outcome.rows)
    for done in kind.apply(cursor):
        progress(WRITING, min(done, outcome.rows), outcome.rows)
    # A deferred refusal belongs to the file, not to the commit.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    if units:
        progress(COUNTING, 0, 1)
        occupancy.refresh(units)
    _log_lookups(_first_column(cursor, kind.citizens), filename)


def _first_column(cursor: Any, sql: str) -> list[int]:
    if not sql:
        return []
    cursor.execute(sql)
    return [row[0] for row in cursor.fetchall()]


def _log_lookups(citizens: list[int], filename: str) -> None:
    for start in range(0, len(citizens), _LOOKUP_CHUNK):
        lookups.record_system(
            "indlæsning",
            citizens[start : start + _LOOKUP_CHUNK],
            "indlæsning",
            f"indlæst fra {filename}"[:200],
        )
