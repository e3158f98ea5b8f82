"""From the administrator's first password to a login without any: real ceremonies with a real (virtual) key."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import PATIENCE, PHONE, WATCH_POLICY, WIDE, Site, Visit
from .looking import barriers, look

OWN = "en lang sætning om efteråret"
STEP = 30


class Person:
    """Somebody at a browser of their own, who looks at every page on the way."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        context.expose_function("heldBack", self._held_back)
        context.add_init_script(WATCH_POLICY)
        # The window is made narrow and wide again on every page, which moves things by itself.
        context.add_init_script("window.shifted = 0")
        self.page = context.new_page()
        self.seen: list[str] = []
        self.wrong: list[str] = []

    def _held_back(self, said: str) -> None:
        # What axe puts into the page comes from no file; what the page does has one.
        if not re.search(r"\(:\d+\)$", said):
            self.wrong.append(said)

    def key(self) -> None:
        """Put a telephone with a finger on it beside the browser."""
        tools = self.context.new_cdp_session(self.page)
        tools.send("WebAuthn.enable", {"enableUI": False})
        tools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )

    def at(self, heading: str) -> Page:
        """Wait for the page with this heading, and ask of it at both sizes what is asked of every page."""
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        for size in (PHONE, WIDE):
            self.page.set_viewport_size(size)
            found = [said for said in look(self.page, None)[0] if "svarer ikke" not in said]
            if heading not in self.seen:
                found += barriers(self.page)
            self.wrong += [f"{heading} ({size['width']} px): {said}" for said in found]
        self.seen.append(heading)
        return self.page

    def session(self) -> str:
        """The key of the browser's session."""
        return next((one["value"] for one in self.context.cookies() if one["name"] == "sessionid"), "")

    def log_in(self, username: str, password: str) -> None:
        """Name and password, as far as they lead."""
        self.page.goto("/konto/login/")
        self.page.get_by_label("Brugernavn").fill(username)
        self.page.get_by_label("Adgangskode", exact=True).fill(password)
        self.page.get_by_role("button", name="Log ind", exact=True).click()

    def log_out(self) -> None:
        """Through the menu."""
        self.page.locator("details.menu > summary").click()
        self.page.locator("details.menu").get_by_role("button", name="Log ud").click()
        expect(self.page.get_by_role("heading", level=1, name="Log ind")).to_be_visible()

    def security(self) -> Page:
        """Through the menu to one's own page."""
        self.page.locator("details.menu > summary").click()
        self.page.get_by_role("link", name="Min sikkerhed").click()
        return self.at("Min sikkerhed")

    def inside(self) -> None:
        """The front page of a leader."""
        expect(self.page.locator(".menu-name")).to_contain_text("Nina Prøve")


@pytest.fixture
def person(site: Site, browser: Browser) -> Iterator[Person]:
    """A new browser, which nobody has logged in from."""
    context = browser.new_context(
        base_url=site.url, viewport=WIDE, locale="da-DK", reduced_motion="reduce", accept_downloads=True
    )
    context.set_default_timeout(PATIENCE)
    yield Person(context)
    context.close()


def new_account(visit: Visit) -> tuple[str, str]:
    """The administrator makes an account and gives it an access; its name and its first password."""
    name = f"nina-{secrets.token_hex(3)}"
    admin = visit("admin", "/administration/brugere/ny/")
    admin.get_by_label("Navn", exact=True).fill("Nina Prøve")
    admin.get_by_label("Brugernavn").fill(name)
    admin.get_by_label("Hvorfor").fill("ny leder")
    admin.get_by_role("button", name="Opret").click()
    first = re.search(r"(?:[a-z2-9]{5}-){5}[a-z2-9]{5}", admin.locator("main").inner_text())
    assert first
    admin.get_by_role("link", name="Giv brugeren en adgang").click()
    admin.get_by_label("Rolle", exact=True).select_option(label="Leder")
    admin.get_by_role("button", name="Videre").click()
    unit = admin.locator("option", has_text="Specialområde Autisme").first.get_attribute("value")
    admin.get_by_label("Enhed").select_option(unit)
    admin.get_by_label("Hvorfor").fill("ny leder")
    admin.get_by_role("button", name="Giv adgangen").click()
    expect(admin.locator("#toasts")).to_contain_text("Nina Prøve har fået rollen Leder")
    return name, first.group()


