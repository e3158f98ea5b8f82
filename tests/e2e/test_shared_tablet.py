"""Two colleagues on one tablet: a leader makes it the house's, each logs in once, and then a name and a PIN will do.

The server is the suite's own, so that nobody else has logged in at the tablet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from roedtraad.access.models import LookupLog
from roedtraad.accounts.models import PersonalPin
from roedtraad.practice.models import Note
from tests import factories as make
from tests.practice.planned import TODAY
from tests.practice.scene import Record

from .conftest import PATIENCE, ViewportSize, launched
from .looking import barriers

TABLET: ViewportSize = {"width": 820, "height": 1180}
PINS = {"mette": "739204", "jonas": "851390"}


@pytest.fixture
def browser() -> Iterator[Browser]:
    with launched() as running:
        yield running


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Record:
    # The server's threads do not know the suite's day, but the environment.
    monkeypatch.setenv("ROEDTRAAD_TODAY", f"{TODAY}T12:00")
    made = Record()
    for user, name in (
        (made.worker, "Mette Åkær"),
        (made.colleague, "Jonas Bæk"),
        (made.leader, "Lene Leth"),
    ):
        user.full_name = name
        user.save()
    return made


def tablet(browser: Browser, live_server: Any, **options: Any) -> BrowserContext:
    context = browser.new_context(base_url=live_server.url, viewport=TABLET, locale="da-DK", **options)
    context.set_default_timeout(PATIENCE)
    return context


def log_in(page: Page, username: str) -> None:
    page.goto("/konto/login/")
    page.get_by_label("Brugernavn").fill(username)
    page.get_by_label("Adgangskode").fill(make.PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url(lambda url: "/konto/login" not in url)


def enrol(page: Page) -> None:
    """Lene is at the tablet, makes it the house's, and leaves."""
    log_in(page, "lene")
    page.goto("/faelles-tablets/")
    page.get_by_label("Navn", exact=True).fill("Tablet, Hus 2")
    page.get_by_label("Enhed", exact=True).select_option(label="Elmehuset")
    page.get_by_role("button", name="Tilmeld browseren").click()
    expect(page.get_by_text("Browseren er allerede »Tablet, Hus 2«")).to_be_visible()
    page.goto("/konto/logout/")
    page.get_by_role("button", name="Log ud").click()


def choose_pin(page: Page, username: str) -> None:
    """The first time: log in all the way, choose a PIN, and leave the tablet to the next."""
    log_in(page, username)
    page.goto("/konto/pin/")
    assert not barriers(page)
    page.get_by_label("Ny PIN-kode").fill(PINS[username])
    page.get_by_label("PIN-koden igen").fill(PINS[username])
    page.get_by_role("button", name="Gem PIN-koden").click()
    expect(page.get_by_text("Din PIN-kode er gemt.")).to_be_visible()
    switch(page)


def switch(page: Page) -> None:
    """One tap from Min vagt."""
    page.goto("/")
    button = page.get_by_role("button", name="Skift bruger")
    box = button.bounding_box()
    assert box is not None and box["height"] >= 48
    button.click()
    expect(page.get_by_role("heading", name="Hvem er du?")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_on_one_tablet(browser: Browser, live_server: Any, scene: Record) -> None:
    context = tablet(browser, live_server)
    page = context.new_page()
    enrol(page)
    for username in PINS:
        choose_pin(page, username)
    assert not barriers(page)
    # By keyboard alone, from the name to the shift.
    name = page.get_by_role("link", name="Mette Åkær")
    box = name.bounding_box()
    assert box is not None and box["height"] >= 64
    name.focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("PIN-kode")
    expect(field).to_have_attribute("inputmode", "numeric")
    expect(field).to_have_attribute("type", "password")
    assert not barriers(page)
    field.focus()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("PIN-koden passer ikke").first).to_be_visible()
    page.get_by_label("PIN-kode").focus()
    page.keyboard.type(PINS["mette"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Min vagt")).to_be_visible()
    expect(page.get_by_text("logget ind med PIN-kode")).to_be_visible()
    assert not barriers(page)
    write(page, scene, "Ane har spist med de andre.")
    first = session_of(context)
    switch(page)
    # Going back shows nothing of Mette's.
    page.go_back()
    expect(page.get_by_role("heading", name="Min vagt")).not_to_be_visible()
    page.goto("/konto/tablet/")
    page.get_by_role("link", name="Jonas Bæk").click()
    page.get_by_label("PIN-kode").fill(PINS["jonas"])
    page.get_by_role("button", name="Fortsæt").click()
    expect(page.get_by_role("heading", name="Min vagt")).to_be_visible()
    assert session_of(context) != first
    write(page, scene, "Ane gik tidligt i seng.")
    page.goto("/konto/sikkerhed/")
    expect(page.get_by_text("Log helt ind").first).to_be_visible()
    context.close()
    wrote = Note.objects.order_by("pk").values_list("text", "written_by__username")
    assert list(wrote) == [("Ane har spist med de andre.", "mette"), ("Ane gik tidligt i seng.", "jonas")]
    names = set(LookupLog.objects.filter(citizen=scene.ane).values_list("actor_name", flat=True))
    assert {"Mette Åkær (PIN på »Tablet, Hus 2«)", "Jonas Bæk (PIN på »Tablet, Hus 2«)"} <= names
    assert PersonalPin.objects.get(user=scene.worker).wrong == 0


@pytest.mark.django_db(transaction=True)
def test_without_scripts(browser: Browser, live_server: Any, scene: Record) -> None:
    context = tablet(browser, live_server, java_script_enabled=False)
    page = context.new_page()
    enrol(page)
    log_in(page, "mette")
    page.goto("/konto/pin/")
    page.get_by_label("Ny PIN-kode").fill(PINS["mette"])
    page.get_by_label("PIN-koden igen").fill(PINS["mette"])
    page.get_by_role("button", name="Gem PIN-koden").click()
    page.goto("/")
    page.get_by_role("button", name="Skift bruger").click()
    page.get_by_role("link", name="Mette Åkær").click()
    page.get_by_label("PIN-kode").fill(PINS["mette"])
    page.get_by_role("button", name="Fortsæt").click()
    expect(page.get_by_role("heading", name="Min vagt")).to_be_visible()
    context.close()


def write(page: Page, scene: Record, text: str) -> None:
    page.goto(f"/borgere/notat/{scene.ane.key}/")
    page.get_by_label("Notat", exact=True).fill(text)
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("er gemt")


def session_of(context: BrowserContext) -> str:
    return next(str(cookie["value"]) for cookie in context.cookies() if cookie["name"] == "sessionid")
