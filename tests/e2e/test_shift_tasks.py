"""A shift on the phone: log in, one tap begins, one tap ends, and the minutes stand at the citizen's goal.

The server is the suite's own, so that the tasks of the test are the only ones.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from roedtraad.practice.services.series import plan_series
from tests import factories as make
from tests.practice.planned import TODAY, effort
from tests.practice.scene import Record

from .conftest import PATIENCE, PHONE, launched
from .looking import barriers


@pytest.fixture
def page(live_server: Any) -> Iterator[Page]:
    with launched() as browser:
        context = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="da-DK")
        context.set_default_timeout(PATIENCE)
        yield context.new_page()
        context.close()


@pytest.mark.django_db(transaction=True)
def test_one_tap_begins_and_one_tap_ends_and_the_minutes_count(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server's threads do not know the suite's day, but the environment.
    monkeypatch.setenv("ROEDTRAAD_TODAY", f"{TODAY}T12:00")
    scene = Record()
    plan_series(
        scene.worker,
        effort=effort(scene.worker, scene.ane),
        rule="FREQ=DAILY",
        first_on=TODAY,
        at=dt.time(11, 50),
    )
    page.goto("/konto/login/")
    page.fill("input[name=login]", "mette")
    page.fill("input[name=password]", make.PASSWORD)
    page.click("main form button[type=submit]")
    expect(page.get_by_role("heading", name="Min vagt")).to_be_visible()
    assert not barriers(page)
    begin = page.get_by_role("button", name="Begynd Ane: Madlavning")
    box = begin.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    begin.click()
    end = page.get_by_role("button", name="Slut Ane: Madlavning")
    expect(end).to_be_visible()
    expect(end).to_be_focused()
    expect(page.get_by_role("timer")).to_have_text("0 min.")
    assert not barriers(page)
    end.click()
    expect(page.get_by_text(re.compile(r"0 min\., .* kl\. "))).to_be_visible()
    page.get_by_role("button", name="Fortryd").click()
    expect(page.get_by_role("button", name="Slut Ane: Madlavning")).to_be_visible()

    # Back to the beginning, and done in one tap with the minutes that were planned.
    page.get_by_role("button", name="Fortryd").click()
    page.get_by_role("button", name="Gjort Ane: Madlavning").click()
    expect(page.get_by_text(re.compile(r"30 min\., .* kl\. "))).to_be_visible()
    page.goto(f"/borgere/{scene.ane.key}/opgaver/")
    line = page.get_by_role("row", name=re.compile("Mål for madlavning"))
    expect(line.get_by_role("cell").nth(1)).to_have_text("30")
    assert not barriers(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