def choose_own_password(person: Person, name: str, first: str) -> None:
    """The first login ends at the page where the first password is replaced."""
    person.log_in(name, first)
    page = person.at("Vælg din egen adgangskode")
    page.goto("/konto/sikkerhed/")
    page = person.at("Vælg din egen adgangskode")
    page.get_by_label("Din egen adgangskode", exact=True).fill(OWN)
    page.get_by_label("Din egen adgangskode igen").fill(OWN)
    page.get_by_role("button", name="Gem og gå videre").click()


def code_of(secret: str, after: int = 0) -> tuple[str, int]:
    """The code of a half minute later than `after`, waiting for one that is close enough; and its half minute."""
    while int(time.time()) // STEP + 1 <= after:
        time.sleep(0.5)
    counter = max(int(time.time()) // STEP, after + 1)
    return format_hotp_value(hotp_value(secret, counter)), counter


def test_first_login_own_password_and_then_a_passkey_alone(visit: Visit, person: Person) -> None:
    name, first = new_account(visit)
    person.key()
    page = person.page
    choose_own_password(person, name, first)
    person.inside()

    # Where one is sent when a second factor is required; here it is offered.
    page.goto("/konto/sikkerhed/start/?next=/konto/sikkerhed/")
    page = person.at("Gør dit login sikkert")
    page.get_by_role("link", name="Tilføj en adgangsnøgle").click()
    page = person.at("Tilføj en adgangsnøgle")
    page.get_by_label("Hvad skal den hedde?").fill("Min telefon")
    page.get_by_role("button", name="Lav nøglen").click()
    page = person.at("Gendannelseskoder")
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Hent som fil").click()
    assert saving.value.path().read_text().split("\n")[:10] == codes
    page.get_by_role("link", name="Jeg har gemt dem").click()
    page = person.at("Min sikkerhed")
    expect(page.locator(".own-list").first).to_contain_text("Min telefon")

    # Asked again, it is the key that answers.
    page.goto("/konto/bekraeft/?next=/konto/sikkerhed/")
    assert "/konto/bekraeft/noegle/" in page.url
    page = person.at("Bekræft, at det er dig")
    before = person.session()
    page.get_by_role("button", name="Brug en adgangsnøgle").click()
    page = person.at("Min sikkerhed")
    assert before and person.session() != before

    # The same telephone takes no second one.
    page.get_by_role("link", name="Tilføj en adgangsnøgle").click()
    page.get_by_role("button", name="Lav nøglen").click()
    expect(page.locator("[data-passkey-status]")).to_have_text("Den har allerede en adgangsnøgle til dig.")

    # In with the key alone, to the page that was asked for.
    page.goto("/konto/sikkerhed/")
    person.log_out()
    page.goto("/konto/sikkerhed/")
    page = person.at("Log ind")
    page.get_by_role("button", name="Log ind med en adgangsnøgle").click()
    page = person.at("Min sikkerhed")
    expect(page.locator(".own-list").first).to_contain_text("sidst brugt")

    # With the password the key is asked for as well; a recovery code does instead, once.
    person.log_out()
    person.log_in(name, OWN)
    page = person.at("Bekræft, at det er dig")
    page.get_by_role("button", name="Brug en adgangsnøgle").click()
    person.inside()
    person.log_out()
    person.log_in(name, OWN)
    page.get_by_label("Kode").fill(codes[0])
    page.get_by_role("button", name="Log ind", exact=True).click()
    person.inside()
    person.log_out()
    person.log_in(name, OWN)
    page.get_by_label("Kode").fill(codes[0])
    page.get_by_role("button", name="Log ind", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Koden passer ikke")
    page = person.at("Bekræft, at det er dig")
    page.get_by_role("button", name="Brug en adgangsnøgle").click()
    person.inside()

    # Another name, and away with it.
    page = person.security()
    expect(page.locator("main")).to_contain_text("Du har 9 koder tilbage")
    page.get_by_role("link", name="Omdøb").click()
    page = person.at("Giv adgangsnøglen et andet navn")
    page.get_by_label("Navn").fill("Den gamle telefon")
    page.get_by_role("button", name="Gem").click()
    page = person.at("Min sikkerhed")
    expect(page.locator(".own-list").first).to_contain_text("Den gamle telefon")
    page.get_by_role("link", name="Lav nye koder").click()
    page = person.at("Lav nye gendannelseskoder")
    page.get_by_role("link", name="Behold de gamle").click()
    page.get_by_role("link", name="Fjern: Den gamle telefon").click()
    page = person.at("Fjern adgangsnøglen")
    page.get_by_role("button", name="Fjern adgangsnøglen").click()
    page = person.at("Min sikkerhed")
    expect(page.locator(".lead")).to_contain_text("det eneste")
    assert not person.wrong, "\n" + "\n".join(person.wrong)


def test_an_app_with_codes(visit: Visit, person: Person) -> None:
    name, first = new_account(visit)
    choose_own_password(person, name, first)
    page = person.security()
    page.goto("/konto/bekraeft/?next=/konto/sikkerhed/")
    page = person.at("Bekræft, at det er dig")
    page.get_by_label("Adgangskode").fill(OWN)
    page.get_by_role("button", name="Bekræft").click()
    page = person.at("Min sikkerhed")
    page.get_by_role("link", name="Skift adgangskode").click()
    page = person.at("Skift adgangskode")
    page.go_back()
    page.get_by_role("link", name="Tilføj en app").click()
    page = person.at("Tilføj en app")
    assert page.locator("img.qr").evaluate("image => image.complete && image.naturalWidth > 100")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Koden, som appen viser").fill("000000" if code_of(secret)[0] != "000000" else "1")
    page.get_by_role("button", name="Tilføj appen").click()
    expect(page.get_by_role("alert")).to_contain_text("Koden passer ikke")
    page = person.at("Tilføj en app")
    assert page.locator(".secret").inner_text().replace(" ", "") == secret
    code, used = code_of(secret)
    page.get_by_label("Koden, som appen viser").fill(code)
    page.get_by_role("button", name="Tilføj appen").click()
    page = person.at("Gendannelseskoder")
    page.get_by_role("link", name="Jeg har gemt dem").click()
    page = person.at("Min sikkerhed")
    person.log_out()

    person.log_in(name, OWN)
    page = person.at("Bekræft, at det er dig")
    page.get_by_label("Kode").fill(code)
    page.get_by_role("button", name="Log ind", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Koden passer ikke")
    code, used = code_of(secret, after=used)
    page.get_by_label("Kode").fill(code)
    page.get_by_role("button", name="Log ind", exact=True).click()
    person.inside()

    page = person.security()
    page.get_by_role("link", name="Fjern appen").click()
    page = person.at("Fjern appen")
    page.get_by_role("button", name="Fjern appen").click()
    page = person.at("Min sikkerhed")
    expect(page.locator("#toasts")).to_contain_text("Appen er fjernet")
    assert not person.wrong, "\n" + "\n".join(person.wrong)


def test_the_page_warns_before_the_session_ends(visit: Visit, person: Person) -> None:
    page = person.page
    page.clock.install()
    person.log_in("leder", "proevetraad-2026")
    expect(page.locator(".menu-name")).to_be_visible()
    # The server says how long is left; here it is made to say what it says after 28 minutes.
    left: dict[str, Any] = {"seconds": 115}
    page.route(
        "**/konto/session/",
        lambda route: (
            route.continue_() if route.request.method == "POST" else route.fulfill(status=200, json=left)
        ),
    )
    watch = page.locator("[data-session]")
    expect(watch).to_be_hidden()
    page.clock.fast_forward(28 * 60 * 1000 + 1000)
    expect(watch).to_be_visible()
    expect(watch).to_contain_text("Du bliver snart logget ud")
    person.wrong += barriers(page)
    watch.get_by_role("button", name="Bliv logget ind").click()
    expect(watch).to_be_hidden()
    # Nobody answers the second time: the page is left, since nothing has been written on it.
    page.clock.fast_forward(28 * 60 * 1000 + 1000)
    expect(watch).to_be_visible()
    left["seconds"] = 0
    page.context.clear_cookies()
    page.clock.fast_forward(2 * 60 * 1000 + 5000)
    expect(page.get_by_role("heading", level=1, name="Log ind")).to_be_visible()
    assert "next=" in page.url
    assert not person.wrong, "\n" + "\n".join(person.wrong)
