"""What is in the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from roedtraad.access.scope import reach
from roedtraad.access.tokens import digest_of
from roedtraad.access.visibility import visible_q
from roedtraad.citizens.models import Citizen
from roedtraad.citizens.sharing import Scope, shared_with
from roedtraad.core import clock
from roedtraad.duty.models import Appointment, AppointmentTask, CalendarFeed
from roedtraad.duty.models.calendar import AppointmentQuerySet
from roedtraad.duty.rules import recurrence
from roedtraad.duty.rules.appointment_tasks import due_at
from roedtraad.duty.rules.moments import span_words
from roedtraad.journeys.models import Stay
from roedtraad.journeys.queries.homes import living

if TYPE_CHECKING:
    from roedtraad.accounts.models import User
    from roedtraad.practice.queries.tasks import DueTask

WORK = "duty.work"


@dataclass(frozen=True)
class Occurrence:
    """One time an appointment takes place. `day` names it in its series."""

    appointment: Appointment
    day: dt.date
    starts: dt.datetime
    ends: dt.datetime

    @property
    def citizen(self) -> Citizen | None:
        """Whose it is; None for a unit's."""
        return self.appointment.citizen

    @property
    def span(self) -> str:
        """From when to when, in words."""
        return span_words(self.starts, self.ends, all_day=self.appointment.all_day)

    @property
    def remind_at(self) -> dt.datetime | None:
        """When to remind of it."""
        minutes = self.appointment.reminder_minutes
        return None if minutes is None else self.starts - dt.timedelta(minutes=minutes)

    @property
    def link(self) -> AppointmentTask | None:
        """What says which task follows the appointment, when one does and the reader may see it."""
        found: AppointmentTask | None = getattr(self.appointment, "task_link", None)
        return found if found is not None and (found.task_id or found.series_id) else None

    def is_followed_by(self, task: DueTask) -> bool:
        """Is this the task that follows this time of the appointment?"""
        link = self.link
        if link is None:
            return False
        if link.task_id is not None:
            return task.task_id == link.task_id
        return task.series_id == link.series_id and task.due_at == due_at(self.starts, link.minutes_before)

    def touches(self, day: dt.date) -> bool:
        """Does it take up some of the day?"""
        begins, ends = day_bounds(day)
        return self.starts < ends and begins < self.ends


def plan_of(appointment: Appointment) -> recurrence.Plan:
    """When the appointment is, as the rules take it."""
    return recurrence.Plan(
        appointment.starts_at,
        appointment.ends_at,
        appointment.rrule,
        appointment.repeats_until,
        tuple(appointment.except_days),
    )


def day_bounds(first: dt.date, days: int = 1) -> tuple[dt.datetime, dt.datetime]:
    """The moments from the beginning of the day to the end of the last of so many days."""
    last = first + dt.timedelta(days=days)
    return (
        dt.datetime.combine(first, dt.time(), clock.COPENHAGEN),
        dt.datetime.combine(last, dt.time(), clock.COPENHAGEN),
    )


def agenda(user: User, unit_ids: Collection[int], begins: dt.datetime, ends: dt.datetime) -> list[Occurrence]:
    """What takes place in [begins, ends) in the units and for those who live there today, in order.

    Units and citizens the user does not work a shift with (duty.work) are left out. One SQL statement besides the
    user's reach.
    """
    mine = set(unit_ids) & reach(user, WORK).all_units
    homes = living(Stay.objects, clock.today()).filter(
        visible_q("journeys.Stay", user, WORK), unit_id__in=mine, citizen=OuterRef("citizen")
    )
    return _within(Appointment.objects.filter(Q(unit__in=mine) | Exists(homes)), begins, ends)


def agenda_of(citizen_id: int, begins: dt.datetime, ends: dt.datetime) -> list[Occurrence]:
    """What the citizen has in [begins, ends), in order. The caller knows who may see it. One SQL statement."""
    return _within(Appointment.objects.filter(citizen=citizen_id), begins, ends)


