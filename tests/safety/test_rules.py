"""The rules of the alarm: what follows from its log, whoever asks, however late and however often."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.safety import rules
from roedtraad.safety.rules import Due, Kind, State, Step

RAISED = dt.datetime(2026, 6, 15, 2, 0, tzinfo=dt.UTC)
HOUSE, NEXT_DOOR, ACROSS = 1, 2, 3


def after(seconds: float) -> dt.datetime:
    return RAISED + dt.timedelta(seconds=seconds)


def due(steps: list[Step], now: dt.datetime, neighbours: tuple[int, ...] = (NEXT_DOOR,)) -> list[Due]:
    return rules.due(steps, raised_at=RAISED, seconds=60, unit=HOUSE, neighbours=neighbours, now=now)


def carried_out(found: list[Due], now: dt.datetime) -> list[Step]:
    return [Step(one.kind, now, unit=one.unit) for one in found]


def test_nobody_is_disturbed_before_the_time_is_up() -> None:
    assert due([Step(Kind.RAISED, RAISED)], after(59.9)) == []
    assert due([Step(Kind.RAISED, RAISED)], after(60)) == [Due(Kind.ESCALATED, NEXT_DOOR)]


def test_the_neighbours_have_as_long_from_when_they_were_called() -> None:
    """The house had stood still for ten minutes; the neighbours shall not pay for that."""
    late = after(600)
    steps = carried_out(due([], late, (ACROSS, NEXT_DOOR)), late)
    assert [step.unit for step in steps] == [NEXT_DOOR, ACROSS]
    assert due(steps, after(659)) == []
    assert due(steps, after(660)) == [Due(Kind.UNANSWERED)]


def test_without_neighbours_it_is_said_at_once_that_nobody_answers() -> None:
    assert due([], after(60), ()) == [Due(Kind.UNANSWERED)]
    assert due([], after(60), (HOUSE,)) == [Due(Kind.UNANSWERED)], "one's own house is no neighbour"


def test_one_answer_is_enough() -> None:
    answered = [Step(Kind.RAISED, RAISED), Step(Kind.ACKNOWLEDGED, after(5), user=7)]
    assert due(answered, after(9999)) == []
    assert rules.state(answered) == State.ANSWERED
    assert not rules.is_sounding(answered, raised_by=1, user=9)


def test_who_raised_it_does_not_hear_it() -> None:
    steps = [Step(Kind.RAISED, RAISED)]
    assert rules.is_sounding(steps, raised_by=1, user=2)
    assert not rules.is_sounding(steps, raised_by=1, user=1)


def test_the_states_in_order() -> None:
    steps: list[Step] = []
    seen = []
    for kind in (Kind.RAISED, Kind.DELIVERED, Kind.ESCALATED, Kind.UNANSWERED, Kind.ACKNOWLEDGED, Kind.ENDED):
        steps.append(Step(kind, RAISED))
        seen.append(rules.state(steps))
    assert seen == [
        State.OPEN,
        State.OPEN,
        State.ESCALATED,
        State.UNANSWERED,
        State.ANSWERED,
        State.ENDED,
    ]


def test_on_shift_is_who_listens_and_works_there() -> None:
    listening = {"Anna": {HOUSE}, "Bo": {NEXT_DOOR}, "Carl": {HOUSE, NEXT_DOOR}, "Dea": set()}
    assert rules.on_shift(listening, {HOUSE}) == {"Anna", "Carl"}
    assert rules.on_shift(listening, {HOUSE, NEXT_DOOR}) == {"Anna", "Bo", "Carl"}


def test_a_check_in_is_missed_when_its_minute_has_come() -> None:
    assert not rules.is_overdue(RAISED, 30, after(30 * 60 - 1))
    assert rules.is_overdue(RAISED, 30, after(30 * 60))


STEPS = st.builds(
    Step,
    kind=st.sampled_from(Kind),
    at=st.integers(0, 500).map(after),
    user=st.none() | st.integers(1, 3),
    unit=st.none() | st.integers(1, 4),
)


@settings(deadline=None)
@given(
    steps=st.lists(STEPS, max_size=6),
    seconds=st.integers(rules.FEWEST_SECONDS, rules.MOST_SECONDS),
    neighbours=st.sets(st.integers(1, 4)),
    now=st.integers(0, 5000),
)
def test_carrying_out_twice_does_nothing_more(
    steps: list[Step], seconds: int, neighbours: set[int], now: int
) -> None:
    def found(known: list[Step]) -> list[Due]:
        return rules.due(
            known, raised_at=RAISED, seconds=seconds, unit=HOUSE, neighbours=neighbours, now=after(now)
        )

    first = found(steps)
    assert found(steps + carried_out(first, after(now))) == []
    assert now >= seconds or not first
    assert len({one.unit for one in first}) == len(first)
    assert HOUSE not in {one.unit for one in first}


@settings(deadline=None)
@given(steps=st.lists(STEPS, max_size=6), more=st.lists(STEPS, max_size=4))
def test_what_is_ended_stays_ended_and_an_answer_stays_an_answer(steps: list[Step], more: list[Step]) -> None:
    before, then = rules.state(steps), rules.state(steps + more)
    if before == State.ENDED:
        assert then == State.ENDED
    if before == State.ANSWERED:
        assert then in (State.ANSWERED, State.ENDED)
    assert rules.units_called(HOUSE, steps) <= rules.units_called(HOUSE, steps + more)


@settings(deadline=None)
@given(last=st.integers(0, 10_000), minutes=st.integers(5, 240), now=st.integers(0, 50_000))
def test_overdue_is_exactly_from_the_moment_told(last: int, minutes: int, now: int) -> None:
    told = rules.next_check_in(after(last), minutes)
    assert rules.is_overdue(after(last), minutes, after(now)) == (after(now) >= told)
