"""An assessment is begun, filled in bit by bit, finished, and compared with the one before it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from roedtraad.access import rows
from roedtraad.access.scope import AccessDenied
from roedtraad.core import clock
from roedtraad.core.refusal import Refusal
from roedtraad.practice.models import Assessment, AssessmentScore, Theme
from roedtraad.practice.queries import assessments as queries
from roedtraad.practice.rules.assessments import Direction, Level, list_for
from roedtraad.practice.services import assessments as services
from roedtraad.practice.services.assessments import ScoreText
from roedtraad.practice.services.common import Changed
from tests import factories as make
from tests.practice.scene import Record

TODAY = dt.date(2026, 6, 15)


def themes(name: str = "short") -> dict[str, Theme]:
    return {theme.code: theme for theme in Theme.objects.filter(list=name)}


def typed(name: str = "short", **levels: int | ScoreText) -> dict[int, ScoreText]:
    known = themes(name)
    return {
        known[code].pk: value if isinstance(value, ScoreText) else ScoreText(level=value)
        for code, value in levels.items()
    }


def finished(scene: Record, day: dt.date, **levels: int | ScoreText) -> Assessment:
    draft = services.begin(scene.worker, scene.ane)
    scores = typed(draft.list, **levels)
    return services.finish(scene.worker, draft, version=draft.version, assessed_on=day, scores=scores)


def ffb() -> None:
    care = Theme.objects.create(list="ffb", code="care", number=1, name="Egenomsorg", is_activity=True)
    for number, code in enumerate(("eat", "wash"), start=2):
        Theme.objects.create(list="ffb", code=code, number=number, name=code, parent=care, is_activity=True)


@pytest.mark.parametrize(
    ("born", "loaded", "name"),
    [
        (dt.date(2008, 6, 16), True, "ics"),
        (dt.date(2008, 6, 15), True, "ffb"),
        (dt.date(2008, 6, 15), False, "short"),
        (dt.date(1950, 1, 1), True, "ffb"),
    ],
)
def test_the_list_follows_age_and_what_is_loaded(born: dt.date, loaded: bool, name: str) -> None:
    assert list_for(born, TODAY, ffb_loaded=lambda: loaded) == name


def test_the_list_is_ffb_once_it_is_loaded_and_not_when_it_is_retired(scene: Record) -> None:
    assert services.list_for(scene.ane, TODAY) == "short"
    ffb()
    assert services.list_for(scene.ane, TODAY) == "ffb"
    Theme.objects.filter(list="ffb").update(retired_on=TODAY)
    assert services.list_for(scene.ane, TODAY) == "short"


def test_there_is_one_draft_and_it_begins_empty(scene: Record) -> None:
    finished(scene, TODAY, sleep_habits=3)
    draft = services.begin(scene.worker, scene.ane)
    assert services.begin(scene.colleague, scene.ane) == draft
    assert not draft.scores.exists()
    assert (draft.finished_at, draft.assessed_on, draft.version) == (None, TODAY, 1)


def test_a_draft_is_saved_bit_by_bit(scene: Record) -> None:
    draft = services.begin(scene.worker, scene.ane)
    saved = services.save_scores(
        scene.worker,
        draft,
        typed(mind=2, health=ScoreText(1, 2, " Går ture ", 0, " Jeg er rask ")),
        version=1,
    )
    assert saved.version == 2
    score = AssessmentScore.objects.get(theme__code="health")
    assert (score.level, score.support_need, score.citizen_level) == (1, 2, 0)
    assert (score.text, score.citizen_text) == ("Går ture", "Jeg er rask")
    again = services.save_scores(scene.colleague, draft, typed(health=9), version=2, summary="Kort sagt")
    found = {score.theme.code: score.level for score in again.scores.select_related("theme")}
    assert found == {"mind": 2, "health": 9}
    assert again.summary == "Kort sagt"
    services.save_scores(scene.worker, draft, typed(mind=ScoreText()), version=3)
    assert [score.theme.code for score in draft.scores.select_related("theme")] == ["health"]


def test_who_saves_on_an_old_edition_is_told_and_nothing_is_lost(scene: Record) -> None:
    draft = services.begin(scene.worker, scene.ane)
    services.save_scores(scene.worker, draft, typed(mind=2), version=1)
    with pytest.raises(Changed) as told:
        services.save_scores(scene.colleague, draft, typed(mind=4), version=1)
    assert told.value.current.version == 2
    with pytest.raises(Changed):
        services.finish(scene.colleague, draft, version=1, assessed_on=TODAY)
    assert draft.scores.get().level == 2


@pytest.mark.parametrize(
    ("score", "field"),
    [
        (ScoreText(level=5), "level"),
        (ScoreText(citizen_level=-1), "citizen_level"),
        (ScoreText(support_need=9), "support_need"),
        (ScoreText(text="x" * 4001), "text"),
        (ScoreText(citizen_text="x" * 4001), "citizen_text"),
    ],
)
def test_what_is_off_the_scale_is_refused_beside_its_field(
    scene: Record, score: ScoreText, field: str
) -> None:
    draft = services.begin(scene.worker, scene.ane)
    with pytest.raises(Refusal) as refused:
        services.save_scores(scene.worker, draft, typed(mind=score), version=1)
    assert refused.value.field == f"{themes()['mind'].pk}-{field}"
    assert not AssessmentScore.objects.exists()


def test_a_theme_of_another_list_and_a_day_that_cannot_be_are_refused(scene: Record) -> None:
    draft = services.begin(scene.worker, scene.ane)
    with pytest.raises(Refusal, match="en anden liste"):
        services.save_scores(scene.worker, draft, typed("ics", development=1), version=1)
    for day in (TODAY + dt.timedelta(days=1), scene.ane.birth_date - dt.timedelta(days=1)):
        with pytest.raises(Refusal) as refused:
            services.save_scores(scene.worker, draft, {}, version=1, assessed_on=day)
        assert refused.value.field == "assessed_on"
    with pytest.raises(Refusal) as refused:
        services.save_scores(scene.worker, draft, {}, version=1, summary="x" * 20_001)
    assert refused.value.field == "summary"


def test_it_takes_a_level_to_finish(scene: Record) -> None:
    draft = services.begin(scene.worker, scene.ane)
    with pytest.raises(Refusal, match="mindst ét tema"):
        services.finish(scene.worker, draft, version=1, assessed_on=TODAY, scores=typed(mind=9))
    assert not AssessmentScore.objects.exists()
    done = services.finish(
        scene.worker, draft, version=1, assessed_on=TODAY, summary="Godt", scores=typed(mind=0)
    )
    assert done.finished_at is not None
    assert services.begin(scene.worker, scene.ane) != done


def test_what_is_finished_stands(scene: Record) -> None:
    done = finished(scene, TODAY, mind=2)
    for attempt in (
        lambda: services.save_scores(scene.worker, done, typed(mind=3), version=done.version),
        lambda: services.finish(scene.worker, done, version=done.version, assessed_on=TODAY),
        lambda: services.discard(scene.worker, done),
    ):
        with pytest.raises(Refusal, match="afsluttet"):
            attempt()
    assert done.scores.get().level == 2


def test_the_rows_themselves_keep_what_is_finished(scene: Record) -> None:
    done = finished(scene, TODAY, mind=2)
    with rows.as_user(scene.worker):
        assert Assessment.objects.filter(pk=done.pk).update(summary="Andet") == 0
        assert AssessmentScore.objects.filter(assessment=done).update(level=4) == 0
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM practice_assessmentscore WHERE assessment_id = %s", [done.pk])
            assert cursor.rowcount == 0
            cursor.execute("DELETE FROM practice_assessment WHERE id = %s", [done.pk])
            assert cursor.rowcount == 0


def test_only_who_began_a_draft_throws_it_away(scene: Record) -> None:
    draft = services.begin(scene.worker, scene.ane)
    services.save_scores(scene.worker, draft, typed(mind=2), version=1)
    with pytest.raises(AccessDenied, match="begyndte"):
        services.discard(scene.colleague, draft)
    assert draft.scores.exists()
    services.discard(scene.worker, draft)
    assert not Assessment.objects.exists()
    assert not AssessmentScore.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "herself"])
def test_others_cannot_write(scene: Record, who: str) -> None:
    draft = services.begin(scene.worker, scene.ane)
    user = getattr(scene, who)
    for attempt in (
        lambda: services.begin(user, scene.ane),
        lambda: services.save_scores(user, draft, typed(mind=1), version=1),
        lambda: services.finish(user, draft, version=1, assessed_on=TODAY, scores=typed(mind=1)),
        lambda: services.discard(user, draft),
    ):
        with pytest.raises(AccessDenied):
            attempt()


def test_the_picture_says_what_changed_and_what_to_talk_about(
    scene: Record, django_assert_max_num_queries: Any
) -> None:
    first = finished(scene, TODAY - dt.timedelta(days=90), mind=3, health=1, sleep_habits=2, leisure=2)
    now = finished(
        scene,
        TODAY,
        mind=ScoreText(1, citizen_level=4),
        health=ScoreText(2, citizen_level=1),
        sleep_habits=2,
        relations=1,
    )
    with django_assert_max_num_queries(3):
        picture = queries.picture(now, first)
    codes = {direction: [line.theme.code for line in picture.changed(direction)] for direction in Direction}
    assert codes == {
        Direction.BETTER: ["mind"],
        Direction.WORSE: ["health"],
        Direction.NEW: ["relations"],
        Direction.GONE: ["leisure"],
    }
    assert [line.theme.code for line in picture.to_talk_about] == ["mind"]
    mind = next(line for line in picture.lines if line.theme.code == "mind")
    assert (mind.value, mind.before, mind.went_from) == (1, 3, "3 svært nedsat")
    assert queries.picture(now, None).changed(Direction.NEW) == []


def test_a_theme_is_as_its_hardest_sub_theme_and_a_retired_one_still_shows(scene: Record) -> None:
    ffb()
    done = finished(scene, TODAY, eat=1, wash=3)
    Theme.objects.filter(code="wash").update(retired_on=TODAY)
    line = queries.picture(done, None).lines[0]
    assert (line.value, line.words) == (Level.SEVERE, "svært nedsat")
    assert [sub.theme.code for sub in line.subs] == ["eat", "wash"]
    assert [theme.code for theme, _subs in queries.themes_of("ffb")] == ["care"]


def test_a_child_is_seen_from_the_three_sides(scene: Record) -> None:
    child = make.citizen(child=True)
    assert services.list_for(child, clock.today()) == "ics"
    assert [len(subs) for _theme, subs in queries.themes_of("ics")] == [7, 6, 7]
