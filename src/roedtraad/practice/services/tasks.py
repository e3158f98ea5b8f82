"""What can happen to a task: planned, touched, begun, ended, left out, handed on, called off.

One tap begins and one tap ends, and the minutes between are what was delivered. Each is safe to send again, and a
phone that was without a net says when it happened (`at`, at most seven days back).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from roedtraad.access import rows
from roedtraad.access.scope import reach
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.organisation.models import Unit
from roedtraad.practice import occurrences
from roedtraad.practice.access import CITIZEN
from roedtraad.practice.models import Effort, Task, TaskCitizen, TaskSeriesCitizen
from roedtraad.practice.queries.tasks import series_to_work_on, tasks_to_work_on
from roedtraad.practice.rules import tasks as rules
from roedtraad.practice.services.common import write_once
from roedtraad.practice.services.planning import Part, plan, require_planned

if TYPE_CHECKING:
    from roedtraad.accounts.models import User


@transaction.atomic
def plan_task(
    user: User,
    *,
    due_at: dt.datetime,
    citizen: Citizen | None = None,
    effort: Effort | None = None,
    group: Sequence[Part] = (),
    unit: Unit | None = None,
    title: str = "",
    instruction: str = "",
    minutes: int | None = None,
    responsible: User | None = None,
    key: UUID | None = None,
) -> Task:
    """One task at a time, without a series: for a citizen, for the citizens of a `group`, or for a `unit`.

    From an effort it takes the effort's title and minutes unless others are given. Sent twice with the same key it is
    planned once. Refusal for what cannot be planned; AccessDenied where the user does not work.
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
    with change(user, "opgave planlagt"):
        made, new = write_once(user, Task, key, **planned.values, due_at=due_at, responsible=responsible)
        if new:
            TaskCitizen.objects.bulk_create(
                [TaskCitizen(task=made, citizen=part.citizen, effort=part.effort) for part in planned.parts]
            )
    return made


@transaction.atomic
def touch(user: User, series_key: UUID, due_at: dt.datetime) -> Task:
    """The task of a series at a time, as a row: written by the first who touches it, the same one for all after.

    Refusal when the series is not due then, or is not one the user may work on.
    """
    series = series_to_work_on(user).filter(key=series_key).select_related("citizen", "unit").first()
    if series is None:
        raise Refusal(_("Opgaven findes ikke længere. Åbn listen igen."))
    key = rules.occurrence_key(series.key, due_at)
    known = Task.objects.filter(key=key).first()
    if known is not None:
        return known
    require_planned(user, series)
    due_at = due_at.astimezone(dt.UTC)
    if due_at not in occurrences.times(series, due_at, due_at + dt.timedelta(minutes=1)):
        raise Refusal(_("Opgaven er ændret, siden du åbnede listen. Åbn listen igen."))
    try:
        with transaction.atomic(), change(user, "opgave fra gentagelse"):
            made = Task.objects.create(
                key=key,
                series=series,
                unit=series.unit,
                citizen=series.citizen,
                title=series.title,
                instruction=series.instruction,
                minutes=series.minutes,
                due_at=due_at,
                written_by=user,
            )
            # Somebody in a group may be hidden from who touches it, and the minutes count for that one too.
            with rows.as_system("deltagere i en opgave"):
                TaskCitizen.objects.bulk_create(
                    [
                        TaskCitizen(task=made, citizen_id=part.citizen_id, effort_id=part.effort_id)
                        for part in TaskSeriesCitizen.objects.filter(series=series)
                    ]
                )
    except IntegrityError:
        # Somebody else touched it in the same moment.
        return Task.objects.get(key=key)
    return made


def found_task(
    user: User, key: UUID, series_key: UUID | None = None, due_at: dt.datetime | None = None
) -> Task | None:
    """The task with this key that the user may work on; one of a series is written down when nobody has yet.

    None when there is none. Refusal as `touch`.
    """
    known = tasks_to_work_on(user).filter(key=key).first()
    if known is not None or series_key is None or due_at is None:
        return known
    if rules.occurrence_key(series_key, due_at) != key:
        return None
    return touch(user, series_key, due_at)


