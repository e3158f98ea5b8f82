"""Writes the large tables of the records, notes and tasks, by COPY in batches.

Of these rows the history begins with the first change: an insert row for each would double the demo's largest tables
and say nothing the row itself does not. A note that was corrected or taken back has its whole history.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import pgtrigger
from django.db import connection

from roedtraad.demo.copy import copy_rows, reserve_ids
from roedtraad.demo.record import CitizenRecord
from roedtraad.demo.record_notes import NotePlan
from roedtraad.demo.record_tasks import SeriesPlan, TaskPlan
from roedtraad.demo.record_write import RecordWriter
from roedtraad.practice.models import Note, NoteGoal, Task, TaskCitizen, TaskSeries, TaskSeriesCitizen

T = TypeVar("T")

BATCH = 10_000
WITHOUT_HISTORY = tuple(
    f"practice.{name}:insert_insert" for name in ("Note", "NoteGoal", "Task", "TaskCitizen")
)


def ahead(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The items in batches, each put together while the database takes in the one before."""
    waiting: queue.Queue[list[T] | BaseException] = queue.Queue(maxsize=2)

    def fill() -> None:
        source = iter(items)
        try:
            while batch := list(islice(source, size)):
                waiting.put(batch)
            waiting.put([])
        except BaseException as error:  # told to the one who waits
            waiting.put(error)

    threading.Thread(target=fill, daemon=True).start()
    while True:
        found = waiting.get()
        if isinstance(found, BaseException):
            raise found
        if not found:
            return
        yield found


def write_notes(writer: RecordWriter) -> None:
    """All notes, and which goals they tell of."""
    for batch in ahead(writer.found.notes()):
        changed = [item for item in batch if item[1].corrected or item[1].withdrawn_at]
        plain = [item for item in batch if not (item[1].corrected or item[1].withdrawn_at)]
        with pgtrigger.ignore(*WITHOUT_HISTORY):
            _write_notes(writer, plain)
        _change_notes(writer, changed, _write_notes(writer, changed))


def _write_notes(writer: RecordWriter, batch: Sequence[tuple[CitizenRecord, NotePlan]]) -> list[int]:
    ids = reserve_ids(Note, len(batch))
    numbers = writer.numbers
    writer.counts["notes"] += copy_rows(
        Note,
        [
            "id", "key", "citizen", "written_by", "written_at", "unit", "kind", "text", "occurred_at", "tags",
            "important", "sticky_until", "shared_with_citizen", "shared_with_relatives",
        ],
        (
            (
                pk, n.key, numbers.of(one), numbers.users[n.by], n.written_at, numbers.units[one.resident.unit],
                n.kind, n.text, n.at, list(n.tags), n.important, n.sticky_until, n.shared_with_citizen,
                n.shared_with_relatives,
            )
            for pk, (one, n) in zip(ids, batch, strict=True)
        ),
    )  # fmt: skip
    writer.counts["note_goals"] += copy_rows(
        NoteGoal,
        ["note", "goal"],
        (
            (pk, numbers.goals[numbers.of(one), goal])
            for pk, (one, n) in zip(ids, batch, strict=True)
            for goal in n.goals
        ),
    )
    return ids


def _change_notes(
    writer: RecordWriter, batch: Sequence[tuple[CitizenRecord, NotePlan]], ids: Sequence[int]
) -> None:
    """Correct and take back, so that the history knows what stood there before."""
    rows: list[tuple[Any, ...]] = [
        (
            pk,
            n.corrected or None,
            n.corrected_at,
            writer.numbers.users[n.corrected_by] if n.corrected_by else None,
            n.withdrawn_at,
            n.withdrawn_reason,
        )
        for pk, (_, n) in zip(ids, batch, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE changing (id bigint, text text, at timestamptz, by_id bigint, taken timestamptz, why text)"
        )
        with cursor.copy("COPY changing FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            "UPDATE practice_note n SET text = coalesce(c.text, n.text), corrected_at = c.at, corrected_by_id = c.by_id,"
            " version = CASE WHEN c.at IS NULL THEN n.version ELSE n.version + 1 END,"
            " withdrawn_at = c.taken, withdrawn_reason = c.why FROM changing c WHERE c.id = n.id"
        )
        cursor.execute("DROP TABLE changing")


def write_tasks(writer: RecordWriter) -> None:
    """The series, and what was done of them."""
    plans = list(writer.found.series())
    numbers = writer.numbers
    ids = dict(zip((plan.key for plan in plans), reserve_ids(TaskSeries, len(plans)), strict=True))
    writer.counts["task_series"] = copy_rows(
        TaskSeries,
        [
            "id", "key", "unit", "citizen", "title", "minutes", "written_by", "written_at", "rule", "first_on",
            "last_on", "at",
        ],
        (
            (
                ids[p.key], p.key, numbers.units[p.unit], numbers.citizens[str(p.citizen)] if p.citizen else None,
                p.title, p.minutes, numbers.users[p.by], p.written_at, p.rule, p.first_on, p.last_on, p.at,
            )
            for p in plans
        ),
    )  # fmt: skip
    copy_rows(
        TaskSeriesCitizen,
        ["series", "citizen", "effort"],
        ((ids[p.key], *pair) for p in plans for pair in _shares(writer, p)),
    )
    with pgtrigger.ignore(*WITHOUT_HISTORY):
        for batch in ahead(writer.found.tasks(plans)):
            _write_tasks(writer, batch, ids)


def _shares(writer: RecordWriter, plan: SeriesPlan) -> Iterator[tuple[int, int]]:
    """The citizens of a series and the efforts it delivers for them."""
    for share in plan.shares:
        citizen = writer.numbers.citizens[str(share.citizen)]
        yield citizen, writer.numbers.efforts[citizen, share.goal, share.effort]


def _write_tasks(
    writer: RecordWriter, batch: Sequence[tuple[SeriesPlan, TaskPlan]], series: dict[Any, int]
) -> None:
    numbers = writer.numbers
    ids = reserve_ids(Task, len(batch))
    writer.counts["tasks"] += copy_rows(
        Task,
        [
            "id", "key", "unit", "citizen", "title", "minutes", "written_by", "written_at", "series", "due_at",
            "started_at", "started_by", "ended_at", "ended_by", "skipped_at", "skipped_by", "skipped_reason",
        ],
        (
            (
                pk, t.key, numbers.units[p.unit], numbers.citizens[str(p.citizen)] if p.citizen else None, p.title,
                p.minutes, numbers.users[t.by], t.started_at or t.skipped_at, series[p.key], t.due_at, t.started_at,
                numbers.users[t.by] if t.started_at else None, t.ended_at,
                numbers.users[t.by] if t.ended_at else None, t.skipped_at,
                numbers.users[t.by] if t.skipped_at else None, t.reason,
            )
            for pk, (p, t) in zip(ids, batch, strict=True)
        ),
    )  # fmt: skip
    writer.counts["task_citizens"] += copy_rows(
        TaskCitizen,
        ["task", "citizen", "effort"],
        ((pk, *pair) for pk, (p, _) in zip(ids, batch, strict=True) for pair in _shares(writer, p)),
    )


TABLES = tuple(
    model._meta.db_table for model in (Note, NoteGoal, Task, TaskCitizen, TaskSeries, TaskSeriesCitizen)
)
