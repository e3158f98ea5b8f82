"""What belongs to each category of the rules, and which of it is old enough.

A category names its targets – a citizen, or a month – and for a target the rows, table by table. The same rows are
counted and fingerprinted when a list is made, and again before anything is deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncMonth

from roedtraad.access.models import LookupLog, LookupReview, LookupSeal
from roedtraad.citizens.models import Citizen
from roedtraad.core.clock import COPENHAGEN
from roedtraad.duty.models import HandoverLine
from roedtraad.journeys.models import Stay
from roedtraad.practice.models import Attachment, Note, NoteGoal
from roedtraad.rights.catalogue import BY_SLUG, erased_parts
from roedtraad.rights.models import ErasedCitizen, LegalHold
from roedtraad.rights.models.retention import Category
from roedtraad.rights.rules import joined
from roedtraad.safety.models import Alarm, AlarmStep
from roedtraad.voices.models import Conversation, Message, MessageRead, MoodReading, Participant

# Where a contact with a citizen leaves a row, and the column that says when.
CONTACTS = (
    ("practice.Note", "occurred_at"),
    ("practice.Wish", "written_at"),
    ("practice.Goal", "written_at"),
    ("practice.GoalRating", "written_at"),
    ("practice.Task", "due_at"),
    ("voices.Message", "written_at"),
    ("voices.MoodReading", "written_at"),
    ("duty.Appointment", "starts_at"),
    ("duty.RiskReading", "set_at"),
    ("rights.SubjectRequest", "registered_at"),
)


@dataclass(frozen=True)
class Target:
    """A citizen's rows, or a month's."""

    citizen_id: int | None = None
    month: dt.date | None = None


Sets = list[QuerySet[Any]]


@dataclass(frozen=True)
class Kept:
    """A category: its targets before a day, and the rows of one of them. `watched` must not change, and stays."""

    targets: Callable[[dt.date], Iterator[Target]]
    rows: Callable[[Target, dt.date], Sets]
    watched: Callable[[Target], Sets] = lambda _target: []


def measured(sets: Sets) -> tuple[int, str]:
    """How many rows there are, and one fingerprint over all that stands in them. One SQL statement a table."""
    found, digests = 0, []
    for rows in sets:
        table = rows.model._meta.db_table
        inner, values = rows.order_by().values("pk").query.sql_with_params()
        pk = rows.model._meta.pk.column
        query = (
            f"SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(md5(t::text), '' ORDER BY t.{pk}), ''),"  # noqa: S608  our own tables
            f" 'UTF8')), 'hex') FROM {table} t WHERE t.{pk} IN ({inner})"  # nosec B608
        )
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            number, digest = cursor.fetchone()
        found += number
        digests.append(f"{table}:{number}:{digest}")
    return found, joined(digests)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), COPENHAGEN)


def _by_citizen(rows: QuerySet[Any]) -> Iterator[Target]:
    numbers = rows.order_by("citizen_id").values_list("citizen_id", flat=True).distinct()
    yield from (Target(citizen_id=number) for number in numbers.iterator())


def _gone(before: dt.date) -> Iterator[Target]:
    """Citizens who moved out before the day, are not coming again, and of whom nothing has been written since."""
    stays = Stay.objects.filter(citizen=OuterRef("pk"), withdrawn_at__isnull=True)
    found = (
        Citizen.objects.annotate(
            left=Max(
                Coalesce("stays__actual_end", "stays__ordered_end"),
                filter=Q(stays__withdrawn_at__isnull=True),
            )
        )
        .filter(~Exists(stays.filter(actual_end__isnull=True, ordered_end__isnull=True)), left__lt=before)
        .exclude(Exists(stays.filter(actual_start__isnull=False, actual_end__isnull=True)))
        .exclude(Exists(ErasedCitizen.objects.filter(citizen=OuterRef("pk"))))
    )
    for model, column in CONTACTS:
        newer = {f"{column}__gte": _midnight(before)}
        found = found.exclude(
            Exists(apps.get_model(model)._default_manager.filter(citizen=OuterRef("pk"), **newer))
        )
    yield from (Target(citizen_id=number) for number in found.order_by("pk").values_list("pk", flat=True))


def _record(target: Target, _before: dt.date) -> Sets:
    return [part.rows(target.citizen_id or 0) for part in erased_parts()]


def _watched(target: Target) -> Sets:
    return [BY_SLUG[slug].rows(target.citizen_id or 0) for slug in ("citizen", "municipalities", "stays")]


def _old_notes(before: dt.date) -> QuerySet[Note]:
    return Note.objects.filter(occurred_at__lt=_midnight(before), written_at__lt=_midnight(before))


def _notes(target: Target, before: dt.date) -> Sets:
    notes = _old_notes(before).filter(citizen=target.citizen_id)
    return [
        NoteGoal.objects.filter(note__in=notes.values("pk")),
        Attachment.objects.filter(note__in=notes.values("pk")),
        notes,
    ]


def _old_talks(before: dt.date) -> QuerySet[Conversation]:
    newer = Message.objects.filter(conversation=OuterRef("pk"), written_at__gte=_midnight(before))
    return Conversation.objects.filter(~Exists(newer), written_at__lt=_midnight(before))


def _messages(target: Target, before: dt.date) -> Sets:
    talks = _old_talks(before).filter(citizen=target.citizen_id)
    messages = Message.objects.filter(conversation__in=talks.values("pk"))
    return [
        MessageRead.objects.filter(message__in=messages.values("pk")),
        messages,
        Participant.objects.filter(conversation__in=talks.values("pk")),
        talks,
    ]


def _old_moods(before: dt.date) -> QuerySet[MoodReading]:
    return MoodReading.objects.filter(written_at__lt=_midnight(before))


def _old_lines(before: dt.date) -> QuerySet[HandoverLine]:
    return HandoverLine.objects.filter(handover__ends_at__lt=_midnight(before), citizen__isnull=False)


def _old_lookups(before: dt.date) -> QuerySet[LookupLog]:
    """Whole months. The newest of all stays, for the next seal hangs on it; so do those of citizens held."""
    newest = LookupSeal.objects.order_by("-position").values("log_id")[:1]
    held = LegalHold.objects.filter(citizen=OuterRef("citizen"), lifted_at__isnull=True)
    whole = _midnight(before.replace(day=1))
    return LookupLog.objects.filter(~Exists(held), at__lt=whole, seal__isnull=False).exclude(pk__in=newest)


def _months(rows: QuerySet[Any], column: str) -> Iterator[Target]:
    found = rows.annotate(month=TruncMonth(column, tzinfo=COPENHAGEN)).order_by("month")
    yield from (Target(month=month.date()) for month in found.values_list("month", flat=True).distinct())


def _in_month(rows: QuerySet[Any], column: str, target: Target) -> QuerySet[Any]:
    month = target.month or dt.date.min
    after = (month + dt.timedelta(days=32)).replace(day=1)
    return rows.filter(**{f"{column}__gte": _midnight(month), f"{column}__lt": _midnight(after)})


def _lookups(target: Target, before: dt.date) -> Sets:
    looked = _in_month(_old_lookups(before), "at", target)
    return [LookupReview.objects.filter(log__in=looked.values("pk")), looked]


def _old_alarms(before: dt.date) -> QuerySet[Alarm]:
    return Alarm.objects.filter(raised_at__lt=_midnight(before.replace(day=1)), ended_at__isnull=False)


def _alarms(target: Target, before: dt.date) -> Sets:
    alarms = _in_month(_old_alarms(before), "raised_at", target)
    return [AlarmStep.objects.filter(alarm__in=alarms.values("pk")), alarms]


CATEGORIES: dict[str, Kept] = {
    Category.RECORD: Kept(_gone, _record, _watched),
    Category.NOTES: Kept(lambda before: _by_citizen(_old_notes(before)), _notes),
    Category.MESSAGES: Kept(lambda before: _by_citizen(_old_talks(before)), _messages),
    Category.MOODS: Kept(
        lambda before: _by_citizen(_old_moods(before)),
        lambda target, before: [_old_moods(before).filter(citizen=target.citizen_id)],
    ),
    Category.HANDOVER: Kept(
        lambda before: _by_citizen(_old_lines(before)),
        lambda target, before: [_old_lines(before).filter(citizen=target.citizen_id)],
    ),
    Category.LOOKUPS: Kept(lambda before: _months(_old_lookups(before), "at"), _lookups),
    Category.ALARMS: Kept(lambda before: _months(_old_alarms(before), "raised_at"), _alarms),
}
