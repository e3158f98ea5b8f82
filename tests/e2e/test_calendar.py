"""A support worker's calendar and handover on a phone and with the keyboard alone: made, found, called off, undone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .looking import barriers, look

PAGES = (
    "/vagt/hvem-er-her/",
    "/vagt/kalender/",
    "/vagt/kalender/?vis=dag",
    "/vagt/kalender/abonnement/",
    "/vagt/aftale/ny/",
    "/vagt/overlevering/",
)
DAY = "2026-11-18"


@pytest.mark.parametrize("path", PAGES)
def test_fits_a_phone_and_hinders_nobody(visit: Visit, path: str) -> None:
    page = visit.page("medarbejder", phone=True, watch="window.shifted = 0;")
    answer = page.goto(path)
    wrong, _facts = look(page, answer)
    assert wrong == [] and barriers(page) == []


def test_the_pages_of_one_citizen_fit_too(visit: Visit) -> None:
    page = visit.page("medarbejder", phone=True, watch="window.shifted = 0;")
    page.goto("/vagt/hvem-er-her/")
    addresses = [
        page.get_by_role("link", name=re.compile(rf"^{word}\s*:")).first.get_attribute("href") or ""
        for word in ("Væk", "Risiko", "Kalender")
    ]
    for address in addresses:
        wrong, _facts = look(page, page.goto(address))
        assert wrong == [] and barriers(page) == []


def test_the_leaders_settings_fit_too(visit: Visit) -> None:
    page = visit.page("leder", phone=True, watch="window.shifted = 0;")
    page.goto("/vagt/indstil/")
    row = page.locator("tbody tr").first
    addresses = [link.get_attribute("href") or "" for link in row.get_by_role("link").all()]
    assert len(addresses) == 2
    for address in ("/vagt/indstil/", *addresses):
        wrong, _facts = look(page, page.goto(address))
        assert wrong == [] and barriers(page) == []


def test_an_appointment_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("medarbejder", "/vagt/kalender/", phone=True)
    _tab_to(page, "Ny aftale")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Ny aftale").wait_for()
    _tab_to(page, "title")
    page.keyboard.type("Husråd med kage")
    _tab_to(page, "day")
    page.keyboard.type("12122026")  # the same in whatever order the browser asks for day and month
    _tab_to(page, "starts")
    page.keyboard.type("0900AM")  # the same where the browser counts to twelve
    _tab_to(page, "ends")
    page.keyboard.type("1000AM")
    _tab_to(page, "Gem aftalen")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Aftalen er lavet.")
    _tab_to(page, "Husråd med kage, 12/12")
    page.keyboard.press("Enter")
    expect(page.locator(".lead")).to_contain_text("12. december 2026, 09.00–10.00.")
    _tab_to(page, "Aflys aftalen")
    page.keyboard.press("Enter")
    toasts = page.locator("#toasts")
    expect(toasts).to_contain_text("Aftalen er aflyst.")
    expect(page.locator(".week")).not_to_contain_text("Husråd med kage")
    _tab_to(page, "Fortryd")
    page.keyboard.press("Enter")
    expect(toasts).to_contain_text("Det er fortrudt")
    expect(page.locator(".week")).to_contain_text("Husråd med kage")


def test_the_week_stands_in_columns_where_there_is_room(visit: Visit) -> None:
    page = visit("medarbejder", f"/vagt/kalender/?dag={DAY}")
    assert len(_edges(page, "y")) == 1
    narrow = visit("medarbejder", f"/vagt/kalender/?dag={DAY}", phone=True)
    assert len(_edges(narrow, "x")) == 1


def _edges(page: Page, side: str) -> set[int]:
    """Where the days begin: one number when they stand side by side (y) or below each other (x)."""
    found: list[int] = page.evaluate(
        f"[...document.querySelectorAll('.week-day')].map((day) => Math.round(day.getBoundingClientRect().{side}))"
    )
    return set(found)


def test_a_shift_is_handed_over_and_read(visit: Visit) -> None:
    page = visit("afdelingsleder", "/vagt/overlevering/", phone=True)
    page.get_by_role("button", name=re.compile("vagt ")).first.click()
    page.get_by_label("Hvad skal den næste vagt vide").first.fill("Opvaskemaskinen er i stykker.")
    assert barriers(page) == []
    page.get_by_role("button", name="Overlevér").click()
    expect(page.locator("#toasts")).to_contain_text("Overleveringen er færdig.")
    address = page.url
    leader = visit("leder", address, phone=True)
    expect(leader.locator("main")).to_contain_text("Opvaskemaskinen er i stykker.")
    assert barriers(leader) == []
    leader.get_by_role("button", name="Jeg har læst den").click()
    expect(leader.locator("#toasts")).to_contain_text("Du har læst overleveringen.")


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on what has that name: a field's name, or a link's or a button's words."""
    for _ in range(200):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "[document.activeElement.getAttribute('name'), document.activeElement.textContent.trim()]"
        )
        if wanted in here:
            return
    raise AssertionError(f"Tab når aldrig til {wanted}")
