"""Wishes, goals, ratings, follow-ups and efforts: what can happen, and who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied
from roedtraad.core import clock, ids
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Effort, FollowUp, Goal, GoalRating, Theme, Wish
from roedtraad.practice.queries.goals import lanes, wish_lines, wishes_now
from roedtraad.practice.rules.goals import Outcome
from roedtraad.practice.services.common import Changed
from roedtraad.practice.services.efforts import EffortText, end_effort, plan_effort
from roedtraad.practice.services.goals import (
    GoalText,
    change_goal,
    follow_up,
    rate_goal,
    reopen_goal,
    set_goal,
    withdraw_rating,
)
from roedtraad.practice.services.wishes import record_wish
from tests.practice.scene import Record

LEVELS = {
    -2: "Går ikke i køkkenet.",
    -1: "Sidder med ved bordet.",
    0: "Rører i gryden.",
    1: "Laver en ret med hjælp.",
    2: "Laver en ret alene.",
}


def text(**changes: Any) -> GoalText:
    made = {"title": "Jeg laver aftensmad", "kind": "develop", "starts_on": clock.today(), "levels": LEVELS}
    return GoalText(**(made | changes))


@pytest.fixture
def goal(scene: Record) -> Goal:
    return set_goal(scene.worker, scene.ane, text(), level_now=-1)


def test_a_wish_is_followed_and_never_overwritten(scene: Record) -> None:
    first = record_wish(
        scene.worker, scene.ane, text="Jeg vil ud at fiske.", words="helped", helped_by="Mette"
    )
    second = record_wish(scene.herself, scene.ane, text="Jeg vil fiske i havet.", follows=first)
    assert list(wishes_now(scene.ane)) == [second]
    assert wish_lines(scene.ane) == [[second, first]]
    with pytest.raises(Changed) as clash:
        record_wish(scene.colleague, scene.ane, text="Noget andet", follows=first)
    assert clash.value.current == second
    with pytest.raises(DatabaseError), transaction.atomic():
        Wish.objects.filter(pk=first.pk).update(text="rettet")


def test_a_wish_that_came_true_is_no_wish_any_more(scene: Record) -> None:
    wish = record_wish(scene.herself, scene.ane, text="En kat")
    record_wish(scene.worker, scene.ane, text="Katten hedder Mis.", what="fulfilled", follows=wish)
    assert not wishes_now(scene.ane).exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "a" * 4001}, "text"),
        ({"text": "En kat", "words": "helped"}, "helped_by"),
        ({"text": "En kat", "words": "andet"}, "words"),
        ({"text": "En kat", "what": "fulfilled"}, "follows"),
    ],
)
def test_what_is_no_wish_is_refused_beside_its_field(
    scene: Record, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        record_wish(scene.worker, scene.ane, **values)
    assert refused.value.field == field
    assert not Wish.objects.exists()


def test_the_same_wish_sent_twice_is_written_once(scene: Record) -> None:
    key = ids.new_id()
    for _ in range(2):
        record_wish(scene.worker, scene.ane, text="En kat", key=key)
    assert Wish.objects.count() == 1
    with pytest.raises(Refusal):
        record_wish(scene.colleague, scene.ane, text="En hund", key=key)


@pytest.mark.parametrize("who", ["stranger", "leader"])
def test_only_who_works_with_the_citizen_sets_goals(scene: Record, who: str) -> None:
    user = getattr(scene, who)
    if who == "leader":
        assert set_goal(user, scene.ane, text()).citizen == scene.ane
        return
    with pytest.raises(AccessDenied):
        set_goal(user, scene.ane, text())
    with pytest.raises(AccessDenied):
        set_goal(scene.herself, scene.ane, text())


def test_a_goal_begins_with_its_first_rating(scene: Record, goal: Goal) -> None:
    lane = lanes([goal])[0]
    assert (lane.start, lane.level, lane.outcome) == (-1, -1, Outcome.KEPT)
    assert lane.level_words == "Sidder med ved bordet."


def test_ratings_move_the_goal_and_can_be_taken_back(scene: Record, goal: Goal) -> None:
    up = rate_goal(scene.worker, goal, 1)
    rate_goal(scene.herself, goal, -1)
    lane = lanes([goal])[0]
    assert lane.outcome is Outcome.REACHED
    assert lane.standing.worth_a_talk
    assert GoalRating.objects.get(level=-1, written_by=scene.herself).rater == "citizen"
    withdraw_rating(scene.worker, up)
    assert lanes([goal])[0].outcome is Outcome.KEPT
    assert GoalRating.objects.filter(pk=up.pk).exists()


@pytest.mark.parametrize("ago", [dt.timedelta(days=40), -dt.timedelta(hours=2)])
def test_a_rating_has_a_moment_that_can_be(scene: Record, goal: Goal, ago: dt.timedelta) -> None:
    with pytest.raises(Refusal) as refused:
        rate_goal(scene.worker, goal, 0, rated_at=clock.now() - ago)
    assert refused.value.field == "rated_at"


def test_two_change_one_goal_and_neither_is_lost(scene: Record, goal: Goal) -> None:
    change_goal(scene.worker, goal, text(title="Jeg laver frokost"), version=1)
    with pytest.raises(Changed) as clash:
        change_goal(scene.colleague, goal, text(title="Jeg laver suppe"), version=1)
    assert clash.value.current.title == "Jeg laver frokost"
    goal.refresh_from_db()
    assert (goal.title, goal.version) == ("Jeg laver frokost", 2)


def test_themes_are_exactly_those_chosen(scene: Record, goal: Goal) -> None:
    every, health = (
        Theme.objects.get(list="short", code="everyday"),
        Theme.objects.get(list="short", code="health"),
    )
    change_goal(scene.worker, goal, text(theme=every, other_themes=(health,)), version=1)
    change_goal(scene.worker, goal, text(theme=health), version=2)
    assert [(row.theme, row.rank) for row in goal.goal_themes.all()] == [(health, 1)]
    with pytest.raises(Refusal):
        change_goal(scene.worker, goal, text(other_themes=(health,)), version=3)


def test_a_subgoal_hangs_on_a_goal_of_the_same_citizen(scene: Record, goal: Goal) -> None:
    sub = set_goal(scene.worker, scene.ane, text(title="Jeg skræller kartofler", parent=goal))
    assert [lane.goal for lane in lanes([goal, sub])[0].subgoals] == [sub]
    with pytest.raises(Refusal):
        set_goal(scene.worker, scene.ane, text(parent=sub))
    with pytest.raises(Refusal):
        set_goal(scene.leader, scene.dea, text(parent=goal))


def test_a_follow_up_moves_or_closes_the_goal(scene: Record, goal: Goal) -> None:
    today = clock.today()
    later = today + dt.timedelta(days=90)
    follow_up(scene.worker, goal, held_on=today, decision="continue", next_on=later)
    goal.refresh_from_db()
    assert goal.follow_up_on == later
    follow_up(scene.worker, goal, held_on=today, decision="end")
    goal.refresh_from_db()
    assert goal.closed_on == today
    with pytest.raises(Refusal):
        rate_goal(scene.worker, goal, 0)
    reopen_goal(scene.worker, goal)
    goal.refresh_from_db()
    assert goal.closed_on is None
    assert FollowUp.objects.count() == 2


def test_an_effort_is_planned_and_ended(scene: Record, goal: Goal) -> None:
    effort = plan_effort(scene.worker, goal, EffortText("Lav mad sammen", 3, "week", 45, clock.today()))
    row = lanes([goal], since=clock.today())[0].efforts[0]
    assert (row.planned, row.delivered, row.runs) == (19, 0, True)  # 3 × 45 ÷ 7
    end_effort(scene.worker, effort)
    assert Effort.objects.get().ends_on == clock.today()


def test_the_database_shows_the_record_to_those_who_may(scene: Record, goal: Goal) -> None:
    record_wish(scene.worker, scene.ane, text="En kat")
    for user, seen in ((scene.worker, 1), (scene.leader, 1), (scene.herself, 1), (scene.stranger, 0)):
        with rows.as_user(user):
            assert (Goal.objects.count(), Wish.objects.count()) == (seen, seen), user


def test_the_database_refuses_what_the_services_forgot(scene: Record, goal: Goal) -> None:
    with rows.as_user(scene.herself), pytest.raises(DatabaseError), transaction.atomic():
        Goal.objects.create(
            citizen=scene.ane, title="x", kind="develop", starts_on=clock.today(), written_by=scene.herself
        )
    with rows.as_user(scene.worker), pytest.raises(DatabaseError), transaction.atomic():
        Wish.objects.create(citizen=scene.ane, text="x", words="own", written_by=scene.leader)
    GoalRating.objects.filter(goal=goal)._raw_delete("default")
    with rows.as_user(scene.worker), connection.cursor() as cursor:
        cursor.execute("DELETE FROM practice_goal WHERE id = %s", [goal.pk])
        assert cursor.rowcount == 0
