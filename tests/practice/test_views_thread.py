"""The pages of the thread, the wishes, the goals and the efforts."""

from __future__ import annotations

from typing import Any

import pytest

from roedtraad.access.models import LookupLog
from roedtraad.core import clock
from roedtraad.practice.models import Effort, Goal, GoalRating, Wish
from roedtraad.practice.services.efforts import EffortText, plan_effort
from roedtraad.practice.services.goals import rate_goal, set_goal
from roedtraad.practice.services.wishes import record_wish
from tests.practice.scene import Record
from tests.practice.test_goals import LEVELS, text

FORM = {
    "title": "Jeg tager bussen selv",
    "kind": "develop",
    "starts_on": "2026-06-15",
    "level_minus_2": "Bliver hjemme",
    "level_minus_1": "Går med til stoppestedet",
    "level_0": "Kører med en, der følges",
    "level_plus_1": "Kører alene én vej",
    "level_plus_2": "Kører alene frem og tilbage",
    "level_now": "-2",
}


@pytest.fixture
def full(scene: Record) -> Record:
    for n in range(3):
        wish = record_wish(scene.worker, scene.ane, text=f"Ønske {n}")
        for m in range(3):
            goal = set_goal(scene.worker, scene.ane, text(title=f"Mål {n}.{m}", wish=wish), level_now=-1)
            rate_goal(scene.worker, goal, 1)
            plan_effort(scene.worker, goal, EffortText("Øv sammen", 2, "week", 30, clock.today()))
    return scene


@pytest.mark.parametrize(("page", "budget"), [("", 15), ("oensker/", 13), ("maal/", 14)])
def test_the_pages_keep_their_budget(
    full: Record, django_assert_max_num_queries: Any, page: str, budget: int
) -> None:
    client = full.client(full.worker)
    with django_assert_max_num_queries(budget):
        answer = client.get(full.path(page))
    assert answer.status_code == 200
    assert "Ønske 2" in answer.content.decode() or "Mål 2.2" in answer.content.decode()


def test_a_goal_page_keeps_its_budget(full: Record, django_assert_max_num_queries: Any) -> None:
    goal = Goal.objects.first()
    assert goal is not None
    client = full.client(full.worker)
    with django_assert_max_num_queries(15):
        answer = client.get(full.path("maal", goal.key, ""))
    assert LEVELS[1] in answer.content.decode()


def test_opening_the_thread_is_written_in_the_log(scene: Record) -> None:
    scene.client(scene.worker).get(scene.path(""))
    found = LookupLog.objects.get(citizen_id=scene.ane.pk)
    assert (found.part, found.user) == ("tråden", scene.worker)


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("herself", 403)])
def test_the_record_is_closed_to_others(scene: Record, who: str, status: int) -> None:
    assert scene.client(getattr(scene, who)).get(scene.path("")).status_code == status


def test_a_goal_is_set_with_a_form(scene: Record) -> None:
    client = scene.client(scene.worker)
    assert client.get(scene.path("maal/nyt/")).status_code == 200
    answer = client.post(scene.path("maal/nyt/"), FORM)
    goal = Goal.objects.get()
    assert answer["Location"] == scene.path("maal", goal.key, "")
    assert goal.levels[0] == "Bliver hjemme"
    assert GoalRating.objects.get().level == -2


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(scene: Record) -> None:
    answer = scene.client(scene.worker).post(scene.path("maal/nyt/"), FORM | {"level_0": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Alle fem trin skal have ord" in page
    assert "Kører alene frem og tilbage" in page
    assert not Goal.objects.exists()


def test_a_change_under_ones_hands_shows_both(scene: Record) -> None:
    goal = set_goal(scene.worker, scene.ane, text())
    mine, theirs = scene.client(scene.worker), scene.client(scene.colleague)
    path = scene.path("maal", goal.key, "ret/")
    form = {key: value for key, value in FORM.items() if key != "level_now"} | {"version": "1"}
    assert theirs.post(path, form | {"title": "Jeg cykler"}).status_code == 302
    answer = mine.post(path, form | {"title": "Jeg går"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Jeg cykler" in page and "Jeg går" in page
    assert mine.post(path, form | {"title": "Jeg går", "version": "2"}).status_code == 302
    goal.refresh_from_db()
    assert goal.title == "Jeg går"


def test_rating_and_following_up_by_form(scene: Record) -> None:
    goal = set_goal(scene.worker, scene.ane, text())
    client = scene.client(scene.worker)
    assert (
        client.post(scene.path("maal", goal.key, "vurder/"), {"level": "1", "rater": "staff"}).status_code
        == 302
    )
    rating = GoalRating.objects.get()
    undo = scene.path("maal", goal.key, "vurder", rating.key, "fortryd/")
    assert client.post(undo).status_code == 302
    answer = client.post(
        scene.path("maal", goal.key, "opfoelgning/"), {"held_on": "2026-06-15", "decision": "continue"}
    )
    assert answer.status_code == 422
    assert "hvornår I følger op næste gang" in answer.content.decode()


def test_wishes_by_form(scene: Record) -> None:
    client = scene.client(scene.worker)
    client.post(scene.path("oensker/nyt/"), {"text": "En båd", "words": "own"})
    wish = Wish.objects.get()
    client.post(
        scene.path("oensker", wish.key, "videre/"), {"text": "En lille båd", "words": "own", "what": "wish"}
    )
    page = client.get(scene.path("oensker/")).content.decode()
    assert "En båd" in page and "En lille båd" in page


def test_efforts_by_form(scene: Record) -> None:
    goal = set_goal(scene.worker, scene.ane, text())
    client = scene.client(scene.worker)
    typed = {
        "title": "Bustur",
        "times": "2",
        "per": "week",
        "minutes": "40",
        "starts_on": "2026-06-15",
        "responsible": scene.colleague.pk,
    }
    assert client.get(scene.path("maal", goal.key, "indsats/")).status_code == 200
    assert client.post(scene.path("maal", goal.key, "indsats/"), typed).status_code == 302
    effort = Effort.objects.get()
    edit = scene.path("indsatser", effort.key, "ret/")
    assert client.get(edit).status_code == 200
    assert client.post(edit, typed | {"minutes": "50", "version": "1"}).status_code == 302
    assert client.post(edit, typed | {"minutes": "60", "version": "1"}).status_code == 422
    assert client.post(scene.path("indsatser", effort.key, "slut/")).status_code == 302
    effort.refresh_from_db()
    assert (effort.minutes, effort.ends_on) == (50, clock.today())


def test_who_has_moved_on_is_read_by_the_leader_and_written_in_by_nobody(scene: Record) -> None:
    stay = scene.ane.stays.get()
    stay.actual_end = clock.today().replace(month=5)
    stay.save(update_fields=["actual_end"])
    answer = scene.client(scene.leader).get(scene.path(""))
    assert answer.status_code == 200
    assert "Nyt mål" not in answer.content.decode()
    assert scene.client(scene.leader).post(scene.path("maal/nyt/"), FORM).status_code in (403, 404)
    assert scene.client(scene.worker).get(scene.path("")).status_code == 404
