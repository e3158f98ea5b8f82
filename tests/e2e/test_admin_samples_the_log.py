"""Whoever opens a citizen is written down; the administrator samples the log, and the citizen sees it too."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from playwright.sync_api import expect

from .conftest import Visit


def test_opening_is_logged_sampled_and_shown_to_the_citizen(visit: Visit) -> None:
    citizen = visit("borger", "/")
    greeting = citizen.get_by_role("heading", level=1).inner_text()
    first_name = greeting.removeprefix("Hej ")

    # The support worker where the citizen lives opens the citizen's page, as on any day.
    worker = visit("medarbejder", "/kapacitet/borgere/")
    user = worker.locator(".menu-name").inner_text()
    worker.get_by_label("Navn eller CPR-nummer").fill(first_name)
    worker.get_by_role("button", name="Søg", exact=True).click()
    address = citizen_address(visit)
    worker.locator(f"main a[href='{address}']").click()
    expect(worker.get_by_role("heading", level=1)).to_contain_text(first_name)

    admin = visit("admin", "/")
    admin.get_by_role("link", name="Opslag").first.click()
    expect(admin.get_by_role("heading", level=1, name="Stikprøve i opslagsloggen")).to_be_visible()
    admin.get_by_label("Antal").fill("50")
    admin.get_by_role("button", name="Træk", exact=True).click()
    assert "seed=" in admin.url
    drawn = admin.locator("tbody tr[id^='opslag-']")
    assert drawn.count() == 50
    again = drawn.evaluate_all("rows => rows.map(row => row.id)")
    admin.reload()
    assert drawn.evaluate_all("rows => rows.map(row => row.id)") == again, "samme lodtrækning, samme opslag"

    one = drawn.first
    one.get_by_role("textbox").fill("Set efter i prøven")
    one.get_by_role("button", name="I orden").click()
    expect(admin.locator("tbody tr[id^='opslag-']").first).to_contain_text("Set efter i prøven")

    # The newest look-up is findable too. The log keeps the database's time, not the day held for the tests.
    now = dt.datetime.now(dt.UTC)
    newest = {
        "first": now.date(),
        "last": now.date(),
        "size": 500,
        "seed": "nyeste",
        "until": now.isoformat(),
    }
    admin.goto(f"/administration/opslag/?{urlencode(newest)}")
    expect(admin.locator("tbody tr", has_text=user).first).to_be_visible()

    citizen.goto("/hvem-har-set-mig/")
    expect(citizen.locator("main li", has_text=user).first).to_contain_text("fordi:")


def citizen_address(visit: Visit) -> str:
    """The address of the demo citizen's page, as the citizen reaches it."""
    page = visit("borger", "/kapacitet/borgere/")
    address = page.locator("tbody a[href*='/borgere/']").first.get_attribute("href")
    assert address
    return address
