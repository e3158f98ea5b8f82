"""The task of an appointment: made with it or later, and following it when it is moved or called off.

One task for each time the appointment takes place: a single appointment has one row, a repeated one a series by the
same rule with the same days left out, whose tasks become rows when somebody touches them (`practice`). A time that is
moved out of its series has a row of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.core import clock
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import Appointment, AppointmentTask
from roedtraad.duty.queries.calendar import plan_of
from roedtraad.duty.rules import appointment_tasks as rules
from roedtraad.duty.services.common import held_appointment
from roedtraad.practice.models import Task, TaskSeries
from roedtraad.practice.rules import recurrence
from roedtraad.practice.services.following import day_task, follow_days, follow_to
from roedtraad.practice.services.series import plan_series
from roedtraad.practice.services.tasks import plan_task

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """The task as it is typed: what, when to leave (Danish wall time of the appointment's day), how long, and who."""

    title: str
    leave: dt.time
    minutes: int | None = None
    instruction: str = ""
    responsible: User | None = None


def _as_wanted(row: Task | TaskSeries) -> Wanted:
    """What an earlier task of the appointment says, for the one that takes its place."""
    return Wanted(
        row.title, row.due_at.time() if isinstance(row, Task) else row.at, row.minutes, row.instruction
    )


@transaction.atomic
def make_task(user: User, appointment: Appointment, wanted: Wanted) -> AppointmentTask:
    """Let a task follow the appointment. Sent twice it is one: the appointment's task is answered.

    Refusal when the appointment is called off, and for what cannot be planned; AccessDenied out of reach.
    """
    held = held_appointment(user, appointment)
    if held.cancelled_at is not None:
        raise Refusal(_("Aftalen er aflyst. Fortryd aflysningen, før du laver en opgave til den."))
    link = link_of(held)
    if link is not None and (link.task_id or link.series_id):
        return link
    if held.rrule and wanted.responsible is not None:
        raise Refusal(
            _(
                "En gentaget aftale kan ikke have én ansvarlig hver gang. Lad feltet stå tomt; vagten tager den."
            ),
            "responsible",
        )
    before = rules.minutes_before(held.starts_at, wanted.leave, all_day=held.all_day)
    link = link or AppointmentTask(appointment=held)
    link.minutes_before = before
    with change(user, "opgave til en aftale"):
        if held.rrule:
            link.series = _plan_series(user, held, before, wanted)
            if link.series is None:
                raise Refusal(_("Aftalen finder ikke sted flere gange. Ret den, før du laver en opgave."))
        else:
            link.task = _plan_task(user, held, before, wanted)
        link.save()
    return link


@transaction.atomic
def remove_task(user: User, appointment: Appointment) -> str:
    """Let no task follow the appointment any longer; what is not begun is called off. What happened, in a sentence."""
    held = held_appointment(user, appointment)
    link = link_of(held)
    if link is None or not (link.task_id or link.series_id):
        return ""
    said = _call_off(user, link)
    link.task = link.series = None
    with change(user, "opgave til en aftale fjernet"):
        link.save()
    return said


def follow(user: User, appointment: Appointment) -> str:
    """Let the task follow the appointment as it stands now: moved, called off or called back. Twice is once.

    What happened, in a sentence; empty when no task follows it. Runs in the transaction of what changed it. Refusal
    when a repeated task would be due the day before the appointment.
    """
    link = link_of(appointment)
    if link is None or not (link.task_id or link.series_id):
        return ""
    if appointment.cancelled_at is not None:
        return _call_off(user, link)
    if appointment.rrule:
        return _follow_series(user, appointment, link)
    return _follow_single(user, appointment, link)


def follow_one(user: User, series: Appointment, moved: Appointment, day: dt.date) -> str:
    """Give a time that was moved out of its series a task of its own, unless that day's was begun already.

    What happened, in a sentence; empty when no task follows the series.
    """
    link = link_of(series)
    if link is None or link.series is None:
        return ""
    known = link_of(moved)
    if known is not None:
        return follow(user, moved)
    row = day_task(link.series, day)
    follow(user, series)
    if row is not None and (row.started_at is not None or row.skipped_at is not None):
        return _begun()
    task = _plan_task(user, moved, link.minutes_before, _as_wanted(link.series))
    with change(user, "opgave til en flyttet aftale"):
        AppointmentTask.objects.create(appointment=moved, task=task, minutes_before=link.minutes_before)
    return _moved(task.due_at)


def link_of(appointment: Appointment) -> AppointmentTask | None:
    """What says which task follows the appointment. One SQL statement."""
    return AppointmentTask.objects.select_related("task", "series").filter(appointment=appointment).first()


def _follow_single(user: User, appointment: Appointment, link: AppointmentTask) -> str:
    due = rules.due_at(appointment.starts_at, link.minutes_before)
    if link.task is None:
        series = link.series
        if series is None:
            return ""
        follow_days(user, series, last_on=clock.today() - _DAY, exceptions=series.exceptions)
        link.series = None
        link.task = _plan_task(user, appointment, link.minutes_before, _as_wanted(series))
        with change(user, "opgave til en aftale"):
            link.save()
        return _moved(due)
    was, called_off = link.task.due_at, link.task.cancelled_at is not None
    if was == due and not called_off:
        return ""
    if not follow_to(user, link.task, due):
        return _begun()
    return _("Opgaven er der igen.") if called_off and was == due else _moved(due)


def _follow_series(user: User, appointment: Appointment, link: AppointmentTask) -> str:
    plan = plan_of(appointment)
    at = rules.time_of_day(appointment.starts_at, link.minutes_before)
    rule = recurrence.parse(appointment.rrule).text
    series = link.series
    if series is not None and (series.rule, series.at) == (rule, at) and rules.is_time(plan, series.first_on):
        before = (series.last_on, series.exceptions)
        wanted = (appointment.repeats_until, sorted(appointment.except_days))
        if before == wanted:
            return ""
        follow_days(user, series, last_on=wanted[0], exceptions=wanted[1])
        return _("Opgaven følger med.")
    # What has happened stays where it was; a new series goes on from today.
    old = series or link.task
    if old is None:
        return ""
    _call_off(user, link)
    link.task = None
    link.series = _plan_series(user, appointment, link.minutes_before, _as_wanted(old))
    with change(user, "opgave til en aftale"):
        link.save()
    return _("Opgaven er flyttet med.")


def _call_off(user: User, link: AppointmentTask) -> str:
    if link.series is not None:
        yesterday = clock.today() - _DAY
        last = min(link.series.last_on or yesterday, yesterday)
        follow_days(user, link.series, last_on=last, exceptions=link.series.exceptions)
        return _("Opgaven er aflyst med.")
    if link.task is None or link.task.cancelled_at is not None:
        return ""
    return _("Opgaven er aflyst med.") if follow_to(user, link.task, None) else _begun()


def _plan_task(user: User, appointment: Appointment, before: int, wanted: Wanted) -> Task:
    return plan_task(
        user,
        due_at=rules.due_at(appointment.starts_at, before),
        citizen=appointment.citizen,
        unit=appointment.unit,
        title=wanted.title,
        minutes=wanted.minutes,
        instruction=wanted.instruction,
        responsible=wanted.responsible,
    )


def _plan_series(user: User, appointment: Appointment, before: int, wanted: Wanted) -> TaskSeries | None:
    """The series from the appointment's first time that is not over; None when there is none."""
    first = rules.next_time(plan_of(appointment), clock.today())
    if first is None:
        return None
    made = plan_series(
        user,
        rule=appointment.rrule,
        first_on=first.day,
        at=rules.time_of_day(appointment.starts_at, before),
        last_on=appointment.repeats_until,
        citizen=appointment.citizen,
        unit=appointment.unit,
        title=wanted.title,
        minutes=wanted.minutes,
        instruction=wanted.instruction,
    )
    if not appointment.except_days:
        return made
    return follow_days(user, made, last_on=appointment.repeats_until, exceptions=appointment.except_days)


def _moved(due_at: dt.datetime) -> str:
    when = due_at.astimezone(clock.COPENHAGEN)
    return _("Opgaven er flyttet med til den %(day)s kl. %(time)s.") % {
        "day": f"{when:%d.%m.}", "time": f"{when:%H.%M}",
    }  # fmt: skip


def _begun() -> str:
    return _("Opgaven er begyndt eller klaret, så den står, som den gjorde.")
