"""Tasks that come again: planned by a rule, touched one at a time, changed from a day on."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connections

from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Task, TaskCitizen, TaskSeries
from roedtraad.practice.queries import tasks as queries
from roedtraad.practice.rules.tasks import occurrence_key
from roedtraad.practice.services import series as services
from roedtraad.practice.services import tasks
from roedtraad.practice.services.common import Changed
from tests.practice.planned import TODAY, at, effort
from tests.practice.scene import Record

DAY = dt.timedelta(days=1)


def plan(scene: Record, **kw: Any) -> TaskSeries:
    values: dict[str, Any] = {"rule": "FREQ=DAILY", "first_on": TODAY, "at": dt.time(8)}
    known = kw.pop("effort", None) or effort(scene.worker, scene.ane)
    return services.plan_series(scene.worker, effort=known, **{**values, **kw})


def lines(scene: Record, first: dt.date = TODAY, days: int = 7) -> list[queries.DueTask]:
    return queries.due(scene.worker, [scene.offer.pk], at(0, day=first), at(0, day=first + days * DAY))


pytestmark = pytest.mark.django_db


def test_a_series_is_lines_and_no_rows_until_somebody_touches_one(scene: Record) -> None:
    series = plan(scene)
    found = lines(scene)
    assert [line.due_at for line in found] == [at(8, day=TODAY + n * DAY) for n in range(7)]
    assert {(line.who, line.goals[0], line.minutes) for line in found} == {("Ane", "Mål for madlavning", 30)}
    assert not Task.objects.exists()
    task = tasks.touch(scene.worker, series.key, found[0].due_at)
    assert task.key == found[0].key
    assert tasks.touch(scene.colleague, series.key, found[0].due_at) == task
    after = lines(scene)
    assert [line.key for line in after] == [line.key for line in found]
    assert [line.task_id for line in after] == [task.pk, *[None] * 6]


def test_eight_o_clock_stays_eight_o_clock_when_the_clocks_change(scene: Record) -> None:
    plan(scene)
    autumn = [line.due_at for line in lines(scene, dt.date(2026, 10, 24), 3)]
    assert [due.astimezone(clock.COPENHAGEN).hour for due in autumn] == [8, 8, 8]
    assert [due.astimezone(dt.UTC).hour for due in autumn] == [6, 7, 7]


def test_a_night_task_is_done_once_in_each_night_of_a_change(scene: Record) -> None:
    plan(scene, at=dt.time(2, 30))
    for night in (dt.date(2026, 10, 25), dt.date(2027, 3, 28)):
        assert len(lines(scene, night, 1)) == 1


def test_a_task_over_the_hour_that_comes_twice_is_measured_as_it_passed(scene: Record) -> None:
    night = dt.date(2026, 10, 25)
    series = plan(scene, at=dt.time(1, 30))
    with clock.fixed(dt.datetime(2026, 10, 24, 23, 45, tzinfo=dt.UTC)):  # 01.45 summer time
        task = tasks.touch(scene.worker, series.key, at(1, 30, night))
        tasks.start(scene.worker, task)
    with clock.fixed(dt.datetime(2026, 10, 25, 1, 15, tzinfo=dt.UTC)):  # 02.15, for the second time
        tasks.end(scene.worker, task)
    assert queries.delivered_minutes(night, night, citizen_id=scene.ane.pk).total.minutes == 90


def test_the_key_of_a_time_is_the_same_in_every_zone(scene: Record) -> None:
    series = plan(scene)
    local = at(8).astimezone(clock.COPENHAGEN)
    assert occurrence_key(series.key, local) == occurrence_key(series.key, local.astimezone(dt.UTC))


def test_what_is_not_due_is_not_touched(scene: Record) -> None:
    series = plan(scene)
    with pytest.raises(Refusal, match="Åbn listen igen"):
        tasks.touch(scene.worker, series.key, at(9))
    with pytest.raises(Refusal, match="findes ikke"):
        tasks.touch(scene.stranger, series.key, at(8))


def test_a_day_is_left_out_also_when_somebody_had_touched_it(scene: Record) -> None:
    series = plan(scene)
    tasks.hand_over(scene.worker, tasks.touch(scene.worker, series.key, at(8)), scene.colleague)
    services.except_date(scene.worker, series, TODAY)
    services.except_date(scene.worker, series, TODAY)
    assert len(lines(scene)) == 6
    assert Task.objects.get().cancelled_at is not None
    with pytest.raises(Refusal, match="skal ikke ske"):
        services.except_date(scene.worker, series, TODAY - DAY)


def test_a_day_that_was_begun_is_not_left_out(scene: Record) -> None:
    series = plan(scene)
    with clock.fixed(at(8)):
        tasks.start(scene.worker, tasks.touch(scene.worker, series.key, at(8)))
        with pytest.raises(Refusal, match="allerede begyndt"):
            services.except_date(scene.worker, series, TODAY)


def test_changing_from_a_day_on_keeps_what_lies_before(scene: Record) -> None:
    series = plan(scene, first_on=TODAY - 3 * DAY)
    monday = TODAY + 7 * DAY
    new = services.change_series(
        scene.worker, series, version=series.version, from_day=monday, at=dt.time(18), title="Aftensmad"
    )
    series.refresh_from_db()
    assert (series.last_on, new.first_on) == (monday - DAY, monday)
    around = lines(scene, monday - DAY, 2)
    assert [(line.title, line.due_at) for line in around] == [
        ("Madlavning", at(8, day=monday - DAY)),
        ("Aftensmad", at(18, day=monday)),
    ]
    assert around[1].goals == around[0].goals


def test_a_series_nobody_has_touched_is_changed_where_it_stands(scene: Record) -> None:
    series = plan(scene, first_on=TODAY + DAY)
    same = services.change_series(
        scene.worker, series, version=1, from_day=TODAY + DAY, rule="FREQ=WEEKLY;BYDAY=FR"
    )
    assert (same.pk, same.version, len(lines(scene))) == (series.pk, 2, 1)


def test_of_two_who_change_it_the_second_is_shown_what_the_first_wrote(scene: Record) -> None:
    series = plan(scene)
    services.end_series(scene.worker, series, TODAY + 3 * DAY)
    with pytest.raises(Changed) as changed:
        services.change_series(scene.colleague, series, version=1, from_day=TODAY + DAY, title="Gåtur")
    assert changed.value.current.last_on == TODAY + 3 * DAY


def test_what_has_passed_is_not_changed(scene: Record) -> None:
    series = plan(scene, first_on=TODAY - 3 * DAY)
    with pytest.raises(Refusal, match="kan ikke ændres"):
        services.change_series(scene.worker, series, version=1, from_day=TODAY - DAY, title="Gåtur")
    with pytest.raises(Refusal, match="kan ikke ændres"):
        services.end_series(scene.worker, series, TODAY - 2 * DAY)


def test_ending_takes_away_what_is_to_come(scene: Record) -> None:
    series = plan(scene)
    tasks.touch(scene.worker, series.key, at(8, day=TODAY + 2 * DAY))
    services.end_series(scene.worker, series, TODAY + DAY)
    assert len(lines(scene)) == 2
    never = plan(scene, first_on=TODAY + 3 * DAY)
    services.end_series(scene.worker, never, TODAY)
    assert len(lines(scene)) == 2
    with pytest.raises(Refusal, match="Planlæg en ny"):
        services.end_series(scene.worker, series, TODAY + 4 * DAY)


def test_it_lasts_no_longer_than_the_effort(scene: Record) -> None:
    known = effort(scene.worker, scene.ane, ends_on=TODAY + DAY)
    assert plan(scene, effort=known, last_on=TODAY + 30 * DAY).last_on == TODAY + DAY
    with pytest.raises(Refusal, match="før den første"):
        plan(scene, effort=known, first_on=TODAY + 2 * DAY)


def test_a_rule_that_never_falls_on_a_day_is_refused(scene: Record) -> None:
    with pytest.raises(Refusal) as refused:
        plan(scene, rule="FREQ=WEEKLY;BYDAY=SU", last_on=TODAY + DAY)
    assert refused.value.field == "rule"
    with pytest.raises(Refusal):
        plan(scene, rule="FREQ=SECONDLY")


def test_the_list_takes_the_same_number_of_statements_however_long_it_is(
    scene: Record, django_assert_max_num_queries: Any
) -> None:
    for hour in range(6, 22):
        series = plan(scene, at=dt.time(hour))
        tasks.touch(scene.worker, series.key, at(hour))
    fresh = type(scene.worker).objects.get(pk=scene.worker.pk)
    queries.due(fresh, [scene.offer.pk], at(0), at(1))
    with django_assert_max_num_queries(3):
        found = queries.due(fresh, [scene.offer.pk], at(0), at(0, day=TODAY + 7 * DAY))
    assert len(found) == 16 * 7


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_at_once_one_begins_and_the_other_is_told(scene: Record) -> None:
    series = plan(scene)
    barrier = threading.Barrier(2)
    came: dict[str, str] = {}

    def tap(user: Any) -> None:
        try:
            with clock.fixed(at(8)):
                barrier.wait(10)
                tasks.start(user, tasks.touch(user, series.key, at(8)))
                came[user.username] = "begun"
        except Refusal as refusal:
            came[user.username] = str(refusal)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=tap, args=[user]) for user in (scene.worker, scene.colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(came) == ["jonas", "mette"]
    assert sorted(said == "begun" for said in came.values()) == [False, True]
    task = Task.objects.get()
    assert came[task.started_by.username] == "begun"  # type: ignore[union-attr]  # somebody did
    assert "begyndte opgaven kl. 08.00" in " ".join(came.values())
    assert TaskCitizen.objects.filter(task=task).count() == 1
