"""The pages about rights on a phone: nothing hinders anybody, and the archive is really fetched.

The server is the suite's own, so that there is a request, a list and a receipt.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from roedtraad.core import clock
from roedtraad.journeys.models import Stay
from roedtraad.rights.models import LegalHold
from roedtraad.rights.services import requests, retention
from tests import factories as make
from tests.rights.world import Whole, only

from .conftest import PATIENCE, PHONE, launched
from .looking import WATCH_SHIFTS, barriers, look

# Twelve years after the citizen moved out, so that there is something to delete.
NOW = "2038-06-15T12:00"


@pytest.fixture
def page(live_server: Any) -> Iterator[Page]:
    with launched() as browser:
        context = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="da-DK")
        context.add_init_script(WATCH_SHIFTS)
        context.set_default_timeout(PATIENCE)
        yield context.new_page()
        context.close()


def log_in(page: Page, name: str) -> None:
    page.context.clear_cookies()
    page.goto("/konto/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", make.PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/")


def sound(page: Page, address: str) -> None:
    wrong, _facts = look(page, page.goto(address))
    assert (wrong, barriers(page)) == ([], []), address


@pytest.mark.django_db(transaction=True)
def test_on_a_phone(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    # The server's threads do not know the suite's day, but the environment.
    monkeypatch.setenv("ROEDTRAAD_TODAY", NOW)
    world = Whole()
    world.fill()
    with clock.fixed(clock.now() + timedelta(days=4383)):
        Stay.objects.filter(citizen=world.ane).update(actual_end=clock.today() - timedelta(days=4382))
        first = world.asked()
        LegalHold.objects.create(
            citizen=world.bo, reason="Klage i Ankestyrelsen", set_by=world.leader, set_at=clock.now()
        )
        log_in(page, "lene")
        for address in (
            "/rettigheder/",
            f"/rettigheder/ny/{world.ane.key}/",
            f"/rettigheder/indsigt/{first.key}/",
            f"/rettigheder/indsigt/{first.key}/del/relations/",
            f"/rettigheder/indsigt/{first.key}/del/relations/udelad/",
            f"/rettigheder/indsigt/{first.key}/forlaeng/",
            f"/rettigheder/opbevaring/spaer/{world.ane.key}/",
        ):
            sound(page, address)
        for part in requests.unseen(first):
            requests.mark_seen(world.leader, first, part.part)
        page.goto(f"/rettigheder/indsigt/{first.key}/")
        page.get_by_role("button", name="Giv indsigten fri").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        requests.run_make(first.pk)
        log_in(page, "ane")
        sound(page, "/rettigheder/mine/")
        with page.expect_download() as fetched:
            page.get_by_role("link", name="Hent alt om mig").click()
        assert zipfile.ZipFile(fetched.value.path()).testzip() is None

        only("moods", "notes", "handover")
        listed = retention.order_list(world.admin)
        retention.run_list(listed.pk)
        listed.refresh_from_db()
        log_in(page, "admin2")
        for address in (
            "/rettigheder/opbevaring/",
            "/rettigheder/opbevaring/regel/record/",
            f"/rettigheder/opbevaring/lister/{listed.key}/",
        ):
            sound(page, address)
        page.get_by_role("button", name="Godkend, og slet").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        retention.run_erase(listed.pk)
        sound(page, f"/rettigheder/opbevaring/lister/{listed.key}/")
        sound(page, "/rettigheder/opbevaring/kvitteringer/1/")
