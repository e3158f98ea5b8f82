"""The keyboard alone is enough: to reach everything, to see where one is, and to book a stay."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit

CENTRAL = (
    ("leder", "/kapacitet/"),
    ("leder", "/kapacitet/book/"),
    ("raad", "/maalbillede/?aar=2025"),
    ("raad", "/organisation/?socialomraadet=1"),
)
MOST_STEPS = 400

# What one should be able to reach now: visible, not switched off, one stop for each group of radio buttons.
REACHABLE = """() => {
  const groups = new Set();
  window.targets = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
  )].filter((node) => {
    if (node.disabled || node.tabIndex < 0 || !node.checkVisibility({ visibilityProperty: true })) return false;
    if (node.type !== "radio") return true;
    const group = node.form?.querySelectorAll(`[name="${node.name}"]`) ?? [node];
    const stop = [...group].find((one) => one.checked) ?? node;
    if (groups.has(node.name) || stop !== node) return false;
    groups.add(node.name);
    return true;
  });
  const look = (node) => {
    const style = getComputedStyle(node);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor,
      style.borderColor].join();
  };
  window.looks = new Map(window.targets.map((node) => [node, look(node)]));
  window.met = new Set();
  window.step = async () => {
    const node = document.activeElement;
    if (!node || node === document.body) return { place: "" };
    // The browser's own date field has several stops; the field has shown its mark at the first.
    const again = window.met.has(node);
    window.met.add(node);
    await Promise.all(node.getAnimations().map((moving) => moving.finished));
    const box = node.getBoundingClientRect();
    return {
      place: node.outerHTML.slice(0, 140),
      plain: !again && window.looks.has(node) && window.looks.get(node) === look(node),
      // Something fixed (the bars) may not lie over what has focus.
      off: box.bottom < 0 || box.top > innerHeight,
    };
  };
  window.unmet = () => window.targets.filter((node) => !window.met.has(node)).map((node) => node.outerHTML.slice(0, 140));
  return window.targets.length;
}"""


@pytest.mark.parametrize(("username", "path"), CENTRAL)
def test_everything_is_reached_and_seen(visit: Visit, username: str, path: str) -> None:
    page = visit(username, path)
    count = page.evaluate(REACHABLE)
    assert 8 < count < MOST_STEPS
    unseen = []
    for _ in range(count + 40):
        page.keyboard.press("Tab")
        here = page.evaluate("window.step()")
        if here["place"] and (here["plain"] or here["off"]):
            unseen.append(here)
        if not here["place"] or not page.evaluate("window.unmet().length"):
            break
    assert page.evaluate("window.unmet()") == []
    assert unseen == []


def test_the_skip_link_moves_focus_to_the_content(visit: Visit) -> None:
    page = visit("leder", "/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Gå til indholdet")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_date_slider(visit: Visit) -> None:
    page = visit("raad", "/organisation/")
    slider = page.get_by_role("slider", name="Træk i tiden")
    slider.focus()
    page.keyboard.press("Home")
    first = slider.get_attribute("data-first") or ""
    expect(page.get_by_label("Pr. dato")).to_have_value(first)
    assert re.search(rf"{first[:4]}$", slider.get_attribute("aria-valuetext") or "")
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    chosen = page.get_by_label("Pr. dato").input_value()
    assert chosen > first
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert f"dato={chosen}" in page.url
    expect(page.locator(".past-note")).to_contain_text(chosen[:4])


def test_the_tree(visit: Visit) -> None:
    page = visit("raad", "/organisation/")
    label = "Under Koncern HR"
    child = page.get_by_role("link", name="Koncern HR, Stab")
    expect(child).not_to_be_visible()
    _tab_to(page, label)
    page.keyboard.press("Enter")
    expect(child).to_be_visible()
    page.keyboard.press("Space")
    expect(child).not_to_be_visible()


def test_a_dialog_closes_and_gives_focus_back(visit: Visit) -> None:
    page = visit(None, "/design/")
    opener = page.get_by_role("button", name="Åbn dialog")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
        held = page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert held, "fokus må ikke forlade en åben dialog"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    expect(opener).to_be_focused()


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "360"])
def test_the_menu_of_the_person(visit: Visit, phone: bool) -> None:
    page = visit("leder", "/", phone=phone)
    menu = page.locator("details.menu > summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log ud")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.menu-body')")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log ud")).not_to_be_visible()
    expect(menu).to_be_focused()


def test_book_a_stay_without_a_mouse(visit: Visit) -> None:
    page = visit("leder", "/kapacitet/ledige/?category=day")
    bookable = page.get_by_role("row").filter(has=page.get_by_role("link", name=re.compile("^Book ")))
    code = bookable.filter(has_text="videre").first.get_by_role("rowheader").inner_text().strip()
    page.goto("/")
    _tab_to(page, "Book et ophold")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Book et ophold")).to_be_visible()
    _tab_to(page, "search")
    page.keyboard.type("Bach")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Vælg borger")).to_be_visible()
    _tab_to(page, "citizen")
    page.keyboard.press("Space")
    _tab_to(page, "place")
    page.keyboard.type(code)
    page.keyboard.press("Escape")  # the list of suggestions
    _tab_to(page, "ordered_end")
    page.keyboard.type("12122026")  # the same in whatever order the browser asks for day and month
    _tab_to(page, "Book opholdet")
    page.keyboard.press("Enter")
    toast = page.locator("#toasts")
    expect(toast).to_contain_text(f"Plads {code} er booket")
    _tab_to(page, "Fortryd")
    page.keyboard.press("Enter")
    expect(toast).to_contain_text("Det er fortrudt")


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on what has that name: a field's name or a link's or a button's words."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "[document.activeElement.getAttribute('name'), document.activeElement.textContent.trim()]"
        )
        if wanted in here:
            return
    raise AssertionError(f"Tab når aldrig til {wanted}")
