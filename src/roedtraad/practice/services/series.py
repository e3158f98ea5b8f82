"""Series of tasks: planned from an effort by a rule, changed from a day on, and ended.

A series is many tasks that nobody has written down: an occurrence becomes a row when somebody touches it
(`services.tasks.touch`). What has happened stays; only what is to come is changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.access import rows
from roedtraad.core import clock
from roedtraad.core.danish import short_day
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.organisation.models import Unit
from roedtraad.practice import occurrences
from roedtraad.practice.models import Effort, Task, TaskSeries, TaskSeriesCitizen
from roedtraad.practice.rules import recurrence
from roedtraad.practice.services.common import Changed, write_once
from roedtraad.practice.services.planning import Part, plan, require_planned

if TYPE_CHECKING:
    from roedtraad.accounts.models import User
    from roedtraad.citizens.models import Citizen

_DAY = dt.timedelta(days=1)
CHANGEABLE = ("title", "instruction", "minutes", "rule", "at", "last_on")


@transaction.atomic
def plan_series(
    user: User,
    *,
    rule: str,
    first_on: dt.date,
    at: dt.time,
    last_on: dt.date | None = None,
    citizen: Citizen | None = None,
    effort: Effort | None = None,
    group: Sequence[Part] = (),
    unit: Unit | None = None,
    title: str = "",
    instruction: str = "",
    minutes: int | None = None,
    key: UUID | None = None,
) -> TaskSeries:
    """A task that comes again by `rule` (RFC 5545) from `first_on` to `last_on` (included) at `at`, Danish time.

    For a citizen, for the citizens of a `group`, or for a `unit`. From an effort it takes the effort's title, minutes
    and last day unless others are given. Sent twice with the same key it is planned once. Refusal for what cannot be
    planned; AccessDenied where the user does not work.
    """
    planned = plan(
        user,
        citizen=citizen,
        effort=effort,
        group=group,
        unit=unit,
        title=title,
        instruction=instruction,
        minutes=minutes,
    )
    if effort is not None and effort.ends_on is not None:
        last_on = min(last_on or effort.ends_on, effort.ends_on)
    _check_days(rule, first_on, last_on, at)
    with change(user, "gentaget opgave planlagt"):
        made, new = write_once(
            user,
            TaskSeries,
            key,
            **planned.values,
            rule=recurrence.parse(rule).text,
            first_on=first_on,
            last_on=last_on,
            at=at,
        )
        if new:
            TaskSeriesCitizen.objects.bulk_create(
                [
                    TaskSeriesCitizen(series=made, citizen=part.citizen, effort=part.effort)
                    for part in planned.parts
                ]
            )
    return made


@transaction.atomic
def change_series(
    user: User, series: TaskSeries, *, version: int, from_day: dt.date, **values: Any
) -> TaskSeries:
    """The series from `from_day` on as `values` say (any of title, instruction, minutes, rule, at, last_on).

    What lies before stays: the series ends the day before, and a new one goes on, which is answered. A series that
    has not begun is changed where it stands. Changed when somebody else changed it meanwhile; Refusal for a day
    that has passed.
    """
    held = _held(user, series)
    if held.version != version:
        raise Changed(held)
    if from_day < clock.today():
        raise Refusal(_("Det, der er sket, kan ikke ændres. Vælg en dag fra i dag og frem."), "from_day")
    _refuse_past_end(held, from_day)
    wanted = {name: values.get(name, getattr(held, name)) for name in CHANGEABLE}
    first_on = max(from_day, held.first_on)
    _check_days(wanted["rule"], first_on, wanted["last_on"], wanted["at"])
    if not wanted["title"].strip():
        raise Refusal(_("Skriv, hvad der skal gøres."), "title")
    with change(user, "gentaget opgave ændret"):
        if first_on == held.first_on and not held.tasks.exists():
            for name, value in wanted.items():
                setattr(held, name, value)
            held.version += 1
            held.save(update_fields=[*wanted, "version"])
            return held
        _end(held, first_on - _DAY)
        made = TaskSeries.objects.create(
            unit=held.unit, citizen=held.citizen, first_on=first_on, written_by=user, **wanted
        )
        # Somebody in a group may be hidden from who changes it, and still takes part.
        with rows.as_system("gentaget opgave ændret"):
            TaskSeriesCitizen.objects.bulk_create(
                [
                    TaskSeriesCitizen(series=made, citizen_id=part.citizen_id, effort_id=part.effort_id)
                    for part in TaskSeriesCitizen.objects.filter(series=held)
                ]
            )
    return made


@transaction.atomic
def except_date(user: User, series: TaskSeries, day: dt.date) -> TaskSeries:
    """Leave the series out on one day. Twice is once. Refusal when it is not due that day, or was begun."""
    held = _held(user, series)
    if day in held.exceptions:
        return held
    due = occurrences.on_day(held, day)
    if not due:
        raise Refusal(_("Opgaven skal ikke ske den dag."), "day")
    begun = held.tasks.filter(due_at__in=due, started_at__isnull=False).exists()
    if begun:
        raise Refusal(_("Opgaven er allerede begyndt den dag. Den kan ikke tages ud."), "day")
    with change(user, "gentaget opgave taget ud en dag"):
        held.exceptions = sorted([*held.exceptions, day])
        held.version += 1
        held.save(update_fields=["exceptions", "version"])
        _cancel(Task.objects.filter(series=held, due_at__in=due))
    return held


@transaction.atomic
def end_series(user: User, series: TaskSeries, last_day: dt.date) -> TaskSeries:
    """Let the series end with `last_day` (included). Refusal for a day before yesterday, or after it has ended."""
    held = _held(user, series)
    if last_day < clock.today() - _DAY:
        raise Refusal(_("Det, der er sket, kan ikke ændres. Vælg en dag fra i dag og frem."), "last_day")
    _refuse_past_end(held, last_day)
    with change(user, "gentaget opgave afsluttet"):
        _end(held, last_day)
    return held


def _held(user: User, series: TaskSeries) -> TaskSeries:
    held = (
        TaskSeries.objects.select_for_update(of=("self",)).select_related("citizen", "unit").get(pk=series.pk)
    )
    require_planned(user, held)
    return held


def _end(held: TaskSeries, last_day: dt.date) -> None:
    """End the series with the day, and take away what was touched after it but not begun."""
    held.last_on = max(last_day, held.first_on)
    if last_day < held.first_on:
        # It never began: its one day is left out.
        held.exceptions = sorted({*held.exceptions, held.first_on})
    held.version += 1
    held.save(update_fields=["last_on", "exceptions", "version"])
    _cancel(Task.objects.filter(series=held, due_at__gte=occurrences.midnight(last_day + _DAY)))


def _cancel(tasks: Any) -> None:
    tasks.filter(started_at__isnull=True, skipped_at__isnull=True, cancelled_at__isnull=True).update(
        cancelled_at=clock.now()
    )


def _refuse_past_end(held: TaskSeries, day: dt.date) -> None:
    if held.last_on is not None and day > held.last_on:
        raise Refusal(
            _("Opgaven sluttede den %(day)s. Planlæg en ny i stedet.") % {"day": short_day(held.last_on)}
        )


def _check_days(rule: str, first_on: dt.date, last_on: dt.date | None, at: dt.time) -> None:
    if last_on is not None and last_on < first_on:
        raise Refusal(_("Den sidste dag ligger før den første."), "last_on")
    if not occurrences.coming(recurrence.parse(rule), first_on, at, last_on, 1):
        raise Refusal(_("Gentagelsen falder ikke på nogen dag i perioden. Vælg andre dage."), "rule")
