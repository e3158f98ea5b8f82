"""What holds for every plan that is looked at before it is reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from roedtraad.practice.rules.goals import FollowUp, GoalKind
from roedtraad.practice.rules.kl_ffb import (
    Addressed,
    Area,
    Condition,
    Evaluation,
    GoalFacts,
    Intervention,
    Plan,
    Result,
    Rule,
    TargetGroup,
    faults,
    without_text,
)

days = st.integers(0, 60).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
keys = st.sampled_from(["a", "b", "c", "d"])
codes = st.sampled_from(["k1", "k2", "fri tekst her", ""])
texts = st.sampled_from(["", "", "Ane er glad i dag"])
some_levels = st.none() | st.integers(0, 9)
ranks = st.integers(1, 3)


def a_few(item: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(item, max_size=3).map(tuple)


plans = st.builds(
    Plan,
    case_number=st.sampled_from(["", "27.36.04-G01"]),
    start=st.none() | days,
    end=st.none() | days,
    ordered=st.booleans(),
    completed=st.booleans(),
    follow_up=st.none() | days,
    target_groups=a_few(st.builds(TargetGroup, keys, codes, ranks, some_levels)),
    conditions=a_few(st.builds(Condition, keys, codes, st.sampled_from(Area), some_levels, days, texts)),
    goals=a_few(
        st.builds(
            GoalFacts,
            keys,
            a_few(st.builds(Addressed, keys, ranks)),
            st.sampled_from(GoalKind),
            some_levels,
            texts,
        )
    ),
    interventions=a_few(
        st.builds(Intervention, keys, a_few(codes), st.none() | days, st.none() | days, texts)
    ),
    evaluations=a_few(st.builds(Evaluation, keys, some_levels, st.none() | days)),
    results=a_few(st.builds(Result, keys, st.sampled_from(FollowUp), days)),
    text=texts,
)


@given(plans)
def test_a_plan_without_faults_keeps_every_rule(plan: Plan) -> None:
    if any(fault.rule is not Rule.FREE_TEXT for fault in faults(plan)):
        return
    area = {condition.key: condition.area for condition in plan.conditions}
    assert all((c.severity is not None) == (c.area is Area.ACTIVITY) for c in plan.conditions)
    for goal in plan.goals:
        assert sum(link.rank == 1 for link in goal.addresses) == 1
        assert {area[link.condition] for link in goal.addresses} == {Area.ACTIVITY}
    assert all(len(effort.service_codes) == 1 for effort in plan.interventions)
    assert plan.case_number
    assert plan.start is not None
    assert sum(group.rank == 1 for group in plan.target_groups) <= 1
    assert len(plan.evaluations) <= 1
    if plan.ordered and not plan.completed:
        assert plan.follow_up
        assert plan.evaluations
        assert plan.target_groups


@given(plans)
def test_a_stripped_plan_carries_no_text_and_loses_only_that_fault(plan: Plan) -> None:
    left = faults(without_text(plan))
    assert left == [fault for fault in faults(plan) if fault.rule is not Rule.FREE_TEXT]
    assert without_text(without_text(plan)) == without_text(plan)


@given(plans)
def test_every_sentence_is_one_for_a_reader(plan: Plan) -> None:
    for fault in faults(plan):
        assert fault.sentence[0].isupper()
        assert fault.sentence.endswith(".")
        assert "!" not in fault.sentence


@given(plans)
def test_a_second_primary_target_group_is_never_missed(plan: Plan) -> None:
    more = replace(
        plan, target_groups=(TargetGroup("x", "kx", 1), TargetGroup("y", "ky", 1), *plan.target_groups)
    )
    assert any(fault.rule is Rule.TARGET_GROUP for fault in faults(more))
