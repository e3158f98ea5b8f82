"""Deleting for good: one line of an approved list, through the only door the database has for it.

The door is `rights_erase` and its sisters (migrations/0002_rows): for the system under the name "opbevaring" alone.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from roedtraad.access.models import Grant, LookupLog, LookupReview, LookupSeal
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.encrypted import encrypt
from roedtraad.drafts.models import Draft
from roedtraad.rights import files
from roedtraad.rights.catalogue import erased_parts
from roedtraad.rights.categories import CATEGORIES, Target, measured
from roedtraad.rights.models import DeletionItem, LegalHold, SubjectRequest
from roedtraad.rights.models.retention import Category

SYSTEM = "opbevaring"
BATCH = 2_000
_LOCK = 7104041


def one_list_at_a_time() -> None:
    """Wait until nobody else is in the middle of ordering a list; let go when the transaction ends."""
    _wait(1)


def one_receipt_at_a_time() -> None:
    """Wait until nobody else is in the middle of writing a receipt; let go when the transaction ends."""
    _wait(2)


def _wait(what: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, what])


def carry_out(item: DeletionItem, before: dt.date) -> None:
    """Delete what a line names, or leave it whole and say why: held, changed since, or used by something else.

    The caller holds the line locked, and the transaction around it.
    """
    kept, target = CATEGORIES[item.category], Target(item.citizen_id, item.month)
    if LegalHold.objects.filter(citizen=item.citizen_id, lifted_at__isnull=True).exists():
        _left(item, DeletionItem.State.HELD)
        return
    sets = kept.rows(target, before)
    if measured([*sets, *kept.watched(target)]) != (item.found, item.digest):
        _left(item, DeletionItem.State.CHANGED)
        return
    try:
        with transaction.atomic():
            counts = _record(item) if item.category == Category.RECORD else _rows(item, sets)
            _nothing_hangs()
    except IntegrityError:
        _left(item, DeletionItem.State.LINKED)
        return
    if item.category == Category.RECORD:
        item.citizen = None
    item.state, item.counts = DeletionItem.State.DONE, counts
    item.save()


def _left(item: DeletionItem, state: str) -> None:
    item.state = state
    item.save(update_fields=["state"])


def _rows(item: DeletionItem, sets: list[QuerySet[Any]]) -> dict[str, int]:
    # What is to go is found before anything is gone: the second set may be found through the first.
    wanted = [
        (rows.model._meta.db_table, list(rows.order_by().values_list("pk", flat=True))) for rows in sets
    ]
    return {table: _erase(item, table, ids) for table, ids in wanted if ids}


def _record(item: DeletionItem) -> dict[str, int]:
    """Everything about a citizen but the stays, which stay without name and number so that the figures hold."""
    citizen = Citizen.objects.get(pk=item.citizen_id or 0)
    _drafts(citizen)
    for stored in (
        SubjectRequest.objects.filter(citizen=citizen).exclude(stored="").values_list("stored", flat=True)
    ):
        transaction.on_commit(partial(files.remove, stored))
    _logins(item, citizen)
    parts = erased_parts()
    wanted = [(part, list(part.rows(citizen.pk).order_by().values_list("pk", flat=True))) for part in parts]
    by_table = {part.table: ids for part, ids in wanted}
    for part, _ids in wanted:
        if part.past is not None:
            _erase_past(item, part.table, part.path, citizen.pk, by_table)
    counts = {
        part.table._meta.db_table: _erase(item, part.table._meta.db_table, ids) for part, ids in wanted if ids
    }
    counts |= _own_lookups(item, citizen)
    nowhere = encrypt("", "citizens_citizen.address")
    _call("rights_empty_citizen(%s, %s, %s, %s)", item.pk, citizen.pk, clock.today(), nowhere)
    return counts


def _erase_past(
    item: DeletionItem, table: type, path: str, citizen: int, by_table: dict[type, list[int]]
) -> None:
    """The history of rows that everyday work has removed already: found by the citizen, or by the row they hung on."""
    link = path.partition("__")[0]
    field = table._meta.get_field(link)  # type: ignore[attr-defined]  # a model
    ids = [citizen] if path == "citizen" else by_table.get(field.related_model, [])
    for batch in _batches(ids):
        _call("rights_erase_past(%s, %s, %s, %s)", item.pk, table._meta.db_table, field.column, batch)  # type: ignore[attr-defined]  # a model


def _own_lookups(item: DeletionItem, citizen: Citizen) -> dict[str, int]:
    """The citizen's and the relatives' own visits bear their names. Colleagues' stay, by the rule of the log."""
    newest = LookupSeal.objects.order_by("-position").values("log_id")[:1]
    own = LookupLog.objects.filter(
        citizen=citizen, role__in=[Role.CITIZEN, Role.RELATIVE], seal__isnull=False
    ).exclude(pk__in=newest)
    return _rows(item, [LookupReview.objects.filter(log__in=own.values("pk")), own])


def _logins(item: DeletionItem, citizen: Citizen) -> None:
    """Logins that were for this citizen alone, the citizen's and the relatives'."""
    known = Grant.objects.filter(citizen=citizen).values("user")
    elsewhere = Grant.objects.exclude(citizen=citizen).values("user") | Grant.objects.filter(
        citizen__isnull=True
    ).values("user")
    for user in User.objects.filter(pk__in=known).exclude(pk__in=elsewhere).order_by("pk"):
        _call("rights_empty_user(%s, %s, %s)", item.pk, user.pk, citizen.pk)


def _drafts(citizen: Citizen) -> None:
    """What somebody has typed about the citizen and not sent. Drafts live a week, so they are few."""
    marks = [str(citizen.key), str(citizen), *filter(None, [citizen.cpr])]
    found = [
        draft.pk
        for draft in Draft.objects.only("key", "content").iterator(100)
        if any(mark in draft.content for mark in marks)
    ]
    Draft.objects.filter(pk__in=found).delete()


def _erase(item: DeletionItem, table: str, ids: list[int]) -> int:
    return sum(_call("rights_erase(%s, %s, %s)", item.pk, table, batch) for batch in _batches(ids))


def _batches(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


def _call(function: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}", list(values))  # nosec B608  our own words
        (answer,) = cursor.fetchone()
        return int(answer or 0)


def _nothing_hangs() -> None:
    """Whatever still points at what is gone is found now, not at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
