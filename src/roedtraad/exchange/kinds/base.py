"""How a file becomes rows: what the kinds share.

The file is copied into the temporary table `incoming`. `staged` is the same rows with everything they point to
looked up, the row they match (`id`, null for a new one) and the values the table is to have; a column the file
lacks keeps the value that is there. Checks and changes are then single statements over `staged`. What lies in
the tables and is not in the file stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roedtraad.exchange.columns import Format
from roedtraad.journeys.queries.sql import compose

Cursor = Any
Values = Mapping[str, Any]
Args = Mapping[str, Any]
CHUNK = 10_000


@dataclass(frozen=True)
class Field:
    """A column of the table: its value from the file (`i`) and the look-ups, and the file's column that gives it.

    When the file lacks that column, the value that is there (`e`) stays; a new row gets `missing`.
    """

    column: str
    given: str
    by: str
    heading: str
    missing: str = "NULL"

    def sql(self, present: frozenset[str]) -> str:
        """The value the row is to have."""
        if self.by in present:
            return self.given
        return f"CASE WHEN e.id IS NULL THEN {self.missing} ELSE e.{self.column} END"


@dataclass(frozen=True)
class Check:
    """A question to `staged` whose answers are faults: each row has `line` and what `words` needs.

    `other` is the number of another row of the file, null when the other one is not in it.
    """

    sql: str
    words: Callable[[Args], str]


@dataclass(frozen=True)
class Entity:
    """What a row of the file is in the database: one table, its columns and how they are looked up."""

    table: str
    fields: tuple[Field, ...]
    # FROM incoming i … LEFT JOIN … e: everything the fields and the extra columns read.
    source: str
    # Further columns of `staged` that the checks read.
    extra: str = ""
    # Columns of a new row that the file does not give.
    constant: Mapping[str, str] = field(default_factory=dict)

    def stage(self, cursor: Cursor, present: frozenset[str], name: str = "staged") -> None:
        """Make the temporary table of what is to be."""
        values = ",\n".join(f"{f.sql(present)} AS {f.column}" for f in self.fields)
        columns = [f.column for f in self.fields]
        ours = ", ".join(f"s.{column}" for column in columns)
        theirs = ", ".join(f"e.{column}" for column in columns)
        cursor.execute(
            compose(
                """
                CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS
                SELECT s.*, {state} AS state
                FROM (SELECT i.line, i.made, e.id, {values} {extra} {source}) s
                LEFT JOIN {table} e ON e.id = s.id
                """,
                name=name,
                state=self._state(f"({ours}) IS DISTINCT FROM ({theirs})"),
                values=values,
                extra=f", {self.extra}" if self.extra else "",
                source=self.source,
                table=self.table,
            )
        )
        cursor.execute(f"CREATE INDEX ON {name} (line)")
        cursor.execute(f"CREATE INDEX ON {name} (id)")
        cursor.execute(f"ANALYZE {name}")

    def change(self, cursor: Cursor, name: str = "staged") -> None:
        """Give the rows that differ their new values."""
        pairs = ", ".join(f"{f.column} = s.{f.column}" for f in self.fields)
        cursor.execute(
            compose(
                "UPDATE {table} t SET {pairs} FROM {name} s WHERE t.id = s.id AND s.state = 'changed'",
                table=self.table,
                pairs=self._on_change(pairs),
                name=name,
            )
        )

    def insert(self, cursor: Cursor, name: str = "staged") -> Iterator[int]:
        """Write the new rows, ten thousand lines at a time; yields the last line of each chunk."""
        columns = [f.column for f in self.fields]
        targets = ", ".join([*columns, *self.constant])
        values = ", ".join([*(f"s.{column}" for column in columns), *self.constant.values()])
        cursor.execute(compose("SELECT coalesce(max(line), 0) FROM {name}", name=name))
        last = cursor.fetchone()[0]
        insert = compose(
            "INSERT INTO {table} ({targets}) SELECT {values} FROM {name} s"
            " WHERE {fresh} AND s.line >= %s AND s.line < %s ORDER BY s.line",
            table=self.table,
            targets=targets,
            values=values,
            name=name,
            fresh=self._fresh(),
        )
        for start in range(0, last + 1, CHUNK):
            cursor.execute(insert, [start, start + CHUNK])
            yield min(start + CHUNK, last)

    def _on_change(self, pairs: str) -> str:
        return pairs

    def _state(self, differs: str) -> str:
        """SQL for what becomes of a row of `staged` (s), which matches `e`."""
        return f"CASE WHEN e.id IS NULL OR s.made THEN 'new' WHEN {differs} THEN 'changed' ELSE 'same' END"

    def _fresh(self) -> str:
        """SQL for the rows of `staged` that are written for the first time."""
        return "s.id IS NULL"


@dataclass(frozen=True)
class SourcedEntity(Entity):
    """A fact that names its source: once a file has changed it, the source is no longer the document."""

    def _on_change(self, pairs: str) -> str:
        return f"{pairs}, basis = 'registered', source_document = '', source_section = ''"


@dataclass(frozen=True)
class Kind:
    """One kind of file: how its rows are staged, checked and written."""

    form: Format
    # The columns of `incoming` with their types, in the order `stage` gives them.
    incoming: Mapping[str, str]
    stage: Callable[[Values], tuple[Any, ...]]
    prepare: Callable[[Cursor, frozenset[str]], None]
    checks: Sequence[Check]
    # Runs after the checks found nothing; yields (rows done) as it goes.
    apply: Callable[[Cursor], Iterator[int]]
    # What a row that could not be read is called, so that those that point to it are not blamed.
    name_of: str
    # The expression over `staged` that names the row in the preview; never a name or a number of a person.
    label: str
    entity: Entity
    # What happens to a row of the file, for the counts.
    outcome: str = "state"
    # The ids of the citizens whose data the file touches.
    citizens: str = ""
    # Units whose bed-days may have changed, once before and once after writing.
    units: str = ""
    # What is worth knowing about rows that are in order; a file with remarks is written all the same.
    remarks: Sequence[Check] = ()
    # Whether the rows need somebody to stand as who wrote them.
    signed: bool = False


def overlap(owner: str, period: str, existing: str, condition: str = "TRUE", name: str = "staged") -> str:
    """SQL for rows of the same owner whose periods share a day once the file is in.

    `existing` selects (owner, period, what it is called) of rows that stay as they are. Looking at neighbours in
    the order of their first day finds every owner that has an overlap.
    """
    return compose(
        """
        SELECT coalesce(line, other_line) AS line, CASE WHEN line IS NOT NULL THEN other_line END AS other,
               CASE WHEN line IS NULL OR other_line IS NULL THEN coalesce(called, other_called) END AS called,
               lower(period * other_period) AS first, (upper(period * other_period) - 1) AS last
        FROM (
            SELECT *, lag(line) OVER w AS other_line, lag(period) OVER w AS other_period,
                   lag(called) OVER w AS other_called
            FROM (
                SELECT line, {owner} AS owner, {period} AS period, NULL::text AS called FROM {name}
                WHERE {owner} IS NOT NULL AND {period} IS NOT NULL AND {condition}
                UNION ALL
                SELECT NULL, x.owner, x.period, x.called FROM ({existing}) x
            ) after
            WINDOW w AS (PARTITION BY owner ORDER BY lower(period), line NULLS FIRST)
        ) neighbours
        WHERE period && other_period AND (line IS NOT NULL OR other_line IS NOT NULL)
    """,
        owner=owner,
        period=period,
        existing=existing,
        condition=condition,
        name=name,
    )
