"""A status report on paper: tagged, titled, in Danish, the same as the page says, and the same on any day."""

from __future__ import annotations

import datetime as dt
import io
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from roedtraad.core import clock
from roedtraad.practice.report import pdf_of, shown
from roedtraad.practice.services import reports as services
from tests.practice.reporting import Reported


@pytest.fixture
def reported(db: None) -> Reported:
    return Reported()


def words_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\u00a0", " ")


def test_the_pdf_is_tagged_and_says_what_it_is(reported: Reported) -> None:
    reader = PdfReader(io.BytesIO(pdf_of(shown(reported.approved()))))
    catalogue: Any = reader.trailer["/Root"]
    assert bool(catalogue["/MarkInfo"]["/Marked"])
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"].startswith("da")
    assert bool(catalogue["/ViewerPreferences"]["/DisplayDocTitle"])
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Statusrapport om Ane Elm, 1. marts 2026 til 14. juni 2026"
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)


def test_headings_descend_one_level_at_a_time_and_tables_have_heads(reported: Reported) -> None:
    reader = PdfReader(io.BytesIO(pdf_of(shown(reported.approved()))))
    roles: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            roles.append(str(node.get("/S", "")))
            walk(node.get("/K", []))

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])  # type: ignore[index]  # a dictionary
    levels = [int(role[2:]) for role in roles if role[:2] == "/H" and role[2:].isdigit()]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {"/Table", "/TH", "/P"} <= set(roles)


def test_the_paper_says_what_the_report_says(reported: Reported) -> None:
    made = reported.drafted()
    texts = {"next": "Vi ses til statusmøde i september.\nKaffen er klar."}
    made = services.edit(reported.worker, made, texts, version=1)
    read = shown(made)
    text = words_of(pdf_of(read))
    for part in read.parts:
        assert part.heading in text
        for paragraph in part.paragraphs:
            assert " ".join(paragraph.text.split()) in text
    for label, value in read.facts + read.signed:
        assert label in text
        assert value.replace("\u00a0", " ") in text
    (goal,) = read.goals
    assert [one.sign for one in goal.ratings] == ["−1", "+1", "0"]
    assert "4. maj 2026 personalet +1 Fire aftener" in text
    (effort,) = read.efforts
    assert f"Fælles madlavning 909 70 {effort.share}".replace("\u00a0", " ") in text
    assert "Mål: Spise med de andre" in text
    assert "Kladde" in text


def test_an_empty_part_is_left_out(reported: Reported) -> None:
    made = services.edit(reported.worker, reported.drafted(), {"network": ""}, version=1)
    assert "Netværk" not in [part.heading for part in shown(made).parts]


def test_an_approved_report_gives_the_same_bytes_on_any_day(
    reported: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = reported.approved()
    made.refresh_from_db()
    first = pdf_of(shown(made))
    later = clock.now() + dt.timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr(clock, "today", later.date)
    reported.goal.title = "Noget andet"
    reported.goal.save()
    assert pdf_of(shown(made)) == first
    text = words_of(first)
    assert made.seal in text.replace(" ", "")
    assert "Kladde" not in text
    assert "Godkendt og låst" in text


def test_no_text_is_read_as_markup(reported: Reported) -> None:
    nasty = '#import "x": y; $a$ *b* _c_ <d> @e \\ `f` #panic("g")'
    made = services.edit(reported.worker, reported.drafted(), {"next": nasty}, version=1)
    text = words_of(pdf_of(shown(made)))
    assert '#panic("g")' in text.replace("“", '"').replace("”", '"').replace("„", '"')


def test_names_in_other_letters_do_not_stop_the_paper(reported: Reported) -> None:
    reported.ane.first_name = "Aqqaluk Ŋa ليلى"
    reported.ane.save()
    text = words_of(pdf_of(shown(reported.drafted())))
    assert "Aqqaluk Ŋa" in text
    assert "□" not in text


@pytest.mark.parametrize("typed", ["Godt gået 🙂🎉", "Han skrev 王小明 og 👩\u200d👩\u200d👧"])
def test_letters_no_font_has_are_set_as_a_square_and_that_is_said(reported: Reported, typed: str) -> None:
    made = services.edit(reported.worker, reported.drafted(), {"next": typed}, version=1)
    text = words_of(pdf_of(shown(made)))
    assert "□ står for et tegn, som papiret ikke kan vise." in text
    assert typed.split()[0] in text
