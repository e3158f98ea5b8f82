"""What holds whatever was registered: counting absence, shifts round the clock, repeating, risk, handing over."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.refusal import Refusal
from roedtraad.duty.rules import attendance, handover, recurrence, risk, shifts
from roedtraad.duty.rules.moments import moment_words, span_words, week_start, week_words, weekday_words

UTC = dt.UTC
# How long a draw takes says how busy the machine is.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A year with both changes of the clocks in it.
BASE = dt.datetime(2026, 1, 1, tzinfo=UTC)
HOURS = 366 * 24
moments = st.integers(0, HOURS * 4).map(lambda quarter: BASE + dt.timedelta(minutes=15 * quarter))
days = st.integers(0, 365).map(lambda number: dt.date(2026, 1, 1) + dt.timedelta(days=number))
ONE_DAY = dt.timedelta(days=1)


def local(*when: int) -> dt.datetime:
    return dt.datetime(*when, tzinfo=COPENHAGEN)  # type: ignore[misc]


# --- Absence -------------------------------------------------------------------------------------------------------

spells = st.lists(
    st.builds(
        lambda begins, length: attendance.Spell(
            begins, None if length is None else begins + dt.timedelta(minutes=15 * length)
        ),
        moments,
        st.one_of(st.none(), st.integers(1, 24 * 4 * 20)),
    ),
    max_size=4,
)


@unhurried
@given(spells, days, st.integers(0, 60), moments)
def test_a_day_counts_when_one_was_away_as_it_ended(
    away: list[attendance.Spell], first: dt.date, length: int, now: dt.datetime
) -> None:
    last = first + dt.timedelta(days=length)
    expected = 0
    for number in range(length + 1):
        midnight = dt.datetime.combine(
            first + dt.timedelta(days=number + 1), dt.time(), COPENHAGEN
        ).astimezone(UTC)
        expected += midnight <= now and any(
            spell.from_at < midnight and (spell.back_at is None or midnight <= spell.back_at)
            for spell in away
        )
    assert attendance.absence_days(away, first, last, now) == expected


@unhurried
@given(spells, days, st.integers(1, 60), st.integers(0, 59), moments)
def test_a_period_is_the_sum_of_its_parts(
    away: list[attendance.Spell], first: dt.date, length: int, cut: int, now: dt.datetime
) -> None:
    last = first + dt.timedelta(days=length)
    middle = first + dt.timedelta(days=min(cut, length - 1))
    whole = attendance.absence_days(away, first, last, now)
    assert whole == attendance.absence_days(away, first, middle, now) + attendance.absence_days(
        away, middle + ONE_DAY, last, now
    )
    assert 0 <= whole <= length + 1


def test_a_weekend_is_two_days_and_an_afternoon_none() -> None:
    weekend = attendance.Spell(local(2026, 6, 12, 18), local(2026, 6, 14, 12))
    afternoon = attendance.Spell(local(2026, 6, 10, 12), local(2026, 6, 10, 18))
    june = (dt.date(2026, 6, 1), dt.date(2026, 6, 30), local(2026, 7, 1))
    assert attendance.absence_days([weekend], *june) == 2
    assert attendance.absence_days([afternoon], *june) == 0
    with pytest.raises(ValueError, match="ligger før"):
        attendance.absence_days([], dt.date(2026, 6, 2), dt.date(2026, 6, 1), june[2])


# --- Shifts --------------------------------------------------------------------------------------------------------

DAY = shifts.Kind("dag", "Dagvagt", dt.time(7), dt.time(15))
EVENING = shifts.Kind("aften", "Aftenvagt", dt.time(15), dt.time(23))
NIGHT = shifts.Kind("nat", "Nattevagt", dt.time(23), dt.time(7))
rounds = st.lists(st.integers(0, 24 * 4 - 1), min_size=1, max_size=5, unique=True).map(
    lambda quarters: [
        shifts.Kind(f"v{n}", f"Vagt {n}", _time(start), _time(end))
        for n, (start, end) in enumerate(
            zip(sorted(quarters), [*sorted(quarters)[1:], sorted(quarters)[0]], strict=True)
        )
    ]
)


def _time(quarter: int) -> dt.time:
    return dt.time(quarter // 4, quarter % 4 * 15)


@unhurried
@given(rounds, moments)
def test_every_moment_lies_in_one_shift_and_they_follow_each_other(
    kinds: list[shifts.Kind], moment: dt.datetime
) -> None:
    shifts.check_kinds(kinds)
    span = shifts.shift_at(kinds, moment)
    assert span.begins.astimezone(UTC) <= moment < span.ends.astimezone(UTC)
    assert len(shifts.spans_between(kinds, moment, moment + dt.timedelta(microseconds=1))) == 1
    following = shifts.shift_after(kinds, span)
    assert following.begins.astimezone(UTC) == span.ends.astimezone(UTC)
    assert shifts.shift_before(kinds, following) == span


def test_the_night_belongs_to_the_day_it_begins_on() -> None:
    span = shifts.shift_at([DAY, EVENING, NIGHT], local(2026, 6, 15, 3))
    assert (span.code, span.date, span.ends) == ("nat", dt.date(2026, 6, 14), local(2026, 6, 15, 7))


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([], "mindst én"),
        ([DAY, EVENING], "Aftenvagt slutter 23.00, men Dagvagt begynder 07.00"),
        ([DAY, DAY], "hedder det samme"),
        ([shifts.Kind(str(n), str(n), dt.time(n), dt.time(n + 1)) for n in range(8)], "højst have 6"),
    ],
)
def test_shifts_with_holes_are_refused(kinds: list[shifts.Kind], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        shifts.check_kinds(kinds)


# --- Repeating -----------------------------------------------------------------------------------------------------

plans = st.builds(
    lambda start, minutes, every, last, except_days: recurrence.Plan(
        start.astimezone(COPENHAGEN),
        start.astimezone(COPENHAGEN) + dt.timedelta(minutes=minutes),
        recurrence.rule_of(every, start.astimezone(COPENHAGEN).date()),
        None if last is None else start.astimezone(COPENHAGEN).date() + dt.timedelta(days=last),
        tuple(except_days),
    ),
    moments.filter(lambda moment: 5 <= moment.hour <= 18),
    st.integers(15, 4 * 60),
    st.sampled_from(sorted(recurrence.EVERY)),
    st.one_of(st.none(), st.integers(7, 90)),
    st.lists(days, max_size=3),
)


@unhurried
@given(plans, days, st.integers(1, 40))
def test_repeated_it_keeps_its_hour_and_skips_what_is_called_off(
    plan: recurrence.Plan, first: dt.date, length: int
) -> None:
    recurrence.check(plan)
    begins = dt.datetime.combine(first, dt.time(), COPENHAGEN)
    ends = dt.datetime.combine(first + dt.timedelta(days=length), dt.time(), COPENHAGEN)
    found = recurrence.times(plan, begins, ends)
    for time in found:
        assert time.starts.astimezone(COPENHAGEN).time() == plan.starts.time()
        assert time.starts.astimezone(UTC) >= plan.starts.astimezone(UTC)
        if plan.rule:
            assert time.day not in plan.except_days
            assert plan.until is None or time.day <= plan.until
        assert recurrence.time_on(plan, time.day) == time
    by_day = [
        time
        for number in range(length)
        if (time := recurrence.time_on(plan, first + dt.timedelta(days=number))) is not None
    ]
    assert found == by_day


@unhurried
@given(plans)
def test_the_form_knows_its_own_rules_again(plan: recurrence.Plan) -> None:
    first = plan.starts.date()
    every = recurrence.every_of(plan.rule, first)
    assert every is not None and recurrence.rule_of(every, first) == plan.rule


def test_nine_is_nine_on_both_sides_of_the_change_of_the_clocks() -> None:
    plan = recurrence.Plan(local(2026, 3, 27, 9), local(2026, 3, 27, 10), "FREQ=DAILY")
    found = recurrence.times(plan, local(2026, 3, 28), local(2026, 3, 31))
    assert [f"{time.starts:%d %H %z}" for time in found] == ["28 09 +0100", "29 09 +0200", "30 09 +0200"]


def test_what_lasts_over_midnight_is_there_the_next_morning() -> None:
    plan = recurrence.Plan(local(2026, 6, 1, 22), local(2026, 6, 2, 6), "FREQ=DAILY")
    found = recurrence.times(plan, local(2026, 6, 10, 3), local(2026, 6, 10, 4))
    assert [time.day for time in found] == [dt.date(2026, 6, 9)]


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2", "BYDAY=MO", "hver dag"])
def test_what_is_no_rule_of_days_is_refused(rule: str) -> None:
    with pytest.raises(Refusal) as refused:
        recurrence.check(recurrence.Plan(local(2026, 6, 15, 9), local(2026, 6, 15, 10), rule))
    assert refused.value.field == "every"


def test_a_series_that_never_is() -> None:
    with pytest.raises(Refusal, match="slutter, før den begynder"):
        recurrence.check(
            recurrence.Plan(local(2026, 6, 15, 9), local(2026, 6, 15, 10), "FREQ=DAILY", dt.date(2026, 6, 14))
        )


def test_repeating_in_words() -> None:
    assert recurrence.words("", None) == ""
    monday = dt.date(2026, 6, 15)
    assert recurrence.words(recurrence.rule_of("weekly", monday), None) == "hver mandag"
    assert (
        recurrence.words(recurrence.rule_of("fortnightly", monday), dt.date(2026, 12, 1))
        == "hver 2. uge: mandag til og med 01.12.2026"
    )
    assert recurrence.every_of("FREQ=MONTHLY;BYDAY=2TU", monday) is None
    with pytest.raises(Refusal):
        recurrence.rule_of("tit", monday)


# --- Risk ----------------------------------------------------------------------------------------------------------

STEPS = [risk.Step(0, 0), risk.Step(1, 1), risk.Step(2, 3)]


def test_the_checklist_suggests() -> None:
    points = {"a": 1, "b": 1, "c": 2}
    assert [risk.suggested(STEPS, score) for score in range(5)] == [0, 1, 1, 2, 2]
    assert risk.total(points, {"a": True, "b": 0, "c": 1}) == 3
    assert risk.suggested([risk.Step(0, None)], 3) is None
    with pytest.raises(ValueError, match="ikke x"):
        risk.total(points, {"x": True})


@unhurried
@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=5, unique=True), st.integers(0, 30), st.integers(0, 10)
)
def test_more_points_never_suggest_a_calmer_step(limits: list[int], score: int, more: int) -> None:
    steps = [risk.Step(rank, limit) for rank, limit in enumerate(sorted(limits))]
    less = risk.suggested(steps, score)
    most = risk.suggested(steps, score + more)
    assert less is None or (most is not None and most >= less)


def test_the_reading_in_words() -> None:
    now = local(2026, 6, 15, 15)
    assert (
        risk.reading_words("Gul", "Mette", local(2026, 6, 15, 14, 5), now, stale=False)
        == "Gul, sat af Mette kl. 14.05"
    )
    old = local(2026, 6, 14, 22, 10)
    assert risk.is_stale(old, now, 16) and not risk.is_stale(old, now, 17)
    assert (
        risk.reading_words("Gul", "Mette", old, now, stale=True)
        == "For gammel: Gul, sat af Mette i går kl. 22.10"
    )
    assert moment_words(local(2026, 6, 3, 8), now) == "03.06.2026 kl. 08.00"
    assert moment_words(local(2026, 6, 16, 8), now) == "i morgen kl. 08.00"


def test_spans_in_words() -> None:
    start = local(2026, 6, 15, 9)
    assert span_words(start, local(2026, 6, 15, 10, 30)) == "09.00–10.30"
    assert span_words(start, local(2026, 6, 16, 10)) == "09.00 – 16.06.2026 10.00"
    midnight = local(2026, 6, 15)
    assert span_words(midnight, local(2026, 6, 16), all_day=True) == "hele dagen"
    assert span_words(midnight, local(2026, 6, 18), all_day=True) == "hele dagen til og med 17. juni 2026"


# --- Handing over --------------------------------------------------------------------------------------------------

facts = st.lists(
    st.builds(
        handover.Fact,
        kind=st.sampled_from(["risk", "absence", "note"]),
        citizen_id=st.one_of(st.none(), st.integers(1, 4)),
        at=moments,
        text=st.text("abc ", min_size=1, max_size=5),
        key=st.integers(0, 6).map(str),
        weight=st.integers(0, 3),
    ),
    max_size=12,
)
refs = st.sets(st.builds(handover.Ref, st.sampled_from(["risk", "note"]), st.integers(0, 6).map(str)))


@unhurried
@given(facts, refs)
def test_every_fact_is_in_one_line_and_none_is_made_up(
    known: list[handover.Fact], already: set[handover.Ref]
) -> None:
    lines = handover.propose(known, already)
    said = [ref for line in lines for ref in line.sources]
    assert len(said) == len(set(said))
    assert set(said) == {fact.ref for fact in known} - already
    first = {}
    for fact in known:
        first.setdefault(fact.ref, fact)
    assert len({line.citizen_id for line in lines}) == len(lines)
    weights = []
    for line in lines:
        group = [first[ref] for ref in line.sources]
        assert {fact.citizen_id for fact in group} == {line.citizen_id}
        assert line.text == "\n".join(fact.text for fact in group)
        assert [fact.weight for fact in group] == sorted((fact.weight for fact in group), reverse=True)
        weights.append(group[0].weight)
    assert weights == sorted(weights, reverse=True)
    assert handover.propose(known, {*already, *said}) == []


@pytest.mark.parametrize("day", [15, 18, 21])
def test_a_week_begins_on_its_monday(day: int) -> None:
    first = week_start(dt.date(2026, 6, day))
    assert first == dt.date(2026, 6, 15)
    assert week_words(first) == "Uge 25: 15. juni 2026 – 21. juni 2026"


def test_a_day_has_its_weekday() -> None:
    assert weekday_words(dt.date(2026, 6, 16)) == "Tirsdag 16. juni 2026"
    assert week_start(dt.date(2027, 1, 3)) == dt.date(2026, 12, 28)
