"""What is kept of a form, and of which."""

from __future__ import annotations

import pytest

from roedtraad.drafts import rules
from roedtraad.drafts.rules import Content, Typed


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/kapacitet/book/?fra=2026-01-01&plads=E4", "/kapacitet/book/?plads=E4&fra=2026-01-01", True),
        ("/kapacitet/book/?plads=E4&kladde=abc", "/kapacitet/book/?plads=E4", True),
        ("/organisation/enhed/s%C3%B8/", "/organisation/enhed/sø/", True),
        ("/kapacitet/book/?plads=E4", "/kapacitet/book/?plads=E5", False),
        ("/kapacitet/book/?a=1&a=2", "/kapacitet/book/?a=1", False),
    ],
)
def test_a_form_is_known_by_where_it_is_sent(one: str, other: str, same: bool) -> None:
    assert (rules.canonical(one) == rules.canonical(other)) is same


@pytest.mark.parametrize(
    "away", ["https://ude.dk/", "//ude.dk/a", "javascript:alert(1)", "", "a/b", "/\\ude.dk/"]
)
def test_an_address_that_leaves_the_house_is_none(away: str) -> None:
    assert rules.canonical(away) == ""


def test_the_page_is_the_same_without_asking() -> None:
    assert rules.without_asking("/a/?b=1&kladde=x&c=%C3%B8") == "/a/?b=1&c=%C3%B8"
    assert rules.without_asking("/a/?kladde=x") == "/a/"
    assert rules.without_asking("/a/") == "/a/"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("password", True),
        ("oldpassword", True),
        ("Adgangskode", True),
        ("credential", True),
        ("client_secret", True),
        ("place", False),
        ("cpr", False),
        ("note", False),
    ],
)
def test_secrets_are_known_by_their_names(name: str, secret: bool) -> None:
    kept = rules.worth_keeping([Typed(name, "x"), Typed("request_id", "y"), Typed("", "z")])
    assert kept == (() if secret else (Typed(name, "x"),))


def test_a_draft_comes_back_as_it_was() -> None:
    content = Content(
        "/a/?b=1", "/a/", "Æblet »rødt«", (Typed("n", "1\n2", "Note", ""), Typed("n", "3")), True
    )
    assert Content.load(content.dump()) == content


def test_what_was_sent_keeps_the_words_of_the_page() -> None:
    before = (Typed("who", "known", "Hvem", "En borger"), Typed("place", "E1", "Plads"))
    after = rules.with_words_of((Typed("who", "new"), Typed("who", "known"), Typed("place", "E4")), before)
    assert [(one.label, one.shown) for one in after] == [("Hvem", ""), ("Hvem", "En borger"), ("Plads", "")]


@pytest.mark.parametrize(
    ("name", "status", "done"),
    [
        ("journeys:book", 302, True),
        ("journeys:book", 204, True),
        ("journeys:book", 200, False),
        ("journeys:book", 422, False),
        ("journeys:book", 403, False),
        ("portals:tokens", 200, True),
        ("portals:tokens", 422, False),
    ],
)
def test_when_a_form_is_done(name: str, status: int, done: bool) -> None:
    assert rules.is_done(name, status) is done
