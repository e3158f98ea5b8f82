"""A citizen moves, on two phones: one place makes the handover package, the next one reads and signs it.

The server is the suite's own, so that the move of the test is the only one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from roedtraad.accounts.models import User
from roedtraad.journeys.models import Stay
from roedtraad.practice.models import HandoverPackage
from tests import factories as make
from tests.practice.moving import DAY, Moving

from .conftest import PATIENCE, PHONE, WIDE, launched
from .looking import WATCH_SHIFTS, barriers, look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def as_user(
    live_server: Any, window: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Page]]:
    """A phone (or with `wide` a desk) at which the user is logged in."""
    # The server's threads do not know the suite's day, but the environment.
    monkeypatch.setenv("ROEDTRAAD_TODAY", f"{DAY}T12:00")
    made = []

    def opened(user: User, *, wide: bool = False) -> Page:
        context = window.new_context(
            base_url=live_server.url,
            viewport=WIDE if wide else PHONE,
            locale="da-DK",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCH_SHIFTS)
        made.append(context)
        page = context.new_page()
        page.goto("/konto/login/")
        page.fill("input[name=login]", user.username)
        page.fill("input[name=password]", make.PASSWORD)
        page.click("main form button[type=submit]")
        expect(page.get_by_role("heading", name="Min vagt")).to_be_visible()
        return page

    yield opened
    for context in made:
        context.close()


def fits(page: Page) -> None:
    """The page as it stands fits the screen and hinders nobody."""
    wrong, _facts = look(page, page.reload())
    assert wrong == [] and barriers(page) == []


def test_one_place_hands_over_and_the_next_reads_and_signs(as_user: Callable[..., Page]) -> None:
    scene = Moving()
    scene.transition()
    package = send(as_user, scene)
    # The citizen leaves; the next place reads without her record.
    phone = as_user(scene.stranger)
    phone.goto("/borgere/overleveringer/")
    fits(phone)
    phone.get_by_role("link", name="Ane Elm").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Overlevering: Ane Elm")
    expect(phone.locator("main")).to_contain_text("Musik giver ro. Støj udløser uro.")
    expect(phone.locator("main")).not_to_contain_text("Faldt på trappen")
    fits(phone)
    phone.get_by_label("Spørgsmål til dem, der sendte pakken").fill("Hvilken musik?")
    phone.get_by_role("button", name="Spørg", exact=True).click()
    expect(phone.locator("#toasts")).to_contain_text("Spørgsmålet er sendt.")
    phone.get_by_role("button", name="Gjort Udpeg en kontaktperson, som tager imod").click()
    expect(phone.get_by_role("button", name="Fortryd Udpeg en kontaktperson, som tager imod")).to_be_visible()
    phone.get_by_role("button", name="Jeg har læst og forstået").click()
    expect(phone.locator("#toasts")).to_contain_text("kan se, at du har læst den")
    expect(phone.get_by_role("button", name="Jeg har læst og forstået")).to_have_count(0)
    answer(as_user, scene, package)
    phone.reload()
    expect(phone.locator("main")).to_contain_text("Rolig klaver.")


def send(as_user: Callable[..., Page], scene: Moving) -> HandoverPackage:
    """The package is made by one, seen through by another, and sent, all on a phone."""
    phone = as_user(scene.worker)
    phone.goto(scene.path("overgange", ""))
    fits(phone)
    phone.get_by_role("link", name=re.compile("Elmehuset")).click()
    fits(phone)
    phone.get_by_role("button", name="Lav overleveringspakken").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Overleveringspakke")
    fits(phone)
    phone.get_by_role("button", name="Udelad Vigtigt fra den sidste tid").click()
    expect(phone.get_by_role("button", name="Tag med Vigtigt fra den sidste tid")).to_be_visible()
    second = as_user(scene.colleague)
    second.goto(phone.url)
    second.get_by_role("button", name="Jeg har set den igennem").click()
    expect(second.locator("#toasts")).to_contain_text("Pakken er set igennem.")
    phone.reload()
    phone.get_by_label("Borgeren er orienteret den").fill(DAY.isoformat())
    phone.get_by_role("button", name="Send til Birkehuset").click()
    expect(phone.locator("#toasts")).to_contain_text("Pakken er sendt og låst.")
    fits(phone)
    return HandoverPackage.objects.get()


def answer(as_user: Callable[..., Page], scene: Moving, package: HandoverPackage) -> None:
    """Those who sent it answer after the citizen has left them."""
    Stay.objects.filter(citizen=scene.ane).update(actual_end="2026-06-14")
    phone = as_user(scene.worker)
    phone.goto("/borgere/overleveringer/")
    fits(phone)
    phone.get_by_role("link", name="Hvilken musik?").click()
    expect(phone.locator("main")).to_contain_text(str(scene.stranger))
    fits(phone)
    phone.get_by_label("Svar").fill("Rolig klaver.")
    phone.get_by_role("button", name="Send svaret").click()
    expect(phone.locator("#toasts")).to_contain_text("Svaret er sendt.")


def test_the_forms_fit_too(as_user: Callable[..., Page]) -> None:
    scene = Moving()
    found = scene.transition()
    step = found.steps.get(title__contains="efter en måned")
    sent = scene.sent(found)
    draft = scene.draft(found)
    base = f"overgange/{found.key}"
    part = draft.parts.all()[0]
    for wide in (False, True):
        page = as_user(scene.worker, wide=wide)
        for path in (
            "overgange/ny",
            base,
            f"{base}/ret",
            f"{base}/opgiv",
            f"{base}/skridt/nyt",
            f"{base}/skridt/{step.key}",
            f"{base}/mennesker/nyt",
            f"{base}/pakke/{draft.key}/afsnit/{part.key}",
            f"{base}/pakke/{sent.key}",
            f"{base}/pakke/{sent.key}/kald-tilbage",
        ):
            wrong, _facts = look(page, page.goto(scene.path(path, "")))
            assert wrong == [] and barriers(page) == [], path
