"""The plans go from the files into the tables: once, whole, and never over an edit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from roedtraad.steering.loading import FIXTURES, FixtureError, load_plans
from roedtraad.steering.models import (
    Goal,
    Indicator,
    Pejlemaerke,
    Plan,
    PlanEffort,
    Statement,
    TimetableEntry,
    Track,
    UnGoal,
    UnTarget,
)

pytestmark = pytest.mark.django_db


def events() -> int:
    return sum(
        model._default_manager.count()
        for model in apps.get_app_config("steering").get_models(include_auto_created=True)
        if model.__name__.endswith("Event")
    )


def test_everything_in_the_files_is_in_the_tables() -> None:
    counts = load_plans()
    plans = json.loads((FIXTURES / "plans.json").read_text(encoding="utf-8"))["plans"]
    tracks = [track for plan in plans for track in plan["tracks"]]
    marks = [mark for track in tracks for mark in track["pejlemaerker"]]
    assert Plan.objects.count() == len(plans) == counts["plan"]
    assert Track.objects.count() == len(tracks)
    assert Statement.objects.count() == sum(len(track["statements"]) for track in tracks)
    assert Goal.objects.count() == sum(len(track["goals"]) for track in tracks)
    assert Pejlemaerke.objects.count() == len(marks)
    assert PlanEffort.objects.count() == sum(len(mark["efforts"]) for mark in marks)
    assert UnGoal.objects.count() == sum(len(track["un_goals"]) for track in tracks)
    assert UnTarget.objects.count() == sum(len(g["targets"]) for track in tracks for g in track["un_goals"])
    assert TimetableEntry.objects.count() == sum(len(track["timetable"]) for track in tracks)


def test_a_target_holds_through_its_last_year() -> None:
    load_plans()
    target = Indicator.objects.get(key="kapacitetsudnyttelse").targets.get()
    assert (target.valid.lower.isoformat(), target.valid.upper.isoformat()) == ("2017-01-01", "2028-01-01")


def test_an_indicator_hangs_on_goals_and_pejlemaerker() -> None:
    load_plans()
    indicator = Indicator.objects.get(key="kapacitetsudnyttelse")
    assert [goal.key for goal in indicator.goals.all()] == ["god-oekonomi-og-relevant-aktivitet"]
    assert [mark.number for mark in indicator.pejlemaerker.all()] == [1]


def test_a_second_run_writes_nothing() -> None:
    load_plans()
    before = events()
    assert load_plans() == {}
    assert events() == before


def test_what_was_edited_or_removed_stays_so() -> None:
    load_plans()
    Plan.objects.filter(key="maalbillede-2017").update(vision="En anden vision")
    removed = PlanEffort.objects.order_by("pk").first()
    assert removed is not None
    removed.delete()
    assert load_plans() == {}
    assert Plan.objects.get(key="maalbillede-2017").vision == "En anden vision"
    assert not PlanEffort.objects.filter(pejlemaerke=removed.pejlemaerke, number=removed.number).exists()


def test_what_is_missing_is_added(tmp_path: Path) -> None:
    load_plans()

    def one_more(plans: list[Any]) -> None:
        plans[1]["tracks"][0]["timetable"].append(dict(plans[1]["tracks"][0]["timetable"][0], year=2026))

    assert load_plans(changed(tmp_path, one_more)) == {"timetableentry": 1}


def changed(folder: Path, change: Callable[[list[Any]], None]) -> Path:
    for name in ("plans.json", "indicators.json"):
        shutil.copy(FIXTURES / name, folder / name)
    content = json.loads((folder / "plans.json").read_text(encoding="utf-8"))
    change(content["plans"])
    (folder / "plans.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def too_long(plans: list[Any]) -> None:
    plans[1]["tracks"][2]["pejlemaerker"][0]["title"] = "x" * 121


def no_name(plans: list[Any]) -> None:
    del plans[0]["tracks"][1]["name"]


def backwards(plans: list[Any]) -> None:
    plans[1]["valid_to"] = "2020-01-01"


def unknown_kind(plans: list[Any]) -> None:
    plans[0]["kind"] = "drøm"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (too_long, "plans.json, plan 2, spor 3, pejlemærke 1: »title« er på 121 tegn"),
        (no_name, "plans.json, plan 1, spor 2: feltet »name« mangler"),
        (backwards, "plans.json, plan 2: Perioden slutter"),
        (unknown_kind, "plans.json, plan 1: »kind« skal være en af"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(
    tmp_path: Path, change: Callable[[list[Any]], None], place: str
) -> None:
    with pytest.raises(FixtureError, match=place):
        load_plans(changed(tmp_path, change))
    assert not Plan.objects.exists()


def test_a_file_that_is_not_json_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "plans.json").write_text('{\n"plans": [,]}', encoding="utf-8")
    with pytest.raises(FixtureError, match=r"plans\.json, linje 2"):
        load_plans(tmp_path)
    with pytest.raises(FixtureError, match="findes ikke"):
        load_plans(tmp_path / "ingen")
