"""A leader finds a free place, books a citizen onto it, sees the move coming, and takes it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Visit

START, LAST, BEFORE = "2026-11-26", "2026-12-20", "2026-11-20"


def free_place(page: Page) -> Locator:
    """On Kapacitet: the way to the free places; the first row that is free onwards and may be booked by the leader."""
    page.get_by_role("link", name="Find en ledig plads").click()
    page.get_by_label("Døgn eller dag").select_option("dag")
    page.get_by_role("button", name="Vis", exact=True).click()
    onwards = page.get_by_role("row").filter(has_text="videre")
    return onwards.filter(has=page.get_by_role("link", name=re.compile("^Book "))).first


def find_citizen(page: Page, name: str) -> Locator:
    """Search in the form and take the first citizen found."""
    page.get_by_label("Find borger").fill(name)
    page.get_by_role("button", name="Find borger").click()
    found = page.get_by_role("group", name="Vælg borger").get_by_role("radio").first
    found.check()
    return found


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "360"])
def test_from_a_free_place_to_a_booking_and_back(visit: Visit, phone: bool) -> None:
    page = visit("leder", "/kapacitet/", phone=phone)
    row = free_place(page)
    code = row.get_by_role("rowheader").inner_text().strip()
    row.get_by_role("link", name=f"Book {code}").click()
    expect(page.get_by_label("Plads", exact=True)).to_have_value(code)
    find_citizen(page, "Bach")
    page.get_by_label("Fra", exact=True).fill(START)
    page.get_by_label("Til og med").fill(LAST)
    page.get_by_role("button", name="Book opholdet").click()

    toast = page.locator("#toasts")
    expect(toast).to_contain_text(f"Plads {code} er booket til")
    name = page.get_by_role("heading", level=1).inner_text()
    expect(page.locator(".lead")).to_contain_text(f"plads {code}, fra 26. november 2026")

    home = page.context.new_page()
    home.goto("/")
    coming = home.locator("li").filter(has_text=f"plads {code}").filter(has_text="flytter ind")
    expect(coming).to_contain_text(name)
    expect(coming).to_contain_text("26. november 2026")

    toast.get_by_role("button", name="Fortryd").click()
    expect(page.locator("#toasts")).to_contain_text("Det er fortrudt. Alt er, som det var.")
    expect(page.locator(".lead")).not_to_contain_text(code)
    home.reload()
    expect(coming).to_have_count(0)
    home.close()


def test_booking_is_one_tap_from_home(visit: Visit) -> None:
    page = visit("leder", "/", phone=True)
    page.get_by_role("link", name="Book et ophold").click()
    expect(page.get_by_role("heading", level=1, name="Book et ophold")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "360"])
def test_a_refusal_is_a_sentence_and_keeps_what_was_typed(visit: Visit, phone: bool) -> None:
    page = visit("leder", "/kapacitet/borgere/", phone=phone)
    taken = page.get_by_role("link", name=re.compile("^plads ")).first.inner_text().removeprefix("plads ")
    page.goto("/kapacitet/book/")
    chosen = find_citizen(page, "Bach")
    citizen = chosen.get_attribute("value")
    page.get_by_label("Plads", exact=True).fill(taken)
    page.get_by_label("Fra", exact=True).fill(START)
    page.get_by_label("Til og med").fill(LAST)
    page.get_by_label("Aftalt takst").fill("2.831,50")
    page.get_by_role("button", name="Book opholdet").click()

    summary = page.locator("[data-focus]")
    expect(summary).to_be_focused()
    said = page.locator(".form-error .form-error-message").first.inner_text()
    assert re.search(r"[a-zæøå] .*\.$", said.strip()), said
    assert "optaget" in said or "booket" in said, said
    expect(page.get_by_label("Plads", exact=True)).to_have_value(taken)
    expect(page.get_by_label("Fra", exact=True)).to_have_value(START)
    expect(page.get_by_label("Til og med")).to_have_value(LAST)
    expect(page.get_by_label("Aftalt takst")).to_have_value("2.831,50")
    expect(page.locator(f"input[value='{citizen}']")).to_be_checked()

    page.get_by_label("Til og med").fill(BEFORE)
    page.get_by_role("button", name="Book opholdet").click()
    expect(page.locator(".form-error").filter(has=page.get_by_label("Til og med"))).to_contain_text(
        "26. november"
    )
    expect(page.get_by_label("Til og med")).to_have_value(BEFORE)
