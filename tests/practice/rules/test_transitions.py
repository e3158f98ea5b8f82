"""The rules of a transition: phases, steps, ends, what may be passed on, and the fingerprint."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.core.refusal import Refusal
from roedtraad.practice.rules import transitions as rules
from roedtraad.practice.rules.transitions import Kind, PassingRule, Phase, Receiver, Side, StepState, Why

DAY = dt.date(2026, 6, 15)
days = st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31))
step_states = st.builds(StepState, st.sampled_from(rules.STEP_PHASES), st.booleans(), st.none())


def back(n: int) -> dt.date:
    return DAY - dt.timedelta(days=n)


@pytest.mark.parametrize(
    ("planned", "happened", "phase"),
    [
        (back(-1), None, Phase.BEFORE),
        (DAY, None, Phase.DURING),
        # Nobody has said that it happened: it does not go by by itself.
        (back(200), None, Phase.DURING),
        (back(3), back(13), Phase.DURING),
        (back(3), back(14), Phase.AFTER),
        (back(14), DAY, Phase.DURING),
    ],
)
def test_the_phase_follows_the_day(planned: dt.date, happened: dt.date | None, phase: Phase) -> None:
    assert rules.phase_of(planned, happened, DAY) is phase


def test_what_is_settled_brings_it_on() -> None:
    during, after = StepState(Phase.DURING, True), StepState(Phase.AFTER, False)
    assert rules.phase_of(DAY, DAY, DAY, [during, after]) is Phase.AFTER
    assert rules.phase_of(DAY, DAY, DAY, [StepState(Phase.DURING, False), after]) is Phase.DURING
    done = StepState(Phase.AFTER, True)
    assert rules.phase_of(DAY, DAY, DAY, [during, done]) is Phase.OVER
    # What is over is over also where something before the change was never ticked off.
    assert rules.phase_of(back(99), back(99), DAY, [StepState(Phase.BEFORE, False), done]) is Phase.OVER
    assert rules.phase_of(back(99), back(99), DAY) is Phase.AFTER


@given(days, st.none() | days, st.lists(step_states, max_size=6), days, st.integers(0, 400))
def test_time_never_takes_a_transition_back(
    planned: dt.date, happened: dt.date | None, steps: list[StepState], today: dt.date, later: int
) -> None:
    now = rules.phase_of(planned, happened, today, steps)
    then = rules.phase_of(planned, happened, today + dt.timedelta(days=later), steps)
    assert rules.ORDER[then] >= rules.ORDER[now]


@given(days, days, st.lists(step_states, min_size=1, max_size=6), days)
def test_settling_a_step_never_takes_it_back(
    planned: dt.date, happened: dt.date, steps: list[StepState], today: dt.date
) -> None:
    settled = [StepState(steps[0].phase, True), *steps[1:]]
    before, after = (rules.phase_of(planned, happened, today, some) for some in (steps, settled))
    assert rules.ORDER[after] >= rules.ORDER[before]


@given(st.sampled_from(list(Why)), days, days)
def test_every_transition_is_proposed_steps_of_each_phase(why: Why, planned: dt.date, today: dt.date) -> None:
    steps = rules.default_steps(why, planned, today)
    assert {step.phase for step, _due in steps} == set(rules.STEP_PHASES)
    assert [step.kind for step, _due in steps].count(Kind.FOLLOW_UP) == 2
    assert all(due >= today for _step, due in steps)
    assert [rules.ORDER[step.phase] for step, _due in steps] == sorted(
        rules.ORDER[step.phase] for step, _due in steps
    )
    for phase in rules.STEP_PHASES:
        dated = [due for step, due in steps if step.phase is phase]
        assert dated == sorted(dated)


def test_the_kind_of_transition_decides_what_is_proposed() -> None:
    def titles(why: Why) -> str:
        return " ".join(step.title for step, _due in rules.default_steps(why, DAY, back(300)))

    assert "udskrivningskonference" in titles(Why.HEALTH) and "udskrivning" not in titles(Why.MOVE)
    assert "som voksen" in titles(Why.ADULT) and "nøgler" in titles(Why.HOME)
    coming = rules.default_steps(Why.COMING, DAY, DAY)
    assert all(step.side is not Side.FROM for step, _due in coming)


@given(days, days, days)
def test_a_new_day_takes_the_open_steps_along(due: dt.date, before: dt.date, now: dt.date) -> None:
    assert rules.moved(None, before, now, DAY) is None
    new = rules.moved(due, before, now, DAY)
    assert new is not None
    assert new == due + (now - before) or new >= min(due, DAY)
    assert rules.moved(due, before, before, DAY) == due


def test_a_step_is_late_only_while_it_is_open() -> None:
    assert rules.is_late(back(1), False, DAY)
    assert not rules.is_late(DAY, False, DAY)
    assert not rules.is_late(back(1), True, DAY)
    assert not rules.is_late(None, False, DAY)


def ends(**given: Any) -> None:
    known: dict[str, Any] = {
        "from_unit": None,
        "from_outside": "",
        "to_unit": None,
        "to_municipality": None,
        "to_outside": "",
    }
    rules.check_ends(**(known | given))


def test_the_ends_of_a_transition() -> None:
    ends(from_unit=1, to_unit=2)
    ends(from_unit=1, to_municipality="0751")
    ends(from_unit=1, to_outside="Fonden Havblik")
    ends(from_outside="Psykiatrien", to_unit=2)
    for wrong in (
        {"to_unit": 2},
        {"from_unit": 1, "from_outside": "Psykiatrien", "to_unit": 2},
        {"from_unit": 1},
        {"from_unit": 1, "to_unit": 2, "to_municipality": "0751"},
        {"from_unit": 1, "to_unit": 2, "to_outside": "Fonden"},
        {"from_unit": 1, "to_unit": 1},
        {"from_outside": "Psykiatrien", "to_outside": "Fonden"},
    ):
        with pytest.raises(Refusal):
            ends(**wrong)


def test_eighteen_years() -> None:
    assert rules.adult_on(dt.date(2010, 6, 15)) == dt.date(2028, 6, 15)
    assert rules.adult_on(dt.date(2008, 2, 29)) == dt.date(2026, 3, 1)


FREE = PassingRule(Receiver.SAME_OPERATOR, False, "")
BOUND = PassingRule(Receiver.OTHER, True, "")


def test_who_receives() -> None:
    assert rules.receiver_of(7, None, []) is Receiver.SAME_OPERATOR
    assert rules.receiver_of(None, "0751", ["0751"]) is Receiver.ACTING
    assert rules.receiver_of(None, "0751", ["0851"]) is Receiver.OTHER
    assert rules.receiver_of(None, None, ["0751"]) is Receiver.OTHER


scopes = st.sampled_from(["wishes", "goals", "notes", "network"])


@given(st.lists(st.tuples(st.text(max_size=5), scopes), max_size=8), st.sets(scopes))
def test_nothing_goes_out_that_the_citizen_has_not_consented_to(
    parts: list[tuple[str, str]], consented: set[str]
) -> None:
    assert rules.without_consent(FREE, parts, consented) == []
    held = rules.without_consent(BOUND, parts, consented)
    assert len(held) == sum(scope not in consented for _title, scope in parts)
    if parts and not held:
        rules.check_sending(BOUND, parts, consented, reviewed=True, informed=True)
    else:
        with pytest.raises(Refusal):
            rules.check_sending(BOUND, parts, consented, reviewed=True, informed=True)


def test_a_package_is_seen_by_another_and_the_citizen_is_told() -> None:
    kept = [("Mål", "goals")]
    rules.check_sending(FREE, kept, (), reviewed=True, informed=True)
    for reviewed, informed, word in ((False, True, "kollega"), (True, False, "orienteret")):
        with pytest.raises(Refusal, match=word):
            rules.check_sending(FREE, kept, (), reviewed=reviewed, informed=informed)
    with pytest.raises(Refusal, match="samtykke til at dele: Mål"):
        rules.check_sending(BOUND, kept, ["notes"], reviewed=True, informed=True)
    with pytest.raises(Refusal, match="ikke noget i pakken"):
        rules.check_sending(FREE, [], (), reviewed=True, informed=True)


texts = st.dictionaries(st.text(max_size=6), st.text(max_size=12), max_size=4)


@given(texts, st.lists(texts, max_size=4))
def test_the_fingerprint_tells_every_change_and_no_order_of_keys(
    head: dict[str, str], parts: list[dict[str, str]]
) -> None:
    known = rules.content_hash(head, parts)
    assert len(known) == 64
    turned = [dict(reversed(part.items())) for part in parts]
    assert rules.content_hash(dict(reversed(head.items())), turned) == known
    assert rules.content_hash({**head, "ny": "ny"}, parts) != known
    assert rules.content_hash(head, [*parts, {}]) != known
    for number, part in enumerate(parts):
        for key in part:
            changed = [*parts[:number], {**part, key: part[key] + "."}, *parts[number + 1 :]]
            assert rules.content_hash(head, changed) != known


def test_days_in_words() -> None:
    said = {n: rules.due_words(DAY + dt.timedelta(days=n), DAY) for n in (-10, -1, 0, 1, 14, 15)}
    assert said == {
        -10: "skulle være sket 5. juni 2026",
        -1: "skulle være sket i går",
        0: "i dag",
        1: "i morgen",
        14: "om 14 dage",
        15: "30. juni 2026",
    }
    assert rules.due_words(None, DAY) == ""
