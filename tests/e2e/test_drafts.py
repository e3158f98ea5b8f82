"""What is typed survives the session's end: sent too late, with and without scripts, and typed but never sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import PASSWORD, PATIENCE, PHONE, WIDE, Site, log_in
from .looking import WATCH_SHIFTS, barriers, look

FIRST, LAST = "2026-12-01", "2026-12-10"
SAVED = re.compile(r"Kladde gemt kl\. \d\d\.\d\d")


class Devices:
    """Browsers of one leader, each with cookies of its own; the other tests' logins are left alone."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site = site
        self.browser = browser
        self.contexts: list[BrowserContext] = []

    def new(self, *, scripts: bool = True, phone: bool = False, username: str = "leder") -> Page:
        context = self.browser.new_context(
            base_url=self.site.url,
            viewport=PHONE if phone else WIDE,
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCH_SHIFTS)
        self.contexts.append(context)
        page = context.new_page()
        log_in(page, username)
        return page

    def end_session(self, page: Page) -> None:
        """As an idle hour does: the browser keeps its cookie, and the server knows the session no more."""
        key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
        delete = (
            f"from django.contrib.sessions.models import Session as S; S.objects.get(pk={key!r}).delete()"
        )
        done = self.site.run("manage", "shell", "-c", delete)
        assert done.returncode == 0, done.stderr.decode()


@pytest.fixture
def devices(site: Site, browser: Browser) -> Iterator[Devices]:
    made = Devices(site, browser)
    yield made
    for context in made.contexts:
        context.close()


def free_place(page: Page) -> str:
    """The number of a place the leader may book."""
    page.goto("/kapacitet/ledige/?category=day")
    row = (
        page.get_by_role("row").filter(has_text="videre").filter(has=page.locator("a[href*='/book/']")).first
    )
    code = row.get_by_role("rowheader").inner_text().strip()
    row.get_by_role("link", name=f"Book {code}").click()
    expect(page.get_by_label("Plads", exact=True)).to_have_value(code)
    return code


def fill_booking(page: Page) -> str:
    """Choose a citizen and days; gives the citizen's name."""
    page.get_by_label("Find borger").fill("Bach")
    page.get_by_role("button", name="Find borger").click()
    chosen = page.get_by_role("group", name="Vælg borger").get_by_role("radio").first
    chosen.check()
    page.get_by_label("Fra", exact=True).fill(FIRST)
    page.get_by_label("Til og med").fill(LAST)
    page.get_by_label("Aftalt takst").fill("1.234,50")
    words: str = chosen.evaluate("node => node.labels[0].textContent.trim()")
    return words.split(", født")[0]


def log_in_again(page: Page) -> None:
    expect(page.locator("#toasts")).to_contain_text("er gemt som kladde")
    page.fill("input[name=login]", "leder")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form", has=page.locator("input[name=password]")).locator("button[type=submit]").click()
    expect(page.get_by_role("heading", level=1, name="Du nåede ikke at sende")).to_be_visible()


@pytest.mark.parametrize(
    ("scripts", "phone"),
    [(True, False), (True, True), (False, False)],
    ids=["1280", "360", "without scripts"],
)
def test_sent_too_late_and_booked_once(devices: Devices, scripts: bool, phone: bool) -> None:
    page = devices.new(scripts=scripts, phone=phone)
    code = free_place(page)
    name = fill_booking(page)
    devices.end_session(page)
    page.get_by_role("button", name="Book opholdet").click()
    log_in_again(page)

    words = page.locator("dl.draft-lines")
    expect(words).to_contain_text(code)
    expect(words).to_contain_text("1.234,50")
    expect(words).to_contain_text("En borger, der er oprettet")
    if scripts:
        # The page told its words while it was typed in.
        expect(words).to_contain_text(name)
        wrong, _facts = look(page, page.reload())
        assert wrong + barriers(page) == []
    again = page.url
    page.get_by_role("button", name="Send igen").click()
    expect(page.locator("#toasts")).to_contain_text(f"Plads {code} er booket til {name}")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    booked = page.url
    assert page.get_by_role("button", name="Fortryd bookingen").count() == 1

    # From the page before, once more: there is nothing left to send, and nothing is booked again.
    page.goto(again)
    expect(page.locator("#toasts")).to_contain_text("Kladden findes ikke længere")
    expect(page.get_by_role("heading", level=1, name="Dine kladder")).to_be_visible()
    expect(page.locator(f"a[href='{again.removeprefix(devices.site.url)}']")).to_have_count(0)
    page.goto(booked)
    # One booking, taken back, so that the next test finds the world as it was.
    page.get_by_role("button", name="Fortryd bookingen").click()
    expect(page.locator("#toasts")).to_contain_text("Bookingen er fortrudt")
    expect(page.get_by_role("button", name="Fortryd bookingen")).to_have_count(0)


