"""The events of an alarm and of lone work, with the access, the log and the rows the database shows."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from roedtraad.access import rows
from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.core import clock, ids
from roedtraad.core.refusal import Refusal
from roedtraad.safety import queries, services
from roedtraad.safety.models import Alarm, AlarmStep, LoneWork
from roedtraad.safety.rules import State
from tests import factories as make
from tests.safety.scene import House, again


@pytest.fixture
def house(db: None) -> House:
    return House()


def later(seconds: float) -> Any:
    return clock.fixed(clock.now() + dt.timedelta(seconds=seconds))


def log_of(alarm: Alarm) -> list[tuple[str, str | None, str | None]]:
    return [
        (step.kind, step.user and step.user.username, step.unit and step.unit.key)
        for step in AlarmStep.objects.filter(alarm=alarm).select_related("user", "unit").order_by("pk")
    ]


def test_an_alarm_sent_twice_is_one(house: House) -> None:
    key = ids.new_id()
    first = services.raise_alarm(house.anna, key=key, unit=house.elm, place="  Køkkenet \n ved døren ")
    with later(5):
        second = services.raise_alarm(house.anna, key=key, unit=house.elm, place="Køkkenet")
    assert first == second
    assert Alarm.objects.count() == 1
    assert first.place == "Køkkenet ved døren"
    assert log_of(first) == [("raised", "anna", None)]


def test_the_key_of_somebody_elses_alarm_is_refused(house: House) -> None:
    alarm = house.alarm()
    with pytest.raises(Refusal), rows.as_user(house.fie):
        services.raise_alarm(house.fie, key=alarm.key, unit=house.far)
    with pytest.raises(Refusal):
        services.raise_alarm(house.bo, key=alarm.key, unit=house.elm)


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_once_are_one_alarm() -> None:
    house = House()
    key, barrier, found = ids.new_id(), threading.Barrier(4), []

    def send() -> None:
        try:
            barrier.wait(10)
            found.append(services.raise_alarm(again(house.anna), key=key, unit=house.elm).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert AlarmStep.objects.filter(kind="raised").count() == 1


def test_who_does_not_work_there_raises_nothing(house: House) -> None:
    strangers = [house.fie, house.nina, make.user_with(Role.QUALITY, make.region_root())]
    for stranger in strangers:
        with pytest.raises(AccessDenied):
            services.raise_alarm(stranger, key=ids.new_id(), unit=house.elm)
    assert Alarm.objects.count() == 0


@pytest.mark.parametrize(("about", "place"), [("lone", ""), ("noget", ""), ("help", "x" * 121)])
def test_what_cannot_be_understood_is_refused(house: House, about: str, place: str) -> None:
    with pytest.raises(Refusal):
        services.raise_alarm(house.anna, key=ids.new_id(), unit=house.elm, about=about, place=place)


def test_answered_in_time_the_neighbours_sleep(house: House) -> None:
    house.neighbours()
    alarm = house.alarm()
    services.acknowledge(house.bo, alarm)
    services.acknowledge(house.bo, alarm)
    services.acknowledge(house.lis, alarm)
    assert services.escalate_due(clock.now() + dt.timedelta(hours=1)) == 0
    assert log_of(alarm) == [
        ("raised", "anna", None),
        ("acknowledged", "bo", None),
        ("acknowledged", "lis", None),
    ]
    assert not queries.going_on(again(house.nina))


def test_not_answered_it_goes_to_the_neighbours_and_then_nobody_answers(house: House) -> None:
    house.neighbours()
    alarm = house.alarm()
    assert services.escalate_due(clock.now() + dt.timedelta(seconds=59)) == 0
    with pytest.raises(AccessDenied):
        services.acknowledge(house.nina, alarm)
    for _twice in range(2):
        services.escalate_due(clock.now() + dt.timedelta(seconds=60))
    assert log_of(alarm)[1:] == [("escalated", None, "nabohuset")]
    (seen,) = queries.going_on(again(house.nina))
    assert (seen.state, seen.unit, seen.can_answer, seen.is_sounding) == (
        State.ESCALATED,
        "Elmehuset",
        True,
        True,
    )
    for _twice in range(2):
        services.escalate_due(clock.now() + dt.timedelta(seconds=120))
    assert log_of(alarm)[2:] == [("unanswered", None, None)]
    services.acknowledge(again(house.nina), alarm)
    assert queries.going_on(again(house.anna))[0].state == State.ANSWERED
    assert not queries.going_on(again(house.fie))


def test_a_change_of_the_settings_concerns_the_next_alarm(house: House) -> None:
    house.neighbours(30)
    alarm = house.alarm()
    house.neighbours(300)
    assert services.escalate_due(clock.now() + dt.timedelta(seconds=30)) == 1
    assert (alarm.seconds, house.alarm().seconds) == (30, 300)


def test_one_does_not_answer_oneself(house: House) -> None:
    with pytest.raises(Refusal):
        services.acknowledge(house.anna, house.alarm())


def test_ending_needs_words_and_is_done_once(house: House) -> None:
    alarm = house.alarm()
    with pytest.raises(Refusal) as refusal:
        services.end_alarm(house.bo, alarm, what_happened="  ")
    assert refusal.value.field == "what_happened"
    for _twice in range(2):
        services.end_alarm(house.bo, alarm, what_happened="Vi var to om det, og der er ro nu.")
    with pytest.raises(Refusal, match="allerede afsluttet"):
        services.end_alarm(house.anna, alarm, what_happened="Noget andet.")
    with pytest.raises(Refusal):
        services.acknowledge(house.lis, alarm)
    assert log_of(alarm)[-1] == ("ended", "bo", None)
    assert services.escalate_due(clock.now() + dt.timedelta(days=1)) == 0
    assert queries.going_on(again(house.bo)) == []


def test_a_mistake_needs_no_words(house: House) -> None:
    alarm = house.alarm()
    services.end_alarm(house.anna, alarm, what_happened="", was_mistake=True)
    alarm.refresh_from_db()
    assert (alarm.was_mistake, alarm.ended_by) == (True, house.anna)


def test_delivery_is_written_once_and_not_for_the_one_who_called(house: House) -> None:
    alarm = house.alarm()
    for _twice in range(2):
        services.mark_delivered(alarm.pk, [house.bo.pk, house.anna.pk, house.bo.pk])
    assert log_of(alarm)[1:] == [("delivered", "bo", None)]


def test_who_is_called(house: House) -> None:
    """A leader by the units the grants name and those right under them, a worker also by all below."""
    assert queries.units_on_shift(house.anna) == {house.elm.pk, house.room.pk}
    assert {house.elm.pk, house.next_door.pk} <= queries.units_on_shift(house.lis)
    assert house.room.pk not in queries.units_on_shift(house.lis)
    assert house.elm.pk not in queries.units_on_shift(house.top)
    assert queries.units_on_shift(make.user_with(Role.QUALITY, make.region_root())) == frozenset()


def test_the_log_cannot_be_rewritten(house: House) -> None:
    house.alarm()
    for change in ({"kind": "ended"}, None):
        with pytest.raises(DatabaseError), transaction.atomic():
            steps = AlarmStep.objects.all()
            steps.update(**change) if change else steps.delete()


TABLES = (
    "safety_alarm",
    "safety_alarmstep",
    "safety_lonework",
    "safety_alarmevent",
    "safety_loneworkevent",
)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("table", TABLES)
def test_the_database_shows_an_alarm_to_its_unit_alone(house: House, table: str) -> None:
    house.neighbours()
    house.alarm()
    services.start_lone_work(house.anna, key=ids.new_id(), unit=house.elm, minutes=30)
    assert count(table) > 0
    for sees, who in ((True, house.bo), (True, house.lis), (False, house.nina), (False, house.fie)):
        with rows.as_user(who):
            assert bool(count(table)) == sees, who.username
    with rows.as_user(None):
        assert count(table) == 0
    services.escalate_due(clock.now() + dt.timedelta(minutes=5))
    with rows.as_user(house.nina):
        assert bool(count(table)) == ("lone" not in table)
    with rows.as_user(house.fie):
        assert count(table) == 0


def test_the_database_lets_nobody_write_for_another(house: House) -> None:
    alarm = house.alarm()
    for who, kind, user in (
        (house.bo, "acknowledged", house.lis),
        (house.bo, "delivered", house.bo),
        (house.fie, "acknowledged", house.fie),
    ):
        with rows.as_user(who), pytest.raises(DatabaseError), transaction.atomic():
            AlarmStep.objects.create(alarm_id=alarm.pk, kind=kind, at=clock.now(), user=user)
    with rows.as_user(house.fie), pytest.raises(DatabaseError), transaction.atomic():
        Alarm.objects.create(
            key=ids.new_id(), unit=house.elm, raised_by=house.fie, raised_at=clock.now(), seconds=60
        )


def test_all_of_it_as_the_users_themselves(house: House) -> None:
    """What was done above as the owner of the tables, under the rows each may see and write."""
    house.neighbours()
    with rows.as_user(house.anna):
        alarm = house.alarm()
    with rows.as_user(house.bo):
        services.acknowledge(house.bo, alarm)
    with rows.as_user(house.anna):
        work = services.start_lone_work(house.anna, key=ids.new_id(), unit=house.elm, minutes=30)
        services.check_in(house.anna, work)
        services.end_alarm(house.anna, alarm, what_happened="Ro igen.")
        services.end_lone_work(house.anna, work)
        second = house.alarm()
    services.escalate_due(clock.now() + dt.timedelta(minutes=5))
    with rows.as_user(house.nina):
        services.acknowledge(house.nina, second)
        services.end_alarm(house.nina, second, what_happened="Vi kom fra Nabohuset.")
    assert [step[0] for step in log_of(second)] == ["raised", "escalated", "acknowledged", "ended"]


def test_who_does_not_check_in_has_one_alarm_raised(house: House) -> None:
    work = services.start_lone_work(
        house.anna, key=ids.new_id(), unit=house.elm, minutes=30, place="Vaskekælderen"
    )
    assert services.raise_overdue(clock.now() + dt.timedelta(minutes=29, seconds=59)) == 0
    for _twice in range(2):
        services.raise_overdue(clock.now() + dt.timedelta(minutes=30))
    alarm = Alarm.objects.get()
    assert (alarm.about, alarm.place, alarm.raised_by, alarm.lone_work) == (
        "lone",
        "Vaskekælderen",
        house.anna,
        work,
    )
    (seen,) = queries.going_on(again(house.bo))
    assert seen.is_sounding
    with later(3600):
        services.check_in(house.anna, work)
        assert services.raise_overdue() == 0
    assert services.raise_overdue(clock.now() + dt.timedelta(minutes=91)) == 1, "the next one is missed, too"


def test_lone_work_goes_on_once_at_a_time(house: House) -> None:
    key = ids.new_id()
    work = services.start_lone_work(house.anna, key=key, unit=house.elm, minutes=30)
    assert services.start_lone_work(house.anna, key=key, unit=house.elm, minutes=30) == work
    with pytest.raises(Refusal, match="allerede i gang"):
        services.start_lone_work(house.anna, key=ids.new_id(), unit=house.elm, minutes=30)
    with pytest.raises(AccessDenied):
        services.check_in(house.bo, work)
    for _twice in range(2):
        services.end_lone_work(house.anna, work)
    with pytest.raises(Refusal):
        services.check_in(house.anna, work)
    assert services.raise_overdue(clock.now() + dt.timedelta(days=1)) == 0
    assert LoneWork.objects.count() == 1


@pytest.mark.parametrize("minutes", [0, 4, 241])
def test_minutes_out_of_bounds_are_refused(house: House, minutes: int) -> None:
    with pytest.raises(Refusal) as refusal:
        services.start_lone_work(house.anna, key=ids.new_id(), unit=house.elm, minutes=minutes)
    assert refusal.value.field == "minutes"


def test_settings_hold_from_the_day_and_the_earlier_ones_stay(house: House) -> None:
    house.neighbours(60)
    with clock.fixed(clock.today() + dt.timedelta(days=3)):
        services.change_settings(house.lis, house.elm, seconds=90, neighbours=[])
        services.change_settings(house.lis, house.elm, seconds=120, neighbours=[])
        found = queries.settings_of(house.elm.pk)
        assert found is not None
        assert found.seconds == 120
        assert queries.neighbours_of(house.elm.pk) == []
    before = queries.settings_of(house.elm.pk)
    assert before is not None
    assert before.seconds == 60
    assert queries.neighbours_of(house.elm.pk) == [house.next_door.pk]


def test_only_a_leader_sets_up_and_never_nonsense(house: House) -> None:
    with pytest.raises(AccessDenied):
        services.change_settings(house.anna, house.elm, seconds=60, neighbours=[])
    with pytest.raises(AccessDenied):
        services.change_settings(house.lis, house.far, seconds=60, neighbours=[])
    for seconds, neighbours in ((4, []), (901, []), (60, [house.elm])):
        with pytest.raises(Refusal):
            services.change_settings(house.lis, house.elm, seconds=seconds, neighbours=neighbours)


def test_the_neighbours_one_may_choose_lie_in_the_area(house: House) -> None:
    assert [choice.key for choice in queries.neighbour_choices(house.elm.pk)] == ["nabohuset"]


def test_one_question_for_all_alarms(house: House, django_assert_max_num_queries: Any) -> None:
    house.neighbours()
    for _n in range(12):
        house.alarm()
    services.escalate_due(clock.now() + dt.timedelta(minutes=5))
    with django_assert_max_num_queries(6):
        assert len(queries.going_on(again(house.nina))) == 12
    with django_assert_max_num_queries(6):
        assert len(queries.log(house.nina, house.next_door.pk)[0]) == 12
    assert queries.log(house.nina, house.elm.pk) == ([], None)