@transaction.atomic
def start(user: User, task: Task, at: dt.datetime | None = None) -> Task:
    """The task begins. Begun already by the same user it is answered as it stands; by another, a Refusal says who."""
    held = _held(user, task)
    if held.started_by_id == user.pk and held.skipped_at is None and held.cancelled_at is None:
        return held
    _refuse_over(held)
    if held.started_at is not None:
        raise Refusal(_said(_("%(who)s begyndte opgaven %(when)s."), held.started_by, held.started_at))
    with change(user, "opgave begyndt"):
        held.started_at = rules.moment(at, clock.now())
        held.started_by = user
        held.save(update_fields=["started_at", "started_by"])
    return held


@transaction.atomic
def end(user: User, task: Task, at: dt.datetime | None = None, minutes: int | None = None) -> Task:
    """The task is done; its minutes are counted from when it began, or are `minutes` when somebody says how many.

    Ended already by the same user it is answered as it stands. Refusal when nobody began it (`done` is for that),
    when another ended it, and when it has run for longer than a shift and nobody says how many minutes it took.
    """
    held = _held(user, task)
    if held.ended_at is not None and held.ended_by_id == user.pk:
        return held
    _refuse_over(held)
    if held.started_at is None:
        raise Refusal(_("Opgaven er ikke begyndt. Tryk »Gjort«, hvis den er udført."))
    over = rules.ended(held.started_at, rules.moment(at, clock.now()), minutes)
    with change(user, "opgave færdig" if minutes is None else "opgave færdig, minutter skrevet"):
        held.ended_at = over
        held.ended_by = user
        held.save(update_fields=["ended_at", "ended_by"])
    return held


@transaction.atomic
def done(user: User, task: Task, minutes: int | None = None, at: dt.datetime | None = None) -> Task:
    """The task was done without anybody having begun it: it took `minutes`, or as long as planned.

    The history says that the minutes were confirmed, not measured. Refusal when it is begun, over, or neither
    minutes nor a plan is there.
    """
    held = _held(user, task)
    if held.ended_at is not None and held.ended_by_id == user.pk:
        return held
    _refuse_over(held)
    if held.started_at is not None:
        raise Refusal(_said(_("%(who)s begyndte opgaven %(when)s."), held.started_by, held.started_at))
    over = rules.moment(at, clock.now())
    with change(user, "opgave gjort, minutter bekræftet"):
        held.started_at = rules.began(over, minutes, held.minutes)
        held.started_by = user
        held.ended_at = over
        held.ended_by = user
        held.save(update_fields=["started_at", "started_by", "ended_at", "ended_by"])
    return held


@transaction.atomic
def undo_start(user: User, task: Task) -> Task:
    """The tap that began the task was a mistake: it is as if nobody had begun. The same day, by who tapped."""
    held = _held(user, task)
    if held.started_at is None:
        return held
    if held.ended_at is not None:
        raise Refusal(_("Opgaven er færdig. Fortryd først, at den er færdig."))
    _refuse_undo(user, held.started_by_id, held.started_at)
    with change(user, "begyndt opgave fortrudt"):
        held.started_at = held.started_by = None
        held.save(update_fields=["started_at", "started_by"])
    return held


@transaction.atomic
def undo_end(user: User, task: Task, *, also_start: bool = False) -> Task:
    """The task is not done after all: it runs on, or (`also_start`) nobody has begun. The same day, by who tapped."""
    held = _held(user, task)
    if held.ended_at is None:
        return held
    _refuse_undo(user, held.ended_by_id, held.ended_at)
    with change(user, "færdig opgave fortrudt"):
        held.ended_at = held.ended_by = None
        if also_start:
            _refuse_undo(user, held.started_by_id, held.started_at or clock.now())
            held.started_at = held.started_by = None
        held.save(update_fields=["started_at", "started_by", "ended_at", "ended_by"])
    return held


