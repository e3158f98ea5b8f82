"""The rules of a stay, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.core.refusal import Refusal
from roedtraad.journeys import rules
from roedtraad.journeys.rules import Booking

TODAY = date(2026, 6, 15)
days = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def refused(booking: Booking) -> Refusal:
    with pytest.raises(Refusal) as error:
        booking.check()
    return error.value


def test_an_end_before_the_start_is_said_with_the_day() -> None:
    refusal = refused(Booking(date(2024, 3, 3), date(2024, 3, 2)))
    assert refusal.sentence == (
        "Datoen ligger før opholdet begynder (3. marts 2024). Ret datoen, eller flyt opholdets start."
    )
    assert refusal.field == "ordered_end"


def test_a_stay_of_one_day_is_fine() -> None:
    Booking(TODAY, TODAY, TODAY, TODAY, Decimal(0)).check()


@pytest.mark.parametrize(
    ("booking", "field"),
    [
        (Booking(TODAY, actual_end=TODAY), "actual_start"),
        (Booking(TODAY, None, TODAY, TODAY - rules.ONE_DAY), "actual_end"),
        (Booking(TODAY, TODAY, TODAY + rules.ONE_DAY), "ordered_end"),
        (Booking(TODAY, agreed_day_rate=Decimal("-0.01")), "agreed_day_rate"),
        (Booking(TODAY, agreed_day_rate=Decimal(100_000)), "agreed_day_rate"),
        (Booking(date(202, 6, 15)), "ordered_start"),
        (Booking(TODAY, date(9999, 12, 31)), "ordered_end"),
    ],
)
def test_what_contradicts_itself_is_said_beside_its_field(booking: Booking, field: str) -> None:
    assert refused(booking).field == field


def test_an_ended_stay_may_have_outlived_or_undercut_its_order() -> None:
    Booking(TODAY, TODAY, TODAY, TODAY + timedelta(days=30)).check()
    Booking(TODAY, TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)).check()


@given(
    first=days, length=st.integers(0, 2000), start=days, cut=st.integers(0, 1500), rest=st.integers(1, 1500)
)
def test_splitting_a_period_neither_loses_nor_doubles_a_day(
    first: date, length: int, start: date, cut: int, rest: int
) -> None:
    last = first + timedelta(days=length)
    middle = start + timedelta(days=cut)
    end = middle + timedelta(days=rest)
    whole = rules.days_in(first, last, start, end)
    assert whole == rules.days_in(first, last, start, middle) + rules.days_in(
        first, last, middle + rules.ONE_DAY, end
    )


@given(first=days, length=st.integers(0, 400), start=days, window=st.integers(0, 400))
def test_days_are_those_one_can_count(first: date, length: int, start: date, window: int) -> None:
    lived = {first + timedelta(days=n) for n in range(length + 1)}
    asked = {start + timedelta(days=n) for n in range(window + 1)}
    assert rules.days_in(first, max(lived), start, max(asked)) == len(lived & asked)
    later = {day for day in asked if day >= first}
    assert rules.days_in(first, None, start, max(asked)) == len(later)


def test_an_overdue_stay_is_proposed_to_end_on_its_ordered_day() -> None:
    overdue = Booking(date(2026, 1, 1), date(2026, 5, 31), date(2026, 1, 1))
    assert rules.is_overdue(overdue, TODAY)
    assert rules.proposed_end(overdue, TODAY) == date(2026, 5, 31)
    running = Booking(date(2026, 1, 1), TODAY, date(2026, 1, 1))
    assert not rules.is_overdue(running, TODAY)
    assert rules.proposed_end(running, TODAY) == TODAY


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 6, 15), TODAY, 18),
        (date(2008, 6, 16), TODAY, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_in_whole_years(birth: date, day: date, age: int) -> None:
    assert rules.age_on(birth, day) == age


def test_an_age_that_does_not_fit_gives_a_warning() -> None:
    child, grown, young = date(2010, 1, 1), date(1980, 1, 1), date(2006, 1, 1)
    assert "16 år" in rules.age_warning(child, TODAY, "adult")
    assert "46 år" in rules.age_warning(grown, TODAY, "child")
    assert rules.age_warning(young, TODAY, "adult") == rules.age_warning(young, TODAY, "child") == ""


def undo(**other: object) -> None:
    facts: dict[str, object] = {
        "made_by": 7,
        "made_on": "2026-06-15",
        "user": 7,
        "today": TODAY,
        "is_latest": True,
        **other,
    }
    rules.check_undo(**facts)  # type: ignore[arg-type]  # the facts are of mixed kinds


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"user": 8}, "Kun den, der"),
        ({"made_by": None}, "Kun den, der"),
        ({"made_on": "2026-06-14"}, "samme dag"),
        ({"is_latest": False}, "noget nyt"),
    ],
)
def test_who_may_undo_what_until_when(other: dict[str, object], words: str) -> None:
    undo()
    with pytest.raises(Refusal, match=words):
        undo(**other)


def test_a_taken_place_is_said_with_the_first_day_that_clashes() -> None:
    wanted = Booking(date(2024, 2, 1), date(2024, 4, 1))
    until = rules.taken(wanted, Booking(date(2024, 3, 3), date(2024, 3, 9)))
    assert until == (
        "Pladsen er optaget fra den 3. marts 2024 til og med den 9. marts 2024. "
        "Vælg en anden plads, eller begynd tidligst den 10. marts 2024."
    )
    assert rules.taken(wanted, Booking(date(2024, 1, 1))).startswith(
        "Pladsen er optaget fra den 1. februar 2024."
    )
