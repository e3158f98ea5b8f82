"""A draft in words."""

from __future__ import annotations

import datetime as dt

import pytest

import roedtraad.config.urls  # noqa: F401  a running house has read its forms
from roedtraad.core import clock
from roedtraad.core.ids import new_id
from roedtraad.drafts.rules import Typed
from roedtraad.drafts.wording import Line, lines, when


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-06-15T09:05", "i dag kl. 09.05"),
        ("2026-06-14T23:59", "i går kl. 23.59"),
        ("2026-06-10T12:00", "10. juni 2026 kl. 12.00"),
    ],
)
def test_when(moment: str, words: str) -> None:
    assert when(dt.datetime.fromisoformat(moment).replace(tzinfo=clock.COPENHAGEN)) == words


def test_the_words_of_the_page_come_first() -> None:
    fields = [
        Typed("who", "known", "Hvem", "Den her"),
        Typed("place", "E4"),
        Typed("boxes", "a", "Sider", "Syd"),
        Typed("boxes", "b", "Sider", "Nord"),
        Typed("search", "", "Find borger"),
        Typed("key", "form-1"),
        Typed("act", "book"),
    ]
    assert lines(fields) == [Line("Hvem", "Den her"), Line("Plads", "E4"), Line("Sider", "Syd, Nord")]


def test_without_them_the_houses_form_that_fits_best_is_asked() -> None:
    fields = [
        Typed("who", "new"),
        Typed("citizen", str(new_id())),
        Typed("place", "E4"),
        Typed("ordered_start", "2026-07-01"),
        Typed("ordered_end", "2026-02-30"),
        Typed("address_protected", "on"),
        Typed("key", "form-1"),
        Typed("act", "book"),
    ]
    assert lines(fields) == [
        Line("Hvem skal bo der", "En ny borger"),
        Line("Vælg borger", "valgt på siden"),
        Line("Plads", "E4"),
        Line("Fra", "1. juli 2026"),
        Line("Til og med", "2026-02-30"),
        Line("Adressen er beskyttet", "Ja"),
    ]


def test_what_nobody_has_words_for_keeps_its_name() -> None:
    assert lines([Typed("ukendt_felt", "12")]) == [Line("ukendt_felt", "12")]
    assert lines([]) == []
