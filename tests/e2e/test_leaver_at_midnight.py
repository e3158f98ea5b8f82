"""Who leaves loses the access at midnight: the same session, the same data, the next day."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from .conftest import TODAY, Site, Visit, environment

TOMORROW = "2026-11-17"
# Not the one beside the site's own: there its push server listens.
OTHER_PORT = "8720"


@contextmanager
def the_day_after(site: Site) -> Iterator[str]:
    """A second server on the same data, for which a day has gone by. It shares the sessions: they lie in the database."""
    server = subprocess.Popen(
        [sys.executable, "-m", "roedtraad", "serve", "--port", OTHER_PORT, "--no-jobs"],
        env=environment(site.data) | {"ROEDTRAAD_TODAY": TOMORROW},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://localhost:{OTHER_PORT}"
    deadline = time.monotonic() + 90
    try:
        while True:
            try:
                urllib.request.urlopen(f"{url}/readyz", timeout=5)
                break
            except (OSError, urllib.error.URLError):
                assert server.poll() is None, "the second server stopped"
                assert time.monotonic() < deadline
                time.sleep(0.3)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def test_the_leader_ends_an_access_and_at_midnight_it_is_gone(visit: Visit, site: Site) -> None:
    leader = visit("afdelingsleder", "/")
    leader.goto("/kommet-flyttet-stoppet/")
    row = leader.locator("tr", has_text="Viggo Vikar Prøve").first
    expect(row).to_be_visible()
    row.get_by_role("link", name="Slut").click()
    leader.get_by_label("Sidste dag").fill(TODAY)
    leader.get_by_label("Hvorfor").fill("Vikariatet er slut")
    leader.get_by_role("button", name="Slut adgangen").click()
    expect(leader.locator("caption, h2", has_text="Stoppet, eller stopper snart").first).to_be_visible()

    worker = visit("vikar", "/kapacitet/borgere/")
    expect(worker.locator("tbody tr").first).to_be_visible()
    seen = worker.locator("tbody th a").first.inner_text()

    with the_day_after(site) as url:
        # The very session: the cookie is for the host, whichever port answers.
        answer = worker.goto(f"{url}/kapacitet/borgere/")
        if answer is None or answer.status not in (200, 403):
            pytest.fail(f"svarede {answer and answer.status}")
        assert answer.status == 403
        assert "/konto/login" not in worker.url
        expect(worker.locator("main")).to_contain_text("ingen adgang i dag")
        assert seen not in worker.content()
        assert worker.goto(f"{url}/") is not None
        assert seen not in worker.content()
