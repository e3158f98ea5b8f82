"""An appointment is made, changed, called off, or taken back: one time of a series, or all of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.core.danish import day as day_words
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import Appointment
from roedtraad.duty.queries.calendar import plan_of
from roedtraad.duty.rules import recurrence
from roedtraad.duty.rules.moments import span_words
from roedtraad.duty.services.appointment_tasks import Wanted, follow, follow_one, make_task
from roedtraad.duty.services.common import held_appointment, line_of, once, require_owner
from roedtraad.organisation.models import Unit

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

LATEST = dt.timedelta(days=366 * 10)


# What stands before the name of a field of the appointment's task.
TASK = "task-"


@dataclass(frozen=True)
class Agreed:
    """What is agreed, as it is typed. `ends_at` of an all-day appointment is the midnight after its last day."""

    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    kind: str = Appointment.Kind.AGREEMENT
    all_day: bool = False
    place: str = ""
    with_whom: str = ""
    rrule: str = ""
    repeats_until: dt.date | None = None
    reminder_minutes: int | None = None
    shared_with_citizen: bool = True
    shared_with_relatives: bool = False


AGREED = tuple(field.name for field in fields(Agreed))
# What an undo puts back.
STATE = (*AGREED, "except_days", "cancelled_at", "cancelled_by_id")


class AppointmentChanged(Refusal):
    """Somebody changed the appointment meanwhile; `now` is what stands there."""

    def __init__(self, now: Appointment) -> None:
        self.now = now
        super().__init__(
            _(
                "Aftalen er ændret, siden du åbnede siden. Nu står der: %(title)s, %(day)s %(span)s. "
                "Se det efter, og gem igen, hvis dit stadig gælder."
            )
            % {
                "title": now.title,
                "day": day_words(now.starts_at.astimezone(clock.COPENHAGEN).date()),
                "span": span_words(now.starts_at, now.ends_at, all_day=now.all_day),
            }
        )


@transaction.atomic
def make_appointment(
    user: User,
    agreed: Agreed,
    *,
    citizen: Citizen | None = None,
    unit: Unit | None = None,
    key: UUID | None = None,
    task: Wanted | None = None,
) -> Appointment:
    """Make an appointment for a citizen, or for a whole unit, and with `task` the task that follows it.

    The same user sending the same key again gets the row that is there. Refusal for what `_checked` refuses, with a
    field that begins with `TASK` for what the task may not be; AccessDenied out of reach. ValueError unless exactly
    one of citizen and unit is given.
    """
    if (citizen is None) == (unit is None):
        raise ValueError("an appointment is a citizen's or a unit's")
    require_owner(user, citizen, unit)
    values = _checked(agreed, citizen)

    def make(new_key: UUID) -> Appointment:
        with change(user, "aftale lavet"):
            return Appointment.objects.create(
                key=new_key,
                citizen=citizen,
                unit=unit,
                created_by=user,
                created_at=clock.now(),
                **values,
            )

    made = once(Appointment, user, key, "created_by", make, citizen=citizen, unit=unit)
    if task is not None:
        try:
            make_task(user, made, task)
        except Refusal as refusal:
            raise Refusal(refusal.sentence, f"{TASK}{refusal.field}") from refusal
    return made


@transaction.atomic
def change_appointment(
    user: User,
    appointment: Appointment,
    agreed: Agreed,
    *,
    version: int,
    day: dt.date | None = None,
    key: UUID | None = None,
) -> Appointment:
    """Change the appointment, or with `day` only that time of a series, which then stands as a row of its own.

    `version` is the one the page showed; AppointmentChanged when it is another now. Returns the row that holds the
    change.
    """
    if key is not None and day is not None:
        known = Appointment.objects.filter(
            key=key, created_by=user, instead_of=appointment, instead_day=day
        ).first()
        if known is not None:
            return known
    held = held_appointment(user, appointment)
    if held.version != version:
        raise AppointmentChanged(held)
    if held.cancelled_at is not None:
        raise Refusal(_("Aftalen er aflyst. Fortryd aflysningen først, eller lav en ny."))
    if day is not None and held.rrule:
        return _change_one(user, held, agreed, day, key)
    values = _checked(agreed, held.citizen)
    for name, value in values.items():
        setattr(held, name, value)
    held.version += 1
    with change(user, "aftale ændret"):
        held.save()
    held.task_said = follow(user, held)
    return held


def _change_one(
    user: User, series: Appointment, agreed: Agreed, day: dt.date, key: UUID | None
) -> Appointment:
    _check_day(series, day)
    values = _checked(agreed, series.citizen) | {"rrule": "", "repeats_until": None}
    series.except_days = sorted({*series.except_days, day})
    series.version += 1

    def make(new_key: UUID) -> Appointment:
        with change(user, "én gang af en aftale ændret"):
            series.save(update_fields=["except_days", "version"])
            return Appointment.objects.create(
                key=new_key,
                citizen=series.citizen,
                unit=series.unit,
                instead_of=series,
                instead_day=day,
                created_by=user,
                created_at=clock.now(),
                **values,
            )

    moved = once(Appointment, user, key, "created_by", make)
    moved.task_said = follow_one(user, series, moved, day)
    return moved


@transaction.atomic
def cancel_appointment(user: User, appointment: Appointment, day: dt.date | None = None) -> Appointment:
    """Call the appointment off, or with `day` only that time of a series. Twice changes nothing."""
    held = held_appointment(user, appointment)
    if held.cancelled_at is not None:
        return held
    if day is not None and held.rrule:
        if day in held.except_days:
            return held
        _check_day(held, day)
        held.except_days = sorted({*held.except_days, day})
    else:
        held.cancelled_at, held.cancelled_by = clock.now(), user
    held.version += 1
    with change(user, "aftale aflyst"):
        held.save()
    held.task_said = follow(user, held)
    return held


@transaction.atomic
def undo_last(user: User, appointment: Appointment) -> Appointment:
    """Put the appointment back as it was before its latest change; one just made is called off.

    Only who made the change may, on the same day. A time of a series that was moved stands in the series again.
    Refusal otherwise.
    """
    held = held_appointment(user, appointment)
    latest, before = _latest_events(held)
    said = latest.pgh_context.metadata if latest is not None and latest.pgh_context else {}
    if said.get("user") != user.pk:
        raise Refusal(_("Det kan ikke fortrydes, for en anden har ændret aftalen siden."))
    if said.get("day") != clock.today().isoformat():
        raise Refusal(_("Det kan kun fortrydes samme dag. Ret aftalen i stedet."))
    with change(user, "fortrudt"):
        if before is not None:
            for name in STATE:
                setattr(held, name, getattr(before, name))
        else:
            held.cancelled_at, held.cancelled_by = clock.now(), user
            _back_in_series(user, held)
        held.version += 1
        held.save()
    held.task_said = follow(user, held)
    return held


def _latest_events(held: Appointment) -> list[Any]:
    """The row's latest event and the one before it; None where there is none."""
    events = list(held.events.select_related("pgh_context").order_by("-pgh_id")[:2])  # type: ignore[attr-defined]  # pghistory's relation
    return [*events, None, None][:2]


