"""Writes what the shift keeps by COPY."""

from __future__ import annotations

import datetime as dt
import json

from roedtraad.demo.copy import copy_rows, reserve_ids
from roedtraad.demo.record_write import RecordWriter
from roedtraad.duty.models import (
    Absence,
    Appointment,
    Handover,
    HandoverLine,
    HandoverRead,
    RiskLevel,
    RiskReading,
)


def write_shifts(writer: RecordWriter) -> None:
    """Absences, readings of the risk, appointments and handovers."""
    _write_absences(writer)
    _write_readings(writer)
    _write_appointments(writer)
    _write_handovers(writer)


def _write_absences(writer: RecordWriter) -> None:
    numbers = writer.numbers
    writer.counts["absences"] = copy_rows(
        Absence,
        ["key", "citizen", "kind", "from_at", "expected_back", "back_at", "note", "recorded_by", "recorded_at", "returned_by"],
        (
            (
                a.key, numbers.of(one), a.kind, a.from_at, a.expected_back, a.back_at, a.note, numbers.users[a.by],
                a.from_at, numbers.users[a.by] if a.back_at else None,
            )
            for one in writer.found.citizens
            for a in one.absences
        ),
    )  # fmt: skip


def _write_readings(writer: RecordWriter) -> None:
    numbers = writer.numbers
    levels = dict(RiskLevel.objects.filter(scale__unit__isnull=True).values_list("rank", "pk"))
    writer.counts["readings"] = copy_rows(
        RiskReading,
        ["key", "citizen", "level", "scores", "text", "set_at", "set_by", "received_at"],
        (
            (
                r.key, numbers.citizens[str(key)], levels[r.rank], json.dumps(dict.fromkeys(r.seen, 1)), r.text, r.at,
                numbers.users[r.by], r.at + dt.timedelta(seconds=2),
            )
            for key, r in writer.found.readings()
        ),
    )  # fmt: skip


def _write_appointments(writer: RecordWriter) -> None:
    numbers = writer.numbers
    writer.counts["appointments"] = copy_rows(
        Appointment,
        [
            "key", "citizen", "title", "kind", "starts_at", "ends_at", "rrule", "shared_with_relatives", "created_by",
            "created_at",
        ],
        (
            (
                a.key, numbers.citizens[str(key)], a.title, a.kind, a.starts_at, a.ends_at, a.rrule, a.to_relatives,
                numbers.users[a.by], a.at,
            )
            for key, a in writer.found.appointments()
        ),
    )  # fmt: skip


def _write_handovers(writer: RecordWriter) -> None:
    numbers = writer.numbers
    plans = list(writer.found.handovers())
    ids = reserve_ids(Handover, len(plans))
    both = list(zip(ids, plans, strict=True))
    writer.counts["handovers"] = copy_rows(
        Handover,
        [
            "id", "key", "unit", "shift_code", "shift_name", "shift_date", "begins_at", "ends_at", "state",
            "written_by", "made_at", "done_at", "done_by", "version",
        ],
        (
            (
                pk, h.key, numbers.units[h.unit], h.code, h.name, h.day, h.begins_at, h.ends_at, "done",
                numbers.users[h.by], h.ends_at - dt.timedelta(minutes=30), h.ends_at - dt.timedelta(minutes=2),
                numbers.users[h.by], 2,
            )
            for pk, h in both
        ),
    )  # fmt: skip
    copy_rows(
        HandoverLine,
        ["key", "handover", "citizen", "position", "text", "sources"],
        (
            (key, pk, numbers.citizens[str(citizen)], position, text, "[]")
            for pk, h in both
            for position, (key, citizen, text) in enumerate(h.lines, start=1)
        ),
    )
    copy_rows(
        HandoverRead,
        ["handover", "user", "at"],
        ((pk, numbers.users[user], at) for pk, h in both for user, at in h.readers),
    )


TABLES = tuple(
    model._meta.db_table
    for model in (Absence, RiskReading, Appointment, Handover, HandoverLine, HandoverRead)
)
