"""The component page in a real browser: accessible, steady, and working by keyboard – wide and narrow.

The page is rendered first and its files are handed to the browser from the finders, so no server and no
database take part.
"""

from __future__ import annotations

import mimetypes
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route, ViewportSize, sync_playwright

from roedtraad.design.views import sample_context

from .test_pages import frame

pytestmark = pytest.mark.e2e

SITE = "http://design.test"
AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'"
"""What the page must be able to live under: nothing inline, nothing evaluated."""


def rendered(query: dict[str, str]) -> str:
    request = RequestFactory().get("/design/", query)
    context = {**sample_context(request), "frame": frame(search_url="/soeg/")}
    return get_template("design/components.html").render(context, request)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield found
        found.close()


def opened(
    browser: Browser, size: ViewportSize, theme: str = "light", day: str = "", js: bool = True
) -> Page:
    html = rendered({"theme": theme, "dato": day})
    page = browser.new_context(viewport=size, locale="da-DK", java_script_enabled=js).new_page()
    page.problems = []  # type: ignore[attr-defined]  # a list of the test's own, kept with its page

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/design/":
            route.fulfill(
                body=html,
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": POLICY},
            )
            return
        file = finders.find(path.removeprefix("/static/"))
        if isinstance(file, str):
            route.fulfill(path=file, content_type=mimetypes.guess_type(file)[0])
        else:
            route.fulfill(status=404, body="")

    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.on(
        "console",
        lambda said: page.problems.append(said.text) if said.type == "error" else None,  # type: ignore[attr-defined]
    )
    page.route("**/*", answer)
    page.add_init_script(
        "window.shifted = 0; new PerformanceObserver(list => {"
        "for (const entry of list.getEntries()) window.shifted += entry.value;"
        "}).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(f"{SITE}/design/?theme={theme}")
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("day", ["", "2020-07-01"], ids=["now", "past"])
def test_accessible_steady_and_within_the_screen(
    browser: Browser, size: ViewportSize, theme: str, day: str
) -> None:
    page = opened(browser, size, theme, day)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert page.evaluate("window.shifted") < 0.02
    assert page.problems == []  # type: ignore[attr-defined]
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    told = [(v["id"], [node["target"] for node in v["nodes"]]) for v in found]
    assert told == []
    page.context.close()


def test_keyboard_reaches_search_dialog_menu_and_tree(browser: Browser) -> None:
    page = opened(browser, WIDE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"

    opener = page.get_by_role("button", name="Åbn dialog")
    opener.focus()
    page.keyboard.press("Space")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    assert page.evaluate("document.activeElement.textContent").strip() == "Åbn dialog"

    menu = page.locator(".menu > summary")
    menu.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Log ud").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Log ud").is_visible()

    child = page.get_by_role("group", name="Skovens dele").get_by_text("Kilden", exact=True)
    assert not child.is_visible()
    page.get_by_text("Under Skrænten").locator("..").focus()
    page.keyboard.press("Enter")
    assert child.is_visible()
    page.context.close()


def test_the_slider_follows_the_date_both_ways(browser: Browser) -> None:
    page = opened(browser, WIDE, day="2020-07-01")
    slider, field = page.locator("input[type=range]"), page.locator("input[name=dato]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert field.input_value() == "2020-07-02"
    assert slider.get_attribute("aria-valuetext") == "2. juli 2020"
    field.fill("2020-06-01")
    assert slider.get_attribute("aria-valuetext") == "1. juni 2020"
    with page.expect_navigation():
        slider.focus()
        page.keyboard.press("Enter")
    assert "dato=2020-06-01" in page.url
    page.context.close()


def test_a_chart_is_taken_along_as_drawing_and_as_figures(browser: Browser) -> None:
    page = opened(browser, WIDE)
    figure = page.locator("[data-chart='Nedbør']")
    with page.expect_download() as drawing:
        figure.locator("[data-download=svg]").click()
    assert "<svg" in Path(drawing.value.path()).read_text()
    with page.expect_download() as figures:
        figure.locator("[data-download=csv]").click()
    rows = Path(figures.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == ";Regn;Sne"
    assert rows[1].startswith("jan;52")
    page.context.close()


def test_the_theme_is_remembered(browser: Browser) -> None:
    page = opened(browser, WIDE, theme="")
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Skift mellem lyst og mørkt").click()
    chosen = page.evaluate("document.documentElement.dataset.theme")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == chosen == "dark"
    page.context.close()


def test_without_scripts_nothing_dead_is_shown(browser: Browser) -> None:
    page = opened(browser, NARROW, js=False)
    assert page.locator("input[type=date]").first.is_visible()
    assert not page.locator("input[type=range]").is_visible()
    assert not page.locator("[data-chart-tools]").first.is_visible()
    assert page.get_by_role("link", name="Åbn dialog").get_attribute("href") == "#table"
    page.context.close()
