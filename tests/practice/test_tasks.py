"""A task from plan to done: one tap begins, one tap ends, and the minutes between count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied
from roedtraad.citizens import protection
from roedtraad.core import clock, ids
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Task, TaskCitizen
from roedtraad.practice.queries import tasks as queries
from roedtraad.practice.services import tasks as services
from roedtraad.practice.services.planning import Part
from roedtraad.practice.services.series import plan_series
from tests import factories as make
from tests.practice.planned import TODAY, at, effort
from tests.practice.scene import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Record:
    made = Record()
    for user, name in ((made.worker, "Mette Vagt"), (made.colleague, "Jonas Vagt")):
        user.full_name = name
        user.save()
    return made


@pytest.fixture
def clocked() -> Any:
    with clock.fixed(at(14)):
        yield


def plan(scene: Record, **kw: Any) -> Task:
    values: dict[str, Any] = {"citizen": scene.ane, "title": "Madlavning", "due_at": at(13), "minutes": 30}
    return services.plan_task(scene.worker, **{**values, **kw})


def test_a_task_takes_its_words_and_minutes_from_the_effort_and_its_place_from_the_citizen(
    scene: Record, clocked: None
) -> None:
    known = effort(scene.worker, scene.ane)
    task = services.plan_task(scene.worker, effort=known, due_at=at(17))
    assert (task.title, task.minutes, task.unit, task.citizen) == ("Madlavning", 30, scene.offer, scene.ane)
    part = TaskCitizen.objects.get(task=task)
    assert (part.citizen, part.effort) == (scene.ane, known)


def test_the_same_key_plans_once(scene: Record, clocked: None) -> None:
    key = ids.new_id()
    assert plan(scene, key=key) == plan(scene, key=key)
    assert Task.objects.count() == TaskCitizen.objects.count() == 1


def test_a_tap_begins_and_a_tap_ends_and_the_minutes_are_measured(scene: Record) -> None:
    task = plan(scene)
    with clock.fixed(at(14)):
        services.start(scene.worker, task)
    with clock.fixed(at(14, 25)):
        services.end(scene.worker, task)
    line = queries.one(task)
    assert (line.state, line.took, line.started_by) == ("done", 25, str(scene.worker))
    assert queries.delivered_minutes(TODAY, TODAY, citizen_id=scene.ane.pk).total.minutes == 25


def test_each_tap_may_come_twice(scene: Record) -> None:
    task = plan(scene)
    with clock.fixed(at(14)):
        services.start(scene.worker, task)
    with clock.fixed(at(14, 5)):
        assert services.start(scene.worker, task).started_at == at(14)
        services.end(scene.worker, task)
    with clock.fixed(at(14, 9)):
        assert services.end(scene.worker, task).ended_at == at(14, 5)
        # Sent again after all is over, as a phone does that got no answer.
        assert services.start(scene.worker, task).ended_at == at(14, 5)


def test_a_colleague_is_told_who_began_and_when(scene: Record, clocked: None) -> None:
    task = plan(scene)
    services.start(scene.worker, task)
    with pytest.raises(Refusal, match=f"{scene.worker} begyndte opgaven kl. 14.00"):
        services.start(scene.colleague, task)


def test_a_colleague_may_end_what_another_began(scene: Record) -> None:
    task = plan(scene)
    with clock.fixed(at(14)):
        services.start(scene.worker, task)
    with clock.fixed(at(14, 30)):
        services.end(scene.colleague, task)
        with pytest.raises(Refusal, match=f"færdig: {scene.colleague} kl. 14.30"):
            services.end(scene.worker, task)


def test_a_phone_may_say_when_but_not_in_the_future_nor_long_ago(scene: Record, clocked: None) -> None:
    task = plan(scene)
    with pytest.raises(Refusal, match="fremtiden"):
        services.start(scene.worker, task, at(14, 3))
    with pytest.raises(Refusal, match="7 dage"):
        services.start(scene.worker, task, at(14) - dt.timedelta(days=7, minutes=1))
    # A clock that is a minute fast is no reason to lose a tap.
    assert services.start(scene.worker, task, at(14, 1)).started_at == at(14)
    with pytest.raises(Refusal, match="kan ikke slutte før"):
        services.end(scene.worker, task, at(13, 50))


def test_what_happened_without_a_net_is_counted_when_it_happened(scene: Record, clocked: None) -> None:
    task = plan(scene)
    services.start(scene.worker, task, at(12, 30))
    services.end(scene.worker, task, at(13, 10))
    assert queries.one(task).took == 40


def test_ending_what_nobody_began_asks_for_the_other_button(scene: Record, clocked: None) -> None:
    with pytest.raises(Refusal, match="Gjort"):
        services.end(scene.worker, plan(scene))


def test_done_in_one_tap_takes_the_planned_minutes_and_the_history_says_confirmed(
    scene: Record, clocked: None
) -> None:
    task = services.done(scene.worker, plan(scene))
    assert (task.started_at, task.ended_at) == (at(13, 30), at(14))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.metadata->>'reason' FROM practice_taskevent e JOIN pghistory_context c ON c.id = e.pgh_context_id "
            "WHERE e.pgh_obj_id = %s ORDER BY e.pgh_id DESC LIMIT 1",
            [task.pk],
        )
        assert cursor.fetchone()[0] == "opgave gjort, minutter bekræftet"


def test_done_without_a_plan_asks_how_long(scene: Record, clocked: None) -> None:
    task = plan(scene, minutes=None)
    with pytest.raises(Refusal) as refused:
        services.done(scene.worker, task)
    assert refused.value.field == "minutes"
    services.done(scene.worker, task, minutes=12)
    assert queries.one(task).took == 12


def test_a_forgotten_task_is_not_measured_but_asked_about(scene: Record) -> None:
    task = plan(scene)
    with clock.fixed(at(14)):
        services.start(scene.worker, task)
    with clock.fixed(at(7, day=TODAY + dt.timedelta(days=1))):
        with pytest.raises(Refusal, match=r"i går kl. 14.00.*hvor mange minutter") as refused:
            services.end(scene.worker, task)
        assert refused.value.field == "minutes"
        services.end(scene.worker, task, minutes=20)
    assert queries.one(task).took == 20


def test_undoing_is_for_who_tapped_and_the_same_day(scene: Record) -> None:
    task = plan(scene)
    with clock.fixed(at(14)):
        services.start(scene.worker, task)
        with pytest.raises(Refusal, match="Kun den, der gjorde det"):
            services.undo_start(scene.colleague, task)
        assert services.undo_start(scene.worker, task).started_at is None
        services.done(scene.worker, task)
    with clock.fixed(at(14, 10)):
        assert services.undo_end(scene.worker, task, also_start=True).started_at is None
        services.done(scene.worker, task)
    with (
        clock.fixed(at(8, day=TODAY + dt.timedelta(days=1))),
        pytest.raises(Refusal, match="samme dag"),
    ):
        services.undo_end(scene.worker, task)


def test_skipping_takes_a_reason_and_may_be_undone(scene: Record, clocked: None) -> None:
    task = plan(scene)
    with pytest.raises(Refusal):
        services.skip(scene.worker, task, "  ")
    services.skip(scene.worker, task, "Borgeren sov")
    assert services.skip(scene.worker, task, "Noget andet").skipped_reason == "Borgeren sov"
    with pytest.raises(Refusal, match="sprang opgaven over"):
        services.start(scene.colleague, task)
    services.undo_skip(scene.worker, task)
    assert queries.one(task).state == "planned"


def test_a_task_is_handed_only_to_somebody_who_works_there(scene: Record, clocked: None) -> None:
    task = plan(scene)
    assert services.hand_over(scene.worker, task, scene.colleague).responsible == scene.colleague
    with pytest.raises(Refusal, match="arbejder ikke der"):
        services.hand_over(scene.worker, task, scene.stranger)


def test_a_called_off_task_is_gone_from_the_list(scene: Record, clocked: None) -> None:
    task = plan(scene)
    services.cancel(scene.worker, task)
    assert queries.due(scene.worker, [scene.offer.pk], at(0), at(23)) == []
    with pytest.raises(Refusal, match="aflyst"):
        services.start(scene.worker, task)


def test_a_stranger_can_neither_plan_nor_begin(scene: Record, clocked: None) -> None:
    task = plan(scene)
    with pytest.raises(AccessDenied):
        services.plan_task(scene.stranger, citizen=scene.ane, title="Gåtur", due_at=at(15))
    with pytest.raises(AccessDenied):
        services.start(scene.stranger, task)


def group(scene: Record) -> Task:
    eva = make.citizen(first_name="Eva", last_name="Ny")
    make.stay(eva, make.place("E9", scene.offer), TODAY - dt.timedelta(days=40), moved_in=True)
    ane, eva_s = effort(scene.worker, scene.ane, "Bagning"), effort(scene.worker, eva, "Samvær")
    return services.plan_task(
        scene.worker,
        unit=scene.offer,
        title="Bage boller",
        due_at=at(13),
        minutes=45,
        group=[Part(scene.ane, ane), Part(eva, eva_s)],
    )


def test_the_minutes_of_a_group_count_in_full_for_each(scene: Record) -> None:
    task = group(scene)
    with clock.fixed(at(13)):
        services.start(scene.worker, task)
    with clock.fixed(at(13, 40)):
        services.end(scene.worker, task)
    parts = TaskCitizen.objects.filter(task=task)
    each = [queries.delivered_minutes(TODAY, TODAY, citizen_id=part.citizen_id) for part in parts]
    assert [found.total.minutes for found in each] == [40, 40]
    assert [list(found.by_goal) for found in each] == [[part.effort.goal_id] for part in parts if part.effort]
    together = queries.delivered_minutes(TODAY, TODAY, effort_ids=[part.effort_id for part in parts])
    assert (together.total.minutes, together.total.times) == (80, 2)


def test_a_group_s_words_name_nobody(scene: Record, clocked: None) -> None:
    with pytest.raises(Refusal, match="Skriv ikke Ane"):
        services.plan_task(
            scene.worker, unit=scene.offer, title="Bage med Ane", due_at=at(15), group=[Part(scene.ane)]
        )


def test_who_is_hidden_is_left_out_of_the_group_s_names_but_not_of_its_minutes(
    scene: Record, clocked: None, as_one: Callable[[Any], Any]
) -> None:
    eva = make.citizen(first_name="Eva", last_name="Ny")
    make.stay(eva, make.place("E9", scene.offer), TODAY - dt.timedelta(days=40), moved_in=True)
    series = plan_series(
        scene.worker,
        unit=scene.offer,
        title="Bage boller",
        rule="FREQ=DAILY",
        first_on=TODAY,
        at=dt.time(13),
        minutes=45,
        group=[Part(scene.ane, effort(scene.worker, scene.ane)), Part(eva)],
    )
    protection.protect(
        scene.leader, scene.ane, reason="I familie med en kollega.", last=None, named=[scene.worker]
    )
    with as_one(scene.colleague):
        line = queries.due(scene.colleague, [scene.offer.pk], at(0), at(23))[0]
        assert [part.first_name for part in line.parts] == ["Eva"]
        task = services.touch(scene.colleague, series.key, line.due_at)
        services.done(scene.colleague, task)
        assert [part.citizen_id for part in task.for_citizens.all()] == [eva.pk]
    assert queries.delivered_minutes(TODAY, TODAY, citizen_id=scene.ane.pk).total.minutes == 45


@pytest.fixture
def as_one() -> Callable[[Any], Any]:
    """The database sees what this user may see, as in a request."""
    return rows.as_user


def test_the_database_hides_tasks_from_strangers_and_of_the_protected(
    scene: Record, clocked: None, as_one: Callable[[Any], Any]
) -> None:
    task, together = plan(scene), group(scene)
    protection.protect(scene.leader, scene.ane, reason="I familie med en kollega.", last=None, named=[])

    def seen(user: Any) -> set[int]:
        with as_one(user):
            return set(Task.objects.values_list("pk", flat=True))

    assert seen(scene.stranger) == set()
    assert seen(scene.colleague) == {together.pk}
    assert seen(scene.leader) == {task.pk, together.pk}
    assert seen(scene.herself) == {task.pk, together.pk}


def test_minutes_past_midnight_fall_on_the_day_they_were_in(scene: Record) -> None:
    task = plan(scene, due_at=at(23, 30))
    with clock.fixed(at(23, 40)):
        services.start(scene.worker, task)
    tomorrow = TODAY + dt.timedelta(days=1)
    with clock.fixed(at(0, 30, tomorrow)):
        services.end(scene.worker, task)
    of_day = [
        queries.delivered_minutes(day, day, citizen_id=scene.ane.pk).total.minutes
        for day in (TODAY, tomorrow)
    ]
    assert of_day == [20, 30]
    assert queries.delivered_minutes(TODAY, tomorrow, citizen_id=scene.ane.pk).total.minutes == 50


def test_who_did_it_is_told(scene: Record, clocked: None) -> None:
    services.done(scene.worker, plan(scene))
    services.done(scene.colleague, plan(scene, minutes=50))
    told = queries.who_did(scene.ane.pk, TODAY, TODAY)
    assert [(each.who, each.minutes, each.times) for each in told] == [
        ("Jonas Vagt", 50, 1),
        ("Mette Vagt", 30, 1),
    ]
