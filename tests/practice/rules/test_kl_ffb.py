"""KL's rules for a reported plan, one fault at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from roedtraad.practice.rules.goals import FollowUp, GoalKind
from roedtraad.practice.rules.kl_ffb import (
    Addressed,
    Area,
    Condition,
    Evaluation,
    Fault,
    GoalFacts,
    Intervention,
    Plan,
    Result,
    Rule,
    TargetGroup,
    faults,
    without_text,
)

START = date(2026, 3, 1)
COOKING = Condition("c1", "code-cooking", Area.ACTIVITY, 3, START)
SHOPPING = Condition("c2", "code-shopping", Area.ACTIVITY, 2, START)
SLEEP = Condition("c3", "code-sleep", Area.FUNCTIONS, None, START)
GOAL = GoalFacts("g1", (Addressed("c1", 1), Addressed("c2", 2)), GoalKind.DEVELOP, 1)
GOOD = Plan(
    case_number="27.36.04-G01-12-26",
    start=START,
    ordered=True,
    follow_up=date(2026, 9, 1),
    target_groups=(TargetGroup("t1", "code-group", 1), TargetGroup("t2", "code-other", 2)),
    conditions=(COOKING, SHOPPING, SLEEP),
    goals=(GOAL,),
    interventions=(Intervention("i1", ("code-support",), START),),
    evaluations=(Evaluation("e1", 2, START),),
    results=(Result("r1", FollowUp.CONTINUE, date(2026, 6, 1)),),
)


def only(plan: Plan) -> Fault:
    found = faults(plan)
    assert len(found) == 1, found
    return found[0]


def with_goal(**changed: Any) -> Plan:
    return replace(GOOD, goals=(replace(GOAL, **changed),))


def test_a_plan_in_order_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("plan", "rule", "where", "words"),
    [
        (replace(GOOD, case_number=" "), Rule.CASE_NUMBER, "plan", "sagsnummer"),
        (replace(GOOD, case_number="1" * 65), Rule.CODE, "plan", "Skriv kun nummeret"),
        (replace(GOOD, start=None), Rule.PERIOD, "plan", "startdato"),
        (replace(GOOD, end=date(2026, 2, 1)), Rule.PERIOD, "plan", "1. marts 2026"),
        (replace(GOOD, follow_up=None), Rule.FOLLOW_UP, "plan", "Aftal en dag"),
        (replace(GOOD, follow_up=date(2026, 1, 1)), Rule.FOLLOW_UP, "plan", "senere dag"),
        (replace(GOOD, evaluations=()), Rule.SUPPORT_NEED, "plan", "Vurdér støttebehovet"),
        (replace(GOOD, target_groups=()), Rule.TARGET_GROUP, "plan", "Vælg en målgruppe"),
        (
            replace(GOOD, evaluations=(*GOOD.evaluations, Evaluation("e2", 3, START))),
            Rule.SUPPORT_NEED,
            "plan",
            "flere vurderinger",
        ),
        (
            replace(GOOD, evaluations=(Evaluation("e1", 9, START),)),
            Rule.SUPPORT_NEED,
            "evaluation:e1",
            "intet til fuldstændigt",
        ),
        (
            replace(GOOD, evaluations=(Evaluation("e1", 1, None),)),
            Rule.SUPPORT_NEED,
            "evaluation:e1",
            "hvilken dag",
        ),
        (
            replace(GOOD, target_groups=(TargetGroup("t1", "a", 1), TargetGroup("t2", "b", 1))),
            Rule.TARGET_GROUP,
            "plan",
            "mere end én primær",
        ),
        (
            replace(GOOD, target_groups=(TargetGroup("t1", "a", 1), TargetGroup("t2", "a", 2))),
            Rule.TARGET_GROUP,
            "code:a",
            "flere gange",
        ),
        (
            replace(GOOD, target_groups=(TargetGroup("t1", "a", 3),)),
            Rule.TARGET_GROUP,
            "target_group:t1",
            "primær (1)",
        ),
        (
            replace(GOOD, target_groups=(TargetGroup("t1", "a", 1, severity=2),)),
            Rule.SEVERITY,
            "target_group:t1",
            "Fjern niveauet",
        ),
    ],
)
def test_faults_of_the_plan(plan: Plan, rule: Rule, where: str, words: str) -> None:
    fault = only(plan)
    assert (fault.rule, fault.where) == (rule, where)
    assert words in fault.sentence


def test_a_plan_that_is_not_ordered_or_is_over_needs_no_follow_up() -> None:
    bare = replace(GOOD, follow_up=None, evaluations=(), target_groups=())
    assert len(faults(bare)) == 3
    assert faults(replace(bare, ordered=False)) == []
    assert faults(replace(bare, completed=True)) == []


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (replace(COOKING, severity=None), "Vælg et funktionsniveau. Det skal"),
        (replace(COOKING, severity=7), "fra 0 til 4"),
    ],
)
def test_activity_has_a_severity(condition: Condition, words: str) -> None:
    fault = only(replace(GOOD, conditions=(condition, SHOPPING)))
    assert (fault.rule, fault.where) == (Rule.SEVERITY, "condition:c1")
    assert words in fault.sentence


@pytest.mark.parametrize("area", [Area.FUNCTIONS, Area.SURROUNDINGS])
def test_other_conditions_have_none(area: Area) -> None:
    fault = only(replace(GOOD, conditions=(COOKING, SHOPPING, replace(SLEEP, area=area, severity=9))))
    assert (fault.rule, fault.where) == (Rule.SEVERITY, "condition:c3")


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        ((), "først og fremmest handler om."),
        ((Addressed("c2", 2),), "først og fremmest handler om."),
        ((Addressed("c1", 1), Addressed("c2", 1)), "Vælg én"),
        ((Addressed("c1", 1), Addressed("c3", 2)), "kun handle om tilstande under Aktivitet"),
        ((Addressed("c1", 1), Addressed("c9", 2)), "ikke er i planen"),
        ((Addressed("c1", 1), Addressed("c1", 2)), "flere gange"),
        ((Addressed("c1", 1), Addressed("c2", 3)), "primær (1)"),
    ],
)
def test_a_goal_is_about_exactly_one_activity_first(addresses: tuple[Addressed, ...], words: str) -> None:
    fault = only(with_goal(addresses=addresses))
    assert (fault.rule, fault.where) == (Rule.ADDRESSES, "goal:g1")
    assert words in fault.sentence


def test_a_goal_aims_at_a_level_of_the_scale() -> None:
    assert only(with_goal(target_level=9)).rule is Rule.SEVERITY
    assert faults(with_goal(target_level=None)) == []


@pytest.mark.parametrize(
    ("effort", "rule", "words"),
    [
        (Intervention("i1", (), START), Rule.SERVICE_CODE, "mangler en ydelse"),
        (Intervention("i1", ("a", "b"), START), Rule.SERVICE_CODE, "flere ydelser"),
        (Intervention("i1", ("a",), None), Rule.PERIOD, "startdato"),
        (Intervention("i1", ("a",), date(2026, 2, 1)), Rule.PERIOD, "begynder før planen"),
        (Intervention("i1", ("a",), date(2026, 4, 1), date(2026, 3, 5)), Rule.PERIOD, "slutter, før"),
        (Intervention("i1", ("støtte til at lave mad",), START), Rule.CODE, "egne ord"),
    ],
)
def test_faults_of_an_effort(effort: Intervention, rule: Rule, words: str) -> None:
    fault = only(replace(GOOD, interventions=(effort,)))
    assert (fault.rule, fault.where) == (rule, "intervention:i1")
    assert words in fault.sentence


def test_no_free_text_leaves_the_house() -> None:
    wordy = replace(
        GOOD,
        text="Ane er glad for at lave mad.",
        conditions=(replace(COOKING, text="Ane"), SHOPPING, SLEEP),
        goals=(replace(GOAL, text="Ane vil lave mad selv."),),
        interventions=(Intervention("i1", ("code-support",), START, text="Sammen i køkkenet."),),
    )
    assert {(fault.rule, fault.where) for fault in faults(wordy)} == {
        (Rule.FREE_TEXT, where) for where in ("plan", "condition:c1", "goal:g1", "intervention:i1")
    }
    assert without_text(wordy) == GOOD