def own_agenda(citizen_id: int, begins: dt.datetime, ends: dt.datetime) -> list[Occurrence]:
    """What of it the citizen sees. One SQL statement."""
    return _within(Appointment.objects.filter(citizen=citizen_id, shared_with_citizen=True), begins, ends)


def relatives_agenda(
    user: User, begins: dt.datetime, ends: dt.datetime, citizen_id: int | None = None
) -> list[Occurrence]:
    """What citizens (or one) share of their calendar with the user as a relative, while they consent to that.

    One SQL statement besides the user's reach.
    """
    rows = Appointment.objects.filter(
        shared_with(user, Scope.CALENDAR, "citizen"), shared_with_relatives=True
    )
    return _within(rows if citizen_id is None else rows.filter(citizen=citizen_id), begins, ends)


def due_reminders(user: User, now: dt.datetime | None = None) -> list[Occurrence]:
    """What the user is to be reminded of now: not begun yet, and its reminder has come. One SQL besides the reach."""
    moment = now or clock.now()
    latest = moment + dt.timedelta(minutes=recurrence.EARLIEST_REMINDER + 1)
    return [
        one
        for one in agenda(user, reach(user, WORK).all_units, moment, latest)
        if one.remind_at is not None and one.remind_at <= moment < one.starts
    ]


def occurrence_on(appointment: Appointment, day: dt.date | None) -> Occurrence | None:
    """The time of the appointment that begins on `day` (a single one: its only time)."""
    plan = plan_of(appointment)
    wanted = day or appointment.starts_at.astimezone(clock.COPENHAGEN).date()
    time = recurrence.time_on(plan, wanted)
    return Occurrence(appointment, time.day, time.starts, time.ends) if time else None


def appointments_for(user: User) -> QuerySet[Appointment]:
    """The appointments the user may read on a page of their own: the units' and, with the record, the citizens'."""
    readable = Citizen.objects.filter(visible_q("citizens.Citizen", user, "record.view", in_emergency=True))
    return Appointment.objects.filter(
        Q(citizen__in=readable) | Q(unit__in=reach(user, WORK).all_units)
    ).select_related(
        "citizen",
        "unit",
        "created_by",
        "cancelled_by",
        "instead_of",
        "task_link__task__responsible",
        "task_link__series",
    )


def feed_of(secret: str) -> CalendarFeed | None:
    """The live calendar address with this secret, of somebody whose account is open. One SQL statement."""
    return (
        CalendarFeed.objects.select_related("user")
        .filter(digest=digest_of(secret), revoked_at__isnull=True, user__is_active=True)
        .first()
    )


def live_feed(user: User) -> CalendarFeed | None:
    """The user's calendar address. One SQL statement."""
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()


def _within(rows: AppointmentQuerySet, begins: dt.datetime, ends: dt.datetime) -> list[Occurrence]:
    since = (begins - recurrence.LONGEST).astimezone(clock.COPENHAGEN).date() - dt.timedelta(days=1)
    single = Q(rrule="", ends_at__gt=begins)
    series = ~Q(rrule="") & (Q(repeats_until__isnull=True) | Q(repeats_until__gte=since))
    found = (
        rows.standing()
        .filter(single | series, starts_at__lt=ends)
        .select_related("citizen", "unit", "task_link")
    )
    return in_order(
        Occurrence(row, time.day, time.starts, time.ends)
        for row in found
        for time in recurrence.times(plan_of(row), begins, ends)
    )


def in_order(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """By when they begin, the longest first; at the same time by name."""
    return sorted(
        occurrences,
        key=lambda one: (
            one.starts.astimezone(dt.UTC),
            -(one.ends - one.starts).total_seconds(),
            one.citizen.sort_key if one.citizen else "",
            one.appointment.pk,
        ),
    )
