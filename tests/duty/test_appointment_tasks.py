"""Tasks from appointments: one for each time, following the appointment, and shown once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import pytest
from django.db import connection, transaction

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.duty.models import Appointment, AppointmentTask
from roedtraad.duty.queries.calendar import Occurrence, agenda
from roedtraad.duty.services import calendar as services
from roedtraad.duty.services.appointment_tasks import Wanted, link_of, make_task, remove_task
from roedtraad.duty.services.calendar import Agreed
from roedtraad.practice.models import Task
from roedtraad.practice.queries.tasks import DueTask, due
from roedtraad.practice.services import tasks
from tests import factories as make

from .conftest import House, at

DENTIST = Agreed("Tandlæge", at(14, day=16), at(15, day=16), kind="doctor", place="Torvet 3")
WALK = Agreed("Gåtur", at(14), at(15), kind="activity", rrule="FREQ=DAILY")
GO = Wanted("Følg til tandlæge", dt.time(13, 30), 60)


def due_now(house: House, days: int = 7, day: int = 15) -> list[DueTask]:
    return due(house.mette, [house.unit.pk], at(0, day=day), at(0, day=day) + dt.timedelta(days=days))


def times(house: House, days: int = 7, day: int = 15) -> list[str]:
    return [f"{task.due_at.astimezone(clock.COPENHAGEN):%d %H.%M}" for task in due_now(house, days, day)]


def touched(house: House, day: int) -> Task:
    one = next(task for task in due_now(house) if task.due_at.astimezone(clock.COPENHAGEN).day == day)
    assert one.series_key is not None
    return tasks.touch(house.mette, one.series_key, one.due_at)


@pytest.fixture
def dentist(house: House) -> Appointment:
    return services.make_appointment(house.mette, DENTIST, citizen=house.ane)


@pytest.fixture
def walk(house: House) -> Appointment:
    made = services.make_appointment(house.mette, WALK, citizen=house.ane)
    make_task(house.mette, made, dataclasses.replace(GO, title="Gå med"))
    return made


def test_an_appointment_makes_one_task_however_often_it_is_sent(house: House, dentist: Appointment) -> None:
    first = make_task(house.mette, dentist, dataclasses.replace(GO, responsible=house.mette))
    assert make_task(house.mette, dentist, GO) == first
    task = Task.objects.get()
    assert (task.title, task.minutes, task.citizen, task.responsible) == (
        GO.title,
        60,
        house.ane,
        house.mette,
    )
    assert times(house) == ["16 13.30"]


def test_it_moves_with_the_appointment_and_says_so(house: House, dentist: Appointment) -> None:
    make_task(house.mette, dentist, GO)
    later = dataclasses.replace(DENTIST, starts_at=at(9, day=17), ends_at=at(10, day=17))
    moved = services.change_appointment(house.mette, dentist, later, version=1)
    assert moved.task_said == "Opgaven er flyttet med til den 17.06. kl. 08.30."
    assert times(house) == ["17 08.30"]
    assert services.undo_last(house.mette, moved).task_said.endswith("16.06. kl. 13.30.")
    assert times(house) == ["16 13.30"]
    same = services.change_appointment(
        house.mette, dentist, dataclasses.replace(DENTIST, place="Andet"), version=3
    )
    assert same.task_said == ""


def test_it_is_called_off_and_back_with_the_appointment(house: House, dentist: Appointment) -> None:
    make_task(house.mette, dentist, GO)
    assert services.cancel_appointment(house.mette, dentist).task_said == "Opgaven er aflyst med."
    assert times(house) == []
    with pytest.raises(Refusal, match="Aftalen er aflyst"):
        make_task(house.mette, dentist, GO)
    assert services.undo_last(house.mette, dentist).task_said == "Opgaven er der igen."
    assert times(house) == ["16 13.30"]
    assert Task.objects.count() == 1


def test_what_was_begun_stands(house: House, dentist: Appointment) -> None:
    make_task(house.mette, dentist, GO)
    tasks.start(house.mette, Task.objects.get())
    later = dataclasses.replace(DENTIST, starts_at=at(16, day=16), ends_at=at(17, day=16))
    said = services.change_appointment(house.mette, dentist, later, version=1).task_said
    assert said == "Opgaven er begyndt eller klaret, så den står, som den gjorde."
    assert services.cancel_appointment(house.mette, dentist).task_said == said
    task = Task.objects.get()
    assert task.due_at == at(13, 30, day=16) and task.cancelled_at is None


def test_a_repeated_appointment_has_a_task_each_time(house: House, walk: Appointment) -> None:
    assert times(house, 3) == ["15 13.30", "16 13.30", "17 13.30"]
    assert touched(house, 16) == touched(house, 16)
    assert times(house, 3) == ["15 13.30", "16 13.30", "17 13.30"]
    assert Task.objects.count() == 1


def test_one_time_called_off_and_taken_back(house: House, walk: Appointment) -> None:
    row = touched(house, 16)
    services.cancel_appointment(house.mette, walk, dt.date(2026, 6, 16))
    assert times(house, 3) == ["15 13.30", "17 13.30"]
    services.undo_last(house.mette, walk)
    assert times(house, 3) == ["15 13.30", "16 13.30", "17 13.30"]
    row.refresh_from_db()
    assert row.cancelled_at is None


def test_what_a_colleague_called_off_stays_so(house: House, walk: Appointment) -> None:
    tasks.cancel(house.mette, touched(house, 17))
    services.cancel_appointment(house.mette, walk, dt.date(2026, 6, 16))
    services.undo_last(house.mette, walk)
    assert times(house, 3) == ["15 13.30", "16 13.30"]


def test_one_time_moved_has_a_task_of_its_own(house: House, walk: Appointment) -> None:
    later = dataclasses.replace(WALK, starts_at=at(17, day=16), ends_at=at(18, day=16))
    moved = services.change_appointment(house.mette, walk, later, version=1, day=dt.date(2026, 6, 16))
    assert moved.task_said == "Opgaven er flyttet med til den 16.06. kl. 16.30."
    assert times(house, 3) == ["15 13.30", "16 16.30", "17 13.30"]
    services.undo_last(house.mette, moved)
    assert times(house, 3) == ["15 13.30", "16 13.30", "17 13.30"]


def test_one_time_moved_after_its_task_was_begun_gets_no_second(house: House, walk: Appointment) -> None:
    tasks.start(house.mette, touched(house, 15))
    later = dataclasses.replace(WALK, starts_at=at(17), ends_at=at(18))
    moved = services.change_appointment(house.mette, walk, later, version=1, day=dt.date(2026, 6, 15))
    assert "står, som den gjorde" in moved.task_said
    assert times(house, 2) == ["15 13.30", "16 13.30"]


def test_the_whole_series_moved_keeps_what_has_been(house: House, walk: Appointment) -> None:
    done = touched(house, 15)
    tasks.done(house.mette, done)
    with clock.fixed(at(8, day=17)):
        later = dataclasses.replace(WALK, starts_at=at(10), ends_at=at(11))
        assert services.change_appointment(house.mette, walk, later, version=1).task_said
        assert times(house, 2, day=17) == ["17 09.30", "18 09.30"]
        done.refresh_from_db()
        assert done.cancelled_at is None and done.due_at == at(13, 30)
        services.cancel_appointment(house.mette, walk)
        assert times(house, 2, day=17) == []
        services.undo_last(house.mette, walk)
        assert times(house, 2, day=17) == ["17 09.30", "18 09.30"]


def test_every_other_week_stays_every_other_week(house: House) -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
    made = services.make_appointment(house.mette, dataclasses.replace(WALK, rrule=rule), citizen=house.ane)
    make_task(house.mette, made, GO)
    with clock.fixed(at(8, day=23)):
        later = dataclasses.replace(WALK, rrule=rule, starts_at=at(10), ends_at=at(11))
        services.change_appointment(house.mette, made, later, version=1)
        assert times(house, 14, day=23) == ["29 09.30"]


def test_from_one_time_to_many_and_back(house: House, dentist: Appointment) -> None:
    make_task(house.mette, dentist, GO)
    often = dataclasses.replace(DENTIST, rrule="FREQ=DAILY")
    services.change_appointment(house.mette, dentist, often, version=1)
    assert times(house, 4) == ["16 13.30", "17 13.30", "18 13.30"]
    services.change_appointment(house.mette, dentist, DENTIST, version=2)
    assert times(house, 4) == ["16 13.30"]


def test_a_whole_day_and_a_unit(house: House) -> None:
    trip = Agreed("Udflugt", at(0, day=17), at(0, day=18), all_day=True)
    made = services.make_appointment(house.mette, trip, unit=house.unit)
    make_task(house.mette, made, Wanted("Pak bussen", dt.time(8), 30))
    assert times(house) == ["17 08.00"]
    assert Task.objects.get().citizen is None


def test_taken_away_and_made_again(house: House, dentist: Appointment) -> None:
    make_task(house.mette, dentist, GO)
    assert remove_task(house.mette, dentist) == "Opgaven er aflyst med."
    assert remove_task(house.mette, dentist) == ""
    assert times(house) == []
    make_task(house.mette, dentist, dataclasses.replace(GO, leave=dt.time(13)))
    assert times(house) == ["16 13.00"]
    assert AppointmentTask.objects.count() == 1


@pytest.mark.parametrize(
    ("agreed", "wanted", "field"),
    [
        (DENTIST, dataclasses.replace(GO, leave=dt.time(14, 1)), "leave"),
        (DENTIST, dataclasses.replace(GO, title=" "), "title"),
        (DENTIST, dataclasses.replace(GO, minutes=0), "minutes"),
    ],
)
def test_refused_in_words(house: House, agreed: Agreed, wanted: Wanted, field: str) -> None:
    made = services.make_appointment(house.mette, agreed, citizen=house.ane)
    with pytest.raises(Refusal) as refused:
        make_task(house.mette, made, wanted)
    assert refused.value.field == field
    assert not Task.objects.exists()


def test_a_repeated_one_has_no_fixed_responsible_and_no_day_before(house: House, walk: Appointment) -> None:
    other = services.make_appointment(house.mette, WALK, citizen=house.ane)
    with pytest.raises(Refusal, match="én ansvarlig"):
        make_task(house.mette, other, dataclasses.replace(GO, responsible=house.mette))
    early = dataclasses.replace(WALK, starts_at=at(0, 15), ends_at=at(1))
    with pytest.raises(Refusal, match="dagen før"), transaction.atomic():
        services.change_appointment(house.mette, walk, early, version=1)
    assert times(house, 2) == ["15 13.30", "16 13.30"]


def test_only_where_one_works(house: House, dentist: Appointment) -> None:
    for attempt in (make_task, lambda user, about, _: remove_task(user, about)):
        with pytest.raises(AccessDenied):
            attempt(house.stranger, dentist, GO)


def test_the_database_says_the_same(house: House, dentist: Appointment) -> None:
    make_task(house.mette, dentist, GO)
    herself = make.user_with("citizen", house.ane, "ane")

    def seen(table: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            return int(cursor.fetchone()[0])

    for user, count in ((house.mette, 1), (house.leader, 1), (house.stranger, 0), (herself, 0)):
        with rows.as_user(user):
            assert (seen("duty_appointmenttask"), seen("duty_appointmenttaskevent")) == (count, count), user
    with rows.as_user(house.stranger):
        assert AppointmentTask.objects.update(minutes_before=5) == 0
    with rows.as_user(house.mette):
        assert link_of(dentist) is not None
        assert AppointmentTask.objects.update(minutes_before=45) == 1


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_each_time_has_one_task(house: House, walk: Appointment, seed: int) -> None:
    """Days called off, moved, taken back and touched in any order: the tasks are where the appointments are."""
    rng = random.Random(seed)
    window = (at(0, day=15), at(0, day=25))

    def agreed() -> list[Occurrence]:
        return agenda(house.mette, [house.unit.pk], *window)

    def cancel_one() -> None:
        one = rng.choice(agreed())
        services.cancel_appointment(house.mette, one.appointment, one.day)

    def move_one() -> None:
        one = rng.choice(agreed())
        hour, day = rng.randint(8, 20), one.day.day
        later = dataclasses.replace(
            WALK, rrule=one.appointment.rrule, starts_at=at(hour, day=day), ends_at=at(hour + 1, day=day)
        )
        alone = one.day if one.appointment.rrule else None
        services.change_appointment(
            house.mette, one.appointment, later, version=one.appointment.version, day=alone
        )

    def move_all() -> None:
        walk.refresh_from_db()
        hour = rng.randint(8, 20)
        later = dataclasses.replace(WALK, starts_at=at(hour), ends_at=at(hour + 1))
        if walk.cancelled_at is None:
            services.change_appointment(house.mette, walk, later, version=walk.version)

    def undo() -> None:
        services.undo_last(house.mette, rng.choice(list(Appointment.objects.all())))

    def touch() -> None:
        one = rng.choice(due_now(house, 10))
        if one.series_key is not None:
            tasks.touch(house.mette, one.series_key, one.due_at)

    for _ in range(8):
        if not agreed():
            break
        rng.choice([cancel_one, move_one, move_one, move_all, undo, touch])()
        wanted = sorted(one.starts - dt.timedelta(minutes=30) for one in agreed())
        assert sorted(task.due_at for task in due_now(house, 10)) == wanted
        matched = [[task for task in due_now(house, 10) if one.is_followed_by(task)] for one in agreed()]
        assert all(len(found) == 1 for found in matched)