@transaction.atomic
def skip(user: User, task: Task, reason: str, at: dt.datetime | None = None) -> Task:
    """The task is not done, and why. Sent again by the same user it is answered as it stands."""
    held = _held(user, task)
    if held.skipped_at is not None and held.skipped_by_id == user.pk:
        return held
    _refuse_over(held)
    words = reason.strip()
    if not words:
        raise Refusal(_("Skriv eller vælg, hvorfor opgaven ikke blev til noget."), "reason")
    with change(user, "opgave sprunget over"):
        held.skipped_at = rules.moment(at, clock.now())
        held.skipped_by = user
        held.skipped_reason = words[:300]
        held.save(update_fields=["skipped_at", "skipped_by", "skipped_reason"])
    return held


@transaction.atomic
def undo_skip(user: User, task: Task) -> Task:
    """The task is to be done after all. The same day, by who left it out."""
    held = _held(user, task)
    if held.skipped_at is None:
        return held
    _refuse_undo(user, held.skipped_by_id, held.skipped_at)
    with change(user, "oversprungen opgave fortrudt"):
        held.skipped_at = held.skipped_by = None
        held.skipped_reason = ""
        held.save(update_fields=["skipped_at", "skipped_by", "skipped_reason"])
    return held


@transaction.atomic
def hand_over(user: User, task: Task, colleague: User) -> Task:
    """A colleague takes the task. Refusal when the colleague does not work there, or it is over."""
    held = _held(user, task)
    if held.responsible_id == colleague.pk:
        return held
    _refuse_over(held)
    if not _works_on(colleague, held):
        raise Refusal(_("%(who)s arbejder ikke der i dag. Vælg en anden.") % {"who": colleague}, "colleague")
    with change(user, "opgave givet videre"):
        held.responsible = colleague
        held.save(update_fields=["responsible"])
    return held


@transaction.atomic
def cancel(user: User, task: Task) -> Task:
    """The task is called off, and is gone from the lists. Refusal when it was begun or is over."""
    held = _held(user, task)
    if held.cancelled_at is not None:
        return held
    _refuse_over(held)
    if held.started_at is not None:
        raise Refusal(_said(_("%(who)s begyndte opgaven %(when)s."), held.started_by, held.started_at))
    with change(user, "opgave aflyst"):
        held.cancelled_at = clock.now()
        held.save(update_fields=["cancelled_at"])
    return held


def _held(user: User, task: Task) -> Task:
    """The task as it is now, locked: the second of two who tap at once sees what the first did."""
    held = (
        Task.objects.select_for_update(of=("self",))
        .select_related("citizen", "started_by", "ended_by", "skipped_by")
        .get(pk=task.pk)
    )
    require_planned(user, held)
    return held


def _refuse_over(held: Task) -> None:
    if held.cancelled_at is not None:
        raise Refusal(_("Opgaven er aflyst."))
    if held.ended_at is not None:
        raise Refusal(_said(_("Opgaven er færdig: %(who)s %(when)s."), held.ended_by, held.ended_at))
    if held.skipped_at is not None:
        raise Refusal(_said(_("%(who)s sprang opgaven over %(when)s."), held.skipped_by, held.skipped_at))


def _refuse_undo(user: User, by: int | None, moment: dt.datetime) -> None:
    if by != user.pk or not rules.same_day(moment, clock.now()):
        raise Refusal(_("Kun den, der gjorde det, kan fortryde, og kun samme dag."))


def _said(sentence: str, who: User | None, when: dt.datetime) -> str:
    return sentence % {"who": who, "when": rules.clock_words(when, clock.now())}


def _works_on(colleague: User, task: Task) -> bool:
    """May the colleague work on the task today?"""
    if task.citizen_id is None:
        return task.unit_id in reach(colleague, "record.write").all_units
    return Citizen.objects.filter(visible_q(CITIZEN, colleague, "record.write"), pk=task.citizen_id).exists()
