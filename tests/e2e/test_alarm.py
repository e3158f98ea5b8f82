"""An alarm from the hand that holds the button to the colleague who comes, in two real browsers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import PATIENCE, PHONE, WATCH_POLICY, WIDE, Site, log_in
from .looking import WATCH_SHIFTS, barriers, look

# Counts the tones; there is no loudspeaker here, but the browser's own rules for when there is a sound hold.
LISTEN = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); };
"""
NEIGHBOUR = """
from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.services import grant_role
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.organisation.models import Unit
from roedtraad.safety.queries import neighbour_choices
house = Unit.objects.get(key="hinnerup-kollegiet")
made, new = User.objects.get_or_create(username="nabo", defaults={"full_name": "Nanna Nabo Prøve"})
if new:
    made.password = User.objects.get(username="vikar").password
    made.save()
    grant_role(made, Role.SUPPORT_WORKER, Unit.objects.get(pk=neighbour_choices(house.pk)[0].pk),
               start=clock.today(), reason="prøve")
print("enhed:" + Grant.objects.get(user=made).unit.key)
"""


class Phones:
    """Browsers of their own, each of one colleague."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site = site
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.held_back: list[str] = []

    def __call__(self, username: str, path: str, *, phone: bool = True, live: bool = True) -> Page:
        context = self.browser.new_context(
            base_url=self.site.url,
            viewport=PHONE if phone else WIDE,
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(LISTEN + WATCH_SHIFTS + WATCH_POLICY)
        context.expose_function("heldBack", lambda said: self.held_back.append(said))
        self.contexts.append(context)
        page = context.new_page()
        log_in(page, username)
        page.goto(path)
        if live:
            expect(page.locator("[data-alarm-bar][data-live]")).to_have_count(1)
        return page


@pytest.fixture
def phones(site: Site, browser: Browser) -> Iterator[Phones]:
    made = Phones(site, browser)
    yield made
    for context in made.contexts:
        context.close()
    assert made.held_back == []


def hold(page: Page, seconds: float = 1.7) -> None:
    """Press the button, and let go after so long."""
    page.get_by_role("button", name="Slå alarm").hover()
    page.mouse.down()
    page.wait_for_timeout(seconds * 1000)
    page.mouse.up()


def hear(page: Page, tones: int) -> None:
    """Wait until the page has made so many."""
    deadline = time.monotonic() + 10
    while page.evaluate("window.tones") < tones:
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)


def end(page: Page) -> None:
    page.get_by_label("Alarmen blev slået ved en fejl").check()
    page.get_by_role("button", name="Afslut alarmen").click()
    expect(page.locator("#alarm-state")).to_contain_text("Alarmen er afsluttet.")


def test_one_holds_and_the_other_comes(phones: Phones) -> None:
    worker = phones("vikar", "/alarm/")
    leader = phones("afdelingsleder", "/kapacitet/", phone=False)
    bar = leader.locator("[data-alarm-bar]")
    leader.locator("main").click(position={"x": 2, "y": 2})

    hold(worker, 0.4)
    expect(worker.locator("[data-hold-note]")).to_contain_text("Hold knappen nede")
    assert "/alarm/" in worker.url
    worker.get_by_label("Hvor i huset er du").fill("Hus 2, køkkenet")
    # What was typed about the place is there the next time.
    worker.reload()
    expect(worker.get_by_label("Hvor i huset er du")).to_have_value("Hus 2, køkkenet")

    hold(worker)
    expect(worker).to_have_url(re.compile(r"/alarm/[0-9a-f]{8}-[0-9a-f]{4}-7"))
    raised = time.monotonic()
    expect(bar).to_contain_text("Hinnerup Kollegiet, Hus 2, køkkenet", timeout=1000)
    expect(bar).to_have_attribute("data-sounding", "yes")
    assert time.monotonic() - raised < 1
    hear(leader, 3)
    expect(worker.locator("#alarm-state")).to_contain_text("Vist hos: ")
    expect(worker.locator("#alarm-state")).to_contain_text("Anders Egelund Prøve")
    expect(worker.locator("#alarm-state")).to_contain_text("Ingen har svaret endnu.")

    leader.get_by_role("button", name="Jeg kommer").click()
    expect(worker.locator("#alarm-state")).to_contain_text("På vej: Anders Egelund Prøve", timeout=2000)
    expect(bar).not_to_have_attribute("data-sounding", "yes")
    tones = leader.evaluate("window.tones")
    leader.wait_for_timeout(2000)
    assert leader.evaluate("window.tones") == tones

    leader.get_by_role("link", name="Se alarmen").click()
    wrong, _facts = look(leader, leader.reload())
    assert wrong + barriers(leader) == []
    leader.get_by_label("Hvad skete der").fill("Vi var to om det. Der er ro igen.")
    leader.get_by_role("button", name="Afslut alarmen").click()
    expect(worker.locator("#alarm-state")).to_contain_text("Vi var to om det.")
    expect(bar.locator("article")).to_have_count(0)
    leader.goto("/alarm/log/?enhed=hinnerup-kollegiet")
    expect(leader.locator("tbody tr").first).to_contain_text("Anders Egelund Prøve")


def test_by_keyboard_and_without_a_sound_before_a_touch(phones: Phones) -> None:
    worker = phones("vikar", "/alarm/", phone=False)
    leader = phones("afdelingsleder", "/alarm/log/?enhed=hinnerup-kollegiet")
    button = worker.get_by_role("button", name="Slå alarm")
    button.focus()
    worker.keyboard.down(" ")
    worker.wait_for_timeout(1700)
    worker.keyboard.up(" ")
    expect(worker).to_have_url(re.compile("/alarm/[0-9a-f-]{36}/"))
    expect(leader.locator("[data-alarm-note]")).to_contain_text("tænde lyden")
    assert leader.evaluate("window.tones") == 0
    leader.keyboard.press("Shift")
    hear(leader, 1)
    expect(leader.locator("[data-alarm-note]")).to_be_hidden()
    end(worker)
    expect(leader.locator("[data-alarm-bar] article")).to_have_count(0)


def test_a_press_that_is_not_a_hold_is_asked_once_more(phones: Phones) -> None:
    """A screen reader's press comes without a finger."""
    worker = phones("vikar", "/alarm/")
    worker.get_by_role("button", name="Slå alarm").evaluate("node => node.click()")
    expect(worker.get_by_role("heading", level=1)).to_have_text("Slå alarm?")
    worker.get_by_role("button", name="Ja, slå alarm").click()
    expect(worker).to_have_url(re.compile("/alarm/[0-9a-f-]{36}/"))
    end(worker)


