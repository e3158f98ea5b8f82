"""A plan out of the record and into another: what is sent, what is made of it, and who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from roedtraad.access.scope import AccessDenied
from roedtraad.core.refusal import Refusal
from roedtraad.exchange.fhir import queries, rules, services
from roedtraad.exchange.fhir.models import Message, ReportedPlan, TermCode
from roedtraad.practice.models import Assessment, AssessmentScore, Effort, FollowUp, Goal, GoalTheme, Theme
from roedtraad.practice.rules import kl_ffb
from roedtraad.practice.services.common import Changed
from tests import factories as make
from tests.exchange.fhir.scene import SECRETS, Planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Planned:
    return Planned()


def sent(scene: Planned) -> bytes:
    return services.as_json(services.bundle_of(scene.ane)).encode()


def test_the_report_is_what_the_record_says(scene: Planned) -> None:
    scene.save()
    made = services.bundle_of(scene.ane)
    kinds = [entry["resource"]["resourceType"] for entry in made["entry"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "Patient": 1,
        "ServiceRequest": 1,
        "ClinicalImpression": 1,
        "Condition": 5,
        "Observation": 2,
        "Goal": 1,
        "CarePlan": 2,
        "Encounter": 1,
        "CareTeam": 1,
    }
    plan = queries.gathered(scene.ane).report.plan
    assert [(item.code, item.severity) for item in plan.conditions] == [
        ("cond-1", 3),
        ("cond-2", 0),
        ("cond-3", None),
    ]
    assert [item.need for item in plan.evaluations] == [4]
    assert plan.follow_up == date(2026, 9, 1)


def test_no_word_of_the_record_is_in_it(scene: Planned) -> None:
    scene.save()
    text = sent(scene).decode()
    assert not any(secret in text for secret in SECRETS)
    assert scene.ane.last_name not in text and scene.ane.first_name not in text


def test_what_is_missing_is_said_before_anything_is_sent(scene: Planned) -> None:
    with pytest.raises(Refusal, match="organisationsnummer"):
        services.bundle_of(scene.ane)
    lacks = [lack.sentence for lack in rules.lacks(queries.gathered(scene.ane).report, queries.terms())]
    assert "Planen mangler kommunens sagsnummer. Skriv det fra bestillingen." in lacks
    assert "Indsatsen mangler en ydelse. Vælg præcis én." in lacks
    assert "Vælg det funktionsniveau, målet skal føre til." in lacks
    TermCode.objects.all().delete()
    with pytest.raises(Refusal, match="er ikke indlæst"):
        services.bundle_of(scene.ane)


def test_two_who_save_lose_nothing(scene: Planned) -> None:
    first = scene.save()
    services.save_plan(
        scene.colleague, scene.ane, replace(scene.text(), case_number="B-1"), version=first.version
    )
    with pytest.raises(Changed) as clash:
        services.save_plan(scene.worker, scene.ane, scene.text(), version=first.version)
    assert clash.value.current.case_number == "B-1"
    assert ReportedPlan.objects.get().version == 2


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"case_number": "Anes sag"}, "case_number"),
    ({"organisation": "Viborg"}, "organisation"),
    ({"ends_on": date(2025, 1, 1)}, "ends_on"),
    ({"ends_on": date(2026, 9, 1), "starts_on": None}, "starts_on"),
]


@pytest.mark.parametrize(("wrong", "field"), REFUSED)
def test_what_cannot_be_is_said_beside_its_field(scene: Planned, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        services.save_plan(scene.worker, scene.ane, replace(scene.text(), **wrong), version=0)
    assert refused.value.field == field
    assert not ReportedPlan.objects.exists()


def test_only_those_who_write_in_the_record_save_and_receive(scene: Planned) -> None:
    for stranger in (scene.stranger, scene.herself):
        with pytest.raises(AccessDenied):
            services.save_plan(stranger, scene.ane, scene.text(), version=0)
        with pytest.raises(AccessDenied):
            services.receive_plan(stranger, scene.ane, b"{}", "fil")


def test_a_plan_that_came_in_goes_out_as_the_same(scene: Planned) -> None:
    scene.save()
    raw = sent(scene)
    before = queries.gathered(scene.ane).report
    # The other house: the same terminology, and nothing of Ane's plan.
    for model in (FollowUp, Effort, GoalTheme, Goal, AssessmentScore, Assessment, ReportedPlan):
        model.objects.all().delete()  # type: ignore[attr-defined]  # every model has it
    message = services.receive_plan(scene.worker, scene.ane, raw, "plan.json")
    found = services.preview(message)
    assert (len(found.conditions), len(found.goals), found.goals[0][1]) == (3, 1, "Tilstand 3")
    assert not Goal.objects.exists()
    [goal] = services.accept_plan(scene.worker, message)
    assert (goal.title, goal.follow_up_on) == ("Udvikle: Tilstand 3", date(2026, 9, 1))
    after = queries.gathered(scene.ane).report

    def facts(report: rules.Report) -> Any:
        plan, codes = report.plan, {item.key: item.code for item in report.plan.conditions}
        return (
            (report.cpr, report.organisation, report.offer, report.assessed),
            (plan.case_number, plan.start, plan.end, plan.ordered, plan.completed, plan.follow_up),
            [(item.code, item.area, item.severity, item.recorded) for item in plan.conditions],
            [(item.code, item.rank) for item in plan.target_groups],
            [(item.need, item.day) for item in plan.evaluations],
            [
                (
                    item.kind,
                    item.target_level,
                    [(codes[link.condition], link.rank) for link in item.addresses],
                )
                for item in plan.goals
            ],
        )

    assert facts(after) == facts(before)
    assert kl_ffb.faults(after.plan) == []
    message.refresh_from_db()
    assert (message.state, message.decided_by) == ("accepted", scene.worker)
    with pytest.raises(Refusal, match="allerede taget imod"):
        services.accept_plan(scene.worker, message)
    assert services.receive_plan(scene.worker, scene.ane, raw, "igen.json") == message


def test_another_citizens_plan_is_refused(scene: Planned) -> None:
    scene.save()
    raw = sent(scene)
    with pytest.raises(Refusal, match="om en anden borger"):
        services.receive_plan(scene.worker, _other(scene), raw, "plan.json")


def _other(scene: Planned) -> Any:
    other = make.citizen(31)
    make.stay(other, make.place("E-31", scene.offer), date(2024, 1, 1), moved_in=True)
    return other


def test_a_draft_of_an_assessment_stands_in_the_way(scene: Planned) -> None:
    scene.save()
    message = services.receive_plan(scene.worker, scene.ane, sent(scene), "plan.json")
    Assessment.objects.create(
        citizen=scene.ane, written_by=scene.colleague, list="ffb", assessed_on=date(2026, 6, 1)
    )
    with pytest.raises(Refusal, match="kladde til en udredning"):
        services.accept_plan(scene.worker, message)
    assert Goal.objects.count() == 1
    assert Message.objects.get().state == "draft"


def test_what_is_declined_is_emptied(scene: Planned) -> None:
    scene.save()
    message = services.receive_plan(scene.worker, scene.ane, sent(scene), "plan.json")
    services.decline_plan(scene.colleague, message, "Forkert fil")
    kept = Message.objects.get()
    assert (kept.state, kept.payload, kept.decision_note) == ("declined", "", "Forkert fil")


def test_loading_the_codes_again_makes_them_no_more(scene: Planned) -> None:
    before = TermCode.objects.count()
    services.load_codes(queries.terms().codes)
    assert TermCode.objects.count() == before
    assert Theme.objects.filter(list="ffb").count() == 10
