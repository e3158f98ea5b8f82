"""What the shift's own tables have to hand over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

from roedtraad.core.danish import joined
from roedtraad.duty.models import Absence, RiskItem, RiskReading
from roedtraad.duty.queries.calendar import agenda
from roedtraad.duty.rules.handover import Fact
from roedtraad.duty.rules.moments import moment_words
from roedtraad.duty.sources import ShiftFacts
from roedtraad.practice.models import Note, Task

# How much a fact matters beside the others: what may hurt somebody comes first.
RISE, FALL, SAME = 90, 60, 30
LEFT, BACK, AWAY = 70, 55, 40
IMPORTANT, SKIPPED, STICKY = 80, 65, 50
COMING = 20


def risk_facts(shift: ShiftFacts) -> Iterator[Fact]:
    """Every risk set during the shift, against the one before it. Three SQL statements."""
    readings = (
        RiskReading.objects.filter(citizen__in=shift.citizen_ids)
        .select_related("level", "set_by")
        .order_by("set_at", "id")
    )
    before = {
        row.citizen_id: row
        for row in readings.filter(set_at__lt=shift.begins)
        .order_by("citizen", "-set_at", "-id")
        .distinct("citizen")
    }
    during = list(readings.filter(set_at__gte=shift.begins, set_at__lt=shift.ends))
    texts = _item_texts(during)
    for row in during:
        last = before.get(row.citizen_id)
        before[row.citizen_id] = row
        yield Fact(
            "risk",
            row.citizen_id,
            row.set_at,
            _risk_words(row, last, shift.ends, texts),
            str(row.key),
            _risk_weight(row, last),
        )


def _risk_weight(row: RiskReading, last: RiskReading | None) -> int:
    if last is None:
        return RISE if row.level.rank else SAME
    if row.level.rank == last.level.rank:
        return SAME
    return RISE if row.level.rank > last.level.rank else FALL


def _risk_words(
    row: RiskReading, last: RiskReading | None, now: dt.datetime, texts: dict[tuple[int, str], str]
) -> str:
    when = moment_words(row.set_at, now)
    if last is None or last.level.name == row.level.name:
        said = f"Risiko: {row.level.name} ({row.set_by}, {when})."
    else:
        said = f"Risiko: fra {last.level.name} til {row.level.name} ({row.set_by}, {when})."
    seen = [texts.get((row.level.scale_id, code), "") for code, value in row.scores.items() if value]
    observed = joined([text[:1].lower() + text[1:] for text in seen if text])
    parts = [said, f"Set: {observed}." if observed else "", row.text]
    return " ".join(part for part in parts if part)


def _item_texts(rows: list[RiskReading]) -> dict[tuple[int, str], str]:
    items = RiskItem.objects.filter(scale__in={row.level.scale_id for row in rows})
    return {(item.scale_id, item.code): item.text for item in items}


def absence_facts(shift: ShiftFacts) -> Iterator[Fact]:
    """Who left, who came back, and who is still away at the end of the shift. One SQL statement."""
    rows = (
        Absence.objects.counting()
        .filter(
            Q(back_at__isnull=True) | Q(back_at__gte=shift.begins),
            citizen__in=shift.citizen_ids,
            from_at__lt=shift.ends,
        )
        .order_by("from_at")
    )
    for row in rows:
        left = row.from_at >= shift.begins
        back = row.back_at is not None and row.back_at < shift.ends
        said = f"{row.get_kind_display().capitalize()} fra {moment_words(row.from_at, shift.ends)}"
        if back and row.back_at is not None:
            said += f", tilbage {moment_words(row.back_at, shift.ends)}"
        elif row.expected_back is not None:
            said += f", ventes tilbage {moment_words(row.expected_back, shift.ends)}"
        weight = BACK if back else LEFT if left else AWAY
        note = f" {row.note}" if row.note else ""
        at = row.back_at if back and row.back_at is not None else row.from_at
        yield Fact("absence", row.citizen_id, at, f"{said}.{note}", str(row.key), weight)


def appointment_facts(shift: ShiftFacts) -> Iterator[Fact]:
    """What the next shift has in the calendar. One SQL statement."""
    for one in agenda(shift.user, shift.unit_ids, shift.ends, shift.next_ends):
        if one.starts < shift.ends:
            continue
        about = one.appointment
        where = ", ".join(part for part in (about.place, about.with_whom) if part)
        said = f"Næste vagt: {about.title}, {moment_words(one.starts, shift.ends)}"
        yield Fact(
            "appointment",
            about.citizen_id,
            one.starts,
            f"{said} ({where})." if where else f"{said}.",
            f"{about.key}:{one.day}",
            COMING,
        )


def note_facts(shift: ShiftFacts) -> Iterator[Fact]:
    """Notes of the shift that are marked for the handover or hang on the board. One SQL statement.

    The fact says that there is a note; the handover's page shows the note itself, as it stands when it is read.
    """
    rows = (
        Note.objects.filter(
            Q(important=True) | Q(sticky_until__isnull=False),
            citizen__in=shift.citizen_ids,
            withdrawn_at__isnull=True,
            occurred_at__gte=shift.begins,
            occurred_at__lt=shift.ends,
        )
        .select_related("written_by")
        .order_by("occurred_at", "pk")
    )
    for row in rows:
        said = f"{row.get_kind_display()} {moment_words(row.occurred_at, shift.ends)} af {row.written_by}."
        weight = IMPORTANT if row.important else STICKY
        yield Fact("note", row.citizen_id, row.occurred_at, said[:1].upper() + said[1:], str(row.key), weight)


def task_facts(shift: ShiftFacts) -> Iterator[Fact]:
    """Tasks that were skipped during the shift, and why. One SQL statement."""
    rows = (
        Task.objects.filter(
            Q(citizen__in=shift.citizen_ids) | Q(citizen__isnull=True, unit__in=shift.unit_ids),
            skipped_at__gte=shift.begins,
            skipped_at__lt=shift.ends,
        )
        .select_related("skipped_by")
        .order_by("skipped_at", "pk")
    )
    for row in rows:
        if row.skipped_at is not None:
            said = f"Ikke gjort: {row.title} ({row.skipped_by}, {moment_words(row.skipped_at, shift.ends)})"
            yield Fact(
                "task", row.citizen_id, row.skipped_at, f"{said}: {row.skipped_reason}", str(row.key), SKIPPED
            )
