"""The report: the same figures in four forms, hidden in all of them, and a PDF everybody can read."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from roedtraad.core import danish
from roedtraad.steering.models import Plan, Statement
from roedtraad.steering.report import render, report
from roedtraad.steering.report.text import plain


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def in_words(figure: dict[str, Any]) -> list[str]:
    """A figure of the JSON as text and PDF write it."""
    value = danish.percent(figure["value"]) if figure["value"] is not None else "–"
    counts = [figure[name] for name in ("numerator", "denominator", "persons")]
    return [value.replace("\u00a0", " "), *(danish.number(n) if n is not None else "–" for n in counts)]


@pytest.mark.parametrize("unit", [None, "omraade-nord", "omraade-syd"])
def test_four_forms_carry_the_same_figures(scene: Any, unit: str | None) -> None:
    made = report(2019, unit)
    data = json.loads(render(made, "json"))
    assert data == json.loads(json.dumps(plain(made)))
    indicator = next(row for row in data["indicators"] if row["key"] == "kapacitetsudnyttelse")
    figures = [{**indicator, "name": data["unit"]}, *indicator["units"]]
    assert len(figures) > 2

    text = str(render(made, "text")).replace("\u00a0", " ")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    printed = pdf_text(render(made, "pdf")).replace("\u00a0", " ")
    sheet = load_workbook(io.BytesIO(render(made, "xlsx")))["Tal"]
    rows = {
        row[2]: row
        for row in sheet.iter_rows(min_row=2, values_only=True)
        if row[1] == "Kapacitetsudnyttelse"
    }
    for figure in figures:
        words = in_words(figure)
        line = next(line for line in lines if line.startswith(figure["name"]) and words[0] in line)
        assert all(word in line for word in words)
        assert all(word in printed for word in (figure["name"], *words))
        row = rows[figure["name"]]
        assert [row[3], row[5], row[6], row[7]] == [
            figure[name] for name in ("value", "numerator", "denominator", "persons")
        ]
    for item in indicator["trend"]:
        assert f"{item['year']} {danish.percent(item['value'])}".replace("\u00a0", " ") in printed


@pytest.mark.parametrize("fmt", ["text", "json", "pdf", "xlsx"])
def test_small_groups_are_hidden_in_every_form(scene: Any, fmt: str) -> None:
    content = render(report(2019, "omraade-nord"), fmt)
    if fmt == "pdf":
        shown = pdf_text(content)
    elif fmt == "xlsx":
        book = load_workbook(io.BytesIO(content))
        shown = " ".join(
            str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row
        )
    else:
        shown = str(content)
    assert "Lillebo" in shown
    assert "Skjult, få borgere" in shown
    # Two citizens in four places, and six in the eight of the house hidden with them.
    assert not any(figure in shown for figure in ("50.0", "50,0", "75.0", "75,0", "2190", "2.190"))


def test_the_pdf_is_tagged_and_says_what_it_is(scene: Any) -> None:
    reader = PdfReader(io.BytesIO(render(report(2019), "pdf")))
    catalogue: Any = reader.trailer["/Root"]
    assert bool(catalogue["/MarkInfo"]["/Marked"])
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"].startswith("da")
    assert bool(catalogue["/ViewerPreferences"]["/DisplayDocTitle"])
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Målbillede 2019 – Region Midtjylland"
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)


def test_headings_descend_one_level_at_a_time(scene: Any) -> None:
    reader = PdfReader(io.BytesIO(render(report(2019), "pdf")))
    levels: list[int] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            role = str(node.get("/S", ""))
            if role[:2] == "/H" and role[2:].isdigit():
                levels.append(int(role[2:]))
            walk(node.get("/K", []))

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])  # type: ignore[index]  # a dictionary
    assert levels
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_no_text_of_a_plan_is_read_as_markup(scene: Any) -> None:
    nasty = '#import "x": y; $a$ *b* _c_ <d> @e \\ `f` #panic("g")'
    Plan.objects.filter(key="visions-og-udviklingsplan-2024-27").update(vision=nasty)
    Statement.objects.update(text=nasty)
    shown = pdf_text(render(report(2025), "pdf"))
    assert '#panic("g")' in shown.replace("“", '"').replace("”", '"')


def test_it_says_that_the_data_are_examples(scene: Any, settings: Any) -> None:
    assert "Eksempeldata" in pdf_text(render(report(2019), "pdf"))
    assert "EKSEMPELDATA" in str(render(report(2019), "text"))
    settings.EXAMPLE_DATA = False
    assert "Eksempeldata" not in pdf_text(render(report(2019), "pdf"))


def test_refusals_are_sentences(scene: Any) -> None:
    with pytest.raises(ValueError, match="årene 2017 til 2026"):
        report(2016)
    with pytest.raises(LookupError, match="findes ikke"):
        report(2019, "findes-ikke")
    with pytest.raises(ValueError, match="text, json, pdf, xlsx"):
        render(report(2019), "docx")
