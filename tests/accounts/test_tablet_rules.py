"""Which PINs are refused, and when one may be tried."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.accounts.tablets import pins
from roedtraad.accounts.tablets.rules import (
    LONGEST,
    SHORTEST,
    WRONG_PER_PERSON,
    WRONG_PER_TABLET,
    Closed,
    Weakness,
    closed,
    on_shift,
    weakness,
)

digits = st.text("0123456789", min_size=SHORTEST, max_size=LONGEST)
NOON = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("12a456", Weakness.NOT_DIGITS),
        ("١٢٣٤٥٦", Weakness.NOT_DIGITS),
        ("48291", Weakness.LENGTH),
        ("4829130482913", Weakness.LENGTH),
        ("111111", Weakness.FEW_DIGITS),
        ("474747", Weakness.FEW_DIGITS),
        ("123456", Weakness.ROW),
        ("654321", Weakness.ROW),
        ("890123", Weakness.ROW),
        ("135791", Weakness.ROW),
        ("482482", Weakness.REPEATED),
        ("240685", Weakness.DATE),
        ("850624", Weakness.DATE),
        ("24061985", Weakness.DATE),
        ("19850624", Weakness.DATE),
        ("739204", None),
    ],
)
def test_what_is_easy_to_guess_is_refused(pin: str, why: Weakness | None) -> None:
    assert weakness(pin) == why


def test_what_stands_in_the_username_is_refused() -> None:
    assert weakness("739204", "mij739204") == Weakness.OWN


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2030, 12, 31)),
    st.sampled_from(["%d%m%y", "%y%m%d", "%d%m%Y", "%Y%m%d"]),
)
def test_no_birthday_is_taken(day: dt.date, written: str) -> None:
    assert weakness(day.strftime(written)) is not None


@given(st.integers(0, 9), st.integers(0, 9), st.integers(SHORTEST, LONGEST))
def test_no_even_steps_are_taken(first: int, step: int, size: int) -> None:
    assert weakness("".join(str((first + step * n) % 10) for n in range(size))) is not None


@given(st.text("0123456789", min_size=1, max_size=6), st.integers(SHORTEST, LONGEST))
def test_no_repetition_is_taken(part: str, size: int) -> None:
    pin = (part * LONGEST)[:size]
    if len(part) * 2 <= size:
        assert weakness(pin) is not None


@given(digits)
def test_a_pin_that_is_taken_has_three_digits_and_turns(pin: str) -> None:
    if weakness(pin) is None:
        assert len(set(pin)) >= 3
        assert pin not in "0123456789" * 3
        assert pin not in "9876543210" * 3


def test_most_six_digits_are_taken() -> None:
    taken = sum(weakness(f"{number:06d}") is None for number in range(0, 1_000_000, 7))
    assert taken > 0.9 * 1_000_000 / 7


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_person_and_a_tablet_each_have_their_tries(person: int, tablet: int) -> None:
    found = closed(person, tablet)
    assert (found is None) == (person < WRONG_PER_PERSON and tablet < WRONG_PER_TABLET)
    assert closed(None, tablet) == Closed.NO_PIN


@given(st.integers(-600, 60 * 30))
def test_a_shift_lasts_so_long(minutes: int) -> None:
    shift = dt.timedelta(hours=12)
    assert on_shift(NOON, NOON + dt.timedelta(minutes=minutes), shift) == (minutes < 12 * 60)


def test_what_is_kept_of_a_pin_is_argon2_and_salted() -> None:
    kept = pins.hashed("739204")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != pins.hashed("739204")
    assert pins.fits("739204", kept)
    assert not pins.fits("739205", kept)
