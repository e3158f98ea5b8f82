"""With scripts switched off the house still stands: log in, look, filter, book."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import PASSWORD, Visit


def test_log_in_and_out(visit: Visit) -> None:
    page = visit(None, "/konto/login/", scripts=False)
    page.fill("input[name=login]", "leder")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    expect(page.get_by_role("heading", level=1, name="Min enhed")).to_be_visible()
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Log ud").click()
    page.goto("/")
    expect(page.locator("input[name=password]")).to_be_visible()


def test_filter_the_capacity(visit: Visit) -> None:
    page = visit("leder", "/kapacitet/", scripts=False)
    page.get_by_label("Opdel efter").select_option("tilbuddets kommune")
    page.locator("form", has=page.get_by_label("Opdel efter")).get_by_role("button").click()
    assert "opdel=municipality" in page.url
    expect(page.locator("#breakdown caption")).to_contain_text("kommune")
    page.get_by_label("Pr. dato").fill("2020-07-01")
    page.get_by_role("button", name="Vis dagen").click()
    expect(page.locator(".lead")).to_contain_text("905")
    expect(page.locator(".past-note")).to_contain_text("1. juli 2020")


def test_book_and_undo(visit: Visit) -> None:
    page = visit("leder", "/kapacitet/ledige/?category=day", scripts=False)
    row = (
        page.get_by_role("row").filter(has_text="videre").filter(has=page.locator("a[href*='/book/']")).first
    )
    code = row.get_by_role("rowheader").inner_text().strip()
    row.get_by_role("link", name=f"Book {code}").click()
    page.get_by_label("Find borger").fill("Bach")
    page.get_by_role("button", name="Find borger").click()
    page.get_by_role("group", name="Vælg borger").get_by_role("radio").first.check()
    page.get_by_label("Fra", exact=True).fill("2026-11-27")
    page.get_by_label("Til og med").fill("2026-12-18")
    page.get_by_role("button", name="Book opholdet").click()
    expect(page.locator("#toasts")).to_contain_text(f"Plads {code} er booket")
    page.locator("#toasts").get_by_role("button", name="Fortryd").click()
    expect(page.locator("#toasts")).to_contain_text("Det er fortrudt")


def test_unfold_the_organisation(visit: Visit) -> None:
    page = visit("raad", "/organisation/?socialomraadet=1", scripts=False)
    hidden = page.get_by_role("link", name="Kildegade", exact=True).or_(
        page.get_by_role("link", name="Bækketoften og Rugmarken", exact=True)
    )
    expect(hidden.first).not_to_be_visible()
    page.get_by_role("link", name="Fold alt ud").or_(
        page.locator("details:not([open]) > summary")
    ).first.click()
    page.get_by_label("Pr. dato").fill("2013-06-01")
    page.get_by_role("button", name="Vis dagen").click()
    expect(page.locator(".past-note")).to_contain_text("1. juni 2013")


def test_step_a_year_in_the_target_picture(visit: Visit) -> None:
    page = visit("raad", "/maalbillede/?aar=2020", scripts=False)
    page.get_by_role("link", name="Et år tilbage").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Målbillede 2019")
    page.get_by_role("link", name="Et år frem").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Målbillede 2020")
