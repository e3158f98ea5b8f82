"""Properties of the pure values: nothing is lost, nothing is invented, order is Danish."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.core import danish
from roedtraad.core.cpr import CprError, CprKind, parse_cpr
from roedtraad.core.money import from_ore, share, share_int, to_ore
from roedtraad.core.period import Period, days_overlap, gaps, months, subtract, union, years

FIRST = date(2017, 1, 1)
SPAN = 1200

days = st.integers(0, SPAN).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def closed_periods(draw: st.DrawFn) -> Period:
    start = draw(days)
    return Period(start, start + timedelta(days=draw(st.integers(1, 400))))


periods = st.one_of(closed_periods(), days.map(Period))


def covered(some: list[Period]) -> set[date]:
    """The days of a window that reaches past every closed period."""
    window = [FIRST + timedelta(days=n) for n in range(SPAN + 500)]
    return {day for day in window if any(period.contains(day) for period in some)}


@settings(deadline=None)
@given(closed_periods())
def test_days_add_up_over_months_and_years(period: Period) -> None:
    for split in (months, years):
        pieces = list(split(period))
        assert sum(piece.days() for piece in pieces) == period.days()
        assert union(pieces) == [period]
        assert all(a.end == b.start for a, b in pairwise(pieces))
    assert all((piece.start.year, piece.start.month) == (last.year, last.month)
               for piece in months(period) if (last := piece.last))  # fmt: skip


@settings(deadline=None)
@given(closed_periods(), days)
def test_a_day_splits_the_days_in_two(period: Period, day: date) -> None:
    after = Period(day).intersection(period)
    assert period.days(until=day) + (after.days() if after else 0) == period.days()


@settings(deadline=None)
@given(st.lists(periods, max_size=6))
def test_union_keeps_the_days_and_nothing_touches(some: list[Period]) -> None:
    merged = union(some)
    assert covered(merged) == covered(some)
    assert all(a.end is not None and a.end < b.start for a, b in pairwise(merged))


@settings(deadline=None)
@given(periods, st.lists(periods, max_size=5))
def test_subtract_keeps_exactly_the_days_of_no_other(period: Period, others: list[Period]) -> None:
    rest = subtract(period, others)
    assert covered(rest) == covered([period]) - covered(others)
    assert rest == union(rest) == gaps(period, others)
    assert any(p.is_open for p in rest) is (period.is_open and not any(p.is_open for p in others))


@settings(deadline=None)
@given(closed_periods(), periods)
def test_the_overlap_is_symmetric_and_counts_shared_days(a: Period, b: Period) -> None:
    assert days_overlap(a, b) == days_overlap(b, a) == len(covered([a]) & covered([b]))
    assert a.overlaps(b) is b.overlaps(a) is (days_overlap(a, b) > 0)
    assert a.intersection(b) == b.intersection(a)


@settings(deadline=None)
@given(periods)
def test_a_period_survives_the_database_form(period: Period) -> None:
    assert Period.from_range(period.to_range()) == period
    assert Period.inclusive(period.start, period.last) == period


weights = st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=12).filter(any)


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9), weights)
def test_shares_add_up_and_are_never_a_whole_unit_off(total: int, some: list[Decimal]) -> None:
    parts = share_int(total, some)
    assert sum(parts) == total
    assert all(abs(part * sum(some) - total * w) < sum(some) for part, w in zip(parts, some, strict=True))
    assert all(part == 0 for part, w in zip(parts, some, strict=True) if w == 0)
    assert share(from_ore(total), some) == [from_ore(part) for part in parts]


@settings(deadline=None)
@given(st.integers(0, 10**6), weights)
def test_equal_weights_differ_by_at_most_one_and_the_first_gets_more(total: int, some: list[Decimal]) -> None:
    parts = share_int(total, [*some, some[0]])
    assert parts[0] - parts[-1] in (0, 1)


@settings(deadline=None)
@given(st.integers())
def test_ore_and_kroner_are_the_same_money(ore: int) -> None:
    assert to_ore(from_ore(ore % 10**15)) == ore % 10**15


@settings(deadline=None)
@given(st.text(max_size=12), st.text(max_size=12))
def test_case_does_not_count_in_sorting(a: str, b: str) -> None:
    assert danish.sort_key(a.casefold()) == danish.sort_key(a)
    assert (danish.sort_key(a) <= danish.sort_key(b)) or (danish.sort_key(b) <= danish.sort_key(a))


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyzæøå"), max_size=8), st.integers(0, 10**9))
def test_letters_sort_by_the_danish_alphabet_and_numbers_by_value(letters: list[str], n: int) -> None:
    alphabet = "abcdefghijklmnopqrstuvwxyzæøå"
    assert sorted(letters, key=danish.sort_key) == sorted(letters, key=alphabet.index)
    assert danish.sort_key(f"Hus {n}") < danish.sort_key(f"Hus {n + 1}")


@settings(deadline=None)
@given(st.decimals(-(10**12), 10**12, places=4), st.integers(0, 4))
def test_a_written_number_reads_back_to_the_nearest(value: Decimal, decimals: int) -> None:
    text = danish.number(value, decimals)
    back = Decimal(text.replace(".", "").replace(",", ".").replace(danish.MINUS, "-"))
    assert abs(back - value) <= Decimal(5).scaleb(-decimals - 1)
    assert len(text.partition(",")[2]) == decimals


SEVENTH_BY_CENTURY = {18: "5678", 19: "0123", 20: "5678"}


@settings(deadline=None)
@given(st.dates(date(1858, 1, 1), date(2057, 12, 31)), st.integers(0, 3), st.integers(0, 999), st.booleans())
def test_every_birth_date_has_numbers_that_lead_back_to_it(
    born: date, pick: int, rest: int, replacement: bool
) -> None:
    seventh = SEVENTH_BY_CENTURY[born.year // 100][pick]
    day = born.day + (60 if replacement else 0)
    cpr = parse_cpr(f"{day:02d}{born:%m%y}-{seventh}{rest:03d}")
    assert cpr.birth_date == born
    assert cpr.kind is (CprKind.REPLACEMENT if replacement else CprKind.CPR)
    assert parse_cpr(cpr.formatted()) == cpr


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_ten_digits_are_a_number_exactly_when_the_day_and_month_are_the_dates(number: str) -> None:
    try:
        cpr = parse_cpr(number)
    except CprError as refused:
        assert "en dato, der ikke findes" in str(refused)
    else:
        assert int(number[:2]) in (cpr.birth_date.day, cpr.birth_date.day + 60)
        assert f"{cpr.birth_date:%m%y}" == number[2:6]
        assert cpr.birth_date.year // 100 in (18, 19, 20)


@settings(deadline=None)
@given(st.text(max_size=14))
def test_any_text_is_read_or_refused_in_danish(text: str) -> None:
    try:
        assert len(parse_cpr(text).number) == 10
    except CprError as refused:
        assert str(refused).startswith("CPR-nummeret")
