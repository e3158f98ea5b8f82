"""The citizen's own pages and the relatives', in a real browser: with mouse, keyboard and one switch, small and wide.

The server is the suite's own here, so that there are a wish, a goal and a consent to see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize, expect

from roedtraad.accounts.models import User
from roedtraad.citizens.models import ContactPerson, NetworkMap, NetworkPerson
from roedtraad.core import clock
from roedtraad.core.period import Period
from roedtraad.duty.models import Appointment
from roedtraad.practice.models import Note
from roedtraad.practice.services.goals import rate_goal, set_goal
from roedtraad.practice.services.wishes import record_wish
from roedtraad.voices.models import Side
from roedtraad.voices.services import messages, own
from tests.practice.test_goals import text
from tests.voices.scene import Voices

from .conftest import PATIENCE, PHONE, WIDE, launched
from .looking import WATCH_SHIFTS, barriers, look

pytestmark = pytest.mark.django_db(transaction=True)
Opened = Callable[[User, ViewportSize], Page]
# Every page of one's own that needs nothing in its address.
OWN = (
    "",
    *(f"min-side/{part}/" for part in ("oensker", "oensker/nyt", "maal", "beskeder", "beskeder/ny", "mere")),
)
OWN += tuple(f"min-side/{part}/" for part in ("humoer", "netvaerk", "om-mig", "hvem-maa-se-hvad"))
OWN += ("saadan-laeser-jeg/", "hvem-har-set-mig/")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    """The server answers from a thread of its own, which keeps the real time; so does the scene."""
    with clock.fixed(dt.datetime.now(clock.COPENHAGEN)):
        yield


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def as_user(live_server: Any, window: Browser) -> Iterator[Opened]:
    """A window of that size in which the user is logged in."""
    made = []

    def opened(user: User, size: ViewportSize) -> Page:
        client = Client()
        client.force_login(user)
        context = window.new_context(
            base_url=live_server.url, viewport=size, locale="da-DK", reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCH_SHIFTS)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        made.append(context)
        return context.new_page()

    yield opened
    for context in made:
        context.close()


@pytest.fixture
def scene() -> Voices:
    """Ane's record with a little of everything; messages, wishes and the network are shared with her mother."""
    made = Voices()
    worker, ane = made.worker, made.ane
    wish = record_wish(made.herself, ane, text="Jeg vil gerne kunne tage bussen selv")
    record_wish(made.herself, ane, text="En hund, eller at passe naboens")
    for title, start, now in (
        ("Jeg tager bussen selv", -1, 1),
        ("Jeg laver aftensmad om tirsdagen", -1, None),
    ):
        goal = set_goal(worker, ane, text(title=title, wish=wish if now else None), level_now=start)
        if now is not None:
            rate_goal(worker, goal, now)
    own.say_mood(made.herself, ane, 4)
    for person, role in ((worker, "primary"), (made.colleague, "team")):
        ContactPerson.objects.create(
            citizen=ane, user=person, role=role, valid=Period(clock.today()).to_range()
        )
    for title, hour, where in (("Svømning", 10, "Svømmehallen"), ("Kaffe med Mor", 14, "Hjemme")):
        begin = dt.datetime.combine(clock.today(), dt.time(hour), clock.COPENHAGEN)
        Appointment.objects.create(
            citizen=ane,
            title=title,
            place=where,
            starts_at=begin,
            ends_at=begin + dt.timedelta(hours=1),
            created_by=worker,
            created_at=clock.now(),
            shared_with_relatives=hour == 14,
        )
    drawn = NetworkMap.objects.create(citizen=ane, drawn_on=clock.today(), recorded_by=worker)
    for n, (name, sector) in enumerate(
        (("Mor", "family_friends"), ("Onkel Ole", "family_friends"), ("Per", "leisure"))
    ):
        NetworkPerson.objects.create(
            map=drawn,
            name=name,
            sector=sector,
            ring=n + 1,
            angle=20 + 70 * n,
            distance=0.1 + 0.2 * n,
            tier="primary",
        )
    Note.objects.create(citizen=ane, text="Hemmeligt notat", written_by=worker)
    Note.objects.create(
        citizen=ane, text="Vi var i skoven og så et rådyr.", shared_with_relatives=True, written_by=worker
    )
    talk = messages.start_conversation(
        worker, ane, Side.STAFF, text="Kommer I på søndag?", relations=[made.as_mother]
    )
    messages.write_message(made.mother, talk, Side.RELATIVE, text="Ja, klokken to. Vi har kage med.")
    made.share("wishes", "network")
    return made


def wrong_with(page: Page, paths: list[str]) -> list[str]:
    """What the eye and axe find on these pages, and targets smaller than a finger."""
    found = []
    for path in paths:
        answer = page.goto(f"/{path}")
        said, _facts = look(page, answer)
        if "/konto/" in page.url:
            said.append("er ikke den side, men log ind")
        found += [f"/{path}: {one}" for one in [*said, *barriers(page), *page.evaluate(SMALL)]]
    return found