def test_typed_and_never_sent_is_fetched_on_another_device(devices: Devices) -> None:
    page = devices.new()
    code = free_place(page)
    address = page.url
    page.get_by_label("Find borger").fill("Bach")
    page.get_by_label("Til og med").fill(LAST)
    page.get_by_label("Aftalt takst").fill("1.234,50")
    page.locator("summary", has_text="Ny borger").click()
    page.get_by_label("Fornavn").fill("Ærøe <b>")
    line = page.locator(".draft-line")
    expect(line).to_have_text(SAVED)
    assert line.get_attribute("role") == "status"

    other = devices.new(phone=True)
    other.goto(address)
    bar = other.locator(".draft-bar")
    expect(bar).to_contain_text("Du har en kladde fra i dag kl.")
    wrong, _facts = look(other, other.reload())
    assert wrong + barriers(other) == []
    bar.get_by_role("link", name="Hent kladden").click()
    expect(other.locator(".draft-bar")).to_contain_text("er sat ind")
    expect(other.get_by_label("Plads", exact=True)).to_have_value(code)
    expect(other.get_by_label("Find borger")).to_have_value("Bach")
    expect(other.get_by_label("Til og med")).to_have_value(LAST)
    expect(other.get_by_label("Aftalt takst")).to_have_value("1.234,50")
    expect(other.get_by_label("Fornavn")).to_have_value("Ærøe <b>")
    expect(other.get_by_label("Fornavn")).to_be_visible()

    stranger = devices.new(username="admin")
    stranger.goto(
        other.locator(".draft-bar").get_by_role("link", name="Se kladden").evaluate("node => node.href")
    )
    expect(stranger.locator("#toasts")).to_contain_text("Kladden findes ikke længere")
    expect(stranger.locator("main")).not_to_contain_text("Book et ophold")

    other.locator(".draft-bar").get_by_role("button", name="Smid den væk").click()
    expect(other.locator("#toasts")).to_contain_text("Kladden er smidt væk")
    expect(other.locator(".draft-bar")).to_have_count(0)


def test_left_before_the_pause_is_over(devices: Devices) -> None:
    """The page is left at once after the typing; and without scripts the draft is fetched all the same."""
    page = devices.new()
    page.goto("/kapacitet/book/?fra=2026-12-24")
    page.get_by_label("Aftalt takst").fill("777")
    page.goto("/")
    page.wait_for_timeout(500)

    plain = devices.new(scripts=False)
    plain.goto("/kapacitet/book/?fra=2026-12-24")
    plain.get_by_role("link", name="Hent kladden").click()
    expect(plain.get_by_label("Aftalt takst")).to_have_value("777")
    plain.get_by_role("button", name="Smid den væk").click()
    expect(plain.locator("#toasts")).to_contain_text("Kladden er smidt væk")


def test_without_a_connection_it_says_so_and_tries_again(devices: Devices) -> None:
    page = devices.new()
    page.goto("/kapacitet/book/?fra=2026-12-27")
    page.context.set_offline(True)
    page.get_by_label("Aftalt takst").fill("888")
    line = page.locator(".draft-line")
    expect(line).to_contain_text("der er ingen forbindelse. Vi prøver igen.")
    page.context.set_offline(False)
    expect(line).to_have_text(SAVED)
    page.reload()
    page.get_by_role("button", name="Smid den væk").click()


def test_typing_goes_on_after_the_session_has_ended(devices: Devices) -> None:
    page = devices.new()
    page.goto("/kapacitet/book/?fra=2026-12-28")
    devices.end_session(page)
    page.get_by_label("Aftalt takst").fill("999")
    expect(page.locator(".draft-line")).to_contain_text("Du er logget ud")
    page.goto("/konto/login/?next=/kladder/")
    page.fill("input[name=login]", "leder")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form", has=page.locator("input[name=password]")).locator("button[type=submit]").click()
    page.get_by_role("link", name="Book et ophold").first.click()
    expect(page.locator("dl.draft-lines")).to_contain_text("999")
    page.get_by_role("link", name="Åbn formularen med kladden").click()
    expect(page.get_by_label("Aftalt takst")).to_have_value("999")
    page.get_by_role("button", name="Smid den væk").click()
    expect(page.locator("#toasts")).to_contain_text("Kladden er smidt væk")
