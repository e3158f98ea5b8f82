"""Tables as files: what a spreadsheet may not run, and what it must read as figures and dates."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roedtraad.core import sheets


@pytest.mark.parametrize("text", ["=1+1", "+45", "-3", "@x", "\tx", "=HYPERLINK(A1)"])
def test_no_text_can_run_as_a_formula(text: str) -> None:
    assert sheets.safe_cell(text) == f"'{text}"
    assert sheets.unescaped(f"'{text}") == text


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"])))
def test_a_text_comes_back_as_it_was(text: str) -> None:
    if not (text.startswith("'") and text[1:2] in {"=", "+", "-", "@"}):
        assert sheets.unescaped(sheets.safe_cell(text)) == text


def test_csv_reads_as_danish_excel_expects() -> None:
    row = ["Ærø; og mere", Decimal("12.5"), dt.date(2026, 6, 15), None, True, -3]
    body = sheets.csv_response("fil", ["a"] * 6, [row]).content
    assert body.startswith(b"\xef\xbb\xbf")
    cells = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert cells[1] == ["Ærø; og mere", "12,5", "2026-06-15", "", "ja", "-3"]


def test_the_workbook_has_real_figures_dates_and_no_formulas() -> None:
    body = sheets.xlsx_bytes(["A", "B", "C"], [["=1+1", Decimal("12.5"), dt.date(2026, 6, 15)]])
    page = openpyxl.load_workbook(io.BytesIO(body)).active
    assert page is not None
    assert [cell.value for cell in page[2]] == ["'=1+1", 12.5, dt.datetime(2026, 6, 15)]
    assert page.freeze_panes == "A2"


def test_a_file_name_cannot_break_out_of_its_header() -> None:
    response = sheets.csv_response('fil"\r\nX: y', ["a"], [])
    assert response["Content-Disposition"] == 'attachment; filename="fil---X--y.csv"'


def test_only_two_kinds_of_file() -> None:
    assert sheets.sheet_response("pdf", "fil", ["a"], []) is None