# What one presses in the page itself is at least 48 px high; a link in the middle of a sentence is text.
SMALL = """() => [...document.querySelectorAll("main :is(button, .tile, .my-back, .my-button, .talk, a.goal)")]
  .filter((node) => node.checkVisibility() && !node.closest(".chart, details.menu"))
  .filter((node) => node.getBoundingClientRect().height < 44)
  .map((node) => `${node.getBoundingClientRect().height} px høj: ${node.outerHTML.slice(0, 120)}`)"""


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_every_page_of_one_s_own_is_large_calm_and_open(
    scene: Voices, as_user: Opened, size: ViewportSize
) -> None:
    page = as_user(scene.herself, size)
    assert not wrong_with(page, list(OWN))
    page.goto("/min-side/maal/")
    page.locator("a.goal").first.click()
    assert not barriers(page)
    own.choose_reading(scene.herself, level="aloud", scanning=True, seconds=8)
    assert not wrong_with(page, ["", "min-side/mere/"])


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_a_relative_reads_what_is_shared_and_nothing_else(
    scene: Voices, as_user: Opened, size: ViewportSize
) -> None:
    page = as_user(scene.mother, size)
    person = f"paaroerende/{scene.ane.key}/"
    assert not wrong_with(
        page, ["", person, "paaroerende/beskeder/", f"{person}skriv/", "saadan-laeser-jeg/"]
    )
    page.goto("/")
    page.get_by_role("link", name="Se det, Ane deler").click()
    main = page.locator("main")
    expect(main).to_contain_text("Jeg vil gerne kunne tage bussen selv")
    expect(main).to_contain_text("Onkel Ole")
    expect(main.locator(".why").first).to_contain_text("fordi Ane har givet samtykke")
    for hidden in ("rådyr", "Hemmeligt notat", "aftensmad", "Kaffe med Mor"):
        expect(main).not_to_contain_text(hidden)
    page.get_by_role("link", name="Kommer I på søndag?").click()
    page.get_by_label("Din besked").fill("Vi tager bussen")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".said-mine").last).to_contain_text("Vi tager bussen")

    # The citizen says stop, and it is gone at once.
    herself = as_user(scene.herself, size)
    herself.goto("/min-side/hvem-maa-se-hvad/")
    for _n in range(2):
        herself.get_by_role("button", name="Stop med at dele").first.click()
        expect(herself.get_by_text("De kan ikke se det længere").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Kommer I på søndag?")
    page.goto(f"/{person}")
    expect(main).to_contain_text("har ikke delt noget med dig lige nu")


def test_a_citizen_sets_a_wish_and_sees_it_become_a_goal(scene: Voices, as_user: Opened) -> None:
    ane, worker = as_user(scene.herself, PHONE), as_user(scene.worker, WIDE)
    ane.goto("/")
    ane.get_by_role("link", name="Ønsker").click()
    ane.get_by_role("link", name="Jeg har et ønske").click()
    ane.get_by_label("Mit ønske").fill("Jeg vil synge i kor")
    ane.get_by_role("button", name="Gem mit ønske").click()
    expect(ane.locator(".wish-card").first).to_contain_text("Jeg vil synge i kor")

    worker.goto(f"/borgere/{scene.ane.key}/oensker/")
    worker.locator("article", has_text="Jeg vil synge i kor").get_by_role("link", name="Sæt et mål").click()
    worker.get_by_label("Målet", exact=True).fill("Jeg synger i kor hver onsdag")
    worker.get_by_label("udvikle").check()
    for n, words in enumerate(("minus_2", "minus_1", "0", "plus_1", "plus_2")):
        worker.locator(f"[name=level_{words}]").fill(f"Trin {n}: så tit synger jeg")
    worker.locator("main form button[type=submit]").last.click()
    expect(worker.get_by_role("heading", name="Jeg synger i kor hver onsdag").first).to_be_visible()

    ane.reload()
    ane.locator(".wish-card").first.get_by_role("link", name="Jeg synger i kor hver onsdag").click()
    expect(ane.locator("main")).to_contain_text("Det begyndte med mit ønske")
    ane.get_by_role("button", name="Trin 3: så tit synger jeg").click()
    expect(ane.locator(".step[aria-pressed=true]")).to_contain_text("Det har jeg selv sagt")


def test_the_keyboard_alone_says_how_one_is(scene: Voices, as_user: Opened) -> None:
    page = as_user(scene.herself, WIDE)
    page.goto("/min-side/humoer/")
    page.get_by_role("link", name="Tilbage").focus()
    for _n in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "1":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".felt li").first).to_contain_text("Rigtig dårligt")


def test_one_switch_goes_through_the_page_and_chooses(scene: Voices, as_user: Opened) -> None:
    own.choose_reading(scene.herself, level="pictogram", scanning=True, seconds=2)
    page = as_user(scene.herself, PHONE)
    page.goto("/min-side/mere/")
    wanted = page.get_by_role("link", name="Hvordan har jeg det?")
    expect(wanted).to_have_class("tile scan-here", timeout=PATIENCE)
    expect(wanted).to_be_focused()
    page.keyboard.press("Space")
    page.wait_for_url("**/min-side/humoer/")
    expect(page.get_by_role("button", name="Rigtig dårligt")).to_be_focused(timeout=PATIENCE)
    page.keyboard.press("Space")
    expect(page.locator(".felt li").first).to_contain_text("Rigtig dårligt")