def test_nobody_answers_and_the_neighbour_gets_it(phones: Phones, site: Site) -> None:
    made = site.run("manage", "shell", "-c", NEIGHBOUR)
    assert made.returncode == 0, made.stderr.decode()
    unit = made.stdout.decode().split("enhed:")[1].split()[0]
    leader = phones("afdelingsleder", "/alarm/indstillinger/hinnerup-kollegiet/", phone=False)
    leader.get_by_label("Sekunder uden svar").fill("5")
    leader.locator(f"input[name=neighbours][value={unit}]").check()
    leader.get_by_role("button", name="Gem").click()
    expect(leader.locator("#toasts")).to_contain_text("er indstillet")

    neighbour = phones("nabo", "/alarm/")
    worker = phones("vikar", "/alarm/")
    hold(worker)
    expect(worker.locator("#alarm-state")).to_be_visible()
    bar = neighbour.locator("[data-alarm-bar]")
    neighbour.wait_for_timeout(2500)
    expect(bar.locator("article")).to_have_count(0)
    expect(bar.locator("article")).to_have_count(1, timeout=10_000)
    expect(bar).to_contain_text("Hinnerup")
    expect(worker.locator("#alarm-state")).to_contain_text("Naboen er kaldt")
    neighbour.get_by_role("button", name="Jeg kommer").click()
    expect(worker.locator("#alarm-state")).to_contain_text("På vej: Nanna Nabo Prøve", timeout=2000)
    end(worker)
    leader.goto("/alarm/indstillinger/hinnerup-kollegiet/")
    leader.get_by_label("Sekunder uden svar").fill("60")
    leader.get_by_role("button", name="Gem").click()
    expect(leader.locator("#toasts")).to_contain_text("er indstillet")


