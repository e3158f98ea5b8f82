"""Cells and headings: what each kind of cell becomes, and that the paper says what the code does."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.exchange import parsing
from roedtraad.exchange.exporting import _csv_cell
from roedtraad.exchange.formats import FORMATS, described

DAY = dt.date(2024, 3, 1)


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        dt.datetime(2024, 3, 1),
        "2024-03-01",
        "1-3-2024",
        "01.03.2024",
        "01/03/2024",
        "2024-03-01 00:00:00",
    ],
)
def test_days(cell: Any) -> None:
    assert parsing.day(cell, "fra") == DAY


@pytest.mark.parametrize(
    "cell", ["2024-02-30", "32-01-2024", "3/24", "0001-01-01", dt.date(9999, 12, 31), "00.00.0000"]
)
def test_days_that_are_none(cell: Any) -> None:
    with pytest.raises(parsing.Unreadable) as refused:
        parsing.day(cell, "fra")
    assert "»fra«" in str(refused.value)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2831,50", "2831.50"),
        ("2.831,5", "2831.5"),
        ("2831.50", "2831.50"),
        (2831.5, "2831.5"),
        ("2.831", "2831"),
        ("2 831 kr.", "2831"),
    ],
)
def test_amounts(cell: Any, value: str) -> None:
    assert parsing.amount(cell, "takst", Decimal(100_000)) == Decimal(value)


@pytest.mark.parametrize("cell", ["nan", "1e9", "-1", "100000", "1,234", "kr", "٣"])
def test_amounts_that_are_none(cell: str) -> None:
    with pytest.raises(parsing.Unreadable):
        parsing.amount(cell, "takst", Decimal(100_000))


@given(
    st.text(max_size=30)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.dates()
    | st.datetimes()
)
def test_any_cell_is_a_value_or_a_sentence(cell: Any) -> None:
    for form in FORMATS.values():
        _values, faults = form.read_row({column.name: cell for column in form.columns}, {"0751": "0751"})
        assert all(fault.endswith((".", "?", "«")) for fault in faults), faults


@given(st.text(st.characters(exclude_categories=["C"]), max_size=20).map(str.strip))
def test_a_text_survives_the_way_out_and_in(text: str) -> None:
    assert parsing.as_text(_csv_cell(text)) == text


def test_the_paper_lists_the_columns() -> None:
    paper = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
    assert described() in paper
