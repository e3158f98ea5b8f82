"""The pages of the assessments: the profile, the draft, and the file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from roedtraad.access.models import LookupLog
from roedtraad.practice.models import Assessment, AssessmentScore, Theme
from roedtraad.practice.services.assessments import ScoreText, begin, save_scores
from tests.practice.scene import Record
from tests.practice.test_assessments import TODAY, ffb, finished, themes, typed


@pytest.fixture
def full(scene: Record) -> Record:
    finished(scene, TODAY - dt.timedelta(days=200), mind=4, health=0)
    finished(scene, TODAY - dt.timedelta(days=100), mind=3, health=1, leisure=2)
    scores = {
        "mind": ScoreText(1, 3, "Sover bedre", 4, "Det er svært om natten"),
        "health": 2,
        "money_home": 0,
    }
    finished(scene, TODAY - dt.timedelta(days=1), **scores)  # type: ignore[arg-type]
    return scene


def form(**values: Any) -> dict[str, Any]:
    """What a browser sends; `mind_level` is the level of the theme `mind`."""
    known = themes()
    sent: dict[str, Any] = {"assessed_on": "2026-06-15", "summary": "", "version": "0"}
    for name, value in values.items():
        code, _dash, part = name.partition("__")
        sent[f"{known[code].pk}-{part}" if part else name] = value
    return sent


def test_the_page_shows_the_profile_and_what_changed(
    full: Record, django_assert_max_num_queries: Any
) -> None:
    client = full.client(full.worker)
    with django_assert_max_num_queries(15):
        html = client.get(full.path("udredning/")).content.decode()
    assert "1 tema er blevet bedre og 1 sværere siden 7. marts 2026." in html
    assert "3 svært nedsat → 1 let nedsat" in html
    assert "1 let nedsat → 2 moderat nedsat" in html
    assert "var 2 moderat nedsat" in html
    assert "borgeren siger 4 fuldstændigt nedsat, vi siger 1 let nedsat." in html
    assert "Det er svært om natten" in html
    assert 'aria-current="page">Udredning' in html
    assert LookupLog.objects.get(citizen_id=full.ane.pk).part == "udredning"


def test_any_earlier_date_can_be_compared_with_and_any_can_be_shown(full: Record) -> None:
    client = full.client(full.worker)
    newest, middle, oldest = Assessment.objects.order_by("-assessed_on")
    html = client.get(full.path("udredning/"), {"med": str(oldest.key)}).content.decode()
    assert "4 fuldstændigt nedsat → 1 let nedsat" in html
    assert full.path("udredning", middle.key, "") in html
    html = client.get(full.path("udredning", middle.key, "")).content.decode()
    assert "4 fuldstændigt nedsat → 3 svært nedsat" in html
    html = client.get(full.path("udredning", oldest.key, ""), {"med": str(newest.key)}).content.decode()
    assert "Sværest er Sind og følelser: fuldstændigt nedsat." in html
    assert "Sammenlign med" not in html
    assert client.get(full.path("udredning/"), {"med": "y"}).status_code == 200


def test_a_record_without_assessments_says_what_to_do(scene: Record) -> None:
    html = scene.client(scene.worker).get(scene.path("udredning/")).content.decode()
    assert "Der er ingen udredning endnu." in html
    assert "Ny udredning" in html


@pytest.mark.parametrize("page", ["udredning/", "udredning/ny/"])
@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("herself", 403)])
def test_the_pages_are_closed_to_others(scene: Record, page: str, who: str, status: int) -> None:
    assert scene.client(getattr(scene, who)).get(scene.path(page)).status_code == status


def test_looking_at_the_form_begins_nothing(scene: Record, django_assert_max_num_queries: Any) -> None:
    client = scene.client(scene.worker)
    with django_assert_max_num_queries(15):
        html = client.get(scene.path("udredning/ny/")).content.decode()
    assert html.count('class="panel theme-row"') == len(themes())
    assert "9 ikke vurderet" in html
    assert not Assessment.objects.exists()


def test_a_draft_is_saved_fetched_and_finished(scene: Record) -> None:
    client = scene.client(scene.worker)
    sent = form(mind__level="3", mind__citizen_text="Jeg er ked af det", do="draft")
    answer = client.post(scene.path("udredning/ny/"), sent)
    assert answer["Location"] == scene.path("udredning/ny/")
    draft = Assessment.objects.get()
    assert (draft.finished_at, draft.version) == (None, 2)
    html = client.get(scene.path("udredning/ny/")).content.decode()
    assert "Jeg er ked af det" in html
    assert f'name="{themes()["mind"].pk}-level" value="3"' in html
    colleague = scene.client(scene.colleague)
    assert "En kladde venter" in colleague.get(scene.path("udredning/")).content.decode()
    sent = form(mind__level="2", version="2", assessed_on="2026-06-14", summary="Bedre", do="finish")
    answer = colleague.post(scene.path("udredning/ny/"), sent)
    assert answer["Location"] == scene.path("udredning/")
    draft.refresh_from_db()
    assert draft.finished_at is not None
    assert (draft.assessed_on, draft.summary) == (dt.date(2026, 6, 14), "Bedre")
    score = draft.scores.get()
    assert (score.level, score.citizen_text) == (2, "")


def test_the_last_level_is_shown_beside_and_not_filled_in(full: Record) -> None:
    html = full.client(full.worker).get(full.path("udredning/ny/")).content.decode()
    assert "Sidst: 1 let nedsat" in html
    assert " checked" not in html


def test_nothing_to_finish_and_a_day_to_come_are_refused(scene: Record) -> None:
    client = scene.client(scene.worker)
    answer = client.post(scene.path("udredning/ny/"), form(do="finish"))
    assert answer.status_code == 422
    assert "Vurder mindst ét tema" in answer.content.decode()
    answer = client.post(scene.path("udredning/ny/"), form(mind__level="7", do="draft"))
    assert answer.status_code == 422
    assert "Vælg et af de trin" in answer.content.decode()
    answer = client.post(
        scene.path("udredning/ny/"), form(assessed_on="2026-06-16", mind__level="1", do="draft")
    )
    assert answer.status_code == 422
    assert "ikke ligge i fremtiden" in answer.content.decode()
    assert not AssessmentScore.objects.exists()


def test_two_people_in_one_draft_see_both_texts(scene: Record) -> None:
    mine = scene.client(scene.worker)
    mine.post(scene.path("udredning/ny/"), form(mind__text="Sover godt", mind__level="1", do="draft"))
    theirs = scene.client(scene.colleague)
    sent = form(mind__text="Sover skidt", mind__level="4", do="draft")
    answer = theirs.post(scene.path("udredning/ny/"), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Sind og følelser: Beskrivelse" in html
    assert "<dd>Sover godt</dd>" in html
    assert "<dd>1 let nedsat</dd>" in html
    assert "Sover skidt" in html
    assert 'name="version" value="2"' in html
    assert AssessmentScore.objects.get().text == "Sover godt"
    theirs.post(scene.path("udredning/ny/"), sent | {"version": "2"})
    assert AssessmentScore.objects.get().text == "Sover skidt"


def test_a_draft_is_thrown_away_by_its_writer_alone(scene: Record) -> None:
    draft = begin(scene.worker, scene.ane)
    save_scores(scene.worker, draft, typed(mind=1), version=1)
    path = scene.path("udredning", draft.key, "slet/")
    assert scene.client(scene.colleague).post(path).status_code == 403
    assert (
        "Slet kladden" not in scene.client(scene.colleague).get(scene.path("udredning/ny/")).content.decode()
    )
    assert Assessment.objects.exists()
    assert "Slet kladden" in scene.client(scene.worker).get(scene.path("udredning/ny/")).content.decode()
    assert scene.client(scene.worker).post(path)["Location"] == scene.path("udredning/")
    assert not Assessment.objects.exists()


def test_one_assessment_is_had_as_a_file(full: Record) -> None:
    shown = Assessment.objects.order_by("-assessed_on")[0]
    answer = full.client(full.worker).get(full.path("udredning", shown.key, "csv/"))
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Tema;Undertema;Kode;Funktionsevne;")
    assert "Sind og følelser;;mind;1;let nedsat;3;Sover bedre;4;Det er svært om natten" in lines
    assert len(lines) == 1 + shown.scores.count()
    assert "udredning-2026-06-14.csv" in answer["Content-Disposition"]


@pytest.mark.parametrize("page", ["", "csv/"])
def test_a_draft_has_no_page_and_no_file(scene: Record, page: str) -> None:
    draft = begin(scene.worker, scene.ane)
    assert scene.client(scene.worker).get(scene.path("udredning", draft.key, page)).status_code == 404


def test_what_is_finished_is_not_thrown_away(full: Record) -> None:
    done = Assessment.objects.order_by("pk")[0]
    client = full.client(full.worker)
    answer = client.post(full.path("udredning", done.key, "slet/"), follow=True)
    assert "Udredningen er afsluttet og kan ikke rettes." in answer.content.decode()
    assert Assessment.objects.filter(pk=done.pk).exists()


def test_the_whole_list_keeps_the_budget(scene: Record, django_assert_max_num_queries: Any) -> None:
    ffb()
    care = Theme.objects.get(code="care")
    for number in range(3, 60):
        Theme.objects.create(
            list="ffb", code=f"c{number}", number=number, name=f"Tilstand {number}", parent=care
        )
    finished(scene, TODAY, **{f"c{number}": number % 5 for number in range(3, 60)})
    client = scene.client(scene.worker)
    with django_assert_max_num_queries(15):
        assert "59 undertemaer" in client.get(scene.path("udredning/ny/")).content.decode()
    with django_assert_max_num_queries(15):
        assert "Tilstand 59" in client.get(scene.path("udredning/")).content.decode()