def _back_in_series(user: User, moved: Appointment) -> None:
    if moved.instead_of_id is None:
        return
    series = Appointment.objects.select_for_update().get(pk=moved.instead_of_id)
    series.except_days = [day for day in series.except_days if day != moved.instead_day]
    series.version += 1
    series.save(update_fields=["except_days", "version"])
    follow(user, series)


def _check_day(series: Appointment, day: dt.date) -> None:
    if recurrence.time_on(plan_of(series), day) is None:
        raise Refusal(_("Aftalen er ikke den %(day)s. Se kalenderen igen.") % {"day": day_words(day)})


def _checked(agreed: Agreed, citizen: Citizen | None) -> dict[str, Any]:
    """The columns, or a Refusal in words: no title, times in the wrong order or far away, an unreadable rule."""
    title = line_of(agreed.title, 120, "title")
    if not title:
        raise Refusal(_("Skriv, hvad aftalen er."), "title")
    if agreed.kind not in Appointment.Kind.values:
        raise Refusal(_("Vælg, hvad det er for en aftale."), "kind")
    if agreed.ends_at <= agreed.starts_at:
        raise Refusal(_("Aftalen slutter, før den begynder. Ret sluttidspunktet."), "ends_at")
    if agreed.ends_at - agreed.starts_at > recurrence.LONGEST:
        raise Refusal(_("En aftale kan højst vare 31 dage. Del den, eller ret sluttidspunktet."), "ends_at")
    if abs(agreed.starts_at - clock.now()) > LATEST:
        raise Refusal(_("Datoen ligger mere end ti år fra i dag. Ret den."), "starts_at")
    until = agreed.repeats_until if agreed.rrule else None
    recurrence.check(recurrence.Plan(agreed.starts_at, agreed.ends_at, agreed.rrule, until))
    minutes = agreed.reminder_minutes
    if minutes is not None and not 0 <= minutes <= recurrence.EARLIEST_REMINDER:
        raise Refusal(_("En påmindelse kan komme højst to døgn før."), "reminder_minutes")
    if agreed.shared_with_relatives and citizen is None:
        raise Refusal(_("Kun en borgers aftaler kan deles med pårørende."), "shared_with_relatives")
    values = {name: getattr(agreed, name) for name in AGREED}
    return values | {
        "title": title,
        "place": line_of(agreed.place, 120, "place"),
        "with_whom": line_of(agreed.with_whom, 120, "with_whom"),
        "repeats_until": until,
    }
