"""What has come of the citizens' goals, in the target picture: which goals count, where, and who may be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from roedtraad.access import rows
from roedtraad.access.models import LookupLog
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.organisation.models import Unit
from roedtraad.practice.models import GoalRating
from roedtraad.practice.queries.outcomes import goal_facts
from roedtraad.practice.rules.goals import Outcome
from roedtraad.steering import figures
from roedtraad.steering.models import Pejlemaerke
from tests import factories as make
from tests.practice.outcomes import rate, rated

Login = Callable[..., Client]
REACHED = "/maalbillede/indikatorer/maal-naaet/"
LOST = "/maalbillede/indikatorer/maal-gaaet-tilbage/"
PROGRESS = (-2, -1)
LOSS = (-1, -2)


@pytest.fixture
def writer(scene: Any) -> User:
    return make.user_with(Role.SUPPORT_WORKER, scene.units["region"])


@pytest.fixture
def goals(scene: Any, writer: User) -> None:
    """In 2025 everybody has a goal that is reached; all of Sydgården a lost one too, two of Storgården as well."""
    for people in scene.people.values():
        for citizen in people:
            rated(writer, citizen, -1, 0)
    for citizen in [*scene.people["sydgaarden"], *scene.people["storgaarden"][:2]]:
        rated(writer, citizen, *LOSS)


def outcomes(year: int = 2025) -> list[tuple[str, Outcome]]:
    names = dict(Unit.objects.values_list("pk", "key"))
    return [(names[fact.unit_id], fact.outcome) for fact in goal_facts([year])]


def test_a_goal_is_reckoned_on_the_last_day_of_the_year(scene: Any, writer: User) -> None:
    goal = rated(writer, scene.people["lillebo"][0], -2, -1)
    rate(writer, goal, 0, dt.date(2026, 1, 1))
    assert outcomes(2024) == []
    assert outcomes(2025) == [("lillebo", Outcome.PROGRESSED)]
    assert outcomes(2026) == [("lillebo", Outcome.REACHED)]


def test_in_a_running_year_it_is_reckoned_today(scene: Any, writer: User) -> None:
    goal = rated(writer, scene.people["lillebo"][0], -1, year=2026)
    assert goal_facts([2026])[0].day == clock.today()
    rate(writer, goal, 0, clock.today() + dt.timedelta(days=1))
    assert outcomes(2026) == [("lillebo", Outcome.KEPT)]


def test_a_closed_goal_counts_last_in_the_year_it_was_closed(scene: Any, writer: User) -> None:
    goal = rated(writer, scene.people["lillebo"][0], -1, 0, closed_on=dt.date(2025, 4, 10))
    rate(writer, goal, -2, dt.date(2025, 5, 1))
    assert outcomes(2025) == [("lillebo", Outcome.REACHED)]
    assert outcomes(2026) == []


def test_staff_counts_before_the_citizen_and_what_was_taken_back_never(scene: Any, writer: User) -> None:
    citizen = scene.people["lillebo"][0]
    goal = rated(writer, citizen)
    rate(writer, goal, -2, dt.date(2025, 3, 1), rater="citizen")
    assert outcomes() == [("lillebo", Outcome.KEPT)]
    rate(writer, goal, 0, dt.date(2025, 4, 1), rater="citizen")
    assert outcomes() == [("lillebo", Outcome.REACHED)]
    rate(writer, goal, -1, dt.date(2025, 3, 15))
    assert outcomes() == [("lillebo", Outcome.KEPT)]
    GoalRating.objects.update(withdrawn_at=clock.now())
    assert outcomes() == [("lillebo", Outcome.NOT_RATED)]


def test_a_subgoal_does_not_count_for_itself(scene: Any, writer: User) -> None:
    citizen = scene.people["lillebo"][0]
    whole = rated(writer, citizen, -1)
    rated(writer, citizen, -1, 0, parent=whole)
    assert outcomes() == [("lillebo", Outcome.KEPT)]


def test_who_moves_within_the_year_counts_once_where_they_moved_to(scene: Any, writer: User) -> None:
    citizen = scene.people["lillebo"][0]
    stay = citizen.stays.get()
    stay.actual_end = stay.ordered_end = dt.date(2025, 6, 30)
    stay.save()
    bed = make.place("storgaarden-ny", scene.units["storgaarden"])
    make.stay(citizen, bed, dt.date(2025, 7, 1), moved_in=True)
    rated(writer, citizen, *PROGRESS)
    assert outcomes() == [("storgaarden", Outcome.PROGRESSED)]


def test_who_moves_out_is_reckoned_on_the_last_day_here(scene: Any, writer: User) -> None:
    citizen = scene.people["lillebo"][0]
    stay = citizen.stays.get()
    stay.actual_end = stay.ordered_end = dt.date(2025, 3, 31)
    stay.save()
    rated(writer, citizen, -1, 0)
    assert [(fact.day, fact.outcome) for fact in goal_facts([2025, 2026])] == [
        (dt.date(2025, 3, 31), Outcome.KEPT)
    ]


def test_the_year_has_its_shares_and_the_next_one_too(goals: None, as_role: Login) -> None:
    page = as_role(Role.COUNCIL).get(f"{REACHED}?aar=2025").content.decode()
    assert "32 ÷ 43 = <strong>74,4\u00a0%" in page
    assert "74,4\u00a0% i 2026" in as_role(Role.COUNCIL).get(REACHED).content.decode()
    assert "11 ÷ 43" in as_role(Role.COUNCIL).get(f"{LOST}?aar=2025").content.decode()
    assert "året før 74,4\u00a0%" in as_role(Role.COUNCIL).get("/maalbillede/").content.decode()
    picture = as_role(Role.COUNCIL).get("/maalbillede/?aar=2025").content.decode()
    assert "Andelen af mål, der er nået, er 74,4\u00a0% i 2025." in picture


def test_a_year_without_a_figure_before_it_says_so(goals: None, as_role: Login) -> None:
    assert "intet tal året før" in as_role(Role.COUNCIL).get("/maalbillede/?aar=2025").content.decode()


def test_the_four_shares_stand_together_down_through_the_units(goals: None, as_role: Login) -> None:
    page = as_role(Role.COUNCIL).get(f"{REACHED}?aar=2025").content.decode()
    for words in ("Nået", "På vej", "Uændret", "Gået tilbage", "Vises ikke, for at ingen kan kendes."):
        assert words in page
    assert f"{REACHED}?aar=2025&amp;enhed=omraade-syd" in page


def shown(key: str) -> dict[str, tuple[int | None, int | None]]:
    tree = figures.figures(key, 2024)[2025]
    return {name: (node.numerator, node.denominator) for name, node in tree.by_key.items()}


def test_few_people_behind_one_of_the_shares_hide_all_four(goals: None) -> None:
    found = shown("maal-naaet")
    # Two people lost at Storgården: without Sydgården's, the area's and the region's would tell of them.
    assert found["storgaarden"] == found["omraade-nord"] == (None, None)
    assert found["lillebo"] == (None, None)
    assert found["region"] == (32, 43)


def test_both_indicators_hide_the_same_units(goals: None) -> None:
    hidden = [
        {name for name, pair in shown(key).items() if pair[0] is None}
        for key in ("maal-naaet", "maal-gaaet-tilbage")
    ]
    assert hidden[0] == hidden[1]


def test_what_is_subtracted_leaves_nobody_or_five(goals: None) -> None:
    """From the region and every unit that is shown, no group of one to four people can be found."""
    people: dict[str, dict[Outcome, set[int]]] = {}
    names = dict(Unit.objects.values_list("pk", "key"))
    for fact in goal_facts([2025]):
        people.setdefault(names[fact.unit_id], {}).setdefault(fact.outcome, set()).add(fact.citizen_id)
    tree = figures.figures("maal-naaet", 2024)[2025]

    def leaves(node: Any) -> set[str]:
        return {node.key} if not node.children else set().union(*(leaves(child) for child in node.children))

    for node in tree.by_key.values():
        if node.hidden or not node.children:
            continue
        away = set().union(*(leaves(child) for child in node.children if child.hidden), set())
        for outcome in Outcome:
            behind = set().union(*(people.get(key, {}).get(outcome, set()) for key in away), set())
            assert not 0 < len(behind) < 5, (node.key, outcome)


def test_the_goals_behind_are_for_those_who_read_the_record(
    goals: None, as_role: Login, scene: Any, django_assert_max_num_queries: Any
) -> None:
    address = f"{REACHED}raekker/?aar=2025&enhed=storgaarden"
    client = as_role(Role.LEADER, "storgaarden")
    with django_assert_max_num_queries(15):
        own = client.get(address).content.decode()
    assert own.count("Jeg laver mad") == 10
    assert f"/borgere/{scene.people['storgaarden'][0].key}/maal/" in own
    assert LookupLog.objects.filter(part__contains="mål bag").count() == 8
    for role, unit in ((Role.LEADER, "lillebo"), (Role.COUNCIL, "region"), (Role.ECONOMIST, "region")):
        other = as_role(role, unit).get(address).content.decode()
        assert "Jeg laver mad" not in other


@pytest.mark.parametrize("address", ["/maalbillede/?aar=2025", f"{REACHED}?aar=2025&enhed=omraade-syd"])
def test_budget(goals: None, as_role: Login, address: str, django_assert_max_num_queries: Any) -> None:
    client = as_role(Role.COUNCIL)
    figures._kept.clear()
    with django_assert_max_num_queries(15):
        assert client.get(address).status_code == 200


def test_figures_follow_every_rating(goals: None, scene: Any, writer: User) -> None:
    assert shown("maal-naaet")["region"] == (32, 43)
    rated(writer, scene.people["sydhuset"][0], -1, 0)
    assert shown("maal-naaet")["region"] == (33, 44)


def test_the_facts_are_read_without_texts_and_never_written(goals: None, scene: Any) -> None:
    with rows.as_user(make.user_with(Role.COUNCIL, scene.units["region"])), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM practice_goal")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT * FROM practice_goalfacts")
        assert [column.name for column in cursor.description or ()] == [
            "id", "citizen_id", "kind", "starts_on", "closed_on",
        ]  # fmt: skip
        assert len(cursor.fetchall()) == 43
        cursor.execute("SELECT * FROM practice_ratingfacts")
        assert [column.name for column in cursor.description or ()] == [
            "id",
            "goal_id",
            "level",
            "rater",
            "rated_at",
        ]
        for statement in (
            "UPDATE practice_ratingfacts SET level = 2",
            "DELETE FROM practice_goalfacts",
            "INSERT INTO practice_ratingfacts (goal_id, level) VALUES (1, 2)",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)


def test_from_a_goal_to_the_indicators_it_counts_in(scene: Any, writer: User, as_role: Login) -> None:
    mark = Pejlemaerke.objects.get(number=7, track__plan__key="visions-og-udviklingsplan-2024-27")
    citizen = scene.people["storgaarden"][0]
    goal = rated(writer, citizen, -1, pejlemaerke=f"{mark.track.plan.key}/{mark.number}")
    page = (
        as_role(Role.LEADER, "storgaarden").get(f"/borgere/{citizen.key}/maal/{goal.key}/").content.decode()
    )
    assert f'href="{REACHED}"' in page
    assert "Mål, der er nået" in page
    assert (
        f'href="{REACHED}"'
        in as_role(Role.COUNCIL).get(f"/maalbillede/pejlemaerker/{mark.pk}/").content.decode()
    )


def test_a_figure_has_its_percentages(goals: None) -> None:
    tree = figures.figures("maal-gaaet-tilbage", 2024)[2025]
    assert tree.root.value == Decimal("25.6")
    assert tree.root.parts == {Outcome.REACHED: 32, Outcome.PROGRESSED: 0, Outcome.KEPT: 0, Outcome.LOST: 11}
