"""The network map drawn on a computer, by hand and by keyboard, and on a phone by form; taken along as a picture."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Locator, Page, Request, expect

from .conftest import Visit
from .looking import WATCH_SHIFTS, barriers, look

# Names nobody on the map has, also when the demo's world is kept from run to run.
FIRST, SECOND = (f"{name} {uuid4().hex[:6]}" for name in ("Yrsa", "Zenia"))
PNG = b"\x89PNG\r\n\x1a\n"


def open_map(page: Page, row: int) -> str:
    """The network map of somebody who lives there; the page's address."""
    page.goto("/kapacitet/borgere/")
    page.locator("tbody th a").nth(row).click()
    page.get_by_role("link", name="Netværkskort").click()
    expect(page.get_by_role("heading", name="Netværkskort", level=1)).to_be_visible()
    return page.url


def draw(page: Page, home: str) -> None:
    """A map of today, unless there is one."""
    page.goto(home)
    page.get_by_role("link", name="Tegn et nyt kort").click()
    page.get_by_label("Tegnet sammen med").fill("borgeren selv")
    page.get_by_role("button", name="Tegn kortet").click()
    page.goto(home)
    expect(page.get_by_role("link", name="Sæt en person på kortet")).to_be_visible()


def add(page: Page, name: str, sector: str, ring: str) -> None:
    page.get_by_role("link", name="Sæt en person på kortet").click()
    page.get_by_label("Navn", exact=True).fill(name)
    page.get_by_label("Hvad personen er for borgeren").fill("nabo")
    page.get_by_label("Felt på kortet").select_option(label=sector)
    page.get_by_label("Hvor tæt på").select_option(label=ring)
    page.get_by_role("button", name="Sæt på kortet").click()
    expect(page.locator(".toasts")).to_contain_text(f"{name} er på kortet.")


def mark(page: Page, name: str) -> Locator:
    return page.locator("svg.plot:visible").get_by_role("link", name=re.compile(f"^{name}"))


def middle(page: Page) -> tuple[float, float]:
    box = page.locator("svg.plot:visible .net-core").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def sound(page: Page) -> None:
    """The page as it stands has no barriers and stays within the screen."""
    assert barriers(page) == []
    assert look(page, page.reload())[0] == []


def test_on_a_computer_by_hand_and_by_keyboard(visit: Visit, tmp_path: Path) -> None:
    page = visit.page("medarbejder", watch=WATCH_SHIFTS)
    home = open_map(page, 0)
    draw(page, home)
    add(page, FIRST, "Fritid", "4, langt væk")
    add(page, SECOND, "Fritid", "4, langt væk")
    said = page.locator("[data-network-said]")

    # By hand: right above the middle, a little to the left, is the last sector's inner ring.
    first = mark(page, FIRST)
    # The mark's ground, and not its name beside it.
    first.locator(".hit").hover()
    page.mouse.down()
    x, y = middle(page)
    core = page.locator("svg.plot:visible .net-core").bounding_box()
    assert core is not None
    page.mouse.move(x - 12, y - core["height"] * 0.6, steps=8)
    page.mouse.up()
    expect(said).to_have_text(f"{FIRST} står nu i andet, ring 1. Gemt.")
    assert page.url == home
    expect(first).to_have_attribute("aria-label", re.compile(r"Andet\. 1, meget tæt på"))

    # By keyboard: five steps are a ring, fifteen around are a little more than a sector.
    second = mark(page, SECOND)
    second.focus()
    for _step in range(5):
        page.keyboard.press("ArrowUp")
    expect(said).to_have_text(f"{SECOND} står nu i fritid, ring 3. Gemt.")
    for _step in range(15):
        page.keyboard.press("ArrowRight")
    expect(said).to_have_text(f"{SECOND} står nu i bolig, ring 3. Gemt.")
    expect(second).to_be_focused()

    # What was saved stands after the page is read anew.
    sound(page)
    expect(mark(page, FIRST)).to_have_attribute("aria-label", re.compile(r"Andet\. 1, meget tæt på"))
    expect(mark(page, SECOND)).to_have_attribute("aria-label", re.compile(r"Bolig\. 3, lidt længere væk"))
    mark(page, SECOND).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Navn", exact=True)).to_have_value(SECOND)
    sound(page)

    page.goto(home)
    for kind in ("SVG", "PNG"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=kind).click()
        taken = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(taken)
        if kind == "SVG":
            assert FIRST in taken.read_text()
        else:
            assert taken.read_bytes().startswith(PNG)
            assert taken.stat().st_size > 10_000


def test_a_move_another_overtook_and_a_move_without_net_are_told(visit: Visit) -> None:
    page = visit.page("medarbejder")
    home = open_map(page, 1)
    draw(page, home)
    add(page, FIRST, "Bolig", "3, lidt længere væk")
    behind = page.context.new_page()
    behind.goto(home)
    mark(page, FIRST).focus()
    page.keyboard.press("ArrowUp")
    said = page.locator("[data-network-said]")
    expect(said).to_contain_text("Gemt.")
    mark(behind, FIRST).focus()
    for _step in range(6):
        behind.keyboard.press("ArrowDown")
    told = behind.locator("[data-network-said]")
    expect(told).to_contain_text("ændret af en anden imens")
    expect(told).to_contain_text(f"Du ville sætte {FIRST} i bolig")
    behind.keyboard.press("ArrowDown")
    expect(told).to_contain_text("Gemt.")
    visit.problems.clear()

    where = mark(behind, FIRST).get_attribute("transform")
    behind.route("**/netvaerk/flyt/", lambda route, _request: route.abort())
    behind.keyboard.press("ArrowDown")
    expect(told).to_contain_text("Pladsen blev ikke gemt.")
    expect(mark(behind, FIRST)).to_have_attribute("transform", where or "")
    behind.close()


def test_on_a_phone_by_form(visit: Visit) -> None:
    page = visit.page("medarbejder", phone=True, watch=WATCH_SHIFTS)
    home = open_map(page, 2)
    draw(page, home)
    add(page, FIRST, "Familie og venner", "2, tæt på")
    sound(page)
    moves: list[Request] = []
    page.on("request", lambda sent: moves.append(sent) if sent.url.endswith("/flyt/") else None)
    mark(page, FIRST).locator(".hit").click()
    expect(page.get_by_label("Navn", exact=True)).to_have_value(FIRST)
    page.get_by_label("Hvor tæt på").select_option(label="1, meget tæt på")
    sound(page)
    page.get_by_label("Hvor tæt på").select_option(label="1, meget tæt på")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator(".toasts")).to_contain_text("er rettet")
    expect(mark(page, FIRST)).to_have_attribute("aria-label", re.compile("1, meget tæt på"))
    assert not moves
    page.get_by_role("link", name="Pårørende, værge, samtykker og kontaktpersoner").click()
    expect(page.get_by_role("heading", name="Relationer og samtykke", level=1)).to_be_visible()
    sound(page)
