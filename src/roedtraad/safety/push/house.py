"""What the push server asks of the database, each in a thread with a connection of its own: the rest never waits."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Q
from psycopg.conninfo import make_conninfo

from roedtraad.access import rows
from roedtraad.access.scope import may
from roedtraad.accounts.models import User
from roedtraad.safety import queries, rules, services, tickets
from roedtraad.safety.models import Alarm, AlarmStep

T = TypeVar("T")
#: Held while passing on, so that one of several push servers does it. Any fixed number will do.
TURN = 20_260_715
_threads = ThreadPoolExecutor(4, thread_name_prefix="database")


async def ask(function: Callable[..., T], *arguments: Any) -> T:
    """Run it in a thread and give back its answer."""
    work = functools.partial(_with_connection, function, *arguments)
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def _with_connection(function: Callable[..., T], *arguments: Any) -> T:
    try:
        return function(*arguments)
    finally:
        connections.close_all()


@dataclass(frozen=True)
class Listener:
    """Somebody who may listen, and the units where they are called."""

    user: int
    units: frozenset[int]


@dataclass(frozen=True)
class News:
    """A new line in an alarm's log, as it is told to pages: no names, no words."""

    step: int
    alarm: int
    key: str
    kind: rules.Kind
    raised_by: int
    units: frozenset[int]


def listener(text: str) -> Listener | None:
    """Who the ticket lets in, by what holds now: the account, its login and its grants."""
    ticket = tickets.read(text)
    if ticket is None:
        return None
    with rows.as_system("alarm"):
        user = User.objects.filter(pk=ticket.user, is_active=True).first()
        if user is None or not ticket.fits(user) or not may(user, "duty.work"):
            return None
        return Listener(user.pk, queries.units_on_shift(user))


def news(step: int) -> News | None:
    """The line with this number, and whom it concerns."""
    with rows.as_system("alarm"):
        found = AlarmStep.objects.select_related("alarm").filter(pk=step).first()
        return _news(found) if found else None


def missed(who: Listener, after: int | None) -> list[News]:
    """What a page has not heard: the lines after the last it knows, or what calls for an answer now.

    Lines are numbered when they are begun, so one may come after a page has heard of a later one. Each page also asks
    how things stand when it connects; nothing rests on this list being whole.
    """
    with rows.as_system("alarm"):
        steps = AlarmStep.objects.filter(alarm__in=Alarm.objects.called_in(who.units)).select_related("alarm")
        calling = Q(alarm__ended_at__isnull=True, kind__in=rules.CALLS)
        steps = steps.filter(calling if after is None else Q(pk__gt=after))
        return [_news(step) for step in steps.order_by("pk")[:500]]


def _news(step: AlarmStep) -> News:
    alarm = step.alarm
    log = [one.as_rule() for one in AlarmStep.objects.filter(alarm=alarm, kind=rules.Kind.ESCALATED)]
    return News(
        step=step.pk,
        alarm=alarm.pk,
        key=str(alarm.key),
        kind=rules.Kind(step.kind),
        raised_by=alarm.raised_by_id,
        units=rules.units_called(alarm.unit_id, log),
    )


def delivered(alarm: int, users: Iterable[int]) -> None:
    """Write in the log whose open pages it was sent to."""
    services.mark_delivered(alarm, users)


def pass_on() -> int:
    """Pass on what nobody answers and raise what is overdue, unless another process is at it. How much was done."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
            if not cursor.fetchone()[0]:
                return 0
        return services.escalate_due() + services.raise_overdue()


def address() -> str:
    """The database's address for the one connection that listens, as Django's own are made."""
    database = settings.DATABASES["default"]
    options = {k: v for k, v in database.get("OPTIONS", {}).items() if k not in {"pool", "options"}}
    parts = {
        "host": database.get("HOST"),
        "port": database.get("PORT"),
        "user": database.get("USER"),
        "password": database.get("PASSWORD"),
        "dbname": database["NAME"],
        "application_name": "roedtraad-push",
    }
    return make_conninfo(**{k: v for k, v in {**options, **parts}.items() if v})