def test_the_push_server_is_killed_and_the_pages_come_back(phones: Phones, site: Site) -> None:
    worker = phones("vikar", "/alarm/")
    leader = phones("afdelingsleder", "/", phone=False)
    bar = leader.locator("[data-alarm-bar]")
    killed = push_servers(site)
    assert killed
    for process in killed:
        process.kill()
    expect(bar).not_to_have_attribute("data-live", "yes")
    # Without the stream, the pages ask: the alarm arrives also now, later.
    expect(worker.locator("[data-alarm-bar]")).to_have_attribute("data-live", "yes", timeout=30_000)
    expect(bar).to_have_attribute("data-live", "yes", timeout=30_000)
    assert {process.pid for process in push_servers(site)}.isdisjoint({process.pid for process in killed})
    hold(worker)
    expect(bar.locator("article")).to_have_count(1, timeout=2000)
    expect(worker).to_have_url(re.compile("/alarm/[0-9a-f-]{36}/"))
    end(worker)


def test_without_the_stream_the_page_asks_and_says_so(phones: Phones) -> None:
    leader = phones("afdelingsleder", "/", phone=False)
    leader.route("**/strom**", lambda route: route.abort())
    leader.reload()
    note = leader.locator("[data-alarm-note]")
    expect(note).to_contain_text("spørger efter alarmer hvert 10. sekund", timeout=10_000)
    worker = phones("vikar", "/alarm/")
    hold(worker)
    expect(leader.locator("[data-alarm-bar] article")).to_have_count(1, timeout=12_000)
    end(worker)


def test_without_a_net_nothing_is_claimed(phones: Phones) -> None:
    worker = phones("vikar", "/alarm/")
    leader = phones("afdelingsleder", "/", phone=False)
    worker.context.set_offline(True)
    hold(worker)
    expect(worker.locator("[data-hold-note]")).to_contain_text("ikke sendt")
    worker.wait_for_timeout(2500)
    worker.context.set_offline(False)
    expect(worker).to_have_url(re.compile("/alarm/[0-9a-f-]{36}/"))
    expect(leader.locator("[data-alarm-bar] article")).to_have_count(1)
    end(worker)


def test_alone_and_the_time_runs(phones: Phones) -> None:
    worker = phones("vikar", "/alarm/alene/")
    worker.get_by_label("Minutter").fill("5")
    worker.get_by_role("button", name="Begynd").click()
    expect(worker.locator("[data-left]")).to_have_text(re.compile(r"4\.\d\d"))
    wrong, _facts = look(worker, worker.reload())
    assert wrong + barriers(worker) == []
    worker.get_by_role("button", name="Jeg er her").click()
    expect(worker.locator("#toasts")).to_contain_text("Du har meldt dig.")
    worker.get_by_role("button", name="ikke længere alene").click()
    expect(worker.get_by_role("button", name="Begynd")).to_be_visible()


def push_servers(site: Site) -> list[psutil.Process]:
    """The push server of this house, parent and worker."""
    found = []
    for process in psutil.process_iter():
        try:
            if "config.pushed" in " ".join(process.cmdline()) and process.environ().get(
                "ROEDTRAAD_DATA"
            ) == str(site.data):
                found += [process, *process.children()]
        except psutil.Error:
            continue
    return found
