"""What holds for every rule for what comes again, told apart from the library by counting days one by one."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.core.clock import COPENHAGEN
from roedtraad.practice.rules.recurrence import (
    NTH_WORDS,
    Every,
    Rule,
    daily,
    from_words,
    in_words,
    monthly,
    monthly_on,
    occurrences,
    parse,
    weekly,
)

intervals = st.integers(1, 5)
rules = st.one_of(
    st.builds(daily, intervals),
    st.builds(weekly, st.sets(st.integers(0, 6), min_size=1), intervals),
    st.builds(monthly, st.sampled_from([-1, *range(1, 32)]), intervals),
    st.builds(monthly_on, st.sampled_from(list(NTH_WORDS)), st.integers(0, 6), intervals),
)
# From before one change of the clock to after the next, and years before.
days = st.integers(0, 400).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
first_days = st.one_of(days, st.integers(0, 6000).map(lambda n: date(2010, 1, 1) + timedelta(days=n)))
times = st.one_of(st.just(time(2, 30)), st.times().map(lambda t: t.replace(second=0, microsecond=0)))
exceptions = st.sets(days, max_size=20)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), COPENHAGEN)


def falls_on(rule: Rule, first: date, day: date) -> bool:
    """Whether the rule falls on the day, told by its definition."""
    if day < first:
        return False
    if rule.every is Every.DAY:
        return (day - first).days % rule.interval == 0
    if rule.every is Every.WEEK:
        monday = first - timedelta(days=first.weekday())
        return day.weekday() in rule.days and (day - monday).days // 7 % rule.interval == 0
    if ((day.year - first.year) * 12 + day.month - first.month) % rule.interval:
        return False
    last = calendar.monthrange(day.year, day.month)[1]
    if rule.month_day is not None:
        return day.day == (last if rule.month_day == -1 else min(rule.month_day, last))
    if day.weekday() not in rule.days:
        return False
    return day.day > last - 7 if rule.nth == -1 else (day.day - 1) // 7 + 1 == rule.nth


@given(rules, st.none() | times)
def test_text_and_words_lead_back_to_the_rule(rule: Rule, at: time | None) -> None:
    assert parse(rule.text) == rule
    assert from_words(in_words(rule, at)) == (rule, at)


@settings(deadline=None)
@given(rules, first_days, times, st.none() | days, exceptions, days, st.integers(0, 120))
def test_the_days_are_those_of_the_definition(
    rule: Rule, first: date, at: time, until: date | None, skipped: set[date], opens: date, length: int
) -> None:
    found = occurrences(
        rule, first, at, until, skipped, between=(midnight(opens), midnight(opens + timedelta(days=length)))
    )
    wanted = [
        day
        for day in (opens + timedelta(days=n) for n in range(length))
        if falls_on(rule, first, day) and day not in skipped and (until is None or day <= until)
    ]
    assert [moment.date() for moment in found] == wanted
    assert all(a < b for a, b in pairwise(found))
    for moment in found:
        assert moment.tzinfo is COPENHAGEN
        assert moment.astimezone(UTC).astimezone(COPENHAGEN).time() == moment.time()
        skipped_over = moment.time() != at
        assert not skipped_over or moment.utcoffset() == timedelta(hours=2)


@settings(deadline=None)
@given(rules, first_days, times, st.none() | days, exceptions, st.lists(days, min_size=2, max_size=5), times)
def test_a_window_may_be_cut_anywhere(
    rule: Rule, first: date, at: time, until: date | None, skipped: set[date], cuts: list[date], hour: time
) -> None:
    moments = sorted({datetime.combine(day, hour, COPENHAGEN) for day in cuts})
    whole = occurrences(rule, first, at, until, skipped, between=(moments[0], moments[-1]))
    pieces = [
        moment
        for piece in pairwise(moments)
        for moment in occurrences(rule, first, at, until, skipped, between=piece)
    ]
    assert pieces == whole
    assert len(set(whole)) == len(whole)
