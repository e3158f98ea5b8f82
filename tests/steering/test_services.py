"""Editing the plans: who may, what is refused in words, what history remembers, and undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.access.scope import AccessDenied
from roedtraad.steering import services
from roedtraad.steering.models import (
    Goal,
    Indicator,
    IndicatorTarget,
    Pejlemaerke,
    Plan,
    PlanEffort,
    Statement,
    TimetableEntry,
    Track,
)
from roedtraad.steering.queries import changes
from tests import factories as make

WHY = "vedtaget i ledelsen"


def test_texts_change_with_reason_and_history(strategist: Any) -> None:
    plan = Plan.objects.get(key="maalbillede-2017")
    before = plan.vision
    services.edit_plan(strategist, plan, name=plan.name, vision="  En ny vision ", reason=WHY)
    assert Plan.objects.get(pk=plan.pk).vision == "En ny vision"
    newest = changes(Plan, plan.pk)[0]
    assert (newest.kind, newest.who, newest.reason, newest.newest) == ("update", str(strategist), WHY, True)
    assert newest.fields == (("Vision", before, "En ny vision"),)


EDITS: list[tuple[type[Any], Callable[..., Any], dict[str, str]]] = [
    (Track, services.edit_track, {"name": "Nyt spor", "summary": "Kort"}),
    (Statement, services.edit_statement, {"text": "Nyt udsagn"}),
    (Goal, services.edit_goal, {"name": "Nyt mål", "summary": "Kort"}),
    (Pejlemaerke, services.edit_pejlemaerke, {"heading": "Ny", "title": "Ny titel", "summary": "Kort"}),
    (PlanEffort, services.edit_effort, {"text": "Ny indsats"}),
    (TimetableEntry, services.edit_timetable_entry, {"text": "Nyt punkt"}),
]


@pytest.mark.parametrize(("model", "edit", "values"), EDITS)
def test_every_kind_of_text_can_be_changed_and_undone(
    strategist: Any, model: Any, edit: Callable[..., Any], values: dict[str, str]
) -> None:
    row = model.objects.first()
    before = {name: getattr(row, name) for name in values}
    edit(strategist, row, reason=WHY, **values)
    assert model.objects.filter(pk=row.pk, **values).exists()
    services.undo(strategist, model, changes(model, row.pk)[0].event_id)
    assert model.objects.filter(pk=row.pk, **before).exists()
    assert changes(model, row.pk)[0].reason == "fortrudt"


@pytest.mark.parametrize("role", [Role.LEADER, Role.COUNCIL, Role.ADMINISTRATOR])
def test_others_may_not(scene: Any, role: Role) -> None:
    user = make.user_with(role, scene.units["region"])
    statement = Statement.objects.first()
    assert statement is not None
    with pytest.raises(AccessDenied, match="redigere planer"):
        services.edit_statement(user, statement, text="Noget", reason=WHY)
    assert not Statement.objects.filter(text="Noget").exists()


@pytest.mark.parametrize(
    ("text", "reason", "said"),
    [
        ("Noget nyt", " ", "Skriv en begrundelse"),
        ("", WHY, "må ikke være tom"),
        ("x" * 201, WHY, "er på 201 tegn"),
        (None, WHY, "ikke ændret noget"),
    ],
)
def test_refusals_are_sentences(strategist: Any, text: str | None, reason: str, said: str) -> None:
    statement = Statement.objects.order_by("pk").first()
    assert statement is not None
    asked = statement.text if text is None else text
    with pytest.raises(ValueError, match=said):
        services.edit_statement(strategist, statement, text=asked, reason=reason)


def test_efforts_come_and_go(strategist: Any) -> None:
    mark = Pejlemaerke.objects.get(number=2)
    effort = services.add_effort(strategist, mark, text="En indsats mere", reason=WHY)
    assert effort.number == 3
    services.remove_effort(strategist, effort, reason="alligevel ikke")
    assert mark.efforts.count() == 2
    gone = changes(PlanEffort, effort_id := effort_pk(mark))[0]
    assert (gone.kind, gone.reason) == ("delete", "alligevel ikke")
    services.undo(strategist, PlanEffort, gone.event_id)
    assert PlanEffort.objects.get(pk=effort_id).text == "En indsats mere"


def effort_pk(mark: Pejlemaerke) -> int:
    """The number of the effort that was last removed from the mark."""
    from roedtraad.steering.queries.changes import event_model

    return event_model(PlanEffort).objects.filter(pejlemaerke=mark, pgh_label="delete").latest("pgh_id").id


def test_an_addition_can_be_undone_but_a_row_of_the_plan_cannot(strategist: Any) -> None:
    track = Track.objects.get(key="det-hele-menneske")
    entry = services.add_timetable_entry(strategist, track, year=2026, text="Et punkt", reason=WHY)
    assert (entry.year, entry.number) == (2026, 1)
    services.undo(strategist, TimetableEntry, changes(TimetableEntry, entry.pk)[0].event_id)
    assert not TimetableEntry.objects.filter(pk=entry.pk).exists()
    with pytest.raises(ValueError, match="hører til planen"):
        services.undo(strategist, Track, changes(Track, track.pk)[0].event_id)


def test_only_the_newest_change_can_be_undone(strategist: Any) -> None:
    statement = Statement.objects.first()
    assert statement is not None
    services.edit_statement(strategist, statement, text="Først", reason=WHY)
    first = changes(Statement, statement.pk)[0]
    services.edit_statement(strategist, statement, text="Siden", reason=WHY)
    with pytest.raises(ValueError, match="sket mere siden"):
        services.undo(strategist, Statement, first.event_id)
    assert Statement.objects.get(pk=statement.pk).text == "Siden"


def test_a_removed_effort_comes_back_beside_the_one_that_took_its_number(strategist: Any) -> None:
    mark = Pejlemaerke.objects.get(number=2)
    last = mark.efforts.get(number=2)
    pk, text = last.pk, last.text
    services.remove_effort(strategist, last, reason=WHY)
    services.add_effort(strategist, mark, text="I stedet", reason=WHY)
    services.undo(strategist, PlanEffort, changes(PlanEffort, pk)[0].event_id)
    assert list(mark.efforts.values_list("number", "text"))[1:] == [(2, "I stedet"), (3, text)]


def test_targets_may_not_overlap(strategist: Any, scene: Any) -> None:
    indicator = Indicator.objects.get(key="kapacitetsudnyttelse")
    year = {"start": date(2026, 1, 1), "last": date(2026, 12, 31), "reason": WHY}
    with pytest.raises(
        ValueError, match=r"allerede et mål fra 1\. januar 2017 til og med 31\. december 2027"
    ):
        services.set_target(strategist, indicator, unit=None, value=Decimal(96), **year)
    unit = scene.units["omraade-nord"]
    services.set_target(strategist, indicator, unit=unit, value=Decimal(96), **year)
    with pytest.raises(ValueError, match="allerede et mål"):
        services.set_target(strategist, indicator, unit=unit, value=Decimal(97), **year)
    old = IndicatorTarget.objects.get(unit=None)
    services.edit_target(
        strategist, old, value=old.value, start=date(2017, 1, 1), last=date(2025, 12, 31), reason=WHY
    )
    services.set_target(strategist, indicator, unit=None, value=Decimal(96), **year)
    assert IndicatorTarget.objects.filter(unit=None).count() == 2
    with pytest.raises(ValueError, match="før den første dag"):
        services.set_target(
            strategist,
            indicator,
            unit=None,
            value=Decimal(1),
            start=date(2030, 1, 2),
            last=date(2030, 1, 1),
            reason=WHY,
        )


def test_a_target_outside_the_reach_of_the_grant_is_refused(scene: Any) -> None:
    user = make.user_with(Role.STRATEGIST, scene.units["omraade-syd"])
    indicator = Indicator.objects.get(key="kapacitetsudnyttelse")
    with pytest.raises(AccessDenied):
        services.set_target(
            user, indicator, unit=scene.units["storgaarden"], value=Decimal(1), start=date(2026, 1, 1), last=None,
            reason=WHY,
        )  # fmt: skip


def test_editing_through_the_pages(as_role: Callable[..., Client]) -> None:
    client = as_role(Role.STRATEGIST)
    mark = Pejlemaerke.objects.get(number=4)
    path = f"/maalbillede/ret/pejlemaerke/{mark.pk}/"
    assert client.get(path).status_code == 200
    sent = {"heading": mark.heading, "title": "En anden titel", "summary": mark.summary}
    refused = client.post(path, sent)
    assert refused.status_code == 422
    assert "Hvorfor ændrer du det" in refused.content.decode()
    saved = client.post(path, {**sent, "reason": WHY})
    assert saved["Location"] == f"/maalbillede/pejlemaerker/{mark.pk}/"
    page = client.get(saved["Location"]).content.decode()
    assert "En anden titel" in page
    newest = changes(Pejlemaerke, mark.pk)[0]
    undo = f"/maalbillede/historik/pejlemaerke/{newest.event_id}/fortryd/"
    assert undo in page
    history = client.get(f"/maalbillede/historik/pejlemaerke/{mark.pk}/").content.decode()
    assert WHY in history
    assert undo in history
    client.post(undo)
    assert Pejlemaerke.objects.get(pk=mark.pk).title == mark.title


def test_adding_and_removing_through_the_pages(as_role: Callable[..., Client]) -> None:
    client = as_role(Role.STRATEGIST)
    mark = Pejlemaerke.objects.get(number=4)
    client.post(f"/maalbillede/pejlemaerker/{mark.pk}/indsatser/ny/", {"text": "Mere", "reason": WHY})
    effort = mark.efforts.get(text="Mere")
    client.post(f"/maalbillede/ret/indsats/{effort.pk}/fjern/", {"reason": WHY})
    assert not mark.efforts.filter(text="Mere").exists()
    track = mark.track
    client.post(
        f"/maalbillede/spor/{track.pk}/tidsplan/ny/", {"year": "2026", "text": "Punkt", "reason": WHY}
    )
    assert track.timetable.filter(year=2026, text="Punkt").exists()
    target = "/maalbillede/indikatorer/tilfredshed/maaltal/"
    client.post(target, {"unit": "", "value": "82,5", "start": "2026-01-01", "last": "", "reason": WHY})
    assert IndicatorTarget.objects.get(indicator__key="tilfredshed").value == Decimal("82.5")
    again = client.post(target, {"unit": "", "value": "83", "start": "2026-02-01", "last": "", "reason": WHY})
    assert "Der er allerede et mål fra 1. januar 2026 uden slutdato" in again.content.decode()


@pytest.mark.parametrize("role", [Role.COUNCIL, Role.LEADER])
def test_no_editing_for_others(as_role: Callable[..., Client], role: Role) -> None:
    client = as_role(role)
    mark = Pejlemaerke.objects.get(number=4)
    for path in (
        f"/maalbillede/ret/pejlemaerke/{mark.pk}/",
        f"/maalbillede/pejlemaerker/{mark.pk}/indsatser/ny/",
        f"/maalbillede/historik/pejlemaerke/{mark.pk}/",
    ):
        assert client.get(path).status_code == 403
